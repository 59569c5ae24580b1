"""Calendar years side by side: who was ahead, how often, and by how much."""

from dataclasses import dataclass

import pandas as pd

from bot.analytics.returns import calendar_year_returns, common

_SHOWN = 1e-9  # two returns nearer than this are a tie


@dataclass(frozen=True, slots=True)
class Tally:
    """Full years counted: how many, how many the small side won, best and worst year for it with their spreads."""

    years: int
    ahead: int
    tied: int
    best: tuple[int, float] | None
    worst: tuple[int, float] | None


def side_by_side(small: "pd.Series[float]", large: "pd.Series[float]") -> pd.DataFrame:
    """Return columns small, large, spread (fractions) by calendar year, on the sessions both have.

    The first common year is left out unless it begins with the session before; the last may be in progress.
    """
    first, second = common(small, large)
    both = pd.DataFrame({"small": calendar_year_returns(first), "large": calendar_year_returns(second)})
    return both.assign(spread=both["small"] - both["large"])


def tally(years: pd.DataFrame) -> Tally:
    """Count full years; a tie is neither ahead nor behind. Takes the rows of ``side_by_side`` to be counted."""
    if years.empty:
        return Tally(0, 0, 0, None, None)
    spread = years["spread"]
    tied = int((spread.abs() <= _SHOWN).sum())
    ahead = int((spread > _SHOWN).sum())
    best, worst = int(spread.to_numpy().argmax()), int(spread.to_numpy().argmin())
    at = [(int(year), float(value)) for year, value in zip(years.index, spread, strict=True)]
    return Tally(len(years), ahead, tied, at[best], at[worst])
