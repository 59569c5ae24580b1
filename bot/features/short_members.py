"""Positions of short interest brought to the companies of an index, and the member lists that may be compared."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.short_interest import share_of_shares
from bot.errors import MissingData
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.universe import Members


@dataclass(frozen=True, slots=True)
class Lists:
    """Member lists to be compared, the one asked for first; ``whole`` is that one before any were handed over."""

    members: tuple[Members, ...]
    whole: Members
    words: str | None


def lists(index: str, known: tuple[str, ...], dataset: Dataset, near: date) -> Lists:
    """Return the member lists to be compared, the one asked for first, same epoch or with handed-over members out."""
    whole = universe.members(dataset, index, near)
    rivals = [name for name in ("R2000", "R1000", "SP500", "NDX") if name != index and name in known]
    if not rivals:
        return Lists((whole,), whole, None)
    first = universe.pair(dataset, index, rivals[0], near)
    others = [universe.pair(dataset, index, name, near).large for name in rivals[1:]]
    return Lists((first.small, first.large, *others), whole, universe.words(first))


def with_positions(members: Members, dataset: Dataset, settlement: date) -> pd.DataFrame:
    """Return the members' frame with short, before, split, average_volume, days_to_cover, float_shares, of_shares.

    Positions and volumes are those of all classes of an issuer together, days to cover their quotient where there
    is more than one class; a split of any class counts. Floats are NaN where none is known.
    """
    short = dataset.short_interest(settlement).frame
    frame = members.frame.assign(
        short=universe.add_up(members, short["short_shares"]),
        before=universe.add_up(members, short["previous_shares"]),
        average_volume=universe.add_up(members, short["average_volume"]),
        split=universe.add_up(members, short["split"].astype(float)).fillna(0) > 0,
    )
    single = short["days_to_cover"].reindex(frame.index)
    together = (frame["short"] / frame["average_volume"].where(frame["average_volume"] > 0)).clip(lower=1.0)
    frame["days_to_cover"] = single.where(frame["symbols"].map(len) == 1, together)
    frame["float_shares"] = _floats(members, dataset)
    return frame.assign(of_shares=share_of_shares(frame["short"], frame["shares"]))


def _floats(members: Members, dataset: Dataset) -> "pd.Series[float]":
    """Return the float by issuer: the vendor gives every class that of the whole company."""
    try:
        market = dataset.market().frame
    except MissingData:
        return pd.Series(math.nan, index=members.frame.index)
    floats: pd.Series[float] = universe.attach(members, market, ["float_shares"])["float_shares"]
    return floats
