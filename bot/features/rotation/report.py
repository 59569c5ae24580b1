"""The report on the rotation, and the indicators it offers."""

from typing import Literal

import numpy as np
import pandas as pd

from bot import i18n
from bot.features.rotation import words
from bot.features.rotation.findings import Findings, find
from bot.features.rotation.indicators import indicators
from bot.features.rotation.picture import picture
from bot.features.rotation.request import RotationRequest
from bot.features.rotation.stats import stats
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Table, distinct
from bot.windows import Window

__all__ = ["build", "indicators"]

_TONES: dict[int, Literal["small", "large", "neutral"]] = {1: "small", -1: "large", 0: "neutral"}


def build(request: RotationRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. Raises UserError where it cannot be answered."""
    found = find(request, dataset)
    sources = distinct(dataset.source(symbol) for symbol in (found.pair.small, found.pair.large))
    source = i18n.all_of(sources)
    stale = found.asked.end < dataset.as_of
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=found.pair.title(),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(stats(found, source, stale=stale)),
        tables=(_horizons(found), _levels(found)),
        charts=(Chart("rotation", words.alternative(found), picture(found, request.basis, dataset.as_of, source)),),
        notes=words.notes(found, request.basis, stale=stale),
        sources=sources,
        tone=_TONES[found.asked.ahead],
        version=dataset.version,
    )


def _horizons(found: Findings) -> Table:
    rows = ((Window(s.window).words(), s.start, s.small, s.large, s.spread) for s in found.offered)
    columns = (
        Column("window", _("Window")),
        Column("start", _("From"), "date"),
        Column("small", found.pair.small, "fraction", signed=True),
        Column("large", found.pair.large, "fraction", signed=True),
        Column("spread", _("Spread"), "percentage_points", signed=True),
    )
    return Table("horizons", _("All windows to {day}").format(day=i18n.day(found.asked.end)), columns, tuple(rows))


def _levels(found: Findings) -> Table:
    """Return the derived series by date, for the CSV alone."""
    frame = pd.DataFrame(
        {"small": found.small, "large": found.large, "rs": found.strength, "rs_mean_200": found.mean}
    ).assign(spread=(found.small - found.large) / 100)
    days = [stamp.date() for stamp in pd.DatetimeIndex(frame.index)]
    values = [[None if np.isnan(v) else float(v) for v in row] for row in frame.to_numpy()]
    columns = (
        Column("date", _("Date"), "date"),
        Column("small", _("{fund}, start = 100").format(fund=found.pair.small), "ratio"),
        Column("large", _("{fund}, start = 100").format(fund=found.pair.large), "ratio"),
        Column("rs", _("Relative strength, start = 100"), "ratio"),
        Column("rs_mean_200", _("Its 200-session mean"), "ratio"),
        Column("spread", _("Spread"), "percentage_points", signed=True),
    )
    rows = tuple((day, *row) for day, row in zip(days, values, strict=True))
    return Table("levels", _("Rebased levels, relative strength and spread by date"), columns, rows, place="csv")
