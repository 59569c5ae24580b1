"""How old a figure may be before its card marks it as stale: by kind of source, in calendar days.

The marks follow how often a source is expected to bring something new, with room for one missed delivery.
"""

from datetime import date, timedelta
from typing import Literal

from bot.market import calendar
from bot.market.dataset import Dataset

Kind = Literal["snapshot", "estimates", "fundamentals", "market", "holdings", "facts"]
OLDEST: dict[Kind, timedelta] = {
    "snapshot": timedelta(days=31),
    "estimates": timedelta(days=31),
    "fundamentals": timedelta(days=31),
    "market": timedelta(days=90),
    "holdings": timedelta(days=100),
    "facts": timedelta(days=100),
}


def stale(kind: Kind, day: date, as_of: date) -> bool:
    """Return whether what a file of ``day`` says is too old on ``as_of``."""
    return as_of - day > OLDEST[kind]


def stale_settlement(settlement: date, dataset: Dataset) -> bool:
    """Return whether positions of a later settlement date should have been published by the dataset's day."""
    following = next((d.date() for d in dataset.settlement_dates() if d.date() > settlement), None)
    return following is not None and calendar.publication_date(following) <= dataset.as_of
