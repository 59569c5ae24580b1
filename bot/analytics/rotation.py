"""Who leads: relative strength of two total-return indices, its regime, and the relative rotation graph.

Every series is indexed by session. A regime is a word (``small``, ``large``, ``mixed``) or NaN while history
is too short. The graph's two numbers follow the public z-score variant, not the vendor's own formula.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from bot.analytics.rates import week_ends
from bot.analytics.returns import common

SMALL, LARGE, MIXED = "small", "large", "mixed"
STATES = (LARGE, MIXED, SMALL)  # in the order of the codes -1, 0, 1
LONG_MEAN, SHORT_MEAN, RISING_OVER, CONFIRMING = 200, 50, 20, 5
RATIO_SESSIONS, SMOOTHING, MOMENTUM_SESSIONS, MOMENTUM_CHANGE = 252, 10, 63, 10
TAIL_WEEKS = 8
_SAME = 1e-12  # relative: what rounding alone may make of two equal numbers


@dataclass(frozen=True, slots=True)
class Regime:
    """A regime with the session it began and the one that confirmed it (the fifth)."""

    state: str
    since: date
    confirmed: date


def relative_strength(small: "pd.Series[float]", large: "pd.Series[float]") -> "pd.Series[float]":
    """Return the ratio of the two on their common sessions."""
    first, second = common(small, large)
    return first / second


def above_long_mean(strength: "pd.Series[float]") -> "pd.Series[float]":
    """Return relative strength over its own 200-session mean (today included), minus one; NaN for 199 sessions."""
    return strength / strength.rolling(LONG_MEAN).mean() - 1


def _sign(first: "pd.Series[float]", second: "pd.Series[float]") -> "pd.Series[float]":
    """Return 1, 0 or -1 as the first is above, equal to or below the second; NaN where either is missing."""
    gap = first - second
    gap = gap.mask(gap.abs() <= _SAME * second.abs(), 0.0)
    return pd.Series(np.sign(gap.to_numpy(dtype=float)), index=gap.index)


def raw_codes(strength: "pd.Series[float]") -> "pd.Series[float]":
    """Return each session's own verdict: 1 small, -1 large, 0 mixed, NaN while the means are not there.

    Small: above the 200-session mean, and the 50-session mean above its value 20 sessions earlier. Large: both
    strictly the other way.
    """
    position = _sign(strength, strength.rolling(LONG_MEAN).mean())
    short = strength.rolling(SHORT_MEAN).mean()
    direction = _sign(short, short.shift(RISING_OVER))
    agreed = position.where(position == direction, 0.0)
    return agreed.where(position.notna() & direction.notna())


def regimes(strength: "pd.Series[float]") -> pd.DataFrame:
    """Return the regime in force by session, from the first confirmed on: columns ``code``, ``since``, ``confirmed``.

    A verdict counts after five sessions in a row: ``since`` is the first of them, ``confirmed`` the fifth, and the
    regime is in force from the fifth on until another one is confirmed.
    """
    codes = raw_codes(strength).dropna()
    run = (codes != codes.shift(1)).cumsum()
    fifth = codes.groupby(run).cumcount() == CONFIRMING - 1
    confirmed = codes.where(fifth).ffill()
    changed = confirmed.notna() & (confirmed != confirmed.shift(1))
    days = pd.Series(codes.index, index=codes.index)
    return pd.DataFrame(
        {
            "code": confirmed,
            "since": days.shift(CONFIRMING - 1).where(changed).ffill(),
            "confirmed": days.where(changed).ffill(),
        }
    ).loc[confirmed.notna()]


def current_regime(strength: "pd.Series[float]") -> Regime | None:
    """Return the regime in force on the last session, None if none was ever confirmed."""
    history = regimes(strength)
    if history.empty:
        return None
    last = history.iloc[-1]
    return Regime(state_of(last["code"]), last["since"].date(), last["confirmed"].date())


def state_of(code: float) -> str:
    """Return the word of a code: -1 large, 0 mixed, 1 small."""
    return STATES[int(code) + 1]


def spans(history: pd.DataFrame) -> list[tuple[date, date, str]]:
    """Return the regimes of ``regimes`` one after another: first session in force, last session, state."""
    if history.empty:
        return []
    days = [stamp.date() for stamp in pd.DatetimeIndex(history.index)]
    changed = (history["confirmed"] != history["confirmed"].shift(1)).to_numpy()
    begins = np.flatnonzero(changed).tolist()
    ends = [*(begin - 1 for begin in begins[1:]), len(days) - 1]
    codes = history["code"].tolist()
    return [(days[a], days[b], state_of(codes[a])) for a, b in zip(begins, ends, strict=True)]


def _z_score(series: "pd.Series[float]", sessions: int) -> "pd.Series[float]":
    """Return how many deviations (ddof 1) each value lies above its own mean; NaN where nothing moved."""
    window = series.rolling(sessions)
    deviation = window.std()
    moved = deviation > _SAME * window.mean().abs()
    return (series - window.mean()) / deviation.where(moved)


def rotation_graph(strength: "pd.Series[float]") -> pd.DataFrame:
    """Return columns ``ratio`` and ``momentum`` by session, from the first with both; about 100 each.

    Ratio: 100 + z-score of relative strength over 252 sessions, smoothed by a 10-session mean. Momentum:
    100 + z-score over 63 sessions of the ratio's change in 10.
    """
    ratio = (100 + _z_score(strength, RATIO_SESSIONS)).rolling(SMOOTHING).mean()
    momentum = 100 + _z_score(ratio - ratio.shift(MOMENTUM_CHANGE), MOMENTUM_SESSIONS)
    return pd.DataFrame({"ratio": ratio, "momentum": momentum}).dropna()


def quadrant(ratio: float, momentum: float) -> str:
    """Name the quadrant; 100 counts as up on both sides."""
    if ratio >= 100:
        return "leading" if momentum >= 100 else "weakening"
    return "improving" if momentum >= 100 else "lagging"


def tail(graph: pd.DataFrame, weeks: int = TAIL_WEEKS) -> pd.DataFrame:
    """Return the graph's last sessions of the last ``weeks`` weeks, oldest first; the last may still be running."""
    return graph.loc[week_ends(pd.DatetimeIndex(graph.index), None)[-weeks:]]
