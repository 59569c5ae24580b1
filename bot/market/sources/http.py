"""The one way out to a vendor: paced, retried with growing waits, cut off when it keeps failing, and counted."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request

from curl_cffi import CurlOpt
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException, Timeout

from bot.market.sources.faults import (
    BadAnswer,
    CircuitOpen,
    NotFound,
    Offline,
    RateLimited,
    Refused,
    SourceError,
    SwitchedOff,
)
from bot.market.sources.pace import Breaker, Pacer, Timing
from bot.market.sources.vendor import VendorSettings

FIRST_BACKOFF = 1.0
LONGEST_REST = 86_400.0  # seconds: a vendor that demands more is asked again after a day all the same
DETAIL_LENGTH = 200

Inspect = Callable[[Response], None]


class VendorSession(Session[Response]):
    """A curl session with manners, one per vendor, safe to share between threads.

    Every request waits for its slot, is tried ``attempts`` times with doubled waits (or what Retry-After says), and
    its answer is shown to ``inspect``, which raises a ``SourceError`` for one that is no answer. Answers of 4xx other
    than 429 are returned. ``requests`` counts what was really sent. Being a session of curl_cffi's, it also serves
    libraries that want one of their own: every request they make passes through here. Behind a ``base_url`` all looks
    as if the vendor's own host had answered: addresses, and cookies, which belong to the vendor's domain.
    """

    def __init__(
        self,
        source: str,
        settings: VendorSettings,
        timing: Timing | None = None,
        inspect: Inspect | None = None,
        **options: Any,
    ) -> None:
        if settings.ca_file:
            options["verify"] = settings.ca_file
        if settings.socket:
            options["curl_options"] = {CurlOpt.UNIX_SOCKET_PATH: settings.socket}
        super().__init__(timeout=settings.timeout, **options)
        self.source = source
        self.settings = settings
        self.timing = timing or Timing()
        self.pacer = Pacer(settings.requests_per_second, self.timing)
        self.breaker = Breaker(
            source, settings.breaker_failures, settings.breaker_pause, self.timing, settings.longest_wait
        )
        self.requests = 0
        self._inspect = inspect
        self._seen = threading.local()
        self._count = threading.Lock()

    @property
    def last_status(self) -> int | None:
        """The HTTP status this thread saw last; None before any."""
        status: int | None = getattr(self._seen, "status", None)
        return status

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send a request as curl_cffi's session does; SourceError when the vendor cannot be used."""
        if not self.settings.enabled:
            raise SwitchedOff(self.source)
        kwargs["timeout"] = self._timeout(kwargs.get("timeout"))
        cause: SourceError | None = None
        for attempt in range(1, self.settings.attempts + 1):
            try:
                return self._try(method, url, *args, **kwargs)
            except CircuitOpen as error:
                raise cause or error from None  # what others met meanwhile must not hide what this request met
            except SourceError as error:
                cause = error
                wait = backoff(error, attempt, self.timing)
                if not error.retryable or attempt == self.settings.attempts or wait > self.settings.longest_wait:
                    raise
                self._pause(error, wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def text(self, url: str, **kwargs: Any) -> Response:
        """GET ``url``; NotFound for 404, Refused for 401 and 403, BadAnswer for any other 4xx."""
        response = self.request("GET", url, **kwargs)
        admit(self.source, response)
        return response

    def _try(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        self.breaker.check()
        try:
            self.pacer.wait()
            response = self._send(method, url, *args, **kwargs)
            self._judge(response)
        except NotFound:
            self.breaker.succeeded()
            raise
        except SourceError as error:
            self.breaker.failed(error)
            raise
        except BaseException:
            self.breaker.released()
            raise
        self.breaker.succeeded()
        return response

    def _send(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        with self._count:
            self.requests += 1
        self._seen.status = None
        if self.settings.base_url is not None:
            kwargs["cookies"] = {**cookies_for(self.cookies.jar, url), **(kwargs.get("cookies") or {})}
        try:
            response = super().request(method, elsewhere(url, self.settings.base_url), *args, **kwargs)
        except Timeout as error:
            raise Offline(self.source, f"no answer in time: {error}"[:DETAIL_LENGTH]) from error
        except RequestException as error:
            raise Offline(self.source, str(error)[:DETAIL_LENGTH]) from error
        self._seen.status = response.status_code
        if self.settings.base_url is not None:
            keep_cookies(self.cookies.jar, url, response)
            response.url = home(response.url, url, self.settings.base_url)
        return response

    def _judge(self, response: Response) -> None:
        status = response.status_code
        if status == 429:
            raise RateLimited(self.source, "HTTP 429", retry_after(response, self.timing))
        if status >= 500:
            raise Offline(self.source, f"HTTP {status}", retry_after(response, self.timing))
        if self._inspect is not None:
            self._inspect(response)

    def _pause(self, error: SourceError, wait: float) -> None:
        if isinstance(error, RateLimited):
            self.pacer.hold(wait)
        else:
            self.timing.sleep(wait)

    def _timeout(self, asked: Any) -> float:
        """Cap what a library asks for: some of its calls would wait for ever."""
        return min(float(asked), self.settings.timeout) if isinstance(asked, int | float) else self.settings.timeout


def admit(source: str, response: Response) -> None:
    """Raise for an answer of 4xx: NotFound (404), Refused (401, 403), BadAnswer (others)."""
    status = response.status_code
    if status == 404:
        raise NotFound(source, urlsplit(response.url).path, "HTTP 404")
    if status in {401, 403}:
        raise Refused(source, f"HTTP {status}")
    if status >= 400:
        raise BadAnswer(source, f"HTTP {status}")


def elsewhere(url: str, base_url: str | None) -> str:
    """Put ``base_url`` in place of the scheme and host of ``url``; None leaves it alone."""
    if base_url is None:
        return url
    parts, base = urlsplit(url), urlsplit(base_url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, ""))


def home(url: str, asked: str, base_url: str) -> str:
    """Undo ``elsewhere`` for the address of an answer to ``asked``; one that led away from the mirror stays."""
    found, base, own = urlsplit(url), urlsplit(base_url), urlsplit(asked)
    prefix = base.path.rstrip("/")
    if found.netloc != base.netloc or not found.path.startswith(prefix):
        return url
    return urlunsplit((own.scheme, own.netloc, found.path.removeprefix(prefix), found.query, ""))


def cookies_for(jar: CookieJar, url: str) -> dict[str, str]:
    """Return the cookies in a jar that belong to an address, wherever the request to it is really sent."""
    request = Request(url)  # noqa: S310  (never opened)
    jar.add_cookie_header(request)
    return dict(pair.split("=", 1) for pair in (request.get_header("Cookie") or "").split("; ") if "=" in pair)


def keep_cookies(jar: CookieJar, url: str, response: Response) -> None:
    """Put the cookies of an answer into a jar as the answer of ``url``: curl drops those of another domain."""
    told = Message()
    for value in response.headers.get_list("set-cookie"):
        if value is not None:
            told["Set-Cookie"] = value
    jar.extract_cookies(_Told(told), Request(url))  # type: ignore[arg-type]  # noqa: S310  # asks for its info alone


@dataclass(frozen=True, slots=True)
class _Told:
    """What a jar asks of an answer."""

    headers: Message

    def info(self) -> Message:
        """Return the headers."""
        return self.headers


def backoff(error: SourceError, attempt: int, timing: Timing) -> float:
    """Seconds until the next attempt: doubled each time, spread by chance, and never less than the vendor asked for."""
    return max(error.retry_after or 0.0, FIRST_BACKOFF * 2.0 ** (attempt - 1) * (0.5 + timing.chance()))


def retry_after(response: Response, timing: Timing) -> float | None:
    """Read Retry-After, seconds (a day at most) or a date; None where it is missing, past or makes no sense."""
    value = (response.headers.get("retry-after") or "").strip()
    if value.isascii() and value.isdecimal():
        seconds = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - timing.clock.now()).total_seconds()
    return min(seconds, LONGEST_REST) if seconds > 0 else None
