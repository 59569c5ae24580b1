"""Exactly at Discord's limits, one below and one above: counted here by the components as they are sent."""

import io
from typing import Any

import discord
import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.discord_ui import limits
from bot.discord_ui.limits import MORE, Block, checked, cut, cut_at_sentence, fitted
from tests.discord_ui.test_extremes import parts

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a slow machine too
WORDS = st.text("ab .,;…\n`", max_size=120)
BLOCKS = st.lists(
    st.builds(Block, st.lists(WORDS, max_size=6), st.integers(0, 4), code=st.booleans()), min_size=1, max_size=6
)


def view_of(*texts: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    for text in texts:
        view.add_item(ui.TextDisplay(text))
    return view


@pytest.mark.parametrize(("characters", "taken"), [(3999, True), (4000, True), (4001, False)])
@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_four_thousand_characters_and_not_one_more(characters: int, pieces: int, taken: bool) -> None:
    first = "x" * (characters - 10 * (pieces - 1))
    view = view_of(first, *("y" * 10 for _n in range(pieces - 1)))
    assert sum(len(part["content"]) for part in parts(view.to_components())) == characters
    if taken:
        assert checked(view) is view
    else:
        with pytest.raises(ValueError, match="4001 characters of text, 4000"):
            checked(view)


def test_text_within_containers_and_sections_counts_too() -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay("x" * 2000), ui.TextDisplay("y" * 2000)))
    assert checked(view)
    view.add_item(ui.TextDisplay("z"))
    with pytest.raises(ValueError, match="4001 characters"):
        checked(view)


def test_forty_components_buttons_and_their_rows_included() -> None:
    """A container, nine rows of three buttons (36) and three texts are forty; the library itself takes no more."""
    view = ui.LayoutView(timeout=None)
    made: list[ui.Item[Any]] = [
        ui.ActionRow(*(ui.Button[Any](label="x", custom_id=f"{row}.{n}") for n in range(3))) for row in range(9)
    ]
    view.add_item(ui.Container(*made, *(ui.TextDisplay("t") for _n in range(3))))
    assert len(list(parts(view.to_components()))) == 40
    assert checked(view) is view
    with pytest.raises(ValueError, match="exceeded"):
        view.add_item(ui.Separator())


@pytest.mark.parametrize(("files", "taken"), [(10, True), (11, False)])
def test_ten_files(files: int, taken: bool) -> None:
    attached = [discord.File(io.BytesIO(b"x"), f"{n}.png") for n in range(files)]
    if taken:
        assert checked(view_of("x"), attached)
    else:
        with pytest.raises(ValueError, match="11 files"):
            checked(view_of("x"), attached)


def test_ten_megabytes_and_the_file_is_still_sent_from_its_beginning() -> None:
    whole = discord.File(io.BytesIO(b"\0" * limits.UPLOAD_BYTES), "a.png")
    checked(view_of("x"), [whole])
    assert whole.fp.tell() == 0
    with pytest.raises(ValueError, match=r"b\.png: 10485761 bytes"):
        checked(view_of("x"), [discord.File(io.BytesIO(b"\0" * (limits.UPLOAD_BYTES + 1)), "b.png")])


def test_an_id_of_a_hundred_characters() -> None:
    """The library refuses longer ones of its own; one that was set later is caught here."""
    view = ui.LayoutView(timeout=None)
    button = ui.Button[Any](label="x", custom_id="i" * 100)
    view.add_item(ui.ActionRow(button))
    assert checked(view)
    button._underlying.custom_id = "i" * 101
    with pytest.raises(ValueError, match="custom id of 101"):
        checked(view)


@UNHURRIED
@given(WORDS, st.integers(1, 130))
def test_a_cut_text_fits_and_begins_as_it_did(text: str, limit: int) -> None:
    for short in (cut(text, limit), cut_at_sentence(text, limit)):
        assert len(short) <= limit
        assert text.startswith(short.removesuffix(MORE) if short != text else short)
        assert (short == text) == (len(text) <= limit) or text.startswith(short)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("four words of text", 18, "four words of text"),
        ("four words of text", 17, "four words of…"),
        ("four words, of text", 12, "four words…"),
        ("unbroken" * 3, 10, "unbrokenu…"),
        ("x " + "y" * 30, 12, "x yyyyyyyyy…"),  # not half of it lost for one blank early on
        ("", 5, ""),
        ("ab", 1, "…"),
    ],
)
def test_where_a_text_is_cut(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("IWM ended at 2.5. SPY rose. More.", 27, "IWM ended at 2.5. SPY rose."),
        ("IWM ended at 2.5. SPY rose. More.", 26, "IWM ended at 2.5."),
        ("IWM ended at 2.5. SPY rose. More.", 17, "IWM ended at 2.5."),
        ("IWM ended at 2.5. SPY rose.", 16, "IWM ended at…"),
        ("vs. the rest, e.g. this. Yes. No. ", 30, "vs. the rest, e.g. this. Yes."),
    ],
)
def test_where_sentences_are_cut(text: str, limit: int, short: str) -> None:
    """A full stop within a number or before a small letter ends nothing."""
    assert cut_at_sentence(text, limit) == short


@UNHURRIED
@given(BLOCKS, st.integers(0, 700))
def test_blocks_fit_lose_the_least_first_and_say_that_they_did(blocks: list[Block], limit: int) -> None:
    before = [(list(block.lines), block.weight) for block in blocks]
    kept = fitted(blocks, limit)
    assert sum(len(block.text()) for block in kept) <= limit
    assert all(block.lines for block in kept)
    lost = {}
    for block, (lines, weight) in zip(blocks, before, strict=True):
        left = block.lines if any(block is one for one in kept) else []
        assert left == lines[: len(left)], "the last lines go first"
        assert block.shortened == (len(left) < len(lines))
        lost.setdefault(weight, []).append((len(left), len(lines)))
    touched = [weight for weight, counts in lost.items() if any(left < had for left, had in counts)]
    for weight, counts in lost.items():
        if touched and weight < max(touched):
            assert all(left == 0 for left, _had in counts), (
                "nothing lighter is left while something heavier lost a line"
            )


@pytest.mark.parametrize("spare", [0, 1])
def test_what_fits_exactly_loses_nothing(spare: int) -> None:
    blocks = [Block(["x" * 600] * 3, 5), Block(["y" * 500], 1, code=True)]
    whole = 3 * 600 + 2 + len("```\n") + 500 + len("\n```")
    kept = fitted(blocks, whole - spare)
    assert [block.shortened for block in kept] == ([False, False] if not spare else [False])
    assert sum(len(block.text()) for block in kept) == (whole if not spare else 1802)


def test_a_line_of_any_length_is_shortened_before_others_go() -> None:
    kept = fitted([Block(["x" * 100_000], 1), Block(["kept"], 2)])
    assert [len(block.lines[0]) for block in kept] == [700, 4]
