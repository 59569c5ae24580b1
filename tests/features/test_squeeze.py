"""The squeeze screen on the sample: floors, ranks, filters, blocked tickers, what is missing, pictures, leaks."""

import dataclasses
import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, MissingData
from bot.features.short_members import with_positions
from bot.features.squeeze import words
from bot.features.squeeze.chart import draw
from bot.features.squeeze.findings import find, over_floors
from bot.features.squeeze.picture import Bars
from bot.features.squeeze.report import indicators
from bot.features.squeeze.request import SECTORS, SqueezeRequest
from bot.market import universe
from bot.market.dataset import Dataset
from tests.charts.legibility import check
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files

COMPONENTS = ["short_of_float", "days_to_cover", "short_change", "return_1m", "volume_surge"]


def test_the_screen_of_the_samples_last_day() -> None:
    report = ask("squeeze")
    assert report.headline == (
        "The 20 members of the Russell 2000 with the most crowded shorts, of 1,068 scored; a screen, not a list to buy."
    )
    table = rows(report, "squeeze")
    assert list(table[0]) == ["symbol", "score", "confidence", *COMPONENTS]
    assert len(table) == 20
    scores = [row["score"] for row in table]
    assert scores == sorted(scores, reverse=True)
    assert [stat.id for stat in report.figures] == [
        "top.symbol", "lowest.score", "confidence.median", "coverage.members", "settlement_date",
    ]  # fmt: skip


def test_confidence_is_three_quarters_where_returns_and_volumes_are_not_stored() -> None:
    report = ask("squeeze")
    for row in rows(report, "squeeze"):
        assert row["confidence"] == pytest.approx(0.75)
        assert (row["return_1m"], row["volume_surge"]) == (None, None)
        points = [row[name] for name in COMPONENTS if row[name] is not None]
        assert sum(points) == pytest.approx(row["score"])
    assert "Not stored for any member: 1-month return and Volume surge." in report.notes


def test_the_first_score_by_plain_loops(sample: Dataset) -> None:
    """Rank the floats, days and changes of all members over the floors, one by one."""
    members = universe.pair(sample, near=date(2026, 7, 15)).small
    frame = with_positions(members, sample, date(2026, 7, 15))
    kept = [
        row for row in frame.itertuples()
        if row.market_cap >= 300e6 and row.short >= 0 and row.shares > 0 and row.average_volume * row.price >= 2e6
    ]  # fmt: skip
    assert len(kept) == 1403
    parts = {
        "short_of_float": {row.Index: row.short / row.float_shares for row in kept if row.float_shares > 0},
        "days_to_cover": {row.Index: row.days_to_cover for row in kept if row.days_to_cover < 999},
        "short_change": {
            row.Index: (row.short - row.before) / row.float_shares
            for row in kept
            if row.float_shares > 0 and not math.isnan(row.before) and not row.split
        },
    }
    weights = {"short_of_float": 35, "days_to_cover": 25, "short_change": 15}
    for row in rows(ask("squeeze"), "squeeze")[:5]:
        expected = 0.0
        for name, known in parts.items():
            own = known[row["symbol"]]
            below = sum(value < own for value in known.values())
            equal = sum(value == own for value in known.values())
            expected += weights[name] * (below + (equal + 1) / 2) / len(known)
        assert row["score"] == pytest.approx(expected / 75 * 100)


def test_every_input_behind_a_score_is_given() -> None:
    inputs = {row["symbol"]: row for row in rows(ask("squeeze"), "inputs")}
    amount = rows(ask("shortinterest", symbols=("SPRY",)), "symbols")[0]
    assert inputs["SPRY"]["short_of_float"] == pytest.approx(amount["share_of_float"])
    assert inputs["SPRY"]["days_to_cover"] == amount["days_to_cover"]


def test_filters_choose_what_is_shown_and_leave_the_scores_alone() -> None:
    scores = {row["symbol"]: row["score"] for row in rows(ask("squeeze", n=50), "squeeze")}
    care = ask("squeeze", n=10, sector="health")
    for row in rows(care, "squeeze"):
        assert scores.get(row["symbol"], row["score"]) == row["score"]
    assert {row["sector"] for row in rows(care, "inputs")} == {"Health Care"}
    large = ask("squeeze", n=50, cap="mid")
    assert all(2e9 <= row["market_cap"] < 10e9 for row in rows(large, "inputs"))


def test_an_unknown_sector_is_asked_back_with_the_list() -> None:
    with pytest.raises(BadInput, match="Energy"):
        ask("squeeze", sector="biotech")
    with pytest.raises(BadInput):
        ask("squeeze", sector="co")  # Communication, Consumer Discretionary, Consumer Staples


def test_blocked_tickers_are_left_out_and_counted() -> None:
    first, second, third = (row["symbol"] for row in rows(ask("squeeze"), "squeeze")[:3])
    report = ask("squeeze", without=(first, third, "IWM"))
    shown = [row["symbol"] for row in rows(report, "squeeze")]
    assert shown[0] == second
    assert len(shown) == 20
    assert not {first, third} & set(shown)
    assert any(note.startswith("2 tickers blocked") for note in report.notes)
    assert first not in report.charts[0].alt


def test_another_index() -> None:
    report = ask("squeeze", index="IWB", n=5)
    assert "Russell 1000" in report.headline
    with pytest.raises(BadInput):
        ask("squeeze", index="KRE")
    with pytest.raises(MissingData):
        ask("squeeze", index="SPY")


@pytest.mark.parametrize("n", [0, 51, -1])
def test_the_length_has_limits(n: int) -> None:
    with pytest.raises(ValidationError):
        SqueezeRequest(n=n)


def test_the_first_settlement_date_has_the_share_of_float_alone() -> None:
    report = ask("squeeze", "2026-06-09", n=3)
    assert all(row["confidence"] == pytest.approx(0.35) for row in rows(report, "squeeze"))
    assert any("only the floor for market cap" in note for note in report.notes)
    assert any("Days to cover, Change in shorts" in note for note in report.notes)


@pytest.mark.parametrize(("day", "first"), [("2025-12-04", date(2026, 5, 28)), ("2026-06-01", date(2026, 6, 9))])
def test_before_the_data_the_first_day_is_named(day: str, first: date) -> None:
    with pytest.raises(MissingData) as missing:
        ask("squeeze", day)
    assert missing.value.first == first


def test_nobody_left_is_said_and_drawn_nothing(sample: Dataset) -> None:
    report = ask("squeeze", cap="mega")
    assert report.headline.startswith("No member of the Russell 2000 can be listed")
    assert rows(report, "squeeze") == []
    assert report.charts == ()
    assert values(report)["top.symbol"] is None


def test_one_member_is_a_screen_of_one() -> None:
    report = ask("squeeze", n=1)
    assert report.headline.startswith("1 member of the Russell 2000 with the most crowded shorts")
    drawn(report)


def test_floors_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "short": [1.0, 1.0, 1.0, math.nan, 1.0, 1.0],
            "market_cap": [300e6, 299e6, 1e9, 1e9, 1e9, math.nan],
            "shares": [1e6] * 6,
            "price": [10.0] * 6,
            "average_volume": [2e5, 2e6, 1.9e5, 2e6, math.nan, 2e6],
        },
        index=["EDGE", "TINY", "THIN", "NOSHORT", "NOVOLUME", "NOCAP"],
    )
    kept, with_volume = over_floors(frame)
    assert list(kept.index) == ["EDGE"]
    assert with_volume
    kept, with_volume = over_floors(frame.assign(average_volume=math.nan))
    assert list(kept.index) == ["EDGE", "THIN", "NOVOLUME"]
    assert not with_volume


@settings(max_examples=30, deadline=None)
@given(count=st.integers(0, 50), hidden=st.integers(0, 5))
def test_the_headline_counts_what_is_listed(sample: Dataset, count: int, hidden: int) -> None:
    found = find(SqueezeRequest(n=50), sample)
    said = words.headline(dataclasses.replace(found, shown=found.shown.head(count), hidden=hidden))
    assert ("not a list to buy" in said) == (count > 0)
    assert count == 0 or str(count) in said


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("n", [2, 12, 50])
def test_the_picture_is_legible(n: int, theme: Theme) -> None:
    drawn(ask("squeeze", n=n), theme)


def test_twelve_rows_of_all_five_components_fit() -> None:
    names = tuple(words.short_components().values())
    data = Bars(
        title="Most crowded shorts of the Russell 2000",
        subtitle="S",
        as_of=date(2026, 7, 15),
        source="FINRA, iShares, and Yahoo Finance",
        components=names,
        symbols=tuple(f"WWWW{n}" for n in range(12)),
        points=tuple((30.0, None if n % 2 else 20.0, 10.0, 10.0, 5.0) for n in range(12)),
        words=(words.bar_words(100.0, 1.0),) * 12,
    )
    for theme in (DARK, LIGHT):
        figure = draw(data, theme)
        check(figure, theme)
        assert set(names) <= set(drawn_words(figure))


def test_the_picture_draws_the_first_twelve() -> None:
    report = ask("squeeze")
    symbols = [row["symbol"] for row in rows(report, "squeeze")]
    seen = drawn_words(drawn(report)["squeeze"])
    assert set(symbols[:12]) <= set(seen)
    assert not set(symbols[12:]) & set(seen)


def test_the_picture_speaks_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("squeeze", n=12))


def test_names_are_no_alarms() -> None:
    assert indicators() == ()


@settings(max_examples=6, deadline=None)
@given(sessions_of_files, st.sampled_from(["IWM", "IWB"]))
def test_nothing_after_the_day_leaks(day: date, index: str) -> None:
    assert_same_without_the_future("squeeze", day, index=index)


@settings(max_examples=3, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("squeeze", day)


def test_the_sectors_that_words_name_are_those_of_the_data(sample: Dataset) -> None:
    stored = {str(name).lower() for name in universe.members(sample, "R2000").frame["sector"] if name}
    assert stored == set(SECTORS)
