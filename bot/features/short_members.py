"""Positions of short interest brought to the companies of an index, and the member lists that may be compared."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.short_interest import measured_days, share_of_shares
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
    is more than one class; a split of any class counts. Before and volume are NaN where a class with a position lacks
    them, days where there was no volume, floats where none is known.
    """
    short = dataset.short_interest(settlement).frame
    frame = members.frame.assign(
        short=universe.add_up(members, short["short_shares"]),
        before=_of_every_class(members, short["previous_shares"]),
        average_volume=_of_every_class(members, short["average_volume"]),
        split=universe.add_up(members, short["split"].astype(float)).fillna(0) > 0,
    )
    single = measured_days(short["days_to_cover"]).reindex(frame.index)
    together = (frame["short"] / frame["average_volume"].where(frame["average_volume"] > 0)).clip(lower=1.0)
    frame["days_to_cover"] = single.where(frame["symbols"].map(len) == 1, together)
    frame["float_shares"] = _floats(members, dataset)
    return frame.assign(of_shares=share_of_shares(frame["short"], frame["shares"]))


def _of_every_class(members: Members, values: "pd.Series[float]") -> "pd.Series[float]":
    """Return the sum over the classes of each issuer that have a position; NaN where one of them has no value."""
    lacking = universe.add_up(members, values.isna().astype(float))
    return universe.add_up(members, values).where(lacking == 0)


def _floats(members: Members, dataset: Dataset) -> "pd.Series[float]":
    """Return the float by issuer: the vendor gives every class that of the whole company."""
    try:
        market = dataset.market().frame
    except MissingData:
        return pd.Series(math.nan, index=members.frame.index)
    floats: pd.Series[float] = universe.attach(members, market, ["float_shares"])["float_shares"]
    return floats
