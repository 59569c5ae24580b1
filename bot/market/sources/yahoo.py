"""Yahoo Finance through yfinance, unmodified: the only module that knows the library.

Every request of the library goes through our own session, so pace, retries, deadlines (the library's crumb call has
none) and the breaker hold for it too. An answer that is none is refused *before* the library sees it: it would
report a block or a cut-off answer as "possibly delisted", answer a missing symbol with five more requests, and keep
a "Too Many Requests" as its crumb for good.
"""

import json
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import pandas as pd
import yfinance
import yfinance.cache
import yfinance.data
from curl_cffi.requests import Response
from yfinance import EquityQuery
from yfinance.exceptions import YFException, YFRateLimitError

from bot.market.sources import yahoo_answers, yahoo_market
from bot.market.sources.faults import BadAnswer, Gone, NotFound, RateLimited, Refused, SourceError
from bot.market.sources.http import VendorSession
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import YAHOO, VendorSettings
from bot.market.sources.yahoo_answers import CompanyFacts
from bot.market.sources.yahoo_market import MarketSnapshot

ZONE = "America/New_York"
SUMMARY_URL = "https://query2.finance.yahoo.com/v10/finance/quoteSummary/{symbol}"
PAGE = 250
SMALLEST_CAP = 50e6
EXCHANGES = ("NMS", "NGM", "NCM", "NYQ", "ASE", "PCX", "BTS")
# Named in the query only so that they come back in the rows; the alternative keeps companies without them.
WANTED = (
    "lastclosetevtotalrevenue.lasttwelvemonths", "totalrevenues.lasttwelvemonths", "netincomemargin.lasttwelvemonths",
    "short_interest.value", "short_percentage_of_shares_outstanding.value", "short_percentage_of_float.value",
    "days_to_cover_short.value",
)  # fmt: skip
_ANSWERS = {"/v8/finance/chart": "chart", "/v10/finance/quoteSummary": "quoteSummary", "/v7/finance/quote":
            "quoteResponse", "/v1/finance/screener": "finance"}  # fmt: skip
_NO_DATA = "Data doesn't exist"
_NOT_FOUND = "Not Found"

Answer = TypeVar("Answer")


class NoBars(NotFound):
    """The symbol is known, the span holds no bars: nothing is wrong."""


def inspect(response: Response) -> None:
    """Raise for what is no answer; let through what the library itself can deal with (401, consent pages elsewhere)."""
    path = unquote(urlsplit(response.url).path)
    if path.endswith("/getcrumb") and "Too Many Requests" in response.text:
        raise RateLimited(YAHOO, "Too Many Requests in place of a crumb")
    key = next((key for start, key in _ANSWERS.items() if path.startswith(start)), None)
    if key is None or response.status_code == 401:
        return
    if response.status_code == 403:
        raise Refused(YAHOO, "HTTP 403")
    if response.text.strip().startswith("Too Many Requests"):
        raise RateLimited(YAHOO, "Too Many Requests")
    _inspect_answer(_parsed(response), key, path.rsplit("/", 1)[-1], response.status_code)


def _parsed(response: Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError as error:
        if response.status_code == 404:
            raise NotFound(YAHOO, unquote(urlsplit(response.url).path).rsplit("/", 1)[-1], "HTTP 404") from error
        raise BadAnswer(YAHOO, f"not JSON, or cut short: {response.text[:60]!r}") from error


def _inspect_answer(answer: Any, key: str, symbol: str, status: int) -> None:
    body = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(body, dict):
        raise BadAnswer(YAHOO, f"no {key!r} in the answer")
    error = body.get("error") or {}
    said = str(error.get("description") or f"HTTP {status}")
    if said.startswith(_NO_DATA):
        raise NoBars(YAHOO, symbol, said)
    if status == 404:
        raise (Gone if error.get("code") == _NOT_FOUND else NotFound)(YAHOO, symbol, said)
    if status >= 400 or (error and not body.get("result")):
        raise BadAnswer(YAHOO, said)
    if key == "chart":
        _inspect_chart(body, symbol)


def _inspect_chart(body: dict[str, Any], symbol: str) -> None:
    try:
        result = body["result"][0]
        named, quote = result["meta"]["symbol"], result["indicators"]["quote"][0]
    except (KeyError, IndexError, TypeError) as error:
        raise BadAnswer(YAHOO, f"{symbol}: an empty chart") from error
    if named.upper() != symbol.upper():
        raise BadAnswer(YAHOO, f"asked for {symbol}, got {named}")
    stamps = result.get("timestamp")
    if not stamps:
        raise NoBars(YAHOO, symbol, "a chart without bars")
    if any(len(values) != len(stamps) for values in quote.values()):
        raise BadAnswer(YAHOO, f"{symbol}: columns of differing length")


class CookieJar:
    """The library's cache of its cookie, in memory: it fetches a new one before every request if it has none."""

    STRATEGY = "curlCffi"

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def lookup(self, strategy: str) -> dict[str, Any] | None:
        """Return what is kept, if it is of the kind the library can use again."""
        cookies = self._kept.get(strategy)
        usable = cookies is not None and all("A3" in paths.get("/", {}) for paths in cookies.values())
        return {"cookie": cookies, "age": timedelta()} if usable else None

    def store(self, strategy: str, cookies: dict[str, Any] | None) -> None:
        """Keep cookies by domain and path; None forgets them."""
        self._kept[strategy] = cookies


class Yahoo:
    """The source of prices, fund facts, company facts and the whole-market snapshot.

    One at a time in a process: the library keeps its cookie and crumb in a singleton, started afresh here. Its
    caches on disk stay unused: a cookie that went stale in one would be offered again after every refusal.
    """

    def __init__(self, settings: VendorSettings, timing: Timing | None = None) -> None:
        yfinance.cache._CookieCacheManager._Cookie_cache = CookieJar()
        yfinance.cache._TzCacheManager._tz_cache = yfinance.cache._TzCacheDummy()
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="yfinance")  # its own, about pandas
        yfinance.config.debug.hide_exceptions = False  # else failures are logged and look like delistings
        self.session = VendorSession(YAHOO, settings, timing, inspect, impersonate="chrome")
        self._lock = threading.Lock()
        self._generation = 0
        self._start_afresh(self._generation)

    def bars(self, symbol: str, start: date, end: date) -> pd.DataFrame:
        """Fetch daily bars from ``start`` to ``end``, both included. Shape: ``yahoo_answers.bars``; may be empty.

        NotFound where the vendor does not know the symbol; other SourceErrors where it cannot be asked.
        """

        def fetch() -> pd.DataFrame:
            stock = yfinance.Ticker(symbol, session=self.session)
            stock._tz = ZONE
            history = stock.history(
                start=start.isoformat(),
                end=(end + timedelta(days=1)).isoformat(),
                auto_adjust=False,
                timeout=self.session.settings.timeout,
            )
            return yahoo_answers.bars(history, stock.history_metadata)

        try:
            return self._ask(symbol, fetch)
        except NoBars:
            return yahoo_answers.bars(pd.DataFrame())

    def fund(self, symbol: str) -> dict[str, Any]:
        """Fetch a fund's facts. Shape: ``yahoo_answers.fund``."""
        return self._summary(symbol, yahoo_answers.FUND_MODULES, yahoo_answers.fund)

    def company(self, symbol: str) -> CompanyFacts:
        """Fetch a company's facts. Shape: ``yahoo_answers.CompanyFacts``."""
        return self._summary(symbol, yahoo_answers.COMPANY_MODULES, yahoo_answers.company)

    def snapshot(self, pages: Callable[[int, int], None] | None = None) -> MarketSnapshot:
        """Page through the US common stocks down to 50 million dollars; ``pages(done, total)`` hears of each.

        BadAnswer where a page holds fewer rows than it must.
        """
        quotes: list[dict[str, Any]] = []
        total = 0
        for page in self._pages():
            quotes += page["quotes"]
            total = max(total, int(page["total"]))
            if pages is not None:
                pages(len(quotes), total)
        return yahoo_market.snapshot(quotes, total)

    def close(self) -> None:
        """Close the connection."""
        self.session.close()

    def _pages(self) -> Iterator[dict[str, Any]]:
        offset, total = 0, 1
        while offset < total:
            page = self._page(offset)
            total = int(page["total"])
            yield page
            offset += PAGE

    def _page(self, offset: int) -> dict[str, Any]:
        def fetch() -> dict[str, Any]:
            page: dict[str, Any] = yfinance.screen(
                query(), offset=offset, size=PAGE, sortField="ticker", sortAsc=True, session=self.session
            )
            due = min(PAGE, int(page["total"]) - offset)
            if len(page["quotes"]) < due:
                raise BadAnswer(YAHOO, f"{len(page['quotes'])} rows where {due} are due")
            return page

        try:
            return self._ask("screener", fetch)
        except BadAnswer:
            return self._ask("screener", fetch)

    def _summary(self, symbol: str, modules: tuple[str, ...], read: Callable[[Any, str], Answer]) -> Answer:
        def fetch() -> Answer:
            answer: dict[str, Any] = yfinance.data.YfData(session=self.session).get_raw_json(
                SUMMARY_URL.format(symbol=symbol),
                params={"modules": ",".join(modules), "formatted": "false", "corsDomain": "finance.yahoo.com"},
            )
            return read(answer, symbol)

        return self._ask(symbol, fetch)

    def _ask(self, what: str, fetch: Callable[[], Answer]) -> Answer:
        """Call the library; when it is refused, forget cookie and crumb and call it once more."""
        generation = self._generation
        try:
            return self._translated(what, fetch)
        except Refused:
            self._start_afresh(generation)
            return self._translated(what, fetch)

    def _translated(self, what: str, fetch: Callable[[], Answer]) -> Answer:
        """Call the library and turn its exceptions into ours: what went wrong is in the HTTP status, not in them."""
        try:
            return fetch()
        except SourceError:
            raise
        except YFRateLimitError as error:
            raise RateLimited(YAHOO, str(error)) from error
        except (YFException, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            if self.session.last_status in {401, 403}:
                raise Refused(YAHOO, f"{what}: HTTP {self.session.last_status}") from error
            raise BadAnswer(YAHOO, f"{what}: {type(error).__name__}: {error}"[:200]) from error
        finally:
            yfinance.data.YfData.cache_get.cache_clear()  # it keeps answers, errors too, for the life of the process

    def _start_afresh(self, generation: int) -> None:
        """Drop the library's singleton with its cookie and crumb, once for all threads that were refused together."""
        with self._lock:
            if generation != self._generation:
                return
            self._generation += 1
            yfinance.cache.get_cookie_cache().store(CookieJar.STRATEGY, None)
            meta = yfinance.data.SingletonMeta
            with meta._lock:
                meta._instances.pop(yfinance.data.YfData, None)
            self.session.cookies.clear()


def query() -> EquityQuery:
    """Return the question for the whole market: US exchanges, 50 million dollars of market cap and more."""
    cap = EquityQuery("gte", ["intradaymarketcap", SMALLEST_CAP])
    wanted = [EquityQuery("or", [EquityQuery("gte", [field, 0]), cap]) for field in WANTED]
    markets = EquityQuery("is-in", ["exchange", *EXCHANGES])
    return EquityQuery("and", [EquityQuery("eq", ["region", "us"]), markets, cap, *wanted])
