import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.estimators import shrunk_covariance
from bot.analytics.portfolio import cap_tier, deepest_fall, overlap, rebalanced, risk, shifted, tier_mix

SESSIONS = pd.bdate_range("2025-07-01", periods=252)


def returns(seed: int, symbols: str) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    common = draws.normal(0, 0.01, (252, 1))
    own = draws.normal(0, 1, (252, len(symbols))) * draws.uniform(0.002, 0.02, len(symbols))
    return pd.DataFrame(common + own, index=SESSIONS, columns=list(symbols))


@pytest.mark.parametrize(
    ("cap", "tier"),
    [
        (5e12, "mega"), (200e9 + 1, "mega"), (200e9, "large"), (10e9, "large"), (10e9 - 1, "mid"), (2e9, "mid"),
        (2e9 - 1, "small"), (0.3e9, "small"), (0.3e9 - 1, "micro"), (1.0, "micro"),
    ],
)  # fmt: skip
def test_size_tiers_on_both_sides_of_their_borders(cap: float, tier: str) -> None:
    assert cap_tier(cap) == tier


class TestTierMix:
    CAPS = pd.Series({"A": 300e9, "B": 50e9, "C": 50e9, "D": 1e9, "E": math.nan, "F": 0.0})

    def test_by_cap(self) -> None:
        mix = tier_mix(self.CAPS)
        assert list(mix.index) == ["mega", "large", "mid", "small", "micro"]
        assert mix.tolist() == pytest.approx([300 / 401, 100 / 401, 0, 1 / 401, 0])

    def test_by_weight_of_those_with_a_cap(self) -> None:
        weights = pd.Series({"A": 0.2, "B": 0.1, "D": 0.2, "E": 0.5})
        assert tier_mix(self.CAPS, weights).tolist() == pytest.approx([0.4, 0.2, 0, 0.4, 0])

    def test_nothing_known(self) -> None:
        assert tier_mix(pd.Series({"A": math.nan})).isna().all()


class TestRisk:
    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 2**32 - 1), st.integers(1, 6))
    def test_contributions_sum_to_one_and_follow_the_formula(self, seed: int, count: int) -> None:
        symbols = "ABCDEF"[:count]
        table = returns(seed, symbols)
        held = dict(zip(symbols, np.random.default_rng(seed).dirichlet(np.ones(count)), strict=True))
        found = risk(table, held)
        assert found is not None
        covariance = shrunk_covariance(table)
        w = np.array(list(held.values()))
        variance = sum(w[i] * w[j] * covariance[i, j] for i in range(count) for j in range(count))
        assert found.contributions.sum() == pytest.approx(1)
        for i in range(count):
            expected = w[i] * sum(covariance[i, j] * w[j] for j in range(count)) / variance
            assert found.contributions[i] == pytest.approx(expected)
        assert found.volatility == pytest.approx(math.sqrt(variance * 252))
        weighted = sum(w[i] * math.sqrt(covariance[i, i]) for i in range(count))
        assert found.diversification == pytest.approx(weighted / math.sqrt(variance))
        assert found.diversification >= 1 - 1e-9

    def test_one_holding_carries_everything(self) -> None:
        found = risk(returns(1, "AB"), {"A": 1.0})
        assert found is not None
        assert found.contributions.tolist() == pytest.approx([1.0])
        assert found.diversification == pytest.approx(1.0)

    def test_a_portfolio_that_never_moves_has_no_risk_to_split(self) -> None:
        flat = pd.DataFrame(0.0, index=SESSIONS, columns=["A", "B"])
        assert risk(flat, {"A": 0.5, "B": 0.5}) is None


class TestGrowth:
    PRICES = pd.DataFrame(
        {"A": [100, 110, 110, 121], "B": [50, 50, 40, 40.0]}, index=pd.bdate_range("2026-07-01", periods=4)
    )

    def test_weights_are_restored_every_session(self) -> None:
        grown = rebalanced(self.PRICES, {"A": 0.5, "B": 0.5})
        assert grown.tolist() == pytest.approx([1, 1.05, 1.05 * 0.9, 1.05 * 0.9 * 1.05])

    def test_sessions_before_the_youngest_drop_out(self) -> None:
        prices = self.PRICES.assign(C=[math.nan, 10, 11, 11])
        assert list(rebalanced(prices, {"A": 0.5, "C": 0.5}).index) == list(self.PRICES.index[1:])

    def test_nothing_in_common(self) -> None:
        assert rebalanced(self.PRICES.assign(C=math.nan), {"A": 0.5, "C": 0.5}).empty

    def test_the_deepest_fall_names_its_days(self) -> None:
        values = pd.Series([1, 1.2, 0.9, 1.3, 1.1], index=pd.bdate_range("2026-07-01", periods=5))
        fall = deepest_fall(values)
        assert fall == (pytest.approx(-0.25), values.index[1], values.index[2])

    @given(st.lists(st.floats(0.1, 100), min_size=1, max_size=60))
    def test_a_fall_is_never_positive_and_against_a_plain_loop(self, values: list[float]) -> None:
        fall = deepest_fall(pd.Series(values, index=pd.bdate_range("2026-01-01", periods=len(values))))
        assert fall is not None
        expected = min(values[j] / max(values[: j + 1]) - 1 for j in range(len(values)))
        assert fall[0] == pytest.approx(expected)
        assert fall[0] <= 0
        assert fall[1] <= fall[2]

    def test_no_values_no_fall(self) -> None:
        assert deepest_fall(pd.Series(dtype=float)) is None


class TestShifted:
    def test_every_holding_gives_its_part(self) -> None:
        assert shifted({"SPY": 0.75, "NVDA": 0.25}, 0.1, "IWM") == pytest.approx(
            {"SPY": 0.675, "NVDA": 0.225, "IWM": 0.1}
        )

    def test_what_is_small_already_stays(self) -> None:
        assert shifted({"IWM": 1.0}, 0.1, "IWM") == pytest.approx({"IWM": 1.0})

    @given(st.dictionaries(st.sampled_from("ABCD"), st.floats(0, 1), min_size=1), st.floats(0, 1))
    def test_the_sum_stays(self, held: dict[str, float], share: float) -> None:
        assert sum(shifted(held, share, "A").values()) == pytest.approx(sum(held.values()))


def test_overlap_is_the_sum_of_the_smaller_weights() -> None:
    first = pd.Series({"A": 0.5, "B": 0.3, "C": 0.2})
    second = pd.Series({"B": 0.1, "C": 0.6, "D": 0.3})
    assert overlap(first, second) == pytest.approx(0.3)
    assert overlap(first, first) == pytest.approx(1)
    assert overlap(first, pd.Series({"Z": 1.0})) == 0
