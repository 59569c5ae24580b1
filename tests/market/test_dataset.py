from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.errors import DateInFuture, MissingData, NotEnoughHistory, UnknownSymbol
from bot.market.dataset import Dataset
from bot.market.prices import total_return_index
from tests.market.small import bars, dataset_of, instrument

FULL = Dataset.open("sample")
MONDAY = date(2025, 12, 1)


@pytest.mark.parametrize(
    ("asked", "session"),
    [
        (date(2025, 12, 4), date(2025, 12, 4)),
        (date(2025, 12, 6), date(2025, 12, 5)),  # a Saturday
        (date(2025, 12, 25), date(2025, 12, 24)),  # a holiday, after an early close
        (date(2024, 2, 29), date(2024, 2, 29)),  # leap day
        (date(2020, 2, 29), date(2020, 2, 28)),  # a leap day without a session
        (date(2026, 7, 31), date(2026, 7, 31)),
        (date(1998, 1, 2), date(1998, 1, 2)),  # the first session of all
    ],
)
def test_a_day_is_answered_by_the_session_at_or_before(asked: date, session: date) -> None:
    seen = FULL.at(asked)
    assert seen.as_of == session
    assert seen.sessions[-1] == pd.Timestamp(session)
    assert seen.last == date(2026, 7, 31)
    assert seen.version == FULL.version


def test_days_ahead_and_before_the_first_session_are_refused() -> None:
    with pytest.raises(DateInFuture) as ahead:
        FULL.at(date(2026, 8, 1))
    assert (ahead.value.wanted, ahead.value.last) == (date(2026, 8, 1), date(2026, 7, 31))
    with pytest.raises(MissingData) as early:
        FULL.at(date(1998, 1, 1))
    assert early.value.first == date(1998, 1, 2)


def test_views_are_equal_by_version_and_day() -> None:
    assert FULL.at(date(2025, 12, 6)) == FULL.at(date(2025, 12, 5))
    assert FULL.at(None) == FULL
    assert len({FULL.at(date(2025, 12, 5)), FULL.at(date(2025, 12, 6)), FULL}) == 2


def test_unknown_symbols_name_the_nearest() -> None:
    with pytest.raises(UnknownSymbol) as unknown:
        FULL.closes("IWMM")
    assert unknown.value.suggestions[0] == "IWM"


def test_a_fund_is_not_there_before_its_first_day() -> None:
    early = FULL.at(date(2004, 1, 29))
    assert "VB" not in early.symbols()
    with pytest.raises(NotEnoughHistory) as before:
        early.total_return("VB")
    assert before.value.first == date(2004, 1, 30)
    assert FULL.at(date(2004, 1, 30)).total_return("VB").tolist() == [35.516594]


def test_the_first_session_has_one_close_and_no_return() -> None:
    first = FULL.at(date(1998, 1, 2))
    assert len(first.closes("RUT")) == len(first.sessions) == 1
    assert first.total_return("SPY").iloc[0] == first.closes("SPY").iloc[0]
    with pytest.raises(MissingData):
        first.snapshot()
    with pytest.raises(MissingData):
        first.short_interest()


def test_what_callers_do_to_a_series_stays_with_them() -> None:
    taken = FULL.closes("IWM")
    taken.iloc[-1] = 0.0
    held = FULL.holdings("IWM").frame
    held["weight"] = 0.0
    frame = FULL.snapshot().frame
    frame["price"] = 0.0
    assert FULL.closes("IWM").iloc[-1] == 291.200012
    assert FULL.holdings("IWM").frame["weight"].max() == 0.0193
    assert FULL.snapshot().frame["price"].max() > 0


def test_dates_of_files_are_respected() -> None:
    assert FULL.at(date(2026, 7, 1)).snapshot_dates() == (date(2026, 6, 19),)
    assert FULL.at(date(2026, 7, 2)).snapshot_dates() == (date(2026, 6, 19), date(2026, 7, 2))
    assert FULL.snapshot(before=date(2026, 7, 2)).date == date(2026, 6, 19)
    for day, ask in [
        (date(2026, 7, 16), lambda data: data.holdings("IWB")),
        (date(2026, 5, 4), lambda data: data.holdings("IWM")),
        (date(2026, 6, 8), lambda data: data.market()),
        (date(2026, 7, 30), lambda data: data.fundamentals()),
        (date(2026, 5, 1), lambda data: data.fund_facts("IWM")),
        (date(2026, 7, 31), lambda data: data.holdings("QQQ")),
        (date(2026, 7, 31), lambda data: data.fund_facts("IWO")),
        (date(2026, 7, 31), lambda data: data.ohlc("IWB")),
        (date(2022, 12, 30), lambda data: data.ohlc("IWM")),
        (date(2026, 7, 31), lambda data: data.macro("GDP")),
    ]:
        with pytest.raises(MissingData):
            ask(FULL.at(day))


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        (date(2026, 5, 27), None),
        (date(2026, 5, 28), date(2026, 5, 15)),
        (date(2026, 7, 10), date(2026, 5, 15)),
        (date(2026, 7, 13), date(2026, 6, 30)),
        (date(2026, 7, 24), date(2026, 6, 30)),
        (date(2026, 7, 27), date(2026, 7, 15)),
    ],
)
def test_short_interest_is_seen_when_published(day: date, latest: date | None) -> None:
    seen = FULL.at(day)
    if latest is None:
        with pytest.raises(MissingData) as missing:
            seen.short_interest()
        assert missing.value.first == date(2026, 5, 28)
    else:
        assert seen.short_interest().date == latest
        assert seen.settlements()["settlement"].iloc[-1] == pd.Timestamp(latest)


def test_a_settlement_not_yet_published_says_when_it_will_be() -> None:
    with pytest.raises(MissingData) as missing:
        FULL.at(date(2026, 7, 20)).short_interest(date(2026, 7, 15))
    assert missing.value.first == date(2026, 7, 27)


def test_the_calendar_looks_ahead_and_the_record_does_not() -> None:
    seen = FULL.at(date(2025, 12, 9))
    assert seen.fomc_meetings()[-1] == pd.Timestamp("2026-12-09")
    assert seen.settlement_dates()[-1] > pd.Timestamp("2027-06-30")
    assert seen.fed_changes().index[-1] == pd.Timestamp("2025-10-29")
    assert FULL.at(date(2025, 12, 10)).fed_changes().index[-1] == pd.Timestamp("2025-12-10")
    assert seen.futures()["date"].max() == pd.Timestamp("2025-12-09")


def test_macro_carries_the_day_it_became_known() -> None:
    known = FULL.at(date(2026, 7, 17)).macro_known("DGS2")
    assert known.index[-1] == pd.Timestamp("2026-07-16")
    assert known["known"].iloc[-1] == pd.Timestamp("2026-07-17")
    assert FULL.macro("DGS2").name == "DGS2"


def test_sources_are_words_for_a_card() -> None:
    expected = {
        "IWM": "Yahoo Finance", "DGS2": "FRED", "BAMLH0A0HYM2": "ICE BofA, FRED", "short_interest": "FINRA",
        "holdings": "iShares", "futures": "CME, Yahoo Finance",
    }  # fmt: skip
    assert {name: FULL.source(name) for name in expected} == expected


def test_a_dividend_raises_the_total_return_by_its_share(tmp_path: Path) -> None:
    rows = bars("AAA", MONDAY, [100.0, 98.0, 98.0], {1: 2.0})
    data = dataset_of(tmp_path, instruments=[instrument("AAA")], bars=rows)
    assert data.closes("AAA").tolist() == [100.0, 98.0, 98.0]
    assert data.dividends("AAA").tolist() == [0.0, 2.0, 0.0]
    assert data.total_return("AAA").tolist() == [100.0, 100.0, 100.0]
    assert data.prices("AAA", "price").iloc[-1] == 98.0


def test_a_symbol_that_never_traded_is_no_symbol(tmp_path: Path) -> None:
    listed = [instrument("AAA"), instrument("NEW")]
    data = dataset_of(tmp_path, instruments=listed, bars=bars("AAA", MONDAY, [1.0, 2.0]))
    assert data.symbols() == ("AAA",)
    with pytest.raises(UnknownSymbol):
        data.closes("NEW")


def test_a_fund_listed_yesterday(tmp_path: Path) -> None:
    old, new = bars("AAA", MONDAY, [1.0] * 5), bars("BBB", date(2025, 12, 4), [10.0, 11.0])
    data = dataset_of(tmp_path, instruments=[instrument("AAA"), instrument("BBB")], bars=[*old, *new])
    assert len(data.total_return("BBB")) == 2
    with pytest.raises(NotEnoughHistory):
        data.at(date(2025, 12, 3)).closes("BBB")


def test_a_version_without_prices_or_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs prices"):
        dataset_of(tmp_path, instruments=[instrument("AAA")])
    with pytest.raises(ValueError, match="BBB"):
        dataset_of(tmp_path, instruments=[instrument("AAA")], bars=bars("BBB", MONDAY, [1.0]))


PRICES = arrays(np.float64, st.integers(1, 40), elements=st.floats(0.5, 5000))


@given(PRICES, st.floats(0.01, 100))
def test_scaling_prices_leaves_returns_alone(closes: np.ndarray, factor: float) -> None:
    none = np.zeros(len(closes))
    once, scaled = total_return_index(closes, none), total_return_index(closes * factor, none)
    np.testing.assert_allclose(scaled / scaled[0], once / once[0], rtol=1e-9)


@given(PRICES, st.data())
def test_the_past_of_the_index_never_depends_on_later_days(closes: np.ndarray, data: st.DataObject) -> None:
    dividends = data.draw(arrays(np.float64, len(closes), elements=st.floats(0, 5) | st.just(float("nan"))))
    cut = data.draw(st.integers(1, len(closes)))
    whole, part = total_return_index(closes, dividends), total_return_index(closes[:cut], dividends[:cut])
    assert whole[:cut].tolist() == part.tolist()


@given(PRICES, st.data())
def test_the_index_is_what_reinvested_dividends_become(closes: np.ndarray, data: st.DataObject) -> None:
    dividends = data.draw(arrays(np.float64, len(closes), elements=st.floats(0, 5)))
    shares, wealth = 1.0, [closes[0]]
    for close, paid in zip(closes[1:], dividends[1:], strict=True):
        shares *= 1 + paid / close
        wealth.append(shares * close)
    np.testing.assert_allclose(total_return_index(closes, dividends), wealth, rtol=1e-9)


def test_no_prices_at_all_make_no_index() -> None:
    assert len(total_return_index(np.array([]), np.array([]))) == 0
