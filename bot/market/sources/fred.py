"""FRED: one series of the St. Louis Fed a request, as the CSV behind its charts."""

import csv
import io
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from curl_cffi.requests import Response

from bot.market.sources.faults import BadAnswer
from bot.market.sources.http import VendorSession
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import FRED, VendorSettings

URL = "https://fred.stlouisfed.org/graph/fredgraph.csv"
HEADERS = ("DATE", "observation_date")
MISSING = frozenset({"", "."})


def parse(text: str) -> dict[str, "pd.Series[float]"]:
    """Read a file of one or more series in either header style.

    Returns each series by its id: a tz-naive daily index of observation dates, values as published (percent stays
    percent), missing values (a dot or nothing) dropped. BadAnswer for anything else, also a file cut short.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows or not rows[0] or rows[0][0].strip() not in HEADERS or len(rows[0]) < 2:
        raise BadAnswer(FRED, f"not a FRED file: {text[:60]!r}")
    if not text.endswith("\n"):
        raise BadAnswer(FRED, "the file ends in the middle of a line")
    ids, body = [name.strip() for name in rows[0][1:]], [row for row in rows[1:] if row]
    if any(len(row) != len(ids) + 1 for row in body):
        raise BadAnswer(FRED, "rows of differing length")
    try:
        days = pd.DatetimeIndex([date.fromisoformat(row[0]) for row in body], name="day")
        columns = {name: [_value(row[at]) for row in body] for at, name in enumerate(ids, start=1)}
    except ValueError as error:
        raise BadAnswer(FRED, f"not a date or a number: {error}") from error
    return {name: pd.Series(values, index=days, name=name, dtype=float).dropna() for name, values in columns.items()}


def _value(cell: str) -> float:
    return np.nan if cell.strip() in MISSING else float(cell)


def inspect(response: Response) -> None:
    """Raise BadAnswer for a page where a file was asked for: FRED says 200 to those too."""
    if response.status_code == 200 and not response.text.removeprefix("\ufeff").startswith(HEADERS):
        raise BadAnswer(FRED, f"not a FRED file: {response.text[:60]!r}")


class Fred:
    """The source of macro series."""

    def __init__(self, settings: VendorSettings, timing: Timing | None = None) -> None:
        self.session = VendorSession(FRED, settings, timing, inspect)

    def series(self, series_id: str, since: date | None = None) -> "pd.Series[float]":
        """Fetch a series, observations from ``since`` on; SourceError when that fails. See ``parse`` for the shape."""
        query: Mapping[str, str] = {"id": series_id} | ({"cosd": since.isoformat()} if since else {})
        series = parse(self.session.text(URL, params=dict(query)).text)
        if series_id not in series:
            raise BadAnswer(FRED, f"asked for {series_id}, got {sorted(series)}")
        return series[series_id]

    def close(self) -> None:
        """Close the connection."""
        self.session.close()
