"""The report on funds."""

from bot.features.freshness import stale
from bot.features.funds import words
from bot.features.funds.findings import YEARS, Findings, Fund, Risk, find
from bot.features.funds.picture import picture
from bot.features.funds.request import FundsRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import MAX_FIGURES, Chart, Column, Report, Stat, Table, Unit, Value, distinct
from bot.windows import Window


def build(request: FundsRequest, dataset: Dataset) -> Report:
    """Compare the funds on the dataset's day."""
    found = find(request, dataset)
    stats = (*_returns(found, request, dataset), *_costs(found, dataset), *_risks(found, dataset))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Funds side by side"),
        headline=words.headline(found, request),
        as_of=dataset.as_of,
        stats=stats,
        tables=(_table(found, dataset), *_overlap(found)),
        charts=(Chart("funds", words.alternative(found), picture(found, dataset)),),
        notes=words.notes(found),
        sources=distinct([*(stat.source for stat in stats), *(f.holdings.source for f in found.funds if f.holdings)]),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: returns and spreads are watched under the rotation."""
    return ()


def _returns(found: Findings, request: FundsRequest, dataset: Dataset) -> list[Stat]:
    window = Window(request.window).words()
    return [
        Stat(
            id=f"return.{fund.symbol}",
            label=_("{fund}, {window}").format(fund=fund.symbol, window=window),
            value=fund.risk.total if fund.risk else None,
            unit="fraction",
            as_of=found.end,
            source=dataset.source(fund.symbol),
            figure=place < MAX_FIGURES,
            signed=True,
            shown=words.shown(fund),
            metric="returns.window",
        )
        for place, fund in enumerate(found.funds)
    ]


def _risks(found: Findings, dataset: Dataset) -> list[Stat]:
    """Return the table's measures of risk as figures: what their definitions are explained with."""
    return [
        Stat(
            id=f"{measure}.{fund.symbol}",
            label=_("{fund}, {measure}").format(fund=fund.symbol, measure=label),
            value=value,
            unit=unit,
            as_of=found.end,
            source=dataset.source(fund.symbol),
            metric=f"returns.{measure.partition('.')[0]}",
        )
        for fund in found.measured
        if fund.risk is not None
        for measure, label, unit, value in _measures(fund.risk)
    ]


def _measures(risk: Risk) -> tuple[tuple[str, str, Unit, float | None], ...]:
    up, down = risk.capture
    return (
        ("volatility", _("Volatility"), "fraction", risk.volatility),
        ("sharpe", _("Sharpe"), "ratio", risk.sharpe),
        ("sortino", _("Sortino"), "ratio", risk.sortino),
        ("beta", _("Beta"), "ratio", risk.beta),
        ("capture.up", _("Up capture"), "ratio", up),
        ("capture.down", _("Down capture"), "ratio", down),
        ("tracking_error", _("Tracking error"), "fraction", risk.tracking_error),
    )


def _costs(found: Findings, dataset: Dataset) -> list[Stat]:
    return [
        Stat(
            id=f"cost.{fund.symbol}",
            label=_("{fund}, cost a year").format(fund=fund.symbol),
            value=words.fact(fund, "expense_ratio"),
            unit="fraction",
            as_of=fund.facts.date if fund.facts else None,
            source=dataset.source("fund_facts"),
            stale=bool(fund.facts and stale("facts", fund.facts.date, dataset.as_of)),
            digits=2,
            metric="funds.cost",
        )
        for fund in found.funds
    ]


def _columns() -> tuple[Column, ...]:
    return (
        Column("symbol", _("Fund")),
        Column("name", _("Name")),
        Column("expense_ratio", _("Cost a year"), "fraction", digits=2),
        Column("assets", _("Assets"), "usd"),
        Column("yield", _("Yield"), "fraction"),
        Column("holdings", _("Holdings"), "count"),
        Column("pe_all", _("P/E, all members"), "ratio", digits=1),
        Column("pe_profitable", _("P/E, profitable members"), "ratio", digits=1),
        *(Column(f"return_{n}y", _years(n), "fraction", signed=True) for n in YEARS),
        Column("return_window", _("Window"), "fraction", signed=True),
        Column("volatility", _("Volatility"), "fraction"),
        Column("sharpe", _("Sharpe"), "ratio"),
        Column("sortino", _("Sortino"), "ratio"),
        Column("max_drawdown", _("Deepest fall"), "fraction"),
        Column("max_drawdown_day", _("Low of it"), "date"),
        Column("beta", _("Beta"), "ratio"),
        Column("capture_up", _("Up capture"), "ratio"),
        Column("capture_down", _("Down capture"), "ratio"),
        Column("tracking_error", _("Tracking error"), "fraction"),
        Column("first", _("Data from"), "date"),
    )


def _years(years: int) -> str:
    words_ = Window(f"{years}y").words()
    return words_ if years == 1 else _("{window}, per year").format(window=words_)


def _table(found: Findings, dataset: Dataset) -> Table:
    rows = tuple(_row(fund, dataset) for fund in found.funds)
    return Table("funds", _("Cost, returns and risk"), _columns(), rows)


def _row(fund: Fund, dataset: Dataset) -> tuple[Value, ...]:
    risk = fund.risk
    measured: tuple[Value, ...] = (None,) * 10
    if risk is not None:
        measured = (risk.total, risk.volatility, risk.sharpe, risk.sortino, risk.deepest, risk.deepest_day,
                    risk.beta, *risk.capture, risk.tracking_error)  # fmt: skip
    facts = tuple(words.fact(fund, key) for key in ("expense_ratio", "assets", "yield"))
    held = len(fund.holdings.frame) if fund.holdings is not None else None
    years = tuple(fund.years[n] for n in YEARS)
    return (fund.symbol, dataset.name(fund.symbol), *facts, held, *fund.earnings, *years, *measured, fund.first)


def _overlap(found: Findings) -> tuple[Table, ...]:
    if not found.overlaps:
        return ()
    columns = (Column("one", _("Fund")), Column("other", _("And")), Column("overlap", _("Overlap"), "fraction"))
    rows = tuple((one, other, share) for (one, other), share in found.overlaps.items())
    return (Table("overlap", _("Weight that two funds have in common"), columns, rows),)
