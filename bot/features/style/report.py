"""The report on style, and its indicators."""

import functools

import pandas as pd

from bot.analytics.returns import rolling_return
from bot.analytics.rotation import regimes, relative_strength
from bot.features.rotation.findings import Findings, find
from bot.features.rotation.picture import picture
from bot.features.rotation.request import RotationRequest
from bot.features.sides import Sides, both
from bot.features.style import words
from bot.features.style.request import StyleRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct
from bot.windows import Window

GROWTH, VALUE = "IWO", "IWN"
PAIR = Sides(GROWTH, VALUE)
_MONTHS_WATCHED = 6


def build(request: StyleRequest, dataset: Dataset) -> Report:
    """Return growth against value on the dataset's day. Raises what the rotation of the two funds raises."""
    found = find(RotationRequest(window=request.window, small=GROWTH, large=VALUE), dataset)
    sources = distinct(dataset.source(symbol) for symbol in (GROWTH, VALUE))
    stale = found.asked.end < dataset.as_of
    data = picture(found, "total", dataset.as_of, ", ".join(sources))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Growth against value among small caps"),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=_stats(found, ", ".join(sources), stale=stale),
        tables=(_windows(found),),
        charts=(Chart("style", words.alternative(found), data),),
        notes=words.notes(found, stale=stale),
        sources=sources,
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return the spread over half a year and the regime."""
    return (
        Indicator("style.spread.6m", _("Small-cap growth minus value over 6 months"), "percentage_points", "session",
                  "Yahoo Finance", _spread),
        Indicator("style.regime", _("Regime of small-cap growth and value"), "count", "session", "Yahoo Finance",
                  _regime, (_("value"), _("mixed"), _("growth"))),
    )  # fmt: skip


def _spread(dataset: Dataset) -> "pd.Series[float]":
    growth, value = both(PAIR, "total", dataset)
    return (rolling_return(growth, _MONTHS_WATCHED) - rolling_return(value, _MONTHS_WATCHED)).dropna()


def _regime(dataset: Dataset) -> "pd.Series[float]":
    """Return 0 value, 1 mixed, 2 growth: places in the tuple of states."""
    return regimes(relative_strength(*both(PAIR, "total", dataset)))["code"] + 1


def _stats(found: Findings, source: str, *, stale: bool) -> tuple[Stat, ...]:
    span = found.asked
    stat = functools.partial(Stat, as_of=span.end, source=source, stale=stale)
    window = Window(span.window).words()
    spread = functools.partial(stat, unit="percentage_points", metric="returns.spread")
    longer = {one.window: one for one in found.horizons}
    regime = found.regime
    return (
        stat(id="return.growth", label=_("Growth ({fund}), {window}").format(fund=found.pair.small, window=window),
             value=span.small, unit="fraction", figure=True, signed=True, metric="returns.window"),
        stat(id="return.value", label=_("Value ({fund}), {window}").format(fund=found.pair.large, window=window),
             value=span.large, unit="fraction", figure=True, signed=True, metric="returns.window"),
        spread(id="spread", label=_("Growth minus value, {window}").format(window=window), value=span.spread,
               figure=True),
        *(spread(id=f"spread.{text}", label=_("Growth minus value, {window}").format(window=Window(text).words()),
                 value=longer[text].spread if text in longer else None, figure=text not in {"5y", span.window})
          for text in ("1y", "3y", "5y")),
        stat(id="regime", label=_("Regime"), value=words.SIDES[regime.state] if regime else None, unit="text",
             figure=True, shown=words.regime_shown(found), metric="rotation.regime"),
        stat(id="regime.since", label=_("Regime began"), value=regime.since if regime else None, unit="date",
             metric="rotation.regime"),
        stat(id="regime.confirmed", label=_("Regime confirmed"), value=regime.confirmed if regime else None,
             unit="date", metric="rotation.regime"),
    )  # fmt: skip


def _windows(found: Findings) -> Table:
    columns = (
        Column("window", _("Window")),
        Column("start", _("From"), "date"),
        Column("growth", found.pair.small, "fraction", signed=True),
        Column("value", found.pair.large, "fraction", signed=True),
        Column("spread", _("Spread"), "percentage_points", signed=True),
    )
    rows = tuple((Window(s.window).words(), s.start, s.small, s.large, s.spread) for s in found.offered)
    return Table("windows", _("All windows"), columns, rows)
