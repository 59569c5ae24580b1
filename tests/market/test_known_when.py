"""Nothing after a day leaks into it: a dataset cut at that day shows the very same as the whole one seen from it."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bot.errors import UserError
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.frames import Frame, FundFacts, Holdings
from bot.market.universe import Members, Pair
from tests.truncation import truncated

FULL = Dataset.open("sample")
NOTABLE = ["1998-01-02", "2008-12-16", "2025-12-04", "2026-05-28", "2026-07-13", "2026-07-17", "2026-07-30"]
_DRAWN = random.Random(20251204).sample([stamp.date() for stamp in FULL.sessions], 4)
DAYS = [*map(date.fromisoformat, NOTABLE), *_DRAWN]
SERIES = ["DGS2", "DGS10", "DFF", "ICSA", "NFCI", "UNRATE", "FEDFUNDS", "BAMLH0A0HYM2", "T10Y2Y", "DFEDTARU"]

QUESTIONS: dict[str, Callable[[Dataset], Any]] = {
    "as_of": lambda data: data.as_of,
    "sessions": lambda data: data.sessions,
    "symbols": lambda data: data.symbols(),
    "closes": lambda data: [data.closes(s) for s in data.symbols() if data.basis(s) != "adjusted"],
    "total return": lambda data: [data.total_return(s) for s in data.symbols() if data.basis(s) != "level"],
    "ohlc": lambda data: data.ohlc("IWM"),
    "futures": lambda data: data.futures(),
    "meetings": lambda data: data.fomc_meetings(),
    "changes": lambda data: data.fed_changes(),
    "small members": lambda data: data.holdings("IWM"),
    "large members": lambda data: data.holdings("IWB"),
    "snapshot": lambda data: data.snapshot(),
    "snapshot before": lambda data: data.snapshot(before=data.snapshot().date),
    "snapshot dates": lambda data: data.snapshot_dates(),
    "estimates": lambda data: data.estimates(),
    "fundamentals": lambda data: data.fundamentals(),
    "market": lambda data: data.market(),
    "settlements": lambda data: data.settlements(),
    "short interest": lambda data: data.short_interest(),
    "facts": lambda data: data.fund_facts("IWM"),
    "indices": universe.indices,
    "pair": universe.pair,
    "caps": universe.market_caps,
    **{name: lambda data, name=name: data.macro_known(name) for name in SERIES},
}


def answer(question: Callable[[Dataset], Any], data: Dataset) -> Any:
    try:
        return question(data)
    except UserError:  # a fund not listed yet is unknown to the one and known to be coming to the other
        return "refused"


def assert_same(first: Any, second: Any) -> None:
    assert type(first) is type(second)
    if isinstance(first, pd.DataFrame):
        pd.testing.assert_frame_equal(first, second)
    elif isinstance(first, pd.Series):
        pd.testing.assert_series_equal(first, second)
    elif isinstance(first, pd.DatetimeIndex):
        assert first.equals(second)
    elif isinstance(first, list):
        assert len(first) == len(second)
        for one, other in zip(first, second, strict=True):
            assert_same(one, other)
    elif isinstance(first, Frame | Holdings | FundFacts | Members | Pair):
        for name in first.__slots__:
            assert_same(getattr(first, name), getattr(second, name))
    else:
        assert first == second


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_dataset_cut_at_a_day_shows_the_same(day: date) -> None:
    cut, seen = truncated(day), FULL.at(day)
    for name, question in QUESTIONS.items():
        expected = answer(question, cut)
        try:
            assert_same(answer(question, seen), expected)
        except AssertionError as fault:
            raise AssertionError(f"{name} on {day}: {fault}") from fault


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_date_in_any_answer_lies_ahead(day: date) -> None:
    seen = FULL.at(day)
    limit = pd.Timestamp(day)
    for name in SERIES:
        known = answer(lambda data, name=name: data.macro_known(name), seen)
        if isinstance(known, pd.DataFrame):
            assert known["known"].max() <= limit
            assert (known.index < known["known"]).all()
    for symbol in seen.symbols():
        series = seen.closes(symbol) if seen.basis(symbol) == "level" else seen.total_return(symbol)
        assert series.index.max() <= limit
        assert np.isfinite(series.to_numpy()).all()


def test_the_cut_is_a_real_one() -> None:
    cut = truncated(date(2026, 7, 17))
    assert cut.last == date(2026, 7, 17)
    assert cut.version != FULL.version
    assert cut.closes("IWM").iloc[-1] == FULL.closes("IWM")["2026-07-17"]
