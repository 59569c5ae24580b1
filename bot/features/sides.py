"""The two sides of a comparison: which series stand for them, and what to call them in a sentence."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from bot import i18n
from bot.analytics.returns import common
from bot.errors import BadInput, MissingData
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.request import Basis

SMALL_CAPS = frozenset({"IWM", "VB", "IJR", "RUT"})
LARGE_CAPS = frozenset({"SPY", "IWB", "GSPC"})
_LEVEL = 0.0005  # a spread that is shown as 0.0 points


@dataclass(frozen=True, slots=True)
class Returns:
    """What both sides returned over one stretch of time (fractions)."""

    small: float
    large: float

    @property
    def spread(self) -> float:
        """Small minus large."""
        return self.small - self.large

    @property
    def ahead(self) -> int:
        """1 if small is ahead, -1 if it is behind, 0 where the spread is shown as nothing."""
        return 0 if abs(self.spread) < _LEVEL else 1 if self.spread > 0 else -1


@dataclass(frozen=True, slots=True)
class Sides:
    """Two stored symbols. ``by_size``: they stand for small and large caps, and sentences may say so."""

    small: str
    large: str

    @property
    def by_size(self) -> bool:
        """Whether the pair stands for small caps against large caps."""
        return self.small in SMALL_CAPS and self.large in LARGE_CAPS

    def title(self) -> str:
        """Name the comparison."""
        if self.by_size:
            return _("Small caps against large caps")
        return _("{small} against {large}").format(small=self.small, large=self.large)


def stored(symbol: str, dataset: Dataset) -> str:
    """Return the spelling under which a symbol is kept: indices may be written with a caret."""
    bare = symbol.removeprefix("^")
    return symbol if symbol in dataset.symbols() else bare


def sides(small: str, large: str, dataset: Dataset) -> Sides:
    """Return the pair, checked. Raises BadInput if both sides are the same."""
    pair = Sides(stored(small, dataset), stored(large, dataset))
    if pair.small == pair.large:
        raise BadInput(_("Both sides are {symbol}: choose two different funds.").format(symbol=pair.small))
    return pair


def both(pair: Sides, basis: Basis, dataset: Dataset) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Return the two series on their common sessions.

    Raises what the dataset raises for an unknown symbol or a basis that is not stored, MissingData if the two
    share no session.
    """
    small, large = common(dataset.prices(pair.small, basis), dataset.prices(pair.large, basis))
    if small.empty:
        what = _("Common sessions of {small} and {large}").format(small=pair.small, large=pair.large)
        raise MissingData(what, dataset.as_of)
    return small, large


def later_of(pair: Sides, basis: Basis, dataset: Dataset) -> str:
    """Return the side whose history begins later: the one that limits a comparison."""
    begins = {symbol: dataset.prices(symbol, basis).index[0] for symbol in (pair.small, pair.large)}
    return max(begins, key=lambda symbol: begins[symbol])


def adds_up(small: float, large: float, digits: int = 1) -> bool:
    """Return whether small minus large is still right when all three are rounded to percents of so many decimals."""
    shown = round(small * 100, digits) - round(large * 100, digits)
    return round(shown, digits) == round((small - large) * 100, digits)


def rounding(pairs: Iterable[Returns]) -> tuple[str, ...]:
    """Return a remark for a card on which a spread differs from its rounded returns by a rounding, else nothing."""
    if all(adds_up(one.small, one.large) for one in pairs):
        return ()
    return (_("Differences are taken before rounding: the last digit can be one off."),)


def difference(small: float, large: float) -> tuple[str, str, str]:
    """Write two returns (fractions) and small minus large, with the decimals at which the written ones add up."""
    digits = next((n for n in range(1, 4) if adds_up(small, large, n)), 4)
    return (
        i18n.percent(small, digits, signed=True),
        i18n.percent(large, digits, signed=True),
        i18n.points(small - large, digits),
    )


def shares(small: float, large: float) -> str:
    """Set a share of small caps against that of large ones (fractions; NaN: not known)."""
    known = [i18n.DASH if math.isnan(value) else i18n.percent(value, 0) for value in (small, large)]
    return _("{small} (large {large})").format(small=known[0], large=known[1])


def basis_words(basis: Basis) -> str:
    """Name the basis of returns."""
    return _("total return") if basis == "total" else _("price return")
