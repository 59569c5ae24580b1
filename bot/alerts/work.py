"""What the gateway asks a worker about alerts: every function takes a dataset version's place and a day first.

Only plain data goes in and out.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from bot import i18n
from bot.alerts import catalogue, positions
from bot.alerts.backtest import backtest
from bot.alerts.columns import State
from bot.alerts.evaluate import begun, evaluate, still_holds
from bot.alerts.machine import columns
from bot.alerts.rule import Rule, Watched
from bot.alerts.sentence import happened
from bot.alerts.stored import Asked, Began, Outcome, Packed, Said
from bot.errors import BotError, MissingData
from bot.market.dataset import Dataset
from bot.worker import opened

_CALMING = ("confirmation", "cooldown_days")


def _at(data: str, day: date) -> Dataset:
    return opened(data).at(day)


def evaluated(data: str, day: date, rules: Packed) -> Outcome:
    """Move stored rules on and say what fired."""
    return evaluate(columns(rules), catalogue.current(rules.indicators, _at(data, day)))


def began(data: str, day: date, rule: str) -> Began:
    """Return how a new rule stands and how rare it is. BadInput for no indicator, MissingData without values."""
    dataset, read = _at(data, day), Rule.model_validate_json(rule)
    indicator = catalogue.find(read.indicator, dataset)
    series = catalogue.series(indicator, dataset)
    if series is None:
        raise MissingData(indicator.title, dataset.as_of)
    done = backtest(read, series, {})
    suggested = done.busy.suggestions if done.busy else ()
    calmer = [(name, getattr(one.rule, name)) for one in suggested for name in _CALMING]
    changed = tuple((name, value) for name, value in calmer if value != getattr(read, name))
    return Began(begun(read, series), done.per_year, changed)


def last_fire(data: str, day: date, rule: str) -> date | None:
    """Return the last day on which a rule would have fired, None without any. Raises as ``began``."""
    dataset, read = _at(data, day), Rule.model_validate_json(rule)
    indicator = catalogue.find(read.indicator, dataset)
    series = catalogue.series(indicator, dataset)
    if series is None:
        raise MissingData(indicator.title, dataset.as_of)
    fires = backtest(read, series, {}).fires
    return fires[-1][0] if fires else None


def worded(data: str, day: date, language: str, asked: Sequence[Asked]) -> tuple[Said, ...]:
    """Return a sentence on each fire and whether it still stands: None where the day has no value any more."""
    dataset = _at(data, day)
    with i18n.use(language):
        return tuple(_said(one, dataset) for one in asked)


def _said(asked: Asked, dataset: Dataset) -> Said:
    rule = Rule.model_validate_json(asked.rule)
    try:
        indicator = catalogue.find(rule.indicator, dataset)
    except BotError:
        return Said("", None)
    series = catalogue.series(indicator, dataset)
    stands = None if series is None else still_holds(rule, series, asked.day)
    watched = catalogue.watched(indicator, dataset)
    return Said(happened(rule, watched, asked.value, asked.day, asked.before), stands)


def without(data: str, day: date, rule: str, through: date, earlier: Sequence[date]) -> State:
    """Return how a rule would stand after ``through`` by the data of now, had it fired on ``earlier`` days alone.

    Raises as ``began``.
    """
    dataset, read = _at(data, day), Rule.model_validate_json(rule)
    indicator = catalogue.find(read.indicator, dataset)
    series = catalogue.series(indicator, dataset)
    if series is None:
        raise MissingData(indicator.title, dataset.as_of)
    return begun(read, series[: pd.Timestamp(through)]).remembering(through, earlier)


def listing(data: str, day: date, language: str) -> tuple[Watched, ...]:
    """Return every indicator that can be listed, titles in a language."""
    with i18n.use(language):
        return catalogue.listing(_at(data, day))


def looked_up(data: str, day: date, language: str, indicator_id: str) -> Watched:
    """Return one indicator, listed or made from its family. Raises BadInput with the nearest ids, UnknownSymbol."""
    dataset = _at(data, day)
    with i18n.use(language):
        return catalogue.watched(catalogue.find(indicator_id, dataset), dataset)


def of_symbols(data: str, day: date, language: str, symbols: Sequence[str]) -> tuple[Watched, ...]:
    """Return what can be watched of these symbols' short positions; what has no values yet is left out."""
    dataset = _at(data, day)
    with i18n.use(language):
        ids = [indicator_id for symbol in symbols for indicator_id in positions.ids_of(symbol)]
        found = [catalogue.watched(catalogue.find(indicator_id, dataset), dataset) for indicator_id in ids]
    return tuple(one for one in found if one.first is not None)
