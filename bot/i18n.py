"""Language and number formats: the only module that knows which language is active.

Texts for people are written in English in the code and wrapped in ``gettext``; catalogues are
``bot/locales/LANGUAGE/LC_MESSAGES/handoff.po``. The active language is a context variable, so that one
process answers in many. ``en_XA`` is a pseudo-language: every translated text comes back in ⟦brackets⟧, and
whatever a test then finds outside brackets was forgotten.
"""

import functools
import gettext as _gettext
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from importlib import resources

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal

DEFAULT = "en"
PSEUDO = "en_XA"
LANGUAGES = ("en", "es")
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_MARKDOWN = re.compile(r"([\\*_`~|>#\[\]()<:@-])")
_active: ContextVar[str] = ContextVar("language", default=DEFAULT)


class _Pseudo(_gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002  (the library's signature)
        return f"⟦{message}⟧"


def compiled(language: str) -> bytes:
    """Return a language's catalogue, compiled from its source file: a stored one could be stale. Empty without one.

    Takes a fifth of a second and some memory: the gateway has a worker do it and is given the bytes (``install``).
    """
    path = resources.files("bot") / "locales" / language / "LC_MESSAGES" / "handoff.po"
    if not path.is_file():
        return b""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = io.BytesIO()
    with path.open("rb") as source:
        write_mo(written, read_po(source, locale=language))
    return written.getvalue()


_installed: dict[str, bytes] = {}


def install(language: str, catalogue: bytes) -> None:
    """Use a catalogue that another process has compiled from the same source."""
    _installed[language] = catalogue


@functools.cache
def _translations(language: str) -> _gettext.NullTranslations:
    if language == PSEUDO:
        return _Pseudo()
    catalogue = _installed.pop(language, None) or compiled(language)
    return _gettext.GNUTranslations(io.BytesIO(catalogue)) if catalogue else _gettext.NullTranslations()


@functools.cache
def _locale(language: str) -> Locale:
    return Locale.parse("en" if language == PSEUDO else language)


def supported(language: str | None) -> str:
    """Map any language tag (``es-ES``, ``pt_BR``, None) to the nearest language there is, else English."""
    if not language:
        return DEFAULT
    if language == PSEUDO:
        return PSEUDO
    base = re.split(r"[-_]", language)[0].lower()
    return base if base in LANGUAGES else DEFAULT


@contextmanager
def use(language: str) -> Iterator[None]:
    """Make ``language`` the active one for the body, in this context alone."""
    token = _active.set(supported(language))
    try:
        yield
    finally:
        _active.reset(token)


def active() -> str:
    """Return the active language."""
    return _active.get()


def gettext(message: str) -> str:
    """Translate ``message`` into the active language."""
    return _translations(_active.get()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate by number: ``singular`` or ``plural`` in the sense of the active language."""
    return _translations(_active.get()).ngettext(singular, plural, n)


def in_context(context: str, message: str) -> str:
    """Translate a text whose context decides how: the name of a command is not the same word in a sentence."""
    return _translations(_active.get()).pgettext(context, message)


def number(value: float, digits: int = 0, *, signed: bool = False) -> str:
    """Format a number with a fixed count of decimals; ``signed`` puts + before gains."""
    rounded = round(value, digits)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    body = format_decimal(abs(rounded), pattern, locale=_locale(_active.get()))
    if rounded < 0:
        return MINUS + body
    return "+" + body if signed and rounded > 0 else body


_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")


def parsed_number(text: str) -> float:
    """Read a number as people write it: 12,000 and 12.000,50 and 0,5. Raises ValueError for what is none.

    A point or a comma parts the decimals, unless three digits follow it and it groups thousands: a comma always, a
    point where the active language groups with points. Nobody writes three decimals of money with a comma.
    """
    plain = text.strip()
    grouped = _GROUPED.fullmatch(plain)
    if grouped and (grouped[1] == "," or _active.get() == "es" or len(re.findall(r"[.,]", plain)) > 1):
        plain = plain.replace(grouped[1], "")
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", plain):
        raise ValueError(f"not a number: {text!r}")
    return float(plain.replace(",", "."))


_BEYOND_USE = 100_000  # percent: a short position of a thousand times the shares, from a wrong count of them


def percent(fraction: float, digits: int = 1, *, signed: bool = False) -> str:
    """Format a fraction as percent: 0.126 is "12.6%"; what is beyond all use shortened, as in "82.7M%"."""
    hundredths = fraction * 100
    if abs(hundredths) < _BEYOND_USE:
        return number(hundredths, digits, signed=signed) + "%"
    sign = MINUS if hundredths < 0 else "+" if signed else ""
    return f"{sign}{compact(abs(hundredths))}%"


def points(percentage_points: float, digits: int = 1) -> str:
    """Format a difference of two fractions in percentage points, always with its sign: 0.041 is "+4.1 points"."""
    shown = number(percentage_points * 100, digits, signed=True)
    return ngettext("{n} point", "{n} points", 1 if shown.lstrip("+" + MINUS) == "1" else 2).format(n=shown)


def basis_points(value: float) -> str:
    """Format basis points, always with their sign: 55.0 is "+55 bp"."""
    return gettext("{n} bp").format(n=number(value, 0, signed=True))


def money(value: float) -> str:
    """Format dollars: in full below a million, shortened above, as in "$4.1B"."""
    sign, locale = MINUS if value < 0 else "", _locale(_active.get())
    if abs(value) < 1e6:
        return f"{sign}${format_decimal(abs(value), '#,##0.00' if abs(value) < 1e4 else '#,##0', locale=locale)}"
    return f"{sign}${format_compact_decimal(abs(value), fraction_digits=1, locale=locale)}"


def compact(value: float) -> str:
    """Shorten a large count: 55400000 is "55.4M"."""
    return format_compact_decimal(value, fraction_digits=1, locale=_locale(_active.get()))


def day(value: date) -> str:
    """Format a date unambiguously with its month in letters: "4 Dec 2025"."""
    return format_date(value, "d MMM y", locale=_locale(_active.get()))


def short_day(value: date) -> str:
    """Format a date without its year, where the year stands nearby: "4 Dec"."""
    return format_date(value, "d MMM", locale=_locale(_active.get()))


def near_day(value: date) -> str:
    """Format a day of these weeks with its weekday, where the year is plain: "Mon 27 Jul"."""
    return format_date(value, "EEE d MMM", locale=_locale(_active.get()))


def month(value: date) -> str:
    """Name the month in short, as on an axis: "Dec"."""
    return format_date(value, "LLL", locale=_locale(_active.get()))


def weekday(value: date) -> str:
    """Name the day of the week: "Thursday"."""
    return format_date(value, "EEEE", locale=_locale(_active.get()))


def moment(value: datetime) -> str:
    """Format an aware moment with its own zone: "4 Dec 2025, 21:00 UTC"."""
    return format_datetime(value, "d MMM y, HH:mm zzz", tzinfo=value.tzinfo, locale=_locale(_active.get()))


def all_of(items: Sequence[str]) -> str:
    """Join with the language's "and"."""
    return format_list(list(items), style="standard", locale=_locale(_active.get()))


def one_of(items: Sequence[str]) -> str:
    """Join with the language's "or"."""
    return format_list(list(items), style="or", locale=_locale(_active.get()))


def plain(text: str, limit: int = 80) -> str:
    """Make a person's own words safe to repeat: no markup, no mentions, no control characters, not long."""
    visible = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c == " ")
    short = visible if len(visible) <= limit else visible[: limit - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", short)
