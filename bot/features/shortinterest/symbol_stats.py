"""The figures of the card on one symbol's short interest."""

import functools
from datetime import date

from bot import i18n
from bot.features.indices import NAMES, known
from bot.features.shortinterest import words
from bot.features.shortinterest.positions import Position
from bot.features.shortinterest.stats import SOURCE
from bot.i18n import gettext as _
from bot.report import Stat


def symbol_stats(own: Position, published: date) -> list[Stat]:
    """Return the figures of one symbol, those of the card marked."""
    stat = functools.partial(Stat, as_of=own.settlement, source=SOURCE, stale=own.stale)
    return [*_shares(stat, own), *_pressure(stat, own), *_place(stat, own), *_dates(stat, own, published)]


def _shares(stat: "functools.partial[Stat]", own: Position) -> list[Stat]:
    metric = "short_interest.fund" if own.outstanding.fund else "short_interest.share_of_shares"
    return [
        stat(id="short_shares", label=_("Shares short"), value=own.short, unit="count", figure=True,
             metric="short_interest.short_shares"),
        stat(
            id="share_of_shares",
            label=_("Of shares outstanding"),
            value=known(own.of_shares),
            unit="fraction",
            metric=metric,
            working=words.share_working(own),
        ),
        stat(
            id="share_of_float",
            label=_("Of float, and of all shares"),
            value=known(own.of_float),
            unit="fraction",
            figure=True,
            shown=words.both_shares(own),
            metric="short_interest.share_of_float",
            working=words.float_working(own) or words.share_working(own),
        ),
        stat(
            id="s3_share",
            label=_("Of float plus shorts"),
            value=known(own.s3),
            unit="fraction",
            metric="short_interest.s3",
        ),
    ]  # fmt: skip


def _pressure(stat: "functools.partial[Stat]", own: Position) -> list[Stat]:
    change = known(own.change)
    return [
        stat(
            id="days_to_cover",
            label=_("Days to cover"),
            value=known(own.days_to_cover),
            unit="days",
            digits=1,
            figure=True,
            metric="short_interest.days_to_cover",
        ),
        stat(
            id="change",
            label=_("Change since the settlement before"),
            value=change,
            unit="fraction",
            signed=True,
            figure=True,
            metric="short_interest.change",
            working=None if change is None else _("{now} / {before} − 1 = {change}").format(
                now=i18n.number(own.short), before=i18n.number(own.before), change=i18n.percent(change, 2, signed=True)
            ),
        ),
    ]  # fmt: skip


def _place(stat: "functools.partial[Stat]", own: Position) -> list[Stat]:
    place = own.place
    return [
        stat(
            id="rank",
            label=_("Rank by share of shares") if place is None else
            _("Rank in the {index}, by share of shares").format(index=NAMES[place.index]),
            value=place.rank if place else None,
            unit="count",
            figure=place is not None and place.rank is not None,
            shown=words.rank(own),
            metric="short_interest.rank",
        ),
        stat(id="rank.of", label=_("Members ranked"), value=place.of if place else None, unit="count"),
        stat(id="rank.index", label=_("Index"), value=NAMES[place.index] if place else None, unit="text"),
    ]  # fmt: skip


def _dates(stat: "functools.partial[Stat]", own: Position, published: date) -> list[Stat]:
    return [
        stat(
            id="settlement_date",
            label=_("Settlement"),
            value=own.settlement,
            unit="date",
            figure=True,
            shown=words.settled(own.settlement, published),
            metric="short_interest.dates",
        ),
        stat(id="publication_date", label=_("Published"), value=published, unit="date",
             metric="short_interest.dates"),
    ]  # fmt: skip


def several_stats(positions: list[Position], published: date) -> list[Stat]:
    """Return days to cover and shares of several symbols, ids ending in the symbol; at most six are on the card."""
    first = positions[0]
    stat = functools.partial(Stat, as_of=first.settlement, source=SOURCE, stale=first.stale)
    stats = _dates(stat, first, published)
    for place, own in enumerate(positions):
        stats += [
            stat(
                id=f"days_to_cover.{own.symbol}",
                label=_("{symbol}, days to cover").format(symbol=own.symbol),
                value=known(own.days_to_cover),
                unit="days",
                digits=1,
                figure=place < 5,
                metric="short_interest.days_to_cover",
            ),
            stat(
                id=f"share_of_shares.{own.symbol}",
                label=_("{symbol}, of shares outstanding").format(symbol=own.symbol),
                value=known(own.of_shares),
                unit="fraction",
                metric="short_interest.share_of_shares",
            ),
        ]
    return stats
