"""The rotation graph in words: too short a history, funds that never move, directions true for any walk."""

import random
from pathlib import Path

import numpy as np
import pytest

from bot.features.rrg.findings import SESSIONS_NEEDED
from bot.market.dataset import Dataset
from tests.features import flat
from tests.features.answers import ask, rows, values

FUNDS = ("IWM", "IWO", "IWN", "QQQ")


def walks(count: int, seed: int) -> dict[str, list[float]]:
    """Return prices that wander, each symbol on its own; SPY among them."""
    chance = random.Random(seed)
    found = {}
    for symbol in (*FUNDS, "SPY"):
        closes = [100.0]
        for _session in range(count - 1):
            closes.append(closes[-1] * (1 + chance.gauss(0, 0.01)))
        found[symbol] = closes
    return found


def market(folder: Path, count: int, seed: int) -> Dataset:
    return flat.market(folder, walks(count, seed))


@pytest.mark.parametrize("seed", range(6))
def test_every_sentence_follows_from_the_table(tmp_path: Path, seed: int) -> None:
    report = ask("rrg", market(tmp_path, 420, seed), symbols=FUNDS)
    places = rows(report, "rrg")
    first, leading = places[0], sum(row["quadrant"] == "leading" for row in places)
    was = first["quadrant_8w"]
    opening = f"IWM is {first['quadrant']} against SPY" + (
        ", as it was eight weeks ago" if was == first["quadrant"] else f"; it was {was} eight weeks ago"
    )
    others = {0: "None of the 4 is leading.", 1: "1 of the 4 is leading."}.get(
        leading, f"{leading} of the 4 are leading."
    )
    assert report.headline == f"{opening}. {others}"
    for row in places:
        high, rising = row["ratio"] >= 100, row["momentum"] >= 100
        assert row["quadrant"] == {
            (True, True): "leading", (True, False): "weakening", (False, False): "lagging", (False, True): "improving",
        }[high, rising]  # fmt: skip
        shown = report.stat(f"quadrant.{row['symbol']}").shown
        same = row["quadrant_8w"] in (None, row["quadrant"])
        assert shown == (row["quadrant"] if same else f"{row['quadrant']}, was {row['quadrant_8w']}")
        assert values(report)[f"quadrant.{row['symbol']}"] == row["quadrant"]


@pytest.mark.parametrize("seed", range(2))
def test_the_tail_is_of_eight_weeks_and_ends_in_the_table(tmp_path: Path, seed: int) -> None:
    report = ask("rrg", market(tmp_path, 420, seed), symbols=FUNDS)
    data = report.charts[0].data
    assert data.symbols == FUNDS
    for row, ratios, momenta in zip(rows(report, "rrg"), data.ratios, data.momenta, strict=True):
        assert (float(ratios[-1]), float(momenta[-1])) == (row["ratio"], row["momentum"])
        assert len(ratios) == len(momenta) == 8
        assert np.isfinite(ratios).all()
        assert f"{row['symbol']} {row['quadrant']} (ratio " in report.charts[0].alt


@pytest.mark.parametrize(
    ("count", "placed", "earlier"),
    [(SESSIONS_NEEDED - 1, False, False), (SESSIONS_NEEDED, True, False), (SESSIONS_NEEDED + 30, True, False),
     (SESSIONS_NEEDED + 45, True, True)],
)  # fmt: skip
def test_how_much_history_the_graph_takes(tmp_path: Path, count: int, placed: bool, earlier: bool) -> None:
    report = ask("rrg", market(tmp_path, count, 1), symbols=("IWM",))
    (row,) = rows(report, "rrg")
    assert (row["quadrant"] is not None, row["quadrant_8w"] is not None) == (placed, earlier)
    assert bool(report.charts) == placed
    if not placed:
        assert report.headline == "None of these funds has enough history against SPY for the graph."
        assert any(f"too short a record on {report.as_of.day}" in note and "takes 333 sessions" in note
                   for note in report.notes)  # fmt: skip
    elif not earlier:
        assert report.headline == f"IWM is {row['quadrant']} against SPY."
        assert "IWM had no place on the graph eight weeks ago yet." in report.notes
    else:
        assert not any("eight weeks ago yet" in note for note in report.notes)


def test_a_fund_that_never_moves_against_the_benchmark_has_no_place(tmp_path: Path) -> None:
    prices = walks(400, 3)
    dataset = flat.market(tmp_path, {**prices, "IWO": [close / 2 for close in prices["SPY"]]})
    report = ask("rrg", dataset, symbols=("IWO", "IWM"))
    assert "IWO did not move against SPY for too long to have a place." in report.notes
    assert report.headline.startswith("IWM is ")
    assert not report.headline.rstrip(".").endswith("leading") or "IWM is leading" in report.headline
    assert [row["quadrant"] is None for row in rows(report, "rrg")] == [False, True]


def test_a_stand_in_is_named_and_shown(tmp_path: Path) -> None:
    prices = walks(400, 4)
    dataset = flat.market(tmp_path, {**prices, "RSP": prices["QQQ"]})
    report = ask("rrg", dataset, symbols=("MDY", "IWM"))
    assert [row["symbol"] for row in rows(report, "rrg")] == ["RSP", "IWM"]
    assert "MDY is not stored: RSP is shown in its place." in report.notes
    assert report.headline.startswith("RSP is ")


def test_a_fund_that_stopped_trading_is_shown_as_of_its_last_session(tmp_path: Path) -> None:
    prices = walks(420, 5)
    dataset = flat.market(tmp_path, {**prices, "IWN": prices["IWN"][:-3]})
    report = ask("rrg", dataset, symbols=("IWM", "IWN"))
    stopped = flat.sessions(420)[-4]
    assert (report.stat("quadrant.IWN").as_of, report.stat("quadrant.IWN").stale) == (stopped, True)
    assert report.stat("quadrant.IWM").stale is False
    assert any(note.startswith("IWN is shown as of ") and "its last stored session" in note for note in report.notes)


def test_what_is_set_against_itself_differs_by_the_benchmark_alone(tmp_path: Path) -> None:
    """Twice the price is the same place: the graph knows no levels."""
    prices = walks(400, 6)
    one = flat.market(tmp_path / "one", prices)
    two = flat.market(tmp_path / "two", {**prices, "IWM": [2 * close for close in prices["IWM"]]})
    first, second = (rows(ask("rrg", dataset, symbols=("IWM",)), "rrg")[0] for dataset in (one, two))
    assert first["ratio"] == pytest.approx(second["ratio"])
    assert first["momentum"] == pytest.approx(second["momentum"])
