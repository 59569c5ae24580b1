"""The file of a card: every figure as the report has it, nothing that a spreadsheet would run."""

import csv
import io
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import features, i18n
from bot.discord_ui.details import csv_page, csv_text
from bot.market.dataset import Dataset
from bot.report import Column, Report, Table
from bot.shown import disclaimer
from bot.worker import opened
from tests.discord_ui.reports import DAY, plain_report, stat
from tests.test_every_feature import answered

NAMES = sorted(features.names())
Lines = list[list[str]]


def parsed(report: Report) -> Lines:
    return list(csv.reader(io.StringIO(csv_text(report))))


def section(lines: Lines, first: str, second: str = "") -> Lines:
    """Return the lines beneath a section's own line, up to the next empty one."""
    start = next(n for n, line in enumerate(lines) if line[:1] == [first] and second in [*line[1:2], ""])
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return lines[start + 1 : end]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_read_back_as_the_number_it_is(name: str, language: str) -> None:
    report = answered(name, opened("sample").last, language)
    with i18n.use(language):
        lines = parsed(report)
    assert lines[0][:3] == ["report", name, report.as_of.isoformat()]
    figures = section(lines, "id")
    assert [line[0] for line in figures] == [one.id for one in report.stats]
    for line, one in zip(figures, report.stats, strict=True):
        same(line[2], one.value)
        assert line[3] == one.unit
        assert line[4] == (one.as_of.isoformat() if one.as_of else "")
    for table in report.tables:
        header, *rows = section(lines, "table", table.id)
        assert header == [column.id for column in table.columns]
        assert len(rows) == len(table.rows)
        for line, row in zip(rows, table.rows, strict=True):
            for cell, value in zip(line, row, strict=True):
                same(cell, value)
    assert ["note", disclaimer()] in lines or language != "en"
    assert [line[1] for line in lines if line[:1] == ["source"]] == list(report.sources)


def same(cell: str, value: object) -> None:
    """Assert that a cell holds a value: numbers as plain numbers, days as ISO text, nothing for what is missing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        assert cell == ""
    elif isinstance(value, bool):
        assert cell == str(value)
    elif isinstance(value, float | int):
        assert float(cell) == value
        assert "," not in cell
    elif isinstance(value, date):
        assert date.fromisoformat(cell) == value
    else:
        assert cell.removeprefix("'") == value


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\r\n=2", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", EVIL)
def test_nothing_in_the_file_is_run_as_a_formula(text: str) -> None:
    table = Table(text, text, (Column(text, text), Column("n", "N", "fraction")), ((text, -0.5),))
    lines = parsed(
        plain_report(title=text, headline=text, stats=(stat(1, label=text),), tables=(table,), sources=(text,))
    )
    cells = [cell for line in lines for cell in line]
    risky = [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert risky == ["-0.5"], "a number is no formula"
    assert f"'{text}" in cells


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_any_text_comes_back_whole(texts: list[str]) -> None:
    """Commas, quotes and line breaks are quoted as other programs read them."""
    texts = [text.replace("\r", "").replace("\0", "") for text in texts]
    table = Table("t", "T", (Column("a", "A"),), tuple((text,) for text in texts))
    lines = parsed(plain_report(tables=(table,)))
    start = lines.index(["table", "t", "T"])
    found = [line[0] if line else "" for line in lines[start + 2 : start + 2 + len(texts)]]
    assert [one.removeprefix("'") for one in found] == [text.removeprefix("'") for text in texts]


def test_the_file_opens_with_accents_in_a_spreadsheet() -> None:
    with i18n.use("es"):
        view, (file,) = csv_page(plain_report(title="Máximos históricos", headline="Cierres máximos"))
    body = file.fp.read()
    assert body.startswith(b"\xef\xbb\xbf"), "a spreadsheet takes it for another encoding without"
    assert "Máximos" not in body.decode("utf-8-sig")
    assert "Cierres máximos" in body.decode("utf-8-sig")
    assert file.filename == f"rotation-{DAY.isoformat()}.csv"
    assert view.total_children_count == 2


def test_prices_of_vendors_are_not_handed_on() -> None:
    """What is in the file is derived: no column of any card repeats a stored series of closes."""
    closes = {round(float(value), 6) for value in Dataset.open("sample").closes("IWM").tail(200)}
    for name in NAMES:
        for table in answered(name, opened("sample").last, "en").tables:
            for n, column in enumerate(table.columns):
                held = {round(row[n], 6) for row in table.rows if isinstance(row[n], float)}
                assert len(held & closes) < len(closes) / 4, (name, table.id, column.id)  # days of events, no series
