"""From findings to what the pictures of short interest show."""

import math

import numpy as np
import pandas as pd

from bot import i18n
from bot.features.indices import NAMES, known
from bot.features.shortinterest.findings import Dates, Findings, IndexFound
from bot.features.shortinterest.picture import Comparison, Distribution, Heading, History, Side
from bot.features.shortinterest.positions import Position
from bot.i18n import gettext as _

BIN = 0.01
LAST_EDGE = 0.25


def distribution(found: Findings, source: str) -> Distribution:
    """Return the members of the index asked for and of the other one in bins of one point, the last one open."""
    edges = tuple(float(edge) for edge in np.arange(0.0, LAST_EDGE + BIN / 2, BIN).round(4))
    title = _("{index}: {share} of market cap is sold short").format(
        index=NAMES[found.asked.index], share=i18n.percent(found.asked.short.of_cap)
    )
    subtitle = _("Members by share of shares sold short, {day}").format(day=i18n.day(found.dates.settlement))
    heading = Heading(title=title, subtitle=subtitle, as_of=found.dates.settlement, source=source)
    other = _side(found.other, edges) if found.other is not None else None
    return Distribution(heading=heading, edges=edges, small=_side(found.asked, edges), large=other)


def _heading(title: str, when: Dates, source: str) -> Heading:
    subtitle = _("Settlement of {settlement}, published {published}").format(
        settlement=i18n.day(when.settlement), published=i18n.day(when.published)
    )
    return Heading(title=title, subtitle=subtitle, as_of=when.settlement, source=source)


def _side(one: IndexFound, edges: tuple[float, ...]) -> Side:
    shares = one.frame["of_shares"].dropna()
    places = np.clip(np.floor(shares.to_numpy(dtype=float) / BIN + 1e-9), 0, len(edges) - 1).astype(int)
    counts = np.bincount(places, minlength=len(edges)) / len(shares)
    return Side(
        name=NAMES[one.index],
        shares=tuple(float(part) for part in counts),
        weighted=one.short.of_cap,
        median=one.short.median,
    )


def history(own: Position, when: Dates, source: str) -> History:
    """Return shares short at every stored settlement date."""
    title = _("{symbol}: {shares} shares sold short").format(symbol=own.symbol, shares=i18n.compact(own.short))
    days = tuple(stamp.date() for stamp in pd.DatetimeIndex(own.history.index))
    return History(
        heading=_heading(title, when, source), name=own.symbol, days=days, short_shares=tuple(own.history.tolist())
    )


def comparison(positions: list[Position], when: Dates, source: str) -> Comparison:
    """Return days to cover of several symbols, in the order asked."""
    return Comparison(
        heading=_heading(_("Days to cover"), when, source),
        names=tuple(own.symbol for own in positions),
        values=tuple(known(own.days_to_cover) for own in positions),
        words=tuple(_days(own) for own in positions),
    )


def _days(own: Position) -> str:
    if math.isnan(own.days_to_cover):
        return _("not known")
    return _("{days} days").format(days=i18n.number(own.days_to_cover, 1))
