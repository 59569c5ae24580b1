"""Definitions: returns, risk, records and calendar years."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_PRICES = ("Yahoo Finance",)
_BILL = ("Yahoo Finance", "FRED")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_windows(), *_comparisons(), *_risk(), *_against(), *_records())


def _windows() -> tuple[Metric, ...]:
    closes, dividends = _("split-adjusted closes C"), _("cash dividends D on their ex-dates")
    total = _("total-return index TR")
    return (
        Metric(
            "returns.total_return_index",
            _("Total-return index"),
            _("TR(t) = TR(t−1) × (C(t) + D(t)) / C(t−1)"),
            (closes, dividends),
            _PRICES,
            (_("Built from closes and dividends, never from a vendor's adjusted close: that one is rewritten later."),),
        ),
        Metric(
            "returns.window",
            _("Return over a window"),
            _("TR(end) / TR(start) − 1, or C(end) / C(start) − 1 on the price basis"),
            (total,),
            _PRICES,
            (
                _("The window goes back by the calendar and starts on the last session at or before that day."),
                _("Year to date starts on the last session of the year before."),
            ),
        ),
        Metric(
            "returns.annualised",
            _("Return per year"),
            _("(1 + return) ^ (365.25 / days) − 1"),
            (_("return over a window"), _("calendar days between its ends")),
            _PRICES,
            (_("Only given for windows of more than a year."),),
        ),
    )


def _comparisons() -> tuple[Metric, ...]:
    return (
        Metric(
            "returns.spread",
            _("Spread"),
            _("return of the small side − return of the large side, in percentage points"),
            (_("both returns over the same window on the same basis"),),
            _PRICES,
            (_("A window that starts a few weeks earlier or later can turn the sign: both ends are printed."),),
        ),
        Metric(
            "returns.calendar_year",
            _("Calendar-year return"),
            _("last session of the year / last session of the year before − 1"),
            (_("total-return index TR"),),
            _PRICES,
            (_("A year in progress runs to the day named and is not counted among full years."),),
        ),
    )


def _risk() -> tuple[Metric, ...]:
    daily, bill = _("daily simple total returns r"), _("3-month Treasury bill b, per year, last known")
    return (
        Metric(
            "returns.volatility",
            _("Volatility"),
            _("standard deviation of daily log total returns × √252"),
            (_("total-return index TR"),),
            _PRICES,
        ),
        Metric(
            "returns.sharpe",
            _("Sharpe ratio"),
            _("252 × mean(r − b/252) / (standard deviation(r − b/252) × √252)"),
            (daily, bill),
            _BILL,
        ),
        Metric(
            "returns.sortino",
            _("Sortino ratio"),
            _("252 × mean(r − b/252) / (√mean(min(r − b/252, 0)²) × √252)"),
            (daily, bill),
            _BILL,
            (_("All days are in the denominator, not only those below the bill."),),
        ),
    )


def _against() -> tuple[Metric, ...]:
    daily = _("daily simple total returns r")
    return (
        Metric(
            "returns.beta",
            _("Beta"),
            _("slope of least squares of the fund's daily returns on the benchmark's"),
            (daily,),
            _PRICES,
            (_("It belongs to the window it was measured over."),),
        ),
        Metric(
            "returns.capture",
            _("Up and down capture"),
            _("geometric mean return of the fund / of the benchmark, in months in which the benchmark rose (fell)"),
            (_("returns of complete calendar months"),),
            _PRICES,
            (_("A month in which the benchmark did not move counts on neither side."),),
        ),
        Metric(
            "returns.tracking_error",
            _("Tracking error"),
            _("standard deviation of (fund − benchmark) daily returns × √252"),
            (daily,),
            _PRICES,
        ),
    )


def _records() -> tuple[Metric, ...]:
    closes = _("split-adjusted closes C")
    return (
        Metric(
            "records.close",
            _("Record close"),
            _("C(t) above every earlier close that is stored"),
            (closes,),
            _PRICES,
            (
                _("Closes, not the highest price during a day, and without dividends."),
                _("A fund's record is not its index's: for the Russell 2000 itself ask for RUT."),
            ),
        ),
        Metric(
            "records.gap",
            _("Gap between records"),
            _("calendar days between a record close and the one before it"),
            (closes,),
            _PRICES,
        ),
        Metric(
            "records.count",
            _("Records in a year"),
            _("number of record closes from the first session of the year on"),
            (closes,),
            _PRICES,
        ),
        Metric(
            "returns.drawdown",
            _("Drawdown"),
            _("C(t) / highest close so far − 1"),
            (closes,),
            _PRICES,
        ),
    )
