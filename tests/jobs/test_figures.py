from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.figures import differ, shown, step
from bot.report import Report, Stat, Unit
from bot.shown import stat_shown


def _stat(value: Any, unit: Unit = "fraction", digits: int | None = None, stat_id: str = "a") -> Stat:
    return Stat(id=stat_id, label="A", value=value, unit=unit, as_of=None, source="sample", figure=True, digits=digits)


def _report(*stats: Stat) -> Report:
    return Report(feature="rotation", request={}, title="T", headline="H", as_of=date(2026, 7, 17), stats=stats)


def _changed(old: Stat, new: Stat) -> bool:
    return differ(shown([_report(old)]), shown([_report(new)]))


@pytest.mark.parametrize(
    ("unit", "digits", "old", "new", "changed"),
    [
        ("fraction", None, 0.12649, 0.12651, False),  # 12.6% and 12.7%, but only rounding lies between
        ("fraction", None, 0.1261, 0.1268, True),
        ("fraction", None, 0.1256, 0.1264, False),  # both are shown as 12.6%
        ("fraction", 2, 0.1261, 0.1264, True),
        ("percentage_points", None, 0.041, 0.042, True),
        ("basis_points", None, 55.0, 55.4, False),
        ("basis_points", None, 55.0, 56.0, True),
        ("ratio", None, 1.234, 1.2345, False),
        ("ratio", None, 1.23, 1.24, True),
        ("usd", None, 251.82, 251.83, True),
        ("usd", None, 4.11e9, 4.13e9, False),
        ("usd", None, 4.1e9, 4.2e9, True),
        ("count", None, 55_400_000, 55_410_000, False),
        ("count", None, 1_410, 1_411, True),
        ("days", 1, 16.1, 16.2, True),
        ("text", None, "small leads", "mixed", True),
        ("date", None, date(2025, 12, 4), date(2025, 12, 4), False),
        ("fraction", None, 0.1, None, True),
        ("fraction", None, None, None, False),
        ("fraction", None, float("nan"), None, False),
    ],
)
def test_more_than_rounding(unit: Unit, digits: int | None, old: Any, new: Any, changed: bool) -> None:
    assert _changed(_stat(old, unit, digits), _stat(new, unit, digits)) == changed
    assert _changed(_stat(new, unit, digits), _stat(old, unit, digits)) == changed


def test_another_figure_is_another_post() -> None:
    assert differ(shown([_report(_stat(1.0))]), shown([_report(_stat(1.0), _stat(1.0, stat_id="b"))]))
    assert differ(shown([_report(_stat(1.0))]), shown([_report(_stat(1.0)), _report(_stat(1.0))]))


def test_only_what_the_card_shows_counts() -> None:
    hidden = Stat(id="h", label="H", value=1.0, unit="ratio", as_of=None, source="sample")
    assert shown([_report(_stat(0.5), hidden)]) == {"0.a": [0.5, 0.001]}


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_what_is_shown_alike_is_no_correction(old: float, new: float) -> None:
    """The other way round too: two steps apart is always one."""
    if stat_shown(_stat(old)) == stat_shown(_stat(new)):
        assert not _changed(_stat(old), _stat(new)) or abs(old - new) > 0.0005
    if abs(old - new) > 0.002:
        assert _changed(_stat(old), _stat(new))


@given(st.floats(1e6, 1e12))
def test_a_large_sum_changes_in_tenths_of_its_unit(value: float) -> None:
    smallest = step(_stat(value, "usd"))
    assert smallest is not None
    assert value / 1e4 <= smallest <= value / 10
