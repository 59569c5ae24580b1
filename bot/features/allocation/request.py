"""What can be asked about a portfolio, and how holdings are written."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bot import i18n
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.request import Mark, Request, WindowText

Unit = Literal["percent", "dollars", "shares"]
CASH = "CASH"
MOST_HOLDINGS = 20
_TOLERATED = 0.5  # percentages may add up to 99.5 to 100.5: people round
_SEPARATORS = re.compile(r",(?!\d)|(?<!\d),|[;+]|\band\b|\by\b", re.IGNORECASE)  # 60,5 is a number
_AMOUNT = (
    r"(?P<dollar>\$ ?)?(?P<number>\d+(?:[.,]\d+)*|[.,]\d+)(?P<scale>[km])?"
    r"(?: ?(?P<unit>%|percent|por ciento|usd|dollars?|dólar(?:es)?|shares?|acci(?:ón|ones))(?: of| in| de| en)?)?"
)
_SYMBOL = r"\$?(?P<symbol>\^?[A-Za-z][A-Za-z0-9.\-/]{0,11})"
_BETWEEN = r"(?:\s*[:=]\s*|\s+)"
_SYMBOL_FIRST = re.compile(rf"{_SYMBOL}{_BETWEEN}{_AMOUNT}(?![\w.])", re.IGNORECASE)
_AMOUNT_FIRST = re.compile(rf"{_AMOUNT}{_BETWEEN}{_SYMBOL}(?![\w.])", re.IGNORECASE)
_UNITS: dict[str, Unit] = {
    "%": "percent", "percent": "percent", "usd": "dollars", "dollar": "dollars", "dollars": "dollars",
    "share": "shares", "shares": "shares", "por ciento": "percent", "dólar": "dollars", "dólares": "dollars",
    "acción": "shares", "acciones": "shares",
}  # fmt: skip
_SCALES = {"k": 1e3, "m": 1e6}


@dataclass(frozen=True, slots=True)
class Holding:
    """So much of one symbol, in percent of the whole, dollars, or shares; no unit where none was written."""

    symbol: str
    amount: float
    unit: Unit | None


def parse_holdings(text: str, default: Unit | None = None) -> tuple[Holding, ...]:
    """Read holdings as people write them: ``SPY 60, IWM 20, NVDA 20``, ``60% SPY and 40% IWM``, ``IWM 100 shares``.

    The same symbol twice is added up. Plain numbers take the ``default`` unit, or are percentages if they add up to
    100. Raises BadInput that says which part cannot be read, which units clash, or what does not add up.
    """
    tidy = _one_by_one(" ".join(text.split()))
    found: dict[str, Holding] = {}
    for part in _SEPARATORS.split(tidy):
        for one in _read_part(part.strip()):
            known = found.get(one.symbol)
            if known and known.unit != one.unit:
                raise _clash()
            found[one.symbol] = Holding(one.symbol, one.amount + (known.amount if known else 0.0), one.unit)
    return _with_units(tuple(found.values()), default)


def _one_by_one(text: str) -> str:
    """Return ``60/40 SPY IWM`` with each number before its symbol; anything else as it is."""
    numbers, _space, symbols = text.partition(" ")
    shares, names = numbers.removesuffix("%").split("/"), re.split(r"[ ,/]+", symbols)
    if len(shares) < 2 or len(shares) != len(names) or not all(share.isdecimal() for share in shares):
        return text
    return ", ".join(f"{share}% {name}" for share, name in zip(shares, names, strict=True))


def _read_part(part: str) -> list[Holding]:
    if not part:
        return []
    patterns = (
        (_AMOUNT_FIRST, _SYMBOL_FIRST) if part[0].isdigit() or part[0] in "$." else (_SYMBOL_FIRST, _AMOUNT_FIRST)
    )
    for pattern in patterns:
        matches = list(pattern.finditer(part))
        if matches and not pattern.sub("", part).strip():
            with suppress(ValueError):
                return [_holding(match) for match in matches]
    raise BadInput(
        _("I do not understand “{part}” as a holding. Write for instance SPY 60, IWM 20, NVDA 20.").format(
            part=i18n.plain(part, 40)
        )
    )


def _holding(match: re.Match[str]) -> Holding:
    unit = _UNITS[match["unit"].lower()] if match["unit"] else None
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1.0
    if match["dollar"] or (match["scale"] and unit is None):
        unit = "dollars"
    # nobody holds thousands of percent: there, three digits behind a point are decimals in every language
    number = float(match["number"].replace(",", ".")) if unit == "percent" else i18n.parsed_number(match["number"])
    return Holding(match["symbol"].upper().lstrip("^"), number * scale, unit)


def _clash() -> BadInput:
    return BadInput(_("Write all holdings in percent, or all in dollars and shares, not both."))


def _without_unit(holding: Holding) -> BadInput:
    return BadInput(
        _(
            "{symbol} has no unit where others have one: write $ for dollars, “shares” for shares, % for percent."
        ).format(symbol=i18n.plain(holding.symbol, 20))
    )


def _with_units(holdings: tuple[Holding, ...], default: Unit | None) -> tuple[Holding, ...]:
    held = tuple(one for one in holdings if one.amount > 0)
    if not held:
        raise BadInput(_("There is nothing in this portfolio: write for instance SPY 60, IWM 20, NVDA 20."))
    if len(held) > MOST_HOLDINGS:
        raise BadInput(_("That is {n} holdings; I take {most} at most.").format(n=len(held), most=MOST_HOLDINGS))
    total = sum(one.amount for one in held)
    written = {one.unit for one in held} - {None}
    usual: Unit | None = default or ("percent" if written <= {"percent"} else None)
    named = tuple(
        Holding(one.symbol, one.amount, one.unit or usual or ("dollars" if one.symbol == CASH else None))
        for one in held
    )
    if (bare := next((one for one in named if one.unit is None), None)) is not None:
        raise _without_unit(bare)
    units = {one.unit for one in named}
    if "percent" in units and len(units) > 1:
        raise _clash()
    if units == {"percent"} and abs(total - 100) > _TOLERATED:
        raise BadInput(
            _(
                "These percentages add up to {total}, not to 100. For dollars write $, for shares write “shares”."
            ).format(total=i18n.number(total, 0 if total == round(total) else 1))
        )
    return named


class AllocationRequest(Request):
    """A portfolio: its mix of company sizes, its risk, and what a shift towards small caps would have done.

    Holdings left out are still to be asked for: there is no answer without.
    """

    feature: ClassVar[str] = "allocation"
    private: ClassVar[bool] = True
    holdings: Annotated[str, Mark.TEXT] = ""
    unit: Literal["auto", "percent", "dollars", "shares"] = "auto"
    shift: Annotated[float, Field(gt=0, le=1)] = 0.10
    window: WindowText = "5y"

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.holdings:
            self.parsed()
        return self

    def parsed(self) -> tuple[Holding, ...]:
        """Return the holdings with their units. Raises BadInput where they do not add up."""
        return parse_holdings(self.holdings, None if self.unit == "auto" else self.unit)
