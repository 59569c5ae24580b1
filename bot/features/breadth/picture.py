"""What the pictures of breadth show."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A relative total return over the window, 100 at its start, NaN before; ``words`` say what it gained."""

    name: str
    values: NDArray[np.float64]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """Relative lines on common sessions."""

    title: str
    subtitle: str
    as_of: date
    source: str
    days: NDArray[np.datetime64]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares of members, small and large, by question."""

    title: str
    subtitle: str
    as_of: date
    source: str
    sides: tuple[str, ...]
    groups: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    words: tuple[tuple[str, ...], ...]
