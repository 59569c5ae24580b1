"""Where ticks stand and what they say: few, round, and known before drawing."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot import i18n

Dates = NDArray[np.datetime64]
_MANTISSAS = (1.0, 2.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and its words."""

    at: float
    label: str


def round_steps(low: float, high: float, most: int = 5) -> NDArray[np.float64]:
    """Return at most ``most`` round values inside ``low`` to ``high`` at an even step."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return np.array([low]) if math.isfinite(low) else np.array([])
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for mantissa in _MANTISSAS:
        step = mantissa * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return np.arange(first, last + 1, dtype=np.float64) * step
    raise AssertionError("a step of twenty times a fifth always fits")


def round_factors(low: float, high: float, most: int = 5) -> NDArray[np.float64]:
    """Return values of a logarithmic axis, 1-2-5 or sparser, inside ``low`` to ``high`` (both positive)."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in ((1, 2, 5), (1, 3), (1,)):
        values = np.array([m * 10.0**d for d in decades for m in mantissas])
        inside = values[(values >= low * (1 - 1e-9)) & (values <= high * (1 + 1e-9))]
        if len(inside) <= most:
            return inside
    return inside[:: math.ceil(len(inside) / most)]


def decimals(values: Sequence[float] | NDArray[np.float64]) -> int:
    """Return how many decimals tell evenly spaced values apart."""
    if len(values) < 2:
        return 0
    step = float(np.min(np.diff(np.sort(np.asarray(values, dtype=float)))))
    for digits in range(6):
        if abs(step * 10**digits - round(step * 10**digits)) < 1e-6 * max(1.0, step * 10**digits):
            return digits
    return 6


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """Return limits with air around the data; a flat series gets a band of its own."""
    if high - low <= 1e-12 * max(abs(high), abs(low), 1e-12):
        air = 0.02 * max(abs(high), abs(low))
        air = air if air > 1e-9 else 1.0
        return low - air, high + air
    air = (high - low) * share
    return low - air, high + air


def _day(value: np.datetime64) -> date:
    day: date = value.astype("datetime64[D]").item()
    return day


def _periods(dates: Dates, unit: str) -> NDArray[np.int64]:
    """Return a running number of the ISO week, the month or the year of each day."""
    if unit == "W":
        days: NDArray[np.int64] = dates.astype("datetime64[D]").astype(np.int64)
        return (days + 3) // 7  # 1970 began on a Thursday
    numbers: NDArray[np.int64] = dates.astype(f"datetime64[{unit}]").astype(np.int64)
    return numbers + 1970 if unit == "Y" else numbers


def _every(dates: Dates, unit: str, step: int) -> NDArray[np.intp]:
    """Return the first positions of every ``step``-th week, month or year after the start."""
    periods = _periods(dates, unit)
    changed: NDArray[np.intp] = np.flatnonzero(np.diff(periods) != 0) + 1
    wanted: NDArray[np.intp] = changed[periods[changed] % step == 0]
    return wanted


def _month_label(day: date) -> str:
    return str(day.year) if day.month == 1 else i18n.month(day)


def date_ticks(dates: Dates, most: int = 8) -> tuple[Tick, ...]:
    """Return ticks for sessions drawn at positions 0, 1, 2, ...: days, weeks, months or years.

    ``dates`` are ascending days. Every tick stands on the first session of its period; between
    January and December a year is named once, at January.
    """
    if len(dates) <= most:
        return tuple(Tick(i, i18n.short_day(_day(d))) for i, d in enumerate(dates))
    plans: list[tuple[str, int, Callable[[date], str]]] = [("W", step, i18n.short_day) for step in (1, 2)]
    plans += [("M", step, _month_label) for step in (1, 2, 3, 6)]
    plans += [("Y", step, lambda day: str(day.year)) for step in (1, 2, 5, 10, 20)]
    found = np.array([], dtype=np.intp)
    for unit, step, words in plans:
        found = _every(dates, unit, step)
        if len(found) <= most:
            return tuple(Tick(int(i), words(_day(dates[i]))) for i in found)
    return tuple(Tick(int(i), str(_day(dates[i]).year)) for i in found[:: math.ceil(len(found) / most)])
