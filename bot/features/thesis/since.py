"""What has become of each claim since the day it was made, in a few words."""

import pandas as pd

from bot import i18n
from bot.analytics.records import record_closes
from bot.analytics.returns import common, position_on_or_before, total_return
from bot.errors import UserError
from bot.features.thesis import words
from bot.features.thesis.readings import EQUAL, LARGE, SMALL, Reading, seven
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.windows import ARTICLE


def since(reading: Reading, then: Reading, dataset: Dataset) -> str:
    """Return what happened since the claim was made; on earlier days, that it was not made yet.

    Prices tell it from day to day; otherwise the reading of then is given, where the inputs of that day are stored.
    """
    if dataset.as_of < ARTICLE:
        return _("the claim was not made yet")
    try:
        told = _TOLD[reading.claim](dataset) if reading.claim in _TOLD else None
    except UserError:
        told = None
    if told is not None:
        return told
    if then.as_of is not None:
        return _("was: {reading}").format(reading=words.now(then))
    return _("no record of that day here")


def _records(dataset: Dataset) -> str:
    records = record_closes(dataset.closes(SMALL))
    count = int((pd.DatetimeIndex(records.index) > pd.Timestamp(ARTICLE)).sum())
    return i18n.ngettext("{n} more record close", "{n} more record closes", count).format(n=count)


def _gained(first: "pd.Series[float]", second: "pd.Series[float]") -> tuple[float, float]:
    """Return both total returns since the day of the claim."""
    one, other = common(first, second)
    at = position_on_or_before(pd.DatetimeIndex(one.index), ARTICLE)
    return total_return(one.iloc[at:]), total_return(other.iloc[at:])


def _outrunning(dataset: Dataset) -> str:
    small, large = _gained(dataset.total_return(SMALL), dataset.total_return(LARGE))
    return _("IWM {small}, SPY {large}").format(
        small=i18n.percent(small, signed=True), large=i18n.percent(large, signed=True)
    )


def _breadth(dataset: Dataset) -> str:
    equal, cap = _gained(dataset.total_return(EQUAL), dataset.total_return(LARGE))
    small, mega = _gained(dataset.total_return(SMALL), seven(dataset))
    return _("RSP {equal} to SPY, IWM {mega} to the seven").format(
        equal=i18n.points(equal - cap), mega=i18n.points(small - mega)
    )


_TOLD = {"records": _records, "outrunning": _outrunning, "comeback": _outrunning, "breadth": _breadth}
