"""Definitions: a portfolio's mix and risk, the size of a position."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_PRICES = ("Yahoo Finance",)


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_mix(), *_risk(), *_position())


def _mix() -> tuple[Metric, ...]:
    return (
        Metric(
            "portfolio.cap_mix",
            _("Mix of company sizes"),
            _("each holding to its index (Russell 1000, Russell 2000, neither) and size: mega over 200 bn dollars, "
              "large over 10, mid over 2, small over 0.3, micro below"),
            (_("market caps"), _("members of IWM and IWB"), _("funds by their own members, or a named stand-in")),
            ("Yahoo Finance", "iShares"),
            (_("The whole market is the members of IWM and IWB by market cap."),),
        ),
        Metric(
            "portfolio.past",
            _("Past of a portfolio"),
            _("growth of 1 with today's weights restored at every close; deepest fall = lowest value / highest before "
              "− 1"),
            (_("total-return indices of the holdings"),),
            _PRICES,
            (_("Without costs and taxes; today's weights are known to have done well or badly."),),
        ),
    )  # fmt: skip


def _risk() -> tuple[Metric, ...]:
    return (
        Metric(
            "portfolio.risk",
            _("Risk contributions and diversification"),
            _("risk share of i = w(i) × (S w)(i) / (w' S w); diversification ratio = sum(w(i) × s(i)) / s of the "
              "whole; volatility = s of the whole × √252"),
            (_("S: Ledoit-Wolf covariance of the last 252 daily simple returns"), _("w: weights; s(i) from S")),
            _PRICES,
            (_("Cash has no risk; holdings without daily prices are left out and named."),),
        ),
        Metric(
            "portfolio.beta",
            _("Beta of a portfolio"),
            _("slope of least squares of its daily total returns on those of IWM or SPY, last 252 sessions"),
            (_("total-return indices of the holdings and of both funds"),),
            _PRICES,
        ),
    )  # fmt: skip


def _position() -> tuple[Metric, ...]:
    return (
        Metric(
            "portfolio.position",
            _("Size of a position"),
            _("shares = account × risk / (k × average range), rounded down and never more than the account buys; "
              "stop = price − k × average range"),
            (_("account, risk and k as stated"), _("price and average range")),
            _PRICES,
            (_("A stop is not a promise: prices can open beyond it."),),
        ),
        Metric(
            "portfolio.atr",
            _("Average range"),
            _("ATR(14) after Wilder: the mean of 14 true ranges, then (before × 13 + range) / 14"),
            (_("daily high, low and close; from close to close where high and low are not stored"),),
            _PRICES,
            (_("Ranges of dividend-adjusted prices lie a little below the real ones before the last dividend."),),
        ),
        Metric(
            "portfolio.days_to_exit",
            _("Days to leave"),
            _("shares / (10% of the average daily volume)"),
            (_("volume of the last 63 sessions, or FINRA's average of the last settlement period"),),
            ("Yahoo Finance", "FINRA"),
        ),
    )  # fmt: skip
