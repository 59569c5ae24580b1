"""A table as a message shows it: in columns where a phone has room for them, else row by row in words.

Discord does not let a block of code be read sideways on every phone, so a wide one is a wall of broken lines there.
"""

from discord.utils import escape_markdown

from bot.report import Table
from bot.shown import aligned, rows_shown

PHONE = 36  # monospaced characters side by side on a card of a phone 400 px wide


def in_columns(table: Table) -> list[str] | None:
    """Return header and rows as monospaced lines; None where a phone has no room for them."""
    lines = [line.replace("`", "'") for line in aligned(table)]
    return lines if max(map(len, lines)) <= PHONE else None


def in_words(table: Table) -> list[str]:
    """Return one line of Markdown a row: its first cell, then every other cell after its column's name."""
    names = [column.label for column in table.columns[1:]]
    return [_row(first, zip(names, cells, strict=True)) for first, *cells in rows_shown(table)]


def _row(first: str, cells: "zip[tuple[str, str]]") -> str:
    said = " · ".join(f"{escape_markdown(name)} {escape_markdown(cell)}" for name, cell in cells)
    return f"**{escape_markdown(first)}**  {said}" if said else f"**{escape_markdown(first)}**"
