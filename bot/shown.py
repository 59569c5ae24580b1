"""How raw values look to people: by unit, in the active language. Cards, tables, terminals share it."""

import itertools
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date

from bot import i18n
from bot.i18n import gettext as _
from bot.report import Column, Report, Stat, Table, Unit, Value

MISSING = "—"
COLUMNS = 80  # of a terminal that does not say how many it has
_GAP = "  "


def value_shown(value: Value, unit: Unit, *, signed: bool = False, digits: int | None = None) -> str:
    """Return a raw value as text: 0.1264 as a fraction is "12.6%"; None is a dash."""
    if value is None or value != value:  # noqa: PLR0124  (NaN is the one value that differs from itself)
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return i18n.day(value)
    if isinstance(value, str) or unit == "text":  # a year is a number, but not a quantity
        return str(value)
    return _number_shown(float(value), unit, signed=signed, digits=digits)


def _number_shown(value: float, unit: Unit, *, signed: bool, digits: int | None) -> str:
    if unit == "count" and abs(value) >= 1e5:
        return i18n.compact(value)
    match unit:
        case "fraction":
            return i18n.percent(value, 1 if digits is None else digits, signed=signed)
        case "percentage_points":
            return i18n.points(value, 1 if digits is None else digits)
        case "basis_points":
            return i18n.basis_points(value)
        case "usd":
            return i18n.money(value)
    usual = 2 if unit == "ratio" else 0
    return i18n.number(value, usual if digits is None else digits, signed=signed)


def stat_shown(stat: Stat) -> str:
    """Return a stat's value as text, with its mark where it is stale."""
    text = stat.shown or value_shown(stat.value, stat.unit, signed=stat.signed, digits=stat.digits)
    return _("{value} (stale)").format(value=text) if stat.stale else text


def rows_shown(table: Table) -> list[list[str]]:
    """Return a table's cells as text, without its header."""
    return [
        [
            value_shown(cell, c.unit, signed=c.signed, digits=c.digits)
            for cell, c in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]


def aligned(table: Table, columns: int | None = None) -> list[str]:
    """Return a table as lines of equal columns, text to the left and numbers to the right.

    Where it is wider than ``columns`` it comes in parts below each other, each with the first column; a text that is
    too long even so goes on beneath itself.
    """
    cells = [[c.label for c in table.columns], *rows_shown(table)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    if columns is not None:
        widths[0] = min(widths[0], columns // 2)
        widths[1:] = [min(width, columns - widths[0] - len(_GAP)) for width in widths[1:]]
    lines: list[str] = []
    for part in _parts(widths, columns or sys.maxsize):
        lines += ["" for _gap in lines[:1]]
        for row in cells:
            lines += _row([row[i] for i in part], [widths[i] for i in part], [table.columns[i] for i in part])
    return lines


def _parts(widths: list[int], columns: int) -> list[list[int]]:
    """Return which columns stand side by side: as many as fit, the first one always."""
    parts = [[0]]
    for i in range(1, len(widths)):
        if len(parts[-1]) > 1 and sum(widths[j] + len(_GAP) for j in parts[-1]) + widths[i] > columns:
            parts.append([0])
        parts[-1].append(i)
    return parts


def _row(texts: list[str], widths: list[int], columns: list[Column]) -> Iterator[str]:
    """Yield the lines of a row: one, unless a text in it is longer than its column."""
    cells = [
        [text] if len(text) <= width else textwrap.wrap(text, width) for text, width in zip(texts, widths, strict=True)
    ]
    for line in itertools.zip_longest(*cells, fillvalue=""):
        shown = zip(line, widths, columns, strict=True)
        yield _GAP.join(
            text.ljust(width) if column.unit in {"text", "date"} else text.rjust(width) for text, width, column in shown
        ).rstrip()


def disclaimer() -> str:
    """Return the words that every card carries."""
    return _("Not investment advice.")


def as_text(report: Report, notes: tuple[str, ...] = (), columns: int = COLUMNS) -> str:
    """Return a report for a terminal: headline, all figures, tables that are not for the CSV, notes, sources.

    No line is longer than ``columns``, but for single words that are.
    """
    lines = [report.title, "", report.headline, "", *_figures(report, columns)]
    for table in report.tables:
        if table.rows and table.place != "csv":
            lines += ["", table.title, *aligned(table, columns)]
    if notes or report.notes:
        lines += ["", *(_folded(f"- {note}", columns, "  ") for note in (*notes, *report.notes))]
    sources = i18n.all_of(report.sources) if report.sources else MISSING
    lines += ["", _("As of {day}. Source: {sources}.").format(day=i18n.day(report.as_of), sources=sources)]
    return "\n".join(_folded(line, columns) for line in [*lines, disclaimer()])


def _figures(report: Report, columns: int) -> Iterable[str]:
    width = min(max((len(s.label) for s in report.stats), default=0), columns // 2 + 8)
    for stat in report.stats:
        line = f"{stat.label.ljust(width)}{_GAP}{stat_shown(stat)}"
        yield _folded(line, columns, " " * (width + len(_GAP)))


def _folded(text: str, columns: int, indent: str = "") -> str:
    """Return a text in lines of at most so many columns; those after the first are indented."""
    wrapper = textwrap.TextWrapper(columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(line if len(line) <= columns else wrapper.fill(line) for line in text.split("\n"))
