"""The report of an alert: a backtest of its rule, or what has happened when it fired."""

import functools
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from bot import i18n
from bot.alerts.backtest import Backtest, backtest, spreads_ahead
from bot.alerts.evaluate import still_holds
from bot.alerts.rule import Rule, Watched
from bot.alerts.sentence import condition_words, happened, reading, value_cell
from bot.analytics.returns import DAYS_A_YEAR
from bot.errors import BotError, MissingData
from bot.features.alert import words
from bot.features.alert.guides import guide_words, guides
from bot.features.alert.request import AlertRequest
from bot.features.alert.tables import fires_table, followed_table
from bot.features.indicator.picture import Picture
from bot.features.indicator.report import Found, find
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Report, Stat, distinct

_SHOWN_YEARS = 5
_SHOWN_FIRES = 5
_HORIZONS_ON_CARD = (63, 252)


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule with its indicator, its backtest, and the forward spreads it was measured with."""

    rule: Rule
    found: Found
    done: Backtest
    forwards: "dict[int, pd.Series[float]]"

    @property
    def watched(self) -> Watched:
        """The indicator in words."""
        return self.found.watched


def build(request: AlertRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. BadInput for an unknown indicator, MissingData without values."""
    rule, found = request.rule(), find(request.indicator, dataset)
    forwards = _forwards(dataset)
    tried = Tried(rule, found, backtest(rule, found.series, forwards), forwards)
    if request.fired_on is not None:
        _check_fired(request.fired_on, tried)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Alert: {title}").format(title=found.watched.title),
        headline=_headline(tried, request.fired_on),
        as_of=dataset.as_of,
        stats=_stats(tried, request.fired_on),
        tables=(fires_table(tried.done, tried.watched, forwards), followed_table(tried.done)),
        charts=(_chart(tried),),
        notes=_notes(tried, request),
        sources=distinct((*found.watched.source.split(", "), "Yahoo Finance")),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: alerts watch those of the others."""
    return ()


def _forwards(dataset: Dataset) -> "dict[int, pd.Series[float]]":
    try:
        return spreads_ahead(dataset)
    except BotError:
        return {}


def _check_fired(fired: date, tried: Tried) -> None:
    if pd.Timestamp(fired) not in tried.found.series.index:
        raise MissingData(tried.watched.title, fired)


def _headline(tried: Tried, fired: date | None) -> str:
    if fired is None:
        return words.headline(tried.rule, tried.watched, tried.done)
    series = tried.found.series
    place = int(pd.DatetimeIndex(series.index).get_indexer(pd.DatetimeIndex([fired]))[0])
    before = float(series.iloc[place - 1]) if place else None
    if not still_holds(tried.rule, series, fired):
        return words.taken_back(tried.rule, tried.watched, float(series.iloc[place]), fired)
    said = happened(tried.rule, tried.watched, float(series.iloc[place]), fired, before)
    return _("{happened} {record}").format(happened=said, record=words.track_record(tried.done, fired))


def _stats(tried: Tried, fired: date | None) -> tuple[Stat, ...]:
    done, found = tried.done, tried.found
    stat = functools.partial(Stat, as_of=found.day, source=tried.watched.source, stale=found.stale)
    last = done.fires[-1][0] if done.fires else None
    return (
        *_then(tried, fired, stat),
        stat(id="fires", label=_("Times since {first}").format(first=i18n.day(done.first)), value=len(done.fires),
             unit="count", figure=True, metric="alerts.backtest"),
        stat(id="fires.per_year", label=_("Times a year"), value=None if done.short else done.per_year,
             unit="ratio", digits=1, figure=fired is None, metric="alerts.backtest",
             working=None if done.short else _per_year(done)),
        stat(id="fires.last", label=_("Last time"), value=last, unit="date", figure=fired is None),
        stat(id="fires.held_back", label=_("Days held back by cooldown or budget"), value=done.held_back,
             unit="count"),
        stat(id="value", label=_("Now"), value=value_cell(found.value, tried.watched),
             unit="text" if tried.watched.states else tried.watched.unit,
             figure=fired is None, shown=reading(found.value, tried.watched)),
        *_followed(done, stat),
    )  # fmt: skip


def _then(tried: Tried, fired: date | None, stat: "functools.partial[Stat]") -> list[Stat]:
    """Return what the indicator was when the alert fired."""
    if fired is None:
        return []
    value = float(tried.found.series.loc[pd.Timestamp(fired)])
    watched = tried.watched
    limit = words.held_against(tried.rule, watched, tried.found.series.loc[: pd.Timestamp(fired)])
    return [
        Stat(id="fired.value", label=watched.title, value=value_cell(value, watched),
             unit="text" if watched.states else watched.unit, as_of=fired, source=watched.source, figure=True,
             shown=reading(value, watched)),
        *([stat(id="fired.threshold", label=limit[0], value=limit[1], unit="text", figure=True)] if limit else []),
        stat(id="fired.date", label=_("Day"), value=fired, unit="date", figure=limit is None),
    ]  # fmt: skip


def _per_year(done: Backtest) -> str:
    days = i18n.number((done.last - done.first).days)
    return _("{fires} fires over {days} days / {year}").format(
        fires=i18n.number(len(done.fires)), days=days, year=i18n.number(DAYS_A_YEAR, 2)
    )


def _followed(done: Backtest, stat: "functools.partial[Stat]") -> list[Stat]:
    found = []
    for one in done.followed:
        label = _("IWM minus SPY {horizon} sessions later, median").format(horizon=one.horizon)
        base = _("The same after any session")
        found += [
            stat(id=f"after.{one.horizon}.median", label=label, value=one.median if words.enough(one) else None,
                 unit="percentage_points", source="Yahoo Finance", figure=one.horizon in _HORIZONS_ON_CARD,
                 shown=words.followed_shown(one),
                 metric="alerts.followed"),
            stat(id=f"after.{one.horizon}.base", label=base, value=one.base_median, unit="percentage_points",
                 source="Yahoo Finance", metric="alerts.followed"),
            stat(id=f"after.{one.horizon}.events", label=_("Events"), value=one.events, unit="count",
                 source="Yahoo Finance"),
        ]  # fmt: skip
    return found


def _notes(tried: Tried, request: AlertRequest) -> tuple[str, ...]:
    rule, done, watched = tried.rule, tried.done, tried.watched
    said = [i18n.plain(request.note, 200)] if request.note else []
    fired = request.fired_on is not None
    lines = [None if fired else words.true_now(rule, done), words.short_history(done, watched)]
    if not fired:
        lines.append(words.last_five(done, watched))
        lines.append(words.busy(done.busy, rule, watched) if done.busy is not None else None)
    elif not done.fires:  # taken back by corrected data: the headline speaks of that
        lines.append(words.record(done, watched))
    said += [line for line in lines if line]
    if tried.found.stale:
        said.append(_("Nothing new since {day}: an alert waits.").format(day=i18n.day(tried.found.day)))
    return (*said, *words.caveats(done), *words.not_followed(done, tried.forwards))


def _chart(tried: Tried) -> Chart:
    series, done, watched = tried.found.series, tried.done, tried.watched
    index = pd.DatetimeIndex(series.index)
    begin = _begin(index, done)
    shown = index[begin:]
    days = pd.DatetimeIndex([day for day, _value in done.fires])
    fires = np.flatnonzero(shown.isin(days))
    condition = condition_words(tried.rule, watched)
    data = Picture(
        title=watched.title,
        subtitle=condition,
        as_of=tried.found.as_of,
        source=watched.source,
        dates=shown.to_numpy().astype("datetime64[D]"),
        values=np.asarray(series.iloc[begin:], dtype=np.float64),
        unit=watched.unit,
        states=watched.states,
        now=reading(tried.found.value, watched),
        guides=tuple(line[begin:] for line in guides(tried.rule, series)),
        guide_words=guide_words(tried.rule),
        fires=fires,
        fire_words=_("fired") if len(fires) else "",
    )
    pattern = ngettext(
        "{title} since {first}, now {now}; {condition}: {n} time in the picture, {all} in all.",
        "{title} since {first}, now {now}; {condition}: {n} times in the picture, {all} in all.",
        len(fires),
    )
    alt = pattern.format(
        title=watched.title, first=i18n.day(shown[0].date()), now=data.now, condition=condition,
        n=i18n.number(len(fires)), all=i18n.number(len(done.fires)),
    )  # fmt: skip
    return Chart("alert", alt, data)


def _begin(index: pd.DatetimeIndex, done: Backtest) -> int:
    """Return where the picture begins: five years back, or at the fifth newest fire if that is earlier."""
    start = index[-1] - pd.DateOffset(years=_SHOWN_YEARS)
    if done.fires:
        fifth = pd.Timestamp(done.fires[-min(_SHOWN_FIRES, len(done.fires))][0])
        start = min(start, fifth - pd.DateOffset(months=1))
    return max(0, min(int(index.searchsorted(start)), len(index) - 1))
