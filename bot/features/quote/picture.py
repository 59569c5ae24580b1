"""What the picture of a quote shows."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices by session with their averages (NaN before there are enough sessions)."""

    title: str
    subtitle: str
    as_of: date
    source: str
    name: str
    days: NDArray[np.datetime64]
    values: NDArray[np.float64]
    average_50: NDArray[np.float64]
    average_200: NDArray[np.float64]
    words: str
