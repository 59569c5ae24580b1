import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import years

spreads = st.lists(st.sampled_from([-0.3, -0.05, 0.0, 0.02, 0.4]), min_size=0, max_size=20)


def table(values: list[float], first: int = 2001) -> pd.DataFrame:
    index = pd.Index(range(first, first + len(values)), name="year")
    return pd.DataFrame({"small": values, "large": 0.0, "spread": values}, index=index, dtype=float)


def walk(start: str, end: str, seed: int) -> "pd.Series[float]":
    days = pd.bdate_range(start, end)
    return pd.Series(np.cumprod(1 + np.random.default_rng(seed).normal(0, 0.01, len(days))), index=days)


def test_years_side_by_side_by_hand() -> None:
    days = pd.to_datetime(["2021-12-31", "2022-12-30", "2023-06-30"])
    found = years.side_by_side(pd.Series([100.0, 80.0, 100.0], index=days), pd.Series([50.0, 60.0, 54.0], index=days))
    assert found.index.tolist() == [2022, 2023]
    assert found["small"].tolist() == pytest.approx([-0.2, 0.25])
    assert found["large"].tolist() == pytest.approx([0.2, -0.1])
    assert found["spread"].tolist() == pytest.approx([-0.4, 0.35])


def test_only_common_sessions_count() -> None:
    small, large = walk("2018-03-01", "2022-05-31", 1), walk("2016-01-04", "2023-12-29", 2)
    found = years.side_by_side(small, large)
    assert found.index.tolist() == [2019, 2020, 2021, 2022]
    last = large.loc[:"2022-05-31"].iloc[-1]
    assert found.loc[2022, "large"] == pytest.approx(last / large.loc[:"2021-12-31"].iloc[-1] - 1)


def test_exchanging_the_sides_turns_the_spread() -> None:
    small, large = walk("2015-06-01", "2022-05-31", 3), walk("2015-06-01", "2022-05-31", 4)
    ours, theirs = years.side_by_side(small, large), years.side_by_side(large, small)
    assert (ours["spread"] + theirs["spread"]).abs().max() < 1e-12


@given(spreads)
def test_a_tally_counts_every_year_once(values: list[float]) -> None:
    found = years.tally(table(values))
    mirrored = years.tally(table([-value for value in values]))
    assert found.years == len(values)
    assert found.ahead + found.tied + mirrored.ahead == len(values)
    assert found.tied == values.count(0.0)
    if values:
        assert found.best is not None
        assert found.worst is not None
        assert found.best[1] == max(values)
        assert found.worst[1] == min(values)
        assert values[found.best[0] - 2001] == found.best[1]


def test_the_first_of_equal_extremes_is_named() -> None:
    assert years.tally(table([0.4, 0.4, -0.3, -0.3])).best == (2001, 0.4)
    assert years.tally(table([0.4, 0.4, -0.3, -0.3])).worst == (2003, -0.3)


def test_no_year_is_no_tally() -> None:
    assert years.tally(table([])) == years.Tally(0, 0, 0, None, None)
