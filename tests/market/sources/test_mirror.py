"""Yahoo behind a plain mirror: its cookie belongs to another domain than the mirror's, and all works the same."""

from collections.abc import Iterator
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.sources.faults import BadAnswer, Gone, RateLimited, SourceError
from bot.market.sources.http import cookies_for, elsewhere, home
from bot.market.sources.vendor import VendorSettings
from bot.market.sources.yahoo import Yahoo
from tests.vendors.fixtures import Hours
from tests.vendors.mirror import PREFIX, mirror
from tests.vendors.server import LocalVendors
from tests.vendors.world import sample

START, END = date(2026, 7, 1), date(2026, 7, 31)


@pytest.fixture
def mirrored(vendors: LocalVendors, hours: Hours, short_folder: Path) -> Iterator[Yahoo]:
    """Give the source, its ``base_url`` a mirror on a port of this machine."""
    with mirror(short_folder) as base_url:
        settings = VendorSettings(base_url=base_url, requests_per_second=None, attempts=2, timeout=20.0)
        source = Yahoo(settings, hours.timing)
        yield source
        source.close()


def test_prices_facts_and_the_whole_market_through_a_mirror(mirrored: Yahoo, vendors: LocalVendors) -> None:
    """The crumb needs the cookie, the facts need both: and each is fetched once, as without a mirror."""
    vendors.world.largest = 300
    found = mirrored.bars("^RUT", START, END)["close"]
    expected = sample().closes("RUT")["2026-07-01":"2026-07-31"]  # type: ignore[misc]  # days slice it
    assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    assert mirrored.fund("IWM")["expense_ratio"] == sample().fund_facts("IWM").values["expense_ratio"]
    assert mirrored.company("AAPL").name == "Apple Inc."
    assert len(mirrored.snapshot().frame) > 250
    assert [path for path in vendors.paths("yahoo") if path == "/" or path.endswith("crumb")] == [
        "/", "/v1/test/getcrumb",
    ]  # fmt: skip
    assert mirrored.session.requests == vendors.count("yahoo")


def test_a_crumb_that_went_stale_is_fetched_anew_through_a_mirror(mirrored: Yahoo, vendors: LocalVendors) -> None:
    mirrored.fund("IWM")
    vendors.yahoo.crumb = "another"
    assert mirrored.fund("SPY")["name"]
    assert vendors.paths("yahoo").count("/v1/test/getcrumb") == 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [("delisted", Gone), ("rate", RateLimited), ("consent", BadAnswer), ("truncated", BadAnswer), ("empty", BadAnswer),
     ("wrong", BadAnswer)],
)  # fmt: skip
def test_what_is_no_answer_is_seen_behind_a_mirror_too(
    mirrored: Yahoo, vendors: LocalVendors, kind: str, error: type[SourceError]
) -> None:
    """Its path before the vendor's must not hide what was asked for."""
    vendors.fail("yahoo", kind)
    with pytest.raises(error):
        mirrored.bars("IWM", START, END)


PATHS = st.lists(st.text("abc123^%", min_size=1), min_size=1).map("/".join)


@given(PATHS, st.sampled_from(["http://m", "https://m:8443/", "http://m/deep/path", "http://m/deep/path/"]))
def test_the_way_to_a_mirror_leads_back(path: str, base: str) -> None:
    asked = f"https://query2.finance.yahoo.com/{path}?interval=1d"
    there = elsewhere(asked, base)
    assert there.startswith(base.rstrip("/") + "/")
    assert home(there, asked, base) == asked


def test_an_answer_from_elsewhere_keeps_its_address() -> None:
    asked = "https://query2.finance.yahoo.com/v8/finance/chart/IWM"
    for url in ("https://consent.yahoo.com/v2/collectConsent", f"http://other{PREFIX}/v8", "http://m/else"):
        assert home(url, asked, f"http://m{PREFIX}") == url


def test_without_cookies_none_are_sent() -> None:
    assert cookies_for(CookieJar(), "https://query2.finance.yahoo.com/") == {}
