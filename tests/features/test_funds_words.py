"""What is said about funds, whichever returned most, whatever is stored."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from bot import i18n
from bot.features.funds import words
from bot.features.funds.findings import Findings, Fund, Risk
from bot.features.funds.request import FundsRequest
from bot.market.frames import FundFacts, Holdings

START, END = date(2021, 7, 30), date(2026, 7, 31)
ASKED = FundsRequest()
BOTH = "A returned most over 5 years, +7.0% a year; B least, +2.0% a year"


def risk(total: float, per_year: float | None = None, deepest: float = -0.3) -> Risk:
    return Risk(total, per_year, 0.2, 0.5, 0.7, deepest, date(2022, 6, 16), 1.0, 0.1, (1.0, 1.1))


def fund(symbol: str, one: Risk | None, fee: float | None = None, *, held: bool = False) -> Fund:
    facts = None if fee is None else FundFacts(date(2026, 5, 3), {"expense_ratio": fee})
    holdings = Holdings(symbol, date(2026, 5, 5), pd.DataFrame({"symbol": ["A"], "weight": [1.0]}), "iShares")
    first = date(2004, 1, 30)
    return Fund(symbol, first, facts, holdings if held else None, (None, None), {}, one, pd.Series(dtype=float))


def found(*funds: Fund, apart: bool = False) -> Findings:
    return Findings("SPY", START, END, funds, {}, apart)


@pytest.mark.parametrize(
    ("funds", "says"),
    [
        ((fund("A", risk(0.4, 0.07)), fund("B", risk(0.1, 0.02))),
         BOTH + "."),
        ((fund("A", risk(-0.4, -0.1)), fund("B", risk(-0.1, -0.02))),
         "B returned most over 5 years, −2.0% a year; A least, −10.0% a year."),
        ((fund("A", risk(0.4)), fund("B", risk(-0.1))), "A returned most over 5 years, +40.0%; B least, −10.0%."),
        ((fund("A", risk(0.1)), fund("B", risk(0.1004))), "Both funds returned the same over 5 years: +10.0%."),
        ((fund("A", risk(0.4023, 0.0699)), fund("B", risk(0.4009, 0.0697)), fund("C", risk(0.4, 0.0696))),
         "All 3 funds returned the same over 5 years: +7.0% a year."),
        ((fund("A", risk(0.4, 0.07)),), "A: +7.0% a year over 5 years, with a deepest fall of −30.0%."),
        ((fund("A", None),), "None of these funds has traded for the whole window (5 years)."),
        ((fund("A", risk(0.4, 0.07), 0.0019), fund("B", risk(0.1, 0.02), 0.0003)),
         BOTH + "; of the 2 costs stored, the lowest is 0.03% a year (B)."),
        ((fund("A", risk(0.4, 0.07), 0.001), fund("B", risk(0.1, 0.02), 0.001), fund("C", None, 0.002)),
         BOTH + "; of the 3 costs stored, the lowest is 0.10% a year (A and B)."),
        ((fund("A", risk(0.4, 0.07), 0.001), fund("B", risk(0.1, 0.02))),
         BOTH + "."),
    ],
)  # fmt: skip
def test_headlines(funds: tuple[Fund, ...], says: str) -> None:
    assert words.headline(found(*funds), ASKED) == says
    with i18n.use(i18n.PSEUDO):
        assert words.headline(found(*funds), ASKED).startswith("⟦")


@pytest.mark.parametrize(
    ("window", "over"),
    [("1w", "over 1 week"), ("6m", "over 6 months"), ("ytd", "year to date"), ("3y", "over 3 years"),
     ("max", "over all history"), ("2025-12-04", "since 4 Dec 2025")],
)  # fmt: skip
def test_the_window_is_in_words(window: str, over: str) -> None:
    pair = found(fund("A", risk(0.1)), fund("B", risk(0.2)))
    said = words.headline(pair, FundsRequest(window=window))
    assert said.startswith(f"B returned most {over}, +20.0%; A least, +10.0%")
    alone = words.headline(found(fund("A", risk(0.1))), FundsRequest(window=window))
    assert alone.startswith(f"A: +10.0% {over}, with a deepest fall of ")
    same = words.headline(found(fund("A", risk(0.1)), fund("B", risk(0.1))), FundsRequest(window=window))
    assert same.startswith(f"Both funds returned the same {over}: +10.0%")
    with i18n.use("es"):
        assert " en en " not in words.headline(pair, FundsRequest(window=window))


class TestNotes:
    def test_both_ends_and_the_benchmark(self) -> None:
        first = words.notes(found(fund("A", risk(0.1))))[0]
        assert "from the close of 30 Jul 2021 to that of 31 Jul 2026" in first
        assert "against SPY" in first

    def test_funds_too_young(self) -> None:
        unborn = replace(fund("B", None), first=None)
        notes = words.notes(found(fund("A", None), unborn))
        assert "A is younger than the window: its data begins on 30 Jan 2004." in notes
        assert "B had not traded by this day." in notes

    def test_facts_stored_for_some(self) -> None:
        notes = words.notes(found(fund("A", risk(0.1), 0.001), fund("B", risk(0.1))))
        assert "Cost, assets and yield are as of 3 May 2026." in notes
        assert "Cost, assets and yield are not stored for B." in notes

    def test_facts_stored_for_all_or_none(self) -> None:
        assert not any("not stored for" in n and "Cost" in n for n in words.notes(found(fund("A", risk(0.1), 0.001))))
        assert not any("are as of" in n for n in words.notes(found(fund("A", risk(0.1)))))

    def test_holdings(self) -> None:
        notes = words.notes(found(fund("A", risk(0.1), held=True), fund("B", risk(0.1)), apart=True))
        assert any("Holdings of A are as of 5 May 2026" in note for note in notes)
        assert any("are not stored for B." in note for note in notes)
        assert any("A reconstitution lies between" in note for note in notes)


def test_figures_on_the_card() -> None:
    assert words.shown(fund("A", risk(0.4, 0.07))) == "+7.0% a year, deepest fall −30.0%"
    assert words.shown(fund("A", None)) is None
    assert words.fact(fund("A", None, 0.001), "expense_ratio") == 0.001
    assert words.fact(fund("A", None, 0.001), "assets") is None
    assert words.fact(fund("A", None), "assets") is None


def test_the_picture_in_words() -> None:
    said = words.alternative(found(fund("A", risk(0.4)), fund("B", None)))
    assert said == "Growth of 10,000 from 30 Jul 2021 to 31 Jul 2026: A 14,000, deepest fall −30.0%."
    assert "no fund has the whole window" in words.alternative(found(fund("B", None)))
