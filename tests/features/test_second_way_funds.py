"""Risk of funds, portfolios and positions written out in plain Python from the recorded files, on several days."""

import math
import statistics
from bisect import bisect_right
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.features.allocation.profiles import STAND_INS
from tests.features.answers import ask, rows, values
from tests.features.second_way import archive, at, bars, published, reinvested
from tests.features.tiny import LARGE, Firm, market

DAYS = ("2026-07-31", "2025-12-04")
FUNDS = ("IWM", "VB", "IWN")


def changes(levels: list[float]) -> list[float]:
    return [b / a - 1 for a, b in pairwise(levels)]


def slope(y: list[float], x: list[float]) -> float:
    return statistics.covariance(x, y) / statistics.variance(x)


def from_three_years_before(symbol: str, until: str) -> tuple[list[date], list[float]]:
    days, levels = reinvested(symbol, until)
    begin = at(days, date(int(until[:4]) - 3, int(until[5:7]), int(until[8:])))
    return days[begin:], levels[begin:]


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("fund", FUNDS)
class TestFunds:
    @pytest.fixture
    def row(self, fund: str, until: str) -> dict[str, float]:
        report = ask("funds", until, symbols=FUNDS, window="3y")
        return next(row for row in rows(report, "funds") if row["symbol"] == fund)

    def test_return_volatility_and_the_deepest_fall(self, row: dict[str, float], fund: str, until: str) -> None:
        days, levels = from_three_years_before(fund, until)
        assert row["return_window"] == pytest.approx(levels[-1] / levels[0] - 1)
        logs = [math.log(1 + change) for change in changes(levels)]
        assert row["volatility"] == pytest.approx(statistics.stdev(logs) * math.sqrt(252))
        falls = [level / max(levels[: n + 1]) - 1 for n, level in enumerate(levels)]
        assert row["max_drawdown"] == pytest.approx(min(falls))
        assert row["max_drawdown_day"] == days[falls.index(min(falls))]
        assert row["return_3y"] == pytest.approx((levels[-1] / levels[0]) ** (365.25 / (days[-1] - days[0]).days) - 1)

    def test_sharpe_and_sortino_over_the_bill_as_known(self, row: dict[str, float], fund: str, until: str) -> None:
        days, levels = from_three_years_before(fund, until)
        bill = [(known, value) for _day, value, known in published("DGS3MO") if not math.isnan(value)]
        told = [known for known, _value in bill]
        excess = [
            change - bill[bisect_right(told, day) - 1][1] / 252
            for day, change in zip(days[1:], changes(levels), strict=True)
        ]
        yearly = statistics.fmean(excess) * 252
        assert row["sharpe"] == pytest.approx(yearly / (statistics.stdev(excess) * math.sqrt(252)))
        downside = math.sqrt(sum(min(0.0, one) ** 2 for one in excess) / len(excess))
        assert row["sortino"] == pytest.approx(yearly / (downside * math.sqrt(252)))

    def test_beta_and_tracking_error_against_spy(self, row: dict[str, float], fund: str, until: str) -> None:
        own, other = (changes(from_three_years_before(symbol, until)[1]) for symbol in (fund, "SPY"))
        assert row["beta"] == pytest.approx(slope(own, other))
        apart = [a - b for a, b in zip(own, other, strict=True)]
        assert row["tracking_error"] == pytest.approx(statistics.stdev(apart) * math.sqrt(252))

    def test_capture_of_complete_months(self, row: dict[str, float], fund: str, until: str) -> None:
        months = []
        for symbol in (fund, "SPY"):
            days, levels = from_three_years_before(symbol, until)
            ends = {day.isoformat()[:7]: level for day, level in zip(days, levels, strict=True)}
            months.append(list(ends.values()))
        over = until == "2026-07-31"  # a Friday and the last of its month
        own, other = (changes(ends if over else ends[:-1]) for ends in months)
        for key, sign in (("capture_up", 1), ("capture_down", -1)):
            pairs = [(a, b) for a, b in zip(own, other, strict=True) if b * sign > 0]
            gains = [math.prod(1 + pair[n] for pair in pairs) ** (1 / len(pairs)) - 1 for n in (0, 1)]
            assert row[key] == pytest.approx(gains[0] / gains[1])


def test_overlap_is_the_smaller_weight_of_every_common_holding(tmp_path: Path) -> None:
    held = {"IWM": {"ONE": 0.5, "TWO": 0.3, "ALONE": 0.2}, "IWB": {"ONE": 0.1, "TWO": 0.6, "OTHER": 0.3}}
    firms = [
        Firm(symbol=symbol, in_fund=fund, weight=weight, covered=fund == "IWM" or symbol == "OTHER")
        for fund, weights in held.items()
        for symbol, weight in weights.items()
    ]
    report = ask("funds", market(tmp_path, firms), symbols=("IWM", "IWB"), window="1w")
    assert rows(report, "overlap") == [{"one": "IWM", "other": "IWB", "overlap": pytest.approx(0.1 + 0.3)}]


def test_without_the_bill_all_but_sharpe_and_sortino_is_said(tmp_path: Path) -> None:
    report = ask("funds", market(tmp_path, [Firm(symbol="ONE"), LARGE]), symbols=("IWM", "SPY"), window="1w")
    for row in rows(report, "funds"):
        assert row["sharpe"] is row["sortino"] is None
        assert row["volatility"] is not None
    assert "The 3-month bill is not stored for this day: no Sharpe and no Sortino." in report.notes


class TestPortfolio:
    HELD = {"SPY": 0.5, "IWM": 0.3, "QQQ": 0.2}  # noqa: RUF012

    def year(self, until: str) -> list[list[float]]:
        return [changes(reinvested(symbol, until)[1][-253:]) for symbol in self.HELD]

    @staticmethod
    def shrunk(returns: list[list[float]]) -> list[list[float]]:
        """Return the covariance of Ledoit and Wolf (2004), sums written out."""
        x = np.array(returns) - np.mean(returns, axis=1, keepdims=True)
        assets, count = x.shape
        covariance = [[sum(x[i] * x[j]) / count for j in range(assets)] for i in range(assets)]
        mean = sum(covariance[i][i] for i in range(assets)) / assets
        distance = sum(
            (covariance[i][j] - mean * (i == j)) ** 2 for i in range(assets) for j in range(assets)
        ) / assets  # fmt: skip
        noise = sum(
            sum((x[i][t] * x[j][t] - covariance[i][j]) ** 2 for i in range(assets) for j in range(assets))
            for t in range(count)
        ) / count**2 / assets  # fmt: skip
        share = min(noise, distance) / distance
        return [
            [(1 - share) * covariance[i][j] + share * mean * (i == j) for j in range(assets)] for i in range(assets)
        ]

    @pytest.mark.parametrize("until", DAYS)
    def test_contributions_diversification_and_betas(self, until: str) -> None:
        report = ask("allocation", until, holdings="SPY 50, IWM 30, QQQ 20")
        found, returns = values(report), self.year(until)
        weights = list(self.HELD.values())
        s = self.shrunk(returns)
        marginal = [sum(s[i][j] * weights[j] for j in range(3)) for i in range(3)]
        variance = sum(w * m for w, m in zip(weights, marginal, strict=True))
        parts = {row["symbol"]: row["contribution"] for row in rows(report, "risk_contribution")}
        assert parts == pytest.approx(
            {symbol: weights[i] * marginal[i] / variance for i, symbol in enumerate(self.HELD)}
        )
        assert sum(parts.values()) == pytest.approx(1, abs=1e-12)
        assert found["volatility"] == pytest.approx(math.sqrt(252 * variance))
        single = sum(weights[i] * math.sqrt(s[i][i]) for i in range(3))
        assert found["diversification_ratio"] == pytest.approx(single / math.sqrt(variance))
        whole = [sum(w * day for w, day in zip(weights, daily, strict=True)) for daily in zip(*returns, strict=True)]
        assert found["beta.large"] == pytest.approx(slope(whole, returns[0]))
        assert found["beta.small"] == pytest.approx(slope(whole, returns[1]))

    @pytest.mark.parametrize("until", DAYS)
    def test_what_a_shift_to_small_caps_would_have_done(self, until: str) -> None:
        days, spy = reinvested("SPY", until)
        begin = at(days, date(int(until[:4]) - 1, int(until[5:7]), int(until[8:])))
        funds = {symbol: changes(reinvested(symbol, until)[1][begin - len(days) :]) for symbol in self.HELD}
        assert len(funds["SPY"]) == len(spy) - begin - 1
        moved = {symbol: 0.75 * weight + (0.25 if symbol == "IWM" else 0) for symbol, weight in self.HELD.items()}
        for row, weights in zip(
            rows(ask("allocation", until, holdings="SPY 50, IWM 30, QQQ 20", shift=0.25, window="1y"), "shift"),
            (self.HELD, moved), strict=True,
        ):  # fmt: skip
            levels = [1.0]
            for n in range(len(spy) - begin - 1):
                levels.append(levels[-1] * (1 + sum(w * funds[s][n] for s, w in weights.items())))
            assert row["return"] == pytest.approx(levels[-1] - 1)
            assert row["max_drawdown"] == pytest.approx(min(v / max(levels[: n + 1]) - 1 for n, v in enumerate(levels)))

    def test_the_mix_by_index_of_a_fund_and_a_share(self) -> None:
        """SPY stands in for the Russell 1000, NVDA is in it: so 80% against the 20% of IWM."""
        assert STAND_INS["SPY"] == "R1000"
        mix = {row["part"]: row["portfolio"] for row in rows(
            ask("allocation", holdings="SPY 60, IWM 20, NVDA 20"), "cap_mix") if row["view"] == "index"}  # fmt: skip
        assert (mix["R1000"], mix["R2000"]) == pytest.approx((0.8, 0.2))


@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("symbol", ["IWM", "SPY"])
def test_a_position_from_the_recorded_bars(symbol: str, until: str) -> None:
    chosen = archive().texts("ohlc", "symbol") == symbol
    columns = (archive().column("ohlc", name)[chosen].tolist() for name in ("day", "high", "low", "close", "volume"))
    daily = [bar for bar in zip(*columns, strict=True) if bar[0] <= date.fromisoformat(until)]
    atr = 0.0
    for n, (_day, high, low, _close, _volume) in enumerate(daily):
        reach = max(high, daily[n - 1][3]) - min(low, daily[n - 1][3]) if n else high - low
        atr = atr + reach / 14 if n < 14 else (13 * atr + reach) / 14
    found = values(ask("position", until, symbol=symbol, account=80_000, risk=0.005, ranges=3))
    price = bars(symbol, until)[-1][1]
    shares = int(min(80_000 * 0.005 / (3 * atr), 80_000 / price))
    assert found["atr"] == pytest.approx(atr)
    assert found["shares"] == shares > 0
    assert (found["stop"], found["risk_usd"]) == pytest.approx((price - 3 * atr, shares * 3 * atr))
    traded = [bar[4] for bar in daily[-63:] if not math.isnan(bar[4])]
    assert found["days_to_exit"] == pytest.approx(shares / (0.1 * sum(traded) / len(traded)))
