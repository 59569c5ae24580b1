"""The report on earnings: small against large, or one company."""

from bot import i18n
from bot.features.earnings import words
from bot.features.earnings.company import Company, company
from bot.features.earnings.findings import Findings, find
from bot.features.earnings.indicators import indicators
from bot.features.earnings.picture import Bars
from bot.features.earnings.request import EarningsRequest
from bot.features.earnings.stats import company_stats, stats
from bot.features.indices import INDEX_OF, known
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Table, Unit, distinct

__all__ = ["build", "indicators"]


def build(request: EarningsRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. MissingData before estimates are known, UnknownSymbol."""
    if request.symbol is not None and request.symbol not in INDEX_OF:
        return _company(request, company(request.symbol, dataset), dataset)
    return _baskets(request, find(dataset), dataset)


def _baskets(request: EarningsRequest, found: Findings, dataset: Dataset) -> Report:
    sources = distinct([dataset.source("estimates"), found.small.members.source])
    line = i18n.all_of(sources)
    charts = (
        Chart("growth", words.growth_words(found), _growth_bars(found, line)),
        Chart("revisions", words.revision_words(found), _revision_bars(found, line)),
    )
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Earnings: small caps against large caps"),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(stats(found, dataset.as_of)),
        tables=(_forms(found), _contributors(found)),
        charts=charts,
        notes=words.notes(found),
        sources=sources,
        version=dataset.version,
    )


def _forms(found: Findings) -> Table:
    columns = (
        Column("side", _("Side")),
        Column("aggregate", _("In sum"), "fraction", signed=True, digits=0),
        Column("positive_base", _("Companies that earn"), "fraction", signed=True, digits=0),
        Column("median", _("Median"), "fraction", signed=True, digits=0),
        Column("counts", _("Revisions"), "ratio", signed=True),
        Column("companies", _("By companies"), "ratio", signed=True),
        Column("cap_weighted", _("By market cap"), "ratio", signed=True),
        Column("members", _("Companies"), "count"),
        Column("weight", _("Weight"), "fraction", digits=0),
    )
    sides = ((_("Small"), found.small), (_("Large"), found.large), (_("The seven"), found.seven))
    rows = tuple(
        (
            name,
            *(known(v) for v in (side.growth.aggregate, side.growth.positive_base, side.growth.median)),
            *(known(v) for v in (side.revisions.counts, side.revisions.companies, side.revisions.cap_weighted)),
            side.growth.coverage.matched,
            known(side.growth.coverage.weight),
        )
        for name, side in sides
    )
    return Table("forms", _("Growth and revisions in every form"), columns, rows)


def _contributors(found: Findings) -> Table:
    columns = (
        Column("side", _("Side")),
        Column("symbol", _("Symbol")),
        Column("name", _("Name")),
        Column("contribution", _("Adds to growth in sum"), "percentage_points", signed=True),
    )
    sides = ((_("Small"), found.small), (_("Large"), found.large))
    rows = tuple(
        (label, symbol, side.name(symbol), part) for label, side in sides for symbol, part in side.growth.contributors
    )
    return Table("contributors", _("The five largest contributors to growth in sum"), columns, rows)


def _growth_bars(found: Findings, source: str) -> Bars:
    sides = (found.small, found.large, found.seven)
    values = tuple(
        tuple(known(getattr(side.growth, form)) for side in sides) for form in ("aggregate", "positive_base", "median")
    )
    return Bars(
        title=_("Small-cap EPS {aggregate} next year, median {median}").format(
            aggregate=words.rate(found.small.growth.aggregate), median=words.rate(found.small.growth.median)
        ),
        subtitle=_("Consensus growth from this fiscal year to the next, three ways"),
        as_of=found.day,
        source=source,
        heading="",
        sides=(_("Small"), _("Large"), _("Mega-cap seven")),
        groups=(_("In sum"), _("Companies that earn"), _("Median company")),
        values=values,
        words=tuple(tuple(_rate(value) for value in row) for row in values),
    )


def _rate(value: float | None) -> str:
    return _("n.m.") if value is None else i18n.percent(value, 0, signed=True)


def _revision_bars(found: Findings, source: str) -> Bars:
    sides = (found.small, found.large, found.seven)
    values = tuple(
        tuple(known(getattr(side.revisions, form)) for side in sides)
        for form in ("counts", "companies", "cap_weighted")
    )
    return Bars(
        title=_("Revision breadth: small {small}, large {large}").format(
            small=words.balance(found.small.revisions.counts), large=words.balance(found.large.revisions.counts)
        ),
        subtitle=_("Upward minus downward in 30 days, from −1 (all down) to +1 (all up)"),
        as_of=found.day,
        source=source,
        heading="",
        sides=(_("Small"), _("Large"), _("Mega-cap seven")),
        groups=(_("By revisions"), _("By companies"), _("By market cap")),
        values=values,
        words=tuple(tuple(_balance(value) for value in row) for row in values),
    )


def _balance(value: float | None) -> str:
    return i18n.DASH if value is None else i18n.number(value, 2, signed=True)


def _company(request: EarningsRequest, one: Company, dataset: Dataset) -> Report:
    sources = (one.source,)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Expected earnings of {name}").format(name=one.name),
        headline=words.company_headline(one),
        as_of=dataset.as_of,
        stats=tuple(company_stats(one, dataset.as_of)),
        tables=(_estimates(one),),
        charts=_company_chart(one),
        notes=words.company_notes(one),
        sources=sources,
        version=dataset.version,
    )


def _estimates(one: Company) -> Table:
    unit: Unit = "usd" if one.in_dollars else "ratio"
    columns = (
        Column("when", _("When")),
        Column("eps_fy1", _("This fiscal year"), unit),
        Column("eps_fy2", _("Next fiscal year"), unit),
    )
    rows = (
        (_("Now"), known(one.fy1), known(one.fy2)),
        (_("30 days ago"), known(one.fy1_30d), None),
        (_("90 days ago"), known(one.fy1_90d), known(one.fy2_90d)),
    )
    return Table("estimates", _("Consensus earnings a share"), columns, rows)


def _company_chart(one: Company) -> tuple[Chart, ...]:
    if known(one.fy1) is None and known(one.fy2) is None:
        return ()
    values = (
        (known(one.fy1_90d), known(one.fy2_90d)),
        (known(one.fy1_30d), None),
        (known(one.fy1), known(one.fy2)),
    )
    drawn = Bars(
        title=_("{symbol}: expected earnings a share").format(symbol=one.symbol),
        subtitle=_("Consensus in dollars, now and before")
        if one.in_dollars
        else _("Consensus in the currency of its accounts, now and before"),
        as_of=one.day,
        source=one.source,
        heading="",
        sides=(_("This fiscal year"), _("Next fiscal year")),
        groups=(_("90 days ago"), _("30 days ago"), _("Now")),
        values=values,
        words=tuple(tuple(i18n.DASH if v is None else words.amount(one, v) for v in row) for row in values),
    )
    return (Chart("estimates", words.company_words(one), drawn),)
