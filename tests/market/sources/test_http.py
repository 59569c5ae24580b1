"""The session with manners, against the local vendors."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import Unavailable
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
from bot.market.sources.fred import URL, inspect
from bot.market.sources.http import LONGEST_REST, VendorSession, backoff, elsewhere, retry_after
from bot.market.sources.vendor import FRED, VendorSettings
from tests.vendors import faults
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors

SERIES = {"id": "DGS2", "cosd": "2026-07-01"}


def session(vendors: LocalVendors, hours: Hours, **changes: object) -> VendorSession:
    return VendorSession(FRED, vendors.settings(**changes).fred, hours.timing, inspect)


def test_a_good_answer_costs_one_request(vendors: LocalVendors, hours: Hours) -> None:
    http = session(vendors, hours)
    assert http.text(URL, params=SERIES).text.startswith("observation_date,DGS2\n2026-07-01,")
    assert (http.requests, vendors.count(), http.last_status, hours.slept) == (1, 1, 200, [])


@pytest.mark.parametrize("kind", ["error", "reset", "truncated", "consent"])
def test_a_passing_fault_is_tried_again_with_growing_waits(vendors: LocalVendors, hours: Hours, kind: str) -> None:
    vendors.fail("fred", kind, times=2)
    http = session(vendors, hours)
    if kind == "truncated":  # looks like a file to the session; its parser sees it
        assert not http.text(URL, params=SERIES).text.endswith("\n")
        return
    assert http.text(URL, params=SERIES).status_code == 200
    assert vendors.count() == 3
    assert hours.slept == [0.5, 1.0]


def test_waits_double_and_spread() -> None:
    hours = Hours()
    error = Offline(FRED)
    assert [backoff(error, attempt, hours.timing) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert backoff(RateLimited(FRED, "", 7.0), 1, hours.timing) == 7.0
    assert backoff(RateLimited(FRED, "", 1.0), 3, hours.timing) == 2.0  # politer than it asks for


@pytest.mark.parametrize("value", ["0", "Thu, 30 Jul 2026 22:00:00 GMT", "-5", "²", "soon"])
def test_a_vendor_that_names_no_sensible_wait_is_not_hammered(
    vendors: LocalVendors, hours: Hours, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(faults, "RETRY_AFTER", value)
    vendors.fail("fred", "rate", times=2)
    assert session(vendors, hours).text(URL, params=SERIES).status_code == 200
    assert hours.slept == [0.5, 1.0]


@pytest.mark.parametrize("value", ["99999999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_vendor_that_wants_never_to_be_asked_again_is_asked_after_a_day(
    vendors: LocalVendors, hours: Hours, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(faults, "RETRY_AFTER", value)
    vendors.fail("fred", "rate")
    http = session(vendors, hours)
    with pytest.raises(RateLimited):
        http.text(URL, params=SERIES)
    assert (vendors.count(), http.breaker.left) == (1, LONGEST_REST)


def test_retry_after_is_honoured_by_every_thread(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("fred", "rate", times=1)
    http = session(vendors, hours)
    assert http.text(URL, params=SERIES).status_code == 200
    assert hours.slept == [7.0]
    assert hours.elapsed == 7.0


def test_a_lasting_fault_is_told_after_three_attempts(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("fred", "error")
    http = session(vendors, hours)
    with pytest.raises(Offline) as caught:
        http.text(URL, params=SERIES)
    assert caught.value.detail == "HTTP 500"
    assert isinstance(caught.value, Unavailable)
    assert vendors.count() == 3


def test_the_breaker_spares_a_vendor_that_is_down(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("fred", "reset")
    http = session(vendors, hours)
    for _ in range(20):
        with pytest.raises((Offline, CircuitOpen)):
            http.text(URL, params=SERIES)
    assert vendors.count() == 5
    assert http.breaker.state == "open"
    vendors.mend()
    hours.sleep(60)
    assert http.text(URL, params=SERIES).status_code == 200
    assert http.breaker.state == "closed"


def test_the_breaker_never_hides_what_opened_it(vendors: LocalVendors, hours: Hours) -> None:
    """A request whose own retries are cut off tells what it met itself; later ones tell of the breaker."""
    vendors.fail("fred", "consent")
    http = session(vendors, hours, breaker_failures=2)
    with pytest.raises(BadAnswer):
        http.text(URL, params=SERIES)
    with pytest.raises(CircuitOpen):
        http.text(URL, params=SERIES)
    assert vendors.count() == 2


def test_a_stall_ends_at_the_deadline(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("fred", "stall")
    http = session(vendors, hours, timeout=0.1, attempts=1)
    with pytest.raises(Offline, match="could not be reached"):
        http.request("GET", URL, params=SERIES, timeout=None)


@pytest.mark.parametrize(
    ("kind", "error"), [("delisted", NotFound), ("crumb", Refused), ("rate", RateLimited), ("consent", BadAnswer)]
)
def test_each_answer_has_its_error(vendors: LocalVendors, hours: Hours, kind: str, error: type[SourceError]) -> None:
    vendors.fail("fred", kind)
    with pytest.raises(error) as caught:
        session(vendors, hours, attempts=1).text(URL, params=SERIES)
    assert type(caught.value) is error


def test_what_is_not_found_is_no_failure_of_the_vendor(vendors: LocalVendors, hours: Hours) -> None:
    http = session(vendors, hours, breaker_failures=2)
    for _ in range(5):
        with pytest.raises(NotFound):
            http.text(URL, params={"id": "NOTASERIES"})
    assert http.breaker.state == "closed"


def test_a_vendor_switched_off_is_not_asked(vendors: LocalVendors, hours: Hours) -> None:
    with pytest.raises(SwitchedOff):
        session(vendors, hours, enabled=False).text(URL, params=SERIES)
    assert vendors.count() == 0


def test_without_a_network_it_says_so(hours: Hours, short_folder: object) -> None:
    settings = VendorSettings(base_url="http://127.0.0.1:9", requests_per_second=None)
    with pytest.raises(Offline) as caught:
        VendorSession(FRED, settings, hours.timing).text(URL)
    assert caught.value.text() == "FRED could not be reached."


def test_the_pace_is_kept(vendors: LocalVendors, hours: Hours) -> None:
    http = session(vendors, hours, requests_per_second=2.0)
    for _ in range(4):
        http.text(URL, params=SERIES)
    assert hours.elapsed == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (None, "https://a.example/b/c?d=1"),
        ("http://mirror.local:8080", "http://mirror.local:8080/b/c?d=1"),
        ("http://mirror.local/fred/", "http://mirror.local/fred/b/c?d=1"),
    ],
)
def test_vendors_can_be_asked_elsewhere(base: str | None, expected: str) -> None:
    assert elsewhere("https://a.example/b/c?d=1", base) == expected


def test_base_url_leads_to_another_host(vendors: LocalVendors, hours: Hours) -> None:
    settings = replace(vendors.settings().fred, base_url="https://fred.stlouisfed.org")
    http = VendorSession(FRED, settings, hours.timing, inspect)
    assert http.text("https://somewhere.example/graph/fredgraph.csv", params=SERIES).status_code == 200
    assert [asked.host for asked in vendors.asked] == ["fred.stlouisfed.org"]


class Headed:
    def __init__(self, value: str | None) -> None:
        self.headers = {} if value is None else {"retry-after": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("30", 30.0),
        ("soon", None),
        (format_datetime(datetime(2026, 7, 31, 22, 1, 30, tzinfo=UTC), usegmt=True), 90.0),
        (format_datetime(datetime(2026, 7, 31, 21, 0, tzinfo=UTC) - timedelta(days=1), usegmt=True), None),
        ("0", None),
        ("86400", 86_400.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, expected: float | None) -> None:
    assert retry_after(Headed(value), Hours().timing) == expected  # type: ignore[arg-type]  # headers are all it reads


def every_error() -> list[SourceError]:
    return [
        Offline("FRED"), RateLimited("FRED"), RateLimited("FRED", "", 9), CircuitOpen("FRED", "", 30),
        SwitchedOff("FRED"), Refused("FRED"), BadAnswer("FRED"), NotFound("FRED", "XYZ"),
    ]  # fmt: skip


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_every_error_is_a_translated_sentence_with_advice(error: SourceError) -> None:
    from bot import i18n

    assert error.text().startswith("FRED ")
    assert error.text().endswith(".")
    with i18n.use("en_XA"):
        for words in (error.text(), error.advice()):
            assert words.startswith("⟦")
            assert words.endswith("⟧")
