"""Yahoo as the local vendor plays it: cookie and crumb, chart, quoteSummary, quote, screener, the consent flow."""

import json
from datetime import UTC, datetime, time
from typing import Any

import pandas as pd
from aiohttp import web

from tests.vendors import recorded, world
from tests.vendors.world import NEW_YORK, World, as_json

COOKIE = "d=AQABB-local&S=AQAAA-local"
CRUMB = "haT3oykhHqZ"
JSON = "application/json;charset=utf-8"
OPENING = time(9, 30)
RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]


def answer(data: Any, status: int = 200) -> web.Response:
    """Answer with JSON under Yahoo's content type."""
    body = data if isinstance(data, str) else as_json(data)
    return web.Response(body=body.encode(), status=status, headers={"Content-Type": JSON})


def unauthorized(description: str = "Invalid Crumb") -> web.Response:
    """Answer as Yahoo does when the crumb does not fit the cookie."""
    error = {"code": "Unauthorized", "description": description}
    return answer({"finance": {"result": None, "error": error}}, 401)


def missing(key: str, description: str, status: int = 404, code: str = "Not Found") -> web.Response:
    """Answer as Yahoo does for what it does not know."""
    return answer({key: {"result": None, "error": {"code": code, "description": description}}}, status)


class Yahoo:
    """The handlers. ``cookies`` False plays a visitor from Europe, who gets a cookie only by way of consent."""

    def __init__(self, known: World) -> None:
        self.world = known
        self.cookies = True
        self.crumb = CRUMB
        self._charts: dict[Any, bytes] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer any request to any of Yahoo's hosts."""
        host, path = request.host, request.path
        if host == "fc.yahoo.com":
            return self._with_cookie(web.Response(status=404, text="")) if self.cookies else web.Response(status=404)
        if host in {"guce.yahoo.com", "consent.yahoo.com", "finance.yahoo.com"}:
            return self._consent(request)
        if path.endswith("/getcrumb"):
            ok = request.cookies.get("A3") == COOKIE
            return web.Response(text=self.crumb) if ok else unauthorized("Invalid Cookie")
        if path.startswith("/v8/finance/chart/"):
            return self._chart(request.match_info["tail"].rsplit("/", 1)[-1], request.query)
        if request.cookies.get("A3") != COOKIE or request.query.get("crumb") != self.crumb:
            return unauthorized()
        if path.startswith("/v10/finance/quoteSummary/"):
            return self._summary(path.rsplit("/", 1)[-1], request.query["modules"].split(","))
        if path.startswith("/v7/finance/quote"):
            return self._quote(request.query["symbols"].split(","))
        if path == "/v1/finance/screener":
            return self._screener(json.loads(await request.text()))
        return missing("finance", f"no such place: {path}")

    def _with_cookie(self, response: web.Response) -> web.Response:
        response.headers.add("Set-Cookie", f"A3={COOKIE}; Domain=.yahoo.com; Path=/; Max-Age=31557600; Secure")
        return response

    def _consent(self, request: web.Request) -> web.Response:
        """Replay the recorded consent flow; the cookie comes at its end."""
        step = {
            ("guce.yahoo.com", "/consent"): "getCrumb-quote-AAPL-consent.html",
            ("consent.yahoo.com", "/v2/collectConsent"): "getCrumb-quote-AAPL-collectConsent.html",
            ("guce.yahoo.com", "/copyConsent"): "getCrumb-quote-AAPL-copyConsent",
        }.get((request.host, request.path))
        if request.method == "POST":
            step = "getCrumb-quote-AAPL-collectConsentSubmit"
        if step is None:
            return web.Response(text="<html>Yahoo Finance</html>", content_type="text/html")
        exchange = recorded.yahoo(step)
        headers = {k: v for k, v in exchange.headers.items() if k != "set-cookie"}
        response = web.Response(body=exchange.body.encode(), status=exchange.status, headers=headers)
        return self._with_cookie(response) if "set-cookie" in exchange.headers else response

    def _chart(self, symbol: str, query: Any) -> web.Response:
        bars = self.world.bars(symbol)
        if bars is None:
            return missing("chart", "No data found, symbol may be delisted")
        start, end = (pd.Timestamp(int(query.get(key, at)), unit="s", tz=UTC).tz_convert(NEW_YORK).tz_localize(None)
                      for key, at in (("period1", 0), ("period2", 4e9)))  # fmt: skip
        shown = bars[(bars.index + pd.Timedelta(hours=9, minutes=30) >= start) & (bars.index < end)]
        if shown.empty:
            said = f"Data doesn't exist for startDate = {query.get('period1')}, endDate = {query.get('period2')}"
            return missing("chart", said, 400, "Bad Request")
        quote = self.world.quotes.get((symbol, shown.index[-1].date()))
        key = (symbol, len(shown), hash(shown.to_numpy().tobytes()), quote)
        if key not in self._charts:
            self._charts[key] = as_json({"chart": {"result": [chart(symbol, shown, quote)], "error": None}}).encode()
        return web.Response(body=self._charts[key], headers={"Content-Type": JSON})

    def _summary(self, symbol: str, modules: list[str]) -> web.Response:
        found = recorded.exchanges().get(f"quoteSummary-all-{symbol}.json")
        if found is not None and symbol not in world.FUNDS:
            result = found.json()["quoteSummary"]["result"][0]
        else:
            result = world.fund_modules(symbol) or self._company(symbol)
        if result is None:
            return missing("quoteSummary", f"Quote not found for symbol: {symbol}")
        return answer({"quoteSummary": {"result": [{m: result[m] for m in modules if m in result}], "error": None}})

    def _company(self, symbol: str) -> dict[str, Any] | None:
        companies = self.world.companies()
        if symbol not in companies.index:
            return None
        row = companies.loc[symbol]
        eps = {"raw": float(row["eps_fy1"])} if pd.notna(row["eps_fy1"]) else {}
        return {
            "quoteType": {"quoteType": "EQUITY", "symbol": symbol, "longName": row["name"]},
            "financialData": {"currentPrice": float(row["price"]), "financialCurrency": "USD"},
            "summaryDetail": {"marketCap": float(row["market_cap"])},
            "earningsTrend": {"trend": [{"period": "0y", "earningsEstimate": {"avg": eps}}]},
        }

    def _quote(self, symbols: list[str]) -> web.Response:
        companies = self.world.companies()
        rows = [world.quote(s, companies.loc[s], self.world.traded()) for s in symbols if s in companies.index]
        return answer({"quoteResponse": {"result": rows, "error": None}})

    def _screener(self, body: dict[str, Any]) -> web.Response:
        assert body["quoteType"] == "EQUITY"
        companies = self.world.companies()
        companies = companies[companies["market_cap"] >= floor(body["query"])]
        page = companies.iloc[body["offset"] : body["offset"] + body["size"]]
        traded = self.world.traded()
        quotes = [world.quote(str(symbol), row, traded) for symbol, row in page.iterrows()]
        result = {"start": body["offset"], "count": len(quotes), "total": len(companies), "quotes": quotes}
        return answer({"finance": {"result": [result], "error": None}})


def floor(query: dict[str, Any]) -> float:
    """Return the smallest market cap a screener query asks for, at its top level."""
    operands = [part["operands"] for part in query["operands"] if part["operator"] == "GTE"]
    return next(float(value) for name, value in operands if name == "intradaymarketcap")


def chart(symbol: str, bars: pd.DataFrame, quoted: float | None = None) -> dict[str, Any]:
    """Return a chart result as Yahoo writes it; ``quoted`` in place of the last close as its quote."""
    stamps = [int(datetime.combine(day, OPENING, NEW_YORK).timestamp()) for day in pd.DatetimeIndex(bars.index).date]
    quote = {name: bars[name].round(6).tolist() for name in ("open", "high", "low", "close", "volume")}
    factors = 1.0 - (bars["dividend"] + bars["hidden"]) / bars["close"].shift(1)
    adjusted = bars["close"] * factors.fillna(1.0)[::-1].cumprod()[::-1].shift(-1, fill_value=1.0)
    fund = symbol in world.FUNDS
    meta = {
        "currency": "USD", "symbol": symbol, "exchangeName": "PCX",
        "instrumentType": "ETF" if fund else "INDEX" if symbol.startswith("^") else "EQUITY",
        "gmtoffset": -14400, "timezone": "EDT", "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": quoted or quote["close"][-1], "regularMarketTime": stamps[-1], "priceHint": 2,
        "dataGranularity": "1d", "range": "", "validRanges": RANGES, "firstTradeDate": stamps[0],
    }  # fmt: skip
    paid = [(t, d) for t, d in zip(stamps, bars["dividend"].tolist(), strict=True) if d > 0]
    split = [(t, s) for t, s in zip(stamps, bars["split"].tolist(), strict=True) if s > 0]
    events = {
        "dividends": {str(t): {"amount": d, "date": t} for t, d in paid},
        "splits": {str(t): {"date": t, "numerator": s, "denominator": 1, "splitRatio": f"{s:g}:1"} for t, s in split},
    }
    return {
        "meta": meta,
        "timestamp": stamps,
        "events": {name: found for name, found in events.items() if found},
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": adjusted.round(6).tolist()}]},
    }
