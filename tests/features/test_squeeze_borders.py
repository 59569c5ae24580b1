"""The squeeze screen at its borders, in markets of a few companies: floors, ranks, filters, what each note says."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import BadInput, MissingData
from bot.features.squeeze.findings import CAP_FLOOR, VOLUME_FLOOR, scores_of
from bot.report import Report, as_json
from tests.features.answers import ask, drawn, rows, sample, values
from tests.features.tiny import LARGE, NAN, Firm, market

WEIGHTS = {"short_of_float": 35, "days_to_cover": 25, "short_change": 15, "return_1m": 15, "volume_surge": 10}
CROWD = (
    Firm(symbol="MOST", short=3e7, before=2e7, days=20.0, sector="Energy"),
    Firm(symbol="MIDDLE", short=2e7, before=1.5e7, days=10.0, sector="Health Care", cap=3e9, price=30.0),
    Firm(symbol="LEAST", short=1e7, before=1e7, days=5.0, sector="Health Care", cap=2e10, price=200.0),
)


def screen(folder: Path, firms: Sequence[Firm] = CROWD, **options: Any) -> Report:
    return ask("squeeze", market(folder, [*firms, LARGE]), **options)


def listed(report: Report) -> list[str]:
    return [row["symbol"] for row in rows(report, "squeeze")]


def said(report: Report, part: str) -> bool:
    return any(part in note for note in report.notes)


def test_three_members_by_hand(tmp_path: Path) -> None:
    """Of three, places are a third, two thirds and one: in every component the same order, so the scores too."""
    report = screen(tmp_path)
    assert listed(report) == ["MOST", "MIDDLE", "LEAST"]
    assert [row["score"] for row in rows(report, "squeeze")] == pytest.approx([100, 200 / 3, 100 / 3])
    top = rows(report, "squeeze")[0]
    assert [top[name] for name in WEIGHTS] == [
        pytest.approx(35 / 0.75), pytest.approx(25 / 0.75), pytest.approx(15 / 0.75), None, None,
    ]  # fmt: skip
    found = values(report)
    assert (found["top.symbol"], found["top.score"]) == ("MOST", pytest.approx(100))
    assert found["lowest.score"] == pytest.approx(100 / 3)
    assert report.stat("top.symbol").shown == "MOST: 100"
    assert (found["coverage.members"], found["coverage.scored"], found["coverage.weight"]) == (3, 3, pytest.approx(1))


def test_inputs_are_the_rows_of_the_file(tmp_path: Path) -> None:
    first, *_rest = rows(screen(tmp_path), "inputs")
    assert first == {
        "symbol": "MOST", "name": "MOST", "sector": "Energy", "market_cap": 1e9, "short_of_float": 3e7 / 8e7,
        "days_to_cover": 20.0, "short_change": pytest.approx(1e7 / 8e7), "return_1m": None, "volume_surge": None,
    }  # fmt: skip


def test_equal_members_share_their_places_and_go_by_symbol(tmp_path: Path) -> None:
    report = screen(tmp_path, [Firm(symbol="BBBB"), Firm(symbol="AAAA"), Firm(symbol="CCCC")])
    assert listed(report) == ["AAAA", "BBBB", "CCCC"]
    assert {round(row["score"], 9) for row in rows(report, "squeeze")} == {round(200 / 3, 9)}


# floors


@pytest.mark.parametrize(
    ("changed", "ranked"),
    [
        ({"cap": CAP_FLOOR, "volume": 1e7}, True),
        ({"cap": np.nextafter(CAP_FLOOR, 0), "volume": 1e7}, False),
        ({"volume": VOLUME_FLOOR / 10}, True),  # at $10
        ({"volume": VOLUME_FLOOR / 10 - 1}, False),
        ({"volume": 0.0}, False),
        ({"volume": NAN}, False),
        ({"cap": NAN}, False),
        ({"price": NAN}, False),
        ({"short": NAN}, False),
        ({"short": 0.0}, True),
        ({"covered": False}, False),
    ],
)
def test_who_is_over_the_floors(tmp_path: Path, changed: dict[str, Any], ranked: bool) -> None:
    report = screen(tmp_path, [*CROWD, Firm(symbol="EDGE", **changed)])
    assert values(report)["coverage.members"] == 3 + ranked
    assert ("EDGE" in listed(report)) == ranked
    assert report.stat("coverage.members").shown == f"{3 + ranked} of 4"
    assert values(report)["coverage.weight"] == pytest.approx((3 + ranked) / 4)
    assert said(report, f"among the members over the floors ({3 + ranked}; $300M market cap, $2M traded a day)")


def test_nobody_over_the_floors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="over the floors"):
        screen(tmp_path, [Firm(symbol="TINY", cap=1e8)])


def test_floors_are_of_all_classes_together(tmp_path: Path) -> None:
    duo = [
        Firm(symbol="DUOA", name="Duo Holdings Class A", volume=1e5, weight=0.2),
        Firm(symbol="DUOB", name="Duo Holdings Class B", volume=1e5, weight=0.1),
    ]
    report = screen(tmp_path, duo)
    assert listed(report) == ["DUOA"]  # 200,000 shares a day at $10, neither class alone
    assert screen(tmp_path / "blocked", [*duo, *CROWD], without=("DUOB",)).table("squeeze").rows
    assert "DUOA" not in listed(screen(tmp_path / "again", [*duo, *CROWD], without=("DUOB",)))


# what is missing


def test_members_without_a_float_are_ranked_and_not_listed(tmp_path: Path) -> None:
    report = screen(tmp_path, [*CROWD, Firm(symbol="BARE", floating=NAN, days=99.0)])
    assert "BARE" not in listed(report)
    assert (values(report)["coverage.members"], values(report)["coverage.scored"]) == (4, 3)
    assert said(report, "1 member without a stored float is ranked on the rest but not listed.")
    days = rows(report, "squeeze")[0]["days_to_cover"]
    assert days == pytest.approx(25 / 0.75 * 3 / 4)  # BARE takes the first place in days


def test_zero_float_is_no_float(tmp_path: Path) -> None:
    report = screen(tmp_path, [*CROWD, Firm(symbol="NIL", floating=0.0)])
    assert "NIL" not in listed(report)
    assert values(report)["coverage.scored"] == 3


@pytest.mark.parametrize("changed", [{"split": True}, {"before": NAN}, {"days": 999.99}, {"days": NAN}])
def test_a_missing_input_is_made_up_for_by_the_rest(tmp_path: Path, changed: dict[str, Any]) -> None:
    report = screen(tmp_path, [replace(CROWD[0], **changed), *CROWD[1:]])
    missing = "days_to_cover" if "days" in changed else "short_change"
    row = rows(report, "squeeze")[0]
    assert (row["symbol"], row[missing], row["score"]) == ("MOST", None, pytest.approx(100))
    assert row["confidence"] == pytest.approx((75 - WEIGHTS[missing]) / 100)
    assert said(report, "Where one company lacks an input")
    assert rows(report, "inputs")[0][missing] is None
    assert report.stat("confidence.median").working == (
        "weights stored for members: Short of float 35, Days to cover 25, and Change in shorts 15, of 100"
    )
    drawn(report)


def test_nothing_is_said_of_what_nobody_lacks(tmp_path: Path) -> None:
    report = screen(tmp_path)
    assert not said(report, "lacks an input")
    assert not said(report, "blocked")
    assert not said(report, "without a stored float")
    assert not said(report, "Volumes are not stored")
    assert not said(report, "reconstitution")
    assert said(report, "Not stored for any member: 1-month return and Volume surge.")
    assert said(report, "Settlement 30 Jun 2026, published 13 Jul 2026; prices and caps of 2 Jul 2026.")


def test_without_any_volumes_the_floor_for_caps_stands_alone(tmp_path: Path) -> None:
    report = screen(tmp_path, [replace(firm, volume=NAN) for firm in (*CROWD, Firm(symbol="TINY", cap=2e8))])
    assert listed(report) == ["MOST", "MIDDLE", "LEAST"]
    assert said(report, "Volumes are not stored for this settlement date")


def test_a_stored_return_counts_and_is_no_longer_absent(tmp_path: Path) -> None:
    """LEAST rose most, MOST fell: over a month the places are the other way round."""
    gains = (-0.2, 0.0, 0.3)
    report = screen(tmp_path, [replace(firm, return_1m=gain) for firm, gain in zip(CROWD, gains, strict=True)])
    found = {row["symbol"]: row for row in rows(report, "squeeze")}
    assert [row["confidence"] for row in found.values()] == pytest.approx([0.9, 0.9, 0.9])
    for place, symbol in enumerate(("MOST", "MIDDLE", "LEAST"), start=1):
        assert found[symbol]["return_1m"] == pytest.approx(15 / 0.9 * place / 3)
    assert said(report, "Not stored for any member: Volume surge.")
    assert len(report.charts[0].data.components) == 4
    drawn(report)


# filters


def test_sizes_and_sectors_choose_among_the_scored(tmp_path: Path) -> None:
    dataset = market(tmp_path, [*CROWD, LARGE])
    scores = {row["symbol"]: row["score"] for row in rows(ask("squeeze", dataset), "squeeze")}
    for options, expected in (
        ({"cap": "small"}, ["MOST"]),
        ({"cap": "mid"}, ["MIDDLE"]),
        ({"cap": "large"}, ["LEAST"]),
        ({"cap": "mega"}, []),
        ({"sector": "HEALTH"}, ["MIDDLE", "LEAST"]),
        ({"sector": " energy "}, ["MOST"]),
        ({"sector": "health care", "cap": "large"}, ["LEAST"]),
        ({"sector": "energy", "cap": "large"}, []),
        ({"n": 2}, ["MOST", "MIDDLE"]),
    ):
        report = ask("squeeze", dataset, **options)
        assert listed(report) == expected, options
        assert all(row["score"] == scores[row["symbol"]] for row in rows(report, "squeeze"))
        assert bool(report.charts) == bool(expected)
        json.dumps(as_json(report), allow_nan=False)


def test_a_sector_whose_members_have_no_float_is_empty_and_not_unknown(tmp_path: Path) -> None:
    firms = [*CROWD, Firm(symbol="HOUSE", sector="Real Estate", floating=NAN)]
    report = screen(tmp_path, firms, sector="real estate")
    assert report.headline.startswith("No member of the Russell 2000 can be listed")
    with pytest.raises(BadInput, match="Energy, Health Care, and Real Estate"):
        screen(tmp_path / "again", firms, sector="utilities")
    nobody = [replace(firm, floating=NAN) for firm in CROWD]
    assert listed(screen(tmp_path / "bare", nobody, sector="energy")) == []


def test_blocked_tickers_are_hidden_and_still_part_of_the_ranks(tmp_path: Path) -> None:
    whole, less = screen(tmp_path), screen(tmp_path / "less", without=("MOST", "IWM"))
    assert listed(less) == ["MIDDLE", "LEAST"]
    assert rows(less, "squeeze") == rows(whole, "squeeze")[1:]
    assert said(less, "1 ticker blocked by this server is left out.")
    assert "MOST" not in json.dumps(as_json(less)["tables"], default=str)
    assert values(less)["coverage.scored"] == 3
    nobody = screen(tmp_path / "none", without=("MOST", "MIDDLE", "LEAST"))
    assert (listed(nobody), nobody.charts, values(nobody)["top.symbol"]) == ([], (), None)
    assert said(nobody, "3 tickers blocked")


def test_a_blocked_ticker_is_known_by_any_spelling(tmp_path: Path) -> None:
    firms = [*CROWD, Firm(symbol="BRKB", short=5e7)]
    for n, spelling in enumerate(("BRKB", "BRK.B", "BRK-B")):
        assert "BRKB" not in listed(screen(tmp_path / str(n), firms, without=(spelling,)))


# both sides of the reconstitution, and what the watch sees


def test_who_was_handed_over_is_in_the_later_screen_alone(tmp_path: Path) -> None:
    moved = [Firm(symbol="MOVED", short=5e7), Firm(symbol="MOVED", in_fund="IWB", covered=False)]
    dataset = market(tmp_path, [*CROWD, *moved, LARGE], lists=(date(2026, 5, 5), date(2026, 7, 6)))
    assert "MOVED" not in listed(ask("squeeze", dataset))
    assert "MOVED" in listed(ask("squeeze", dataset, index="IWB"))
    assert said(ask("squeeze", dataset), "26 Jun 2026")


@pytest.mark.parametrize("day", ["2026-06-09", "2026-07-13", "2026-07-31"])
def test_the_picture_and_the_watched_scores_are_those_of_the_table(day: str) -> None:
    report = ask("squeeze", day, n=50)
    table, bars = rows(report, "squeeze"), report.charts[0].data
    watched = scores_of("R2000", sample().at(date.fromisoformat(day)))
    assert all(watched[row["symbol"]] == row["score"] for row in table)
    assert bars.symbols == tuple(row["symbol"] for row in table[:12])
    for points, words, row in zip(bars.points, bars.words, table, strict=False):
        assert sum(p for p in points if p is not None) == pytest.approx(row["score"])
        assert words == f"{row['score']:.0f} · confidence {row['confidence']:.0%}"
    assert [row["symbol"] for row in rows(report, "inputs")] == [row["symbol"] for row in table]
