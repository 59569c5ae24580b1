"""What is behind a card: how each figure came about, the whole table, the figures as a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot import i18n, metrics
from bot.discord_ui.limits import LABEL, Block, checked, cut, fitted
from bot.discord_ui.tables import in_columns, in_words
from bot.errors import UserError
from bot.i18n import gettext as _
from bot.metrics import Metric
from bot.report import Report, Stat, Table, Value, plain_value
from bot.shown import MISSING, disclaimer, stat_shown

Page = tuple[ui.LayoutView, list[discord.File]]
Piece: TypeAlias = list[Block]  # what stays together on a page
_ROWS = 20
_TABLE_LENGTH = 1800
_PAGE_LENGTH = 2400
_MOST_PIECES = 10
_HEADLINE, _TITLE = 400, 200


def explanation(report: Report) -> list[Piece]:
    """Say what each figure means and how today's came about, definition by definition; then the card's notes."""
    known = metrics.catalogue()
    by_metric: dict[str, list[Stat]] = {}
    for stat in _each_once(report.stats):
        by_metric.setdefault(stat.metric or "", []).append(stat)
    pieces = []
    for metric_id in sorted(by_metric, key=lambda one: one == ""):  # those without a definition come last
        if metric_id:
            pieces.append([Block(_definition(known[metric_id]), 5, apart=True)])
        pieces += [[Block([_explained(stat)], 4)] for stat in by_metric[metric_id]]
    return [*pieces, *([Block([f"-# {note}"], 3)] for note in report.notes)]


def _each_once(stats: Sequence[Stat]) -> Iterator[Stat]:
    """Leave out figures that say the same under another id, such as the spread of a year on a card of one year."""
    seen = set()
    for stat in stats:
        said = stat.label, stat_shown(stat), stat.as_of, stat.working
        if said not in seen:
            yield stat
        seen.add(said)


def _definition(metric: Metric) -> list[str]:
    lines = [f"**{metric.name}**", f"{metric.formula.rstrip('.')}."]
    lines.append("-# " + _("What goes in: {inputs}.").format(inputs="; ".join(metric.inputs).rstrip(".")))
    lines.append("-# " + _("Published by {sources}.").format(sources=i18n.all_of(metric.sources)))
    return [*lines, *(f"-# {caveat}" for caveat in metric.caveats)]


def tables(report: Report) -> list[Piece]:
    """Return the report's tables, long ones in parts that each repeat the header."""
    return [part for table in report.tables if table.place != "csv" and table.rows for part in _parts(table)]


def _parts(table: Table) -> Iterator[Piece]:
    title = f"**{cut(table.title, _TITLE)}**"
    columns = in_columns(table)
    header, rows = (columns[:1], columns[1:]) if columns else ([], in_words(table))
    for some in _batches(rows):
        yield [Block([title], 8), Block([*header, *some], 5, code=columns is not None)]


def _batches(rows: Sequence[str]) -> Iterator[list[str]]:
    """Put rows together until there are many, or long ones."""
    batch: list[str] = []
    for row in rows:
        if batch and (len(batch) == _ROWS or sum(map(len, batch)) + len(row) > _TABLE_LENGTH):
            yield batch
            batch = []
        batch.append(row)
    yield batch


def pages_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Put pieces onto pages of a readable length, in their order; at least one page."""
    pages: list[Piece] = [[]]
    for piece in pieces:
        filled = sum(len(block.text()) for block in pages[-1])
        longer = filled + sum(len(block.text()) for block in piece) > _PAGE_LENGTH
        if pages[-1] and (longer or len(pages[-1]) + len(piece) > _MOST_PIECES):
            pages.append([])
        pages[-1] += piece
    return pages


def page_view(report: Report, pages: Sequence[Piece], number: int, rows: Sequence[ui.ActionRow[Any]]) -> ui.LayoutView:
    """Return one page with the rows that turn it."""
    head = Block([f"-# {cut(report.title, _TITLE)}", f"### {cut(report.headline, _HEADLINE)}"], 9)
    foot = disclaimer()
    if len(pages) > 1:
        foot = _("Page {number} of {count}.").format(number=number, count=len(pages)) + " " + foot
    blocks = fitted([head, *pages[number - 1], Block([f"-# {foot}"], 10)])
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*_items(blocks), *rows))
    return checked(view)


def _items(blocks: Sequence[Block]) -> Iterator[ui.Item[Any]]:
    for block in blocks:
        if block.apart:
            yield ui.Separator()
        yield ui.TextDisplay(block.text())


class NoPicture(UserError):
    """A message whose picture was asked for has none."""

    def text(self) -> str:
        """Say so."""
        return _("There is no picture on this card.")


def picture_page(message: discord.Message | None) -> Page:
    """Give the addresses of the pictures on a card. Raises NoPicture."""
    galleries = [
        c for c in _inside(message.components if message else ()) if isinstance(c, discord.MediaGalleryComponent)
    ]
    pictures = [item.media.url for gallery in galleries for item in gallery.items][:5]
    if not pictures:
        raise NoPicture
    links = [ui.Button[Any](label=cut(url.partition("?")[0].rsplit("/", 1)[-1], LABEL), url=url) for url in pictures]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(_("The picture on its own. Discord lets such links expire after about a day.")))
    view.add_item(ui.ActionRow(*links))
    return checked(view), []


def _inside(components: Any) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _inside(getattr(component, "children", ()))


def csv_page(report: Report) -> Page:
    """Give the derived figures and tables as a file, with sources."""
    file = discord.File(
        io.BytesIO(csv_text(report).encode("utf-8-sig")), f"{report.feature}-{report.as_of.isoformat()}.csv"
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(_("{title}: figures and tables, with sources.").format(title=report.title)))
    view.add_item(ui.File(file))
    return checked(view, [file]), [file]


def csv_text(report: Report) -> str:
    """Return a report's figures and tables as CSV: sections under a line of their own, values raw, dates ISO."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerows([_cell(value) for value in line] for line in _lines(report))
    return out.getvalue()


def _lines(report: Report) -> Iterator[Sequence[Value]]:
    yield "report", report.feature, report.as_of, report.headline
    yield ()
    yield "id", "label", "value", "unit", "as_of", "source", "stale"
    for s in report.stats:
        yield s.id, s.label, s.value, s.unit, s.as_of, s.source, int(s.stale)
    for table in report.tables:
        yield ()
        yield "table", table.id, table.title
        yield [column.id for column in table.columns]
        yield from table.rows
    yield ()
    yield from (("source", source) for source in report.sources)
    yield "note", disclaimer()


def _cell(value: Value) -> object:
    """Return a value as a spreadsheet may take it: a text that begins like a formula is made harmless."""
    plain = plain_value(value)
    if isinstance(plain, str) and plain.lstrip().startswith(("=", "+", "-", "@")):
        return "'" + plain
    return "" if plain is None else plain


def _explained(stat: Stat) -> str:
    day = i18n.day(stat.as_of) if stat.as_of else MISSING
    line = _("**{label}** {value} · {day}, {source}").format(
        label=stat.label, value=stat_shown(stat), day=day, source=stat.source
    )
    return f"{line}\n-# {stat.working}" if stat.working else line
