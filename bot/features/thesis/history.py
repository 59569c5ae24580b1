"""The verdicts that prices alone decide, for every session of the past as it could be known then."""

import numpy as np
import pandas as pd

from bot.analytics import verdicts
from bot.analytics.records import sessions_since_record
from bot.analytics.returns import common, drawdown, rolling_return
from bot.analytics.rotation import regimes, relative_strength
from bot.features.thesis.readings import LARGE, SMALL, Claim
from bot.market.dataset import Dataset


def verdict_series(dataset: Dataset, claim: Claim) -> "pd.Series[float]":
    """Return -1 broken, 0 mixed, 1 holds by session. KeyError for claims that need more than prices."""
    found: pd.Series[float] = {"records": _records, "outrunning": _outrunning, "cycle": _cycle}[claim](dataset)
    return found


def _records(dataset: Dataset) -> "pd.Series[float]":
    closes = dataset.closes(SMALL)
    recent = sessions_since_record(closes) <= verdicts.RECENT_SESSIONS
    deep = drawdown(closes) < verdicts.DEEP_DRAWDOWN
    return recent.astype(float) - deep.astype(float)


def _outrunning(dataset: Dataset) -> "pd.Series[float]":
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    half = rolling_return(small, 6) - rolling_return(large, 6)
    year = rolling_return(small, 12) - rolling_return(large, 12)
    signs = pd.DataFrame({"half": np.sign(half), "year": np.sign(year)}).dropna()
    agreed = signs["half"].where(signs["half"] == signs["year"], 0.0)
    return agreed.astype(float)


def _cycle(dataset: Dataset) -> "pd.Series[float]":
    strength = relative_strength(dataset.total_return(SMALL), dataset.total_return(LARGE))
    history = regimes(strength)
    index = pd.DatetimeIndex(strength.index)
    confirmed = index.searchsorted(pd.DatetimeIndex(history["confirmed"]))
    sessions = index.searchsorted(pd.DatetimeIndex(history.index)) - confirmed
    lasting = (history["code"] == 1) & (sessions >= verdicts.CONFIRMED_SESSIONS)
    return lasting.astype(float) - (history["code"] == -1).astype(float)
