"""How raw values look to people: by unit, in the active language. Cards, tables, terminals share it."""

from datetime import date

from bot import i18n
from bot.i18n import gettext as _
from bot.report import Report, Stat, Table, Unit, Value

MISSING = "—"


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


def aligned(table: Table) -> list[str]:
    """Return a table as lines of equal columns, text to the left and numbers to the right."""
    cells = [[c.label for c in table.columns], *rows_shown(table)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    left = [c.unit in {"text", "date"} for c in table.columns]
    return [
        "  ".join(
            text.ljust(width) if to_left else text.rjust(width)
            for text, width, to_left in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in cells
    ]


def disclaimer() -> str:
    """Return the words that every card carries."""
    return _("Not investment advice.")


def as_text(report: Report, notes: tuple[str, ...] = ()) -> str:
    """Return a report for a terminal: headline, all figures, tables that are not for the CSV, notes, sources."""
    width = max((len(s.label) for s in report.stats), default=0)
    lines = [report.title, "", report.headline, ""]
    lines += [f"{s.label.ljust(width)}  {stat_shown(s)}" for s in report.stats]
    for table in report.tables:
        if table.rows and table.place != "csv":
            lines += ["", table.title, *aligned(table)]
    if notes or report.notes:
        lines += ["", *(f"- {note}" for note in (*notes, *report.notes))]
    sources = i18n.all_of(report.sources) if report.sources else MISSING
    lines += ["", _("As of {day}. Source: {sources}.").format(day=i18n.day(report.as_of), sources=sources)]
    return "\n".join([*lines, disclaimer()])
