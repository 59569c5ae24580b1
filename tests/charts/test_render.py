import ast
import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.charts import frame as frames
from bot.charts import marks, render
from bot.charts.theme import DARK, THEMES, Theme
from tests.charts.legibility import check_bytes


def noisy(theme: Theme, lines: int, sessions: int = 6500) -> frames.Frame:
    picture = frames.Frame(theme, title="Noise", subtitle="A worst case", as_of=date(2025, 1, 2), source="a seed")
    panel = picture.panel()
    panel.limits((0, sessions), (-4, 4))
    random = np.random.default_rng(7)
    for i in range(lines):
        marks.line(panel, np.arange(sessions), random.normal(size=sessions), theme.series[i % 5])
    return picture


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_picture_is_a_small_palette_png_with_its_exact_background(theme: Theme) -> None:
    encoded = render.png(noisy(theme, 0).figure)
    check_bytes(encoded)
    with Image.open(io.BytesIO(encoded)) as image:
        corner = image.convert("RGB").getpixel((3, 3))
    wanted = tuple(int(theme.background[i : i + 2], 16) for i in (1, 3, 5))
    assert isinstance(corner, tuple)
    assert max(abs(a - b) for a, b in zip(corner, wanted, strict=True)) <= 2


@pytest.mark.parametrize("lines", [1, 5])
def test_even_noise_stays_under_the_limit(lines: int) -> None:
    check_bytes(render.png(noisy(DARK, lines).figure))


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert render.png(noisy(DARK, 1, 300).figure) == render.png(noisy(DARK, 1, 300).figure)


def test_series_keep_their_colours_in_the_palette() -> None:
    picture = frames.Frame(DARK, title="t", subtitle="s", as_of=date(2025, 1, 2), source="x")
    picture.rectangle((200, 200), (100, 100), DARK.small)
    picture.rectangle((400, 200), (100, 100), DARK.large)
    with Image.open(io.BytesIO(render.png(picture.figure))) as image:
        rgb = image.convert("RGB")
        for x, color in ((250, DARK.small), (450, DARK.large)):
            found = rgb.getpixel((x, 250))
            wanted = tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))
            assert isinstance(found, tuple)
            assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= 6


def test_nothing_global_is_used_and_no_layout_engine() -> None:
    forbidden = {"pyplot", "tight_layout", "constrained_layout", "rcParams", "rc_context"}
    sources = [Path(render.__file__).parent, *Path(render.__file__).parents[1].glob("features/*/chart.py")]
    for path in [file for place in sources for file in (place.glob("*.py") if place.is_dir() else [place])]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert not names & forbidden, path
