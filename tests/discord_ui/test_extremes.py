"""Every real report at its longest: Discord takes the card, the pages behind it and the file, in every language.

Reports are the sample's own, stretched: numbers of six digits and more, the most symbols a question takes and the
longest there are, the largest id a person can have. What is sent is counted here anew, not by the code that fits it.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot import features, i18n
from bot.discord_ui import card_rows, details, ids, limits
from bot.discord_ui.card import card_view
from bot.market.catalogue import Catalogue
from bot.report import Report, Stat, Table, Value
from bot.request import GIVEN, Mark, Request, choices_of, mark_of
from bot.shown import disclaimer, stat_shown
from bot.worker import opened
from bot.workers import Rendered
from tests.test_every_feature import answered, request_of

LANGUAGES = [*i18n.LANGUAGES, i18n.PSEUDO]
SOMEBODY = 2**63 - 1
LONGEST = sorted((s for s, _name in Catalogue.load().matching("", 100_000, listed=True)), key=len)[-12:]
CHARACTERS, COMPONENTS, ID, LABEL, OPTION, OPTIONS, IN_A_ROW, MEGABYTES = 4000, 40, 100, 80, 100, 25, 5, 10
POSTED = {"alert", "storm"}  # never asked: their cards carry the buttons of alerts
ASKED = [name for name in features.names() if not features.request_type(name).private and name not in POSTED]


@functools.cache
def stretched(name: str, language: str) -> Report:
    """Answer with every number grown to six digits or more."""
    report = answered(name, opened("sample").last, language)
    return replace(
        report,
        headline=grown(report.headline),
        stats=tuple(bigger(stat) for stat in report.stats),
        tables=tuple(wider(table) for table in report.tables),
        charts=tuple(replace(chart, alt=grown(chart.alt), data=None) for chart in report.charts),
        notes=tuple(map(grown, report.notes)),
    )


def grown(text: str) -> str:
    return re.sub(r"\d+", lambda digits: digits[0].rjust(6, "8"), text)


def bigger(stat: Stat) -> Stat:
    shown, working = (grown(text) if text else None for text in (stat.shown, stat.working))
    return replace(stat, value=huge(stat.value), shown=shown, working=working, stale=True)


def wider(table: Table) -> Table:
    return replace(table, rows=tuple(tuple(map(huge, row)) for row in table.rows))


def huge(value: Value) -> Value:
    if isinstance(value, float):
        return -888_888.888 - abs(value)
    if isinstance(value, str):
        return grown(value)
    return 888_888 + value if isinstance(value, int) and not isinstance(value, bool) else value


def longest(name: str) -> Request:
    """Ask with the longest value of every field."""
    asked = request_of(name)
    if name in POSTED:
        return asked
    kind, values = type(asked), asked.model_dump()
    for field, info in kind.model_fields.items():
        mark, choices = mark_of(kind, field), choices_of(kind, field)
        if field in GIVEN:
            values[field] = tuple(LONGEST)
        elif mark is Mark.SYMBOLS:
            most = next(m.max_length for m in info.metadata if hasattr(m, "max_length"))
            values[field] = tuple(LONGEST[:most])
        elif mark in {Mark.FUND, Mark.SYMBOL}:
            values[field] = LONGEST[-1]
        elif mark is Mark.WINDOW:
            values[field] = "2000-01-03"
        elif choices:
            values[field] = max(choices, key=len)
    return kind.model_validate({**values, "as_of": date(2026, 7, 31)})


def parts(payload: Any) -> Iterator[dict[str, Any]]:
    """Give every component of a message as it is sent, outer before inner."""
    for component in payload:
        yield component
        yield from parts(component.get("components", ()))


def taken_by_discord(payload: list[dict[str, Any]]) -> list[str]:
    """Assert what Discord checks of a message's components; return its texts."""
    every = list(parts(payload))
    texts = [part["content"] for part in every if part["type"] == 10]
    names = [part["custom_id"] for part in every if "custom_id" in part]
    assert len(every) <= COMPONENTS
    assert sum(map(len, texts)) <= CHARACTERS
    assert all(texts), "no text may be empty"
    assert all(1 <= len(name) <= ID for name in names)
    assert len(set(names)) == len(names)
    for part in every:
        assert len(part.get("label") or "") <= LABEL
        assert len(part.get("placeholder") or "") <= 150
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= IN_A_ROW
            assert len(part["components"]) == 1 or all(inner["type"] == 2 for inner in part["components"])
        if part["type"] == 3:
            assert 1 <= len(part["options"]) <= OPTIONS
            assert len({option["value"] for option in part["options"]}) == len(part["options"])
            for option in part["options"]:
                assert 1 <= len(option["label"]) <= OPTION
                assert 1 <= len(option["value"]) <= OPTION
        if part["type"] == 12:
            assert 1 <= len(part["items"]) <= 10
            assert all(1 <= len(item["description"]) <= limits.ALT for item in part["items"])
    return texts


each = pytest.mark.parametrize("name", features.names())
spoken = pytest.mark.parametrize("language", LANGUAGES)


@each
@spoken
def test_the_card_is_taken_and_keeps_what_it_may_never_miss(name: str, language: str) -> None:
    report, request = stretched(name, language), longest(name)
    with i18n.use(language):
        rows = [] if name not in ASKED else card_rows.rows(request, report, SOMEBODY, alone=True)
        pictures = {chart.id: b"png" for chart in report.charts}
        read = ("“small caps” was read as IWM, “since april” as since 1 Apr 2026." * 2,) * 3
        view, files = card_view(Rendered(report, pictures), notes=read, controls=rows)
        texts = taken_by_discord(view.to_components())
        said, last_words = "\n".join(texts), disclaimer()
        figures = [stat_shown(stat) for stat in report.figures]
    assert report.headline in said, "the headline is whole"
    assert all(figure in said for figure in figures if len(figure) < 120)
    assert texts[-1].endswith(last_words)
    assert said.count(read[0]) == 3, "how the question was read comes before the other remarks"
    assert len(files) == len(report.charts)
    assert all(file.description and not file.description.endswith(limits.MORE) for file in files)


@pytest.mark.parametrize("told", [details.explanation, details.tables])
@each
@spoken
def test_the_pages_behind_it_are_taken_and_lose_nothing(name: str, language: str, told: Any) -> None:
    report, request = stretched(name, language), longest(name)
    with i18n.use(language):
        pages = details.pages_of(told(report))
        turns = card_rows.rows(request, report, SOMEBODY)[-1:] if name in ASKED else []
        for number in range(1, len(pages) + 1):
            taken_by_discord(details.page_view(report, pages, number, turns).to_components())
        shown = [block for page in pages for block in page]
        whole = [line for piece in told(report) for block in piece for line in block.lines]
    assert len(pages) <= 30
    assert not any(block.shortened for block in shown)
    assert [line for block in shown for line in block.lines] == [limits.cut(line, 700) for line in whole]


@each
@spoken
def test_the_file_may_be_uploaded(name: str, language: str) -> None:
    report = stretched(name, language)
    with i18n.use(language):
        view, (file,) = details.csv_page(report)
        taken_by_discord(view.to_components())
    assert len(file.fp.read()) < MEGABYTES * 2**20
    assert len(file.filename) < 100


@pytest.mark.parametrize("name", ASKED)
def test_a_long_question_keeps_its_buttons_without_its_asker(name: str) -> None:
    """As many symbols as are taken, of five letters as nearly all have at most."""
    request = longest(name)
    for field in type(request).model_fields:
        if mark_of(type(request), field) is Mark.SYMBOLS and field not in GIVEN:
            symbols = tuple(f"ABCD{letter}" for letter in "EFGHIJKLMNOP"[: len(getattr(request, field))])
            request = type(request)(as_of=request.as_of, **{field: symbols})
    actions = {"explain", "csv", "table", "png", "alert"}
    for action in actions:
        custom_id = ids.encode(action, request, SOMEBODY)
        assert custom_id is not None, request
        given = {field: () for field in GIVEN if field in type(request).model_fields}
        assert ids.decode(custom_id).request == request.model_copy(update=given)
    assert card_rows.remarks(request) == ()


def test_a_question_too_long_for_any_button_says_so() -> None:
    request = longest("rrg")
    assert ids.encode("explain", request, None) is None
    (remark,) = card_rows.remarks(request)
    assert "too long for buttons" in remark
