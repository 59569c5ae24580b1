"""What the picture of the gauges draws: four dials, and the year behind them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot import i18n
from bot.features.risks import words
from bot.features.risks.findings import Findings
from bot.i18n import gettext as _
from bot.market.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Picture:
    """Readings now (None: not measured), how each moved in words, and weekly readings of the year, NaN for gaps."""

    title: str
    subtitle: str
    as_of: date
    source: str
    names: tuple[str, ...]
    now: tuple[float | None, ...]
    moved: tuple[str, ...]
    days: NDArray[np.datetime64]
    year: tuple[NDArray[np.float64], ...]


def picture(found: Findings, dataset: Dataset) -> Picture:
    """Return the data of the picture."""
    names = words.gauge_names()
    since = found.today - pd.DateOffset(years=1)
    years = [one.readings[one.readings.index >= since] for one in found.gauges]
    return Picture(
        title=_("Four gauges of risk"),
        subtitle=_("0 calm to 100 stressed: percentile of each one's own history. Beneath, the year to {day}").format(
            day=i18n.day(dataset.as_of)
        ),
        as_of=dataset.as_of,
        source=", ".join((dataset.source("macro"), dataset.source("IWM"))),
        names=tuple(names[one.name] for one in found.gauges),
        now=tuple(one.now for one in found.gauges),
        moved=tuple(_short(one.now, found.change(one)) for one in found.gauges),
        days=years[0].index.to_numpy().astype("datetime64[D]"),
        year=tuple(np.asarray(one, dtype=np.float64) for one in years),
    )


def _short(now: float | None, change: float | None) -> str:
    if now is None:
        return _("too few to say")
    if change is None:
        return ""
    return _("{change} in a month").format(change=i18n.number(change, signed=True))
