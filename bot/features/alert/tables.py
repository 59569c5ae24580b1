"""The tables of an alert's card: every fire with what followed it, and the summary by horizon."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bot.alerts.backtest import Backtest
from bot.alerts.rule import Watched
from bot.alerts.sentence import value_cell, value_column
from bot.features.alert.words import enough
from bot.i18n import gettext as _
from bot.report import Column, Table, Unit, Value


def fires_table(done: Backtest, watched: Watched, forwards: "Mapping[int, pd.Series[float]]") -> Table:
    """List all fires, newest first, with IWM minus SPY over each horizon that is complete."""
    columns = (
        Column("date", _("Day"), "date"),
        value_column("value", _("Value"), watched),
        *(
            Column(f"after_{horizon}", _("+{n} sessions").format(n=horizon), "percentage_points")
            for horizon in forwards
        ),
    )
    followed = _followed(done, forwards)
    rows = tuple(
        (day, value_cell(value, watched), *after)
        for (day, value), after in zip(reversed(done.fires), reversed(followed), strict=True)
    )
    return Table("fires", _("Every time"), columns, rows)


def _followed(done: Backtest, forwards: "Mapping[int, pd.Series[float]]") -> list[list[Value]]:
    """Return for each fire what followed from the session on which it could be acted on, None where incomplete."""
    days = pd.DatetimeIndex([day for day, _value in done.fires])
    columns = []
    for forward in forwards.values():
        places = forward.index.searchsorted(days)
        known = (days >= forward.index[0]) & (places < len(forward))
        after = np.where(known, forward.to_numpy()[np.where(known, places, 0)], np.nan)
        columns.append([None if math.isnan(value) else value for value in after.tolist()])
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _day in done.fires]


def followed_table(done: Backtest) -> Table:
    """Return what followed by horizon: counts, median, share above zero, both beside the base rate, interval."""
    points: Unit = "percentage_points"
    share: Unit = "fraction"
    columns = (
        Column("horizon", _("Sessions later"), "count"),
        Column("events", _("Events"), "count"),
        Column("separate", _("Not overlapping"), "count"),
        Column("median", _("Median"), points),
        Column("positive", _("Above zero"), share, digits=0),
        Column("base_median", _("Median, any session"), points),
        Column("base_positive", _("Above zero, any session"), share, digits=0),
        Column("low", _("90% from"), points),
        Column("high", _("90% to"), points),
    )
    rows: list[tuple[Value, ...]] = []
    for one in done.followed:
        told = enough(one)
        low, high = one.interval or (None, None)
        if low == high:  # blocks that hold all events: no width, and no interval
            low = high = None
        rows.append((one.horizon, one.events, one.separate, one.median if told else None,
                     one.share_positive if told else None, one.base_median, one.base_share_positive,
                     low, high))  # fmt: skip
    return Table("followed", _("What IWM minus SPY did afterwards"), columns, tuple(rows))
