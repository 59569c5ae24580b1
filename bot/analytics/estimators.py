"""Estimators taken from libraries: Newey-West regression (statsmodels) and Ledoit-Wolf covariance (scikit-learn).

Together they cost two thirds of a second and 93 MB, so nothing else imports them, and these functions only when
they are called: see docs/decisions/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LAGS = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted line: ``slope`` and ``intercept`` in units of y (per unit of x), ``t`` of the slope, ``r2``, ``n``."""

    slope: float
    intercept: float
    t: float
    r2: float
    n: int


def newey_west(y: pd.Series[float] | Floats, x: pd.Series[float] | Floats, lags: int = LAGS) -> Fit | None:
    """Regress ``y`` on ``x`` with intercept; the t value is Newey and West's (Bartlett kernel, no small-sample factor).

    Both of equal length, in order of time, without NaN. None where no line is defined: fewer than three pairs,
    or an ``x`` that never moves. A perfect fit or a flat ``y`` has no t value (NaN); a flat ``y`` has r2 0.
    Source: Newey and West (1987), with the covariance of statsmodels.
    """
    from statsmodels.regression.linear_model import OLS

    ys, xs = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    if len(ys) != len(xs):
        raise ValueError(f"{len(ys)} values of y against {len(xs)} of x")
    if len(ys) < 3 or np.ptp(xs) == 0:
        return None
    if np.ptp(ys) == 0:
        return Fit(0.0, float(ys[0]), float("nan"), 0.0, len(ys))
    model = OLS(ys, np.column_stack([np.ones(len(xs)), xs])).fit()
    errors = model.get_robustcov_results("HAC", maxlags=lags, use_correction=False, use_t=True)
    deviation = float(errors.bse[1])
    residual = float(np.abs(model.resid).max())
    t = float("nan") if residual <= 1e-12 * float(np.abs(ys).max()) else float(model.params[1]) / deviation
    return Fit(float(model.params[1]), float(model.params[0]), t, float(model.rsquared), len(ys))


def shrunk_covariance(returns: pd.DataFrame) -> Floats:
    """Return the Ledoit-Wolf covariance of the columns of ``returns`` (sessions by assets, no NaN), as an array.

    Units are those of the returns, squared, per period. The sample covariance inside divides by n.
    Source: Ledoit and Wolf (2004), as in scikit-learn.
    """
    from sklearn.covariance import ledoit_wolf

    if len(returns) < 2:
        raise ValueError("a covariance needs at least two rows")
    covariance: Floats = np.asarray(ledoit_wolf(returns.to_numpy(dtype=float))[0], dtype=float)
    return covariance
