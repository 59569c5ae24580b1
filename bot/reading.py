"""From option texts to a request: every field read by its mark, every substitution named, every fault a sentence.

Slash options, text commands, replies, the command line and schedules all come through ``read_options``;
``bot.words`` sorts free words into options first. Nothing here knows any feature: the marks of a request's
fields say what they take.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError

from bot import i18n
from bot.errors import BadInput, DateInFuture, NoCloses, NotEnoughHistory, NoTotalReturn, StartAfterEnd
from bot.i18n import gettext as _
from bot.market.catalogue import Catalogue
from bot.request import Mark, Request, choices_of, mark_of
from bot.symbols import resolve
from bot.windows import Window, parse_date, parse_window

MAX_TEXT = 300
SYNONYMS = {
    "total return": "total", "total returns": "total", "tr": "total", "with dividends": "total",
    "price return": "price", "price returns": "price", "prices": "price", "without dividends": "price",
    "rentabilidad total": "total", "con dividendos": "total",
    "records": "record", "first record": "record", "record close": "record", "first record close": "record",
    "regimes": "regime", "regime switch": "regime", "switch": "regime", "ratio": "mean", "crossing": "mean",
    "cuts": "cut", "rate cut": "cut", "rate cuts": "cut", "first cut": "cut", "first rate cut": "cut",
    "lead": "spread", "short interest": "shorts", "rally": "rallies", "cycle": "cycles", "leadership": "cycles",
    "fomc": "fed", "fed meeting": "fed", "fed meetings": "fed", "fed decision": "fed", "meeting": "fed",
    "meetings": "fed", "reunión": "fed", "finra": "shorts", "settlement": "shorts", "publication": "shorts",
    "russell": "reconstitution", "rebalance": "reconstitution", "rebalancing": "reconstitution",
    "reconstitución": "reconstitution", "holiday": "holidays", "closed": "holidays", "early close": "early",
    "early closes": "early", "cierre anticipado": "early", "festivo": "holidays", "festivos": "holidays",
    "récord": "record", "récords": "record", "régimen": "regime", "media": "mean", "recorte": "cut",
    "recortes": "cut", "primer recorte": "cut", "ventaja": "spread", "cortos": "shorts", "alzas": "rallies",
    "ciclos": "cycles",
    "rentabilidad en precio": "price", "precio": "price", "sin dividendos": "price",
}  # fmt: skip
_SCALES = {"%": 0.01, "k": 1e3, "m": 1e6}
_YES = {"yes", "y", "true", "on", "1", "sí", "si"}
_NO = {"no", "n", "false", "off", "0"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A request, and sentences on whatever was read as something other than written."""

    request: Request
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a reading is made against: the data, its last session by the clock, and the exchange's calendar day."""

    catalogue: Catalogue
    last: date
    today: date


@dataclass(slots=True)
class _Answer:
    """Values read so far, and the notes on them."""

    kind: type[Request]
    known: Known
    as_of: date
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_options(
    kind: type[Request], options: Mapping[str, object], known: Known, *, base: Request | None = None
) -> Reading:
    """Return the request that option texts ask for; missing ones come from ``base``, or are the defaults.

    Raises a UserError that says what is wrong: nothing a person can mistype gets past it.
    """
    given = {name: value for name, value in options.items() if value is not None and value != ""}
    answer = _Answer(kind, known, known.last, dict(base.model_dump()) if base else {})
    if answer.values.get("as_of"):
        answer.as_of = answer.values["as_of"]
    if "as_of" in given:
        _read_as_of(answer, str(given.pop("as_of")))
    for name, value in given.items():
        if name not in kind.model_fields:
            raise BadInput(_("There is no option “{name}” here.").format(name=i18n.plain(name, 30)))
        answer.values[name] = _read_field(answer, name, value)
    request = _validated(kind, answer.values)
    check(request, known)
    return Reading(request, tuple(dict.fromkeys(answer.notes)))


def session_of(wanted: date, known: Known) -> tuple[date, str | None]:
    """Return the session a day is answered for, and a sentence if it is another day.

    Raises DateInFuture, or BadInput before the first session there is.
    """
    if wanted > known.today:
        raise DateInFuture(wanted, known.last)
    if wanted < known.catalogue.first_session:
        first = i18n.day(known.catalogue.first_session)
        raise BadInput(
            _("I have nothing for {day}: my record begins on {first}.").format(day=_day(wanted), first=first)
        )
    session = known.catalogue.session_on_or_before(wanted)
    if session > known.last:
        text = _("The close of {day} is not in yet: answered for {session}, the last session before.")
    elif session != wanted:
        text = _("No session on {day}: answered for {session}, the one before.")
    else:
        return session, None
    answered = min(session, known.last)
    return answered, text.format(day=_day(wanted), session=_day(answered))


def check(request: Request, known: Known) -> None:
    """Raise what the catalogue alone can tell: a window before a fund's first day, or a basis it is not stored in.

    Computing would find the same later; found here, it can be said before anything is deferred.
    """
    as_of = request.as_of or known.last
    window = next((name for name in type(request).model_fields if mark_of(type(request), name) is Mark.WINDOW), None)
    start = Window(getattr(request, window)).start(as_of) if window else None
    if start is not None and start >= as_of:
        raise StartAfterEnd(start, as_of)
    for name in type(request).model_fields:
        if mark_of(type(request), name) is Mark.FUND and getattr(request, name) is not None:
            _check_fund(request, getattr(request, name), start, as_of, known.catalogue)


def _check_fund(request: Request, symbol: str, start: date | None, as_of: date, catalogue: Catalogue) -> None:
    entry = catalogue.symbols[symbol]
    if as_of < entry.first:
        raise NotEnoughHistory(symbol, entry.first, as_of)
    if start is not None and start < entry.first:
        raise NotEnoughHistory(symbol, entry.first, start)
    basis = "price" if request.levels else getattr(request, "basis", None)
    if basis == "price" and entry.basis == "adjusted":
        raise NoCloses(symbol)
    if basis == "total" and entry.basis == "level":
        raise NoTotalReturn(symbol)


def _read_as_of(answer: _Answer, text: str) -> None:
    session, note = session_of(parse_date(text, answer.known.today), answer.known)
    answer.values["as_of"] = answer.as_of = session
    if note:
        answer.notes.append(note)


def _read_field(answer: _Answer, name: str, value: object) -> Any:
    mark = mark_of(answer.kind, name)
    text = _legible(value)
    if mark is not None:
        return _BY_MARK[mark](answer, text)
    if choices := choices_of(answer.kind, name):
        return _choice(name, text, choices)
    wanted = plain_type(answer.kind, name)
    if wanted is float and isinstance(value, float | int):
        return float(value)  # Discord has read it already, in the language of whoever typed it
    return _BY_TYPE.get(wanted, _text)(answer, text)


def plain_type(kind: type[Request], name: str) -> Any:
    """Return the type of a field's values, without "or nothing"."""
    annotation = kind.model_fields[name].annotation
    if get_origin(annotation) in {Union, types.UnionType}:
        return next(t for t in get_args(annotation) if t is not types.NoneType)
    return annotation


def _legible(value: object) -> str:
    text = " ".join(str(value).split())
    if len(text) > MAX_TEXT:
        raise BadInput(_("That is too long for me: {limit} characters at most.").format(limit=MAX_TEXT))
    return text


def _window(answer: _Answer, text: str) -> str:
    try:
        window = parse_window(text, answer.as_of)
    except DateInFuture as error:
        if error.wanted <= answer.known.today:
            raise StartAfterEnd(error.wanted, answer.as_of) from None
        raise
    if window.is_date and window.text != text:
        answer.notes.append(_("“{text}” is read as {window}.").format(text=i18n.plain(text, 30), window=window.words()))
    return window.text


def _fund(answer: _Answer, text: str) -> str:
    return _symbol(answer, text, levels=answer.kind.levels)


def _symbol(answer: _Answer, text: str, *, levels: bool = False, listed: bool = False) -> str:
    found = resolve(text, answer.known.catalogue, levels=levels, listed=listed)
    if found.note:
        answer.notes.append(found.note)
    return found.symbol


def _symbols(answer: _Answer, text: str) -> tuple[str, ...]:
    names = [part.strip() for part in text.split(",")] if "," in text else text.split()
    return tuple(_symbol(answer, name, listed=True) for name in names if name)


def _date(answer: _Answer, text: str) -> date:
    return parse_date(text, answer.as_of)


def _choice(name: str, text: str, choices: tuple[str, ...]) -> str:
    lowered = text.lower()
    for candidate in (lowered, SYNONYMS.get(lowered, "")):
        if candidate in choices:
            return candidate
    raise BadInput(
        _("“{text}” does not work as {option}: it takes {choices}.").format(
            text=i18n.plain(text, 30), option=name.replace("_", " "), choices=i18n.one_of(choices)
        )
    )


def _whole(_answer: _Answer, text: str) -> int:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        raise BadInput(_("“{text}” is not a whole number.").format(text=i18n.plain(text, 30))) from None


def _number(_answer: _Answer, text: str) -> float:
    scale = _SCALES.get(text[-1:].lower(), 1.0)
    try:
        return i18n.parsed_number(text.removeprefix("$").rstrip("%kKmM")) * scale
    except ValueError:
        raise BadInput(_("“{text}” is not a number.").format(text=i18n.plain(text, 30))) from None


def _truth(_answer: _Answer, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise BadInput(_("“{text}” is neither yes nor no.").format(text=i18n.plain(text, 30)))


def _text(_answer: _Answer, text: str) -> str:
    return text


_BY_MARK: dict[Mark, Callable[[_Answer, str], Any]] = {
    Mark.WINDOW: _window,
    Mark.FUND: _fund,
    Mark.INDEX: _symbol,
    Mark.SYMBOL: lambda answer, text: _symbol(answer, text, listed=True),
    Mark.SYMBOLS: _symbols,
    Mark.TEXT: _text,
}
_BY_TYPE: dict[Any, Callable[[_Answer, str], Any]] = {int: _whole, float: _number, bool: _truth, date: _date}


def _validated(kind: type[Request], values: Mapping[str, Any]) -> Request:
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        option = str(fault["loc"][0]) if fault["loc"] else kind.feature
        if fault["type"] == "missing":
            raise BadInput(_("Please say which {option}.").format(option=option.replace("_", " "))) from None
        limits, given = fault.get("ctx") or {}, fault.get("input", "")
        if fault["type"] == "missing":
            raise BadInput(_("This takes a {option}: please add one.").format(option=option)) from None
        if isinstance(given, tuple) and "max_length" in limits:
            many = _("That is {n} symbols; I take {most} at most.")
            raise BadInput(many.format(n=len(given), most=limits["max_length"])) from None
        raise BadInput(_fault_text(option, str(given), limits)) from None


def _fault_text(option: str, value: str, limits: Mapping[str, Any]) -> str:
    names = {"option": option.replace("_", " "), "value": i18n.plain(value, 30)}
    if isinstance(limits.get("error"), ValueError):
        return _("“{value}” does not work as {option}.").format(**names)
    if "ge" in limits:
        return _("{option} must be at least {limit}, not {value}.").format(limit=limits["ge"], **names)
    if "gt" in limits:
        return _("{option} must be more than {limit}, not {value}.").format(limit=limits["gt"], **names)
    if "max_length" in limits:
        return _("{option}: at most {limit}, please.").format(limit=limits["max_length"], **names)
    if "le" in limits:
        return _("{option} must be at most {limit}, not {value}.").format(limit=limits["le"], **names)
    return _("“{value}” does not work as {option}.").format(**names)


def _day(day: date) -> str:
    return _("{weekday}, {day}").format(weekday=i18n.weekday(day), day=i18n.day(day))
