"""What the chart of the rotation draws: plain data."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.analytics.returns import position_on_or_before
from bot.analytics.rotation import spans
from bot.features.rotation.findings import Findings, Span
from bot.features.sides import Sides
from bot.request import Basis


@dataclass(frozen=True, slots=True)
class Picture:
    """What the chart draws: series on the window's sessions, rebased to 100 at its start.

    ``mean`` is NaN where there is too little history; ``bands`` are (first session, last session, state) of the
    regimes in force, as positions.
    """

    pair: Sides
    asked: Span
    basis: Basis
    as_of: date
    source: str
    dates: NDArray[np.datetime64]
    small: NDArray[np.float64]
    large: NDArray[np.float64]
    strength: NDArray[np.float64]
    mean: NDArray[np.float64]
    bands: tuple[tuple[int, int, str], ...]


def picture(found: Findings, basis: Basis, as_of: date, source: str) -> Picture:
    """Take from the findings what is drawn; ``source`` is the line beneath the picture."""
    index = pd.DatetimeIndex(found.small.index)
    inside = found.history.loc[index[0] :]
    bands = tuple(
        (position_on_or_before(index, start), position_on_or_before(index, end), state)
        for start, end, state in spans(inside)
    )
    return Picture(
        pair=found.pair,
        asked=found.asked,
        basis=basis,
        as_of=as_of,
        source=source,
        dates=index.to_numpy().astype("datetime64[D]"),
        small=np.asarray(found.small, dtype=np.float64),
        large=np.asarray(found.large, dtype=np.float64),
        strength=np.asarray(found.strength, dtype=np.float64),
        mean=np.asarray(found.mean, dtype=np.float64),
        bands=bands,
    )
