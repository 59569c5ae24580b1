"""From what people call a share, a fund or an index to the symbol that is stored, and why not where not.

``resolve`` reads one name: ``$iwm``, ``brk/b``, ``r2k``, ``small caps``, ``FB``. Where it answers with something
other than what was written, it says so in a note. What cannot be answered is an UnknownSymbol with its reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot import i18n
from bot.errors import UnknownSymbol
from bot.i18n import gettext as _
from bot.market.catalogue import Catalogue

# What an index is called, the fund that is held for its returns, and the index itself for its levels.
_SMALL = ("IWM", "RUT")
_LARGE = ("SPY", "GSPC")
_STAND_INS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("russell", "russell 2000", "russell2000", "r2k", "r2000", "rut", "rty", "small caps", "small cap",
         "smallcaps", "smallcap", "small", "smalls", "pequeñas"), _SMALL),
    **dict.fromkeys(
        ("s&p", "s&p 500", "s&p500", "sp500", "sp 500", "spx", "gspc", "large caps", "large cap", "largecaps",
         "large", "grandes"), _LARGE),
    **dict.fromkeys(("russell 1000", "russell1000", "r1k", "rui"), ("IWB",)),
    **dict.fromkeys(("nasdaq", "nasdaq 100", "nasdaq100", "ndx"), ("QQQ",)),
    **dict.fromkeys(
        ("magnificent seven", "magnificent 7", "mag 7", "mag7", "mega caps", "mega cap", "megacaps"), ("MAGS",)),
    **dict.fromkeys(("small growth", "russell 2000 growth", "small cap growth"), ("IWO",)),
    **dict.fromkeys(("small value", "russell 2000 value", "small cap value"), ("IWN",)),
    **dict.fromkeys(("equal weight", "equal weighted"), ("RSP",)),
    **dict.fromkeys(("total market", "whole market"), ("VTI",)),
}  # fmt: skip
PHRASE_WORDS = max(len(name.split()) for name in _STAND_INS)

_CRYPTO = {
    "bitcoin", "btc", "ethereum", "ether", "eth", "dogecoin", "doge", "solana", "ripple", "xrp", "cardano", "ada",
    "litecoin", "ltc", "shib", "bnb", "usdt", "usdc", "crypto", "xbt",
}  # fmt: skip
_FOREIGN = {
    "dax", "ftse", "nikkei", "cac", "cac40", "stoxx", "eurostoxx", "hang seng", "hsi", "kospi", "sensex", "nifty",
    "ibex", "ibex35", "bovespa", "asx",
}  # fmt: skip
_FOREIGN_SUFFIX = re.compile(
    r"[A-Z0-9]+\.(?:L|T|V|TO|DE|PA|HK|AX|SW|MI|AS|ST|NS|BO|SS|SZ|KS|KQ|MC|BR|LS|OL|CO|HE|VI|SI|MX|SA|TW|NZ|F)"
)
_RENAMED = {"FB": "META", "SQ": "XYZ", "ANTM": "ELV", "PEAK": "DOC", "ABC": "COR", "BLL": "BALL"}
_GONE = {"TWTR", "ATVI", "SIVB", "FRC", "VMW", "SPLK", "PXD", "SGEN", "HES", "WBA", "DFS", "JNPR", "ANSS", "SBNY"}
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9.\-/]{0,11}( [A-Z])?")
_CLASS = re.compile(r"(?P<base>[A-Z0-9]{1,6})[.\-/ ](?P<share>[A-Z]{1,2})")
_GLUED_CLASS = re.compile(r"(?P<base>[A-Z]{2,4})(?P<share>[ABCK])")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A stored symbol; ``note`` is a sentence where it is not what was written."""

    symbol: str
    note: str | None = None


def is_shaped(text: str) -> bool:
    """Return whether the text could be meant as a symbol at all."""
    return bool(_SHAPE.fullmatch(_bare(text)))


def is_certain(text: str) -> bool:
    """Return whether the text is written as symbols are: with a dollar sign, a caret, or in capitals."""
    return text.startswith(("$", "^")) or (text.isupper() and is_shaped(text))


def stand_in(text: str) -> bool:
    """Return whether the text names an index or a part of the market rather than one symbol."""
    return _phrase(text) in _STAND_INS


def resolve(text: str, catalogue: Catalogue, *, levels: bool = False, listed: bool = False) -> Symbol:
    """Return the stored symbol a name stands for, as ``find``. Raises UnknownSymbol with suggestions or the reason."""
    found = find(text, catalogue, levels=levels, listed=listed)
    if found is None:
        raise _unknown(text, catalogue)
    return found


def find(text: str, catalogue: Catalogue, *, levels: bool = False, listed: bool = False) -> Symbol | None:
    """Return the stored symbol a name stands for, None where there is none: suggestions take their time.

    ``levels`` asks for records and price levels, which an index answers itself, its fund not. ``listed`` takes
    any listed symbol, not only those with stored prices.
    """
    if stand_in(text):
        return _substitute(text, catalogue, levels=levels)
    renamed = _RENAMED.get(_bare(text))
    for spelling in _spellings(_bare(text)):
        if spelling in catalogue.symbols or (listed and spelling in catalogue.listed and not renamed):
            return Symbol(spelling)
    if renamed and (renamed in catalogue.symbols or (listed and renamed in catalogue.listed)):
        return Symbol(renamed, _("{old} is called {new} now.").format(old=_bare(text), new=renamed))
    return None


def _substitute(text: str, catalogue: Catalogue, *, levels: bool) -> Symbol | None:
    fund, *index = _STAND_INS[_phrase(text)]
    symbol = next((name for name in index if levels and name in catalogue.symbols), fund)
    if symbol not in catalogue.symbols:
        return None
    if symbol == _bare(text):
        return Symbol(symbol)
    shown = i18n.plain(text, 20)
    return Symbol(symbol, _("“{text}” is answered with {symbol}.").format(text=shown, symbol=symbol))


def _bare(text: str) -> str:
    return text.strip().removeprefix("$").removeprefix("^").upper()


def _phrase(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().removeprefix("$").removeprefix("^").lower())


def _spellings(bare: str) -> Iterator[str]:
    """Give every way in which the same share class is written: BRK-B, BRK.B, BRK/B, BRKB."""
    yield bare
    if match := _CLASS.fullmatch(bare) or _GLUED_CLASS.fullmatch(bare):
        for separator in ("-", ".", "/", ""):
            yield f"{match['base']}{separator}{match['share']}"


def _unknown(text: str, catalogue: Catalogue) -> UnknownSymbol:
    bare, shown = _bare(text), i18n.plain(text, 20)
    if bare.lower().removesuffix("-usd").removesuffix("usd") in _CRYPTO:
        reason = _("“{name}” is a cryptocurrency: I follow US shares and funds only.").format(name=shown)
        return UnknownSymbol(bare, reason=reason)
    if _phrase(text) in _FOREIGN or _FOREIGN_SUFFIX.fullmatch(bare):
        reason = _("“{name}” is not listed in the US: I follow US shares and funds only.").format(name=shown)
        return UnknownSymbol(bare, reason=reason)
    if bare in _RENAMED:
        reason = _("{old} is called {new} now; I have no data for it.").format(old=shown, new=_RENAMED[bare])
        return UnknownSymbol(bare, reason=reason)
    if bare in _GONE:
        return UnknownSymbol(bare, reason=_("{name} is no longer listed.").format(name=shown))
    listed = next((spelling for spelling in _spellings(bare) if spelling in catalogue.listed), None)
    if listed is not None:
        reason = _("No prices of {symbol} ({name}) are kept, and this takes a symbol with prices.").format(
            symbol=i18n.plain(bare, 20), name=i18n.plain(catalogue.listed[listed], 40)
        )
        return UnknownSymbol(bare, reason=reason + " " + _("/quote says what is kept of it."))
    named = catalogue.named(text)
    return UnknownSymbol(bare, named or (catalogue.nearest(bare) if is_shaped(text) else ()))
