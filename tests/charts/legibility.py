"""What every picture must hold, checked on the figure's own artists and on its bytes: one call a chart test.

Pictures are shown 400 px wide on phones, a third of their size. There a title and the key figures must be at
least 11 px high and nothing smaller than 8 px.
"""

import io
import itertools
from dataclasses import dataclass

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from bot.charts.render import MAX_BYTES, png
from bot.charts.theme import Theme

SHRUNK = 400 / 1200
TITLE_AND_FIGURES_PX, SMALLEST_PX = 11, 8
SMALL_TEXT_CONTRAST, LARGE_TEXT_CONTRAST = 4.5, 3.0  # WCAG 2.1, AA: from 24 px on, or strong from 19 px on
_FIXED = {"title", "subtitle", "footer", "mark"}


@dataclass(frozen=True)
class Written:
    """A text of a figure: its words, its size and its place in pixels."""

    words: str
    px: float
    box: Bbox
    gid: str | None
    color: str


def written(figure: Figure) -> list[Written]:
    """Return every visible text of a figure."""
    width, height = figure.get_size_inches() * figure.dpi
    renderer = RendererAgg(width, height, figure.dpi)
    return [
        Written(
            text.get_text(),
            float(text.get_fontsize()) * figure.dpi / 72,
            _ink(text, renderer),
            text.get_gid(),
            str(text.get_color()),
        )
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


def _ink(text: Text, renderer: RendererAgg) -> Bbox:
    """Return the box of a text's own letters: matplotlib's has room for letters that are not there."""
    whole = text.get_window_extent(renderer)
    if text.get_verticalalignment() != "baseline" or text.get_rotation():
        return whole
    baseline = text.get_transform().transform(text.get_position())[1]
    _width, height, descent = renderer.get_text_width_height_descent(
        text.get_text(), text.get_fontproperties(), ismath=False
    )
    return Bbox.from_extents(whole.x0, baseline - descent, whole.x1, baseline - descent + height)


def words(figure: Figure) -> list[str]:
    """Return the words of all texts."""
    return [text.words for text in written(figure)]


def titled(figure: Figure, gid: str = "title") -> str:
    """Return the text at one of the fixed places: title, subtitle, footer or mark."""
    (found,) = (text.words for text in written(figure) if text.gid == gid)
    return found


def labels(figure: Figure) -> dict[str, object]:
    """Return the artists that carry a name, by it: the series that are drawn."""
    named = figure.findobj(lambda artist: bool(artist.get_label()) and not str(artist.get_label()).startswith("_"))
    return {str(artist.get_label()): artist for artist in named}


def check(figure: Figure, theme: Theme) -> None:
    """Assert all of it."""
    assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 675)
    texts = written(figure)
    assert {text.gid for text in texts} >= _FIXED
    for text in texts:
        _check_size(text)
        _check_contrast(text, theme)
        assert not text.words.endswith("…"), f"cut: {text.words!r}"
        box = text.box
        inside = box.x0 >= 0 and box.x1 <= 1200 and box.y0 >= 0 and box.y1 <= 675
        assert inside, f"outside: {text.words!r} {box}"
    for one, other in itertools.combinations(texts, 2):
        assert not _touch(one.box, other.box), f"overlap: {one.words!r} and {other.words!r}"
    check_bytes(png(figure))


def _check_size(text: Written) -> None:
    shown = round(text.px * SHRUNK, 6)
    least = TITLE_AND_FIGURES_PX if text.gid in {"title", "figure"} else SMALLEST_PX
    assert shown >= least, f"{text.words!r} is {shown} px high on a phone, not {least}"


def _check_contrast(text: Written, theme: Theme) -> None:
    least = LARGE_TEXT_CONTRAST if text.px >= 24 else SMALL_TEXT_CONTRAST
    found = contrast(text.color, theme.background)
    assert found >= least, f"{text.words!r} has a contrast of {found:.1f}, not {least}"


def _touch(one: Bbox, other: Bbox) -> bool:
    """Return whether two boxes share more than a pixel across and up: smoothed edges may meet."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 1 and up > 1


def check_bytes(encoded: bytes) -> None:
    """Assert that the bytes are a small palette PNG of the right size."""
    assert len(encoded) < MAX_BYTES <= 40_000
    with Image.open(io.BytesIO(encoded)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 675))


def luminance(color: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.1)."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.1)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
