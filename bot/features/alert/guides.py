"""Where the threshold of a rule lies on every day: a level, the extreme to beat, the edge of a band."""

import numpy as np
import pandas as pd

from bot.alerts.rule import THRESHOLDS, Rule
from bot.analytics.gauges import MIN_OBSERVATIONS
from bot.features.indicator.picture import Floats
from bot.i18n import gettext as _


def guides(rule: Rule, series: "pd.Series[float]") -> tuple[Floats, ...]:
    """Return one or two lines by observation, NaN where the rule has too little history; none for states."""
    if rule.condition in THRESHOLDS:
        return (np.full(len(series), rule.threshold or 0.0),)
    if rule.condition in {"new_high", "new_low"}:
        return (_extreme(series, rule.within, highest=rule.condition == "new_high"),)
    if rule.condition == "enters_band":
        edges = [edge for edge in (rule.low, rule.high) if edge is not None and 0 < edge < 1]
        return tuple(_quantile(series, edge) for edge in edges)
    return _change(rule, series) if rule.condition == "changes_by" else ()


def guide_words(rule: Rule) -> str:
    """Say what the dashes stand for."""
    if rule.condition == "new_high":
        return _("highest before")
    if rule.condition == "new_low":
        return _("lowest before")
    return _("edge of the band") if rule.condition == "enters_band" else _("threshold")


def _extreme(series: "pd.Series[float]", within: int | None, *, highest: bool) -> Floats:
    before = series.shift(1)
    looked = before.expanding() if within is None else before.rolling(within)
    return np.asarray(looked.max() if highest else looked.min(), dtype=np.float64)


def _quantile(series: "pd.Series[float]", edge: float) -> Floats:
    return np.asarray(series.expanding(MIN_OBSERVATIONS).quantile(edge), dtype=np.float64)


def _change(rule: Rule, series: "pd.Series[float]") -> tuple[Floats, ...]:
    """Return the level at which the change would be as large as asked for, above and beneath."""
    size = rule.threshold or 0.0
    lowest = _extreme(series, rule.within, highest=False)
    highest = _extreme(series, rule.within, highest=True)
    up = lowest * (1 + size) if rule.relative else lowest + size
    down = highest * (1 - size) if rule.relative else highest - size
    return {"up": (up,), "down": (down,), "either": (up, down)}[rule.direction]
