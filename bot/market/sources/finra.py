"""FINRA: consolidated short interest, the whole market twice a month, as a pipe-separated file or through the API."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pandas as pd
from curl_cffi.requests import Response

from bot.market.sources.faults import BadAnswer, NotFound, SourceError
from bot.market.sources.http import VendorSession, admit
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import FINRA, VendorSettings

FILE_URL = "https://cdn.finra.org/equity/otcmarket/biweekly/shrt{day:%Y%m%d}.csv"
API_URL = "https://api.finra.org/data/group/otcMarket/name/consolidatedShortInterest"
API_PAGE = 5000
LATEST_PUBLICATION = timedelta(days=21)
_COLUMNS = {
    "symbolCode": "symbol", "issueName": "name", "marketClassCode": "market",
    "currentShortPositionQuantity": "short_shares", "previousShortPositionQuantity": "previous_shares",
    "averageDailyVolumeQuantity": "average_volume", "daysToCoverQuantity": "days_to_cover",
    "stockSplitFlag": "split", "revisionFlag": "revised", "settlementDate": "settlement",
}  # fmt: skip
_NUMBERS = ("short_shares", "previous_shares", "average_volume", "days_to_cover")


@dataclass(frozen=True, slots=True)
class ShortInterest:
    """One settlement date of the whole market. ``published``: the day FINRA's file says, None where it does not.

    ``frame``: symbol (no separators: BRKB; ``NA`` is a real one), name (cut at 30 characters), market, short_shares,
    previous_shares, average_volume (shares), days_to_cover (FINRA's own: never below 1, 999.99 for no volume), split
    and revised (bool), settlement (datetime64).
    """

    settlement: date
    published: date | None
    frame: pd.DataFrame


def parse_file(text: str) -> pd.DataFrame:
    """Read the pipe-separated file. BadAnswer where a column is missing or a row is cut short."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = lines[0].split("|") if lines else []
    if not set(_COLUMNS) <= set(header):
        raise BadAnswer(FINRA, f"not a short-interest file: {text[:60]!r}")
    if any(line.count("|") != len(header) - 1 for line in lines if line):
        raise BadAnswer(FINRA, "a row was cut short")
    raw = pd.read_csv(io.StringIO("\n".join(lines)), sep="|", dtype=str, keep_default_na=False, quoting=3)
    return _typed(raw)


def parse_api(text: str) -> pd.DataFrame:
    """Read an answer of the API: a JSON list of rows. BadAnswer for anything else."""
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise BadAnswer(FINRA, f"not JSON: {text[:60]!r}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(_COLUMNS) <= set(row) for row in rows):
        raise BadAnswer(FINRA, f"not short interest: {text[:60]!r}")
    return _typed(pd.DataFrame(rows, columns=list(_COLUMNS)))


def _typed(raw: pd.DataFrame) -> pd.DataFrame:
    frame = raw[list(_COLUMNS)].rename(columns=_COLUMNS)
    try:
        for column in _NUMBERS:
            frame[column] = pd.to_numeric(frame[column]).astype(float)
        frame["settlement"] = pd.to_datetime(frame["settlement"], format="%Y-%m-%d")
    except (ValueError, TypeError) as error:
        raise BadAnswer(FINRA, f"not a number or a date: {error}") from error
    frame["split"] = frame["split"].fillna("").eq("S")
    frame["revised"] = frame["revised"].fillna("").eq("R")
    for column in ("symbol", "name", "market"):
        frame[column] = frame[column].fillna("").astype(str).str.strip()
    return frame[frame["symbol"] != ""].reset_index(drop=True)


def inspect(response: Response) -> None:
    """Raise BadAnswer for a page where a file or a list was asked for."""
    if response.status_code == 200 and response.text.lstrip("\ufeff \r\n").startswith("<"):
        raise BadAnswer(FINRA, f"a page, not a file: {response.text[:60]!r}")


def publication(response: Response, settlement: date) -> date | None:
    """Return the day the file was put up, from its headers; None where that is missing or no plausible day."""
    stamp = response.headers.get("last-modified")
    if not stamp:
        return None
    try:
        day = parsedate_to_datetime(stamp).date()
    except ValueError:
        return None
    return day if settlement < day <= settlement + LATEST_PUBLICATION else None


class Finra:
    """The source of short interest."""

    def __init__(self, settings: VendorSettings, timing: Timing | None = None) -> None:
        self.session = VendorSession(FINRA, settings, timing, inspect)

    def newest(self, settlements: Iterable[date], known: Sequence[date] = ()) -> ShortInterest | None:
        """Walk back over settlement dates to the newest file there is; None when that one is known already."""
        for day in sorted(settlements, reverse=True):
            if day in known:
                return None
            try:
                return self.file(day)
            except NotFound:
                continue
        return None

    def file(self, settlement: date) -> ShortInterest:
        """Fetch the file of a settlement date, or the same through the API; NotFound where neither has it yet."""
        try:
            found = self._through_file(settlement)
        except NotFound:
            raise
        except SourceError as error:
            found = self._through_api(settlement, error)
        strangers = found.frame.loc[found.frame["settlement"] != pd.Timestamp(settlement), "symbol"]
        if len(strangers):
            raise BadAnswer(FINRA, f"rows of another date: {list(strangers[:3])}")
        return found

    def _through_file(self, settlement: date) -> ShortInterest:
        response = self.session.request("GET", FILE_URL.format(day=settlement))
        if response.status_code == 403:  # what the store behind the file server says of a file that is not there
            raise NotFound(FINRA, str(settlement), "HTTP 403")
        admit(FINRA, response)
        return ShortInterest(settlement, publication(response, settlement), parse_file(response.text))

    def _through_api(self, settlement: date, error: SourceError) -> ShortInterest:
        """Page through the API; where that fails too, the file's own error is the one to tell."""
        pages: list[pd.DataFrame] = []
        total = 1
        try:
            while sum(map(len, pages)) < total:
                response = self.session.request("POST", API_URL, json=_query(settlement, sum(map(len, pages))))
                admit(FINRA, response)
                pages.append(parse_api(response.text))
                total = int(response.headers.get("record-total") or 0)
                if pages[-1].empty:
                    break
            whole = pd.concat(pages, ignore_index=True).drop_duplicates()
            if len(whole) < total:  # pages that shifted meanwhile repeat some rows and lack others
                raise BadAnswer(FINRA, f"{len(whole)} rows of {total}")
        except SourceError:
            raise error from None
        if whole.empty:
            raise NotFound(FINRA, str(settlement), "the API has no rows")
        return ShortInterest(settlement, None, whole)

    def close(self) -> None:
        """Close the connection."""
        self.session.close()


def _query(settlement: date, offset: int) -> dict[str, Any]:
    day = settlement.isoformat()
    return {
        "fields": list(_COLUMNS),
        "dateRangeFilters": [{"fieldName": "settlementDate", "startDate": day, "endDate": day}],
        "offset": offset,
        "limit": API_PAGE,
    }
