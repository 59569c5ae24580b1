"""What is found for a rotation request: numbers and series, no words."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.returns import annualised, position_on_or_before, rebased, total_return
from bot.analytics.rotation import (
    LONG_MEAN,
    RISING_OVER,
    SHORT_MEAN,
    Regime,
    current_regime,
    regimes,
    relative_strength,
)
from bot.errors import NotEnoughHistory, StartAfterEnd
from bot.features.rotation.request import RotationRequest
from bot.features.sides import Returns, Sides, both, later_of, sides
from bot.market.dataset import Dataset
from bot.windows import OFFERED, Window

HORIZONS = ("1y", "3y", "5y")


@dataclass(frozen=True, slots=True)
class Span(Returns):
    """Both returns over one window, per year where it is longer than one."""

    window: str
    start: date
    end: date

    def annualised(self) -> tuple[float | None, float | None]:
        """Both returns per year; None up to a year."""
        return annualised(self.small, self.start, self.end), annualised(self.large, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a card about the rotation is made of.

    ``small``, ``large`` and ``strength`` are rebased to 100 at the window's start, ``mean`` is the 200-session
    mean of relative strength on the same scale (NaN where there is too little history); all on the window's
    common sessions. ``direction`` is its 50-session mean today and 20 sessions ago, NaN likewise. ``history`` is
    the regime in force by session over all history.
    """

    pair: Sides
    asked: Span
    horizons: tuple[Span, ...]
    offered: tuple[Span, ...]
    small: "pd.Series[float]"
    large: "pd.Series[float]"
    strength: "pd.Series[float]"
    mean: "pd.Series[float]"
    direction: tuple[float, float]
    regime: Regime | None
    history: pd.DataFrame

    @property
    def strength_against_mean(self) -> float | None:
        """Relative strength today over its 200-session mean, minus one."""
        against = float(self.strength.iloc[-1] / self.mean.iloc[-1] - 1)
        return None if against != against else against  # noqa: PLR0124  (NaN differs from itself)


def find(request: RotationRequest, dataset: Dataset) -> Findings:
    """Compute everything. Raises StartAfterEnd, NotEnoughHistory, and what the two series raise."""
    pair = sides(request.small, request.large, dataset)
    small, large = both(pair, request.basis, dataset)
    asked = _asked(request, pair, small, large, dataset)
    strength = relative_strength(small, large)
    scale = 100 / strength.loc[pd.Timestamp(asked.start)]
    inside = slice(pd.Timestamp(asked.start), None)
    spans = {text: _span(Window(text), small, large, dataset.as_of) for text in OFFERED}
    return Findings(
        pair=pair,
        asked=asked,
        horizons=tuple(span for text in HORIZONS if (span := spans[text])),
        offered=tuple(span for text in OFFERED if (span := spans[text])),
        small=rebased(small.loc[inside]),
        large=rebased(large.loc[inside]),
        strength=strength.loc[inside] * scale,
        mean=strength.rolling(LONG_MEAN).mean().loc[inside] * scale,
        direction=_direction(strength * scale),
        regime=current_regime(strength),
        history=regimes(strength),
    )


def _direction(strength: "pd.Series[float]") -> tuple[float, float]:
    mean = strength.rolling(SHORT_MEAN).mean().reindex(strength.index[-RISING_OVER - 1 :])
    return float(mean.iloc[-1]), float(mean.iloc[0]) if len(mean) > RISING_OVER else float("nan")


def _asked(
    request: RotationRequest, pair: Sides, small: "pd.Series[float]", large: "pd.Series[float]", dataset: Dataset
) -> Span:
    """Return the window asked for, or say why there is none."""
    window = Window(request.window)
    wanted = window.start(dataset.as_of)
    if wanted is not None and wanted > dataset.as_of:
        raise StartAfterEnd(wanted, dataset.as_of)
    span = _span(window, small, large, dataset.as_of)
    if span is None:
        raise NotEnoughHistory(later_of(pair, request.basis, dataset), small.index[0].date(), wanted)
    return span


def _span(window: Window, small: "pd.Series[float]", large: "pd.Series[float]", as_of: date) -> Span | None:
    """Return the returns over a window on common sessions, None if it begins before the first of them."""
    index = pd.DatetimeIndex(small.index)
    wanted = window.start(as_of)
    at = 0 if wanted is None else position_on_or_before(index, wanted)
    if at < 0:
        return None
    start, end = index[at].date(), index[-1].date()
    return Span(total_return(small.iloc[at:]), total_return(large.iloc[at:]), window.text, start, end)
