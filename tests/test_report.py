import json
from datetime import date

import pytest

from bot.report import Chart, Column, Report, Stat, Table, as_json, distinct

DAY = date(2026, 7, 31)


def stat(name: str, value: object = 0.1, **more: object) -> Stat:
    return Stat(id=name, label=name.title(), value=value, unit="fraction", as_of=DAY, source="Yahoo Finance", **more)  # type: ignore[arg-type]


def report(**more: object) -> Report:
    fields: dict[str, object] = {
        "feature": "rotation", "request": {"window": "6m"}, "title": "Rotation", "headline": "Flat.", "as_of": DAY,
    }  # fmt: skip
    return Report(**(fields | more))  # type: ignore[arg-type]


def test_at_most_six_figures_fit_on_a_card() -> None:
    assert len(report(stats=tuple(stat(f"s{n}", figure=True) for n in range(6))).figures) == 6
    with pytest.raises(ValueError, match="at most 6"):
        report(stats=tuple(stat(f"s{n}", figure=True) for n in range(7)))


def test_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="twice"):
        report(stats=(stat("a"), stat("a")))


def test_rows_are_as_wide_as_their_columns() -> None:
    with pytest.raises(ValueError, match="2 cells, not 1"):
        Table("t", "T", (Column("year", "Year"),), ((1, 2),))


def test_stats_and_tables_are_found_by_id() -> None:
    table = Table("t", "T", (Column("year", "Year"),), ((2025,),))
    found = report(stats=(stat("a"), stat("b")), tables=(table,))
    assert found.stat("b").label == "B"
    assert found.table("t") is table
    with pytest.raises(KeyError):
        found.stat("c")
    with pytest.raises(KeyError):
        found.table("c")


def test_json_is_what_the_interface_promises() -> None:
    table = Table("years", "T", (Column("year", "Year"), Column("small", "S")), ((2025, 0.1266), (2026, None)))
    body = as_json(
        report(
            stats=(stat("return.small", 0.1905), stat("window.end", DAY), stat("missing", float("nan"))),
            tables=(table,),
            charts=(Chart("main", "Two lines.", data=object()),),
            notes=("A note.",),
            sources=("Yahoo Finance",),
        ),
        {"main": "out/main.png"},
    )
    assert list(body) == ["feature", "request", "as_of", "headline", "stats", "tables", "charts", "notes", "sources"]
    assert body["stats"][0] == {
        "id": "return.small", "label": "Return.Small", "value": 0.1905, "unit": "fraction", "as_of": "2026-07-31",
        "source": "Yahoo Finance", "stale": False,
    }  # fmt: skip
    assert body["stats"][1]["value"] == "2026-07-31"
    assert body["stats"][2]["value"] is None
    assert body["tables"] == [{"id": "years", "columns": ["year", "small"], "rows": [[2025, 0.1266], [2026, None]]}]
    assert body["charts"] == [{"id": "main", "alt": "Two lines.", "path": "out/main.png"}]
    json.dumps(body, allow_nan=False)


def test_drawings_stay_in_the_process_that_drew_them() -> None:
    kept = report(charts=(Chart("main", "Two lines.", data=object()),)).without_drawings()
    assert kept.charts == (Chart("main", "Two lines."),)


def test_sources_are_named_once_in_order() -> None:
    assert distinct(["FRED", "", "Yahoo Finance", "FRED"]) == ("FRED", "Yahoo Finance")
