"""FINRA, iShares and FRED as the local vendor plays them: files, and FINRA's API."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, time
from typing import Any

from aiohttp import web

from bot.market import calendar
from tests.vendors import recorded
from tests.vendors.world import NEW_YORK, World, macro_csv

SETTLEMENT = date(2026, 7, 15)
HOLDINGS = (
    "IVV_holdings_2023-04-06", "IWM_holdings_2025-05-13", "IWM_holdings_2026-05-05", "IWB_holdings_2026-07-17",
)  # fmt: skip


def plain(body: str, kind: str = "text/csv", **headers: str) -> web.Response:
    """Answer with a file."""
    return web.Response(body=body.encode(), headers={"Content-Type": kind, **headers})


class Files:
    """The handlers of the three smaller vendors."""

    def __init__(self, known: World) -> None:
        self.world = known

    @property
    def today(self) -> date:
        """The day in New York."""
        return self.world.now.astimezone(NEW_YORK).date()

    async def finra_file(self, request: web.Request) -> web.StreamResponse:
        """Serve the recorded file from its publication on; before that, and for other dates, 403 as the store does."""
        found = re.fullmatch(r"/equity/otcmarket/biweekly/shrt(\d{8})\.csv", request.path)
        published = calendar.publication_date(SETTLEMENT)
        if found is None or found[1] != f"{SETTLEMENT:%Y%m%d}" or self.today < published:
            return web.Response(status=403, text="<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")
        put_up = datetime.combine(published, time(20, 30), UTC)
        return plain(
            recorded.text("finra/shrt20260715.csv"), **{"Last-Modified": f"{put_up:%a, %d %b %Y %H:%M:%S} GMT"}
        )

    async def finra_api(self, request: web.Request) -> web.StreamResponse:
        """Serve the recorded exchange to its own question, and the rows of the file to a question by date."""
        body = json.loads(await request.text())
        if "domainFilters" in body:
            exchange = json.loads(recorded.text("finra/api_AAPL_BRKB.json"))[0]
            return plain(exchange["text"], "application/json", **{"record-total": exchange["headers"]["record-total"]})
        day = body["dateRangeFilters"][0]["startDate"]
        rows = (
            api_rows() if day == SETTLEMENT.isoformat() and self.today >= calendar.publication_date(SETTLEMENT) else []
        )
        page = self.world.page(rows, body["offset"], body["limit"])
        return plain(json.dumps(page), "application/json", **{"record-total": str(len(rows))})

    async def ishares(self, request: web.Request) -> web.StreamResponse:
        """Serve the newest recorded holdings of a fund, as of today or the day the world names."""
        fund = request.query.get("fileName", "").partition("_")[0]
        today = self.world.holdings_as_of.get(fund, self.today)
        out = [name for name in HOLDINGS if name.startswith(f"{fund}_") and date.fromisoformat(name[-10:]) <= today]
        return plain(recorded.text(f"ishares/{out[-1]}.csv")) if out else web.Response(status=404, text="not found")

    async def fred(self, request: web.Request) -> web.StreamResponse:
        """Serve a series as far as it is out."""
        since = request.query.get("cosd")
        first = date.fromisoformat(since) if since else self.world.macro_from
        body = macro_csv(self.world, request.query["id"], first, self.today)
        return plain(body) if body else web.Response(status=404, text="<!DOCTYPE html><title>Error</title>")


def api_rows() -> list[dict[str, Any]]:
    """Return the recorded file's rows as the API words them."""
    reader = csv.DictReader(io.StringIO(recorded.text("finra/shrt20260715.csv")), delimiter="|", quoting=csv.QUOTE_NONE)
    numbers = {"currentShortPositionQuantity", "previousShortPositionQuantity", "averageDailyVolumeQuantity",
               "daysToCoverQuantity", "changePercent", "changePreviousNumber"}  # fmt: skip
    return [
        {
            k: (float(v) if k in numbers and v else v or None)
            for k, v in row.items()
            if not k.startswith(("acc", "issuerS"))
        }
        for row in reader
    ]
