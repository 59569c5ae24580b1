"""Definitions: multiples of baskets, discounts, the relative price."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_VENDOR = ("Yahoo Finance",)
_MEMBERS = ("Yahoo Finance", "iShares")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_earnings(), *_others(), *_place())


def _once() -> str:
    return _("Each company counts once; accounts in another currency are left out and counted.")


def _earnings() -> tuple[Metric, ...]:
    return (
        Metric(
            "valuation.pe_forward",
            _("P/E on expected earnings"),
            _("sum(market cap) / sum(EPS × shares), EPS the consensus for this (FY1) or the next fiscal year (FY2)"),
            (_("consensus EPS"), _("shares: market cap / price of the same row")),
            _MEMBERS,
            (
                _("Always two ways: with all members, and with those alone that are expected to earn money."),
                _no_biotech(),
                _("Fiscal years are not calendarised."),
                _once(),
            ),
        ),
        Metric(
            "valuation.pe_trailing",
            _("Trailing P/E"),
            _("sum(market cap) / sum(net margin × sales), sales = market cap / (P/S)"),
            (_("net margin"), _("price to sales"), _("market cap of the same file")),
            _MEMBERS,
            (
                _("Always two ways: all members, and profitable members alone. They can differ by a factor of four."),
                _("A blank margin, or 0.0 without revenue, drops out; so do earnings above the market cap in size."),
                _no_biotech(),
            ),
        ),
        Metric(
            "valuation.loss_share",
            _("Share of companies losing money"),
            _("members with trailing net income below zero / members with known net income; or FY1 EPS below zero"),
            (_("net margin and sales, or consensus EPS"),),
            _MEMBERS,
            (_("A missing P/E alone does not prove a loss."),),
        ),
    )


def _no_biotech() -> str:
    return _(
        "With and without biotech would take industries, which are not stored: the whole of health care is left out."
    )


def _others() -> tuple[Metric, ...]:
    return (
        Metric(
            "valuation.multiples",
            _("Sales, book and enterprise multiples"),
            _(
                "P/S = sum(cap) / sum(sales); P/B = sum(cap) / sum(book value); EV/sales = sum(EV) / sum(sales); "
                "EV/operating income: the median of companies where both are above zero"
            ),
            (_("fundamentals of one file"),),
            _MEMBERS,
            (
                _("Financials and real estate, and companies without revenue, are left out of sales multiples."),
                _("Book values and enterprise values below zero count in the sums."),
            ),
        ),
        Metric(
            "valuation.discount",
            _("Discount of small caps"),
            _("1 − multiple of small / multiple of large; below zero small caps are dearer"),
            (_("the same multiple of both sides, over the same choice of companies"),),
            _MEMBERS,
            (_("Leaving loss-makers out can turn its sign: both are always given."),),
        ),
        Metric(
            "valuation.coverage",
            _("Coverage"),
            _("members with price, cap and estimate / members; weight of those / weight of all in the fund"),
            (_("the index's member list"), _("consensus estimates")),
            _MEMBERS,
        ),
    )


def _place() -> tuple[Metric, ...]:
    return (
        Metric(
            "valuation.relative",
            _("Relative price of small caps"),
            _("close of IWM / close of IWB; percentile = share of sessions at or below today's level, today included"),
            (_("split-adjusted closes since May 2000"),),
            _VENDOR,
            (
                _("A price ratio is no valuation: earnings may have moved as much as the prices."),
                _("Without dividends: funds that pay more look weaker."),
            ),
        ),
    )
