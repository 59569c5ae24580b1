"""The past of short interest, on a market whose positions and prices are chosen: publications and rallies."""

import statistics
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.charts.theme import DARK, LIGHT, Theme
from bot.market import calendar
from bot.market.dataset import Dataset
from tests.features.answers import ask, drawn, rows, values
from tests.market.small import bars, dataset_of, instrument

FIRST = date(2022, 1, 3)
SESSIONS = calendar.session_days(FIRST, date(2025, 6, 30))
RALLIES = (100, 300, 500)  # the first sessions of fifteen on which the fund gains 1% each
FIRMS = tuple(f"F{n:02}" for n in range(20))
SETTLED = calendar.settlement_dates(date(2022, 1, 10), date(2025, 5, 20))
JUMPS = {64: 0.30, 72: 0.40}  # settlement dates, by place, on which short interest leaps


def fund() -> list[float]:
    closes = [100.0]
    for place in range(1, len(SESSIONS)):
        rising = any(begin <= place < begin + 15 for begin in RALLIES)
        closes.append(closes[-1] * (1.01 if rising else 1.0))
    return closes


def rally_ends(points: float = 0.10) -> list[int]:
    """Return where the gain over 21 sessions passes the mark, in a loop."""
    closes, ends = fund(), []
    for place in range(22, len(closes)):
        now, before = (closes[p] / closes[p - 21] - 1 for p in (place, place - 1))
        if now > points >= before:
            ends.append(place)
    return ends


def short_share(place: int, firm: int) -> float:
    """Return the share of a firm's shares short: falling by date but for the jumps, more the later its name."""
    level = JUMPS.get(place, 0.10 - place * 0.001)
    return level * (firm + 1) / len(FIRMS)


def _snapshot(day: date, firm: int, price: float, shares: float = 1e8) -> dict[str, Any]:
    return {"day": day, "symbol": FIRMS[firm], "name": FIRMS[firm], "price": price, "market_cap": price * shares}


def snapshots(near: int) -> list[dict[str, Any]]:
    """Return quarterly snapshots, and such ``near`` sessions before start and end of the last two rallies."""
    found: dict[tuple[date, str], dict[str, Any]] = {}
    for day in SESSIONS[::60]:
        for firm in range(len(FIRMS)):
            found[day, FIRMS[firm]] = _snapshot(day, firm, 10.0)
    for end in rally_ends()[1:]:
        for firm in range(len(FIRMS)):
            split = firm == 5  # two shares for one: its price says nothing
            since, until = SESSIONS[end - 21 - near], SESSIONS[end - near]
            found[since, FIRMS[firm]] = _snapshot(since, firm, 10.0)
            grown = 10.0 * (1 + firm / 100)
            found[until, FIRMS[firm]] = _snapshot(until, firm, grown / 2 if split else grown, 2e8 if split else 1e8)
    return [found[key] for key in sorted(found)]


def market(folder: Path, *, dates: int = len(SETTLED), near: int = 0) -> Dataset:
    positions = [
        {"settlement": day, "symbol": name, "short_shares": 1e8 * short_share(place, firm), "average_volume": 1e6,
         "days_to_cover": 5.0, "published": calendar.publication_date(day)}
        for place, day in enumerate(SETTLED[:dates]) for firm, name in enumerate(FIRMS)
    ]  # fmt: skip
    held = [
        {"fund": "IWM", "day": FIRST, "symbol": name, "name": name, "asset_class": "Equity", "exchange": "NYSE",
         "weight": 0.05, "shares": 1e6, "price": 10.0, "market_value": 1e7} for name in FIRMS
    ]  # fmt: skip
    return dataset_of(
        folder,
        instruments=[instrument("IWM"), instrument("SPY")],
        companies=[{"symbol": name, "name": name} for name in FIRMS],
        bars=[*bars("IWM", FIRST, fund()), *bars("SPY", FIRST, [100.0] * len(SESSIONS))],
        holdings=held,
        snapshots=snapshots(near),
        short_interest=positions,
    )


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return market(tmp_path_factory.mktemp("shorts"))


def test_publications_that_reach_the_top_tenth_are_events(chosen: Dataset) -> None:
    report = ask("history", chosen, event="shorts")
    published = [calendar.publication_date(SETTLED[place]) for place in JUMPS]
    assert [row["date"] for row in rows(report, "events")] == published
    assert values(report)["events"] == 2
    first = calendar.publication_date(SETTLED[59]).strftime("%-d %b %Y")
    assert report.headline == (
        f"Short interest of the Russell 2000 in its top tenth: twice since {first}. "
        "What followed in a year: too few to say."
    )
    assert any("60 at least, from the day of publication" in note for note in report.notes)
    assert "FINRA" in report.sources
    month, *_later = rows(report, "forward_returns")
    assert (month["events"], month["ci_low"]) == (2, None)
    start = SESSIONS.index(calendar.publication_date(SETTLED[59]))
    assert month["base_sessions"] == len(SESSIONS) - start - 21


@pytest.mark.parametrize("dates", [1, 59])
def test_under_sixty_dates_it_is_too_few_to_say(tmp_path: Path, dates: int) -> None:
    report = ask("history", market(tmp_path, dates=dates), event="shorts")
    assert report.headline == (
        f"Short interest of the Russell 2000 in its top tenth: too few to say, {dates} of the 60 settlement dates "
        "that it takes are stored."
    )
    assert values(report)["events"] is None
    assert not report.charts


def test_sixty_dates_are_enough(tmp_path: Path) -> None:
    report = ask("history", market(tmp_path, dates=60), event="shorts")
    assert "never since" in report.headline


def test_the_most_shorted_are_set_against_the_others_in_every_rally(chosen: Dataset) -> None:
    report = ask("history", chosen, event="rallies")
    first, *measured = rally_ends()
    assert [row["end"] for row in rows(report, "rallies")] == [SESSIONS[end] for end in measured]
    assert SESSIONS[first] not in {row["end"] for row in rows(report, "rallies")}  # no prices of members by then
    closes = fund()
    for row, end in zip(rows(report, "rallies"), measured, strict=True):
        assert row["start"] == SESSIONS[end - 21]
        assert row["gain"] == pytest.approx(closes[end] / closes[end - 21] - 1)
        assert (row["shorted"], row["others"]) == (2, 17)  # of twenty, one was split
        assert row["shorted_return"] == pytest.approx(statistics.median([0.18, 0.19]))
        assert row["others_return"] == pytest.approx(statistics.median(n / 100 for n in range(18) if n != 5))
        assert row["settlement"] < row["start"]
    found = values(report)
    assert (found["events"], found["rallies.seen"]) == (2, 3)
    assert report.headline == (
        "Most shorted members in rallies of IWM by 10% in a month: in the median of 2 that can be measured the most "
        "shorted tenth gained +18.5%, the others +9.0%. Too few to say more."
    )


def test_a_higher_mark_leaves_none(chosen: Dataset) -> None:
    report = ask("history", chosen, event="rallies", points=50)
    assert report.headline == ("Most shorted members in rallies of IWM by 50% in a month: there was no such rally yet.")
    assert values(report)["rallies.shorted"] is None


@pytest.mark.parametrize(("near", "measured"), [(4, 2), (9, 0)])
def test_prices_of_members_may_be_a_week_old_and_no_older(tmp_path: Path, near: int, measured: int) -> None:
    report = ask("history", market(tmp_path, near=near), event="rallies")
    assert values(report)["events"] == measured
    if not measured:
        assert "none of the 3 rallies lies within" in report.headline


def test_a_rally_is_not_known_before_it_has_happened(chosen: Dataset) -> None:
    last = rally_ends()[-1]
    eve, day = (ask("history", chosen.at(SESSIONS[place]), event="rallies") for place in (last - 1, last))
    assert values(day)["events"] == values(eve)["events"] + 1


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_followed_is_drawn(chosen: Dataset, theme: Theme) -> None:
    assert drawn(ask("history", chosen, event="shorts"), theme)
