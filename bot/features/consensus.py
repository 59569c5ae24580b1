"""Consensus estimates brought to the companies of an index, without those whose accounts are in another currency."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.aggregates import foreign_accounts
from bot.errors import MissingData
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.frames import Frame
from bot.market.universe import Members

COLUMNS = (
    "eps_fy1", "eps_fy1_30d_ago", "eps_fy1_90d_ago", "eps_fy2", "eps_fy2_90d_ago", "revisions_up_30d",
    "revisions_down_30d", "analysts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consensus:
    """Members with estimates in dollars a share (NaN is missing), the day of the file, and who was left out.

    ``frame`` is the members' frame with the columns of the file of estimates; all of a foreign company's are NaN.
    """

    members: Members
    frame: pd.DataFrame
    day: date
    foreign: tuple[str, ...]


def consensus(members: Members, dataset: Dataset) -> Consensus:
    """Return the latest estimates of an index's companies. MissingData where none are known yet."""
    file = dataset.estimates()
    frame = universe.attach(members, file.frame, COLUMNS)
    foreign = _foreign(frame, file.frame, file.date, dataset)
    columns = list(COLUMNS)
    frame.loc[frame.index.isin(foreign), columns] = float("nan")
    return Consensus(members, frame, file.date, foreign)


def _foreign(frame: pd.DataFrame, estimates: pd.DataFrame, day: date, dataset: Dataset) -> tuple[str, ...]:
    """Return the members whose estimates are not in dollars.

    Found by an exchange rate shared with other companies, where the vendor's own conversion is stored for the same
    day, and by earnings a share above the price: nobody sells a share for less than it earns in a year.
    """
    above = frame.index[(frame[["eps_fy1", "eps_fy2"]].max(axis=1) > frame["price"]).to_numpy(dtype=bool)]
    converted = _converted(estimates, day, dataset)
    found = set(above) | {issuer for issuer, symbols in frame["symbols"].items() if converted & set(symbols)}
    return tuple(sorted(str(issuer) for issuer in found))


def _converted(estimates: pd.DataFrame, day: date, dataset: Dataset) -> frozenset[str]:
    """Return the symbols that share an exchange rate; none where the conversion of the day is not stored."""
    try:
        snapshot = dataset.snapshot()
    except MissingData:
        return frozenset()
    if snapshot.date != day:
        return frozenset()
    return frozenset(foreign_accounts(estimates["eps_fy2"], snapshot.frame["eps_fy2"]))


def in_dollars(symbol: str, file: Frame, dataset: Dataset) -> bool:
    """Tell whether a company's own row of a file of estimates is in dollars, by the same two rules."""
    row = file.frame.loc[symbol]
    above = bool((row[["eps_fy1", "eps_fy2"]] > row["price"]).any())
    return not above and symbol not in _converted(file.frame, file.date, dataset)
