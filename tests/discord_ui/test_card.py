"""A report as a message: everything in its place, and inside Discord's limits at the extremes."""

import io

import discord
import pytest
from discord import ui

from bot import i18n
from bot.charts.theme import DARK
from bot.discord_ui import card_rows, details, limits
from bot.discord_ui.card import ACCENT, card_view
from bot.features.rotation.request import RotationRequest
from bot.report import Chart, Column, Stat, Table
from bot.shown import disclaimer
from tests.discord_ui.reports import DAY, extreme_report, narrow_table, plain_report, rendered, stat, wide_table

BIGGEST_ID = 2**63


def texts(view: ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]


def container(view: ui.LayoutView) -> ui.Container[ui.LayoutView]:
    (outer,) = view.children
    assert isinstance(outer, ui.Container)
    return outer


def test_a_card_reads_from_headline_to_source() -> None:
    view, files = card_view(rendered(plain_report()), notes=("“r2k” is answered with IWM.",))
    kinds = [type(item) for item in container(view).children]
    assert kinds == [ui.TextDisplay, ui.TextDisplay, ui.MediaGallery, ui.TextDisplay, ui.TextDisplay]
    head, figures, notes, foot = texts(view)
    assert head == "-# Small caps against large caps\n### Small caps lead."
    assert figures.splitlines() == ["**0.0%** Figure 0", "**+10.0%** Figure 1", "**+20.0%** Figure 2"]
    assert notes.splitlines() == ["-# “r2k” is answered with IWM.", "-# Dividends reinvested."]
    assert foot == "-# As of 17 Jul 2026. Source: Yahoo Finance and FRED. Not investment advice."
    assert [file.filename for file in files] == ["rotation-2026-07-17-picture.png"]


@pytest.mark.parametrize("tone", ["small", "large", "neutral"])
def test_the_accent_is_the_colour_of_the_side_in_the_charts(tone: str) -> None:
    view, _files = card_view(rendered(plain_report(tone=tone)))
    colour = container(view).accent_colour
    assert isinstance(colour, int)
    assert f"#{colour:06x}" == {"small": DARK.small, "large": DARK.large, "neutral": DARK.muted}[tone]
    assert set(ACCENT) == {"small", "large", "neutral"}


def test_only_marked_stats_are_figures() -> None:
    view, _files = card_view(rendered(plain_report(stats=(stat(1), stat(2, figure=False)))))
    assert texts(view)[1] == "**+10.0%** Figure 1"


def test_a_report_without_pictures_or_figures_is_a_card_all_the_same() -> None:
    view, files = card_view(rendered(plain_report(charts=(), stats=(), notes=(), sources=())))
    assert files == []
    assert len(texts(view)) == 2


def test_the_picture_carries_its_alternative_in_full_and_short() -> None:
    view, (file,) = card_view(rendered(plain_report()))
    gallery = next(item for item in view.walk_children() if isinstance(item, ui.MediaGallery))
    assert gallery.items[0].media.url == f"attachment://{file.filename}"
    assert gallery.items[0].description == file.description == "IWM ends at 111.1 and SPY at 108.0."


def test_a_table_on_the_card_is_monospaced_and_cannot_end_its_own_fence() -> None:
    view, _files = card_view(rendered(plain_report(tables=(narrow_table(3),))))
    table = next(text for text in texts(view) if text.startswith("```"))
    assert table.count("`") == 6
    assert "row 2 'tick'   +2.0%" in table


def test_a_wide_table_on_the_card_is_told_row_by_row() -> None:
    view, _files = card_view(rendered(plain_report(tables=(wide_table(3),))))
    assert not any("```" in text for text in texts(view))
    assert r"**row 2 \`tick\`**  Column 1 2.0% · Column 2 2.0%" in "\n".join(texts(view))


def test_each_picture_has_the_whole_width() -> None:
    two = (Chart("one", "One ends at 1."), Chart("two", "Two ends at 2."))
    view, files = card_view(rendered(plain_report(charts=two)))
    galleries = [item for item in view.walk_children() if isinstance(item, ui.MediaGallery)]
    assert [[item.description for item in gallery.items] for gallery in galleries] == [[c.alt] for c in two]
    assert [g.items[0].media.url for g in galleries] == [f"attachment://{file.filename}" for file in files]


def remarks(notes: int, *, controls: bool) -> list[str]:
    report = plain_report(notes=tuple(f"Note {n}." for n in range(notes)))
    rows = [ui.ActionRow[ui.LayoutView](ui.Button(label="Explain", custom_id="h1:explain:rotation:::"))]
    view, _files = card_view(rendered(report), notes=("As it was read.",), controls=rows if controls else ())
    return texts(view)[2].splitlines()


def test_a_card_that_leads_on_keeps_the_first_remarks() -> None:
    first = ["-# As it was read.", "-# Note 0.", "-# Note 1.", "-# Note 2.", "-# Note 3."]
    assert remarks(4, controls=True) == first
    assert remarks(5, controls=True) == [*first, "-# Note 4."], "one line more says no less than a line that counts"
    assert remarks(9, controls=True) == [*first, "-# 5 more remarks: Explain."]
    assert len(remarks(9, controls=False)) == 10, "where nothing leads on, all of them stay"


def test_tables_for_the_page_stay_behind_their_button() -> None:
    view, _files = card_view(rendered(plain_report(tables=(wide_table(3, "page"),))))
    assert not any("row 1" in text for text in texts(view))


def sizes(view: ui.LayoutView) -> tuple[int, int]:
    return view.total_children_count, sum(len(text) for text in texts(view))


@pytest.mark.parametrize("language", ["en", "es", i18n.PSEUDO])
def test_the_longest_report_fits(language: str) -> None:
    with i18n.use(language):
        request = RotationRequest(small="BRK-B1234567", large="^GSPC1234567", window="2000-01-03", basis="price")
        pinned = request.model_copy(update={"as_of": DAY})
        report = extreme_report()
        rows = card_rows.rows(pinned, report, BIGGEST_ID, alone=True)
        view, files = card_view(rendered(report), notes=["how it was read " * 100] * 10, controls=rows)
        last_words = disclaimer()
    count, length = sizes(view)
    assert count <= limits.COMPONENTS
    assert length <= limits.TEXT
    assert len(files) <= limits.FILES
    assert all(len(file.description or "") <= limits.ALT for file in files)
    galleries = [item for item in view.walk_children() if isinstance(item, ui.MediaGallery)]
    assert len(galleries) == len(files)
    assert all(len(item.description or "") <= limits.ALT for gallery in galleries for item in gallery.items)
    assert texts(view)[-1].endswith(last_words)
    assert len(texts(view)[1].splitlines()) == 6


def test_what_is_shortened_shows_that_it_is() -> None:
    view, _files = card_view(rendered(extreme_report()))
    assert any(limits.MORE in text for text in texts(view))
    assert texts(view)[0].startswith("-# T")


def test_the_csv_keeps_raw_values_and_no_formulas() -> None:
    table = Table("t", "T", (Column("a", "A"), Column("b", "B", "fraction")), (("=HYPERLINK(1)", -0.5), ("x", None)))
    csv = details.csv_text(plain_report(tables=(table,)))
    assert "figure.1,Figure 1,0.1,fraction,2026-07-17,FRED,0" in csv
    assert "'=HYPERLINK(1),-0.5" in csv
    assert "x,\r\n" in csv
    missing = Stat(id="m", label="M", value=None, unit="usd", as_of=None, source="FRED")
    assert "m,M,,usd,,FRED,0" in details.csv_text(plain_report(stats=(missing,)))


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("It fell. It rose.", 99, "It fell. It rose."),
        ("It fell. It rose.", 12, "It fell."),
        ("Up 1.5 points. Then down.", 20, "Up 1.5 points."),
        ("St. Louis Fed says so. More.", 24, "St. Louis Fed says so."),
        ("one sentence without an end", 13, "one sentence…"),
        ("Record of 4 Dec. 2025 held.", 26, "Record of 4 Dec. 2025…"),
    ],
)
def test_an_alternative_is_cut_at_a_sentence(text: str, limit: int, kept: str) -> None:
    assert limits.cut_at_sentence(text, limit) == kept
    assert len(kept) <= limit


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [("short", 10, "short"), ("one two three", 9, "one two…"), ("x" * 20, 10, "x" * 9 + "…"), ("one, two", 7, "one…")],
)
def test_cut_keeps_whole_words(text: str, limit: int, kept: str) -> None:
    assert limits.cut(text, limit) == kept
    assert len(kept) <= limit


def test_the_least_important_lines_go_first() -> None:
    kept = limits.Block(["headline"], 9)
    lost = limits.Block([f"note {n}" for n in range(10)], 1)
    blocks = limits.fitted([kept, lost, limits.Block([], 5)], 40)
    assert [block.lines[0] for block in blocks] == ["headline", "note 0"]
    assert blocks[1].text().endswith("\n…")
    assert sum(len(block.text()) for block in blocks) <= 40


@pytest.mark.parametrize(
    "item",
    [ui.TextDisplay("x" * 4001), ui.ActionRow(ui.Button(label="x", custom_id="y" * 101))],
    ids=["text", "custom id"],
)
def test_what_discord_would_refuse_never_leaves(item: ui.Item[ui.LayoutView]) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(item)
    with pytest.raises(ValueError, match="are allowed"):
        limits.checked(view)


@pytest.mark.parametrize(
    ("size", "count"), [(limits.UPLOAD_BYTES + 1, 1), (1, limits.FILES + 1)], ids=["too large", "too many"]
)
def test_files_that_discord_would_refuse_never_leave(size: int, count: int) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("x"))
    files = [discord.File(io.BytesIO(b"x" * size), f"{n}.csv") for n in range(count)]
    with pytest.raises(ValueError, match="are allowed"):
        limits.checked(view, files)


def test_a_file_that_was_weighed_is_sent_from_its_beginning() -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("x"))
    file = discord.File(io.BytesIO(b"id,label"), "x.csv")
    assert limits.checked(view, [file]) is view
    assert file.fp.read() == b"id,label"


def test_a_card_says_nothing_untranslated() -> None:
    report = plain_report(title="⟦t⟧", headline="⟦h⟧", stats=(), notes=(), sources=("⟦s⟧",))
    with i18n.use(i18n.PSEUDO):
        view, _files = card_view(rendered(report))
        foot = texts(view)[-1]
    assert foot == "-# ⟦As of 17 Jul 2026. Source: ⟦s⟧.⟧ ⟦Not investment advice.⟧"


def test_pictures_are_files_once() -> None:
    _view, (file,) = card_view(rendered(plain_report()))
    assert isinstance(file, discord.File)
    assert file.fp.read() == rendered(plain_report()).images["picture"]


def test_a_figure_in_words_comes_after_its_name() -> None:
    regime = Stat(id="r", label="Regime", value="small", unit="text", as_of=DAY, source="FRED", figure=True)
    view, _files = card_view(rendered(plain_report(stats=(regime,))))
    assert texts(view)[1] == "Regime: **small**"
