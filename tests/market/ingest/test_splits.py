"""Market caps around splits: on the record, on rows that the vendor restated in part, and through the whole way."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from bot.market import universe
from bot.market.ingest.splits import UNAWARE, unaware
from bot.market.store import runs
from tests.market.ingest.conftest import Bench
from tests.vendors.world import sample

NONE = pd.Series(dtype=float)


def test_no_cap_of_the_record_is_doubted_though_four_companies_split() -> None:
    """CrowdStrike four for one, Mueller two for one, DuPont and Marqeta the other way, their caps with them."""
    data = sample()
    now, then = data.snapshot().frame, data.snapshot(before=data.snapshot_dates()[-1]).frame
    shared = now.index.intersection(then.index)
    now, then = now.loc[shared], then.loc[shared]
    assert len(shared) > 2400
    moved = np.log(now["average_200d"] / then["average_200d"]).abs() > math.log(1.4)
    assert sorted(shared[moved]) == ["CRWD", "DD", "MLI", "MQ"]
    assert unaware(now, then, NONE).empty
    old_shares = now["price"] * then["market_cap"] / then["price"]
    spoilt = now.assign(market_cap=now["market_cap"].where(~moved, old_shares))
    assert sorted(unaware(spoilt, then, NONE)) == ["CRWD", "DD", "MLI", "MQ"]


@pytest.mark.parametrize(
    ("price", "cap", "average", "doubted"),
    [
        (100.0, 1e9, 100.0, False),
        (300.0, 3e9, 110.0, False),  # a real rise
        (25.0, 1e9, 25.0, False),  # a split of four for one, told whole
        (25.0, 0.25e9, 25.0, True),  # its cap left behind
        (700.0, 7e9, 700.0, True),  # one for seven, the cap left behind
        (700.0, 1.4e9, 700.0, False),  # one for seven, with new shares sold
        (700.0, 7e9, math.nan, False),  # nothing to tell by
    ],
)
def test_a_cap_in_shares_of_before_a_split(price: float, cap: float, average: float, doubted: bool) -> None:
    columns = ["price", "market_cap", "average_200d"]
    then = pd.DataFrame([[100.0, 1e9, 100.0]], index=["A"], columns=columns)
    now = pd.DataFrame([[price, cap, average]], index=["A"], columns=columns)
    assert list(unaware(now, then, NONE)) == (["A"] if doubted else [])


@pytest.mark.parametrize(("cap", "doubted"), [(7e9, True), (1e9, False), (7.2e9, True)])
def test_a_cap_that_is_held_stays_so_until_its_shares_are_others(cap: float, doubted: bool) -> None:
    columns = ["price", "market_cap", "average_200d"]
    then = pd.DataFrame([[700.0, math.nan, 700.0]], index=["A"], columns=columns)
    now = pd.DataFrame([[700.0, cap, 700.0]], index=["A"], columns=columns)
    assert list(unaware(now, then, pd.Series({"A": 1e7}))) == (["A"] if doubted else [])


def cap_of(bench: Bench, symbol: str) -> float:
    return float(universe.market_caps(bench.dataset())["market_cap"][symbol])


def test_a_cap_that_does_not_know_of_a_split_is_never_shown(bench: Bench) -> None:
    """One for seven: held for two evenings, told in the record of what was set aside, stored when it is right."""
    right = cap_of(bench, "NFLX")
    bench.vendors.world.company_splits["NFLX"] = (1 / 7, False)
    for day in (20, 21):
        bench.at(f"2026-07-{day}")
        assert bench.run(["prices", "snapshot"]).ok
        [row] = bench.store.rows("snapshots", day=date(2026, 7, day), symbol="NFLX")
        assert row["market_cap"] is None
        assert row["price"] is not None
        assert cap_of(bench, "NFLX") == right
    told = [one for one in runs.refusals(bench.store) if one["reason"] == UNAWARE]
    assert len(told) == 2
    assert all('"NFLX"' in one["row"] for one in told)
    others = bench.store.rows("snapshots", day=date(2026, 7, 21))
    assert sum(row["market_cap"] is None for row in others) == 1
    bench.vendors.world.company_splits["NFLX"] = (1 / 7, True)
    bench.at("2026-07-22")
    assert bench.run(["prices", "snapshot"]).ok
    [row] = bench.store.rows("snapshots", day=date(2026, 7, 22), symbol="NFLX")
    assert row["market_cap"] == pytest.approx(right)


def test_a_split_that_is_told_whole_holds_nothing(bench: Bench) -> None:
    bench.vendors.world.company_splits["NFLX"] = (10.0, True)
    bench.at("2026-07-20")
    assert bench.run(["prices", "snapshot"]).ok
    assert not [one for one in runs.refusals(bench.store) if one["reason"] == UNAWARE]
    [row] = bench.store.rows("snapshots", day=date(2026, 7, 20), symbol="NFLX")
    assert row["market_cap"] is not None
