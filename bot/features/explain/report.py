"""A definition as a report, with the figures that carry it on the card of the day."""

from dataclasses import replace

from bot import features
from bot.errors import UserError
from bot.features.explain.request import ExplainRequest
from bot.features.explain.search import search
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.metrics import Metric
from bot.report import MAX_FIGURES, Column, Report, Stat, Table

CARDS = {
    "breadth": ("breadth",),
    "calendar": ("when",),
    "earnings": ("earnings",),
    "events": ("history",),
    "funds": ("funds",),
    "portfolio": (),  # private: nobody asks for today's figures of it
    "quote": ("quote",),
    "rates": ("rates",),
    "records": ("highs",),
    "returns": ("rotation", "years", "highs", "funds"),
    "risks": ("risks",),
    "rotation": ("rotation", "rrg", "style"),
    "short_interest": ("shortinterest", "squeeze"),
    "squeeze": ("squeeze",),
    "valuation": ("valuation",),
}
"""The cards on which to look for figures of an area, in order."""


def build(request: ExplainRequest, dataset: Dataset) -> Report:
    """Return the definition. Raises BadInput where nothing fits the words."""
    found = search(request.metric)
    card, figures = _figures(found, dataset)
    shown = tuple(replace(stat, figure=place < MAX_FIGURES) for place, stat in enumerate(figures))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=found.name,
        headline=_("{name}: {formula}.").format(name=found.name, formula=found.formula.rstrip(".")),
        as_of=dataset.as_of,
        stats=shown,
        tables=(_arithmetic(figures),) if any(stat.working for stat in figures) else (),
        notes=_notes(found, card),
        sources=found.sources,
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: a definition is no series."""
    return ()


def _figures(metric: Metric, dataset: Dataset) -> tuple[str | None, tuple[Stat, ...]]:
    """Return the first card that shows the metric on its day, with the figures that do; nothing where none does."""
    for name in CARDS.get(metric.area, ()):
        try:
            report: Report = features.report_module(name).build(features.request_type(name)(), dataset)
        except UserError:  # that card cannot be made for this day: the definition stands without figures
            continue
        figures = tuple(stat for stat in report.stats if stat.metric == metric.id)
        if figures:
            return name, figures
    return None, ()


def _arithmetic(figures: tuple[Stat, ...]) -> Table:
    columns = (Column("figure", _("Figure")), Column("arithmetic", _("Arithmetic")))
    rows = tuple((stat.label, stat.working) for stat in figures if stat.working)
    return Table("arithmetic", _("Today's arithmetic"), columns, rows, place="card")


def _notes(metric: Metric, card: str | None) -> tuple[str, ...]:
    notes = [_("What goes in: {inputs}.").format(inputs="; ".join(metric.inputs).rstrip("."))]
    notes += metric.caveats
    if card is not None:
        notes.append(_("The figures are those of /{card} on its usual settings.").format(card=card))
    else:
        notes.append(_("No card shows a figure of this definition on its usual settings that day."))
    return tuple(notes)
