"""Colours: two themes, the same roles in both, told apart by colour-blind readers too.

Orange and blue carry the two sides of every question. No pair of colours means buy or sell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ThemeName = Literal["dark", "light"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Roles of colours as ``#rrggbb``; ``others`` are for third and further series, in order."""

    name: ThemeName
    background: str
    text: str
    muted: str
    grid: str
    neutral: str
    small: str
    large: str
    others: tuple[str, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """Return the colours of series in the order in which charts take them."""
        return (self.small, self.large, *self.others)

    def tint(self, color: str, strength: float) -> str:
        """Return ``color`` thinned towards the background: 0 is the background, 1 the colour itself.

        A solid colour instead of transparency: pictures keep a small palette.
        """
        mixed = (
            round(back + (front - back) * strength)
            for front, back in zip(_channels(color), _channels(self.background), strict=True)
        )
        return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


DARK = Theme(
    name="dark",
    background="#16191f",
    text="#f2f4f8",
    muted="#aab4c2",
    grid="#2c323d",
    neutral="#d5dae2",
    small="#ffb000",
    large="#56b4f5",
    others=("#0c8a45", "#d4609f", "#7d5bff"),
)
LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#12161c",
    muted="#525d6b",
    grid="#e1e5ea",
    neutral="#1a2028",
    small="#cf5c00",
    large="#0072b2",
    others=("#23a07f", "#8a1a5a", "#3213b0"),
)
THEMES: Mapping[str, Theme] = MappingProxyType({look.name: look for look in (DARK, LIGHT)})


def theme(name: str) -> Theme:
    """Return a theme by name; KeyError if there is none."""
    return THEMES[name]
