"""The tables of an alert's card: every fire with what followed it, and the summary by horizon."""

import math
from collections.abc import Mapping

import pandas as pd

from bot.alerts.backtest import Backtest, on_sessions
from bot.alerts.rule import Watched
from bot.alerts.sentence import value_cell, value_column
from bot.analytics.events import FEWEST
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
    rows = []
    for day, value in reversed(done.fires):
        sessions = pd.DatetimeIndex(next(iter(forwards.values())).index) if forwards else pd.DatetimeIndex([])
        acted = on_sessions(pd.DatetimeIndex([pd.Timestamp(day)]), sessions)
        after: list[Value] = [_at(forward, acted) for forward in forwards.values()]
        rows.append((day, value_cell(value, watched), *after))
    return Table("fires", _("Every time"), columns, tuple(rows))


def _at(forward: "pd.Series[float]", acted: pd.DatetimeIndex) -> float | None:
    if len(acted) == 0:
        return None
    value = float(forward.loc[acted[0]])
    return None if math.isnan(value) else value


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
        enough = one.events >= FEWEST
        low, high = one.interval or (None, None)
        if low == high:  # blocks that hold all events: no width, and no interval
            low = high = None
        rows.append((one.horizon, one.events, one.separate, one.median if enough else None,
                     one.share_positive if enough else None, one.base_median, one.base_share_positive,
                     low, high))  # fmt: skip
    return Table("followed", _("What IWM minus SPY did afterwards"), columns, tuple(rows))
