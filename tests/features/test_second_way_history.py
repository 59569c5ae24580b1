"""What followed events, worked out in plain loops: days, de-clustering, forward returns, base rates, intervals."""

import math
import statistics
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from tests.features.answers import ask, rows, values
from tests.features.second_way import archive, at, bars, together

DAYS = ("2026-07-31", "2019-06-28")
HORIZONS = (21, 63, 126, 252)


class Past:
    """Both sides on their common sessions, and what is measured: the small one, or it over the large one."""

    def __init__(self, until: str) -> None:
        self.until = until
        self.days, self.small, self.large = together("IWM", "SPY", until)
        self.strength = [a / b for a, b in zip(self.small, self.large, strict=True)]

    def records(self) -> tuple[list[int], int]:
        """Return positions of record closes 365 days or more after the last, and the first that could be one."""
        closes = [close for _day, close, _paid in bars("IWM", self.until)]
        found, last = [], 0
        for n in range(1, len(closes)):
            if closes[n] > max(closes[:n][last:]):
                if (self.days[n] - self.days[last]).days >= 365:
                    found.append(n)
                last = n
        return found, next(n for n, day in enumerate(self.days) if (day - self.days[0]).days >= 365)

    def crossings(self) -> tuple[list[int], int]:
        """Return where relative strength rises through its 200-session mean."""
        gaps = {
            n: self.strength[n] - statistics.fmean(self.strength[n - 199 : n + 1]) for n in range(199, len(self.days))
        }
        return [n for n in gaps if n > 199 and gaps[n] > 0 >= gaps[n - 1]], 199

    def leads(self) -> tuple[list[int], int]:
        """Return where small's lead over six months passes ten points."""
        gaps: dict[int, float] = {}
        for n, day in enumerate(self.days):
            month = day.year * 12 + day.month - 7
            last = 31
            while True:
                try:
                    start = date(month // 12, month % 12 + 1, min(day.day, last))
                    break
                except ValueError:
                    last -= 1
            begin = at(self.days, start)
            if begin >= 0:
                gaps[n] = self.small[n] / self.small[begin] - self.large[n] / self.large[begin]
        first = min(gaps)
        return [n for n in gaps if n > first and gaps[n] > 0.1 >= gaps[n - 1]], first


def kept(positions: list[int]) -> list[int]:
    """Return the events more than 21 sessions after the last one kept."""
    found: list[int] = []
    for n in positions:
        if not found or n - found[-1] > 21:
            found.append(n)
    return found


def interval(returns: list[float], horizon: int) -> tuple[float, float]:
    """Return the 5th and 95th percentile of the median over 2,000 draws of blocks that wrap around at the end."""
    count = len(returns)
    block = min(count, -(-horizon // 21))
    starts = np.random.default_rng(20251204).integers(0, count, size=(2000, -(-count // block), 1))[:, :, 0]
    medians = sorted(
        statistics.median([returns[(start + n) % count] for start in draw for n in range(block)][:count])
        for draw in starts.tolist()
    )

    def percentile(share: float) -> float:
        place = share * (len(medians) - 1)
        low = math.floor(place)
        return medians[low] + (place - low) * (medians[min(low + 1, len(medians) - 1)] - medians[low])

    return percentile(0.05), percentile(0.95)


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("event", ["record", "mean", "spread"])
def test_what_followed(event: str, until: str) -> None:
    past = Past(until)
    positions, first = {"record": past.records, "mean": past.crossings, "spread": past.leads}[event]()
    events = kept(positions)
    report = ask("history", until, event=event)
    assert [row["date"] for row in rows(report, "events")] == [past.days[n] for n in events]
    assert values(report)["events"] == len(events)
    assert f"of {len(positions)}, {len(events)} were kept" in report.notes[0]
    for table, levels in (("forward_returns", past.small), ("forward_relative", past.strength)):
        told = {row["horizon_sessions"]: row for row in rows(report, table)}
        assert list(told) == list(HORIZONS)
        for horizon, row in told.items():
            after = [levels[n + horizon] / levels[n] - 1 for n in events if n + horizon < len(levels)]
            base = [levels[n + horizon] / levels[n] - 1 for n in range(first, len(levels) - horizon)]
            assert (row["events"], row["base_sessions"]) == (len(after), len(base))
            assert row["median"] == pytest.approx(statistics.median(after), abs=1e-12)
            assert row["share_positive"] == pytest.approx(sum(one > 1e-12 for one in after) / len(after))
            assert row["base_median"] == pytest.approx(statistics.median(base), abs=1e-12)
            assert row["base_share_positive"] == pytest.approx(sum(one > 1e-12 for one in base) / len(base))
            separate, free = 0, -1
            for n in events[: len(after)]:
                if n >= free:
                    separate, free = separate + 1, n + horizon
            assert row["separate"] == separate
            if len(after) < 5:
                assert (row["ci_low"], row["ci_high"], row["remark"]) == (None, None, "too few to say")
            else:
                assert (row["ci_low"], row["ci_high"]) == pytest.approx(interval(after, horizon), abs=1e-12)


@pytest.mark.parametrize("until", DAYS)
def test_first_cuts_come_from_the_table_of_decisions(until: str) -> None:
    columns = (archive().column("fed_changes", name).tolist() for name in ("day", "upper"))
    decisions = [row for row in zip(*columns, strict=True) if row[0] <= date.fromisoformat(until)]
    steps = [(day, new - old) for (_before, old), (day, new) in pairwise(decisions) if new != old]
    firsts = [day for (_before, earlier), (day, step) in pairwise(steps) if step < 0 < earlier]
    past = Past(until)
    wanted = [next(one for one in past.days if one >= day) for day in firsts if day >= past.days[0]]
    assert [row["date"] for row in rows(ask("history", until, event="cut"), "events")] == wanted


@pytest.mark.parametrize("until", DAYS)
def test_spells_of_leadership_by_what_the_rotation_said_on_each_day(until: str) -> None:
    """A spell's first session is the one on which the card of that day first names the leader."""
    past = Past(until)
    places = {day: n for n, day in enumerate(past.days)}
    for row in rows(ask("history", until, event="cycles"), "cycles")[-3:]:
        begin, end = places[row["start"]], places[row["end"]]
        assert row["sessions"] == end - begin + 1
        assert row["small"] == pytest.approx(past.small[end] / past.small[begin] - 1)
        assert row["large"] == pytest.approx(past.large[end] / past.large[begin] - 1)
        relative = past.strength[end] / past.strength[begin]
        assert row["gain"] == pytest.approx((relative if row["leader"] == "IWM" else 1 / relative) - 1)
        state = "small" if row["leader"] == "IWM" else "large"
        on, before = (values(ask("rotation", past.days[n].isoformat()))["regime"] for n in (begin, begin - 1))
        assert (on, before != state) == (state, True)
        assert values(ask("rotation", row["end"].isoformat()))["regime"] == state
