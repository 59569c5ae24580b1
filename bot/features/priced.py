"""Prices that may not be there yet: a question about several funds is answered with those that traded by the day."""

from collections.abc import Iterable

import pandas as pd

from bot.errors import NotEnoughHistory, UnknownSymbol
from bot.market.dataset import Dataset


def total_return_by_then(symbol: str, dataset: Dataset, *, optional: Iterable[str] = ()) -> "pd.Series[float] | None":
    """Return a symbol's total-return index, None where it had not traded yet.

    ``optional`` symbols (those nobody asked for by name) may be missing from the data altogether. Raises
    UnknownSymbol and NoTotalReturn for others as the dataset does.
    """
    try:
        return dataset.total_return(symbol)
    except NotEnoughHistory:
        return None
    except UnknownSymbol:
        if symbol in optional:
            return None
        raise
