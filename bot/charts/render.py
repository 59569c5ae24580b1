"""A figure becomes the bytes of a small PNG: drawn once, reduced to a palette, nothing written to disk."""

import io

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

MAX_BYTES = 40_000
USUAL_PIXELS = 1200 * 675
_COLORS = (32, 20, 16, 10)  # more are noise of smoothed edges; the last for four restless lines in two panels
_QUICK, _THOROUGH = 6, 8  # zlib's levels: the second takes four times as long for a twelfth less
_WITHIN_REACH = 1.12


def png(figure: Figure) -> bytes:
    """Return the picture as a palette PNG of less than ``MAX_BYTES`` for each 1200 x 675 pixels.

    A picture that is too large for that is compressed harder, then shown with fewer colours.
    """
    image = Image.fromarray(pixels(figure)).convert("RGB")
    most = MAX_BYTES * image.width * image.height / USUAL_PIXELS
    encoded = b""
    for colors in _COLORS:
        reduced = image.quantize(colors, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        encoded = _encoded(reduced, _QUICK)
        if MAX_BYTES <= len(encoded) < MAX_BYTES * _WITHIN_REACH:
            encoded = _encoded(reduced, _THOROUGH)
        if len(encoded) < most:
            break
    return encoded


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """Draw the figure and return its pixels: shape (height, width, 4)."""
    width, height = figure.get_size_inches() * figure.dpi
    renderer = RendererAgg(round(width), round(height), figure.dpi)  # type: ignore[no-untyped-call]  # matplotlib's backends are untyped
    figure.draw(renderer)
    return np.asarray(renderer.buffer_rgba(), dtype=np.uint8)  # type: ignore[no-untyped-call]  # as above


def _encoded(reduced: Image.Image, compression: int) -> bytes:
    out = io.BytesIO()
    reduced.save(out, "PNG", compress_level=compression)
    return out.getvalue()
