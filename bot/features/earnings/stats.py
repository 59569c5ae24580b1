"""The figures of the cards on earnings, with today's arithmetic."""

import functools
import math
from datetime import date

from bot import i18n
from bot.features.earnings import words
from bot.features.earnings.company import Company
from bot.features.earnings.findings import Findings, Side
from bot.features.freshness import stale
from bot.features.indices import known
from bot.features.sides import shares
from bot.i18n import gettext as _
from bot.report import Stat, Unit

VENDOR = "Yahoo Finance"


def stats(found: Findings, as_of: date) -> list[Stat]:
    """Return all figures, those of the card marked: each shows both sides."""
    stat = functools.partial(Stat, as_of=found.day, source=VENDOR, stale=stale("estimates", found.day, as_of))
    sides = (("small", found.small), ("large", found.large), ("seven", found.seven))
    return [
        *(s for name, side in sides for s in _growth(stat, name, side, found)),
        *(s for name, side in sides for s in _revisions(stat, name, side, found)),
        *(s for name, side in sides for s in _losers(stat, name, side, found)),
        *(s for name, side in sides for s in _coverage(stat, name, side)),
    ]


def _growth(stat: "functools.partial[Stat]", name: str, side: Side, found: Findings) -> list[Stat]:
    small, large, own = found.small.growth, found.large.growth, side.growth
    shown, first = (
        name == "small",
        functools.partial(stat, unit="fraction", signed=True, digits=0, metric="earnings.growth"),
    )
    label = _side_label(name)
    return [
        first(
            id=f"eps_growth.{name}",
            label=_("EPS growth to next year, in sum") if shown else _("{side}, in sum").format(side=label),
            value=known(own.aggregate),
            figure=shown,
            shown=words.both(small.aggregate, large.aggregate) if shown else None,
            working=words.growth_working(own),
        ),
        first(
            id=f"eps_growth.{name}.positive_base",
            label=_("Of companies that earn") if shown else _("{side}, companies that earn").format(side=label),
            value=known(own.positive_base),
            figure=shown,
            shown=words.both(small.positive_base, large.positive_base) if shown else None,
            working=words.positive_working(own),
        ),
        first(
            id=f"eps_growth.{name}.median",
            label=_("Median company that earns") if shown else _("{side}, median").format(side=label),
            value=known(own.median),
            figure=shown,
            shown=words.both(small.median, large.median) if shown else None,
            working=words.positive_working(own),
        ),
    ]


def _side_label(name: str) -> str:
    return {"small": _("Small"), "large": _("Large"), "seven": _("The seven")}[name]


def _revisions(stat: "functools.partial[Stat]", name: str, side: Side, found: Findings) -> list[Stat]:
    shown, own = name == "small", side.revisions
    one = functools.partial(stat, unit="ratio", signed=True, digits=2, metric="earnings.revisions")
    label = _side_label(name)
    return [
        one(
            id=f"revision_breadth.{name}",
            label=_("Revisions, 30 days") if shown else _("{side}, revisions, 30 days").format(side=label),
            value=known(own.counts),
            figure=shown,
            shown=words.breadth(found.small, found.large) if shown else None,
            working=_("({up} up − {down} down) / {all}").format(
                up=i18n.number(own.up), down=i18n.number(own.down), all=i18n.number(own.up + own.down)
            ),
        ),
        one(
            id=f"revision_breadth.{name}.companies",
            label=_("{side}, revisions by companies").format(side=label),
            value=known(own.companies),
        ),
        one(
            id=f"revision_breadth.{name}.cap_weighted",
            label=_("{side}, revisions by market cap").format(side=label),
            value=known(own.cap_weighted),
        ),
    ]


def _losers(stat: "functools.partial[Stat]", name: str, side: Side, found: Findings) -> list[Stat]:
    label, metric = _side_label(name), "valuation.loss_share"
    return [
        Stat(
            id=f"loss_share.{name}",
            label=_("{side}, lost money in the last year").format(side=label),
            value=known(side.losers),
            unit="fraction",
            as_of=found.fundamentals,
            source=VENDOR,
            metric=metric,
        ),
        stat(
            id=f"loss_share.{name}.fy1",
            label=_("Expected to lose money this year") if name == "small" else
            _("{side}, expected to lose money this year").format(side=label),
            value=known(side.growth.loss_share),
            unit="fraction",
            digits=0,
            figure=name == "small",
            shown=_share_both(found) if name == "small" else None,
            working=words.loss_working(side.growth),
            metric=metric,
        ),
    ]  # fmt: skip


def _share_both(found: Findings) -> str:
    small, large = found.small.growth.loss_share, found.large.growth.loss_share
    return shares(small, large)


def _coverage(stat: "functools.partial[Stat]", name: str, side: Side) -> list[Stat]:
    covered, label = side.growth.coverage, _side_label(name)
    return [
        stat(
            id=f"coverage.members.{name}",
            label=_("Small companies measured")
            if name == "small"
            else _("{side}, companies measured").format(side=label),
            value=covered.matched,
            unit="count",
            figure=name == "small",
            shown=words.coverage(side),
            metric="earnings.coverage",
        ),
        stat(
            id=f"coverage.weight.{name}",
            label=_("{side}, weight measured").format(side=label),
            value=known(covered.weight),
            unit="fraction",
            metric="earnings.coverage",
        ),
    ]


def company_stats(one: Company, as_of: date) -> list[Stat]:
    """Return the figures of one company, those of the card marked."""
    stat = functools.partial(Stat, as_of=one.day, source=one.source, stale=stale("estimates", one.day, as_of))
    revised = (
        None if math.isnan(one.up + one.down) else _("{up} up, {down} down").format(up=int(one.up), down=int(one.down))
    )
    unit: Unit = "usd" if one.in_dollars else "ratio"
    eps, part = functools.partial(stat, unit=unit), functools.partial(stat, unit="fraction", signed=True)
    return [
        eps(id="eps_fy1", label=_("EPS, this fiscal year"), value=known(one.fy1), figure=True,
            metric="earnings.consensus"),
        eps(id="eps_fy2", label=_("EPS, next fiscal year"), value=known(one.fy2), figure=True,
            metric="earnings.consensus"),
        part(id="eps_growth", label=_("Growth to next year"), value=known(one.growth), figure=True,
             metric="earnings.growth", working=words.change_working(one, one.fy1, one.fy2, one.growth)),
        part(id="revision.30d", label=_("This year's, in 30 days"), value=known(one.moved(one.fy1_30d)), figure=True,
             metric="earnings.consensus", working=words.revision_working(one, one.fy1_30d)),
        part(id="revision.90d", label=_("This year's, in 90 days"), value=known(one.moved(one.fy1_90d)), figure=True,
             metric="earnings.consensus", working=words.revision_working(one, one.fy1_90d)),
        part(id="revision.previous_file", label=_("This year's, since the file before"),
             value=known(one.moved(one.before_fy1)), metric="earnings.consensus"),
        stat(id="revisions_up", label=_("Analysts who raised, 30 days"), value=known(one.up), unit="count", figure=True,
             shown=revised, metric="earnings.revisions"),
        stat(id="revisions_down", label=_("Analysts who cut, 30 days"), value=known(one.down), unit="count",
             metric="earnings.revisions"),
        stat(id="analysts", label=_("Analysts"), value=known(one.analysts), unit="count", metric="earnings.consensus"),
        stat(id="pe_fy1", label=_("Price over this year's EPS"), value=known(one.multiple), unit="ratio", digits=1,
             metric="valuation.pe_forward"),
        stat(id="next_report", label=_("Next report"), value=None, unit="date"),
    ]  # fmt: skip
