"""The same answer, or the same refusal, from data that ends on the day asked for.

Days and options are drawn at random: ``questions`` asks every question in the ways that people ask it.
"""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot import features, metrics
from bot.errors import UserError
from bot.market.dataset import Dataset
from bot.report import Report
from tests.features.answers import ask, assert_equal, sample
from tests.truncation import truncated

FIRST_FILES = date(2026, 4, 15)  # a little before the first member list, snapshot and settlement of the sample

sessions_of_files = st.sampled_from([d.date() for d in sample().sessions if d.date() >= FIRST_FILES])
any_session = st.sampled_from([d.date() for d in sample().sessions])
any_day = st.dates(sample().sessions[0].date(), sample().last)  # weekends and holidays too

_PAIRS = [{}, {"small": "IWN", "large": "QQQ"}, {"small": "IJR", "large": "IWB"}]
_SYMBOLS = ["IWM", "SPY", "NVDA", "META", "GME", "BRKB", "MAGS"]
_RULES: list[dict[str, Any]] = [
    {},
    {"indicator": "rotation.regime", "condition": "changes_state"},
    {"indicator": "rates.yield_2y", "condition": "changes_by", "direction": "down", "threshold": 0.005, "within": 63},
    {"indicator": "shortinterest.weighted.r2000", "condition": "above", "threshold": 0.055},
]
OPTIONS: dict[str, "st.SearchStrategy[dict[str, Any]]"] = {
    "alert": st.sampled_from(_RULES),
    "allocation": st.fixed_dictionaries(
        {"holdings": st.sampled_from(["SPY 60, IWM 20, NVDA 20", "IWM 100 shares, GME 5 shares", "MAGS 50, CASH 50"])},
        optional={"window": st.sampled_from(["1y", "max"]), "shift": st.floats(0.05, 1)},
    ),
    "breadth": st.sampled_from([{}, {"window": "3y"}, {"window": "max"}]),
    "earnings": st.sampled_from([{}, {"symbol": "NVDA"}, {"symbol": "GME"}]),
    "explain": st.fixed_dictionaries({"metric": st.sampled_from(sorted(metrics.catalogue()))}),
    "funds": st.sampled_from([{}, {"symbols": ("IWM", "MAGS"), "window": "1y"}, {"window": "max"}]),
    "highs": st.sampled_from([{}, {"fund": "RUT"}, {"fund": "SPY"}]),
    "history": st.builds(
        lambda pair, event, side: {**pair, "event": event, "side": side},
        st.sampled_from([{}, {"small": "IWM", "large": "QQQ"}]),
        st.sampled_from(["record", "regime", "mean", "cut", "spread", "shorts", "rallies", "cycles"]),
        st.sampled_from(["small", "large"]),
    ),
    "indicator": st.sampled_from(
        [{}, {"indicator": "risks.slowdown"}, {"indicator": "highs.drawdown", "window": "1y"}]
    ),
    "position": st.fixed_dictionaries({"symbol": st.sampled_from(_SYMBOLS)}),
    "quote": st.fixed_dictionaries({"symbol": st.sampled_from(_SYMBOLS)}),
    "rates": st.sampled_from([{}, {"window": "3m"}]),
    "rotation": st.builds(
        lambda pair, window: {**pair, "window": window}, st.sampled_from(_PAIRS), st.sampled_from(["1w", "6m", "max"])
    ),
    "rrg": st.sampled_from([{}, {"symbols": ("NVDA", "TLT"), "benchmark": "IWM"}]),
    "shortinterest": st.sampled_from([{}, {"symbols": ("GME",)}, {"symbols": ("SPY", "BRKB")}]),
    "squeeze": st.sampled_from([{}, {"n": 5, "sector": "Energy"}, {"index": "IWB", "cap": "large"}]),
    "storm": st.just({"alerts": _RULES}),
    "style": st.sampled_from([{}, {"window": "max"}]),
    "years": st.sampled_from([{}, {"since": 2001}, *_PAIRS[1:]]),
}


def questions(feature: str) -> "st.SearchStrategy[dict[str, Any]]":
    """Return options for a question, the usual ones among them."""
    return OPTIONS.get(feature, st.just({}))


def everything() -> "st.SearchStrategy[dict[str, dict[str, Any]]]":
    """Return one way to ask each question there is, by its name."""
    return st.fixed_dictionaries({name: questions(name) for name in features.names()})


def _answer(feature: str, dataset: Dataset, options: dict[str, Any]) -> Report | str:
    try:
        return ask(feature, dataset, **options)
    except UserError as refusal:
        return type(refusal).__name__


def assert_same_without_the_future(feature: str, day: date, **options: Any) -> None:
    """Compare the answer as of a day with the one on data that ends there: reports whole, or both refused.

    Of several symbols only those are asked for that were listed by then: an archive cut before the first day of one has
    never heard of it, where the whole one says when its data begins.
    """
    if "symbols" in options:
        later = set(sample().symbols()) - set(truncated(day).symbols())
        options["symbols"] = tuple(symbol for symbol in options["symbols"] if symbol not in later)
        if not options["symbols"]:
            return
    seen, cut = _answer(feature, sample().at(day), options), _answer(feature, truncated(day), options)
    if isinstance(seen, str) or isinstance(cut, str):
        # an archive cut before a symbol's first day has never heard of it: both refuse, each in its own words
        assert isinstance(seen, str), cut
        assert isinstance(cut, str), seen
        return
    assert_equal(seen, cut)
    assert all(stat.as_of is None or stat.as_of <= day for stat in seen.stats)
