"""What the most shorted members did in past rallies of their index, against all other members."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from bot.analytics.aggregates import median
from bot.analytics.events import crossings, declustered
from bot.errors import MissingData
from bot.features.short_members import with_positions
from bot.market import universe
from bot.market.dataset import Dataset

INDEX = "R2000"
SESSIONS = 21  # a rally is a gain within so many
SHORTED = 0.9  # the quantile above which a member is one of the most shorted
_NEAR = timedelta(days=7)  # prices of members may be so much older than the session they stand for
_SAME_SHARES = 0.2  # a larger change of the number of shares is a split or a merger: no return is made of it


@dataclass(frozen=True, slots=True)
class Rally:
    """One rally, as measured: the fund's gain, and median returns of the most shorted tenth and of all others.

    Positions and members are those known at ``start``, prices of members those of the snapshots ``since`` and
    ``until``. Fractions; ``shorted`` and ``others`` count the companies.
    """

    start: date
    end: date
    gain: float
    settlement: date
    since: date
    until: date
    shorted: int
    others: int
    shorted_return: float
    others_return: float


@dataclass(frozen=True, slots=True)
class Rallies:
    """The rallies of the fund, ``seen`` in all, and those of them whose members could be measured."""

    seen: int
    measured: tuple[Rally, ...]


def rallies(fund: "pd.Series[float]", points: float, dataset: Dataset) -> Rallies:
    """Find the sessions on which the fund's gain in a month passed so many points, and measure the members.

    ``fund`` is a total-return index by session. Rallies within a month after the last one kept count once.
    """
    gains = fund / fund.shift(SESSIONS) - 1
    sessions = pd.DatetimeIndex(fund.index)
    ends = sessions.get_indexer(declustered(crossings(gains, points / 100), sessions))
    measured = (
        _measured(sessions[end - SESSIONS].date(), sessions[end].date(), float(gains.iloc[end]), dataset)
        for end in ends.tolist()
    )
    return Rallies(len(ends), tuple(rally for rally in measured if rally is not None))


def _measured(start: date, end: date, gain: float, dataset: Dataset) -> Rally | None:
    then = dataset.at(start)
    try:
        positions = then.short_interest()
        since, until = then.snapshot(), dataset.at(end).snapshot()
        members = universe.members(then, INDEX)
    except MissingData:
        return None
    if start - since.date > _NEAR or end - until.date > _NEAR or until.date <= since.date:
        return None
    shorts = with_positions(members, then, positions.date)["of_shares"]
    before, after = (universe.attach(members, one.frame, ["price", "market_cap"]) for one in (since, until))
    returns = _returns(before, after)
    known = shorts.notna() & returns.notna()
    most = known & (shorts >= shorts[known].quantile(SHORTED))
    if not most.any() or not (known & ~most).any():
        return None
    return Rally(
        start=start,
        end=end,
        gain=gain,
        settlement=positions.date,
        since=since.date,
        until=until.date,
        shorted=int(most.sum()),
        others=int((known & ~most).sum()),
        shorted_return=median(returns[most]),
        others_return=median(returns[known & ~most]),
    )


def _returns(before: pd.DataFrame, after: pd.DataFrame) -> "pd.Series[float]":
    """Return price over price of two snapshots, without dividends; NaN across a split."""
    grown = (after["market_cap"] / after["price"]) / (before["market_cap"] / before["price"])
    returns: pd.Series[float] = (after["price"] / before["price"] - 1).where((grown - 1).abs() <= _SAME_SHARES)
    return returns
