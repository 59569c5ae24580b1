import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager

from bot.charts import typeface

SIZES = (40.0, 36.0, 34.0)


def test_the_typeface_is_the_packages_own_and_not_registered() -> None:
    for strong in (False, True):
        path = typeface.font(24, strong=strong).get_file()
        assert str(path).endswith("charts/fonts/Inter-SemiBold.ttf" if strong else "charts/fonts/Inter-Medium.ttf")
        assert str(path) not in {entry.fname for entry in font_manager.fontManager.ttflist}


def test_its_licence_is_shipped_beside_it() -> None:
    folder = typeface._FOLDER
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["−3.1%", "+12.6%", "São José", "año", "“x” · 4 – 5 …", "€$¥ ↑↓ ≥"])
def test_what_cards_write_can_be_shown(text: str) -> None:
    assert typeface.printable(text) == text


def test_what_cannot_be_shown_becomes_a_question_mark_or_a_near_one() -> None:
    assert typeface.printable("東 ok") == "? ok"
    assert typeface.printable("⟦text⟧") == "[text]"
    assert typeface.printable("a\N{NO-BREAK SPACE}b") == "a b"


def test_width_grows_with_size_and_weight() -> None:
    assert typeface.width("12.6%", 48) == pytest.approx(2 * typeface.width("12.6%", 24), rel=0.05)
    assert typeface.width("Small caps", 24, strong=True) > typeface.width("Small caps", 24)
    assert typeface.width("", 24) == 0


@given(st.text(alphabet="abcdefg xyz019%", max_size=120), st.floats(60, 1200))
def test_a_fitted_text_fits_and_says_so_when_cut(text: str, room: float) -> None:
    shown, px = typeface.fitted(text, room, SIZES)
    assert px in SIZES
    assert typeface.width(shown, px) <= room
    if shown != text:
        assert px == SIZES[-1]
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])


def test_the_largest_size_that_fits_is_taken() -> None:
    text = "Small caps ahead"
    room = typeface.width(text, 36)
    assert typeface.fitted(text, room, SIZES) == (text, 36)
    assert typeface.fitted(text, 5000, SIZES) == (text, 40)
