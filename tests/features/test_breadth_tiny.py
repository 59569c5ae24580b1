"""Breadth in markets where every member is chosen: who is above, who is missing, which sentence is said."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot import i18n
from bot.report import Report
from tests.features import flat
from tests.features.answers import ask, rows, values
from tests.features.tiny import LARGE, NAN, SESSIONS, Firm, market

SMALL = Firm(symbol="ACO")


def members(*averages: float, symbol: str = "CO", base: Firm = SMALL) -> list[Firm]:
    """Return firms at ten dollars with these averages over 200 sessions."""
    return [
        replace(base, symbol=f"{'ABCDEFGH'[n]}{symbol}", name=f"{n} {symbol}", average_200=average, average_50=average)
        for n, average in enumerate(averages)
    ]


def broad(folder: Path, firms: Sequence[Firm]) -> Report:
    return ask("breadth", market(folder, firms), window="1w")


LEVEL = "equal weight and cap weight are level (1 week)"


@pytest.mark.parametrize(
    ("averages", "share", "words"),
    [
        ((9.0,), 1.0, "100%"), ((11.0,), 0.0, "0%"),
        ((10.0,), 0.0, "0%"),  # at its average is not above it
        ((9.99, 11.0), 0.5, "50%"), ((9.0, 11.0, 11.0), 1 / 3, "33%"),
        ((9.0, NAN), 1.0, "100%"),  # who has no average is not asked
        ((NAN, 11.0, 9.0), 0.5, "50%"),
    ],
)  # fmt: skip
def test_members_above_their_average(tmp_path: Path, averages: Sequence[float], share: float, words: str) -> None:
    report = broad(tmp_path, [*members(*averages), replace(LARGE, average_200=100.0)])
    assert values(report)["above_200.small"] == pytest.approx(share)
    assert values(report)["above_50.small"] == pytest.approx(share)
    assert report.headline == (f"{words} of small caps are above their 200-session average, 100% of large; {LEVEL}.")
    known = sum(not np.isnan(average) for average in averages)
    assert report.stat("above_200.small").working == (
        f"members that have both figures: {round(share * known)} of {known}"
    )


def test_without_a_single_average_of_large_caps_they_are_left_out(tmp_path: Path) -> None:
    report = broad(tmp_path, [*members(9.0, 11.0), replace(LARGE, average_200=NAN)])
    assert report.headline == f"50% of small caps are above their 200-session average; {LEVEL}."
    assert str(report.stat("above_200.small").shown) == f"50% (large {i18n.DASH})"
    assert values(report)["above_200.large"] is None
    assert any(note.startswith("Where no member of a side has the figures") for note in report.notes)


def test_without_a_single_average_of_small_caps_the_seven_are_told(tmp_path: Path) -> None:
    report = broad(tmp_path, [*members(NAN), LARGE])
    assert report.headline == "Equal weight and cap weight are level (1 week); IWM and MAGS are level."


def test_members_that_no_file_covers_lower_the_coverage(tmp_path: Path) -> None:
    """Three of four, and with them three quarters of the weight."""
    firms = members(9.0, 9.0, 9.0, 9.0)
    report = broad(tmp_path, [*firms[:3], replace(firms[3], covered=False), LARGE])
    found = values(report)
    assert found["coverage.members.small"] == 3
    assert found["coverage.weight.small"] == pytest.approx(0.75)
    assert report.stat("coverage.members.small").shown == "3 of 4, 75% of weight"


@pytest.mark.parametrize(
    ("high", "at", "near"), [(10.0, 1.0, 1.0), (9.0, 1.0, 1.0), (10.2, 0.0, 1.0), (10.21, 0.0, 0.0), (NAN, None, None)]
)
def test_at_and_near_the_high_of_the_year(tmp_path: Path, high: float, at: float | None, near: float | None) -> None:
    """Ten dollars are within 2% of 10.20 (9.996), not of 10.21."""
    found = values(broad(tmp_path, [replace(SMALL, high=high), LARGE]))
    assert (found["at_high.small"], found["near_high.small"]) == (at, near)


def test_earners_and_losers_are_told_apart_by_last_years_margin(tmp_path: Path) -> None:
    returns = {"A": (0.1, 0.30), "B": (0.2, 0.10), "C": (-0.1, -0.40), "D": (0.0, -0.20), "E": (NAN, 9.0)}
    firms = [
        replace(SMALL, symbol=f"{name}CO", name=name, margin=margin, return_6m=gained)
        for name, (margin, gained) in returns.items()
    ]
    found = values(broad(tmp_path, [*firms, LARGE]))
    assert found["return_6m.profitable.small"] == pytest.approx(0.20)
    assert found["return_6m.unprofitable.small"] == -0.40  # a margin of zero is neither
    assert found["return_6m.unprofitable.large"] is None


def test_sectors_by_cap(tmp_path: Path) -> None:
    firms = [
        replace(SMALL, symbol="ACO", sector="Energy", cap=1e9), replace(SMALL, symbol="BCO", sector="Energy", cap=2e9),
        replace(SMALL, symbol="CCO", name="C", sector="Utilities", cap=1e9),
    ]  # fmt: skip
    report = broad(tmp_path, [*firms, LARGE])
    (table,) = [table for table in report.tables if "sector" in table.id]
    found = {row["sector"]: row for row in rows(report, table.id)}
    shares = {name: row["small"] for name, row in found.items() if row["small"]}
    assert shares == {"Energy": pytest.approx(0.75), "Utilities": pytest.approx(0.25)}


COUNT = 260


def moved(factor: float) -> list[float]:
    """Return a level that moves in the last month."""
    return [100.0] * (COUNT - 10) + [100.0 * factor] * 10


@pytest.mark.parametrize(
    ("equal", "small", "said"),
    [
        (1.05, 1.02, "Equal weight is 5.0 points ahead of cap weight (6 months); IWM is 2.0 points ahead of MAGS."),
        (0.95, 0.98, "Equal weight is 5.0 points behind cap weight (6 months); IWM is 2.0 points behind MAGS."),
        (1.0004, 0.9996, "Equal weight and cap weight are level (6 months); IWM and MAGS are level."),
        (1.0006, 0.9994, "Equal weight is 0.1 points ahead of cap weight (6 months); IWM is 0.1 points behind MAGS."),
    ],
)
def test_who_led_in_words_and_figures(tmp_path: Path, equal: float, small: float, said: str) -> None:
    prices = {**flat.level(COUNT), "RSP": moved(equal), "IWM": moved(small)}
    report = ask("breadth", flat.market(tmp_path, prices), window="6m")
    assert report.headline == said
    assert values(report)["equal_vs_cap"] == pytest.approx(equal - 1)
    assert values(report)["small_vs_seven"] == pytest.approx(small - 1)
    assert report.stat("equal_vs_cap").label == "RSP minus SPY, 6 months"
    assert any(note.startswith("No shares of members: ") for note in report.notes)


def test_without_the_seven_and_their_fund_equal_weight_is_told_alone(tmp_path: Path) -> None:
    prices = {symbol: [100.0] * COUNT for symbol in ("RSP", "SPY", "IWM")}
    report = ask("breadth", flat.market(tmp_path, prices), window="6m")
    assert report.headline == "Equal weight and cap weight are level (6 months)."
    assert values(report)["small_vs_seven"] is None
    assert any(note.startswith("No comparison with the seven mega caps: ") for note in report.notes)
    assert len(report.charts[0].data.lines) == 1


def test_bars_are_the_shares_of_the_card(tmp_path: Path) -> None:
    report = broad(tmp_path, [*members(9.0, 11.0, 11.0), replace(LARGE, average_200=300.0)])
    (data,) = [chart.data for chart in report.charts if hasattr(chart.data, "groups")]
    found = values(report)
    wanted = [
        [found[f"{name}.{side}"] for name in ("above_50", "above_200", "near_high")] for side in ("small", "large")
    ]
    told = (
        [list(side) for side in data.values]
        if len(data.values) == 2
        else [list(s) for s in zip(*data.values, strict=True)]
    )
    assert told == wanted
    assert len(ask("breadth", market(tmp_path / "again", [SMALL, LARGE]), window="max").charts[0].data.days) == SESSIONS
