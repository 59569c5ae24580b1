"""Reading Yahoo's recorded answers: every quirk in them, figures taken from the recordings themselves."""

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bot.market.sources import yahoo_answers
from bot.market.sources.faults import BadAnswer
from bot.market.sources.yahoo_answers import bars, company, epoch_day, figure, fund, multiples
from bot.market.validation import steps
from tests.vendors import recorded

COMPANIES = ["AAPL", "AMZN", "ARMK", "BABA", "BFLY", "BRKS", "CRM", "CRON", "EPAC", "GOOG", "THYAO.IS"]


def summary(symbol: str) -> Any:
    return recorded.yahoo(f"quoteSummary-all-{symbol}").json()


def module(symbol: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = summary(symbol)["quoteSummary"]["result"][0][name]
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.5, 1.5), (0, 0.0), ({"raw": 2.5, "fmt": "2.50"}, 2.5), (-3, -3.0)],
)
def test_numbers_come_plain_or_wrapped(value: Any, expected: float) -> None:
    assert figure(value) == expected


@pytest.mark.parametrize("value", [None, {}, "Infinity", "N/A", float("inf"), {"fmt": None}, True, [], {"raw": None}])
def test_what_is_no_number_is_missing_not_zero(value: Any) -> None:
    assert math.isnan(figure(value))


def test_days_are_epoch_seconds() -> None:
    assert epoch_day(module("CRM", "defaultKeyStatistics")["dateShortInterest"]) == date(2025, 1, 31)
    assert epoch_day(None) is None


@pytest.mark.parametrize("symbol", COMPANIES)
def test_every_recorded_company_is_read(symbol: str) -> None:
    facts = company(summary(symbol), symbol)
    statistics, financial = module(symbol, "defaultKeyStatistics"), module(symbol, "financialData")
    for ours, theirs in (("short_shares", "sharesShort"), ("float_shares", "floatShares")):
        expected = statistics.get(theirs)
        assert math.isnan(facts.figures[ours]) if expected is None else facts.figures[ours] == expected
    assert facts.figures["price"] == financial["currentPrice"]
    assert facts.figures["net_margin"] == pytest.approx(financial.get("profitMargins", math.nan), nan_ok=True)
    assert facts.currency == (financial.get("financialCurrency") or "USD")


def test_estimates_of_both_years() -> None:
    values = company(summary("CRM"), "CRM").figures
    by_period = {item["period"]: item for item in module("CRM", "earningsTrend")["trend"]}
    assert values["eps_fy1"] == by_period["0y"]["earningsEstimate"]["avg"]["raw"] == 10.02605
    assert values["eps_fy2"] == by_period["+1y"]["earningsEstimate"]["avg"]["raw"] == 11.21402
    assert values["eps_fy1_30d_ago"] == by_period["0y"]["epsTrend"]["30daysAgo"]["raw"]
    assert values["eps_fy2_90d_ago"] == by_period["+1y"]["epsTrend"]["90daysAgo"]["raw"]
    assert values["analysts"] == by_period["0y"]["earningsEstimate"]["numberOfAnalysts"]["raw"]
    assert (values["revisions_up_30d"], values["revisions_down_30d"]) == (1, 2)


def test_the_periods_are_found_by_name_not_by_place() -> None:
    answer = summary("AMZN")
    trend = answer["quoteSummary"]["result"][0]["earningsTrend"]["trend"]
    before = company(answer, "AMZN").figures
    trend.reverse()
    assert company(answer, "AMZN").figures == pytest.approx(before, nan_ok=True)


def test_accounts_in_another_currency_are_not_mixed_with_dollar_prices() -> None:
    facts = company(summary("BABA"), "BABA")
    assert facts.currency == "CNY"
    for name in ("eps_fy1", "eps_fy2", "ev_to_sales", "price_to_book", "pe_trailing", "total_debt"):
        assert math.isnan(facts.figures[name])
    assert facts.figures["short_shares"] == 49_367_629
    assert facts.figures["net_margin"] == module("BABA", "financialData")["profitMargins"]


def test_a_fund_has_its_facts_as_fractions() -> None:
    facts = fund(summary("QQQ"), "QQQ")
    assert facts["expense_ratio"] == module("QQQ", "fundProfile")["feesExpensesInvestment"]["annualReportExpenseRatio"]
    assert facts["assets"] == 148_878_360_576
    assert facts["yield"] == 0.0055
    assert facts["inception"] == "1999-03-10"
    assert len(facts["top_holdings"]) == 10
    assert facts["top_holdings"][0] == {"symbol": "AAPL", "name": "Apple Inc", "weight": 0.121400006}
    assert sum(facts["sectors"].values()) == pytest.approx(1.0, abs=0.001)
    assert (facts["pe"], facts["pb"]) == (34.82, 8.07)


def test_inverted_multiples_are_turned_the_right_way_up() -> None:
    upright = module("QQQ", "topHoldings")["equityHoldings"]
    inverted = {name: 1 / value for name, value in upright.items()}
    assert multiples(inverted) == pytest.approx(multiples(upright))
    assert multiples({"priceToEarnings": 0.029})["pe"] == pytest.approx(34.48, abs=0.01)


def test_a_price_below_sales_is_no_sign_of_inversion() -> None:
    assert multiples({"priceToEarnings": 9.0, "priceToSales": 0.4}) == {"pe": 9.0, "ps": 0.4}
    assert multiples({"priceToEarnings": 1 / 9.0, "priceToSales": 1 / 0.4}) == pytest.approx({"pe": 9.0, "ps": 0.4})


def test_without_a_telling_multiple_nothing_is_said() -> None:
    assert multiples({"priceToBook": 0.5}) == {}
    assert multiples({"priceToEarnings": 0, "priceToBook": 2.0}) == {}
    assert multiples({"priceToBook": {"raw": 0.5}, "priceToCashflow": {"raw": 0.1}}) == {"pb": 2.0, "pcf": 10.0}


def test_a_sparse_fund_lacks_what_is_unknown() -> None:
    facts = fund(summary("ADH"), "ADH")
    assert "expense_ratio" not in facts or facts["expense_ratio"] >= 0
    assert not any(isinstance(value, float) and math.isnan(value) for value in facts.values())
    assert not any(value in (None, "", [], {}) for value in facts.values())


@pytest.mark.parametrize("symbol", ["CRM", "EURUSD=X"])
def test_what_is_no_fund_is_refused(symbol: str) -> None:
    with pytest.raises(BadAnswer):
        fund(summary(symbol), symbol)


@pytest.mark.parametrize("symbol", ["QQQ", "EURUSD=X"])
def test_what_is_no_company_is_refused(symbol: str) -> None:
    with pytest.raises(BadAnswer):
        company(summary(symbol), symbol)


@pytest.mark.parametrize(
    "answer",
    [
        recorded.yahoo("quoteSummary-balanceSheetHistory-ADH").json(),
        recorded.yahoo("quoteSummary-earnings-QQQ").json(),
        recorded.yahoo("weirdJsonResult.fake").json(),
        {"quoteSummary": {"result": [], "error": None}},
        {},
    ],
)
def test_answers_without_modules_are_refused(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        company(answer, "CRM")


def test_another_symbols_answer_is_refused() -> None:
    with pytest.raises(BadAnswer):
        company(summary("CRM"), "AMZN")


def history(closes: list[float], adjusted: list[float], dividends: list[float], gains: list[float]) -> pd.DataFrame:
    index = pd.date_range("2025-12-15", periods=len(closes), freq="B", tz="America/New_York")
    prices = dict.fromkeys(("Open", "High", "Low", "Close"), closes)
    return pd.DataFrame(
        {
            **prices,
            "Adj Close": adjusted,
            "Volume": 1,
            "Dividends": dividends,
            "Stock Splits": 0.0,
            "Capital Gains": gains,
        },
        index=index,
    )


@pytest.mark.parametrize(
    ("dividend", "gains", "adjusted", "paid"),
    [
        (0.4, 0.6, 99.0, 1.0),  # told apart, and both taken off
        (0.4, 0.6, 99.6, 1.0),  # told apart, the gains not taken off
        (1.0, 0.6, 99.0, 1.0),  # gains within the dividend
        (1.0, 0.6, 98.4, 1.0),  # within the dividend, and taken off twice
        (1.0, 1.0, 98.0, 1.0),  # nothing but gains, taken off twice
        (0.999, 1.0, 99.0, 0.999),  # the same, rounded otherwise
        (1.0, 0.0, 99.0, 1.0),
    ],
)
def test_capital_gains_count_once(dividend: float, gains: float, adjusted: float, paid: float) -> None:
    """Whatever the vendor does with a distribution of 1.00 a share."""
    found = bars(history([100.0, 99.5, 100.5], [adjusted, 99.5, 100.5], [0, dividend, 0], [0, gains, 0]))
    assert found["dividend"].tolist() == [0.0, paid, 0.0]
    assert steps(found["adjusted_close"], found["close"], found["dividend"]) == ()


def test_adjusted_closes_that_took_gains_off_twice_are_mended() -> None:
    """Two such years: else the check of steps would refuse the fund for as long as they are in its answers."""
    closes, dividends, gains = [100.0, 99.0, 98.0, 97.5, 99.0], [0, 1.5, 0, 2.0, 0], [0, 1.0, 0, 1.5, 0]
    second = 1 - 3.5 / 98.0  # 2.0 and again 1.5
    first = second * (1 - 2.5 / 100.0)
    adjusted = [100.0 * first, 99.0 * second, 98.0 * second, 97.5, 99.0]
    found = bars(history(closes, adjusted, dividends, gains))
    assert steps(found["adjusted_close"], found["close"], found["dividend"]) == ()
    assert found["dividend"].sum() == 3.5
    untouched = bars(history(closes, adjusted, dividends, [0.0] * 5))
    assert len(steps(untouched["adjusted_close"], untouched["close"], untouched["dividend"])) == 2


def test_bars_have_plain_days_and_no_holes() -> None:
    found = bars(history([100.0, math.nan, 101.0], [100.0, math.nan, 101.0], [0, 0, 0], [0, 0, 0]))
    assert found.index.tolist() == [pd.Timestamp("2025-12-15"), pd.Timestamp("2025-12-17")]
    assert found.index.tz is None
    assert found.columns.tolist() == list(yahoo_answers.BAR_COLUMNS)


def test_no_history_is_an_empty_frame() -> None:
    found = bars(pd.DataFrame())
    assert found.empty
    assert found.columns.tolist() == list(yahoo_answers.BAR_COLUMNS)
    assert isinstance(found.index, pd.DatetimeIndex)
    assert np.issubdtype(found["close"].dtype, np.floating)


CLOSES = [100.0, 101.0, 102.0]  # Monday to Wednesday


@pytest.mark.parametrize(
    ("moment", "price", "quoted"),
    [
        ("2025-12-17 16:00:01", 101.5, [math.nan, math.nan, 101.5]),
        ("2025-12-17 09:31:00", 101.5, [math.nan, math.nan, 101.5]),  # the same session, whatever the hour
        ("2025-12-16 16:00:00", 101.5, [math.nan, 101.5, math.nan]),
        ("2025-12-18 10:00:00", 101.5, [math.nan] * 3),  # the quote is of a session after the bars
        ("2025-12-14 16:00:00", 101.5, [math.nan] * 3),
        ("2025-12-17 16:00:00", "Infinity", [math.nan] * 3),
        ("2025-12-17 16:00:00", None, [math.nan] * 3),
        (None, 101.5, [math.nan] * 3),
        (1765990800, 101.5, [math.nan] * 3),  # without the exchange's zone nobody knows which day that is
    ],
)
def test_the_charts_own_quote_stands_on_its_session(
    moment: str | int | None, price: object, quoted: list[float]
) -> None:
    time = pd.Timestamp(moment, tz="America/New_York") if isinstance(moment, str) else moment
    meta = {"regularMarketTime": time, "regularMarketPrice": price}
    found = bars(history(CLOSES, CLOSES, [0, 0, 0], [0, 0, 0]), meta)
    assert found["quoted"].tolist() == pytest.approx(quoted, nan_ok=True)
    assert found["close"].tolist() == CLOSES


def test_a_recorded_chart_of_the_past_has_no_quote_of_its_days() -> None:
    """The recorded answer of January 2020 was given in February 2025, with the quote of that day."""
    meta = recorded.yahoo("chart-AAPL-2020-01-01-to-2020-01-03.json").json()["chart"]["result"][0]["meta"]
    moment = pd.Timestamp(meta["regularMarketTime"], unit="s", tz="UTC").tz_convert(meta["exchangeTimezoneName"])
    assert str(moment) == "2025-02-19 16:00:01-05:00"
    found = bars(history(CLOSES, CLOSES, [0, 0, 0], [0, 0, 0]), {**meta, "regularMarketTime": moment})
    assert found["quoted"].isna().all()


@pytest.mark.parametrize(
    ("module", "changes", "told"),
    [
        ("fundProfile", {"feesExpensesInvestment": {"annualReportExpenseRatio": 0.2}}, "expense_ratio 0.2"),
        ("fundProfile", {"feesExpensesInvestment": {"annualReportExpenseRatio": 0.03}}, "expense_ratio 0.03"),
        ("fundProfile", {"feesExpensesInvestment": {"annualReportExpenseRatio": -0.002}}, "expense_ratio -0.002"),
        ("summaryDetail", {"yield": 0.55}, "yield 0.55"),
        ("topHoldings", {"holdings": [{"symbol": "AAPL", "holdingPercent": 12.1}]}, "top_holdings 12.1"),
        ("topHoldings", {"sectorWeightings": [{"technology": 44.4}, {"energy": 0.1}]}, "sectors 44.5"),
    ],
)
def test_facts_in_percent_are_refused(module: str, changes: dict[str, Any], told: str) -> None:
    """A cost of 20% a year would be told as one: the facts of last week are better."""
    answer = summary("QQQ")
    answer["quoteSummary"]["result"][0][module] |= changes
    with pytest.raises(BadAnswer) as caught:
        fund(answer, "QQQ")
    assert caught.value.detail == f"QQQ: {told} is no fraction"


def test_a_fund_of_swaps_holds_more_than_all_of_itself() -> None:
    answer = summary("QQQ")
    held = [{"symbol": name, "holdingPercent": weight} for name, weight in (("BILL", 0.6), ("SWAP", 0.55))]
    answer["quoteSummary"]["result"][0]["topHoldings"] |= {"holdings": held}
    assert [one["weight"] for one in fund(answer, "QQQ")["top_holdings"]] == [0.6, 0.55]
