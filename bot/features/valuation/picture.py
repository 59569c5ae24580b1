"""What the pictures of valuation show."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The relative price by session, and the levels below which a tenth, a half and nine tenths of sessions lie."""

    title: str
    subtitle: str
    as_of: date
    source: str
    name: str
    days: NDArray[np.datetime64]
    values: NDArray[np.float64]
    bands: tuple[float, float, float]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Premiums:
    """Small against large by multiple: ``premium`` above zero is dearer (None: not meaningful), ``words`` both."""

    title: str
    subtitle: str
    as_of: date
    source: str
    names: tuple[str, ...]
    premiums: tuple[float | None, ...]
    words: tuple[str, ...]
