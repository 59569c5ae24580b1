"""Asking questions on the sample, and telling two answers apart."""

import dataclasses
import functools
from datetime import date
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from bot import features
from bot.charts.theme import DARK, Theme
from bot.market.dataset import Dataset
from bot.report import Report
from tests.charts.legibility import check
from tests.truncation import truncated


@functools.lru_cache(maxsize=1)
def sample() -> Dataset:
    """Return the sample on its last session."""
    return Dataset.open()


def ask(feature: str, on: str | Dataset | None = None, **options: Any) -> Report:
    """Answer a question on a day of the sample (ISO), or on any dataset."""
    dataset = on if isinstance(on, Dataset) else sample().at(date.fromisoformat(on) if on else None)
    request = features.request_type(feature)(**options)
    report: Report = features.report_module(feature).build(request, dataset)
    return report


def values(report: Report) -> dict[str, Any]:
    """Return all figures of a report by id."""
    return {stat.id: stat.value for stat in report.stats}


def rows(report: Report, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings by column id."""
    found = report.table(table)
    return [dict(zip([c.id for c in found.columns], row, strict=True)) for row in found.rows]


def assert_nothing_leaks(feature: str, day: date, **options: Any) -> None:
    """Compare the answer as of a day with the one on data that ends there."""
    assert_equal(ask(feature, sample().at(day), **options), ask(feature, truncated(day), **options))


def drawn(report: Report, theme: Theme = DARK) -> dict[str, Figure]:
    """Return the report's pictures by id, each checked for what every picture must hold."""
    if not report.charts:
        return {}
    draw = features.chart_module(report.feature).draw
    figures = {block.id: draw(block.data, theme) for block in report.charts}
    for figure in figures.values():
        check(figure, theme)
    return figures


def assert_equal(first: Report, second: Report) -> None:
    """Compare two reports, pictures' data included."""
    assert first.without_drawings() == second.without_drawings()
    for one, other in zip(first.charts, second.charts, strict=True):
        _assert_same(one.data, other.data, one.id)


def _assert_same(one: Any, other: Any, where: str) -> None:
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=where)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            _assert_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for n, (left, right) in enumerate(zip(one, other, strict=True)):
            _assert_same(left, right, f"{where}[{n}]")
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            _assert_same(one[key], other[key], f"{where}[{key}]")
    else:
        assert one == other or (one != one and other != other), where
