"""``handoff report``: one question answered in this process, without Discord and without a pool."""

import argparse
import json
from pathlib import Path

from bot import features, i18n
from bot.config import Settings, data_location
from bot.market.catalogue import Catalogue
from bot.reading import Known, read_options
from bot.report import Report, as_json
from bot.shown import as_text
from bot.worker import compute, draw, opened


def report(settings: Settings, chosen: argparse.Namespace) -> int:
    """Answer ``chosen.feature`` with the options given, as text, JSON or pictures; return the exit code."""
    data = data_location(settings, chosen.data)
    dataset, catalogue = opened(data), Catalogue.load(data)
    kind = features.request_type(chosen.feature)
    options = {field: text for field in kind.model_fields if (text := getattr(chosen, f"ask_{field}")) is not None}
    with i18n.use(chosen.language):
        reading = read_options(kind, options, Known(catalogue, dataset.last, dataset.last))
        answer = compute(reading.request, dataset.at(reading.request.as_of))
        paths = _drawn(answer, chosen)
        _print(answer, chosen.format, paths, reading.notes)
    return 0


def _drawn(answer: Report, chosen: argparse.Namespace) -> dict[str, str]:
    """Write the pictures where a folder was named, or pictures were asked for; return their paths by chart id."""
    if chosen.out is None and chosen.format != "png":
        return {}
    folder = chosen.out or Path()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for chart_id, picture in draw(answer, chosen.theme).items():
        path = folder / f"{answer.feature}-{chart_id}-{answer.as_of.isoformat()}.png"
        path.write_bytes(picture)
        paths[chart_id] = str(path)
    return paths


def _print(answer: Report, style: str, paths: dict[str, str], notes: tuple[str, ...]) -> None:
    if style == "json":
        body = as_json(answer, paths)
        body["notes"] = [*notes, *body["notes"]]
        print(json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False))
    elif style == "text":
        print(as_text(answer, notes))
    for path in paths.values() if style != "json" else ():
        print(path)
