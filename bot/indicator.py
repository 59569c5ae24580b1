"""An indicator: a named daily (or slower) series with a unit, which alerts watch and history tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.report import Cadence, Unit

if TYPE_CHECKING:
    import pandas as pd

    from bot.market.dataset import Dataset

__all__ = ["Cadence", "Indicator"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """``series(dataset)`` returns values by the day they became known, up to the dataset's as-of day, NaN dropped.

    A state indicator (a regime, a verdict) holds places in ``states``, which names them: 0, 1, 2... ``measured`` gives
    the value of the dataset's day alone, for indicators that the bot's own record keeps (``bot.features.record``);
    ``kept``: the record keeps each value of the series itself. ``signed`` values say by how much something is more or
    less than something else: they always show their sign (points and basis points do anyway).
    """

    id: str
    title: str
    unit: Unit
    cadence: Cadence
    source: str
    series: "Callable[[Dataset], pd.Series[float]]"
    states: tuple[str, ...] = ()
    measured: "Callable[[Dataset], float] | None" = None
    signed: bool = False
    kept: bool = False
