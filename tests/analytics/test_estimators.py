import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.estimators import newey_west, shrunk_covariance


def by_hand(y: np.ndarray, x: np.ndarray, lags: int) -> tuple[float, float, float, float]:
    """Newey and West (1987) from the formula: weights 1 - l / (L + 1), no small-sample factor."""
    design = np.column_stack([np.ones(len(x)), x])
    bread = np.linalg.inv(design.T @ design)
    slope = bread @ design.T @ y
    residual = y - design @ slope
    moments = design * residual[:, None]
    meat = moments.T @ moments
    for lag in range(1, lags + 1):
        lagged = moments[lag:].T @ moments[:-lag]
        meat += (1 - lag / (lags + 1)) * (lagged + lagged.T)
    deviation = np.sqrt((bread @ meat @ bread)[1, 1])
    r2 = 1 - residual @ residual / np.sum((y - y.mean()) ** 2)
    return slope[1], slope[0], slope[1] / deviation, r2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(12, 200), st.floats(-2, 2), st.floats(0, 0.9))
def test_newey_west_equals_the_formula_written_out(seed: int, count: int, slope: float, memory: float) -> None:
    draws = np.random.default_rng(seed)
    x = draws.normal(size=count)
    noise = draws.normal(size=count)
    for n in range(1, count):
        noise[n] += memory * noise[n - 1]
    y = 0.3 + slope * x + noise
    fit = newey_west(y, x)
    assert fit is not None
    assert (fit.slope, fit.intercept, fit.t, fit.r2) == pytest.approx(by_hand(y, x, 4), rel=1e-8, abs=1e-10)
    assert fit.n == count


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.001, 1000))
def test_scaling_x_divides_the_slope_and_leaves_t_and_r2_alone(seed: int, factor: float) -> None:
    draws = np.random.default_rng(seed)
    x, y = draws.normal(size=60), draws.normal(size=60)
    one, scaled = newey_west(y, x), newey_west(y, x * factor)
    assert one is not None
    assert scaled is not None
    assert scaled.slope * factor == pytest.approx(one.slope, rel=1e-6)
    assert (scaled.t, scaled.r2) == pytest.approx((one.t, one.r2), rel=1e-6, abs=1e-9)


def test_series_are_paired_by_order_not_by_label() -> None:
    y = pd.Series([1.0, 2.5, 2.0, 4.0, 5.5, 5.0], index=range(6))
    x = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], index=range(10, 16))
    fit = newey_west(y, x)
    assert fit is not None
    assert fit.slope == pytest.approx(np.polyfit(x.to_numpy(), y.to_numpy(), 1)[0])


def test_a_line_without_error_has_no_t_value() -> None:
    fit = newey_west(np.array([1.0, 3.0, 5.0, 7.0, 9.0]), np.arange(5.0))
    assert fit is not None
    assert (fit.slope, fit.intercept, fit.r2) == pytest.approx((2.0, 1.0, 1.0))
    assert np.isnan(fit.t)


def test_a_flat_y_is_explained_by_nothing() -> None:
    fit = newey_west(np.full(20, 0.01), np.arange(20.0))
    assert fit is not None
    assert (fit.slope, fit.intercept, fit.r2, fit.n) == (0.0, 0.01, 0.0, 20)
    assert np.isnan(fit.t)


@pytest.mark.parametrize("x", [np.full(30, 4.25), np.arange(2.0), np.array([])])
def test_no_line_without_movement_or_pairs(x: np.ndarray) -> None:
    assert newey_west(np.linspace(0, 1, len(x)), x) is None


def test_unequal_lengths_are_a_fault() -> None:
    with pytest.raises(ValueError, match="3 values of y against 4 of x"):
        newey_west(np.arange(3.0), np.arange(4.0))


def ledoit_wolf_by_hand(returns: np.ndarray) -> np.ndarray:
    """Ledoit and Wolf (2004), lemma 3.2 to 3.4: shrink towards the mean variance times the identity."""
    count, assets = returns.shape
    centred = returns - returns.mean(axis=0)
    sample = centred.T @ centred / count
    mean_variance = np.trace(sample) / assets
    target = mean_variance * np.eye(assets)
    distance = np.sum((sample - target) ** 2) / assets
    error = sum(np.sum((np.outer(row, row) - sample) ** 2) for row in centred) / assets / count**2
    shrinkage = min(error, distance) / distance if distance else 0.0
    return shrinkage * target + (1 - shrinkage) * sample


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.integers(20, 260))
def test_shrunk_covariance_equals_the_paper(seed: int, assets: int, count: int) -> None:
    draws = np.random.default_rng(seed)
    returns = (
        draws.normal(size=(count, assets)) * draws.uniform(0.005, 0.03, assets) + draws.normal(size=(count, 1)) / 100
    )
    np.testing.assert_allclose(
        shrunk_covariance(pd.DataFrame(returns)), ledoit_wolf_by_hand(returns), rtol=1e-8, atol=1e-14
    )


def test_one_asset_has_its_variance() -> None:
    returns = pd.DataFrame({"IWM": [0.01, -0.02, 0.03, 0.0]})
    assert shrunk_covariance(returns)[0, 0] == pytest.approx(np.var(returns["IWM"], ddof=0))


def test_flat_assets_have_no_variance() -> None:
    assert not shrunk_covariance(pd.DataFrame(np.zeros((30, 3)))).any()


def test_one_row_is_too_little() -> None:
    with pytest.raises(ValueError, match="at least two rows"):
        shrunk_covariance(pd.DataFrame([[0.01, 0.02]]))
