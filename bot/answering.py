"""``handoff report``: one question answered in this process, without Discord and without a pool."""

import argparse
import json
import shutil
from pathlib import Path
from typing import get_origin

from pydantic import ValidationError

from bot import features, i18n
from bot.config import Settings, data_location, faults
from bot.errors import ConfigError
from bot.i18n import gettext as _
from bot.market.catalogue import Catalogue
from bot.reading import Known, plain_type, read_options
from bot.report import Report, as_json
from bot.request import Request, mark_of
from bot.shown import COLUMNS, as_text
from bot.worker import compute, draw, opened

_NARROWEST = 40  # columns: nobody reads tables in less


def report(settings: Settings, chosen: argparse.Namespace) -> int:
    """Answer ``chosen.feature`` with the options given, as text, JSON or pictures; return the exit code."""
    data = data_location(settings, chosen.data)
    dataset, catalogue = opened(data), Catalogue.load(data)
    kind = features.request_type(chosen.feature)
    options = {field: text for field in kind.model_fields if (text := getattr(chosen, f"ask_{field}")) is not None}
    with i18n.use(chosen.language or settings.cards.language):
        base = _listed(kind, options)
        reading = read_options(kind, options, Known(catalogue, dataset.last, dataset.last), base=base)
        answer = compute(reading.request, dataset.at(reading.request.as_of))
        paths = _drawn(answer, chosen, chosen.theme or settings.cards.theme)
        _print(answer, chosen.format, paths, reading.notes)
    return 0


def _listed(kind: type[Request], options: dict[str, str]) -> Request | None:
    """Take out the lists of things, which no words can say: given as JSON. Return a request with them."""
    given = {}
    for field in [f for f in options if mark_of(kind, f) is None and get_origin(plain_type(kind, f)) is tuple]:
        text = options.pop(field)
        try:
            given[field] = json.loads(text)
        except ValueError:
            raise ConfigError([_("--{option} takes a list as JSON, as [...].").format(option=field)]) from None
    try:
        return kind.model_validate(given) if given else None
    except ValidationError as error:
        raise ConfigError(list(faults(error))) from None


def _drawn(answer: Report, chosen: argparse.Namespace, theme: str) -> dict[str, str]:
    """Write the pictures where a folder was named, or pictures were asked for; return their paths by chart id."""
    if chosen.out is None and chosen.format != "png":
        return {}
    folder = chosen.out or Path()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for chart_id, picture in draw(answer, theme).items():
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
        print(as_text(answer, notes, max(_NARROWEST, shutil.get_terminal_size((COLUMNS, 0)).columns)))
    for path in paths.values() if style != "json" else ():
        print(path)
