"""Every indicator that can be watched: those the features offer, and the families. Worker side.

A series is computed once for each indicator, dataset version and day; what cannot be computed has no series.
"""

import difflib
import functools
from collections.abc import Iterable
from datetime import date

import pandas as pd

from bot import features, i18n
from bot.alerts import families, search
from bot.alerts.evaluate import Current, is_fresh
from bot.alerts.rule import Watched
from bot.errors import BadInput, BotError
from bot.i18n import gettext as _
from bot.i18n import one_of
from bot.indicator import Indicator
from bot.market.dataset import Dataset

_KEPT_DAYS = 2  # dataset versions and days whose series a worker keeps


def offered(dataset: Dataset) -> dict[str, Indicator]:
    """Return all indicators that can be listed, by id, in the active language."""
    listed = [*_from_features(i18n.active()), *families.enumerated(dataset)]
    return {one.id: one for one in listed}


@functools.lru_cache(maxsize=8)
def _from_features(_language: str) -> tuple[Indicator, ...]:
    return tuple(one for name in features.names() for one in features.report_module(name).indicators())


def find(indicator_id: str, dataset: Dataset) -> Indicator:
    """Return the indicator of an id, listed or made from its family. Raises BadInput with the nearest ids."""
    fixed = next((one for one in _from_features(i18n.active()) if one.id == indicator_id), None)
    found = fixed or families.resolved(indicator_id, dataset)
    if found is None:
        raise unknown(indicator_id, offered(dataset).values())
    return found


def unknown(indicator_id: str, known: Iterable[Indicator]) -> BadInput:
    """Return what to say for an id that names no indicator: those its words find, else the ids most like it."""
    listed = list(known)
    near = [one.id for one in search.found(indicator_id, listed, 3)] if indicator_id else []
    near = near or difflib.get_close_matches(indicator_id, [one.id for one in listed], n=3)
    words = _("There is no indicator called “{id}”.").format(id=i18n.plain(indicator_id, 40))
    if not near:
        return BadInput(words + " " + _("/indicators lists them."))
    return BadInput(words + " " + _("Did you mean {names}?").format(names=one_of(near)))


@functools.lru_cache(maxsize=_KEPT_DAYS)
def _kept(_version: str, _day: date) -> "dict[str, pd.Series[float] | None]":
    return {}


def series(indicator: Indicator, dataset: Dataset) -> "pd.Series[float] | None":
    """Return an indicator's values by day (ascending, unique, no NaN), None where it cannot be computed."""
    kept = _kept(dataset.version, dataset.as_of)
    if indicator.id not in kept:
        kept[indicator.id] = _computed(indicator, dataset)
    return kept[indicator.id]


def _computed(indicator: Indicator, dataset: Dataset) -> "pd.Series[float] | None":
    try:
        values = indicator.series(dataset)
    except BotError:
        return None
    values = values.dropna()
    if not values.index.is_monotonic_increasing:
        values = values.sort_index()
    if not values.index.is_unique:
        values = values[~values.index.duplicated(keep="last")]
    return None if values.empty else values


def current(indicator_ids: Iterable[str], dataset: Dataset) -> dict[str, Current]:
    """Return the series of these indicators with whether each is fresh; those that have none are left out."""
    found = {}
    for indicator_id in indicator_ids:
        try:
            indicator = find(indicator_id, dataset)
        except BotError:
            continue
        values = series(indicator, dataset)
        if values is not None:
            found[indicator_id] = Current(values, is_fresh(values, indicator.cadence, dataset.as_of))
    return found


def watched(indicator: Indicator, dataset: Dataset) -> Watched:
    """Return what the gateway may know of an indicator."""
    values = series(indicator, dataset)
    days = None if values is None else pd.DatetimeIndex(values.index)
    return Watched(
        id=indicator.id,
        title=indicator.title,
        unit=indicator.unit,
        cadence=indicator.cadence,
        source=indicator.source,
        first=None if days is None else days[0].date(),
        last=None if days is None else days[-1].date(),
        now=None if values is None else float(values.iloc[-1]),
        states=indicator.states,
        group=group_of(indicator.id),
        signed=indicator.signed,
    )


def listing(dataset: Dataset) -> tuple[Watched, ...]:
    """Return everything that can be listed, by group and id; members of families only where they have values."""
    fixed = {one.id for one in _from_features(i18n.active())}
    found = [watched(one, dataset) for one in offered(dataset).values()]
    return tuple(sorted((one for one in found if one.first or one.id in fixed), key=lambda one: (one.group, one.id)))


def group_of(indicator_id: str) -> str:
    """Return the name of the group an indicator is listed under."""
    head, _dot, rest = indicator_id.partition(".")
    if head == "price":
        head = rest.partition(".")[0]
    return {
        "close": _("Closes"),
        "from_record": _("Distance from records"),
        "vs_200d": _("Trend"),
        "return": _("Returns"),
        "spread": _("Spreads"),
        "strength": _("Relative strength"),
        "macro": _("Economy and rates"),
        "rates": _("Economy and rates"),
        "short": _("Short interest"),
        "shortinterest": _("Short interest"),
        "squeeze": _("Short interest"),
        "rotation": _("Rotation"),
        "highs": _("Distance from records"),
        "breadth": _("Breadth"),
        "style": _("Rotation"),
        "valuation": _("Valuation and earnings"),
        "earnings": _("Valuation and earnings"),
        "risks": _("Risk gauges"),
        "thesis": _("Thesis"),
    }.get(head, _("Other"))
