"""Reports made by hand, small and extreme, for tests of how they are shown."""

from datetime import date

from bot.report import Chart, Column, Report, Stat, Table
from bot.workers import Rendered

DAY = date(2026, 7, 17)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def stat(number: int, *, label: str = "Figure", figure: bool = True) -> Stat:
    return Stat(
        id=f"figure.{number}",
        label=f"{label} {number}",
        value=0.1 * number,
        unit="fraction",
        as_of=DAY,
        source="FRED",
        figure=figure,
        signed=True,
    )


def plain_report(**changes: object) -> Report:
    values: dict[str, object] = {
        "feature": "rotation",
        "request": {},
        "title": "Small caps against large caps",
        "headline": "Small caps lead.",
        "as_of": DAY,
        "stats": tuple(stat(n) for n in range(3)),
        "charts": (Chart("picture", "IWM ends at 111.1 and SPY at 108.0."),),
        "notes": ("Dividends reinvested.",),
        "sources": ("Yahoo Finance", "FRED"),
    }
    return Report(**{**values, **changes})  # type: ignore[arg-type]  # the keys are those of Report


def wide_table(rows: int, place: str = "card") -> Table:
    columns = tuple(Column(f"c{n}", f"Column {n}", "fraction" if n else "text") for n in range(6))
    return Table(
        "wide",
        "A wide table",
        columns,
        tuple((f"row {r} `tick`", *(0.01 * r for _n in range(5))) for r in range(rows)),
        place,  # type: ignore[arg-type]  # one of its three places
    )


def narrow_table(rows: int, place: str = "card") -> Table:
    return Table(
        "narrow",
        "A narrow table",
        (Column("a", "Name"), Column("b", "Return", "fraction", signed=True)),
        tuple((f"row {r} `tick`", 0.01 * r) for r in range(rows)),
        place,  # type: ignore[arg-type]  # one of its three places
    )


def extreme_report() -> Report:
    """Everything longer than anything the bot computes."""
    return plain_report(
        title="T" * 400,
        headline="headline " * 300,
        stats=tuple(stat(n, label="label " * 60) for n in range(6)),
        tables=tuple(
            Table(f"t{n}", "title " * 40, wide_table(0).columns, wide_table(200).rows, "card") for n in range(3)
        ),
        charts=tuple(Chart(f"chart{n}", "alternative " * 400) for n in range(12)),
        notes=tuple("note " * 200 for _n in range(30)),
        sources=tuple(f"A very long vendor's name number {n}" for n in range(60)),
    )


def rendered(report: Report) -> Rendered:
    return Rendered(report, {chart.id: PNG for chart in report.charts})
