"""The figures of the cards on short interest, each with its denominator and today's arithmetic."""

import functools

from bot import i18n
from bot.analytics.short_interest import IndexShort
from bot.features.indices import NAMES, known
from bot.features.shortinterest import words
from bot.features.shortinterest.findings import Findings, IndexFound
from bot.features.shortinterest.positions import Position
from bot.i18n import gettext as _
from bot.report import Stat

SOURCE = "FINRA"


def index_stats(found: Findings, sources: str) -> list[Stat]:
    """Return the figures of an index, those of the card marked."""
    stat = functools.partial(Stat, as_of=found.dates.settlement, source=sources, stale=found.dates.stale)
    return [
        *_aggregates(stat, found),
        *_other(stat, found),
        *_movement(stat, found),
        *_coverage(stat, found.asked),
        *_dates(stat, found),
        *(_fund(found.fund) if found.fund else ()),
    ]


def _aggregates(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    short, name = found.asked.short, NAMES[found.asked.index]
    return [
        stat(
            id="weighted_share_of_cap",
            label=_("{index}, weighted, of market cap").format(index=name),
            value=known(short.of_cap),
            unit="fraction",
            figure=True,
            metric="short_interest.index",
            working=_weighted_working(short),
        ),
        stat(
            id="median_share_of_shares",
            label=_("Median stock, of its shares"),
            value=known(short.median),
            unit="fraction",
            figure=True,
            metric="short_interest.share_of_shares",
            working=_("the middle of shares short / shares outstanding, members measured: {n}").format(
                n=i18n.number(short.coverage.matched)
            ),
        ),
        stat(
            id="mean_share_of_shares",
            label=_("Mean stock, of its shares"),
            value=known(short.mean),
            unit="fraction",
            metric="short_interest.share_of_shares",
        ),
        stat(
            id="weighted_share_of_float",
            label=_("{index}, weighted, of float").format(index=name),
            value=known(short.of_float),
            unit="fraction",
            metric="short_interest.index",
        ),
        stat(id="notional_usd", label=_("Sold short"), value=known(short.notional), unit="usd",
             metric="short_interest.index"),
    ]  # fmt: skip


def _weighted_working(short: IndexShort) -> str | None:
    """Write out dollars short over market cap; None where nothing was measured."""
    if not short.of_cap > 0:
        return None
    return _("{notional} short / {caps} market cap = {share}").format(
        notional=i18n.money(short.notional),
        caps=i18n.money(short.notional / short.of_cap),
        share=i18n.percent(short.of_cap, 2),
    )


def _other(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    """Return the other indices' weighted shares, the first on the card, and the whole list's."""
    stats = [
        stat(
            id=f"weighted_share_of_cap.{one.index}",
            label=_("{index}, weighted, of market cap").format(index=NAMES[one.index]),
            value=known(one.short.of_cap),
            unit="fraction",
            figure=one is found.other,
            metric="short_interest.index",
            working=_weighted_working(one.short),
        )
        for one in found.all[1:]
    ]
    whole = stat(
        id="weighted_share_of_cap.whole_list",
        label=_("With companies that have left since the list was made"),
        value=known(found.whole.of_cap),
        unit="fraction",
        metric="short_interest.index",
    )
    return [*stats, whole] if found.asked.members.handed_over else stats


def _movement(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    change = found.asked.change
    return [
        stat(
            id="change",
            label=_("Change, same members") if found.previous is None else
            _("Change since {day}, same members").format(day=i18n.short_day(found.previous)),
            value=known(change.difference),
            unit="percentage_points",
            digits=2,
            figure=True,
            metric="short_interest.change",
            working=_("{now} − {before}, members known at both dates: {n}").format(
                now=i18n.percent(change.now, 2), before=i18n.percent(change.before, 2), n=i18n.number(change.members)
            ) if change.members else None,
        ),
        stat(
            id="percentile",
            label=_("Percentile in the stored history"),
            value=known(found.rank),
            unit="fraction",
            digits=0,
            metric="short_interest.percentile",
        ),
        stat(id="history.settlements", label=_("Settlement dates stored"), value=len(found.history), unit="count"),
    ]  # fmt: skip


def _coverage(stat: "functools.partial[Stat]", one: IndexFound) -> list[Stat]:
    covered = one.short.coverage
    return [
        stat(
            id="coverage.members",
            label=_("Members measured"),
            value=covered.matched,
            unit="count",
            digits=0,
            figure=True,
            shown=words.coverage(one),
            metric="short_interest.coverage",
        ),
        stat(
            id="coverage.weight",
            label=_("Weight measured"),
            value=known(covered.weight),
            unit="fraction",
            metric="short_interest.coverage",
        ),
        stat(id="members", label=_("Members of the list"), value=covered.members, unit="count"),
        stat(id="coverage.float_members", label=_("Members with a stored float"), value=one.short.with_float,
             unit="count"),
    ]  # fmt: skip


def _dates(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    when = found.dates
    named = functools.partial(stat, unit="date", metric="short_interest.dates")
    return [
        named(
            id="settlement_date",
            label=_("Settlement"),
            value=when.settlement,
            figure=True,
            shown=words.settled(when.settlement, when.published),
        ),
        named(id="publication_date", label=_("Published"), value=when.published),
        named(id="next_settlement_date", label=_("Next settlement to be published"), value=when.next_settlement),
        named(id="next_publication_date", label=_("Next publication"), value=when.next_published),
    ]


def _fund(own: Position) -> list[Stat]:
    """Return the fund's own short interest: another thing than its members'."""
    stat = functools.partial(Stat, as_of=own.settlement, source=SOURCE, stale=own.stale)
    name = own.symbol
    return [
        stat(
            id="fund.short_shares",
            label=_("{fund} itself, shares short").format(fund=name),
            value=own.short,
            unit="count",
            metric="short_interest.fund",
        ),
        stat(
            id="fund.share_of_shares",
            label=_("{fund} itself, of its own shares").format(fund=name),
            value=known(own.of_shares),
            unit="fraction",
            metric="short_interest.fund",
            working=words.share_working(own),
        ),
        stat(
            id="fund.days_to_cover",
            label=_("{fund} itself, days to cover").format(fund=name),
            value=known(own.days_to_cover),
            unit="days",
            digits=1,
            metric="short_interest.days_to_cover",
        ),
        stat(
            id="fund.change",
            label=_("{fund} itself, change").format(fund=name),
            value=known(own.change),
            unit="fraction",
            signed=True,
            metric="short_interest.change",
        ),
    ]
