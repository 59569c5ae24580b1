"""The report on a portfolio. Private: answered to the asker alone."""

import functools

from bot.features.allocation import words
from bot.features.allocation.findings import LARGE, SMALL, Findings, Past, find
from bot.features.allocation.picture import charts
from bot.features.allocation.profiles import GROUPS, TIERS
from bot.features.allocation.profiles import SMALL as SMALL_INDEX
from bot.features.allocation.request import AllocationRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Column, Report, Stat, Table, Value, distinct


def build(request: AllocationRequest, dataset: Dataset) -> Report:
    """Return the portfolio on the dataset's day."""
    found = find(request, dataset)
    stats = _stats(found, dataset)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Your portfolio"),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=stats,
        tables=tuple(table for table in (_mix(found), _risk(found), _shift(found)) if table.rows),
        charts=charts(found, dataset),
        notes=words.notes(found),
        sources=distinct(part for stat in stats if stat.value is not None for part in stat.source.split(", ")),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: a portfolio is nobody's but the asker's."""
    return ()


def _stats(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    prices = ", ".join(distinct(dataset.source(symbol) for symbol in found.priced)) or dataset.source(SMALL)
    members = ", ".join((dataset.source("holdings"), dataset.source("snapshots")))
    stat = functools.partial(Stat, as_of=dataset.as_of, source=prices)
    mix = functools.partial(Stat, unit="fraction", as_of=found.mix.day, source=members, metric="portfolio.cap_mix")
    known = found.mix.day is not None
    risk, past, moved = found.risk, found.past, found.shifted
    return (
        mix(id="share.small", label=_("In the Russell 2000"), value=found.mix.groups[SMALL_INDEX] if known else None,
            figure=True),
        mix(id="share.small.market", label=_("Whole market in the Russell 2000"),
            value=found.market.groups[SMALL_INDEX] if found.market else None),
        stat(id="volatility", label=_("Volatility"), value=risk.volatility if risk else None, unit="fraction",
             figure=True, metric="portfolio.risk"),
        stat(id="beta.small", label=_("Beta to {fund}").format(fund=SMALL), value=found.beta_small, unit="ratio",
             figure=True, metric="portfolio.beta"),
        stat(id="beta.large", label=_("Beta to {fund}").format(fund=LARGE), value=found.beta_large, unit="ratio",
             figure=True, metric="portfolio.beta"),
        stat(id="diversification_ratio", label=_("Diversification ratio"),
             value=risk.diversification if risk else None, unit="ratio", figure=True, metric="portfolio.risk"),
        stat(id="max_drawdown", label=_("Deepest fall"), value=past.deepest if past else None, unit="fraction",
             figure=True, metric="portfolio.past"),
        stat(id="max_drawdown.shifted", label=_("Deepest fall, {shift}").format(shift=words.shift_name(found)),
             value=moved.deepest if moved else None, unit="fraction", metric="portfolio.past"),
        stat(id="value", label=_("Value"), value=found.weighed.value, unit="usd", metric="portfolio.cap_mix"),
        stat(id="coverage.weight", label=_("Weight with daily prices"),
             value=sum(found.weighed.weights[s] for s in found.priced), unit="fraction", metric="portfolio.risk"),
    )  # fmt: skip


def _mix(found: Findings) -> Table:
    columns = (
        Column("view", _("View")),
        Column("part", _("Part")),
        Column("name", _("Name")),
        Column("portfolio", _("This portfolio"), "fraction"),
        Column("market", _("Whole market"), "fraction"),
    )
    views = (("index", "groups", GROUPS, words.group_names()), ("size", "tiers", TIERS, words.tier_names()))
    rows: list[tuple[Value, ...]] = [
        (view, part, names[part], getattr(found.mix, field)[part], _of_market(found, field, part))
        for view, field, parts, names in views
        for part in parts
    ]
    return Table("cap_mix", _("What it is made of, against the whole market"), columns, tuple(rows))


def _of_market(found: Findings, view: str, part: str) -> float | None:
    if found.market is None:
        return None
    return float(getattr(found.market, view).get(part, 0.0))


def _risk(found: Findings) -> Table:
    columns = (
        Column("symbol", _("Holding")),
        Column("weight", _("Share of money"), "fraction"),
        Column("contribution", _("Share of risk"), "fraction"),
        Column("volatility", _("Its volatility"), "fraction"),
    )
    risk = found.risk
    rows: tuple[tuple[Value, ...], ...] = ()
    if risk is not None:
        rows = tuple(
            (symbol, float(weight), float(part), float(alone))
            for symbol, weight, part, alone in zip(
                risk.symbols, risk.weights, risk.contributions, risk.volatilities, strict=True
            )
        )
    return Table("risk_contribution", _("Where the risk comes from"), columns, rows)


def _shift(found: Findings) -> Table:
    columns = (
        Column("portfolio", _("Portfolio")),
        Column("start", _("From"), "date"),
        Column("return", _("Return"), "fraction", signed=True),
        Column("return_per_year", _("Per year"), "fraction", signed=True),
        Column("volatility", _("Volatility"), "fraction"),
        Column("max_drawdown", _("Deepest fall"), "fraction"),
        Column("max_drawdown_day", _("Low of it"), "date"),
    )
    pasts = ((_("As it is"), found.past), (words.shift_name(found), found.shifted))
    rows = tuple(_past(name, past) for name, past in pasts if past is not None)
    return Table("shift", _("What a shift to small caps would have done"), columns, rows)


def _past(name: str, past: Past) -> tuple[Value, ...]:
    return (name, past.start, past.total, past.per_year, past.volatility, past.deepest, past.deepest_day)
