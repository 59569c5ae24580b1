"""The figures of the card on rates, with today's arithmetic."""

from typing import cast

from bot import i18n
from bot.features.freshness import stale
from bot.features.rates import words
from bot.features.rates.findings import Findings, Rate
from bot.features.rates.request import RatesRequest
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Stat, Unit, distinct
from bot.windows import Window


def stats(found: Findings, request: RatesRequest, dataset: Dataset) -> tuple[Stat, ...]:
    """Return all figures, those of the card marked."""
    return (
        *_fed(found, dataset),
        *_yields(found, request, dataset),
        *_expected(found, dataset),
        *_sensitivities(found, dataset),
        *_leverage(found, dataset),
    )


def _fed(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    source, day = dataset.source("fed_changes"), dataset.as_of
    lower, upper = (found.target[0], found.target[1]) if found.target else (None, None)
    both = None
    if found.target:
        ends = [i18n.percent(value, 2) for value in found.target[:2]]
        both = _("{lower} to {upper}").format(lower=ends[0], upper=ends[1]) if lower != upper else ends[0]
    return (
        Stat(id="target.upper", label=_("Fed target"), value=upper, unit="fraction", as_of=day, source=source,
             figure=True, shown=both, metric="rates.target"),
        Stat(id="target.lower", label=_("Lower end of the target"), value=lower, unit="fraction", as_of=day,
             source=source, digits=2, metric="rates.target"),
        Stat(id="fomc.next", label=_("Next Fed decision"), value=found.next_meeting, unit="date", as_of=day,
             source=dataset.source("fomc"), figure=True, metric="rates.target"),
        _rate("fed_funds.effective", _("Effective Fed funds rate"), found.rates.get("fed_funds"), dataset),
    )  # fmt: skip


def _rate(
    stat_id: str, label: str, rate: Rate | None, dataset: Dataset, *, figure: bool = False, shown: str | None = None
) -> Stat:
    return Stat(
        id=stat_id,
        label=label,
        value=rate.value if rate else None,
        unit="fraction",
        as_of=rate.day if rate else None,
        source=dataset.source(rate.series if rate else "macro"),
        stale=rate.stale if rate else False,
        figure=figure,
        digits=2,
        shown=shown,
        metric="rates.yields",
    )


def _yields(found: Findings, request: RatesRequest, dataset: Dataset) -> tuple[Stat, ...]:
    two, ten, bill = (found.rates.get(name) for name in ("2y", "10y", "bill"))
    shown = None
    if two is not None and two.change_bp is not None:
        shown = _("{rate}, {change} {window}").format(
            rate=i18n.percent(two.value, 2),
            change=i18n.basis_points(two.change_bp),
            window=Window(request.window).words(),
        )
    slope = (ten.value - two.value) * 1e4 if two and ten else None
    return (
        _rate("yield_2y", _("2-year yield"), two, dataset, figure=True, shown=shown),
        Stat(id="yield_2y.change_bp", label=_("2-year yield, change"), value=two.change_bp if two else None,
             unit="basis_points", as_of=two.day if two else None, source=dataset.source("DGS2"), metric="rates.yields"),
        _rate("yield_10y", _("10-year yield"), ten, dataset),
        _rate("bill_3m", _("3-month bill"), bill, dataset),
        Stat(id="slope_10y2y_bp", label=_("10-year minus 2-year"), value=slope, unit="basis_points",
             as_of=ten.day if ten else None, source=dataset.source("DGS10"), figure=True, metric="rates.yields"),
    )  # fmt: skip


def _expected(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    expected, working = found.expected, None
    if expected is not None:
        working = _("100 − {settlement} (contract {contract}) − {effective}").format(
            settlement=i18n.number(expected.settlement, 3),
            contract=expected.contract,
            effective=i18n.number(found.rates["fed_funds"].value * 100, 2),
        )
    futures = Stat(
        id="expected_change_12m_bp",
        label=_("Futures expect in 12 months"),
        value=expected.change_bp if expected else None,
        unit="basis_points",
        as_of=expected.day if expected else None,
        source=dataset.source("futures"),
        figure=expected is not None,
        metric="rates.expected_change_12m",
        working=working,
    )
    return (futures,) if expected is not None else (futures, _bills(found, dataset))


def _bills(found: Findings, dataset: Dataset) -> Stat:
    change = words.bills_expect(found)
    return Stat(
        id="expected_change_3m_bp",
        label=_("3-month bill above the Fed's rate"),
        value=change,
        unit="basis_points",
        as_of=found.rates["bill"].day if change is not None else None,
        source=dataset.source("DGS3MO"),
        figure=True,
        metric="rates.expected_change_3m",
    )


def _sensitivities(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    labels = {"2y": _("Sensitivity to the 2-year yield"), "10y": _("Sensitivity to the 10-year yield")}
    source = ", ".join(distinct((dataset.source(found.pair.small), dataset.source("DGS2"))))
    figures: list[Stat] = []
    for name, label in labels.items():
        one = found.sensitivities.get(name)
        fit = one.fit if one is not None else None
        rows = (
            ("beta", label, fit.slope if fit else None, "fraction"),
            ("t", _("{name}: t value").format(name=label), fit.t if fit else None, "ratio"),
            ("r2", _("{name}: share explained").format(name=label), fit.r2 if fit else None, "fraction"),
            ("n", _("{name}: weeks").format(name=label), fit.n if fit else None, "count"),
        )
        for key, words_, value, unit in rows:
            slope = key == "beta"
            figures.append(
                Stat(id=f"sensitivity.{name}.{key}", label=words_, value=value, unit=cast("Unit", unit),
                     as_of=dataset.as_of, source=source, figure=slope and name == "2y", signed=slope,
                     shown=words.sensitivity_shown(fit) if slope and fit else None, metric="rates.sensitivity")
            )  # fmt: skip
    return tuple(figures)


def _leverage(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    debts = found.leverage
    rows = (
        ("small", _("Net debt / EBITDA, median of the Russell 2000"), debts.small if debts else None),
        ("large", _("Net debt / EBITDA, median of the Russell 1000"), debts.large if debts else None),
    )
    return tuple(
        Stat(id=f"net_debt_to_ebitda.{side}", label=label, value=value, unit="ratio",
             as_of=debts.day if debts else None, source=dataset.source("fundamentals"),
             stale=bool(debts and stale("fundamentals", debts.day, dataset.as_of)), digits=1, metric="rates.net_debt")
        for side, label, value in rows
    )  # fmt: skip
