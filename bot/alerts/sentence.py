"""A rule as one plain sentence, and what has happened as another: in the reader's language, from the rule alone."""

from dataclasses import replace
from datetime import date, time

from bot import i18n
from bot.alerts.rule import Rule, Watched
from bot.alerts.spans import band_written
from bot.alerts.threshold import distance_written, written
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.report import Cadence, Column
from bot.shown import value_shown


def observations(count: int, cadence: Cadence) -> str:
    """Count observations in the words of their cadence: "63 sessions", "2 settlements"."""
    match cadence:
        case "session":
            phrase = ngettext("{n} session", "{n} sessions", count)
        case "week":
            phrase = ngettext("{n} week", "{n} weeks", count)
        case "settlement":
            phrase = ngettext("{n} settlement", "{n} settlements", count)
        case "month":
            phrase = ngettext("{n} month", "{n} months", count)
        case _:
            phrase = ngettext("{n} snapshot", "{n} snapshots", count)
    return phrase.format(n=i18n.number(count))


def condition_words(rule: Rule, watched: Watched) -> str:
    """Say the condition as a clause: "IWM close is above $280"."""
    names = {
        "title": watched.title,
        "level": "" if rule.threshold is None else written(rule.threshold, watched.unit),
        "span": "" if rule.within is None else observations(rule.within, watched.cadence),
        "state": "" if rule.state is None else state_name(rule.state, watched),
    }
    if rule.condition == "changes_by":
        return _change_words(rule, watched, names)
    if rule.condition == "enters_band":
        band = band_written(rule.low or 0.0, 1.0 if rule.high is None else rule.high)
        return _("{title} enters {band}").format(title=watched.title, band=band)
    return _pattern(rule).format(**names)


def _pattern(rule: Rule) -> str:
    ever, any_state = rule.within is None, rule.state is None
    return {
        "above": _("{title} is above {level}"),
        "below": _("{title} is below {level}"),
        "crosses_above": _("{title} crosses above {level}"),
        "crosses_below": _("{title} crosses below {level}"),
        "new_high": _("{title} reaches a record high") if ever else _("{title} reaches a new high of {span}"),
        "new_low": _("{title} reaches a record low") if ever else _("{title} reaches a new low of {span}"),
        "changes_state": _("{title} changes") if any_state else _("{title} changes to {state}"),
    }[rule.condition]


def _change_words(rule: Rule, watched: Watched, names: dict[str, str]) -> str:
    amount = distance_written(rule.threshold or 0.0, watched.unit, relative=rule.relative)
    match rule.direction:
        case "up":
            pattern = _("{title} rises by {amount} or more within {span}")
        case "down":
            pattern = _("{title} falls by {amount} or more within {span}")
        case _:
            pattern = _("{title} moves by {amount} or more either way within {span}")
    return pattern.format(title=names["title"], span=names["span"], amount=amount)


def sentence(rule: Rule, watched: Watched) -> str:
    """Read a rule back as one plain sentence: what it waits for, and everything that holds it back."""
    riders = _riders(rule, watched)
    condition = condition_words(rule, replace(watched, title=inside(watched.title)))
    if not riders:
        return _("Fires when {condition}.").format(condition=condition)
    return _("Fires when {condition}: {riders}.").format(condition=condition, riders=i18n.all_of(riders))


def inside(title: str) -> str:
    """Return a title as it stands within a sentence: its first letter small, unless a name or number begins it."""
    first, second = title[:1], title[1:2]
    return first.lower() + title[1:] if first.isupper() and second.islower() else title


def _riders(rule: Rule, watched: Watched) -> list[str]:
    riders = []
    if rule.confirmation > 1:
        riders.append(_confirmed(rule.confirmation, watched.cadence))
    if rule.hysteresis:
        back = _hysteresis(rule, watched)
        riders.append(_("again only after it has come back by {distance}").format(distance=back))
    if rule.cooldown_days:
        text = ngettext("at most once a day", "at most once in {n} days", rule.cooldown_days)
        riders.append(text.format(n=i18n.number(rule.cooldown_days)))
    if rule.monthly_budget:
        text = ngettext("at most once a month", "at most {n} times a month", rule.monthly_budget)
        riders.append(text.format(n=i18n.number(rule.monthly_budget)))
    if rule.quiet_from is not None and rule.quiet_to is not None:
        hours = {"start": _hour(rule.quiet_from), "end": _hour(rule.quiet_to)}
        riders.append(_("held back between {start} and {end}").format(**hours))
    if rule.expires:
        riders.append(_("until {day}").format(day=i18n.day(rule.expires)))
    return riders


def _confirmed(count: int, cadence: Cadence) -> str:
    if cadence == "session":
        return ngettext("on {n} close in a row", "on {n} closes in a row", count).format(n=i18n.number(count))
    return _("for {observations} in a row").format(observations=observations(count, cadence))


def _hysteresis(rule: Rule, watched: Watched) -> str:
    if rule.condition == "enters_band":
        return distance_written(rule.hysteresis, "fraction")
    return distance_written(rule.hysteresis, watched.unit, relative=rule.relative)


def _hour(value: time) -> str:
    return value.strftime("%H:%M")


def state_name(place: int, watched: Watched) -> str:
    """Return what people call a state; its number where the indicator no longer knows it."""
    return watched.states[place] if 0 <= place < len(watched.states) else str(place)


def happened(rule: Rule, watched: Watched, value: float, day: date, before: float | None = None) -> str:
    """Say what has happened on a day in one sentence: the condition in the past tense, with the number."""
    names = {"condition": condition_words(rule, watched), "day": i18n.day(day), "value": reading(value, watched)}
    if watched.states:
        if before is None:
            return _("{title} is now {value} ({day}).").format(title=watched.title, **names)
        return _("{title} went from {before} to {value} ({day}).").format(
            title=watched.title, before=reading(before, watched), **names
        )
    return _("{condition}: {value} on {day}.").format(**names)


def reading(value: float, watched: Watched) -> str:
    """Show a value of an indicator: a state by its name, a number in its unit."""
    if watched.states:
        return state_name(int(value), watched)
    return value_shown(value, watched.unit, signed=watched.signed, digits=digits_of(watched))


def digits_of(watched: Watched) -> int | None:
    """Return with how many decimals values of an indicator are shown; None for what is usual of its unit."""
    return {"fraction": 2, "percentage_points": 2, "ratio": 2, "score": 1}.get(watched.unit)


def value_column(column_id: str, title: str, watched: Watched) -> Column:
    """Return the column of a table for values of an indicator, which ``value_cell`` fills."""
    if watched.states:
        return Column(column_id, title, "text")
    return Column(column_id, title, watched.unit, signed=watched.signed, digits=digits_of(watched))


def value_cell(value: float, watched: Watched) -> float | str:
    """Return a value as a table and a stat hold it: a state by its name, a number as it is."""
    return reading(value, watched) if watched.states else value
