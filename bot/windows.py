"""Windows and dates as people write them: one parser for slash options, text commands, replies and the CLI.

A ``Window`` is canonical text: ``6m``, ``2w``, ``3y``, ``ytd``, ``max`` or the ISO day on which it starts.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale

from bot import i18n
from bot.errors import AmbiguousDate, BadInput, DateInFuture
from bot.i18n import gettext as _

ARTICLE = date(2025, 12, 4)  # the day the claim was made: "since the article"
OFFERED = ("1w", "1m", "3m", "6m", "ytd", "1y", "3y", "5y", "10y", "max")
MAX_LENGTH = 60
_EARLIEST_YEAR = 1900

_CANONICAL = re.compile(r"([1-9]\d{0,3})([dwmy])")
_LENGTH = re.compile(
    r"(?:last |past |(?:el |la |los |las )?ultim[oa]s? )?(\d{1,4}|a|one|una?)? ?"
    r"(d|days?|dias?|w|wks?|weeks?|semanas?|m|mos?|mths?|months?|mes|meses|y|yrs?|years?|anos?)"
)
_UNITS = {"s": "w", "a": "y"}  # semanas and años, by their first letter
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{4}|\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)? (?:of |de )?)?([a-z]+)\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?(?:,? (?:de )?(\d{4}))?"
)
_NAMED = {
    "ytd": "ytd", "year to date": "ytd", "this year": "ytd", "year-to-date": "ytd",
    "en el ano": "ytd", "este ano": "ytd", "ano en curso": "ytd", "en lo que va de ano": "ytd",
    "en lo que va del ano": "ytd",
    "max": "max", "all": "max", "ever": "max", "all time": "max", "maximum": "max", "todo": "max", "maximo": "max",
    "all history": "max", "siempre": "max", "desde siempre": "max", "todo el historial": "max",
    "half year": "6m", "half a year": "6m", "medio ano": "6m", "semestre": "6m",
    "quarter": "3m", "last quarter": "3m", "trimestre": "3m", "ultimo trimestre": "3m",
    "decade": "10y", "decada": "10y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A span that ends at the as-of session. ``text`` is its canonical form."""

    text: str

    @property
    def is_date(self) -> bool:
        """Whether it starts on a given day rather than a length back."""
        return "-" in self.text

    def start(self, as_of: date) -> date | None:
        """Return the calendar day it starts on, None for ``max``. The first session used is the last one at or before.

        ``ytd`` starts on the last day of the previous year, as year-to-date returns are measured from there.
        """
        if self.text == "max":
            return None
        if self.text == "ytd":
            return date(as_of.year - 1, 12, 31)
        if self.is_date:
            return date.fromisoformat(self.text)
        match = _CANONICAL.fullmatch(self.text)
        if match is None:
            raise ValueError(f"not a canonical window: {self.text}")
        return _back(as_of, int(match[1]), match[2])

    def words(self) -> str:
        """Say the window in words: "6 months", "year to date", "since 4 Dec 2025"."""
        if self.text == "max":
            return _("all history")
        if self.text == "ytd":
            return _("year to date")
        if self.is_date:
            return _("since {day}").format(day=i18n.day(date.fromisoformat(self.text)))
        count = int(self.text[:-1])
        match self.text[-1]:
            case "d":
                phrase = i18n.ngettext("{n} day", "{n} days", count)
            case "w":
                phrase = i18n.ngettext("{n} week", "{n} weeks", count)
            case "m":
                phrase = i18n.ngettext("{n} month", "{n} months", count)
            case _:
                phrase = i18n.ngettext("{n} year", "{n} years", count)
        return phrase.format(n=count)


def _back(day: date, count: int, unit: str) -> date:
    if unit in "dw":
        reached = day.toordinal() - count * (7 if unit == "w" else 1)
        return date.fromordinal(max(1, reached))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
    year, month = max(1, months // 12), months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _tidy(text: str) -> str:
    if len(text) > MAX_LENGTH or any(unicodedata.category(c)[0] == "C" for c in text):
        raise _not_understood(text)
    return re.sub(r"\s+", " ", text.strip().strip(",.;!?").lower())


def _not_understood(text: str) -> BadInput:
    return BadInput(
        _("I do not understand “{text}” as a time. Try 6m, ytd, 1y, “since April” or 2025-12-04.").format(
            text=i18n.plain(text, 30)
        )
    )


def parse_window(text: str, today: date) -> Window:
    """Read a window or a start date; ``today`` is the last session, against which words are resolved.

    Raises BadInput, AmbiguousDate or DateInFuture, each fit to be shown.
    """
    tidy = _tidy(text)
    bare = _unaccented(tidy)
    if bare in _NAMED:
        return Window(_NAMED[bare])
    if _CANONICAL.fullmatch(bare):
        return _checked(bare, today)
    length = _LENGTH.fullmatch(bare)
    if length:
        count = int(length[1]) if (length[1] or "").isdigit() else 1
        unit = length[2][0]
        return _checked(f"{count}{_UNITS.get(unit, unit)}", today)
    for opening in ("since ", "from ", "desde "):
        if tidy.startswith(opening):
            tidy = tidy.removeprefix(opening)
            break
    return Window(parse_date(tidy, today).isoformat())


def _checked(text: str, today: date) -> Window:
    window = Window(text)
    start = window.start(today) if _CANONICAL.fullmatch(text) else None
    if start is None or start.year < _EARLIEST_YEAR:
        raise BadInput(_("That window is too long; “max” takes all there is."))
    return window


def parse_date(text: str, today: date) -> date:
    """Read a day in any of the common spellings; words such as "april" mean the latest one not after ``today``.

    Day and month that could be swapped are asked back (AmbiguousDate) unless only one reading is in the past.
    Raises BadInput for anything else, DateInFuture where every reading lies ahead.
    """
    tidy = _unaccented(_tidy(text)).removeprefix("el ")
    word = {
        "today": today, "now": today, "hoy": today, "latest": today,
        "yesterday": today - timedelta(days=1), "ayer": today - timedelta(days=1),
        "anteayer": today - timedelta(days=2),
        "the article": ARTICLE, "article": ARTICLE, "articulo": ARTICLE,
    }.get(tidy)  # fmt: skip
    if word is not None:
        return word
    readings = _numeric(tidy, today) or _worded(tidy, today)
    if not readings:
        raise _not_understood(text)
    past = sorted({d for d in readings if d <= today})
    if not past:
        raise DateInFuture(min(readings), today)
    if len(past) > 1:
        raise AmbiguousDate(past)
    return past[0]


def _numeric(tidy: str, today: date) -> list[date]:
    if match := _ISO.fullmatch(tidy):
        return _days([(int(match[1]), int(match[2]), int(match[3]))])
    if match := _DOTTED.fullmatch(tidy):
        return _latest(int(match[2]), int(match[1]), match[3], today)
    if match := _SLASHED.fullmatch(tidy):
        first, second = int(match[1]), int(match[2])
        return _latest(first, second, match[3], today) + _latest(second, first, match[3], today)
    if re.fullmatch(r"(19|20)\d\d", tidy):
        return _days([(int(tidy), 1, 1)])
    return []


def _worded(tidy: str, today: date) -> list[date]:
    weekday = _weekdays().get(tidy.removeprefix("last ").removesuffix(" pasado"))
    if weekday is not None:
        return [today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)]
    match = _WORDED.fullmatch(tidy)
    month = _months().get(match[2]) if match else None
    if match is None or month is None or (match[1] and match[3]):
        return []
    day = int(match[1] or match[3] or 1)
    return _latest(month, day, match[4], today)


def _latest(month: int, day: int, year: str | None, today: date) -> list[date]:
    """Return the day of that year, or without a year the latest one that is not after ``today``."""
    if year is not None:
        return _days([(int(year) if len(year) == 4 else 2000 + int(year), month, day)])
    candidates = [(today.year - back, month, day) for back in range(9)]  # eight years hold a leap day
    return [d for d in _days(candidates) if d <= today][:1]


def _days(candidates: list[tuple[int, int, int]]) -> list[date]:
    found = []
    for year, month, day in candidates:
        if _EARLIEST_YEAR <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            found.append(date(year, month, day))
    return found


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _names(language: str, kind: str) -> dict[str, dict[int, str]]:
    names: dict[str, dict[int, str]] = getattr(Locale.parse(language), kind)["format"]
    return names


def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in i18n.LANGUAGES:
        months = _names(language, "months")
        for width in ("wide", "abbreviated"):
            names |= {_unaccented(name.lower().rstrip(".")): number for number, name in months[width].items()}
    return names | {"sept": 9, "setiembre": 9}


def _weekdays() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in i18n.LANGUAGES:
        days = _names(language, "days")
        for width in ("wide", "abbreviated"):
            names |= {_unaccented(name.lower().rstrip(".")): number for number, name in days[width].items()}
    return names
