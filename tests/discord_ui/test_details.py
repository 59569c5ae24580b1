"""What is behind a card: definitions beside today's arithmetic, tables in pages, everything inside the limits."""

import pytest
from discord import ui

from bot import i18n, metrics
from bot.discord_ui import details, limits
from bot.report import Column, Report, Stat, Table
from tests.discord_ui.reports import DAY, extreme_report, narrow_table, plain_report, wide_table


def shown(report: Report, pieces: list[details.Piece]) -> list[list[str]]:
    """Return the texts of every page as they are sent, each checked against the limits."""
    pages = details.pages_of(pieces)
    found = []
    for number in range(1, len(pages) + 1):
        view = details.page_view(report, pages, number, [])
        texts = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
        assert view.total_children_count <= limits.COMPONENTS
        assert sum(map(len, texts)) <= limits.TEXT
        found.append(texts)
    return found


@pytest.mark.parametrize("told", [details.explanation, details.tables])
@pytest.mark.parametrize("report", [plain_report(tables=(wide_table(3),)), extreme_report()], ids=["plain", "extreme"])
@pytest.mark.parametrize("language", ["en", "es", i18n.PSEUDO])
def test_every_page_fits_and_names_the_report(told: object, report: Report, language: str) -> None:
    with i18n.use(language):
        pages = shown(report, told(report))  # type: ignore[operator]  # one of the two
    for texts in pages:
        assert report.title[:20] in texts[0]
        assert report.headline[:20] in texts[0]


@pytest.mark.parametrize("table", [narrow_table(150, "page"), wide_table(50, "page")], ids=["columns", "words"])
def test_a_long_table_loses_no_row(table: Table) -> None:
    report = plain_report(tables=(table,))
    pages = shown(report, details.tables(report))
    assert len(pages) > 1
    lines = [line for texts in pages for text in texts for line in text.splitlines()]
    rows = [line for line in lines if line.removeprefix("**").startswith("row ")]
    assert [int(row.split()[1]) for row in rows] == list(range(len(table.rows)))
    for number, texts in enumerate(pages, 1):
        assert table.title in "\n".join(texts)
        assert f"Page {number} of {len(pages)}." in texts[-1]


def test_columns_keep_their_header_on_every_page() -> None:
    report = plain_report(tables=(narrow_table(150, "page"),))
    for texts in shown(report, details.tables(report)):
        blocks = [text for text in texts if text.startswith("```")]
        assert blocks
        assert all(block.splitlines()[1].split() == ["Name", "Return"] for block in blocks)


def test_what_two_figures_say_alike_is_said_once() -> None:
    def spread(stat_id: str, value: float) -> Stat:
        return Stat(id=stat_id, label="Spread, 1 year", value=value, unit="percentage_points", as_of=DAY, source="FRED")

    report = plain_report(stats=(spread("spread", 0.13), spread("spread.1y", 0.13), spread("spread.2y", 0.14)))
    text = "\n".join(t for texts in shown(report, details.explanation(report)) for t in texts)
    assert text.count("+13.0 points") == 1
    assert text.count("+14.0 points") == 1


def test_what_belongs_in_the_csv_stays_there() -> None:
    report = plain_report(tables=(wide_table(5, "csv"), wide_table(0, "page")))
    assert details.tables(report) == []


def test_a_single_page_is_not_counted() -> None:
    report = plain_report(tables=(wide_table(3, "page"),))
    ((*_texts, foot),) = shown(report, details.tables(report))
    assert "Page" not in foot


def test_one_very_wide_row_a_page_still_fits() -> None:
    columns = tuple(Column(f"c{n}", "C" * 60) for n in range(40))
    report = plain_report(tables=(Table("w", "W", columns, (("x" * 60,) * 40,) * 3, "page"),))
    assert len(shown(report, details.tables(report))) == 3


def test_an_explanation_is_the_definition_with_todays_arithmetic() -> None:
    definition = metrics.catalogue()["rotation.regime"]
    figure = Stat(
        id="regime", label="Regime", value="small", unit="text", as_of=DAY, source="Yahoo Finance",
        metric="rotation.regime", working="RS 104.2 > its mean 101.0",
    )  # fmt: skip
    other = Stat(id="x", label="Members", value=12, unit="count", as_of=None, source="iShares")
    report = plain_report(stats=(other, figure))
    (texts,) = shown(report, details.explanation(report))
    text = "\n".join(texts)
    for words in (definition.name, definition.formula, *definition.inputs, *definition.sources, *definition.caveats):
        assert words.rstrip(".") in text
    assert "**Regime** small · 17 Jul 2026, Yahoo Finance\n-# RS 104.2 > its mean 101.0" in text
    assert text.index("RS 104.2") < text.index("**Members** 12 · —, iShares"), "what has no definition comes last"
    assert "-# Dividends reinvested." in text


def test_a_definition_is_given_once_for_all_its_figures() -> None:
    figures = tuple(
        Stat(id=f"r{n}", label=f"R{n}", value=n, unit="count", as_of=DAY, source="FRED", metric="rotation.regime")
        for n in range(3)
    )
    report = plain_report(stats=figures)
    text = "\n".join(t for texts in shown(report, details.explanation(report)) for t in texts)
    assert text.count(metrics.catalogue()["rotation.regime"].formula) == 1


def test_a_picture_that_is_not_there_is_said() -> None:
    with pytest.raises(details.NoPicture) as refused:
        details.picture_page(None)
    assert refused.value.text() == "There is no picture on this card."
