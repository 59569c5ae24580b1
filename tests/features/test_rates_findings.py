"""The numbers behind the card on rates, on markets whose every yield, decision and member the test chooses."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rates.findings import find, leverage
from bot.features.rates.picture import charts
from bot.features.rates.request import RatesRequest
from bot.market import universe
from bot.market.dataset import Dataset
from tests.features.answers import sample
from tests.features.flat import level, market, sessions
from tests.features.tiny import LARGE, Firm
from tests.features.tiny import market as members_market

DAYS = sessions(300)
RISING = [0.03 + n / 1e5 for n in range(300)]


@pytest.fixture(scope="module")
def rising(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The 2-year yield rises by a tenth of a basis point a session, the 10-year stands at 4.5%."""
    decisions = [
        {"day": DAYS[10], "lower": 0.05, "upper": 0.0525},
        {"day": DAYS[40], "lower": 0.0525, "upper": 0.055},
        {"day": DAYS[120], "lower": 0.05, "upper": 0.0525},
        {"day": DAYS[160], "lower": 0.0475, "upper": 0.05},
    ]
    meetings = [{"day": day} for day in (DAYS[40], DAYS[120], DAYS[160], DAYS[-1] + timedelta(days=30))]
    return market(tmp_path_factory.mktemp("rising"), level(300), {"DGS2": RISING}, fed_changes=decisions, fomc=meetings)


class TestRates:
    @pytest.mark.parametrize("n", [1, 50, 150, 299])
    def test_the_last_known_yield_is_of_the_session_before(self, rising: Dataset, n: int) -> None:
        found = find(RatesRequest(window="1m"), rising.at(DAYS[n]))
        assert found.rates["2y"].value == pytest.approx(RISING[n - 1])
        assert found.rates["2y"].day == DAYS[n - 1]
        assert not found.rates["2y"].stale

    def test_nothing_is_known_on_the_first_session(self, rising: Dataset) -> None:
        found = find(RatesRequest(window="1w"), rising.at(DAYS[0]))
        assert found.rates == found.sensitivities == {}
        assert found.expected is None

    def test_the_change_runs_from_the_value_at_or_before_the_windows_start(self, rising: Dataset) -> None:
        found = find(RatesRequest(window=DAYS[100].isoformat()), rising.at(DAYS[200]))
        assert found.rates["2y"].change_bp == pytest.approx((RISING[199] - RISING[100]) * 1e4)
        weekend = DAYS[100] + timedelta(days=(5 - DAYS[100].weekday()) % 7)
        before = max(day for day in DAYS if day <= weekend)
        found = find(RatesRequest(window=weekend.isoformat()), rising.at(DAYS[200]))
        assert found.rates["2y"].change_bp == pytest.approx((RISING[199] - RISING[DAYS.index(before)]) * 1e4)

    def test_all_history_starts_with_the_first_value(self, rising: Dataset) -> None:
        found = find(RatesRequest(window="max"), rising.at(DAYS[200]))
        assert found.rates["2y"].change_bp == pytest.approx((RISING[199] - RISING[0]) * 1e4)

    def test_a_window_before_the_record_has_no_change(self, rising: Dataset) -> None:
        found = find(RatesRequest(window="2y"), rising.at(DAYS[200]))
        assert found.rates["2y"].change_bp is None


class TestFed:
    @pytest.mark.parametrize(
        ("n", "upper", "meeting"),
        [(9, None, None), (10, 0.0525, None), (39, 0.0525, None), (40, 0.055, 120), (120, 0.0525, 160),
         (200, 0.05, "after the record")],
    )  # fmt: skip
    def test_decisions_count_from_their_day(
        self, rising: Dataset, n: int, upper: float | None, meeting: int | str | None
    ) -> None:
        """Before the first meeting on record nobody knows which one comes next: there may be one that is not stored."""
        found = find(RatesRequest(window="1w"), rising.at(DAYS[n]))
        assert (found.target[1] if found.target else None) == upper
        later = DAYS[-1] + timedelta(days=30)
        assert found.next_meeting == (DAYS[meeting] if isinstance(meeting, int) else meeting and later)

    def test_the_cycle_opens_with_the_cut(self, rising: Dataset) -> None:
        assert find(RatesRequest(window="1w"), rising.at(DAYS[119])).cycles == ()
        (cycle,) = find(RatesRequest(window="1w"), rising.at(DAYS[120])).cycles
        assert (cycle.first, cycle.cuts, cycle.open) == (DAYS[120], 1, True)
        (cycle,) = find(RatesRequest(window="1w"), rising.at(DAYS[200])).cycles
        assert (cycle.last, cycle.cuts, cycle.to_upper) == (DAYS[160], 2, 0.05)


class TestFutures:
    @settings(max_examples=15, deadline=None)
    @given(st.integers(93_000, 99_000), st.integers(1, 29))
    def test_any_settlement_against_the_effective_rate(
        self, tmp_path_factory: pytest.TempPathFactory, price: int, n: int
    ) -> None:
        days = sessions(30)
        contract = (days[n].year + 1) * 100 + days[n].month
        settled = [{"day": days[n], "contract": contract, "close": price / 1000}]
        dataset = market(tmp_path_factory.mktemp("futures"), level(30), futures=settled).at(days[n])
        expected = find(RatesRequest(window="1w"), dataset).expected
        assert expected is not None
        assert expected.change_bp == pytest.approx((100 - price / 1000 - 4.25) * 100, abs=1e-6)
        assert (expected.contract, expected.day) == (contract, days[n])

    def test_other_contracts_do_not_count(self, tmp_path: Path) -> None:
        days = sessions(30)
        wrong = [{"day": days[-1], "contract": 202312, "close": 95.0}]
        assert find(RatesRequest(window="1w"), market(tmp_path, level(30), futures=wrong)).expected is None

    @pytest.mark.parametrize(("back", "counts"), [(0, True), (5, True), (6, False), (20, False)])
    def test_a_settlement_may_be_a_week_old(self, tmp_path: Path, back: int, counts: bool) -> None:
        days = sessions(80)
        while days[-1].day < 20 or days[-1].weekday() != 4:
            days = days[:-1]
        contract = (days[-1].year + 1) * 100 + days[-1].month
        settled = [{"day": days[-1 - back], "contract": contract, "close": 95.0}]
        dataset = market(tmp_path, level(len(days)), futures=settled)
        assert (find(RatesRequest(window="1w"), dataset).expected is not None) == counts


class TestLeverage:
    def test_without_members_there_is_none(self, rising: Dataset) -> None:
        assert leverage(rising) is None

    def test_without_debts_in_the_file_there_is_none(self, tmp_path: Path) -> None:
        assert leverage(members_market(tmp_path, [Firm(symbol="ONE"), LARGE])) is None

    def test_on_the_sample_against_plain_counting(self) -> None:
        """Each member once by the class in the file; finance and real estate out; EBITDA above zero."""
        found = leverage(sample())
        assert found is not None
        accounts = sample().fundamentals().frame
        ratios = []
        for classes in universe.pair(sample()).small.classes().values():
            symbol = next((c for c in classes if c in accounts.index), None)
            if symbol is None or accounts["sector"][symbol] in {"Financial Services", "Real Estate"}:
                continue
            ebitda = accounts["enterprise_value"][symbol] / accounts["ev_to_ebitda"][symbol]
            ratio = (accounts["total_debt"][symbol] - accounts["total_cash"][symbol]) / ebitda
            if ebitda > 0 and np.isfinite(ratio):
                ratios.append(ratio)
        assert found.counts[0] == pytest.approx(len(ratios), abs=3)  # classes that lack one input of several
        assert found.small == pytest.approx(float(np.median(ratios)), rel=0.01)
        assert found.day == date(2026, 7, 31)


class TestPictures:
    def test_decisions_stand_on_their_sessions(self) -> None:
        found = find(RatesRequest(), sample())
        (rates, cycles, scatter) = charts(found, sample())
        dates = rates.data.dates
        cuts = {str(dates[n]) for n in rates.data.cuts}
        assert {"2019-07-31", "2020-03-03", "2024-09-18", "2025-12-10"} <= cuts
        assert "2020-03-16" in cuts  # decided on Sunday the 15th
        assert {str(dates[n]) for n in rates.data.rises} >= {"2022-03-16", "2023-07-26"}
        assert rates.data.lines[2][-1] == pytest.approx(3.75)
        assert len(cycles.data.paths) == 4
        assert scatter.data.x.shape == scatter.data.y.shape == (104,)

    def test_paths_begin_at_nothing_and_end_with_the_year(self) -> None:
        found = find(RatesRequest(), sample())
        (_rates, cycles, _scatter) = charts(found, sample())
        small, large = sample().total_return("IWM"), sample().total_return("SPY")
        for cycle, path in zip(found.cycles, cycles.data.paths, strict=True):
            start = int(small.index.searchsorted(np.datetime64(cycle.after_first.start)))
            assert path[0] == 0
            grown = [float(s.iloc[start + 252] / s.iloc[start]) for s in (small, large.reindex(small.index))]
            assert path[252] == pytest.approx((grown[0] - grown[1]) * 100)

    def test_the_decade_shown_ends_today(self) -> None:
        (rates, *_rest) = charts(find(RatesRequest(), sample()), sample())
        assert str(rates.data.dates[-1]) == "2026-07-31"
        assert str(rates.data.dates[0]) == "2016-08-01"

    def test_yields_alone_before_any_decision(self, rising: Dataset) -> None:
        (rates, *rest) = charts(find(RatesRequest(window="1w"), rising.at(DAYS[5])), rising.at(DAYS[5]))
        assert rates.data.names == ("2-year", "10-year")
        assert len(rates.data.cuts) == len(rates.data.rises) == 0
        assert rest == []
