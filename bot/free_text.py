"""Fields of free text, and the few words in them that are none of it: an option by its name, a window behind an id."""

import re
from collections.abc import Callable
from datetime import date

from bot.errors import AmbiguousDate, BadInput, DateInFuture, UserError
from bot.request import Mark, Request, mark_of
from bot.tokens import AS_OF, EXPLICIT, SINCE, THROUGH
from bot.windows import parse_window

_LATE = date(2200, 12, 31)  # from here every length reaches into the calendar


def span_of(text: str) -> str | None:
    """Return the canonical window of words that say a length or one of the usual windows; None for days and others."""
    try:
        window = parse_window(text, _LATE)
    except UserError:
        return None
    return None if window.is_date else window.text


def ending(run: str, today: date) -> str:
    """Return the day behind ``as of`` or ``to``, empty without; ``to 2020`` goes to that year's end, or to today."""
    opening = next((words for words in AS_OF if run.lower().startswith(words)), "")
    day = run[len(opening) :] if opening else ""
    if opening in THROUGH and re.fullmatch(r"(19|20)\d\d", day) and int(day) <= today.year:
        return str(min(date(int(day), 12, 31), today))
    return day


def read_free(kind: type[Request], free: str, words: str, today: date) -> dict[str, str]:
    """Leave words as they are for a field of free text; only ``option:value`` is taken out."""
    options: dict[str, str] = {}
    rest: list[str] = []
    if not kind.private and any(mark_of(kind, name) is Mark.WINDOW for name in kind.model_fields):
        words, options = _with_window(words, today)
    for token in words.split():
        match = EXPLICIT.fullmatch(token)
        if match and match[2] and match[1].lower() in kind.model_fields:
            options[match[1].lower()] = match[2]
        else:
            rest.append(token)
    return options | ({free: " ".join(rest)} if rest else {})


def _with_window(words: str, today: date) -> tuple[str, dict[str, str]]:
    """Return an id without the window behind it, and that as an option: ``rotation.regime 1y``.

    Ids have dots and no spaces; titles end in windows, too: ``IWM minus SPY over 3 months``. A day counts behind since
    alone.
    """
    first, *behind = words.split() or [""]
    run = " ".join(behind)
    since = run.lower().startswith(tuple(f"{word} " for word in SINCE)) and makes_sense(parse_window, run, today)
    return (first, {"window": run}) if "." in first and (span_of(run) or since) else (words, {})


def makes_sense(parse: Callable[[str, date], object], text: str, today: date) -> bool:
    """Return whether a text is a day or a window at all, be it one that nothing can be answered for."""
    try:
        parse(text, today)
    except (AmbiguousDate, DateInFuture):
        return True  # it is a day: what is wrong with it is said when it is read
    except BadInput:
        return bool(re.fullmatch(r"\d+[dwmy]", text.lower()))
    return True
