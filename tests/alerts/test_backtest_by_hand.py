"""Backtests of the thesis's own watch list, worked out again from recorded closes, dividends and yields alone.

Plain lists, loops and the definitions in words; nothing of the code under test but the data it reads.
"""

import statistics
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.alerts import catalogue
from bot.alerts.backtest import Backtest, backtest, spreads_ahead
from bot.alerts.presets import presets
from bot.alerts.rule import Rule
from bot.market.dataset import Dataset

Series = list[tuple[date, float]]
HORIZONS = (21, 63, 126, 252)


def closes(sample: Dataset, symbol: str) -> Series:
    return [(stamp.date(), float(value)) for stamp, value in sample.closes(symbol).items()]


def total_return(sample: Dataset, symbol: str) -> dict[date, float]:
    """What one dollar became: each close and the dividend of that ex-date over the close before."""
    paid = {stamp.date(): float(value) for stamp, value in sample.dividends(symbol).items()}
    grown: dict[date, float] = {}
    worth, before = 1.0, None
    for day, close in closes(sample, symbol):
        if before is not None:
            worth *= (close + paid.get(day, 0.0)) / before
        grown[day], before = worth, close
    return grown


def rule_of(preset_id: str) -> Rule:
    (rule,) = next(preset.rules for preset in presets() if preset.id == preset_id)
    return rule


# when each rule of the watch list speaks, in its own words


def record_closes(sample: Dataset) -> list[date]:
    """A close above every earlier one, after one that was not; at most once in seven days."""
    fires: list[date] = []
    highest, waiting = None, False
    for day, close in closes(sample, "IWM"):
        if highest is not None and close > highest:
            if waiting and (not fires or day - fires[-1] >= timedelta(days=7)):
                fires.append(day)
            waiting = False
        elif highest is not None:
            waiting = True
        highest = close if highest is None else max(highest, close)
    return fires


def switches(sample: Dataset) -> list[date]:
    """Small leads above the 200-session mean with the 50-session mean above its own of 20 sessions before."""
    small, large = total_return(sample, "IWM"), total_return(sample, "SPY")
    days = sorted(small.keys() & large.keys())
    ratio = [small[day] / large[day] for day in days]
    fires, confirmed, seen, run = [], None, None, 0
    for place in range(199, len(days)):
        mean = sum(ratio[place - 199 : place + 1]) / 200
        now, then = (sum(ratio[p - 49 : p + 1]) / 50 for p in (place, place - 20))
        up, down = ratio[place] > mean and now > then, ratio[place] < mean and now < then
        state = "small" if up else "large" if down else "mixed"
        run, seen = (run + 1 if state == seen else 1), state
        if run >= 5 and state != confirmed:
            if confirmed is not None:
                fires.append(days[place])
            confirmed = state
    return fires


def cheap(sample: Dataset) -> list[date]:
    """IWM over IWB in the lowest twentieth of all sessions so far, after having been out of it; 21 days apart."""
    large = dict(closes(sample, "IWB"))
    fires: list[date] = []
    seen: list[float] = []
    waiting = False
    for day, close in closes(sample, "IWM"):
        if day not in large:
            continue
        level = close / large[day]
        place = bisect_left(seen, level)
        seen.insert(place, level)
        at_or_below = next((p for p in range(place, len(seen)) if seen[p] > level), len(seen))
        if len(seen) < 60:
            continue
        if at_or_below / len(seen) > 0.05:
            waiting = True
        elif waiting and (not fires or day - fires[-1] >= timedelta(days=21)):
            fires.append(day)
            waiting = False
        else:
            waiting = False
    return fires


def falling_yield(sample: Dataset) -> list[date]:
    """Half a point or more below the highest of the 63 yields before, after a day on which it was not."""
    known = sample.macro_known("DGS2").dropna()
    by_day = {stamp.date(): float(value) for stamp, value in zip(known["known"], known["value"], strict=True)}
    days = sorted(by_day)
    yields = [round(by_day[day] * 10_000) for day in days]  # whole basis points, as published
    fires: list[date] = []
    waiting = False
    for place in range(63, len(days)):
        fallen = max(yields[place - 63 : place]) - yields[place]
        if fallen < 50:
            waiting = True
        elif waiting:
            if not fires or days[place] - fires[-1] >= timedelta(days=21):
                fires.append(days[place])
            waiting = False
    return fires


CASES: dict[str, Callable[[Dataset], list[date]]] = {
    "record": record_closes,
    "regime": switches,
    "relative_level": cheap,
    "two_year_yield": falling_yield,
}
each = pytest.mark.parametrize("name", CASES)


@pytest.fixture(scope="module")
def done(sample: Dataset) -> dict[str, Backtest]:
    forwards = spreads_ahead(sample)
    found = {}
    for name in CASES:
        rule = rule_of(name)
        series = catalogue.series(catalogue.find(rule.indicator, sample), sample)
        assert series is not None
        found[name] = backtest(rule, series, forwards)
    return found


@each
def test_the_days_on_which_it_fires(sample: Dataset, done: dict[str, Backtest], name: str) -> None:
    assert [day for day, _value in done[name].fires] == CASES[name](sample)


@each
def test_what_followed_and_what_follows_any_day(sample: Dataset, done: dict[str, Backtest], name: str) -> None:
    """Acted on at the close of the first session from the fire on; of events within 21 sessions the first counts."""
    small, large = total_return(sample, "IWM"), total_return(sample, "SPY")
    days = sorted(small.keys() & large.keys())
    kept: list[int] = []
    for day in CASES[name](sample):
        place = bisect_left(days, day)
        if day >= days[0] and place < len(days) and (not kept or place - kept[-1] > 21):
            kept.append(place)

    def ahead(place: int, horizon: int) -> float:
        now, then = days[place], days[place + horizon]
        return small[then] / small[now] - large[then] / large[now]

    assert [stamp.date() for stamp in done[name].kept] == [days[place] for place in kept]
    assert [one.horizon for one in done[name].followed] == list(HORIZONS)
    for one in done[name].followed:
        complete = [place for place in kept if place + one.horizon < len(days)]
        after = [ahead(place, one.horizon) for place in complete]
        inside = [p for p in range(len(days) - one.horizon) if done[name].first <= days[p] <= done[name].last]
        base = [ahead(place, one.horizon) for place in inside]
        assert (one.events, one.base) == (len(after), len(base))
        assert one.median == pytest.approx(statistics.median(after), abs=1e-9)
        assert one.share_positive == pytest.approx(sum(value > 0 for value in after) / len(after))
        assert one.base_median == pytest.approx(statistics.median(base), abs=1e-9)
        assert one.base_share_positive == pytest.approx(sum(value > 0 for value in base) / len(base))
        apart, last = 0, None
        for place in complete:
            if last is None or place - last >= one.horizon:
                apart, last = apart + 1, place
        assert one.separate == apart


def test_how_often_and_in_how_many_months_too_often(sample: Dataset, done: dict[str, Backtest]) -> None:
    for name, fires_of in CASES.items():
        fires, found = fires_of(sample), done[name]
        years = (found.last - found.first).days / 365.25
        assert found.per_year == pytest.approx(len(fires) / years)
        months = [(day.year, day.month) for day in fires]
        most = max(months.count(month) for month in months)
        assert (found.busy is None) == (most <= 4)
