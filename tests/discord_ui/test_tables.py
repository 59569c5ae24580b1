"""Tables in messages: in columns where a phone has room, else in words that wrap, and no cell is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.discord_ui.tables import PHONE, in_columns, in_words
from bot.report import Column, Table, Value

CELLS = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6), st.text("ab*_`~|", max_size=20))


def table(*rows: tuple[Value, ...], labels: tuple[str, ...] = ("Fund", "Return")) -> Table:
    columns = (Column("a", labels[0]), *(Column(f"c{n}", label, "fraction") for n, label in enumerate(labels[1:])))
    return Table("t", "T", columns, rows)


def test_a_narrow_table_stands_in_columns_numbers_to_the_right() -> None:
    assert in_columns(table(("IWM", 0.126), ("SPY", -0.05))) == ["Fund  Return", "IWM    12.6%", "SPY    −5.0%"]


@pytest.mark.parametrize(("name", "fits"), [("x" * (PHONE - 8), True), ("x" * (PHONE - 7), False)])
def test_a_phone_is_the_measure(name: str, fits: bool) -> None:
    assert (in_columns(table((name, 0.126))) is not None) == fits


def test_a_wide_table_is_said_in_words() -> None:
    wide = table(("IWM", 0.126, None), ("SPY", -0.05, 0.1), labels=("Fund", "Six months", "Calendar year to date"))
    assert in_columns(wide) is None
    assert in_words(wide) == [
        "**IWM**  Six months 12.6%",
        "**SPY**  Six months −5.0% · Calendar year to date 10.0%",
    ]


def test_a_name_needs_no_word_ahead_of_it_and_what_is_missing_is_left_out() -> None:
    columns = (Column("symbol", "Symbol"), Column("name", "Name"), Column("days", "Days to cover", "days"))
    rows = (("GME", "GAMESTOP CORP", None), ("AMC", "AMC_ENT", 3.0), ("X", None, None))
    assert in_words(Table("t", "T", columns, rows)) == [
        "**GME**  GAMESTOP CORP",
        r"**AMC**  AMC\_ENT · Days to cover 3",
        "**X**",
    ]


def test_words_follow_the_language() -> None:
    dated = Table("t", "T", (Column("d", "Day", "date"), Column("v", "Move", "fraction", signed=True)), ())
    rows = Table("t", "T", dated.columns, ((date(2025, 12, 4), 0.126),))
    with i18n.use("es"):
        assert in_words(rows) == ["**4 dic 2025**  Move +12,6%"]


def test_a_table_of_one_column_is_its_cells() -> None:
    assert in_words(table(("IWM",), labels=("Fund",))) == ["**IWM**"]


def test_names_are_no_markup_and_end_no_block() -> None:
    assert in_words(table(("A*B_C`", 0.1))) == [r"**A\*B\_C\`**  Return 10.0%"]
    assert in_columns(table(("A`", 0.1))) == ["Fund  Return", "A'     10.0%"]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_every_row_is_one_line_whichever_way(rows: list[tuple[Value, ...]]) -> None:
    texts = Table("t", "T", tuple(Column(name, name, "text") for name in ("Fund", "Sector", "Note")), tuple(rows))
    assert len(in_words(texts)) == len(rows)
    assert all("\n" not in line for line in in_words(texts))
    columns = in_columns(texts)
    assert columns is None or (len(columns) == len(rows) + 1 and not any("`" in line for line in columns))
