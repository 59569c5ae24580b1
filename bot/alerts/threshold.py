"""Thresholds as people write them, in the unit of what they watch: "5.5%", "25bp", "0.70", "$280", "1.2M".

One amount has one reading, or is asked back: a bare 5.5 on a percentage could be 5.5% or 550%, so it needs its
sign. Numbers follow the active language ("5,5 %" in Spanish). The arithmetic is decimal, so that what is written
out is read back as the same number.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_decimal_symbol

from bot import i18n
from bot.alerts.rule import Direction
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.report import Unit

MAX_TEXT = 40
_PERCENTAGES: frozenset[Unit] = frozenset({"fraction", "percentage_points"})
_SHAPE = re.compile(
    r"(?P<sign>[+\-]?)\s*(?P<dollar>(?:us)?\$)?\s*(?P<number>[\d.,][\d.,\s\u00a0\u202f']*)(?P<suffix>[^\d.,]*)"
)
_UP = re.compile(r"^(?:up|rises?|rose|sube|alza)\b(?: (?:by|de|un))?\s*")
_DOWN = re.compile(r"^(?:down|falls?|fell|drops?|baja|caída)\b(?: (?:by|de|un))?\s*")
_NAMES = {
    "percent": "% percent per_cent pct pp pts pt points point percentage_points percentage_point por_ciento punto "
    "puntos punto_porcentual puntos_porcentuales",
    "basis": "bp bps basis_points basis_point pb pbs punto_básico puntos_básicos",
    "thousand": "k thousand mil",
    "million": "m mn million millón millones",
    "billion": "b bn billion",
    "dollar": "$ usd us$ dollars dollar dólares dólar",
    "plain": "x days day d días día",
}
_KINDS = {"": "plain"} | {name.replace("_", " "): kind for kind, names in _NAMES.items() for name in names.split()}
_SCALES = {"thousand": Decimal(1000), "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its indicator's unit; ``relative`` where it is a share of the earlier value instead."""

    value: float
    relative: bool = False
    direction: Direction = "either"


def examples(unit: Unit) -> str:
    """Say how an amount in a unit is written, by example."""
    percentages = [i18n.percent(0.055), "25bp"]
    amounts: dict[Unit, list[str]] = {
        "fraction": percentages,
        "percentage_points": percentages,
        "basis_points": ["25bp", "-50bp"],
        "usd": ["$280", f"${i18n.number(1.5, 1)}B"],
        "ratio": [i18n.number(0.7, 2)],
        "count": ["250000", "250k"],
        "days": [i18n.number(10)],
    }
    return i18n.one_of(amounts.get(unit, [i18n.number(80)]))


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


def written(value: float, unit: Unit) -> str:
    """Write a raw value so that ``parse_level`` reads the same one back, and people do too: 0.055 is "5.5%"."""
    exact = Decimal(repr(value))
    if unit == "percentage_points":
        return _points(exact)
    if unit == "fraction":
        return localised(exact * 100) + "%"
    if unit == "basis_points":
        return _("{n} bp").format(n=localised(exact))
    return (f"{i18n.MINUS}$" if value < 0 else "$") + localised(abs(exact)) if unit == "usd" else localised(exact)


def distance_written(value: float, unit: Unit, *, relative: bool = False) -> str:
    """Write a change or distance: 0.005 of a yield is "0.5 points", 0.05 of a price "5%"."""
    if relative:
        return localised(Decimal(repr(value)) * 100) + "%"
    if unit in _PERCENTAGES:
        return _points(Decimal(repr(value)))
    return written(value, unit)


def _points(value: Decimal) -> str:
    shown = value * 100
    return i18n.ngettext("{n} point", "{n} points", 1 if abs(shown) == 1 else 2).format(n=localised(shown))


def level_text(value: float, unit: Unit) -> str:
    """Return a level as it would be typed, rounded to what people write: 0.0423 as a yield is "4.23%"."""
    digits = {"fraction": 4, "percentage_points": 4, "ratio": 4, "usd": 2, "score": 1, "basis_points": 1}.get(unit, 0)
    return written(round(value, digits), unit).replace(i18n.MINUS, "-").replace("\u00a0", " ")


def change_text(value: float, unit: Unit, direction: Direction, *, relative: bool) -> str:
    """Return a change as it would be typed: "-0.5%", "+5%", "25" either way."""
    sign = {"up": "+", "down": "-", "either": ""}[direction]
    if relative or unit in _PERCENTAGES:
        return f"{sign}{localised(Decimal(repr(value)) * 100)}%"
    return sign + written(value, unit)


def localised(value: Decimal) -> str:
    """Write a number with the decimals it has, in the active language."""
    exact = value.normalize()
    digits = max(0, -int(exact.as_tuple().exponent))
    return i18n.number(float(exact), digits)


def _read(text: str, unit: Unit) -> tuple[str, Decimal]:
    written_plainly = unicodedata.normalize("NFKC", text).strip().lower().replace(i18n.MINUS, "-").replace("–", "-")
    tidy = re.sub(r"\s+", " ", written_plainly)
    match = _SHAPE.fullmatch(tidy) if len(text) <= MAX_TEXT else None
    kind = _KINDS.get(match["suffix"].strip()) if match else None
    if match is None or kind is None or (match["dollar"] and kind in {"percent", "basis"}):
        raise _refused(text, unit)
    number = decimal(match["number"])
    if number is None:
        raise _refused(text, unit)
    if match["dollar"] and kind == "plain":
        kind = "dollar"
    return kind, -number if match["sign"] == "-" else number


def decimal(text: str) -> Decimal | None:
    """Read a number as the active language writes it, else as others do: 5,5 has one reading, 1,200 is English's."""
    tidy = re.sub(r"[\s\u00a0\u202f']", "", text)
    points = sorted(".,", key=lambda mark: mark != _point())
    return next((number for point in points if (number := _with_point(tidy, point)) is not None), None)


def _point() -> str:
    language = i18n.active() if i18n.active() in i18n.LANGUAGES else i18n.DEFAULT
    return get_decimal_symbol(language)


def _with_point(text: str, point: str) -> Decimal | None:
    """Read digits with one of the two marks before the decimals and the other between groups of three."""
    group = "," if point == "." else "."
    shape = rf"([1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+|\d*)(?:{re.escape(point)}(\d*))?"
    match = re.fullmatch(shape, text)
    if match is None or not (match[1] or match[2]):
        return None
    return Decimal(f"{match[1].replace(group, '') or '0'}.{match[2] or '0'}")


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


def _refused(text: str, unit: Unit) -> BadInput:
    return BadInput(
        _("“{text}” does not work as a value here: write it like {examples}.").format(
            text=i18n.plain(text, 30), examples=examples(unit)
        )
    )
