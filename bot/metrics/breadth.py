"""Definitions: how many take part."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_SOURCES = ("Yahoo Finance", "iShares")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (
        Metric(
            "breadth.share",
            _("Shares of members above an average or at a high"),
            _("members with price > average / members with both; at a high: price at or above the 52-week high"),
            (_("price, 50- and 200-session averages and 52-week high of one market snapshot"),),
            _SOURCES,
            (
                _("Every company counts the same, whatever its size."),
                _("The 52-week high includes intraday prices: few stand on it at any moment."),
            ),
        ),
        Metric(
            "breadth.relative",
            _("The many against the few"),
            _("total return of RSP − SPY (equal against cap weight), of IWM − the seven mega caps in equal parts"),
            (_("total-return indices over the window"),),
            ("Yahoo Finance",),
            (_("The seven are the fund MAGS where it traded over the window, else held in equal parts by month."),),
        ),
        Metric(
            "breadth.by_profit",
            _("Returns by profit"),
            _("median six-month price return of members with a net margin above zero, and below zero"),
            (_("returns of the snapshot"), _("net margin of the last fiscal year")),
            _SOURCES,
            (_("Without dividends."),),
        ),
        Metric(
            "breadth.coverage",
            _("Coverage"),
            _("members with price and 200-session average / members; weight of those / weight of all in the fund"),
            (_("the index's member list"), _("the market snapshot")),
            _SOURCES,
        ),
    )
