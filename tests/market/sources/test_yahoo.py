"""The unmodified yfinance against the local Yahoo: what works, and every fault it can meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pandas as pd
import pytest
import yfinance

from bot.market.sources.faults import BadAnswer, CircuitOpen, Gone, NotFound, Offline, RateLimited, Refused, SourceError
from bot.market.sources.yahoo import SMALLEST_CAP, Yahoo, query
from bot.market.spelling import ticker
from tests.vendors import recorded
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors
from tests.vendors.world import sample

START, END = date(2026, 7, 1), date(2026, 7, 31)


@pytest.fixture
def yahoo(vendors: LocalVendors, hours: Hours) -> Yahoo:
    return Yahoo(vendors.settings().yahoo, hours.timing)


def closes(symbol: str = "IWM") -> "pd.Series[float]":
    stored = sample().closes(symbol)
    return stored[(stored.index >= pd.Timestamp(START)) & (stored.index <= pd.Timestamp(END))]


def assert_good(found: pd.DataFrame, symbol: str = "IWM") -> None:
    expected = closes(symbol)
    assert found.index.tolist() == expected.index.tolist()
    assert found["close"].tolist() == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_library_is_as_published() -> None:
    assert yfinance.__version__.startswith("1.7")


def test_a_month_of_bars(yahoo: Yahoo, vendors: LocalVendors) -> None:
    assert_good(yahoo.bars("IWM", START, END))
    assert vendors.paths("yahoo") == ["/", "/v1/test/getcrumb", "/v8/finance/chart/IWM"]


def test_dividends_stand_on_their_ex_dates(yahoo: Yahoo) -> None:
    found = yahoo.bars("IWM", date(2005, 1, 3), END)["dividend"]
    stored = sample().dividends("IWM")
    expected = stored[(stored > 0) & (stored.index >= pd.Timestamp("2005-01-03"))]
    assert found[found > 0].index.tolist() == expected.index.tolist()
    assert found.sum() == pytest.approx(expected.sum())
    assert len(expected) > 80


def test_prices_are_not_adjusted_for_dividends(yahoo: Yahoo) -> None:
    found = yahoo.bars("SPY", date(2020, 1, 2), END)
    assert found["close"].iloc[0] == pytest.approx(sample().closes("SPY")["2020-01-02"])
    assert found["adjusted_close"].iloc[0] < found["close"].iloc[0] * 0.95


def test_a_split_is_told(yahoo: Yahoo, vendors: LocalVendors) -> None:
    vendors.world.splits["IWM", date(2026, 7, 20)] = 2.0
    found = yahoo.bars("IWM", START, END)
    assert found["split"][found["split"] > 0].to_dict() == {pd.Timestamp("2026-07-20"): 2.0}
    assert found["close"].iloc[0] == pytest.approx(closes().iloc[0] / 2)


def test_indices_and_futures_have_bars_too(yahoo: Yahoo) -> None:
    assert yahoo.bars("^RUT", START, END)["close"].iloc[-1] == pytest.approx(sample().closes("RUT").iloc[-1])
    settled = sample().futures().query("contract == 202707").set_index("date")["close"]
    assert yahoo.bars("ZQN27.CBT", START, END)["close"].iloc[-1] == settled.iloc[-1]


def test_a_span_without_sessions_is_empty_and_no_fault(yahoo: Yahoo) -> None:
    assert yahoo.bars("IWM", date(2026, 7, 4), date(2026, 7, 5)).empty
    assert yahoo.session.breaker.state == "closed"


def test_the_second_answer_is_not_the_first_one_again(yahoo: Yahoo, vendors: LocalVendors) -> None:
    """The library keeps answers about the past: a confirmation by a second fetch would confirm itself."""
    yahoo.bars("IWM", START, END)
    vendors.world.corrections["IWM", date(2026, 7, 15)] = 290.0
    assert yahoo.bars("IWM", START, END)["close"]["2026-07-15"] == 290.0


def test_fund_and_company_facts_cost_a_request_each(yahoo: Yahoo, vendors: LocalVendors) -> None:
    facts = yahoo.fund("IWM")
    assert facts["expense_ratio"] == sample().fund_facts("IWM").values["expense_ratio"]  # noqa: PD011  (a mapping)
    assert yahoo.company("CRM").figures["short_shares"] == 9_767_800
    assert vendors.count() == 2 + 2


def test_the_whole_market_in_pages(yahoo: Yahoo, vendors: LocalVendors) -> None:
    told: list[tuple[int, int]] = []
    found = yahoo.snapshot(lambda done, total: told.append((done, total)))
    stored = sample().snapshot().frame
    expected = stored[(stored["market_cap"] >= SMALLEST_CAP) & (stored["price"] > 0)]
    assert found.listed == len(expected)
    assert found.frame["market_cap"].sum() == pytest.approx(expected["market_cap"].sum())
    assert found.frame["price"].sum() == pytest.approx(expected["price"].sum())
    assert found.frame["pe_trailing"].count() == expected["pe_trailing"].count()
    pages = -(-len(expected) // 250)
    assert len(told) == pages
    assert told[-1] == (len(expected), len(expected))
    assert vendors.count() == 2 + pages <= 20


def test_the_query_names_what_it_wants_back_without_excluding_anyone() -> None:
    def fields(part: dict[str, object]) -> set[str]:
        operands = part["operands"]
        assert isinstance(operands, list)
        nested = [fields(o) for o in operands if isinstance(o, dict)]
        return set().union(*nested) if nested else {str(operands[0])}

    asked = query().to_dict()
    assert {"lastclosetevtotalrevenue.lasttwelvemonths", "short_percentage_of_float.value"} <= fields(asked)
    for part in asked["operands"]:
        if part["operator"] == "OR" and fields(part) != {"exchange"}:
            assert "intradaymarketcap" in fields(part)


def test_visitors_from_europe_get_in_by_way_of_consent(yahoo: Yahoo, vendors: LocalVendors) -> None:
    vendors.yahoo.cookies = False
    assert yahoo.company("CRM").symbol == "CRM"
    assert "consent.yahoo.com" in {asked.host for asked in vendors.asked}


def test_a_crumb_that_expired_is_renewed(yahoo: Yahoo, vendors: LocalVendors) -> None:
    yahoo.company("CRM")
    vendors.yahoo.crumb = "another"
    assert yahoo.company("AMZN").symbol == "AMZN"


def test_a_crumb_refused_once_is_forgotten(yahoo: Yahoo, vendors: LocalVendors) -> None:
    vendors.fail("yahoo", "crumb", times=2)
    assert yahoo.company("CRM").symbol == "CRM"


def test_a_new_source_begins_with_its_own_cookie(vendors: LocalVendors, hours: Hours) -> None:
    first = Yahoo(vendors.settings().yahoo, hours.timing)
    first.company("CRM")
    first.close()
    vendors.forget()
    second = Yahoo(vendors.settings().yahoo, hours.timing)
    assert second.company("CRM").symbol == "CRM"
    assert vendors.paths("yahoo")[:2] == ["/", "/v1/test/getcrumb"]


FAULTS = {
    "crumb": Refused,
    "delisted": Gone,
    "rate": RateLimited,
    "error": Offline,
    "consent": BadAnswer,
    "truncated": BadAnswer,
    "empty": BadAnswer,
    "stall": Offline,
    "reset": Offline,
    "wrong": BadAnswer,
}


@pytest.mark.parametrize(("kind", "error"), FAULTS.items())
def test_bars_under_every_fault(vendors: LocalVendors, hours: Hours, kind: str, error: type[SourceError]) -> None:
    yahoo = Yahoo(vendors.settings(timeout=0.3 if kind == "stall" else 20.0, attempts=2).yahoo, hours.timing)
    vendors.fail("yahoo", kind)
    with pytest.raises(SourceError) as caught:
        yahoo.bars("IWM", START, END)
    if kind == "crumb":  # prices need no crumb; a refusal reads as one all the same
        assert isinstance(caught.value, Refused)
    assert type(caught.value) is error
    vendors.mend()
    hours.sleep(120)
    assert_good(yahoo.bars("IWM", START, END))  # nothing of the fault is remembered


@pytest.mark.parametrize(("kind", "error"), FAULTS.items())
def test_company_facts_under_every_fault(
    vendors: LocalVendors, hours: Hours, kind: str, error: type[SourceError]
) -> None:
    yahoo = Yahoo(vendors.settings(timeout=0.3 if kind == "stall" else 20.0, attempts=2).yahoo, hours.timing)
    vendors.fail("yahoo", kind)
    with pytest.raises(error):
        yahoo.company("AMZN")
    vendors.mend()
    hours.sleep(120)
    assert yahoo.company("AMZN").symbol == "AMZN"


def test_too_many_requests_is_never_taken_for_a_crumb(yahoo: Yahoo, vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("yahoo", "rate-crumb", times=2)
    assert yahoo.company("CRM").symbol == "CRM"
    assert {asked.query["crumb"] for asked in vendors.asked if "crumb" in asked.query} == {vendors.yahoo.crumb}


def test_no_crumb_at_all_is_a_rate_limit(yahoo: Yahoo, vendors: LocalVendors) -> None:
    vendors.fail("yahoo", "rate-crumb")
    with pytest.raises(RateLimited):
        yahoo.company("CRM")


@pytest.mark.parametrize("kind", ["half", "wrong", "empty", "truncated", "error"])
def test_a_bad_page_is_fetched_again(yahoo: Yahoo, vendors: LocalVendors, kind: str) -> None:
    vendors.fail("yahoo", kind, after=5, times=1)
    assert len(yahoo.snapshot().frame) > 2500


@pytest.mark.parametrize("kind", ["half", "wrong", "empty", "consent", "crumb"])
def test_a_page_that_stays_bad_spoils_the_snapshot(yahoo: Yahoo, vendors: LocalVendors, kind: str) -> None:
    vendors.fail("yahoo", kind, after=5)
    with pytest.raises((BadAnswer, Refused, CircuitOpen)):
        yahoo.snapshot()


def test_a_missing_symbol_costs_one_request(yahoo: Yahoo, vendors: LocalVendors) -> None:
    yahoo.bars("IWM", START, END)
    vendors.forget()
    with pytest.raises(NotFound) as caught:
        yahoo.bars("GONE", START, END)
    assert (caught.value.what, vendors.count()) == ("GONE", 1)


@pytest.mark.parametrize("name", ["chart-notimestamp-quotes-length.fake", "chart-notimestamp-weird-quote.fake"])
def test_charts_without_times_are_no_bars(yahoo: Yahoo, vendors: LocalVendors, name: str) -> None:
    body = recorded.yahoo(name).body
    assert '"timestamp"' not in body
    vendors.yahoo._charts.clear()
    vendors.plan.replay("yahoo", body)
    assert yahoo.bars("AAPL", START, END).empty


@pytest.mark.parametrize("kind", ["crumb", "rate", "reset", "error"])
def test_threads_get_through_a_passing_fault_together(yahoo: Yahoo, vendors: LocalVendors, kind: str) -> None:
    vendors.fail("yahoo", kind, after=3, times=2)  # three could all meet the same thread
    symbols = ["IWM", "SPY", "QQQ", "IWB"] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda symbol: yahoo.bars(symbol, START, END), symbols))
    for symbol, bars in zip(symbols, found, strict=True):
        assert_good(bars, symbol)


def test_class_shares_are_asked_for_as_the_vendor_spells_them(yahoo: Yahoo) -> None:
    frame = yahoo.snapshot().frame
    assert all(ticker(str(theirs)) == ours for ours, theirs in frame["vendor_symbol"].items())
