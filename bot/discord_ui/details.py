"""What is behind a card: how each figure came about, the whole table, the figures as a file."""

import csv
import io

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.limits import Block, checked, fitted
from bot.i18n import gettext as _
from bot.report import Report, Stat, Value, plain_value
from bot.shown import MISSING, aligned, disclaimer, stat_shown

Page = tuple[ui.LayoutView, list[discord.File]]
_ROWS = 40


def explanation(report: Report) -> Page:
    """Say of each figure what it is made of, as of when and from where."""
    lines = [_explained(stat) for stat in report.stats]
    notes = [f"-# {note}" for note in report.notes]
    return _page([_head(report), Block(lines, 5), Block(notes, 3), _foot()]), []


def table_page(report: Report) -> Page:
    """Show the report's tables."""
    blocks = [_head(report)]
    for table in report.tables:
        if table.place == "csv":
            continue
        header, *rows = [line.replace("`", "'") for line in aligned(table)]
        blocks += [Block([f"**{table.title}**"], 8), Block([header, *rows[:_ROWS]], 5, code=True)]
        if len(rows) > _ROWS:
            left = len(rows) - _ROWS
            more = i18n.ngettext("{n} more row is in the CSV.", "{n} more rows are in the CSV.", left)
            blocks.append(Block([f"-# {more.format(n=left)}"], 7))
    return _page([*blocks, _foot()]), []


def csv_page(report: Report) -> Page:
    """Give the derived figures and tables as a file, with sources."""
    file = discord.File(
        io.BytesIO(csv_text(report).encode("utf-8-sig")), f"{report.feature}-{report.as_of.isoformat()}.csv"
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(_("{title}: figures and tables, with sources.").format(title=report.title)))
    view.add_item(ui.File(file))
    return checked(view), [file]


def csv_text(report: Report) -> str:
    """Return a report's figures and tables as CSV: sections under a line of their own, values raw, dates ISO."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["report", report.feature, report.as_of.isoformat(), report.headline])
    sheet.writerow([])
    sheet.writerow(["id", "label", "value", "unit", "as_of", "source", "stale"])
    for s in report.stats:
        day = s.as_of.isoformat() if s.as_of else ""
        sheet.writerow([s.id, s.label, _cell(s.value), s.unit, day, s.source, int(s.stale)])
    for table in report.tables:
        sheet.writerow([])
        sheet.writerow(["table", table.id, table.title])
        sheet.writerow([column.id for column in table.columns])
        sheet.writerows([_cell(value) for value in row] for row in table.rows)
    sheet.writerow([])
    sheet.writerows([["source", source] for source in report.sources])
    sheet.writerow(["note", disclaimer()])
    return out.getvalue()


def _cell(value: Value) -> object:
    """Return a value as a spreadsheet may take it: a text that begins like a formula is made harmless."""
    plain = plain_value(value)
    if isinstance(plain, str) and plain.startswith(("=", "+", "-", "@")):
        return "'" + plain
    return "" if plain is None else plain


def _explained(stat: Stat) -> str:
    day = i18n.day(stat.as_of) if stat.as_of else MISSING
    line = _("**{label}** {value} · {day}, {source}").format(
        label=stat.label, value=stat_shown(stat), day=day, source=stat.source
    )
    return f"{line}\n-# {stat.working}" if stat.working else line


def _head(report: Report) -> Block:
    return Block([f"-# {report.title}", f"### {report.headline}"], 9)


def _foot() -> Block:
    return Block([f"-# {disclaimer()}"], 8)


def _page(blocks: list[Block]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*(ui.TextDisplay(block.text()) for block in fitted(blocks))))
    return checked(view)
