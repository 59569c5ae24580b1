"""Years, rotation, style and records at their borders: first days, ties, holidays, partial years, young pairs."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import NotEnoughHistory, StartAfterEnd
from bot.market import calendar
from bot.market.dataset import Dataset
from tests.features import flat
from tests.features.answers import ask, rows, values
from tests.market.small import bars, dataset_of, instrument


def pair(
    folder: Path, small: list[float], large: list[float], first: date, names: tuple[str, str] = ("IWM", "SPY")
) -> Dataset:
    """Publish two series from a session on, each as long as given."""
    given = sorted(zip(names, (small, large), strict=True))
    return dataset_of(
        folder,
        instruments=[instrument(symbol) for symbol, _ in given],
        bars=[bar for symbol, closes in given for bar in bars(symbol, first, closes)],
    )


def sessions_between(first: date, last: date) -> int:
    return len(calendar.session_days(first, last))


def by_year(first: date, last: date, rates: dict[int, float], base: float = 100.0) -> list[float]:
    """Return closes that stand still, and jump by the year's rate on the year's last session."""
    days = [day if isinstance(day, date) else day.date() for day in calendar.session_days(first, last)]
    closes, level = [], base
    for day, following in zip(days, [*days[1:], days[-1]], strict=True):
        if following.year != day.year or day == days[-1]:
            level *= 1 + rates.get(day.year, 0.0)
        closes.append(level)
    return closes


class TestYears:
    FIRST, LAST = date(2019, 12, 31), date(2023, 12, 29)

    def years(self, folder: Path, small: dict[int, float], large: dict[int, float], last: date = LAST) -> Any:
        closes = (by_year(self.FIRST, last, rates) for rates in (small, large))
        return ask("years", pair(folder, *closes, self.FIRST))

    def test_each_year_is_last_close_over_last_close(self, tmp_path: Path) -> None:
        small = {2020: 0.1, 2021: -0.2, 2022: 0.05, 2023: 0.3}
        found = rows(self.years(tmp_path, small, {}), "calendar_years")
        assert {row["year"]: pytest.approx(row["small"]) for row in found} == small
        assert all(row["large"] == 0 and not row["partial"] for row in found)

    def test_a_year_over_on_its_last_session_is_full(self, tmp_path: Path) -> None:
        report = self.years(tmp_path, {2023: 0.1}, {})  # 31 Dec 2023 is a Sunday
        assert values(report)["years.full"] == 4
        assert not any("runs to" in line for line in report.notes)

    def test_the_session_before_it_is_not(self, tmp_path: Path) -> None:
        report = self.years(tmp_path, {2023: 0.1}, {}, date(2023, 12, 28))
        assert values(report)["years.full"] == 3
        assert "2023 runs to 28 Dec 2023 and is not counted among the full years." in report.notes
        assert report.headline.endswith("; 2023 so far: ahead by 10.0 points.")

    @pytest.mark.parametrize(
        ("spreads", "said"),
        [
            ((0.1, 0.1, 0.1, 0.1), "Small caps led in 2020, 2021, 2022, and 2023."),
            ((0.1, -0.1, 0.1, 0.1), "Small caps led in 2022 and 2023."),
            ((0.1, 0.1, 0.1, -0.1), "Small caps trailed in 2023."),
            ((0.1, 0.1, 0.0, 0.0), "Small and large caps were level in 2022 and 2023."),
            ((0.0, 0.0, 0.0004, -0.0004), "Small and large caps were level in 2020, 2021, 2022, and 2023."),
        ],
    )
    def test_runs(self, tmp_path: Path, spreads: tuple[float, ...], said: str) -> None:
        report = self.years(tmp_path, dict(zip(range(2020, 2024), spreads, strict=True)), {})
        assert report.headline == said
        assert values(report)["years.ahead"] <= sum(spread > 0 for spread in spreads)

    def test_ties_are_neither(self, tmp_path: Path) -> None:
        report = self.years(tmp_path, {2020: 0.1, 2022: -0.1}, {2020: 0.1})
        assert "A tie counts as neither ahead nor behind." in report.notes
        assert values(report)["years.ahead"] == 0

    def test_best_and_worst_are_of_full_years(self, tmp_path: Path) -> None:
        small = {2020: 0.2, 2021: -0.3, 2022: 0.1, 2023: 0.9}
        found = values(self.years(tmp_path, small, {}, date(2023, 6, 30)))
        assert found["best.spread"] == pytest.approx(0.2)
        assert found["worst.spread"] == pytest.approx(-0.3)

    def test_without_a_full_year(self, tmp_path: Path) -> None:
        report = self.years(tmp_path, {2020: 0.01}, {}, date(2020, 6, 30))
        found = values(report)
        assert [found[name] for name in ("years.ahead", "best.spread", "worst.spread")] == [None] * 3
        assert report.headline == "IWM is ahead of SPY by 1.0 points in 2020 so far."

    def test_before_the_end_of_a_year_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("years", pair(tmp_path, [1.0] * 20, [1.0] * 20, date(2023, 3, 1)))

    @pytest.mark.parametrize("since", [2019, 2020])
    def test_since_a_year_before_the_pair(self, tmp_path: Path, since: int) -> None:
        dataset = pair(tmp_path, *[by_year(self.FIRST, self.LAST, {})] * 2, self.FIRST)
        if since < 2020:
            with pytest.raises(NotEnoughHistory):
                ask("years", dataset, since=since)
        else:
            assert rows(ask("years", dataset, since=since), "calendar_years")[0]["year"] == 2020

    def test_since_next_year(self, tmp_path: Path) -> None:
        dataset = pair(tmp_path, *[by_year(self.FIRST, self.LAST, {})] * 2, self.FIRST)
        with pytest.raises(StartAfterEnd):
            ask("years", dataset, since=2024)

    def test_the_picture_draws_the_table(self, tmp_path: Path) -> None:
        report = self.years(tmp_path, {2020: 0.1, 2021: -0.2}, {2021: 0.3})
        drawn = [(year.year, year.small, year.large) for year in report.charts[0].data.years]
        assert drawn == [(r["year"], r["small"], r["large"]) for r in rows(report, "calendar_years")]


class TestRotation:
    def test_a_window_from_a_holiday_starts_on_the_session_before(self, tmp_path: Path) -> None:
        first = date(2023, 1, 3)
        count = sessions_between(first, date(2024, 1, 4))
        closes = [100.0 + n for n in range(count)]
        report = ask("rotation", pair(tmp_path, closes, [100.0] * count, first), window="2023-07-04")
        assert values(report)["window.start"] == date(2023, 7, 3)
        at = sessions_between(first, date(2023, 7, 3)) - 1
        assert values(report)["return.small"] == pytest.approx(closes[-1] / closes[at] - 1)

    def test_a_window_from_the_first_session(self, tmp_path: Path) -> None:
        dataset = pair(tmp_path, [1.0, 2.0, 3.0], [1.0, 1.0, 1.0], date(2023, 1, 3))
        assert values(ask("rotation", dataset, window="2023-01-03"))["return.small"] == 2
        with pytest.raises(NotEnoughHistory):
            ask("rotation", dataset, window="2023-01-02")

    def test_a_month_from_leap_day(self, tmp_path: Path) -> None:
        first = date(2024, 1, 2)
        count = sessions_between(first, date(2024, 3, 29))
        dataset = pair(tmp_path, [100.0 + n for n in range(count)], [100.0] * count, first)
        assert values(ask("rotation", dataset, window="1m"))["window.start"] == date(2024, 2, 28)
        leap = sessions_between(first, date(2024, 2, 29))
        cut = pair(tmp_path / "leap", [100.0 + n for n in range(leap)], [100.0] * leap, first)
        assert values(ask("rotation", cut, window="1m"))["window.start"] == date(2024, 1, 29)

    def test_one_session(self, tmp_path: Path) -> None:
        report = ask("rotation", pair(tmp_path, [100.0], [100.0], date(2023, 1, 3)), window="max")
        assert values(report)["spread"] == 0
        assert report.headline.startswith("Small and large caps are level")

    @pytest.mark.parametrize(("gap", "said"), [(0.0004, "level"), (0.0006, "lead:"), (-0.0006, "trail:")])
    def test_the_border_of_level(self, tmp_path: Path, gap: float, said: str) -> None:
        report = ask("rotation", pair(tmp_path, [1.0, 1 + gap], [1.0, 1.0], date(2023, 1, 3)), window="max")
        assert said in report.headline

    @pytest.mark.parametrize(("count", "known"), [(199, False), (200, False), (203, False), (204, True)])
    def test_the_first_regime_takes_five_sessions_after_the_mean(self, tmp_path: Path, count: int, known: bool) -> None:
        rising = [100.0 * 1.001**n for n in range(count)]
        report = ask("rotation", pair(tmp_path, rising, [100.0] * count, date(2023, 1, 3)), window="1w")
        assert (values(report)["regime"] == "small") == known
        assert any(line.startswith("No regime") for line in report.notes) != known

    def test_the_mean_of_a_long_window_begins_later(self, tmp_path: Path) -> None:
        rising = [100.0 * 1.001**n for n in range(260)]
        report = ask("rotation", pair(tmp_path, rising, [100.0] * 260, flat.FIRST), window="max")
        day = flat.sessions(260)[199]
        assert f"The 200-session mean begins on {day.day} {day:%b %Y}." in report.notes
        levels = rows(report, "levels")
        assert next(row["date"] for row in levels if row["rs_mean_200"] is not None) == day
        drawn = np.array([row["rs"] for row in levels])
        assert levels[-1]["rs_mean_200"] == pytest.approx(drawn[-200:].mean())

    def test_five_years_are_named_where_they_lack(self) -> None:
        report = ask("rotation", "2004-06-01")
        assert "5 years: the common history of IWM and SPY is too short." in report.notes
        assert "spread.5y" in {stat.id for stat in report.stats if stat.value is None}


class TestStyle:
    @pytest.mark.parametrize(("rate", "said", "regime"), [(1.001, "growth is ahead", "growth"),
                                                          (0.999, "value is ahead", "value")])  # fmt: skip
    def test_whoever_leads(self, tmp_path: Path, rate: float, said: str, regime: str) -> None:
        line = [100.0 * rate**n for n in range(300)]
        dataset = pair(tmp_path, line, [100.0] * 300, flat.FIRST, ("IWO", "IWN"))
        report = ask("style", dataset, window="3m")
        assert said in report.headline
        assert values(report)["regime"] == regime
        assert values(report)["spread.1y"] == pytest.approx(values(ask("style", dataset, window="1y"))["spread"])
        assert any("3 years and 5 years" in line or "3 and 5 years" in line for line in report.notes)


class TestHighs:
    def highs(self, folder: Path, closes: list[float], first: date = flat.FIRST) -> Any:
        return ask("highs", pair(folder, closes, closes, first))

    def test_one_session(self, tmp_path: Path) -> None:
        report = self.highs(tmp_path, [100.0])
        assert report.headline == "IWM closed at 100.00 on 3 Jan 2023, the first close that is stored."
        assert "Records of 2022 are not known: no close of that year is stored." in report.notes
        assert values(report)["drawdown"] == 0

    def test_a_fall_from_the_first_close(self, tmp_path: Path) -> None:
        found = values(self.highs(tmp_path, [100.0, 90.0, 95.0]))
        assert found["drawdown"] == pytest.approx(-0.05)
        assert (found["records.this_year"], found["record.date"]) == (0, flat.FIRST)

    def test_level_with_the_record_is_no_record(self, tmp_path: Path) -> None:
        report = self.highs(tmp_path, [90.0, 100.0, 95.0, 100.0])
        assert report.headline.startswith("IWM closed level with its record of 100.00 (4 Jan 2023)")
        assert values(report)["records.this_year"] == 1

    @pytest.mark.parametrize(("last", "said"), [(99.96, "less than 0.1% below"), (99.94, "0.1% below its record")])
    def test_just_below(self, tmp_path: Path, last: float, said: str) -> None:
        assert said in self.highs(tmp_path, [90.0, 100.0, last]).headline

    def test_a_long_wait(self, tmp_path: Path) -> None:
        days = flat.sessions(100)
        closes = [100.0, *[90.0] * 98, 101.0]
        report = self.highs(tmp_path, closes)
        gap = (days[-1] - days[0]).days
        assert f"the first in {gap} days" in report.headline
        assert values(report)["record.gap_days"] == gap

    def test_records_count_by_calendar_year(self, tmp_path: Path) -> None:
        first = date(2022, 12, 28)
        report = self.highs(tmp_path, [1.0, 2.0, 3.0, 4.0, 5.0], first)
        assert (values(report)["records.last_year"], values(report)["records.this_year"]) == (2, 2)
        assert report.headline.endswith("number 2 of 2023.")
