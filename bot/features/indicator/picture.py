"""What the picture of an indicator shows: also that of an alert on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot import i18n
from bot.report import Unit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An indicator's values by observation (``dates`` ascending), as a line or, with ``states``, as steps.

    ``guides`` are thresholds by observation, NaN where there is none; ``fires`` are places in ``dates``.
    """

    title: str
    subtitle: str
    as_of: date
    source: str
    dates: NDArray[np.datetime64]
    values: Floats
    unit: Unit
    states: tuple[str, ...]
    now: str
    guides: tuple[Floats, ...] = ()
    guide_words: str = ""
    fires: NDArray[np.int64]
    fire_words: str = ""


def tick_words(unit: Unit) -> Callable[[float, int], str]:
    """Return how values of a unit are written on an axis, given decimals that tell them apart as they are stored."""
    if unit in {"fraction", "percentage_points"}:
        return lambda value, digits: i18n.percent(value, max(0, digits - 2))
    return lambda value, digits: i18n.compact(value) if abs(value) >= 1e5 else i18n.number(value, digits)
