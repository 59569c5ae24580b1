"""Whole files: every rule, on recorded data and on data spoilt in one place."""

import math
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from bot.market import validation_files
from bot.market.sources import finra, ishares
from bot.market.validation_files import Expected
from tests.vendors import recorded
from tests.vendors.world import sample

FILES = [
    "IVV_holdings_2023-04-06.csv", "IWB_holdings_2026-07-17.csv", "IWM_holdings_2025-05-13.csv",
    "IWM_holdings_2026-05-05.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_recorded_holdings_pass(name: str) -> None:
    file = ishares.parse(recorded.text(f"ishares/{name}"))
    assert validation_files.holdings(file.frame, file.weight_total, file.day, file.day, None).refusals == ()


def row(**changes: float | str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Change the heaviest row."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        for column, value in changes.items():
            frame.loc[0, column] = value
        return frame

    return changed


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"weight_total": 0.497}, "weights add up to 49.7%"),
        ({"weight_total": 1.03}, "weights add up to 103.0%"),
        ({"stored": (date(2026, 7, 20), 1916)}, "dated 2026-05-05, before what is stored"),
        ({"stored": (date(2026, 4, 1), 1000)}, "1916 members where 1000 were stored"),
        ({"today": date(2026, 5, 4)}, "dated 2026-05-05, which is ahead of today"),
        (row(weight=math.nan), "a weight is missing"),
        (row(weight=-0.0193), "a figure is below zero"),
        (row(market_value=-1.5e9), "a figure is below zero"),
        (lambda frame: frame.iloc[600:], "the members make up 22.2% of the fund"),
        (lambda frame: frame.assign(market_value=math.nan), "weights and market values do not agree"),
        (lambda frame: frame.assign(market_value=0.0), "weights and market values do not agree"),
        (row(market_value=1e6), "weights and market values do not agree"),
        (row(symbol="CRDO"), "a symbol appears twice"),
    ],
)
def test_holdings_that_cannot_be_whole(spoil: object, reason: str) -> None:
    file = ishares.parse(recorded.text("ishares/IWM_holdings_2026-05-05.csv"))
    given = {
        "frame": spoil(file.frame) if callable(spoil) else file.frame, "weight_total": file.weight_total,
        "day": file.day, "today": file.day, "stored": None, **(spoil if isinstance(spoil, dict) else {}),
    }  # fmt: skip
    verdict = validation_files.holdings(**given)
    assert verdict.frame.empty
    assert verdict.reasons == (reason,)


FINAL = date(2026, 7, 2)


def market() -> pd.DataFrame:
    frame = sample().snapshot().frame
    return frame[frame["market_cap"] > 0].assign(quoted=pd.Timestamp(FINAL))


def test_a_full_snapshot_passes() -> None:
    frame = market()
    stored = (len(frame), float(frame["market_cap"].sum()))
    assert validation_files.snapshot(frame, len(frame), 0, FINAL, stored).refusals == ()
    assert validation_files.snapshot(frame.iloc[10:], len(frame), 0, FINAL, stored).refusals == ()
    untold = frame.assign(quoted=pd.NaT)
    assert validation_files.snapshot(untold, len(frame), 0, FINAL, stored).refusals == ()


@pytest.mark.parametrize(
    ("rows", "listed", "stored", "reason"),
    [
        (2000, 2571, None, "2000 rows of 2571 that are listed"),
        (2550, 2571, None, "2550 rows of 2571 that are listed"),
        (2000, 2000, (2571, 1e13), "2000 companies where 2571 were stored"),
        (0, 0, None, "no rows"),
        (2571, 2571, (2571, 1e12), "a total market cap of"),
    ],
)
def test_a_half_empty_snapshot_never_replaces_a_full_one(
    rows: int, listed: int, stored: tuple[int, float] | None, reason: str
) -> None:
    verdict = validation_files.snapshot(market().head(rows), listed, 0, FINAL, stored)
    assert verdict.frame.empty
    assert verdict.reasons[0].startswith(reason)


@pytest.mark.parametrize(("old", "reasons"), [(0, ()), (200, ()), (500, ("81% of the prices are of 2026-07-02",))])
def test_prices_of_another_session_are_no_snapshot_of_this_one(old: int, reasons: tuple[str, ...]) -> None:
    """A few stocks do not trade every day; a page from a cache is another matter."""
    frame = market()
    frame.iloc[:old, frame.columns.get_loc("quoted")] = pd.Timestamp("2026-07-01")  # type: ignore[index]
    assert validation_files.snapshot(frame, len(frame), 0, FINAL, None).reasons == reasons


def shorts() -> pd.DataFrame:
    return finra.parse_file(recorded.text("finra/shrt20260715.csv"))


def before() -> "pd.Series[float]":
    return sample().short_interest(date(2026, 6, 30)).frame["short_shares"]


def test_short_interest_passes_whole() -> None:
    assert len(validation_files.short_interest(shorts(), before()).frame) == 22_375
    assert len(validation_files.short_interest(shorts(), before().head(3)).frame) == 22_375


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda f: f.head(11_000), "11000 rows where 21713 were stored"),
        (lambda f: f.tail(20_600), "20600 rows where 21713 were stored"),
        (lambda f: pd.concat([f, f.head(1)]), "a symbol appears twice"),
        (lambda f: f.assign(short_shares=-1.0), "a position is below zero"),
        (lambda f: f.assign(days_to_cover=0.5), "days to cover below one"),
        (lambda f: f.head(0), "0 rows where 21713 were stored"),
        (lambda f: f.assign(short_shares=math.nan), "a position is no number"),
        (
            lambda f: f.assign(short_shares=f["short_shares"].where(f["symbol"] != "NA", math.inf)),
            "a position is no number",
        ),
        (lambda f: f.assign(average_volume=math.nan), "average_volume is missing in 100% of the rows"),
        (lambda f: f.assign(short_shares=0.0), "0 shares after 5.67e+10"),
        (lambda f: f.assign(short_shares=f["short_shares"] / 1000), "5.67e+07 shares after 5.67e+10"),
        (
            lambda f: f.assign(short_shares=f["short_shares"] / 1000, previous_shares=f["previous_shares"] / 1000),
            "positions of before are 0.001 times the stored",
        ),
    ],
)
def test_short_interest_that_cannot_be_whole(spoil: object, reason: str) -> None:
    assert callable(spoil)
    verdict = validation_files.short_interest(spoil(shorts()), before())
    assert verdict.frame.empty
    assert verdict.reasons == (reason,)


def test_half_a_first_file_is_not_the_whole_market() -> None:
    assert validation_files.short_interest(shorts().head(11_187), None).reasons == (
        "11187 rows are not the whole market",
    )
    assert validation_files.short_interest(shorts(), None).refusals == ()


def series(*observations: tuple[str, float]) -> "pd.Series[float]":
    return pd.Series([v for _, v in observations], index=pd.DatetimeIndex([d for d, _ in observations]), dtype=float)


TODAY = date(2026, 7, 31)
YIELDS = Expected(-0.1, 0.35, 10)
NONE = series()


def test_a_macro_series_passes() -> None:
    stored = sample().macro("DGS2")
    for known in (NONE, stored, stored.iloc[:-5]):
        assert len(validation_files.macro(stored, known, TODAY, YIELDS).frame) == len(stored)
    lately = stored.iloc[-40:]
    assert len(validation_files.macro(lately.drop(lately.index[[3, 4, 5]]), stored, TODAY, YIELDS).frame) == 37


@pytest.mark.parametrize(
    ("found", "stored", "reason"),
    [
        (NONE, NONE, "no observations"),
        (series(("2026-07-30", 0.042), ("2026-07-29", 0.041)), NONE, "days repeat or are out of order"),
        (series(("2026-07-29", 0.042), ("2026-07-29", 0.041)), NONE, "days repeat or are out of order"),
        (series(("2026-07-29", math.inf)), NONE, "a value is no number"),
        (series(("2026-07-28", 0.04), ("2026-07-29", -9.99)), NONE, "a value of -9.99 cannot be right"),
        (series(("2026-07-29", 4.2)), NONE, "a value of 4.2 cannot be right"),
        (series(("2026-08-03", 0.042)), NONE, "an observation of 2026-08-03 is ahead of today"),
        (series(("2026-07-20", 0.042)), series(("2026-07-29", 0.04)), "ends on 2026-07-20, before what is stored"),
        (series(("2013-07-20", 0.042)), NONE, "ends on 2013-07-20, long ago"),
        (
            series(("2026-07-28", 0.00042), ("2026-07-29", 0.00041)),
            series(("2026-07-28", 0.042)),
            "0.01 times what is stored: another unit or base",
        ),
        (
            series(("2026-07-20", 0.04), ("2026-07-27", 0.04)),
            series(*((f"2026-07-{day}", 0.04) for day in range(20, 25))),
            "4 observations that are stored are missing",
        ),
    ],
)
def test_a_macro_series_that_cannot_be_right(
    found: "pd.Series[float]", stored: "pd.Series[float]", reason: str
) -> None:
    verdict = validation_files.macro(found, stored, TODAY, YIELDS)
    assert verdict.frame.empty
    assert verdict.reasons == (reason,)
