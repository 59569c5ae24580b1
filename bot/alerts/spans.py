"""Bands of percentiles and how far back to look, as people write them: "under 5", "40-60", "63", "3m", "ever"."""

import re
from decimal import Decimal

from bot import i18n
from bot.alerts.rule import MAX_WITHIN
from bot.alerts.threshold import decimal, localised
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.report import Cadence

_SPAN = re.compile(
    r"(\d{1,4})(?: ?(d|days?|días?|s|sessions?|sesi[oó]n(?:es)?|w|weeks?|semanas?|m|months?|mo|mes(?:es)?|y|years?|yr|"
    r"a|años?|observations?|observaci[oó]n(?:es)?))?"
)
_LENGTHS = {"semana": "w", "años": "y", "año": "y", "a": "y", "semanas": "w"}
_PER_MONTH = {"session": 21, "week": 4, "settlement": 2, "month": 1, "snapshot": 1}
_PER_YEAR = {"session": 252, "week": 52, "settlement": 24, "month": 12, "snapshot": 12}


def parse_band(text: str) -> tuple[float, float]:
    """Read a band of percentiles: "0-5", "under 5", "over 95%", "40 to 60". Raises BadInput."""
    tidy = re.sub(r"\s+", " ", text.strip().lower().replace("%", "").replace("–", "-"))
    tidy = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|percentiles?|percentil(?:es)?|^between|^entre", "", tidy).strip()
    if match := re.fullmatch(r"(?:under|below|lowest|<|menos de|bajo|por debajo de) ?([\d.,]+)", tidy):
        low, high = Decimal(0), _percentile(match[1], text)
    elif match := re.fullmatch(r"(?:over|above|highest|>|más de|sobre|por encima de) ?([\d.,]+)", tidy):
        low, high = _percentile(match[1], text), Decimal(1)
    elif match := re.fullmatch(r"([\d.,]+) ?(?:-|to|a|and|y) ?([\d.,]+)", tidy):
        low, high = _percentile(match[1], text), _percentile(match[2], text)
    else:
        raise _no_band(text)
    if not 0 <= low < high <= 1:
        raise _no_band(text)
    return float(low), float(high)


def parse_span(text: str, cadence: Cadence) -> int | None:
    """Read how far back to look, as a number of observations: "63", "3m", "1y"; None for "ever". Raises BadInput.

    A month counts 21 sessions, 4 weeks or 2 settlements, a year 252, 52 or 24.
    """
    tidy = text.strip().lower()
    if tidy in {"ever", "record", "all", "max", "all time", "siempre"}:
        return None
    match = _SPAN.fullmatch(tidy)
    if match is None:
        raise _no_span(text)
    unit = _LENGTHS.get(match[2], match[2][0]) if match[2] else "o"
    count = _observations(int(match[1]), unit, cadence)
    if not 1 <= count <= MAX_WITHIN:
        raise _no_span(text)
    return count


def band_text(low: float, high: float) -> str:
    """Return a band of percentiles as it would be typed: "0-5"."""
    return "-".join(localised(Decimal(repr(edge)) * 100) for edge in (low, high))


def band_written(low: float, high: float) -> str:
    """Write a band of percentiles: "5th" is left to the language: "the lowest 5%", "percentiles 40 to 60"."""
    lower, upper = (localised(Decimal(repr(edge)) * 100) for edge in (low, high))
    if low == 0:
        return _("the lowest {share}% of its history").format(share=upper)
    if high == 1:
        rest = localised(100 - Decimal(repr(low)) * 100)
        return _("the highest {share}% of its history").format(share=rest)
    return _("percentiles {low} to {high} of its history").format(low=lower, high=upper)


def _percentile(number: str, text: str) -> Decimal:
    value = decimal(number)
    if value is None:
        raise _no_band(text)
    return value / 100


def _observations(count: int, unit: str, cadence: Cadence) -> int:
    """Turn a length into observations; 0 where the cadence cannot count it (days of a weekly series)."""
    if unit == "o":
        return count
    if unit == "y":
        return count * _PER_YEAR[cadence]
    if unit == "m":
        return count * _PER_MONTH[cadence]
    if cadence == "session":
        return count * 5 if unit == "w" else count
    return count if unit == "w" and cadence == "week" else 0


def _no_band(text: str) -> BadInput:
    return BadInput(
        _("“{text}” is not a band of percentiles: write it like 0-5, “over 95” or 40-60.").format(
            text=i18n.plain(text, 30)
        )
    )


def _no_span(text: str) -> BadInput:
    return BadInput(
        _("“{text}” does not work here: how far back to look is a number such as 63, or 3m, 1y, ever.").format(
            text=i18n.plain(text, 30)
        )
    )
