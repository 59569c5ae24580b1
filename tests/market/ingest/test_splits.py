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

COLUMNS = ["price", "market_cap", "average_200d", "low_52w", "high_52w"]


def test_no_cap_of_the_record_is_doubted_though_four_companies_split() -> None:
    """CrowdStrike four for one, Mueller two for one, DuPont and Marqeta the other way, their caps with them."""
    data = sample()
    now, then = data.snapshot().frame, data.snapshot(before=data.snapshot_dates()[-1]).frame
    shared = now.index.intersection(then.index)
    now, then = now.loc[shared], then.loc[shared]
    assert len(shared) > 2400
    moved = np.log(now["average_200d"] / then["average_200d"]).abs() > math.log(1.4)
    assert sorted(shared[moved]) == ["CRWD", "DD", "MLI", "MQ"]
    assert unaware(now, then).empty
    old_shares = now["price"] * then["market_cap"] / then["price"]
    spoilt = now.assign(market_cap=now["market_cap"].where(~moved, old_shares))
    assert sorted(unaware(spoilt, then)) == ["CRWD", "DD", "MLI", "MQ"]


@pytest.mark.parametrize(
    ("price", "cap", "average", "low", "high", "doubted"),
    [
        (100.0, 1e9, 100.0, 80.0, 120.0, False),
        (300.0, 3e9, 110.0, 80.0, 300.0, False),  # a real rise
        (2000.0, 2e10, 148.0, 80.0, 2100.0, False),  # to the twentyfold within a week: the low is where it was
        (180.0, 1.8e9, 140.1, 80.0, 190.0, False),  # the second day of a new listing
        (30.0, 3e8, 65.0, 28.0, 120.0, False),  # one that fell
        (25.0, 1e9, 25.0, 20.0, 30.0, False),  # a split of four for one, told whole
        (25.0, 0.25e9, 25.0, 20.0, 30.0, True),  # its cap left behind
        (15.0, 0.15e9, 24.0, 15.0, 30.0, True),  # and the price fell on
        (700.0, 7e9, 700.0, 560.0, 840.0, True),  # one for seven, the cap left behind
        (400.0, 4e9, 690.0, 390.0, 840.0, True),  # and the price fell at once, as it does
        (700.0, 1.4e9, 700.0, 560.0, 840.0, False),  # one for seven, with new shares sold
        (700.0, 7e9, math.nan, 560.0, 840.0, False),  # nothing to tell by
        (700.0, 7e9, 700.0, math.nan, math.nan, False),
    ],
)
def test_a_cap_in_shares_of_before_a_split(
    price: float, cap: float, average: float, low: float, high: float, doubted: bool
) -> None:
    then = pd.DataFrame([[100.0, 1e9, 100.0, 80.0, 120.0]], index=["A"], columns=COLUMNS)
    now = pd.DataFrame([[price, cap, average, low, high]], index=["A"], columns=COLUMNS)
    assert list(unaware(now, then)) == (["A"] if doubted else [])


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


def test_a_cap_that_was_once_not_told_is_stored_as_soon_as_it_is(bench: Bench) -> None:
    """Without a split, a gap of an evening holds nothing back on the next."""
    right = cap_of(bench, "NFLX")
    bench.at("2026-07-20")
    assert bench.run(["prices", "snapshot"]).ok
    [row] = bench.store.rows("snapshots", day=date(2026, 7, 20), symbol="NFLX")
    bench.store.write("snapshots", [{**row, "market_cap": None}])
    bench.at("2026-07-21")
    assert bench.run(["prices", "snapshot"]).ok
    [row] = bench.store.rows("snapshots", day=date(2026, 7, 21), symbol="NFLX")
    assert row["market_cap"] == pytest.approx(right)
    assert not [one for one in runs.refusals(bench.store) if one["reason"] == UNAWARE]
