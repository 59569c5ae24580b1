"""From the words of a command to a rule: every option read in the indicator's unit, every fault a sentence."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from pydantic import ValidationError

from bot import i18n
from bot.alerts.rule import (
    CONDITIONS,
    MAX_CONFIRMATION,
    MAX_COOLDOWN_DAYS,
    MAX_NOTE,
    MAX_WITHIN,
    THRESHOLDS,
    Condition,
    Rule,
    Watched,
)
from bot.alerts.spans import parse_band, parse_span
from bot.alerts.threshold import parse_change, parse_distance, parse_level
from bot.errors import BadInput
from bot.i18n import gettext as _

_RECORD = {"new_high", "new_low"}
_HOUR = re.compile(r"(\d{1,2})(?::(\d\d))? ?(am|pm)?")
_PARTICULARS = ("threshold", "relative", "direction", "within", "low", "high", "state")


def condition_name(condition: Condition) -> str:
    """Return what a condition is called in a list of choices."""
    return {
        "above": _("is above"),
        "below": _("is below"),
        "crosses_above": _("crosses above"),
        "crosses_below": _("crosses below"),
        "new_high": _("new high"),
        "new_low": _("new low"),
        "changes_by": _("changes by"),
        "enters_band": _("enters a percentile band"),
        "changes_state": _("changes state"),
    }[condition]


def conditions_for(watched: Watched) -> tuple[Condition, ...]:
    """Return the conditions that make sense for an indicator: states change, numbers do the rest."""
    if watched.states:
        return ("changes_state",)
    return tuple(c for c in CONDITIONS if c != "changes_state")


def rule_asked(
    watched: Watched,
    condition: Condition,
    value: str = "",
    within: str = "",
    *,
    hysteresis: str = "",
    **limits: Any,
) -> Rule:
    """Return the rule that a person asked for. ``value`` is read by the condition: a level, change, band or state.

    ``limits`` are the fields of a Rule that are no words. Raises BadInput.
    """
    if condition not in conditions_for(watched):
        raise _unfit(watched, condition)
    fields: dict[str, Any] = {"indicator": watched.id, "condition": condition}
    fields |= _particulars(watched, condition, value.strip(), within.strip())
    if hysteresis.strip():
        fields["hysteresis"] = _distance(watched, condition, hysteresis, relative=fields.get("relative", False))
    fields |= {name: limit for name, limit in limits.items() if limit not in (None, "")}
    return validated(fields)


def rule_changed(
    rule: Rule,
    watched: Watched,
    condition: Condition | None = None,
    value: str = "",
    within: str = "",
    *,
    hysteresis: str = "",
    **limits: Any,
) -> Rule:
    """Return a rule with what a person wants changed; what goes with the old condition stays where it can.

    ``watched`` is the indicator it shall watch. Raises BadInput.
    """
    chosen = condition or rule.condition
    if chosen not in conditions_for(watched):
        raise _unfit(watched, chosen)
    anew = chosen != rule.condition or watched.id != rule.indicator
    fields: dict[str, Any] = rule.model_dump(exclude=set(_PARTICULARS) if anew or value else set())
    fields |= {"indicator": watched.id, "condition": chosen}
    if value or anew:
        kept = "" if anew or within or rule.within is None else str(rule.within)
        fields |= _particulars(watched, chosen, value.strip(), (within or kept).strip())
    elif within:
        fields["within"] = _span(within, watched, chosen)
    if anew and not hysteresis:
        fields["hysteresis"] = 0.0
    if hysteresis.strip():
        fields["hysteresis"] = _distance(watched, chosen, hysteresis, relative=fields.get("relative", False))
    return validated(fields | limits)


def _span(within: str, watched: Watched, condition: Condition) -> int | None:
    if condition != "changes_by" and condition not in _RECORD:
        raise BadInput(_("How far back to look only goes with new highs, new lows and changes."))
    return parse_span(within, watched.cadence)


def _particulars(watched: Watched, condition: Condition, value: str, within: str) -> Mapping[str, Any]:
    if condition != "changes_by" and condition not in _RECORD and within:
        raise BadInput(_("How far back to look only goes with new highs, new lows and changes."))
    if condition in THRESHOLDS:
        return {"threshold": parse_level(_given(value, watched), watched.unit)}
    if condition in _RECORD:
        if value:
            raise BadInput(_("A new high or low takes no value, only how far back to look: 63, 3m, 1y or ever."))
        return {"within": parse_span(within, watched.cadence) if within else None}
    if condition == "enters_band":
        low, high = parse_band(value)
        return {"low": low, "high": high}
    if condition == "changes_state":
        return {"state": _state(value, watched)} if value else {}
    amount = parse_change(_given(value, watched), watched.unit)
    span = parse_span(within, watched.cadence) if within else None
    if span is None:
        raise BadInput(_("Within what time should it change? Write a number such as 63, or 3m, 1y."))
    named = {"threshold": amount.value, "relative": amount.relative, "direction": amount.direction}
    return named | {"within": span}


def _given(value: str, watched: Watched) -> str:
    if not value:
        raise BadInput(_("{title} needs a value to be compared with.").format(title=watched.title))
    return value


def _distance(watched: Watched, condition: Condition, text: str, *, relative: bool) -> float:
    if condition == "changes_state":
        raise BadInput(_("A state is either entered or not: there is no distance to come back by."))
    if condition == "enters_band" or relative:
        return parse_distance(text, "fraction")
    return parse_distance(text, watched.unit)


def _state(value: str, watched: Watched) -> int:
    folded = value.casefold()
    for place, name in enumerate(watched.states):
        if name.casefold() == folded:
            return place
    raise BadInput(
        _("“{text}” is not a state of {title}: it knows {states}.").format(
            text=i18n.plain(value, 30), title=watched.title, states=i18n.all_of(watched.states)
        )
    )


def _unfit(watched: Watched, condition: Condition) -> BadInput:
    names = [condition_name(one) for one in conditions_for(watched)]
    return BadInput(
        _("“{condition}” does not fit {title}: it takes {conditions}.").format(
            condition=condition_name(condition), title=watched.title, conditions=i18n.one_of(names)
        )
    )


def validated(fields: Mapping[str, Any]) -> Rule:
    """Return the rule of these fields. Raises BadInput that names the first fault."""
    try:
        return Rule.model_validate(dict(fields))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0]) if fault["loc"] else ""
        raise BadInput(_fault(name)) from None


def _fault(name: str) -> str:
    match name:
        case "confirmation":
            return _("Confirmation takes 1 to {most} closes in a row.").format(most=MAX_CONFIRMATION)
        case "cooldown_days":
            return _("The cooldown takes 0 to {most} days.").format(most=MAX_COOLDOWN_DAYS)
        case "monthly_budget":
            return _("The monthly budget takes 1 to {most} alerts.").format(most=31)
        case "within":
            return _("It can look back {most} observations at most.").format(most=i18n.number(MAX_WITHIN))
        case "note":
            return _("The note takes {most} characters at most.").format(most=MAX_NOTE)
    return _("These options do not go together.")


def parse_hours(text: str) -> tuple[time, time] | None:
    """Read quiet hours: "22-7", "22:00-07:00"; nothing for "off". Raises BadInput."""
    tidy = re.sub(r"^(?:from|de) | h\b", "", text.strip().lower().replace("–", "-"))
    if tidy in {"", "off", "none", "no", "nunca"}:
        return None
    start, dash, end = (part.strip() for part in re.sub(r" (?:to|a) ", "-", tidy).partition("-"))
    try:
        both = _hour(start), _hour(end)
    except ValueError:
        dash = ""
    if not dash or both[0] == both[1]:
        raise BadInput(
            _("“{text}” does not work as quiet hours: write them like 22:00-07:00.").format(text=i18n.plain(text, 30))
        )
    return both


def _hour(text: str) -> time:
    """Read an hour of the day: 22, 22:30, 24, 10pm. Raises ValueError."""
    match = _HOUR.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hour, half = int(match[1]), match[3]
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    return time(hour % 12 + (12 if half == "pm" else 0) if half else 0 if hour == 24 else hour, int(match[2] or 0))


def parse_end(text: str, today: date) -> date | None:
    """Read the last day of an alert, an ISO date; nothing for "never". Raises BadInput for what lies behind."""
    tidy = text.strip().lower()
    if tidy in {"", "never", "none", "off", "nunca"}:
        return None
    try:
        day = date.fromisoformat(tidy)
    except ValueError:
        raise BadInput(
            _("“{text}” does not work as a last day: write it like 2026-12-31, or “never”.").format(
                text=i18n.plain(text, 30)
            )
        ) from None
    if day < today:
        raise BadInput(_("{day} is already past: an alert ends on a day still ahead.").format(day=i18n.day(day)))
    return day
