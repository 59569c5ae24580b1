"""The sentences of an alert's card: what happened or would have, how often, what followed, what to mind."""

import math
from collections.abc import Mapping
from datetime import date

import pandas as pd

from bot import i18n
from bot.alerts.backtest import LARGE, SMALL, Backtest, Busy
from bot.alerts.rule import Rule, Watched
from bot.alerts.sentence import condition_words, digits_of, inside, observations, reading, sentence
from bot.alerts.spans import band_written
from bot.alerts.threshold import written
from bot.analytics.events import FEWEST, Following
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.report import Unit
from bot.shown import value_shown

LISTED_IN_A_NOTE = 5


def headline(rule: Rule, watched: Watched, done: Backtest) -> str:
    """Say what the rule waits for and how often it would have fired."""
    return _("{rule} {record}").format(rule=sentence(rule, watched), record=record(done, watched))


def record(done: Backtest, watched: Watched) -> str:
    """Say how often the rule fired in all of history, and when last."""
    first = i18n.day(done.first)
    if not done.fires:
        return _("It would never have fired in {observations} since {first}.").format(
            observations=observations(done.observations, watched.cadence), first=first
        )
    count = len(done.fires)
    words = ngettext(
        "It would have fired once since {first}, on {last}.",
        "It would have fired {n} times since {first}, last on {last}.",
        count,
    )
    return words.format(n=i18n.number(count), first=first, last=i18n.day(done.fires[-1][0]))


def track_record(done: Backtest, fired: date) -> str:
    """Say how often the rule would have fired before the day it fired on."""
    before = [day for day, _value in done.fires if day < fired]
    first = i18n.day(done.first)
    if not before:
        return _("It would not have fired before since {first}.").format(first=first)
    words = ngettext(
        "It would have fired once before since {first}, on {last}.",
        "It would have fired {n} times before since {first}, last on {last}.",
        len(before),
    )
    return words.format(n=i18n.number(len(before)), first=first, last=i18n.day(before[-1]))


def taken_back(rule: Rule, watched: Watched, value: float, day: date) -> str:
    """Say that corrected data undoes an alert."""
    return _(
        "Taken back: as the data stands now, {title} was {value} on {day}, and this was not so: {condition}."
    ).format(
        title=inside(watched.title),
        value=reading(value, watched),
        day=i18n.day(day),
        condition=condition_words(rule, watched),
    )


def held_against(rule: Rule, watched: Watched, series: "pd.Series[float]") -> tuple[str, str] | None:
    """Return what the last of some values was held against, with its name; None for states."""
    value, past = float(series.iloc[-1]), series.iloc[:-1].tail(rule.within or len(series))
    match rule.condition:
        case "changes_state":
            return None
        case "enters_band":
            return _("Band"), band_written(rule.low or 0.0, 1.0 if rule.high is None else rule.high)
        case "new_high":
            return _("Highest before"), reading(float(past.max()), watched)
        case "new_low":
            return _("Lowest before"), reading(float(past.min()), watched)
        case "changes_by":
            return _("Moved by"), _moved(rule, watched, value, past)
    return _("Threshold"), written(rule.threshold or 0.0, watched.unit)


def _moved(rule: Rule, watched: Watched, value: float, past: "pd.Series[float]") -> str:
    """Say by how much a value differs from the lowest or highest before it, whichever the rule looks at."""
    low, high = float(past.min()), float(past.max())

    def size(base: float) -> float:
        if not rule.relative:
            return value - base
        return value / base - 1 if base > 0 else math.nan

    base = {"up": low, "down": high}.get(rule.direction, max(low, high, key=lambda one: abs(size(one))))
    points = not rule.relative and watched.unit in {"fraction", "percentage_points"}
    unit: Unit = "percentage_points" if points else "fraction" if rule.relative else watched.unit
    digits = 2 if points or rule.relative else digits_of(watched)
    move = value_shown(size(base), unit, signed=True, digits=digits)
    if size(base) > 0 and not move.startswith("+"):  # dollars and long counts know no sign
        move = f"+{move}"
    return _("{move}, from {base}").format(move=move, base=reading(base, watched))


def followed_shown(one: Following) -> str:
    """Show what followed over a horizon: the median, the base rate's and the count, or that there is too little."""
    if not enough(one) or one.median is None or one.base_median is None:
        return too_few(one.events)
    return _("{median} (any session {base}; {n} events)").format(
        median=i18n.points(one.median), base=i18n.points(one.base_median), n=i18n.number(one.events)
    )


def enough(one: Following) -> bool:
    """Return whether there are events enough over a horizon for a median and a share."""
    return one.events >= FEWEST


def too_few(count: int) -> str:
    """Say that nothing can be said."""
    words = ngettext("too few to say ({n} event)", "too few to say ({n} events)", count)
    return words.format(n=i18n.number(count))


def last_five(done: Backtest, watched: Watched) -> str | None:
    """List the newest fires, None without any."""
    newest = done.fires[: -LISTED_IN_A_NOTE - 1 : -1]
    if not newest:
        return None
    listed = [_("{day} ({value})").format(day=i18n.day(day), value=reading(value, watched)) for day, value in newest]
    return _("Last: {fires}.").format(fires=i18n.all_of(listed))


def true_now(rule: Rule, done: Backtest) -> str | None:
    """Say that the condition holds already, None where it does not: it will be announced when it returns."""
    if not done.holds_now or rule.condition == "changes_state":
        return None
    return _("True now already: it fires when it becomes true again.")


def short_history(done: Backtest, watched: Watched) -> str | None:
    """Say that little history tells nothing about how often a rule fires; None where there is a year of it."""
    if not done.short:
        return None
    count = observations(done.observations, watched.cadence)
    return _("Only {observations} since {first}: too little to say how often it fires.").format(
        observations=count, first=i18n.day(done.first)
    )


def busy(found: Busy, rule: Rule, watched: Watched) -> str:
    """Point out a rule that speaks too often, with what would calm it."""
    words = ngettext(
        "In {n} month of history it would have fired more than {budget} times (at most {most}).",
        "In {n} months of history it would have fired more than {budget} times (at most {most}).",
        found.months,
    )
    warned = words.format(n=i18n.number(found.months), budget=found.budget, most=found.most)
    calmer = [_suggested(one.rule, rule, one.fires, watched) for one in found.suggestions]
    if not calmer:
        return warned
    return _("{warning} Calmer: {suggestions}.").format(warning=warned, suggestions=i18n.one_of(calmer))


def _suggested(gentler: Rule, rule: Rule, fires: int, watched: Watched) -> str:
    names = {"fires": ngettext("{n} fire", "{n} fires", fires).format(n=i18n.number(fires))}
    if gentler.confirmation != rule.confirmation:
        span = observations(gentler.confirmation, watched.cadence)
        return _("confirmation over {span} ({fires})").format(span=span, **names)
    days = ngettext("{n} day", "{n} days", gentler.cooldown_days).format(n=gentler.cooldown_days)
    return _("a cooldown of {days} ({fires})").format(days=days, **names)


def not_followed(done: Backtest, forwards: "Mapping[int, pd.Series[float]]") -> list[str]:
    """Say which figures of what followed are missing, and why."""
    pair = {"small": SMALL, "large": LARGE}
    if not forwards:
        return [_("What followed is not known: {small} and {large} have no prices together.").format(**pair)]
    said = []
    few = [i18n.number(one.horizon) for one in done.followed if not enough(one)]
    if few:
        said.append(
            _("Fewer than {n} events have {horizons} sessions behind them: no median, share or interval.").format(
                n=FEWEST, horizons=i18n.one_of(few)
            )
        )
    if any(one.base_median is None for one in done.followed):
        pattern = _("Some of these spans have not once been complete since {day}: there is nothing to compare with.")
        said.append(pattern.format(day=i18n.day(done.first)))
    whole = pd.concat(list(forwards.values()), axis=1).dropna().index
    if any(not (len(whole) and whole[0] <= pd.Timestamp(day) <= whole[-1]) for day, _value in done.fires):
        said.append(
            _(
                "What followed is left out where a fire is too near to today, or older than the prices of {small} and "
                "{large}."
            ).format(**pair)
        )
    return said


def caveats(done: Backtest) -> list[str]:
    """Say what a backtest does not say."""
    if not done.followed:
        return []
    said = [
        _(
            "What followed is {small} minus {large}, total return, from the close of the day it fired, before costs; "
            "of events within 21 sessions only the first counts; base rate: every session of the same span. The past "
            "of one market, and a rule chosen knowing it, are no forecast."
        ).format(small=SMALL, large=LARGE)
    ]
    overlapping = [one for one in done.followed if one.separate < one.events]
    if overlapping:
        worst = overlapping[-1]
        said.append(
            _("Windows overlap: over {horizon} sessions only {separate} of {events} stand apart.").format(
                horizon=worst.horizon, separate=i18n.number(worst.separate), events=i18n.number(worst.events)
            )
        )
    if any(one.interval is not None and one.interval[0] == one.interval[1] for one in done.followed):
        said.append(_("Where blocks hold all events there is no interval."))
    return said
