"""A figure becomes the bytes of a small PNG: drawn once, reduced to a palette, nothing written to disk."""

import io

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

MAX_BYTES = 40_000
_ATTEMPTS = ((48, 8), (48, 9), (32, 9), (20, 9), (16, 9))  # fewer than 48 colours lose the grid of busy pictures


def png(figure: Figure) -> bytes:
    """Return the picture as a palette PNG of less than ``MAX_BYTES``.

    A picture that is too large for that is compressed harder, then shown with fewer colours.
    """
    image = Image.fromarray(pixels(figure)).convert("RGB")
    encoded = b""
    for colors, compression in _ATTEMPTS:
        encoded = _encoded(image, colors, compression)
        if len(encoded) < MAX_BYTES:
            break
    return encoded


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """Draw the figure and return its pixels: shape (height, width, 4)."""
    width, height = figure.get_size_inches() * figure.dpi
    renderer = RendererAgg(round(width), round(height), figure.dpi)  # type: ignore[no-untyped-call]  # matplotlib's backends are untyped
    figure.draw(renderer)
    return np.asarray(renderer.buffer_rgba(), dtype=np.uint8)  # type: ignore[no-untyped-call]  # as above


def _encoded(image: Image.Image, colors: int, compression: int) -> bytes:
    reduced = image.quantize(colors, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    reduced.save(out, "PNG", compress_level=compression)
    return out.getvalue()
