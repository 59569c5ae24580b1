"""Returns, regimes, records and calendar years worked out in plain loops from the recorded closes and dividends."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.features.answers import ask, rows, values
from tests.features.second_way import Closes, at, bars, reinvested, together, whole

DAYS = ("2025-12-04", "2026-07-31", "2013-06-28")
STARTS = {"1m": (0, 1), "6m": (0, 6), "1y": (1, 0), "3y": (3, 0), "5y": (5, 0)}


def start_of(window: str, until: date) -> date:
    years, months = STARTS[window]
    month = until.year * 12 + until.month - 1 - 12 * years - months
    for day in range(until.day, 0, -1):
        try:
            return date(month // 12, month % 12 + 1, day)
        except ValueError:
            continue
    raise AssertionError


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("window", STARTS)
def test_returns_and_spreads(window: str, until: str) -> None:
    found = values(ask("rotation", until, window=window))
    days, small, large = together("IWM", "SPY", until)
    begin = at(days, start_of(window, date.fromisoformat(until)))
    assert found["window.start"] == days[begin]
    assert found["return.small"] == pytest.approx(small[-1] / small[begin] - 1, abs=1e-12)
    assert found["return.large"] == pytest.approx(large[-1] / large[begin] - 1, abs=1e-12)
    assert found["spread"] == pytest.approx(small[-1] / small[begin] - large[-1] / large[begin], abs=1e-12)


def verdicts(strength: list[float]) -> list[str | None]:
    """Return each session's own regime, None while a mean is missing."""

    def mean(end: int, count: int) -> float:
        return sum(strength[end - count + 1 : end + 1]) / count

    found: list[str | None] = []
    for t, level in enumerate(strength):
        if t < 199:
            found.append(None)
            continue
        above, rising = level - mean(t, 200), mean(t, 50) - mean(t - 20, 50)
        same = 1e-12 * level
        found.append(
            "small" if above > same and rising > same else "large" if above < -same and rising < -same else "mixed"
        )
    return found


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize(("small", "large"), [("IWM", "SPY"), ("IWO", "IWN")])
def test_the_regime_with_the_days_it_began_and_was_confirmed(small: str, large: str, until: str) -> None:
    days, one, other = together(small, large, until)
    state, since, confirmed, run = None, None, None, 0
    told = verdicts([a / b for a, b in zip(one, other, strict=True)])
    for t, said in enumerate(told):
        run = run + 1 if said is not None and t and said == told[t - 1] else 1
        if said is not None and run == 5 and said != state:
            state, since, confirmed = said, days[t - 4], days[t]
    found = values(ask("rotation", until, small=small, large=large))
    assert (found["regime"], found["regime.since"], found["regime.confirmed"]) == (state, since, confirmed)


def records(closes: Closes) -> list[tuple[date, float]]:
    """Return the closes above all before, the first of which is the first close itself."""
    found: list[tuple[date, float]] = []
    for day, close, _paid in closes:
        if not found or round(close, 4) > found[-1][1]:
            found.append((day, round(close, 4)))
    return found


@pytest.mark.parametrize("until", [*DAYS, "2025-09-18", "2000-06-01", "2009-03-09"])
@pytest.mark.parametrize("fund", ["IWM", "SPY", "QQQ", "RUT"])
def test_records_their_counts_and_gaps(fund: str, until: str) -> None:
    found, set_ = values(ask("highs", until, fund=fund)), records(bars(fund, until))
    year = int(until[:4])
    assert (found["record.date"], found["record.close"]) == set_[-1]
    assert found["records.this_year"] == sum(day.year == year for day, _close in set_[1:])
    if len(set_) > 1:
        assert found["record.gap_days"] == (set_[-1][0] - set_[-2][0]).days
    listed = {row["date"]: row["gap_days"] for row in rows(ask("highs", until, fund=fund), "records")}
    assert listed == {b[0]: (b[0] - a[0]).days for a, b in list(pairwise(set_))[-20:]}


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize(("small", "large"), [("IWM", "SPY"), ("IWB", "QQQ")])
def test_calendar_years_with_the_one_in_progress(small: str, large: str, until: str) -> None:
    asked = ask("years", until, small=small, large=large, since=2005)
    days, one, other = together(small, large, until)
    ends = {day.year: t for t, day in enumerate(days)}
    for row in rows(asked, "calendar_years"):
        start, end = ends[row["year"] - 1], ends[row["year"]]
        assert row["small"] == pytest.approx(one[end] / one[start] - 1, abs=1e-12)
        assert row["large"] == pytest.approx(other[end] / other[start] - 1, abs=1e-12)
        assert row["partial"] == (row["year"] == int(until[:4]))
    full = [row["spread"] for row in rows(asked, "calendar_years") if not row["partial"]]
    assert [row["year"] for row in rows(asked, "calendar_years")] == list(range(2005, int(until[:4]) + 1))
    found = values(asked)
    assert (found["years.ahead"], found["years.full"]) == (sum(spread > 0 for spread in full), len(full))
    assert (found["best.spread"], found["worst.spread"]) == (max(full), min(full))


class TestDividends:
    """Which convention of reinvesting gives whose figures, in exact arithmetic on the recorded closes."""

    @staticmethod
    def year(symbol: str, year: int, *, vendor: bool) -> Decimal:
        """Return a year's total return in percent to two places.

        Ours puts a dividend into shares at the close of its ex-date, the vendor's adjusted close at the close
        before less the dividend: C(t) / (C(t-1) - D(t)).
        """
        grown, before = Decimal(1), Decimal(0)
        for day, close, paid in whole(symbol):
            now, dividend = Decimal(repr(close)), Decimal(repr(paid))
            if day.year == year:
                grown *= now / (before - dividend) if vendor else (now + dividend) / before
            before = now
        return round((grown - 1) * 100, 2)

    @pytest.mark.parametrize(
        ("symbol", "year", "ours", "vendors"),
        [
            ("SPY", 2022, "-18.17", "-18.18"),
            ("SPY", 2023, "26.19", "26.18"),
            ("SPY", 2024, "24.89", "24.89"),
            ("SPY", 2025, "17.72", "17.72"),
            ("IWM", 2022, "-20.48", "-20.48"),
            ("IWM", 2023, "16.84", "16.83"),
            ("IWM", 2024, "11.39", "11.38"),
            ("IWM", 2025, "12.66", "12.66"),
        ],
    )
    def test_ours_is_the_definition_and_the_other_one_explains_the_hundredth(
        self, symbol: str, year: int, ours: str, vendors: str
    ) -> None:
        assert self.year(symbol, year, vendor=False) == Decimal(ours)
        assert self.year(symbol, year, vendor=True) == Decimal(vendors)
        shown = next(row for row in rows(ask("years", since=2022, small="IWM", large="SPY"), "calendar_years")
                     if row["year"] == year)  # fmt: skip
        assert round(shown["small" if symbol == "IWM" else "large"] * 100, 2) == float(ours)

    def test_the_definition_is_a_dollar_reinvested_at_the_ex_dates_close(self) -> None:
        """(C + D) / C(before) is C / C(before) times 1 + D / C: as many more shares as it buys that evening."""
        days, values_ = reinvested("SPY", "2026-07-31")
        ends = {day.year: t for t, day in enumerate(days)}
        for year in (2022, 2023):
            grown = values_[ends[year]] / values_[ends[year - 1]] - 1
            assert round(grown * 100, 2) == float(self.year("SPY", year, vendor=False))
