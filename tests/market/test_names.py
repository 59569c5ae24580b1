"""Names kept as one text are what a dict of them would be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.catalogue import Catalogue
from bot.market.names import Names
from bot.market.spelling import matching

SYMBOLS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.^", min_size=1, max_size=8)
NAMES = st.text(st.characters(codec="utf-8"), max_size=40).map(lambda name: " ".join(name.split()))


@given(st.dictionaries(SYMBOLS, NAMES, max_size=30))
def test_they_come_back_as_they_went_in(names: dict[str, str]) -> None:
    assert dict(Names(Names.text(names))) == names


def test_one_symbol_inside_another_is_not_mistaken_for_it() -> None:
    names = Names(Names.text({"AA": "Alcoa", "A": "Agilent", "AAA": "A fund of A and AA", "NA": "Nano Labs"}))
    assert (names["A"], names["AA"], names["NA"]) == ("Agilent", "Alcoa", "Nano Labs")
    assert "Agilent" not in names
    assert names.get("AAAA") is None


@pytest.mark.parametrize("typed", ["", "\n", "\t", "A\tAgilent", "A\tAgilent\nAA", "Alcoa\nA"])
def test_what_is_no_symbol_is_not_found(typed: str) -> None:
    with pytest.raises(KeyError):
        Names(Names.text({"A": "Agilent", "AA": "Alcoa"}))[typed]


def test_a_name_over_two_lines_makes_no_symbol_of_its_own() -> None:
    assert dict(Names(Names.text({"X": "United\nStates\tSteel"}))) == {"X": "United States Steel"}


def test_no_names_at_all() -> None:
    assert dict(Names("")) == {}
    assert len(Names("")) == 0


def test_the_market_has_as_many_names_as_it_says() -> None:
    listed = Catalogue.load().listed
    assert len(listed) == sum(1 for _ in listed) > 13_000
    assert listed["NVDA"] == "NVIDIA Corporation"


class Counted(Names):
    """Names that count how often one is looked up."""

    looked_up = 0

    def __getitem__(self, symbol: str) -> str:
        self.looked_up += 1
        return super().__getitem__(symbol)


def test_going_through_the_whole_market_looks_nothing_up() -> None:
    """While somebody types a ticker, the bot goes through thousands of names at every letter."""
    names = {f"S{n}": f"Company {n}" for n in range(500)}
    counted = Counted(Names.text(names))
    assert dict(counted.items()) == names
    assert matching("company 49", counted, 25)[0] == ("S49", "Company 49")
    assert counted.looked_up <= 25
