"""Definitions: what a quote adds to the others."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_PRICES = ("Yahoo Finance",)


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_prices(), *_company())


def _prices() -> tuple[Metric, ...]:
    return (
        Metric(
            "quote.close",
            _("Close"),
            _("last split-adjusted close stored; else the price of the latest file that has one"),
            (_("daily closes, market files or fund holdings"),),
            ("Yahoo Finance", "iShares"),
            (_("A price from a file is that of the file's day: it is named."),),
        ),
        Metric(
            "quote.average",
            _("Average of 50 and 200 sessions"),
            _("mean of the last n closes, today included"),
            (_("split-adjusted closes"),),
            _PRICES,
        ),
        Metric(
            "quote.from_high_52w",
            _("From the 52-week high"),
            _("price / 52-week high − 1, both of one file"),
            (_("price and 52-week high of the latest market file"),),
            _PRICES,
            (_("The 52-week high includes intraday prices; the record of a stored series is of closes."),),
        ),
    )


def _company() -> tuple[Metric, ...]:
    return (
        Metric(
            "quote.cap_tier",
            _("Size"),
            _("mega over $200 bn, large from $10 bn, mid from $2 bn, small from $0.3 bn, micro below"),
            (_("latest market cap, at most 90 days old"),),
            _PRICES,
            (_("Funds and indices have no market cap of their own."),),
        ),
        Metric(
            "quote.membership",
            _("Index membership"),
            _("the stored member lists that name the symbol or another class of its company"),
            (_("holdings files of index funds"),),
            ("iShares",),
            (_("A list is that of its day: indices are drawn up anew in June and, from 2026, November."),),
        ),
    )
