from datetime import date

import pytest
from matplotlib.collections import LineCollection

from bot import i18n
from bot.charts.frame import HEIGHT, MARGIN, WIDTH, Frame
from bot.charts.scales import Tick
from bot.charts.theme import DARK, THEMES, Theme
from tests.charts.legibility import check, titled, words, written


def frame(theme: Theme = DARK, **texts: str) -> Frame:
    given = {"title": "Small caps ahead", "subtitle": "6 months", "source": "Yahoo Finance"} | texts
    return Frame(theme, as_of=date(2025, 12, 4), **given)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_bare_frame_is_legible(theme: Theme) -> None:
    check(frame(theme).figure, theme)


def test_title_day_and_source_have_their_fixed_places() -> None:
    figure = frame().figure
    assert titled(figure) == "Small caps ahead"
    assert titled(figure, "footer") == "As of 4 Dec 2025 · Yahoo Finance"
    assert titled(figure, "mark") == "Handoff · not investment advice"
    boxes = {text.gid: text.box for text in written(figure)}
    assert boxes["title"].x0 == pytest.approx(MARGIN, abs=5)
    assert boxes["mark"].x1 == pytest.approx(WIDTH - MARGIN, abs=2)
    assert boxes["title"].y1 > boxes["subtitle"].y1 > HEIGHT / 2 > boxes["footer"].y1


def test_a_long_title_is_made_smaller_before_it_is_cut() -> None:
    long = "Small caps 131.4 points behind large caps since the start of it all"
    sizes = {text.gid: text.px for text in written(frame(title=long).figure)}
    assert 33 <= sizes["title"] < 42
    assert titled(frame(title=long).figure) == long
    assert titled(frame(title=long * 3).figure).endswith("…")


def test_many_sources_never_touch_the_mark() -> None:
    figure = frame(source="Yahoo Finance, FINRA, iShares, FRED, Federal Reserve and CME").figure
    boxes = {text.gid: text.box for text in written(figure)}
    assert boxes["footer"].x1 < boxes["mark"].x0


def test_dollars_are_no_formulas() -> None:
    picture = frame()
    picture.text(100, 300, "$5 and $6 and a_b^c")
    assert "$5 and $6 and a_b^c" in words(picture.figure)
    check(picture.figure, DARK)


def test_the_footer_speaks_the_active_language() -> None:
    with i18n.use("en_XA"):
        assert titled(frame().figure, "mark") == "[Handoff · not investment advice]"


def test_panels_turn_values_into_pixels() -> None:
    panel = frame().panel(100, 300, 200, 600)
    panel.limits((0, 10), (-1, 1))
    assert (panel.x_px(0), panel.x_px(10), panel.x_px(5)) == pytest.approx((200, 600, 400))
    assert (panel.y_px(1), panel.y_px(-1), panel.y_px(0)) == pytest.approx((100, 300, 200))


def test_logarithmic_panels_space_factors_evenly() -> None:
    panel = frame().panel(100, 300, 200, 600)
    panel.limits((0, 10), (10, 1000), log=True)
    assert panel.y_px(100) == pytest.approx(200)


def test_level_lines_carry_their_words_at_their_height() -> None:
    picture = frame()
    panel = picture.panel(100, 300, 200, 600)
    panel.limits((0, 10), (0, 4))
    panel.y_grid([Tick(1, "one"), Tick(3, "three")], bold=3)
    boxes = {text.words: text.box for text in written(picture.figure)}
    assert HEIGHT - (boxes["one"].y0 + boxes["one"].y1) / 2 == pytest.approx(panel.y_px(1), abs=6)
    assert boxes["one"].x1 < 200
    (lines,) = picture.figure.findobj(LineCollection)
    assert [segment[0][1] for segment in lines.get_segments()] == [1, 3]
    check(picture.figure, DARK)


def test_names_that_would_touch_are_left_out() -> None:
    picture = frame()
    panel = picture.panel(100, 300, 200, 600)
    panel.limits((0, 100), (0, 1))
    panel.x_grid([Tick(i, f"year {i}") for i in range(0, 100, 5)])
    shown = [word for word in words(picture.figure) if word.startswith("year")]
    assert 2 < len(shown) < 10
    check(picture.figure, DARK)


def test_names_at_the_edge_stay_inside_the_picture() -> None:
    picture = frame()
    panel = picture.panel(100, 300, 40, 1190)
    panel.limits((0, 1), (0, 1))
    panel.x_grid([Tick(0, "a long first name"), Tick(1, "a long last name")])
    check(picture.figure, DARK)
