"""The figures of the card on valuation, with today's arithmetic."""

import functools
from datetime import date

import pandas as pd

from bot import i18n
from bot.features.freshness import stale
from bot.features.indices import known
from bot.features.valuation import words
from bot.features.valuation.findings import Findings, Multiples, Paired
from bot.i18n import gettext as _
from bot.report import Stat

PRICES, VENDOR = "Yahoo Finance", "Yahoo Finance"
_ON_CARD = (("pe_fy1", "profitable"), ("pe_fy1", "all"))


def stats(found: Findings, as_of: date) -> list[Stat]:
    """Return all figures, those of the card marked."""
    return [*(_multiples(found.multiples, as_of) if found.multiples else ()), *_relative(found, as_of)]


def _relative(found: Findings, as_of: date) -> list[Stat]:
    level = found.relative
    day = pd.DatetimeIndex(level.history.index)[-1].date()
    stat = functools.partial(Stat, as_of=day, source=PRICES, stale=day < as_of, metric="valuation.relative")
    return [
        stat(
            id="relative.percentile",
            label=_("Relative price, percentile since {year}").format(year=words.first_day(found).year),
            value=level.percentile,
            unit="fraction",
            figure=True,
            working=_("{share} of {n} sessions at or below {level}").format(
                share=i18n.percent(level.percentile, 2),
                n=i18n.number(level.sessions),
                level=i18n.number(level.level, 4),
            ),
        ),
        stat(
            id="relative.level", label=_("IWM over IWB, price"), value=level.level, unit="ratio", digits=3, figure=True
        ),
        stat(id="relative.sessions", label=_("Sessions"), value=level.sessions, unit="count"),
        stat(id="relative.low", label=_("Lowest"), value=level.low, unit="ratio", digits=3),
        stat(id="relative.low_date", label=_("Lowest on"), value=level.low_day, unit="date"),
        stat(id="relative.peak", label=_("Highest"), value=level.peak, unit="ratio", digits=3),
        stat(id="relative.peak_date", label=_("Highest on"), value=level.peak_day, unit="date"),
        stat(id="relative.median", label=_("Median"), value=level.median, unit="ratio", digits=3),
    ]


def _multiples(found: Multiples, as_of: date) -> list[Stat]:
    day, facts_day = found.estimates, found.fundamentals
    by_estimates = functools.partial(Stat, as_of=day, source=VENDOR, stale=stale("estimates", day, as_of))
    old = facts_day is not None and stale("fundamentals", facts_day, as_of)
    by_facts = functools.partial(Stat, as_of=facts_day, source=VENDOR, stale=old)
    stats = []
    for row in found.rows:
        stats += _row(by_estimates if row.multiple.startswith("pe_fy") else by_facts, row)
    return [*stats, *_losers(by_facts, by_estimates, found), *_coverage(by_estimates, found)]


def _row(stat: "functools.partial[Stat]", row: Paired) -> list[Stat]:
    key, metric = f"{row.multiple}.{row.companies}", f"valuation.{_metric(row.multiple)}"
    label = words.name(row)
    return [
        stat(
            id=f"discount.{key}",
            label=label,
            value=known(row.discount),
            unit="fraction",
            figure=(row.multiple, row.companies) in _ON_CARD,
            shown=_("{against}: {cheaper}").format(against=words.against(row), cheaper=words.cheaper(row.discount)),
            metric="valuation.discount",
            working=None if known(row.discount) is None else _("1 − {small} / {large} = {discount}").format(
                small=i18n.number(row.small.value, 2),
                large=i18n.number(row.large.value, 2),
                discount=i18n.percent(row.discount, signed=True),
            ),
        ),
        stat(id=f"{key}.small", label=_("{multiple}, small").format(multiple=label), value=known(row.small.value),
             unit="ratio", digits=1, metric=metric),
        stat(id=f"{key}.large", label=_("{multiple}, large").format(multiple=label), value=known(row.large.value),
             unit="ratio", digits=1, metric=metric),
    ]  # fmt: skip


def _metric(multiple: str) -> str:
    if multiple.startswith("pe_fy"):
        return "pe_forward"
    return multiple if multiple == "pe_trailing" else "multiples"


def _losers(trailing: "functools.partial[Stat]", estimated: "functools.partial[Stat]", found: Multiples) -> list[Stat]:
    sides = (("small", _("small"), found.small_losers), ("large", _("large"), found.large_losers))
    stats = []
    for side, word, losers in sides:
        stats.append(
            trailing(
                id=f"loss_share.{side}",
                label=_("Lost money in the last year, {side}").format(side=word),
                value=known(losers.trailing),
                unit="fraction",
                figure=found.fundamentals is not None,
                working=words.share_working(losers.trailing, losers.trailing_of),
                metric="valuation.loss_share",
            )
        )
        stats.append(
            estimated(
                id=f"loss_share.{side}.fy1",
                label=_("Expected to lose money this year, {side}").format(side=word),
                value=known(losers.fy1),
                unit="fraction",
                figure=found.fundamentals is None,
                working=words.share_working(losers.fy1, losers.fy1_of),
                metric="valuation.loss_share",
            )
        )
    return stats


def _coverage(stat: "functools.partial[Stat]", found: Multiples) -> list[Stat]:
    row = found.of("pe_fy1", "all")
    metric = "valuation.coverage"
    return [
        stat(id="coverage.members", label=_("Small companies with estimates"), value=row.small.members, unit="count",
             metric=metric),
        stat(id="coverage.weight", label=_("Their weight in {fund}").format(fund=found.pair.small.fund),
             value=known(row.small.weight), unit="fraction", metric=metric),
        stat(id="coverage.members.large", label=_("Large companies with estimates"), value=row.large.members,
             unit="count", metric=metric),
        stat(id="coverage.weight.large", label=_("Their weight in {fund}").format(fund=found.pair.large.fund),
             value=known(row.large.weight), unit="fraction", metric=metric),
    ]  # fmt: skip
