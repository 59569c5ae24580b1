"""The typeface of all pictures: Inter, shipped with the package and taken by path.

Nothing is registered with matplotlib's font manager, so pictures look alike on every machine.
"""

import functools
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

DPI = 100
_FOLDER = Path(__file__).parent / "fonts"
_REGULAR = _FOLDER / "Inter-Medium.ttf"
_STRONG = _FOLDER / "Inter-SemiBold.ttf"
_SUBSTITUTES = {"⟦": "[", "⟧": "]", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
_UNKNOWN = "?"
ELLIPSIS = "…"


def points(px: float) -> float:
    """Convert a size in pixels of the picture to typographic points."""
    return px * 72 / DPI


@functools.cache
def font(px: float, *, strong: bool = False) -> FontProperties:
    """Return the typeface at a size in pixels."""
    return FontProperties(fname=_STRONG if strong else _REGULAR, size=points(px))


@functools.cache
def _face(strong: bool) -> FT2Font:
    return FT2Font(_STRONG if strong else _REGULAR)


@functools.cache
def _glyphs() -> frozenset[int]:
    return frozenset(_face(False).get_charmap()) & frozenset(_face(True).get_charmap())


def printable(text: str) -> str:
    """Replace what the typeface cannot show, so that no picture holds empty boxes."""
    known = (_SUBSTITUTES.get(c, c) for c in text)
    return "".join(c if ord(c) in _glyphs() else _UNKNOWN for c in known)


@functools.lru_cache(maxsize=4096)
def width(text: str, px: float, *, strong: bool = False) -> float:
    """Return how many pixels a text takes from left to right."""
    face = _face(strong)
    face.set_size(points(px), DPI)
    face.set_text(printable(text), 0.0)
    return face.get_width_height()[0] / 64


def fitted(text: str, room: float, sizes: tuple[float, ...], *, strong: bool = False) -> tuple[str, float]:
    """Return the text and the largest of ``sizes`` at which it fits, cut with an ellipsis if none will do."""
    for px in sizes:
        if width(text, px, strong=strong) <= room:
            return text, px
    px = sizes[-1]
    cut = text
    while cut and width(cut.rstrip() + ELLIPSIS, px, strong=strong) > room:
        cut = cut[:-1]
    return cut.rstrip() + ELLIPSIS, px
