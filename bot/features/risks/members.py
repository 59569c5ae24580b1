"""Inputs taken from members of the Russell 2000, as far as their history is stored."""

import pandas as pd

from bot.analytics.gauges import Input, as_known, measured
from bot.features.breadth.indicators import LOSING, SNAPSHOTS, losing
from bot.features.rates.findings import leverage
from bot.features.record import history
from bot.features.shortinterest.indicators import indicators
from bot.market.dataset import Dataset

INDEX = "R2000"
WATCHED = "shortinterest.weighted.r2000"


def _by_day(name: str, readings: "dict[pd.Timestamp, float]", grid: pd.DatetimeIndex) -> Input:
    """Make an input of readings by the day each was known: every one counts once, on the first day of the grid."""
    known = pd.Series(readings, dtype=float).sort_index().dropna()
    if known.empty:
        return Input(name, known, known)
    frame = pd.DataFrame({"value": known.to_numpy(), "known": known.index}, index=known.index)
    carried = as_known(frame, grid)
    days = as_known(frame.assign(value=known.index.to_numpy().astype("int64")), grid)
    return measured(name, carried[days != days.shift(1)])


def shorts(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Short interest of the members, weighted by market cap, by publication and as it could be computed then."""
    weighted = next(one for one in indicators() if one.id == WATCHED)
    readings = {pd.Timestamp(str(day)): float(value) for day, value in weighted.series(dataset).items()}
    return _by_day("aggregate", readings, grid)


def losses(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Share of members with a net margin below zero, by snapshot; the bot's own record keeps it."""
    known = history(dataset, LOSING, SNAPSHOTS, losing)
    return _by_day("losses", dict(zip(pd.DatetimeIndex(known.index), known.tolist(), strict=True)), grid)


def debts(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Median net debt over EBITDA of small members less that of large ones, by the day of the accounts."""
    found = leverage(dataset)
    readings = {} if found is None else {pd.Timestamp(found.day): found.small - found.large}
    return _by_day("debts", readings, grid)
