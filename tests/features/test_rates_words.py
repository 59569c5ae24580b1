"""What the card on rates says, for every kind of expectation, leader and pair."""

import itertools
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from bot import i18n
from bot.analytics.estimators import Fit
from bot.analytics.rates import After, CutCycle
from bot.features.rates import words
from bot.features.rates.findings import Expected, Findings, Leverage, Rate, Sensitivity
from bot.features.sides import Sides

DAY = date(2026, 7, 30)
CAPS, FUNDS = Sides("IWM", "SPY"), Sides("IWO", "IWN")
PAIRS = pd.DataFrame({"y": [0.0] * 104, "x": [0.0] * 104})


def rate(series: str, value: float) -> Rate:
    return Rate(series, value, DAY, 10.0, stale=False)


def fit(t: float = -2.5, slope: float = -0.03) -> Fit:
    return Fit(slope, 0.0, t, 0.05, 104)


EMPTY = Findings(
    pair=CAPS, rates={}, target=None, next_meeting=None, expected=None,
    sensitivities={}, cycles=(), leader=None, prices_from=None, leverage=None,
)  # fmt: skip


def expecting(change_bp: float | None, leader: str | None = None, pair: Sides = CAPS) -> Findings:
    expected = None if change_bp is None else Expected(change_bp, 202707, 95.8, DAY)
    return replace(EMPTY, expected=expected, leader=leader, pair=pair)


def bills(above_bp: float, leader: str | None = None) -> Findings:
    rates = {"fed_funds": rate("DFF", 0.04), "bill": rate("DGS3MO", 0.04 + above_bp / 1e4)}
    return replace(EMPTY, rates=rates, leader=leader)


@pytest.mark.parametrize(
    ("change_bp", "says"),
    [
        (55.0, "Futures price rises, not cuts: 55 bp in 12 months."),
        (12.5, "Futures price rises, not cuts: 12 bp in 12 months."),
        (12.4, "Futures price little change of rates in 12 months (+12 bp)."),
        (0.0, "Futures price little change of rates in 12 months (0 bp)."),
        (-12.4, "Futures price little change of rates in 12 months (−12 bp)."),
        (-12.5, "Futures price cuts, not rises: 12 bp in 12 months."),
        (-150.0, "Futures price cuts, not rises: 150 bp in 12 months."),
        (None, "What markets expect of the Fed is not stored for this day."),
    ],
)
def test_what_futures_expect(change_bp: float | None, says: str) -> None:
    assert words.headline(expecting(change_bp)) == says


@pytest.mark.parametrize(
    ("above_bp", "says"),
    [
        (40.0, "3-month bills yield 40 bp more than the Fed's rate."),
        (3.0, "3-month bills yield about as much as the Fed's rate (+3 bp)."),
        (-3.0, "3-month bills yield about as much as the Fed's rate (−3 bp)."),
        (-70.0, "3-month bills yield 70 bp less than the Fed's rate."),
    ],
)
def test_what_bills_expect(above_bp: float, says: str) -> None:
    assert words.headline(bills(above_bp)) == says


@pytest.mark.parametrize(
    ("change_bp", "leader", "ends"),
    [
        (55.0, "small", "; small caps lead all the same."),
        (55.0, "large", "; large caps lead."),
        (55.0, "mixed", "; neither side leads."),
        (-55.0, "small", "; small caps lead."),
        (-55.0, "large", "; large caps lead all the same."),
        (-55.0, "mixed", "; neither side leads."),
        (0.0, "small", "; small caps lead."),
        (0.0, "large", "; large caps lead."),
        (None, "small", "; small caps lead."),
        (None, "mixed", "; neither side leads."),
    ],
)
def test_who_leads_all_the_same(change_bp: float | None, leader: str, ends: str) -> None:
    assert words.headline(expecting(change_bp, leader)).endswith(ends)


@pytest.mark.parametrize(("leader", "ends"), [("small", "; IWO leads."), ("large", "; IWN leads.")])
@pytest.mark.parametrize("change_bp", [55.0, -55.0, 0.0, None])
def test_other_pairs_go_by_their_symbols(change_bp: float | None, leader: str, ends: str) -> None:
    assert words.headline(expecting(change_bp, leader, FUNDS)).endswith(ends)
    assert words.pair_name(FUNDS) == "IWO against IWN"


def test_every_headline_is_one_sentence_without_a_verdict() -> None:
    changes = (None, -80.0, 0.0, 80.0)
    for change, leader, pair in itertools.product(changes, (None, "small", "large", "mixed"), (CAPS, FUNDS)):
        said = words.headline(expecting(change, leader, pair))
        assert re.fullmatch(r"[A-Z][^.!?{}]*\.", said), said
        assert not re.search(r"\b(good|bad|buy|sell|should)\b", said)
        with i18n.use(i18n.PSEUDO):
            assert words.headline(expecting(change, leader, pair)).startswith("⟦")


@pytest.mark.parametrize(
    ("slope", "r2", "says"),
    [
        (-0.030653, 0.048, "−0.31% per +10 bp, explains 5% of weekly moves"),
        (0.0, 0.0, "0.00% per +10 bp, explains 0% of weekly moves"),
        (0.25, 1.0, "+2.50% per +10 bp, explains 100% of weekly moves"),
    ],
)
def test_a_slope_per_tenth_of_a_point(slope: float, r2: float, says: str) -> None:
    assert words.sensitivity_shown(Fit(slope, 0.0, 1.0, r2, 104)) == says


def sensitive(one: Fit | None, pairs: pd.DataFrame = PAIRS) -> Findings:
    found = Sensitivity(pairs, one, pd.Series(dtype=float))
    return replace(expecting(55.0), rates={"2y": rate("DGS2", 0.0423)}, sensitivities={"2y": found, "10y": found})


class TestNotes:
    @pytest.mark.parametrize(
        ("t", "says"),
        [
            (-2.5, "more than chance would give"),
            (2.0, "more than chance would give"),
            (-1.99, "it cannot be told apart from none"),
            (float("nan"), "it cannot be told apart from none"),
        ],
    )
    def test_certainty_of_a_slope(self, t: float, says: str) -> None:
        assert any(says in note for note in words.notes(sensitive(fit(t)), DAY))

    def test_a_yield_that_stood_still(self) -> None:
        assert any("did not move in the last 104 weeks" in note for note in words.notes(sensitive(None), DAY))

    def test_too_few_weeks(self) -> None:
        notes = words.notes(sensitive(None, PAIRS.iloc[:50]), DAY)
        assert any("it takes 104 complete ones" in note for note in notes)

    def test_everything_missing_is_said(self) -> None:
        notes = words.notes(EMPTY, DAY)
        for says in (
            "The futures contract twelve months ahead is not stored for 30 Jul 2026: bills are shown instead. They "
            "tend to yield a little less than the Fed's rate, so a gap alone is no forecast.",
            "No decision on the target is recorded yet on 30 Jul 2026.",
            "Which Fed meeting comes after 30 Jul 2026 is not stored.",
            "IWM and SPY have no common prices yet on 30 Jul 2026: no sensitivity and no cycles.",
            "Members with their debts are not stored for this day.",
            "Interest cover, floating-rate debt and maturities are not recorded in the data.",
        ):
            assert says in notes

    def test_debts_are_counted(self) -> None:
        debts = Leverage(2.2, 1.7, (747, 657), DAY, "Lists of two epochs.")
        notes = words.notes(replace(EMPTY, leverage=debts), DAY)
        assert any("747 and 657 members" in note for note in notes)
        assert "Lists of two epochs." in notes

    @pytest.mark.parametrize(("count", "says"), [(1, "One cycle of cuts is recorded"), (3, "3 of them are too few")])
    def test_cycles_are_never_averaged(self, count: int, says: str) -> None:
        nothing = dict.fromkeys((1, 3, 6, 12))
        after = After(DAY, nothing, nothing)  # type: ignore[arg-type]
        one = CutCycle(DAY, DAY, open=False, cuts=1, from_upper=0.05, to_upper=0.04, after_first=after, after_last=None)
        notes = words.notes(replace(EMPTY, cycles=(one,) * count), DAY)
        assert any(says in note for note in notes)
        assert not any("the cycle is open" in note for note in notes)
        still = words.notes(replace(EMPTY, cycles=(replace(one, open=True),)), DAY)
        assert any("The cut of 30 Jul 2026 is the latest: the cycle is open" in note for note in still)
