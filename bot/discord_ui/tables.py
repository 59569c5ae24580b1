"""A table as a message shows it: in columns where a phone has room for them, else row by row in words.

Discord does not let a block of code be read sideways on every phone, so a wide one is a wall of broken lines there.
"""

from collections.abc import Sequence

from discord.utils import escape_markdown

from bot.report import Column, Table
from bot.shown import MISSING, aligned, rows_shown

PHONE = 36  # monospaced characters side by side on a card of a phone 400 px wide


def in_columns(table: Table) -> list[str] | None:
    """Return header and rows as monospaced lines; None where a phone has no room for them."""
    lines = [line.replace("`", "'") for line in aligned(table)]
    return lines if max(map(len, lines)) <= PHONE else None


def in_words(table: Table) -> list[str]:
    """Return one line of Markdown a row: its first cell, then every other that is known after its column's name."""
    return [_row(table.columns[1:], *cells) for cells in rows_shown(table)]


def _row(columns: Sequence[Column], first: str, *cells: str) -> str:
    known = [_cell(column, cell) for column, cell in zip(columns, cells, strict=True) if cell != MISSING]
    return f"**{escape_markdown(first)}**  {' · '.join(known)}".rstrip()


def _cell(column: Column, cell: str) -> str:
    """Say what a cell is; a company's name says so itself."""
    return escape_markdown(cell if column.id == "name" else f"{column.label} {cell}")
