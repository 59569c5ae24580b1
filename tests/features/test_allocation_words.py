"""What is said about a portfolio, for every kind of mix, risk and past; and where weights and profiles come from."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from bot import i18n
from bot.analytics.portfolio import Risk
from bot.errors import UnknownSymbol
from bot.features.allocation import profiles, words
from bot.features.allocation.findings import Findings, Past
from bot.features.allocation.profiles import GROUPS, TIERS, Mix
from bot.features.allocation.request import Holding
from bot.features.allocation.weights import Weighed, known_symbol, weigh
from bot.market import universe
from tests.features.answers import sample

DAY = date(2026, 7, 2)


def mix(small: float = 0.2, unknown: float = 0.0) -> Mix:
    groups = dict.fromkeys(GROUPS, 0.0) | {"R2000": small, "R1000": 1 - small - unknown, "unknown": unknown}
    return Mix(groups, dict.fromkeys(TIERS, 0.0) | {"mega": 1 - unknown, "unknown": unknown}, day=DAY)


def risk(parts: dict[str, float]) -> Risk:
    weights = np.full(len(parts), 1 / len(parts))
    return Risk(tuple(parts), weights, np.array(list(parts.values())), weights, 0.2, 1.1)


PAST = Past(date(2021, 7, 30), 0.5, 0.0845, 0.2, -0.3, date(2022, 10, 14))
FOUND = Findings(
    weighed=Weighed({"SPY": 0.5, "IWM": 0.5}, None, {}), mix=mix(), market=mix(0.045), priced={"SPY": 0.5, "IWM": 0.5},
    unpriced=(), risk=risk({"SPY": 0.4, "IWM": 0.6}), beta_small=0.7, beta_large=1.1, past=PAST, shifted=PAST,
    shift=0.1, young=None,
)  # fmt: skip


MIX = "20% of this is in small caps of the Russell 2000; of the whole market, 4%."
PARTLY = "10% of this is in small caps of the Russell 2000, as far as 60% of it can tell; of the whole market, 4%."


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (FOUND, MIX + " IWM carries 60% of the risk with 50% of the money."),
        (replace(FOUND, risk=None), MIX),
        (replace(FOUND, risk=risk({"SPY": 1.0})), MIX + " All of the risk is SPY."),
        (replace(FOUND, mix=mix(0.1, 0.4), risk=None), PARTLY),
        (
            replace(FOUND, mix=mix(0.0, 1.0), market=None, risk=None),
            "What these holdings are made of is not stored for this day.",
        ),
    ],
)
def test_headlines(found: Findings, says: str) -> None:
    assert words.headline(found) == says
    with i18n.use(i18n.PSEUDO):
        assert words.headline(found).startswith("⟦")


class TestNotes:
    def test_what_risk_rests_on(self) -> None:
        notes = words.notes(FOUND)
        assert any("last 252 daily returns, with Ledoit-Wolf covariance" in note for note in notes)
        assert any("The past from 30 Jul 2021" in note for note in notes)

    def test_holdings_without_prices(self) -> None:
        part = replace(
            FOUND, unpriced=("GME",), priced={"SPY": 1.0}, weighed=Weighed({"SPY": 0.6, "GME": 0.4}, None, {})
        )
        assert any("No daily prices are stored for GME: risk and past are those of the other 60%." in note
                   for note in words.notes(part))  # fmt: skip

    def test_too_short_a_record(self) -> None:
        assert any("fewer, or never moved" in note for note in words.notes(replace(FOUND, risk=None)))

    def test_a_young_holding_and_no_shift(self) -> None:
        notes = words.notes(replace(FOUND, young="MAGS", shifted=None))
        assert any("MAGS is younger than the window" in note for note in notes)
        assert any("IWM has no prices for that time" in note for note in notes)

    def test_no_past_at_all(self) -> None:
        assert not any("The past from" in note for note in words.notes(replace(FOUND, past=None)))

    def test_stand_ins_parts_and_missing_caps(self) -> None:
        blurred = replace(
            mix(), stand_ins={"SPY": "IWB"}, partly={"QQQ": 0.47}, uncapped=("BRKB",), epochs="Two epochs."
        )
        notes = words.notes(replace(FOUND, mix=blurred))
        assert "Members of SPY are not stored: it is shown with the companies of IWB, a stand-in." in notes
        assert "Of QQQ only the largest holdings are stored, 47% of it." in notes
        assert "No market cap is stored for BRKB." in notes
        assert "Two epochs." in notes

    def test_prices_of_other_days(self) -> None:
        priced = replace(FOUND, weighed=Weighed({"GME": 1.0}, 500.0, {"GME": DAY}))
        assert "Shares of GME are counted at its price of 2 Jul 2026." in words.notes(priced)


class TestWeights:
    def test_percent_and_dollars_weigh_by_themselves(self) -> None:
        held = (Holding("SPY", 60, "percent"), Holding("IWM", 40, "percent"))
        assert weigh(held, sample()) == Weighed({"SPY": 0.6, "IWM": 0.4}, None, {})
        paid = (Holding("IWM", 1000, "dollars"), Holding("SPY", 3000, "dollars"))
        assert weigh(paid, sample()) == Weighed({"SPY": 0.75, "IWM": 0.25}, 4000, {})

    def test_shares_weigh_by_price(self) -> None:
        found = weigh((Holding("IWM", 1, "shares"), Holding("SPY", 1, "shares")), sample())
        assert found.value == pytest.approx(291.200012 + 747.030029)
        assert list(found.weights) == ["SPY", "IWM"]

    def test_shares_of_cash_are_dollars(self) -> None:
        assert weigh((Holding("CASH", 5, "shares"),), sample()).value == 5

    @pytest.mark.parametrize(
        ("written", "stored"), [("BRK.B", "BRKB"), ("BRK/B", "BRKB"), ("IWM", "IWM"), ("CASH", "CASH")]
    )
    def test_spellings(self, written: str, stored: str) -> None:
        assert known_symbol(written, sample()) == stored

    def test_nothing_like_it(self) -> None:
        with pytest.raises(UnknownSymbol) as refused:
            known_symbol("NVDAA", sample())
        assert "NVDA" in refused.value.suggestions


class TestProfiles:
    def test_the_same_company_twice_counts_twice(self) -> None:
        once = profiles.of({"NVDA": 0.5, "CASH": 0.5}, sample())
        assert once.tiers["mega"] == pytest.approx(0.5)
        assert once.groups["cash"] == pytest.approx(0.5)

    def test_a_company_in_neither_index(self) -> None:
        caps = universe.market_caps(sample())["market_cap"].dropna()
        pair = universe.pair(sample())
        listed = {c for side in (pair.small, pair.large) for classes in side.classes().values() for c in classes}
        outside = next(str(s) for s in caps[caps > 1e9].index if s not in listed and s not in sample().symbols())
        assert profiles.of({outside: 1.0}, sample()).groups["neither"] == 1

    def test_before_any_list_all_but_cash_is_unknown(self) -> None:
        found = profiles.of({"NVDA": 0.7, "CASH": 0.3}, sample().at(date(2020, 1, 31)))
        assert (found.groups["unknown"], found.groups["cash"]) == (pytest.approx(0.7), pytest.approx(0.3))
        assert found.day is None
        assert profiles.whole_market(sample().at(date(2020, 1, 31))) is None

    def test_the_oldest_cap_gives_the_day(self) -> None:
        found = profiles.of({"IWM": 1.0}, sample())
        assert found.day == pd.Timestamp(universe.market_caps(sample())["cap_date"].min()).date()
