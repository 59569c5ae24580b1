"""Definitions: interest rates, what futures expect, sensitivity, cycles of cuts."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_FRED = ("FRED",)


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_levels(), *_expected(), *_sensitivity())


def _levels() -> tuple[Metric, ...]:
    return (
        Metric(
            "rates.target",
            _("Target of the Fed"),
            _("the range set by the last decision that changed it; a single rate before December 2008"),
            (_("decisions of the Federal Open Market Committee by their day"),),
            ("Federal Reserve",),
        ),
        Metric(
            "rates.yields",
            _("Yields and the effective rate"),
            _("the last published value; change = value now − last value at or before the window's start"),
            (_("Treasury yields of constant maturity (DGS3MO, DGS2, DGS10)"), _("effective federal funds rate (DFF)")),
            _FRED,
            (
                _("A day's yields are published on the next business day: the last known ones are a day old."),
                _("The slope is the 10-year minus the 2-year yield."),
            ),
        ),
        Metric(
            "rates.net_debt",
            _("Net debt against earnings before everything"),
            _("median over members of (total debt − cash) / EBITDA, EBITDA = enterprise value / (EV/EBITDA)"),
            (_("debt, cash, enterprise value and EV/EBITDA of members"),),
            ("Yahoo Finance", "iShares"),
            (
                _("Financials, real estate and companies with EBITDA below zero are left out."),
                _("What members pay in interest, and when debt falls due, is not in the data."),
            ),
        ),
    )


def _expected() -> tuple[Metric, ...]:
    return (
        Metric(
            "rates.expected_change_12m",
            _("Rate change expected in 12 months"),
            _("(100 − settlement of the contract of this calendar month next year − last known DFF) × 100 bp"),
            (_("30-day federal funds futures"), _("effective federal funds rate (DFF)")),
            ("CME, Yahoo Finance", "FRED"),
            (_("A price, not a forecast: it holds a premium for risk."),),
        ),
        Metric(
            "rates.expected_change_3m",
            _("Rate change in the 3-month bill"),
            _("3-month bill (DGS3MO) − effective rate (DFF), in basis points"),
            (_("3-month Treasury bill"), _("effective federal funds rate")),
            _FRED,
            (_("Shown only where the futures contract twelve months ahead is not stored."),),
        ),
    )


def _sensitivity() -> tuple[Metric, ...]:
    return (
        Metric(
            "rates.sensitivity",
            _("Sensitivity to yields"),
            _("slope of y on x over the last 104 complete weeks: y = weekly total return of small − large, x = the "
              "week's change of the yield in percentage points; t by Newey-West, Bartlett kernel, 4 lags"),
            (_("total-return indices of both sides on the last session of each completed Monday-to-Friday week"),
             _("the yield's last value at or before that session")),
            ("Yahoo Finance", "FRED"),
            (
                _("It drifts, and its sign depends on which days are compared: see its last three years."),
                _("The last week's yield may be a day old when it is computed."),
            ),
        ),
        Metric(
            "rates.cut_cycles",
            _("Cycles of cuts"),
            _("first cut: first decrease after an increase; last cut: known once an increase follows; small − large "
              "over 1, 3, 6 and 12 months from the first session that could react"),
            (_("decisions that changed the target"), _("total-return indices of both sides")),
            ("Federal Reserve", "Yahoo Finance"),
            (_("Every cycle is a line of its own: four are too few for an average."),),
        ),
    )  # fmt: skip
