"""The report on one indicator: value, percentile, extremes, the last changes."""

import functools
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from bot import i18n
from bot.alerts import catalogue
from bot.alerts.evaluate import is_fresh
from bot.alerts.rule import Watched
from bot.alerts.sentence import digits_of, observations, reading, value_cell, value_column
from bot.errors import MissingData, NotEnoughHistory
from bot.features.indicator.picture import Picture
from bot.features.indicator.request import IndicatorRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table
from bot.windows import Window

LISTED = 60
FEW = 60  # observations, under which a percentile says too little
_MONTH = {"session": 21, "week": 4, "settlement": 2, "month": 1, "snapshot": 1}


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator with all its values by day, and where the newest one stands among them (a fraction)."""

    watched: Watched
    series: "pd.Series[float]"
    as_of: date
    stale: bool

    @property
    def value(self) -> float:
        """The newest value."""
        return float(self.series.iloc[-1])

    @property
    def day(self) -> date:
        """The day of the newest value."""
        return pd.Timestamp(self.series.index[-1]).date()

    @property
    def percentile(self) -> float | None:
        """Share of all observations at or below the newest; None for states and under 60 observations."""
        if self.watched.states or len(self.series) < FEW:
            return None
        return float((self.series <= self.value).mean())

    @property
    def change(self) -> float | None:
        """The newest value less that of about a month before; None where there are not so many."""
        count = _MONTH[self.watched.cadence]
        return self.value - float(self.series.iloc[-1 - count]) if len(self.series) > count else None


def find(indicator_id: str, dataset: Dataset) -> Found:
    """Return an indicator with its series. BadInput for an unknown one, MissingData where nothing is known yet."""
    indicator = catalogue.find(indicator_id, dataset)
    series = catalogue.series(indicator, dataset)
    if series is None:
        raise MissingData(indicator.title, dataset.as_of)
    watched = catalogue.watched(indicator, dataset)
    return Found(watched, series, dataset.as_of, not is_fresh(series, indicator.cadence, dataset.as_of))


def build(request: IndicatorRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day."""
    found = find(request.indicator, dataset)
    shown = _shown(found, request.window)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=found.watched.title,
        headline=_headline(found),
        as_of=dataset.as_of,
        stats=_stats(found),
        tables=(_table(found),),
        charts=(_chart(found, shown),),
        notes=_notes(found),
        sources=(found.watched.source,),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: this card shows those of the others."""
    return ()


def _shown(found: Found, window: str) -> "pd.Series[float]":
    """Return what the picture shows. NotEnoughHistory where the window begins before the series."""
    start = Window(window).start(found.as_of)
    first = pd.Timestamp(found.series.index[0]).date()
    if start is None:
        return found.series
    shown = found.series[found.series.index >= pd.Timestamp(start)]
    if shown.empty:
        raise NotEnoughHistory(found.watched.id, first, start)
    return shown


def _headline(found: Found) -> str:
    names = {
        "title": found.watched.title,
        "value": reading(found.value, found.watched),
        "day": i18n.day(found.day),
        "first": i18n.day(pd.Timestamp(found.series.index[0]).date()),
    }
    if found.watched.states:
        return _("{title}: {value} since {since}.").format(since=i18n.day(_since(found)), **names)
    if found.percentile is None:
        return _("{title}: {value} on {day}; {count} since {first}, too few for a percentile.").format(
            count=observations(len(found.series), found.watched.cadence), **names
        )
    return _("{title}: {value} on {day}; at or above {share} of its values since {first}.").format(
        share=i18n.percent(found.percentile, 0), **names
    )


def _since(found: Found) -> date:
    """Return the day the present state began."""
    changed = found.series.index[found.series != found.series.shift(1)]
    return pd.Timestamp(changed[-1]).date()


def _stats(found: Found) -> tuple[Stat, ...]:
    stat = functools.partial(Stat, as_of=found.day, source=found.watched.source, stale=found.stale)
    unit = found.watched.unit
    if found.watched.states:
        name = reading(found.value, found.watched)
        return (
            stat(id="value", label=_("Now"), value=name, unit="text", figure=True),
            stat(id="since", label=_("Since"), value=_since(found), unit="date", figure=True),
            *_shares(found, stat),
        )
    series, span = found.series, observations(_MONTH[found.watched.cadence], found.watched.cadence)
    return (
        stat(id="value", label=_("Now"), value=found.value, unit=unit, figure=True,
             shown=reading(found.value, found.watched)),
        stat(id="percentile", label=_("Share of history at or below"), value=found.percentile, unit="fraction",
             figure=True, digits=0, metric="alerts.percentile"),
        stat(id="change", label=_("Change over {span}").format(span=span), value=found.change,
             unit="percentage_points" if unit == "fraction" else unit, figure=True, signed=True,
             digits=digits_of(found.watched)),
        _extreme(found, stat, "low", _("Lowest"), int(np.argmin(series))),
        _extreme(found, stat, "high", _("Highest"), int(np.argmax(series))),
        stat(id="observations", label=_("Observations"), value=len(series), unit="count", figure=True),
    )  # fmt: skip


def _extreme(found: Found, stat: "functools.partial[Stat]", name: str, label: str, place: int) -> Stat:
    value, day = float(found.series.iloc[place]), pd.Timestamp(found.series.index[place]).date()
    shown = _("{value} on {day}").format(value=reading(value, found.watched), day=i18n.day(day))
    return stat(id=name, label=label, value=value, unit=found.watched.unit, figure=True, shown=shown)


def _shares(found: Found, stat: "functools.partial[Stat]") -> list[Stat]:
    return [
        stat(
            id=f"share.{place}",
            label=_("Share of days: {state}").format(state=name),
            value=float((found.series == place).mean()),
            unit="fraction",
            figure=place < 4,
        )
        for place, name in enumerate(found.watched.states)
    ]


def _table(found: Found) -> Table:
    """Return the newest values, newest first; for states the newest changes."""
    watched, series = found.watched, found.series
    if watched.states:
        series = series[series != series.shift(1)]
    newest = series.iloc[::-1].head(LISTED)
    columns = (Column("date", _("Day"), "date"), value_column("value", watched.title, watched))
    rows = tuple(
        (stamp.date(), value_cell(float(value), watched))
        for stamp, value in zip(pd.DatetimeIndex(newest.index), newest, strict=True)
    )
    return Table("values", _("The newest changes") if watched.states else _("The newest values"), columns, rows)


def _chart(found: Found, shown: "pd.Series[float]") -> Chart:
    index = pd.DatetimeIndex(shown.index)
    first, last = index[0].date(), index[-1].date()
    now = reading(found.value, found.watched)
    alt = _("{title} from {first} to {last}, now {now}.").format(
        title=found.watched.title, first=i18n.day(first), last=i18n.day(last), now=now
    )
    subtitle = _("{first} to {last}, {count}").format(
        first=i18n.day(first), last=i18n.day(last), count=observations(len(shown), found.watched.cadence)
    )
    if found.percentile is not None:
        share = i18n.percent(found.percentile, 0)
        subtitle = _("{span}; now at or above {share} of its history").format(span=subtitle, share=share)
    data = Picture(
        title=found.watched.title,
        subtitle=subtitle,
        as_of=found.as_of,
        source=found.watched.source,
        dates=index.to_numpy().astype("datetime64[D]"),
        values=np.asarray(shown, dtype=np.float64),
        unit=found.watched.unit,
        states=found.watched.states,
        now=now,
        fires=np.empty(0, dtype=np.int64),
    )
    return Chart("indicator", alt, data)


def _notes(found: Found) -> tuple[str, ...]:
    notes = [_("Values stand on the day they became known.")]
    if not found.watched.states and found.change is None:
        span = observations(_MONTH[found.watched.cadence], found.watched.cadence)
        notes.append(_("Too few values for a change over {span}.").format(span=span))
    if found.stale:
        notes.append(_("Nothing new since {day}: alerts on it wait.").format(day=i18n.day(found.day)))
    return tuple(notes)
