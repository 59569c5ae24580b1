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
_COUNTS = {
    word: count
    for count, words in enumerate((
        "a an one un una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
        "eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce",
    ), start=1)
    for word in words.split()
}  # fmt: skip
_SPAN = (
    rf"(?:(\d{{1,4}}|{'|'.join(_COUNTS)}) ?)?"
    r"(d|days?|dias?|w|wks?|weeks?|semanas?|m|mos?|mths?|months?|mes|meses|y|yrs?|years?|anos?)"
)
_LENGTH = re.compile(rf"(?:(?:the )?(?:last|past|trailing) |(?:el |la |los |las )?ultim[oa]s? )?{_SPAN}")
_HALVES = re.compile(r"\b(\d{1,2})[.,]([05]) ?(?:y|yrs?|years?|anos?)\b")  # 1.5y, 2,5 años
_AGO = (re.compile(rf"{_SPAN} (?:ago|back)"), re.compile(rf"hace {_SPAN}"))
_UNITS = {"s": "w", "a": "y"}  # semanas and años, by their first letter
_SINCE = re.compile(r"(?:since|from|desde) ")
_THE = re.compile(r"(?:(?:the|a|el|la) )?(?:(?:start|beginning) of (?:the )?)?")
_ISO = re.compile(r"(?P<y>\d{4})(?:([-/. ])(?P<m>\d\d?)\2(?P<d>\d\d?)|(?P<mm>\d\d)(?P<dd>\d\d))")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{4}|\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_MONTH_ALONE = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d\d?)|(?P<first>\d\d?)/(?P<last>\d{4})")
_QUARTER = re.compile(r"q ?([1-4])(?: (\d{4}))?")
_WORDED = re.compile(r"(?:(\d{1,2}) (?:of |de )?)?([a-z]+)\.?(?: (\d{1,2}))?(?:,? (?:de )?(\d{4}))?")
_NAMED = {
    "ytd": "ytd", "year to date": "ytd", "this year": "ytd", "year": "ytd",
    "en el ano": "ytd", "este ano": "ytd", "ano en curso": "ytd", "en lo que va de ano": "ytd",
    "en lo que va del ano": "ytd",
    "max": "max", "all": "max", "ever": "max", "all time": "max", "maximum": "max", "todo": "max", "maximo": "max",
    "all history": "max", "siempre": "max", "todo el historial": "max", "inception": "max",
    "half year": "6m", "half a year": "6m", "medio ano": "6m", "semestre": "6m",
    "quarter": "3m", "last quarter": "3m", "trimestre": "3m", "ultimo trimestre": "3m",
    "decade": "10y", "decada": "10y", "ttm": "12m", "fortnight": "2w",
}  # fmt: skip
_TO_DATE = {
    "wtd": "w", "week to date": "w", "this week": "w", "esta semana": "w",
    "mtd": "m", "month to date": "m", "this month": "m", "este mes": "m",
    "qtd": "q", "quarter to date": "q", "this quarter": "q", "este trimestre": "q",
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
        phrase = {
            "d": i18n.ngettext("{n} day", "{n} days", count),
            "w": i18n.ngettext("{n} week", "{n} weeks", count),
            "m": i18n.ngettext("{n} month", "{n} months", count),
            "y": i18n.ngettext("{n} year", "{n} years", count),
        }[self.text[-1]]
        return phrase.format(n=count)


def _back(day: date, count: int, unit: str) -> date:
    if unit in "dw":
        reached = day.toordinal() - count * (7 if unit == "w" else 1)
        return date.fromordinal(max(1, reached))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
    year, month = max(1, months // 12), months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _tidy(text: str) -> str:
    """Return the words in one spelling: ``4-Dec-2025`` and ``4th dec 2025`` are ``4 dec 2025``."""
    if len(text) > MAX_LENGTH or any(unicodedata.category(c)[0] == "C" for c in text):
        raise _not_understood(text)
    bare = _unaccented(text.lower()).replace("’", "'")
    bare = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", bare)
    bare = re.sub(r"'(\d\d)\b", r" 20\1", bare)
    bare = re.sub(r"(?<=[a-z])-(?=\w)|(?<=\d)-(?=[a-z])", " ", bare)
    bare = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", bare)
    bare = _HALVES.sub(lambda years: f"{12 * int(years[1]) + 6 * (years[2] == '5')} months", bare)
    return re.sub(r"\s+", " ", bare).strip(" ,.;!?")


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
    tidy = _without(_SINCE, _tidy(text))
    for words in (tidy, _without(_THE, tidy)):
        if words in _NAMED:
            return Window(_NAMED[words])
        if words in _TO_DATE:
            return Window(_before(today, _TO_DATE[words]).isoformat())
        if length := _LENGTH.fullmatch(words):
            return Window(_length(length, text, today))
    return Window(_day(tidy, text, today).isoformat())


def _without(opening: re.Pattern[str], tidy: str) -> str:
    """Return the words without what may stand before a day: ``the start of 2020`` is ``2020``."""
    found = opening.match(tidy)
    return tidy[found.end() :] if found else tidy


def _before(today: date, unit: str) -> date:
    """Return the day before the week, month or quarter that ``today`` is in: returns to date start there."""
    if unit == "w":
        return today - timedelta(days=today.weekday() + 1)
    months_in = (today.month - 1) % 3 if unit == "q" else 0
    return today.replace(month=today.month - months_in, day=1) - timedelta(days=1)


def _length(match: re.Match[str], text: str, today: date) -> str:
    """Return the canonical window of a length. Raises BadInput for none at all, or one before any record."""
    count = int(match[1]) if (match[1] or "").isdigit() else _COUNTS.get(match[1] or "", 1)
    if count == 0:
        raise _not_understood(text)
    window = f"{count}{_UNITS.get(match[2][0], match[2][0])}"
    start = Window(window).start(today)
    if start is None or start.year < _EARLIEST_YEAR:
        raise BadInput(_("That window is too long; “max” takes all there is."))
    return window


def parse_date(text: str, today: date) -> date:
    """Read a day in any of the common spellings; words such as "april" mean the latest one not after ``today``.

    Day and month that could be swapped are asked back (AmbiguousDate) unless only one reading is in the past.
    Raises BadInput for anything else, DateInFuture where every reading lies ahead.
    """
    return _day(_tidy(text), text, today)


def _day(words: str, text: str, today: date) -> date:
    """Read tidy words as a day; ``text`` is what was written."""
    tidy = _without(_THE, words)
    for ago in _AGO:
        if length := ago.fullmatch(tidy):
            return Window(_length(length, text, today)).start(today) or today
    spellings = (_named, _numeric, _in_part, _worded, _on_weekday)
    readings = next((found for read in spellings if (found := read(tidy, today))), [])
    if not readings:
        raise _not_understood(text)
    past = sorted({d for d in readings if d <= today})
    if not past:
        raise DateInFuture(min(readings), today)
    if len(past) > 1:
        raise AmbiguousDate(past)
    return past[0]


def _named(tidy: str, today: date) -> list[date]:
    days = {
        "today": 0, "now": 0, "hoy": 0, "latest": 0, "yesterday": 1, "ayer": 1, "day before yesterday": 2,
        "anteayer": 2, "tomorrow": -1, "manana": -1,
    }  # fmt: skip
    if tidy in {"article", "articulo"}:
        return [ARTICLE]
    return [today - timedelta(days=days[tidy])] if tidy in days else []


def _numeric(tidy: str, today: date) -> list[date]:
    if match := _ISO.fullmatch(tidy):
        return _days([(int(match["y"]), int(match["m"] or match["mm"]), int(match["d"] or match["dd"]))])
    if match := _DOTTED.fullmatch(tidy):
        return _latest(int(match[2]), int(match[1]), match[3], today)
    if match := _SLASHED.fullmatch(tidy):
        first, second = int(match[1]), int(match[2])
        return _latest(first, second, match[3], today) + _latest(second, first, match[3], today)
    return []


def _in_part(tidy: str, today: date) -> list[date]:
    """Read a month, a quarter or a year in figures as its first day."""
    if match := _MONTH_ALONE.fullmatch(tidy):
        return _days([(int(match["year"] or match["last"]), int(match["month"] or match["first"]), 1)])
    if match := _QUARTER.fullmatch(tidy):
        return _latest(3 * int(match[1]) - 2, 1, match[2], today)
    return _days([(int(tidy), 1, 1)]) if re.fullmatch(r"(19|20)\d\d", tidy) else []


def _worded(tidy: str, today: date) -> list[date]:
    tidy = re.sub(r"^(last|previous) | pasado$", "", tidy)
    weekday = _weekdays().get(tidy)
    if weekday is not None:
        return [today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)]
    match = _WORDED.fullmatch(tidy)
    month = _months().get(match[2]) if match else None
    if match is None or month is None:
        return []
    day, year = match[1] or match[3] or "1", match[4]
    if match[1] and match[3]:  # 4 dec 25
        if year or len(match[3]) < 2:
            return []
        year = match[3]
    return _latest(month, int(day), year, today)


def _on_weekday(tidy: str, today: date) -> list[date]:
    """Read ``thu dec 4``: a day that fell on the weekday named before it."""
    name, _space, rest = tidy.partition(" ")
    weekday = _weekdays().get(name.rstrip(",."))
    if weekday is None:
        return []
    return [day for day in _numeric(rest, today) or _worded(rest, today) if day.weekday() == weekday]


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


def _named_in_calendars(kind: str) -> dict[str, int]:
    """Return the numbers of months or weekdays by their names, in full and in short, in every language."""
    names: dict[str, int] = {}
    for language in i18n.LANGUAGES:
        for width in ("wide", "abbreviated"):
            known = getattr(Locale.parse(language), kind)["format"][width]
            names |= {_unaccented(name.lower().rstrip(".")): number for number, name in known.items()}
    return names


def _months() -> dict[str, int]:
    return _named_in_calendars("months") | {"sept": 9, "setiembre": 9}


def _weekdays() -> dict[str, int]:
    return _named_in_calendars("days") | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
