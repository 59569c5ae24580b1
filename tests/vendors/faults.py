"""Faults that vendors have been seen with, played on request."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.vendors import recorded

KINDS = (
    "crumb", "delisted", "rate", "rate-crumb", "error", "consent", "truncated", "empty", "stall", "reset", "wrong",
    "half", "replay",
)  # fmt: skip
RETRY_AFTER = "7"  # what "rate" demands
NOT_DATA = {"fc.yahoo.com", "guce.yahoo.com", "consent.yahoo.com", "finance.yahoo.com"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Fault:
    """One fault in waiting."""

    vendor: str
    kind: str
    after: int
    times: int | None


class Plan:
    """Which answers fail, and how."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.played = 0
        self.bodies: dict[str, str] = {}

    def add(self, vendor: str, kind: str, after: int, times: int | None) -> None:
        """Plan a fault."""
        if kind not in KINDS:
            raise ValueError(kind)
        self._faults.append(Fault(vendor, kind, after, times))

    def replay(self, vendor: str, body: str) -> None:
        """Answer every request for data with a recorded body."""
        self.bodies[vendor] = body
        self.add(vendor, "replay", 0, None)

    def clear(self) -> None:
        """Plan none."""
        self._faults.clear()

    def due(self, vendor: str, request: web.Request) -> str | None:
        """Return the fault to play for this request, if any, and count it."""
        for fault in self._faults:
            if fault.vendor != vendor or not _concerns(fault.kind, request):
                continue
            if fault.after > 0:
                fault.after -= 1
            elif fault.times is None or fault.times > 0:
                fault.times = None if fault.times is None else fault.times - 1
                self.played += 1
                return fault.kind
        return None


def _concerns(kind: str, request: web.Request) -> bool:
    """Tell data from the ceremony before it; only faults of the crumb strike there."""
    if request.path.endswith("/getcrumb"):
        return kind == "rate-crumb"
    return request.host not in NOT_DATA and kind != "rate-crumb"


async def play(plan: Plan, kind: str, vendor: str, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer as the fault demands; ``handler`` gives the good answer that some faults spoil."""
    if kind == "replay":
        return web.Response(body=plan.bodies[vendor].encode(), headers={"Content-Type": "application/json"})
    if kind == "stall":
        await asyncio.Event().wait()  # until the client goes away
    if kind == "reset":
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    if kind in _FIXED:
        return _FIXED[kind](vendor, request)
    good = await handler(request)
    assert isinstance(good, web.Response)
    assert isinstance(good.body, bytes)
    body = {"truncated": _truncated, "half": _half, "wrong": _wrong}[kind](vendor, request, good.body)
    return web.Response(body=body, headers={"Content-Type": good.headers["Content-Type"]})


def _unauthorized(vendor: str, request: web.Request) -> web.Response:
    body = {"finance": {"result": None, "error": {"code": "Unauthorized", "description": "Invalid Crumb"}}}
    return web.json_response(body, status=401)


def _delisted(vendor: str, request: web.Request) -> web.Response:
    if vendor != "yahoo":
        return web.Response(status=404, text="<html>not here</html>", content_type="text/html")
    key = "chart" if "/chart/" in request.path else "quoteSummary" if "/quoteSummary/" in request.path else "finance"
    error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
    return web.json_response({key: {"result": None, "error": error}}, status=404)


def _rate(vendor: str, request: web.Request) -> web.Response:
    return web.Response(status=429, text="Too Many Requests\r\n", headers={"Retry-After": RETRY_AFTER})


def _rate_crumb(vendor: str, request: web.Request) -> web.Response:
    return web.Response(status=200, text="Too Many Requests\r\n")


def _error(vendor: str, request: web.Request) -> web.Response:
    return web.Response(status=500, text="<html>Internal Server Error</html>", content_type="text/html")


def _consent(vendor: str, request: web.Request) -> web.Response:
    page = recorded.yahoo("getCrumb-quote-AAPL-collectConsent.html").body
    return web.Response(body=page.encode(), headers={"Content-Type": "text/html;charset=UTF-8"})


def _empty(vendor: str, request: web.Request) -> web.Response:
    if vendor != "yahoo":
        return web.Response(text="")
    key = "chart" if "/chart/" in request.path else "quoteSummary" if "/quoteSummary/" in request.path else "finance"
    return web.json_response({key: {"result": [], "error": None}})


_FIXED: dict[str, Callable[[str, web.Request], web.Response]] = {
    "crumb": _unauthorized,
    "delisted": _delisted,
    "rate": _rate,
    "rate-crumb": _rate_crumb,
    "error": _error,
    "consent": _consent,
    "empty": _empty,
}


def _truncated(vendor: str, request: web.Request, body: bytes) -> bytes:
    return body[: len(body) * 2 // 3 - 1]


def _half(vendor: str, request: web.Request, body: bytes) -> bytes:
    """Leave out the second half of the rows, in a form that is otherwise sound."""
    if vendor != "yahoo":
        lines = body.decode().splitlines(keepends=True)
        return "".join(lines[: len(lines) // 2]).encode()
    answer: dict[str, Any] = json.loads(body)
    if "chart" in answer and answer["chart"]["result"]:
        _halve_chart(answer["chart"]["result"][0])
    elif "finance" in answer and answer["finance"]["result"]:
        page = answer["finance"]["result"][0]
        page["quotes"] = page["quotes"][: len(page["quotes"]) // 2]
    return json.dumps(answer).encode()


def _halve_chart(result: dict[str, Any]) -> None:
    keep = len(result["timestamp"]) // 2
    for values in (*result["indicators"]["quote"][0].values(), result["indicators"]["adjclose"][0]["adjclose"]):
        del values[keep:]
    del result["timestamp"][keep:]
    for name, events in result.get("events", {}).items():
        last = result["timestamp"][-1] if keep else 0
        result["events"][name] = {k: v for k, v in events.items() if int(k) <= last}


def _wrong(vendor: str, request: web.Request, body: bytes) -> bytes:
    """Answer another question: a sound answer about something else."""
    if vendor == "fred":
        return b"observation_date,CPIAUCSL\n2026-06-01,321.5\n"
    if vendor == "ishares":
        return recorded.text("ishares/IVV_holdings_2023-04-06.csv").encode()
    if vendor == "finra":
        return recorded.text("finra/shrt20260715.csv").replace("|2026-07-15", "|2026-06-30").encode()
    if "/chart/" in request.path:
        return recorded.yahoo("chart-AAPL-2020-08-31-to-2020-11-07").body.encode()
    if "/quoteSummary/" in request.path:
        return recorded.yahoo("quoteSummary-all-CRM").body.encode()
    return recorded.yahoo("weirdJsonResult.fake").body.encode()
