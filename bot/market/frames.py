"""What a Dataset hands out besides plain series: frames that know their day and their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Frame:
    """A table of the whole market on one day, indexed by symbol (spelled without separators, ``BRKB``)."""

    date: date
    frame: pd.DataFrame
    source: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """A fund's stocks from one file: cash, futures, escrows and unlisted leftovers are not among them.

    ``frame`` has the columns symbol, name, sector, weight (fraction of the whole fund), shares, price, market_value.
    """

    fund: str
    date: date
    frame: pd.DataFrame
    source: str


@dataclass(frozen=True, slots=True)
class FundFacts:
    """What the vendor says about a fund on one day.

    ``values``: name, category, family (words), assets and nav (dollars), expense_ratio and yield (fractions),
    beta_3y, inception (ISO day), high_52w, low_52w, top_holdings (list of {symbol, name, weight}), sectors
    (name to fraction). A key that the vendor left out is missing.
    """

    date: date
    values: Mapping[str, Any]
