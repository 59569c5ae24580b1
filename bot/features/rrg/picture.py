"""What the picture of the rotation graph draws."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.features.rrg import words
from bot.features.rrg.findings import Findings
from bot.i18n import gettext as _
from bot.market.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Picture:
    """Paths through the plane, oldest first: RS-Ratio across, RS-Momentum up; names of the four quadrants."""

    title: str
    subtitle: str
    as_of: date
    source: str
    symbols: tuple[str, ...]
    ratios: tuple[NDArray[np.float64], ...]
    momenta: tuple[NDArray[np.float64], ...]
    quadrants: dict[str, str]


def picture(found: Findings, dataset: Dataset) -> Picture:
    """Return the data of the picture."""
    return Picture(
        title=_("Rotation against {benchmark}").format(benchmark=found.benchmark),
        subtitle=_("RS-Ratio across, RS-Momentum up, 100 in the middle; the tail is eight weeks"),
        as_of=dataset.as_of,
        source=dataset.source(found.benchmark),
        symbols=tuple(place.symbol for place in found.places),
        ratios=tuple(place.path["ratio"].to_numpy(dtype=np.float64) for place in found.places),
        momenta=tuple(place.path["momentum"].to_numpy(dtype=np.float64) for place in found.places),
        quadrants=words.quadrants(),
    )
