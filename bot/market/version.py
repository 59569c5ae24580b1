"""From tables to a dataset version: bars on sessions only, the calendar computed ahead, the manifest's facts."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from bot.market import archive, calendar, describe
from bot.market.archive import Columns
from bot.market.catalogue import FILE
from bot.market.tables import SOURCES

_FIRST_SETTLEMENT = date(2017, 12, 29)  # the first one of which a file is published


def files_of(tables: Mapping[str, Columns], *, label: str) -> dict[str, bytes]:
    """Return the files of a version. Bars on days without a session are left out: vendors invent some.

    Raises ValueError without any bars, or with bars of a symbol that ``instruments`` does not describe.
    """
    nameless = set(tables["bars"]["symbol"].tolist()) - set(tables["instruments"]["symbol"].tolist())
    if nameless or not len(tables["bars"]["day"]):
        raise ValueError(f"a dataset needs prices, and a description of each symbol: {sorted(nameless)}")
    complete = dict(tables)
    for table in ("bars", "ohlc", "futures"):
        complete[table] = _on_sessions(tables[table])
    first, last = complete["bars"]["day"].min().item(), complete["bars"]["day"].max().item()
    complete["sessions"] = _sessions(first, last + timedelta(days=calendar.DAYS_AHEAD))
    complete["settlement_dates"] = {"day": _days(calendar.settlement_dates(
        _FIRST_SETTLEMENT, last + timedelta(days=calendar.DAYS_AHEAD)))}  # fmt: skip
    facts = {"first": first.isoformat(), "last": last.isoformat(), "sources": dict(SOURCES)}
    files = archive.encode(complete, label, facts)
    version: str = json.loads(files[archive.MANIFEST])["version"]
    files[FILE] = describe.catalogue(complete, version)
    return files


def _on_sessions(columns: Columns) -> Columns:
    days = columns["day"]
    if not len(days):
        return columns
    on = np.isin(days, _days(calendar.session_days(days.min().item(), days.max().item())))
    return {name: values[on] for name, values in columns.items()}


def _sessions(first: date, last: date) -> Columns:
    found = calendar.sessions(first, last)
    closes = np.array([int(session.close.timestamp()) for session in found], dtype=np.int64)
    return {"day": _days([session.day for session in found]), "closes": closes}


def _days(days: "tuple[date, ...] | list[date]") -> "np.typing.NDArray[np.datetime64]":
    return np.array(days, dtype="datetime64[D]")
