"""What is stored and what is not: every rule, on recorded data and on data spoilt in one place."""

import io
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market import calendar
from bot.market.validation import Due, Kind, agree, bars, contradicted, jumps, rescaled, steps
from tests.vendors import recorded
from tests.vendors.world import sample

JULY = Due(date(2026, 7, 1), date(2026, 7, 31), newest=date(2026, 7, 30))


def recorded_prices() -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(recorded.text("prices/IWM_ohlc_dividends_2005_2026-05-01.csv")), index_col="Date")
    frame.index = pd.DatetimeIndex(frame.index)
    return frame


def spliced() -> "pd.Series[float]":
    frame = pd.read_csv(io.StringIO(recorded.text("prices/IWM_spliced_adjusted_BAD.csv")), index_col="date")
    frame.index = pd.DatetimeIndex(frame.index)
    return frame["close"]


def july(**changes: float) -> pd.DataFrame:
    """Return July's recorded bars of IWM; ``d20260703=1.0`` sets or adds a close."""
    close = sample().closes("IWM")["2026-07-01":"2026-07-31"]  # type: ignore[misc]  # days slice a DatetimeIndex
    for day, value in changes.items():
        close[pd.Timestamp(day[1:])] = value
    return close.sort_index().rename("close").to_frame()


def test_good_bars_pass_whole() -> None:
    verdict = bars(july(), "fund", JULY)
    assert verdict.frame.equals(july())
    assert (verdict.refusals, verdict.late) == ((), False)
    assert len(verdict.frame) == len(calendar.session_days(date(2026, 7, 1), date(2026, 7, 31))) == 22


@pytest.mark.parametrize(
    ("day", "value", "reason"),
    [
        ("d20260703", 22.0, "not a session of the exchange"),  # Independence Day, observed
        ("d20260704", 22.0, "not a session of the exchange"),
        ("d20260803", 290.0, "the session is still open"),
        ("d20260715", 0.0, "the close is not above zero"),
        ("d20260715", -1.0, "the close is not above zero"),
        ("d20260715", math.nan, "the close is not above zero"),
        ("d20260715", math.inf, "the close is not above zero"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_alone(day: str, value: float, reason: str) -> None:
    verdict = bars(july(**{day: value}), "volatility", JULY)
    assert verdict.reasons == (reason,)
    assert pd.Timestamp(day[1:]) not in verdict.frame.index
    assert len(verdict.frame) == (22 if day != "d20260715" else 21)
    [row] = verdict.refusals[0].rows
    assert row["close"] == pytest.approx(value, nan_ok=True)


def test_rates_may_be_zero_or_below() -> None:
    bill = sample().closes("IRX")["2020-03-01":"2020-03-31"].rename("close").to_frame()  # type: ignore[misc]
    assert bill["close"].min() < 0
    due = Due(date(2020, 3, 1), date(2020, 3, 31), date(2020, 3, 30))
    assert len(bars(bill, "rate", due).frame) == len(bill)
    assert len(bars(bill, "index", due).frame) < len(bill)


def test_each_refused_row_has_one_reason() -> None:
    verdict = bars(july(d20260704=-5.0, d20260803=0.0, d20260715=0.0), "fund", JULY)
    assert sorted(verdict.reasons) == [
        "not a session of the exchange",
        "the close is not above zero",
        "the session is still open",
    ]
    assert [len(refusal.rows) for refusal in verdict.refusals] == [1, 1, 1]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda f: f.iloc[:0], "no bars"),
        (lambda f: pd.concat([f, f.tail(1)]), "a day appears twice"),
        (lambda f: f.iloc[::-1], "days out of order"),
        (lambda f: f.iloc[:11], "ends on 2026-07-16, before what is stored (2026-07-30)"),
        (lambda f: f.iloc[[0, 1, *range(8, 22)]], "6 of 22 sessions are missing"),
    ],
)
def test_an_answer_that_cannot_be_whole_is_refused_altogether(spoil: object, reason: str) -> None:
    assert callable(spoil)
    verdict = bars(spoil(july()), "fund", JULY)
    assert verdict.frame.empty
    assert verdict.reasons[-1] == reason


def test_half_a_history_is_never_stored() -> None:
    whole = sample().closes("SPY").rename("close").to_frame()
    due = Due(date(1998, 1, 1), date(2026, 7, 31))
    assert len(bars(whole, "fund", due).frame) == len(whole)
    half = bars(whole.iloc[: len(whole) // 2], "fund", due)
    assert half.frame.empty
    assert "sessions before the last one" in half.reasons[0]


def test_a_young_fund_may_begin_late() -> None:
    young = sample().total_return("MAGS").rename("close").to_frame()
    assert len(bars(young, "fund", Due(date(1998, 1, 1), date(2026, 7, 31))).frame) == len(young)


def test_a_bar_that_is_not_there_yet_is_late_not_wrong() -> None:
    verdict = bars(july().iloc[:-1], "fund", JULY)
    assert len(verdict.frame) == 21
    assert verdict.late
    assert verdict.refusals == ()


def test_one_session_missing_at_the_vendor_is_let_through() -> None:
    index = sample().closes("RUT")["2026-07-01":"2026-07-31"].rename("close").to_frame()  # type: ignore[misc]
    assert pd.Timestamp("2026-07-09") not in index.index
    assert len(bars(index, "index", JULY).frame) == 21


@pytest.mark.parametrize(
    ("factor", "kind", "expected"),
    [(1.41, "stock", 1), (0.59, "stock", 1), (1.39, "stock", 0), (0.62, "stock", 0), (1.16, "fund", 1),
     (0.84, "fund", 1), (1.14, "fund", 0), (0.86, "index", 0), (0.84, "index", 1), (1.41, "volatility", 0)],
)  # fmt: skip
def test_what_moves_further_than_its_kind_does_is_looked_at(factor: float, kind: Kind, expected: int) -> None:
    frame = july()
    frame.iloc[-1] *= factor * frame.iloc[-2].item() / frame.iloc[-1].item()
    assert len(jumps(frame, kind, JULY)) == expected


@pytest.mark.parametrize(
    ("dividend", "kept"), [(0.0, 22), (0.7, 22), (30.0, 22), (-0.7, 21), (69.5, 21), (math.nan, 21)]
)
def test_a_dividend_that_cannot_be_right_is_refused(dividend: float, kept: int) -> None:
    """None of the record is a hundredth of the price; the largest special ones were a tenth."""
    frame = july().assign(dividend=0.0)
    frame.loc[pd.Timestamp("2026-07-15"), "dividend"] = dividend
    for kind in ("fund", "stock"):
        assert len(bars(frame, kind, JULY).frame) == kept
    assert len(bars(frame, "index", JULY).frame) == 22  # none is read there


def test_a_jump_from_what_is_stored_is_seen() -> None:
    due = Due(date(2026, 7, 31), date(2026, 7, 31), date(2026, 7, 30), close=150.0)
    assert jumps(july().tail(1), "stock", due) == (date(2026, 7, 31),)


def test_volatility_jumps_every_few_years() -> None:
    index = sample().closes("VIX").rename("close").to_frame()
    due = Due(date(2016, 1, 1), date(2026, 7, 31))
    assert jumps(index, "volatility", due) == ()
    assert date(2018, 2, 5) in jumps(index, "index", due)


def test_funds_hardly_ever_jump() -> None:
    """One day in four histories of up to 28 years: the cut of rates on 3 January 2001."""
    data = sample()
    found = {s: jumps(data.closes(s).rename("close").to_frame(), "fund", JULY) for s in ("IWM", "SPY", "QQQ", "IWB")}
    assert found == {"IWM": (), "SPY": (), "QQQ": (date(2001, 1, 3),), "IWB": ()}


def test_a_second_fetch_decides() -> None:
    once, again = july(d20260731=150.0), july()
    day = [date(2026, 7, 31)]
    assert agree(once, once.copy(), day)
    assert not agree(once, again, day)
    assert not agree(once, again.iloc[:-1], day)


def test_the_recorded_series_has_no_steps() -> None:
    frame = recorded_prices()
    assert steps(frame["AdjClose"], frame["Close"], frame["Dividends"]) == ()
    assert (frame["Dividends"] > 0).sum() > 80


def test_a_series_spliced_at_an_ex_date_is_found_out() -> None:
    frame = recorded_prices()
    found = steps(spliced(), frame["Close"], frame["Dividends"])
    assert found == (date(2026, 3, 17),)
    assert frame["Dividends"]["2026-03-17"] == 0.442


def test_a_dividend_that_one_series_does_not_know_is_a_step() -> None:
    frame = recorded_prices()
    forgotten = frame["Dividends"].copy()
    forgotten["2025-12-16"] = 0.0
    known = frame["Dividends"]["2025-12-16"]
    assert known > 0
    assert steps(frame["AdjClose"], frame["Close"], forgotten) == (date(2025, 12, 16),)


@given(st.floats(0.01, 100), st.integers(5, 60), st.integers(0, 2**32 - 1))
def test_scaling_an_adjusted_series_makes_no_step(scale: float, length: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    days = pd.bdate_range("2026-01-02", periods=length)
    close = pd.Series(100 * np.exp(np.cumsum(chance.normal(0, 0.02, length))), index=days)
    dividend = pd.Series(np.where(chance.random(length) < 0.1, chance.random(length), 0.0), index=days)
    factor = (1 - dividend / close.shift(1)).fillna(1.0)
    adjusted = close * factor[::-1].cumprod()[::-1].shift(-1, fill_value=1.0)
    assert steps(adjusted * scale, close, dividend) == ()


@pytest.mark.parametrize("ratio", [2.0, 4.0, 10.0, 0.1, 1.5])
def test_a_new_split_shows_as_one_factor(ratio: float) -> None:
    stored = sample().closes("IWM")["2026-06-01":"2026-07-30"]  # type: ignore[misc]
    assert rescaled(stored, stored / ratio) == pytest.approx(ratio)
    assert rescaled(stored, stored) is None


def test_a_split_told_late_shows_before_its_day_alone() -> None:
    stored = sample().closes("IWM")["2026-06-01":"2026-07-30"]  # type: ignore[misc]
    fetched = stored.copy()
    fetched[:"2026-06-10"] /= 2  # type: ignore[misc]
    assert rescaled(stored, fetched) == pytest.approx(2.0)


def test_a_corrected_day_is_no_split() -> None:
    stored = sample().closes("IWM")["2026-06-01":"2026-07-30"]  # type: ignore[misc]
    corrected = stored.copy()
    corrected.iloc[5] *= 1.02
    assert rescaled(stored, corrected) is None
    assert rescaled(stored.iloc[:2], stored.iloc[:2] / 2) is None


@pytest.mark.parametrize(
    ("days", "factor", "found"), [(0, 2.0, 0), (5, 2.0, 0), (6, 2.0, 6), (22, 1.02, 22), (22, 1.005, 0)]
)
def test_an_answer_that_contradicts_what_is_stored(days: int, factor: float, found: int) -> None:
    stored = july()["close"]
    fetched = stored.copy()
    fetched.iloc[:days] *= factor
    assert contradicted(stored, fetched) == found
    assert contradicted(stored.iloc[:0], fetched) == 0
