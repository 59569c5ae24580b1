"""Definitions: short interest of a company, of a fund and of an index."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_POSITIONS = ("FINRA",)
_OF_COMPANY = ("FINRA", "Yahoo Finance")
_OF_INDEX = ("FINRA", "iShares", "Yahoo Finance")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_company(), *_pressure(), *_index(), *_place())


def _gross() -> str:
    return _("Positions are gross: a share can be short against an option, a convertible bond or a fund.")


def _company() -> tuple[Metric, ...]:
    short = _("shares sold short on the settlement date")
    outstanding = _("shares outstanding: market cap / price of the same row, all classes together")
    return (
        Metric("short_interest.short_shares", _("Shares short"), _("shares sold short and not bought back"),
               (_("positions reported by brokers"),), _POSITIONS, (_gross(),)),
        Metric(
            "short_interest.share_of_shares",
            _("Short interest, of shares outstanding"),
            _("shares short / shares outstanding; equal to dollars short / market cap"),
            (short, outstanding),
            _OF_COMPANY,
            (_("Smaller than the share of float of the same company: the denominator is always named."),),
        ),
        Metric(
            "short_interest.share_of_float",
            _("Short interest, of float"),
            _("shares short / shares that trade freely"),
            (short, _("float of the latest market file")),
            _OF_COMPANY,
            (_("It can exceed 100%: a share that was sold short can be lent again."),),
        ),
        Metric(
            "short_interest.s3",
            _("Short interest, of float plus shorts"),
            _("shares short / (float + shares short) = T / (1 + T), T the share of float"),
            (short, _("float of the latest market file")),
            _OF_COMPANY,
            (_("Every share sold short adds one that somebody holds: this share stays under 100%."),),
        ),
        Metric(
            "short_interest.fund",
            _("A fund's own short interest"),
            _("shares of the fund sold short / shares of the fund"),
            (short, _("the fund's shares: net assets by its holdings file / close of that day, an estimate")),
            _OF_INDEX,
            (_("Another thing than its members' short interest: funds are sold short to hedge."),),
        ),
    )  # fmt: skip


def _pressure() -> tuple[Metric, ...]:
    return (
        Metric(
            "short_interest.days_to_cover",
            _("Days to cover"),
            _("shares short / average daily volume of the settlement period"),
            (_("shares sold short"), _("average daily volume")),
            _POSITIONS,
            (
                _("FINRA raises anything under 1 to 1, and prints 999.99 where there was no volume: missing here."),
                _("It says how long buying back would take at usual volume, not that anybody must."),
            ),
        ),
        Metric(
            "short_interest.change",
            _("Change in short interest"),
            _("shares short / shares short at the settlement date before − 1; of an index: weighted now − before"),
            (_("positions at both dates"),),
            _POSITIONS,
            (
                _("Of an index: on members known at both dates, at the same prices and share counts."),
                _("Not given across a split of the shares."),
            ),
        ),
        Metric(
            "short_interest.dates",
            _("Settlement and publication"),
            _("settled mid-month and at month end; published eight business days later"),
            (_("FINRA's calendar"),),
            _POSITIONS,
            (_("On the day a figure is published it is already a week and a half old."),),
        ),
    )


def _index() -> tuple[Metric, ...]:
    inputs = (
        _("shares short, price and market cap of each member on the settlement date or the nearest day stored"),
        _("the index's member list"),
    )
    return (
        Metric(
            "short_interest.index",
            _("Short interest of an index"),
            _("sum(shares short × price) / sum(market cap); of float: / sum(float × price) of members with a float"),
            inputs,
            _OF_INDEX,
            (
                _("Each company counts once, whatever its number of share classes."),
                _("Weighted and median stock differ: large companies are shorted less."),
                _("Of two member lists with a reconstitution between, companies in both count in the later one."),
            ),
        ),
        Metric(
            "short_interest.coverage",
            _("Coverage"),
            _("members with position, price and market cap / members; weight of those / weight of all"),
            inputs,
            _OF_INDEX,
        ),
    )


def _place() -> tuple[Metric, ...]:
    return (
        Metric(
            "short_interest.percentile",
            _("Percentile in the stored history"),
            _("share of stored settlement dates with a weighted share at or below this one, this one included"),
            (_("weighted shares of all stored settlement dates on today's member list"),),
            _OF_INDEX,
            (_("Not given under 60 settlement dates."),),
        ),
        Metric(
            "short_interest.rank",
            _("Rank in its index"),
            _("place among members by shares short / shares outstanding, 1 the most"),
            (_("positions and share counts of all members"),),
            _OF_INDEX,
        ),
    )
