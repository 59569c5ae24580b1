from datetime import date

import pytest

from bot import i18n
from bot.report import Column, Report, Stat, Table, Unit, Value
from bot.shown import MISSING, aligned, as_text, rows_shown, stat_shown, value_shown

DAY = date(2026, 7, 31)


@pytest.mark.parametrize(
    ("value", "unit", "signed", "shown"),
    [
        (0.1264, "fraction", True, "+12.6%"),
        (0.1264, "fraction", False, "12.6%"),
        (0.041, "percentage_points", False, "+4.1 points"),
        (55.0, "basis_points", False, "+55 bp"),
        (251.82, "usd", False, "$251.82"),
        (0.6822, "ratio", False, "0.68"),
        (1410, "days", False, "1,410"),
        (55_400_000, "count", False, "55.4M"),
        (1424, "count", False, "1,424"),
        (71.2, "score", False, "71"),
        (DAY, "date", False, "31 Jul 2026"),
        ("mixed", "text", False, "mixed"),
        (True, "text", False, "yes"),
        (None, "fraction", True, MISSING),
        (float("nan"), "usd", False, MISSING),
    ],
)
def test_values_by_unit(value: Value, unit: Unit, signed: bool, shown: str) -> None:
    assert value_shown(value, unit, signed=signed) == shown


def test_a_stale_figure_says_so() -> None:
    stat = Stat(id="a", label="A", value=0.1, unit="fraction", as_of=DAY, source="FRED", stale=True)
    assert stat_shown(stat) == "10.0% (stale)"


def test_words_can_replace_a_number() -> None:
    stat = Stat(id="a", label="A", value=0.1, unit="fraction", as_of=DAY, source="FRED", shown="a tenth")
    assert stat_shown(stat) == "a tenth"


TABLE = Table(
    "years",
    "Calendar years",
    (Column("year", "Year", "text"), Column("small", "Small", "fraction", signed=True, digits=2)),
    (("2025", 0.1266), ("2026", None)),
)


def test_tables_align_text_left_and_numbers_right() -> None:
    assert rows_shown(TABLE) == [["2025", "+12.66%"], ["2026", MISSING]]
    assert aligned(TABLE) == ["Year    Small", "2025  +12.66%", "2026        —"]


def test_a_report_as_text_has_everything_a_reader_needs() -> None:
    report = Report(
        feature="years",
        request={},
        title="Calendar years",
        headline="Small caps trailed.",
        as_of=DAY,
        stats=(Stat(id="a", label="This year", value=0.1, unit="fraction", as_of=DAY, source="Yahoo Finance"),),
        tables=(TABLE, Table("raw", "Raw", (Column("x", "X"),), (("hidden",),), place="csv")),
        notes=("Returns, not prices.",),
        sources=("Yahoo Finance", "FRED"),
    )
    text = as_text(report, notes=("“r2k” read as IWM.",))
    for part in ("Small caps trailed.", "This year  10.0%", "+12.66%", "- “r2k” read as IWM.", "- Returns, not prices.",
                 "As of 31 Jul 2026. Source: Yahoo Finance and FRED.", "Not investment advice."):  # fmt: skip
        assert part in text
    assert "hidden" not in text
    with i18n.use("es"):
        assert "31 jul 2026" in as_text(report)
