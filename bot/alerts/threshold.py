"""Thresholds as people write them, in the unit of what they watch: "5.5%", "25bp", "0.70", "$280", "1.2M".

One amount has one reading, or is asked back: a bare 5.5 on a percentage could be 5.5% or 550%, so it needs its
sign. Numbers follow the active language ("5,5 %" in Spanish). The arithmetic is decimal, so that what is written
out is read back as the same number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

from bot import i18n
from bot.alerts.rule import MAX_WITHIN, Direction
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.report import Cadence, Unit

MAX_TEXT = 40
_PERCENTAGES: frozenset[Unit] = frozenset({"fraction", "percentage_points"})
_SHAPE = re.compile(
    r"(?P<sign>[+\-]?)\s*(?P<dollar>\$?)\s*(?P<number>\d[\d.,\s\u00a0\u202f']*)\s*"
    r"(?P<suffix>[a-z%]*(?: (?:points?|básicos?|porcentuales?))?)"
)
_UP = re.compile(r"^(?:up|rises?|rose|sube|alza)\b(?: (?:by|de|un))?\s*")
_DOWN = re.compile(r"^(?:down|falls?|fell|drops?|baja|caída)\b(?: (?:by|de|un))?\s*")
_SPAN = re.compile(r"(\d{1,4})(?: ?(d|days?|s|sessions?|w|weeks?|m|months?|mo|y|years?|yr|observations?))?")
_KINDS = {
    "%": "percent", "percent": "percent", "pct": "percent", "pp": "percent", "points": "percent",
    "point": "percent", "percentage points": "percent", "percentage point": "percent",
    "punto": "percent", "puntos": "percent", "puntos porcentuales": "percent",
    "pb": "basis", "pbs": "basis", "punto básico": "basis", "puntos básicos": "basis",
    "bp": "basis", "bps": "basis", "basis points": "basis", "basis point": "basis",
    "k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion",
    "x": "plain", "": "plain", "usd": "dollar", "days": "plain", "day": "plain",
}  # fmt: skip
_SCALES = {"thousand": Decimal(1000), "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9}
_PER_MONTH = {"session": 21, "week": 4, "settlement": 2, "month": 1, "snapshot": 1}
_PER_YEAR = {"session": 252, "week": 52, "settlement": 24, "month": 12, "snapshot": 12}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its indicator's unit; ``relative`` where it is a share of the earlier value instead."""

    value: float
    relative: bool = False
    direction: Direction = "either"


def examples(unit: Unit) -> str:
    """Say how an amount in a unit is written, by example."""
    match unit:
        case "fraction" | "percentage_points":
            return i18n.one_of([i18n.percent(0.055), "25bp"])
        case "basis_points":
            return i18n.one_of(["25bp", "-50bp"])
        case "usd":
            return i18n.one_of(["$280", "$1.5B"])
        case "ratio":
            return i18n.number(0.7, 2)
        case "count":
            return i18n.one_of(["250000", "250k"])
    return i18n.number(80)


def parse_level(text: str, unit: Unit) -> float:
    """Read a level in an indicator's unit, as raw value (5.5% is 0.055). Raises BadInput."""
    kind, number = _read(text, unit)
    value = _in_unit(kind, number, unit)
    if value is None:
        raise _refused(text, unit)
    return float(value)


def parse_change(text: str, unit: Unit) -> Amount:
    """Read a change: "-50bp" falls, "+5%" rises, "5%" either way. Raises BadInput.

    A percentage is percentage points where the indicator is one, else a share of the earlier value.
    """
    tidy, direction = _directed(text)
    kind, number = _read(tidy, unit)
    if direction != "either" and number < 0:
        raise _refused(text, unit)
    if direction == "either" and tidy.lstrip()[:1] in "+-":
        direction = "up" if number > 0 else "down"
    value = _in_unit(kind, abs(number), unit)
    relative = value is None and kind == "percent"
    if relative:
        value = abs(number) / 100
    if value is None or not value:
        raise _refused(text, unit)
    return Amount(float(value), relative, direction)


def parse_distance(text: str, unit: Unit) -> float:
    """Read a distance such as a hysteresis: never negative, 0 allowed. Raises BadInput."""
    value = parse_level(text, unit)
    if value < 0:
        raise BadInput(_("A distance cannot be negative: {text}.").format(text=i18n.plain(text, 30)))
    return value


def parse_band(text: str) -> tuple[float, float]:
    """Read a band of percentiles: "0-5", "under 5", "over 95%", "40 to 60". Raises BadInput."""
    tidy = re.sub(r"\s+", " ", text.strip().lower().replace("%", "").replace("–", "-"))
    tidy = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", tidy.replace("percentile", "")).strip()
    if match := re.fullmatch(r"(?:under|below|lowest|<) ?([\d.,]+)", tidy):
        low, high = Decimal(0), _percentile(match[1], text)
    elif match := re.fullmatch(r"(?:over|above|>) ?([\d.,]+)", tidy):
        low, high = _percentile(match[1], text), Decimal(1)
    elif match := re.fullmatch(r"([\d.,]+) ?(?:-|to|a|and) ?([\d.,]+)", tidy):
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
    count = int(match[1]) if match[2] is None else _observations(int(match[1]), match[2][0], cadence)
    if not 1 <= count <= MAX_WITHIN:
        raise _no_span(text)
    return count


def written(value: float, unit: Unit) -> str:
    """Write a raw value so that ``parse_level`` reads the same one back, and people do too: 0.055 is "5.5%"."""
    exact = Decimal(repr(value))
    if unit == "percentage_points":
        return _points(exact)
    if unit == "fraction":
        return _localised(exact * 100) + "%"
    if unit == "basis_points":
        return _("{n} bp").format(n=_localised(exact))
    return (f"{i18n.MINUS}$" if value < 0 else "$") + _localised(abs(exact)) if unit == "usd" else _localised(exact)


def distance_written(value: float, unit: Unit, *, relative: bool = False) -> str:
    """Write a change or distance: 0.005 of a yield is "0.5 points", 0.05 of a price "5%"."""
    if relative:
        return _localised(Decimal(repr(value)) * 100) + "%"
    if unit in _PERCENTAGES:
        return _points(Decimal(repr(value)))
    return written(value, unit)


def _points(value: Decimal) -> str:
    shown = value * 100
    return i18n.ngettext("{n} point", "{n} points", 1 if abs(shown) == 1 else 2).format(n=_localised(shown))


def level_text(value: float, unit: Unit) -> str:
    """Return a level as it would be typed, rounded to what people write: 0.0423 as a yield is "4.23%"."""
    digits = {"fraction": 4, "percentage_points": 4, "ratio": 4, "usd": 2, "score": 1, "basis_points": 1}.get(unit, 0)
    return written(round(value, digits), unit).replace(i18n.MINUS, "-").replace("\u00a0", " ")


def change_text(value: float, unit: Unit, direction: Direction, *, relative: bool) -> str:
    """Return a change as it would be typed: "-0.5%", "+5%", "25" either way."""
    sign = {"up": "+", "down": "-", "either": ""}[direction]
    if relative or unit in _PERCENTAGES:
        return f"{sign}{_localised(Decimal(repr(value)) * 100)}%"
    return sign + written(value, unit)


def band_text(low: float, high: float) -> str:
    """Return a band of percentiles as it would be typed: "0-5"."""
    return "-".join(_localised(Decimal(repr(edge)) * 100) for edge in (low, high))


def band_written(low: float, high: float) -> str:
    """Write a band of percentiles: "5th" is left to the language: "the lowest 5%", "percentiles 40 to 60"."""
    lower, upper = (_localised(Decimal(repr(edge)) * 100) for edge in (low, high))
    if low == 0:
        return _("the lowest {share}% of its history").format(share=upper)
    if high == 1:
        rest = _localised(100 - Decimal(repr(low)) * 100)
        return _("the highest {share}% of its history").format(share=rest)
    return _("percentiles {low} to {high} of its history").format(low=lower, high=upper)


def _localised(value: Decimal) -> str:
    exact = value.normalize()
    digits = max(0, -int(exact.as_tuple().exponent))
    return i18n.number(float(exact), digits)


def _read(text: str, unit: Unit) -> tuple[str, Decimal]:
    tidy = re.sub(r"\s+", " ", text.strip().lower().replace(i18n.MINUS, "-").replace("–", "-"))
    match = _SHAPE.fullmatch(tidy) if len(text) <= MAX_TEXT else None
    kind = _KINDS.get(match["suffix"].strip()) if match else None
    if match is None or kind is None or (match["dollar"] and kind in {"percent", "basis"}):
        raise _refused(text, unit)
    number = _decimal(match["number"])
    if number is None:
        raise _refused(text, unit)
    if match["dollar"] and kind == "plain":
        kind = "dollar"
    return kind, -number if match["sign"] == "-" else number


def _decimal(text: str) -> Decimal | None:
    """Read a number in the active language; what is written like another language's is nothing."""
    language = i18n.active() if i18n.active() in i18n.LANGUAGES else i18n.DEFAULT
    try:
        return parse_decimal(text.strip().replace(" ", "").replace("'", ""), locale=language, strict=True)
    except NumberFormatError:
        return _unpadded(text)


def _unpadded(text: str) -> Decimal | None:
    """Take plain digits with a point that babel calls odd only for their zeros: 0.70, 280.00."""
    comma = "," if i18n.active() == "es" else "."
    if re.fullmatch(rf"\d+{re.escape(comma)}\d+", text.strip()):
        return Decimal(text.strip().replace(",", "."))
    return None


def _in_unit(kind: str, number: Decimal, unit: Unit) -> Decimal | None:
    if unit in _PERCENTAGES:
        per = {"percent": Decimal(100), "basis": Decimal(10000)}.get(kind)
        return number / per if per else (number if number == 0 and kind == "plain" else None)
    if unit == "basis_points":
        return {"plain": number, "basis": number, "percent": number * 100}.get(kind)
    if kind in _SCALES:
        return number * _SCALES[kind] if unit in {"usd", "count"} else None
    if kind == "dollar":
        return number if unit == "usd" else None
    return number if kind == "plain" else None


def _directed(text: str) -> tuple[str, Direction]:
    tidy = text.strip().replace(i18n.MINUS, "-").lower()
    for pattern, direction in ((_UP, "up"), (_DOWN, "down")):
        if (rest := pattern.sub("", tidy)) != tidy:
            return rest, "up" if direction == "up" else "down"
    return tidy, "either"


def _percentile(number: str, text: str) -> Decimal:
    value = _decimal(number)
    if value is None:
        raise _no_band(text)
    return value / 100


def _observations(count: int, unit: str, cadence: Cadence) -> int:
    """Turn a length into observations; 0 where the cadence cannot count it (days of a weekly series)."""
    if unit == "y":
        return count * _PER_YEAR[cadence]
    if unit == "m":
        return count * _PER_MONTH[cadence]
    if cadence == "session":
        return count * 5 if unit == "w" else count
    return count if unit == "w" and cadence == "week" else 0


def _refused(text: str, unit: Unit) -> BadInput:
    return BadInput(
        _("“{text}” does not work as a value here: write it like {examples}.").format(
            text=i18n.plain(text, 30), examples=examples(unit)
        )
    )


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
