"""Rates, their sensitivity, cycles of cuts and the gauges of risk worked out a second way, on several days."""

import math
from bisect import bisect_right
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from statsmodels.api import OLS, add_constant

from bot.features.risks import words as says
from bot.market import calendar
from tests.features.answers import ask, rows, values
from tests.features.second_way import archive, at, observed, published, together

DAYS = ("2025-12-04", "2026-07-31", "2018-12-21")
AGAINST = {"2y": "DGS2", "10y": "DGS10"}


def complete_weeks(days: list[date], until: date) -> list[int]:
    """Return the positions of the last session of every Monday-to-Friday week that is over.

    Of the days asked here one is a Thursday, two are Fridays: a Friday completes its week.
    """
    last = {day.isocalendar()[:2]: n for n, day in enumerate(days)}
    if until.weekday() < 4:
        del last[until.isocalendar()[:2]]
    return sorted(last.values())


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("name", AGAINST)
def test_the_sensitivity_is_what_statsmodels_makes_of_the_weeks(name: str, until: str) -> None:
    days, small, large = together("IWM", "SPY", until)
    known = observed(AGAINST[name], until)
    known_days, yields = [day for day, _value in known], [value for _day, value in known]
    y, x = [], []
    weeks = complete_weeks(days, date.fromisoformat(until))
    for before, week in pairwise(weeks):
        seen = [at(known_days, days[n]) for n in (before, week)]
        if seen[0] >= 0:
            y.append(small[week] / small[before] - large[week] / large[before])
            x.append((yields[seen[1]] - yields[seen[0]]) * 100)
    fit = OLS(y[-104:], add_constant(x[-104:])).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "kernel": "bartlett", "use_correction": False}
    )
    found = values(ask("rates", until))
    assert found[f"sensitivity.{name}.n"] == fit.nobs == 104
    assert found[f"sensitivity.{name}.beta"] == pytest.approx(fit.params[1], rel=1e-8)
    assert found[f"sensitivity.{name}.t"] == pytest.approx(fit.tvalues[1], rel=1e-8)
    assert found[f"sensitivity.{name}.r2"] == pytest.approx(fit.rsquared, rel=1e-8)


@pytest.mark.parametrize("until", DAYS)
def test_yields_slope_and_what_futures_expect(until: str) -> None:
    found = values(ask("rates", until))
    last = {series: observed(series, until)[-1][1] for series in ("DGS2", "DGS10", "DFF", "DGS3MO")}
    assert (found["yield_2y"], found["yield_10y"]) == (last["DGS2"], last["DGS10"])
    assert found["slope_10y2y_bp"] == pytest.approx((last["DGS10"] - last["DGS2"]) * 1e4)
    day = date.fromisoformat(until)
    contract = (day.year + 1) * 100 + day.month
    columns = (archive().column("futures", name).tolist() for name in ("day", "contract", "close"))
    settled = [row for row in zip(*columns, strict=True) if row[1] == contract and row[0] <= day]
    if settled:
        expected = (100 - settled[-1][2] - 100 * last["DFF"]) * 100
        assert found["expected_change_12m_bp"] == pytest.approx(expected, abs=1e-6)
    else:
        assert found["expected_change_12m_bp"] is None
        assert found["expected_change_3m_bp"] == pytest.approx((last["DGS3MO"] - last["DFF"]) * 1e4)


def months_after(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError


@pytest.mark.parametrize("until", ["2026-07-31", "2025-12-04", "2008-06-30"])
def test_every_cycle_of_cuts(until: str) -> None:
    columns = (archive().column("fed_changes", name).tolist() for name in ("day", "upper"))
    decisions = [row for row in zip(*columns, strict=True) if row[0] <= date.fromisoformat(until)]
    days, small, large = together("IWM", "SPY", until)

    def spread(decision: date, months: int) -> float | None:
        start = next(n for n, day in enumerate(days) if day >= decision)
        end = months_after(days[start], months)
        if end > days[-1]:
            return None
        stop = at(days, end)
        return small[stop] / small[start] - large[stop] / large[start]

    cycles: list[list[date]] = []
    rising = False
    for (_before, old), (day, new) in pairwise(decisions):
        if new < old and rising:
            cycles.append([])
        if new < old and cycles:
            cycles[-1].append(day)
        rising = new > old if new != old else rising
    told = rows(ask("rates", until), "cut_cycles")
    wanted = [run for run in cycles if run[0] >= days[0]]
    assert [row["first_cut"] for row in told] == [run[0] for run in wanted]
    for row, run in zip(told, wanted, strict=True):
        for months in (1, 3, 6, 12):
            for key, day in ((f"first_{months}m", run[0]), (f"last_{months}m", run[-1])):
                after = spread(day, months)
                if after is None or key not in row:
                    assert row.get(key) is None, key
                else:
                    assert row[key] == pytest.approx(after, abs=1e-12), key


class TestGauges:
    """Each input's reading on every week, and the share of those so far at or below today's."""

    @staticmethod
    def weeks(until: str) -> list[date]:
        """Return the last session of every week since 1990, today's included."""
        days = calendar.session_days(date(1990, 1, 2), date.fromisoformat(until))
        return sorted({day.isocalendar()[:2]: day for day in days}.values())

    @staticmethod
    def share(readings: list[float]) -> float:
        assert len(readings) >= 60
        return sum(value <= readings[-1] for value in readings) / len(readings)

    def ratio(self, over: str, under: str, until: str) -> float:
        days, one, other = together(over, under, until)
        levels = [a / b for a, b in zip(one, other, strict=True)]
        places = {day: n for n, day in enumerate(days)}
        return self.share([
            math.log(levels[n] / (sum(levels[n - 251 : n + 1]) / 252))
            for week in self.weeks(until) if (n := places.get(week, -1)) >= 251
        ])  # fmt: skip

    def claims(self, until: str) -> float:
        """Return the share for claims: the newest 4-week mean known, against that of 52 weeks before."""
        known = published("ICSA")
        found = []
        for week in self.weeks(until):
            seen = [value for _day, value, day in known if day <= week]
            if len(seen) >= 56:
                found.append(sum(seen[-4:]) / sum(seen[-56:-52]) - 1)
        return self.share(found)

    def two_year(self, until: str) -> float:
        """Return the share for the newest 2-year yield known, less the one of the same day a year before."""
        known = published("DGS2")
        days = [row[0] for row in known if not math.isnan(row[1])]
        yields = [row[1] for row in known if not math.isnan(row[1])]
        told = [row[2] for row in known if not math.isnan(row[1])]
        found = []
        for week in self.weeks(until):
            n = bisect_right(told, week) - 1
            before = at(days, months_after(days[n], -12)) if n >= 0 else -1
            if before >= 0:
                found.append(yields[n] - yields[before])
        return self.share(found)

    @pytest.mark.parametrize("until", ["2026-07-31", "2025-12-04", "2020-03-20"])
    def test_inputs_and_what_they_come_to(self, until: str) -> None:
        report = ask("risks", until)
        names = says.input_names()
        found = {row["input"]: row["percentile"] for row in rows(report, "inputs")}
        for name, share in (
            ("staples", self.ratio("XLP", "XLY", until)),
            ("banks", self.ratio("SPY", "KRE", until)),
            ("profitable", self.ratio("IJR", "IWM", until)),
            ("yield_2y", self.two_year(until)),
            ("claims", self.claims(until)),
        ):
            assert found[names[name]] == pytest.approx(share, abs=2e-3 if name in {"yield_2y", "claims"} else 1e-12), (
                name
            )
        for gauge, parts in (("slowdown", ("curve", "claims", "staples")), ("quality", ("losses", "profitable")),
                             ("financing", ("yield_2y", "high_yield", "banks", "debts"))):  # fmt: skip
            there = [found[names[part]] for part in parts if found[names[part]] is not None]
            assert values(report)[f"gauge.{gauge}"] == pytest.approx(100 * float(np.mean(there)))

    def test_a_month_ago_is_what_the_card_said_then(self) -> None:
        """The change in a month is today's reading less that of the last week at or before the same day."""
        now = values(ask("risks", "2026-07-31"))
        week = max(day for day in self.weeks("2026-07-31") if day <= date(2026, 6, 30))
        then = values(ask("risks", week.isoformat()))
        for gauge in ("slowdown", "financing", "quality"):
            assert now[f"gauge.{gauge}.change_1m"] == pytest.approx(now[f"gauge.{gauge}"] - then[f"gauge.{gauge}"])
