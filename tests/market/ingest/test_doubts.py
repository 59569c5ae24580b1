"""Which closes are doubted: on the record, on closes spoilt in one place, and as laws."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.market.ingest import doubts
from bot.market.ingest.doubts import misquoted, settled, taken_back, unadjusted
from bot.market.ingest.settings import INSTRUMENTS
from bot.market.validation import JUMP, Due, Verdict, jumps
from tests.vendors.world import sample, table

IWM = next(one for one in INSTRUMENTS if one.symbol == "IWM")
DUE = Due(date(2026, 7, 1), date(2026, 7, 31))
KINDS = {one.symbol: one.kind for one in INSTRUMENTS}


def bars(*closes: float, split: dict[int, float] | None = None, quoted: float = math.nan) -> pd.DataFrame:
    """Return the last sessions of July with these closes; the quote is of the last one."""
    days = sample().closes("IWM").index[-len(closes) :]
    frame = pd.DataFrame({"close": closes, "split": 0.0, "quoted": np.nan, "dividend": 0.0}, index=days)
    frame["adjusted_close"] = frame["close"]
    for at, ratio in (split or {}).items():
        frame.loc[days[at], "split"] = ratio
    frame.loc[days[-1], "quoted"] = quoted
    return frame


def places(frame: pd.DataFrame, days: tuple[date, ...]) -> list[int]:
    return [frame.index.get_loc(pd.Timestamp(day)) for day in days]  # type: ignore[misc]  # no slices here


def test_no_real_jump_of_the_record_was_ever_taken_back() -> None:
    """Apple in September 2000, NVIDIA in March 2000, the Nasdaq at a cut of rates, banks in two crises: they stayed."""
    found = {}
    for symbol in sample().symbols():
        frame = table({"RUT": "^RUT", "GSPC": "^GSPC", "VIX": "^VIX", "IRX": "^IRX", "TNX": "^TNX", "ZQ_F": "ZQ=F"}.get(
            symbol, symbol))  # fmt: skip
        jumped = jumps(frame, KINDS[symbol], Due(frame.index[0].date(), frame.index[-1].date()))
        assert taken_back(frame, jumped) == (), symbol
        found |= {(symbol, day): None for day in jumped}
    assert sorted(found) == [
        ("AAPL", date(2000, 9, 29)), ("KRE", date(2008, 9, 18)), ("KRE", date(2008, 10, 13)),
        ("KRE", date(2008, 12, 1)), ("KRE", date(2020, 3, 9)), ("KRE", date(2020, 11, 9)),
        ("NVDA", date(2000, 3, 7)), ("QQQ", date(2001, 1, 3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("closes", "jumped", "back"),
    [
        ([100, 150, 101], [1], [1]),
        ([100, 50, 101], [1, 2], [1]),
        ([100, 150, 149], [1], []),
        ([100, 150, 120], [1], [1]),  # log 1.2 < log 1.25: more than half the way
        ([100, 150, 123], [1], []),  # less than half of it
        ([100, 150, 90], [1], [1]),  # further than where it came from
        ([100, 150, 300], [1, 2], []),
        ([100, 100, 150], [2], []),  # nothing after it tells
        ([100, 150, 150, 100], [1], [1, 2]),  # two wrong closes in a row
        ([100, 50, 51, 99], [1, 3], [1, 2]),
        ([100, 150, 150, 112], [1], []),  # only 72% of the way back
        ([100, 150, 149, 150, 100], [1], []),  # three pass
        ([100, 150, 150], [1], []),  # what comes next decides
        ([100, 139, 100], [], []),  # no jump
    ],
)
def test_a_jump_is_taken_back_by_more_than_half(closes: list[float], jumped: list[int], back: list[int]) -> None:
    frame = bars(*closes)
    found = jumps(frame, "stock", DUE)
    assert places(frame, found) == jumped
    assert places(frame, taken_back(frame, found)) == back


@given(
    st.lists(st.floats(-0.1, 0.1), min_size=3, max_size=15),
    st.integers(1, 13),
    st.one_of(st.floats(-2, -0.7), st.floats(0.7, 2)),
    st.floats(0.01, 100),
)
def test_one_wrong_close_is_found_and_a_lasting_jump_is_not(
    moves: list[float], at: int, size: float, scale: float
) -> None:
    """Whatever the level, whatever the days around it did (ten percent at most)."""
    at = min(at, len(moves) - 2)
    level = np.cumsum(moves) + math.log(scale)
    wrong, lasting = level.copy(), level.copy()
    wrong[at] += size
    lasting[at:] += size
    spoilt, moved = bars(*np.exp(wrong)), bars(*np.exp(lasting))
    assert places(spoilt, taken_back(spoilt, jumps(spoilt, "fund", DUE))) == [at]
    assert taken_back(moved, jumps(moved, "fund", DUE)) == ()


@pytest.mark.parametrize(
    ("quoted", "kind", "expected"),
    [
        (math.nan, "fund", 0), (100.0, "fund", 0), (95.3, "fund", 0), (95.2, "fund", 1), (105.2, "fund", 0),
        (105.3, "fund", 1), (50.0, "index", 1), (50.0, "stock", 1), (50.0, "volatility", 0), (50.0, "rate", 0),
        (50.0, "future", 0),
    ],
)  # fmt: skip
def test_a_close_five_percent_off_its_quote_is_doubted(quoted: float, kind: str, expected: int) -> None:
    """Measured from the quote: 100 / 95.2 is 5.04% above it, 100 / 105.3 is 5.03% below."""
    assert len(misquoted(bars(99, 100, quoted=quoted), kind)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "ratio", "found"),
    [
        (400.0, 4.0, True), (100.0, 4.0, False), (420.0, 4.0, True), (5.0, 0.05, True), (100.0, 0.05, False),
        (150.0, 1.5, True), (100.0, 1.5, False), (101.0, 1.01, False), (330.0, 4.0, False), (480.0, 4.0, False),
    ],
)  # fmt: skip
def test_a_split_that_closes_still_show_is_not_adjusted_yet(before: float, ratio: float, found: bool) -> None:
    """The first session after the split closes at 100; forward, reverse, small ones, and moves of that size besides."""
    frame = bars(before, before, 100.0, 100.0, split={2: ratio})
    assert places(frame, unadjusted(frame)) == ([2] if found else [])


@given(st.sampled_from([2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 1.5, 0.5, 0.1, 0.05]), st.floats(-0.12, 0.12))
def test_every_split_is_told_from_its_adjusted_history(ratio: float, move: float) -> None:
    after = 100 * math.exp(move)
    frame = bars(100, 100, after / ratio, split={2: ratio})
    assert places(frame, unadjusted(frame)) == [2]
    assert unadjusted(bars(100, 100, after, split={2: ratio})) == ()


@pytest.mark.parametrize(
    ("today", "closes", "quoted", "kept", "late", "told"),
    [
        (31, [100, 100, 50], math.nan, 2, True, [doubts.TOO_NEW]),
        (31, [100, 100, 50], 50.0, 2, True, [doubts.TOO_NEW]),
        (31, [100, 100, 50], 100.0, 2, True, [doubts.TOO_NEW, doubts.MISQUOTED]),
        (32, [100, 100, 50], 50.0, 3, False, []),
        (32, [100, 100, 50], 100.0, 2, True, [doubts.MISQUOTED]),
        (32, [100, 50, 101], 101.0, 2, False, [doubts.TAKEN_BACK]),
        (31, [100, 50, 101], 101.0, 2, False, [doubts.TAKEN_BACK]),  # its way back is no jump any more
        (31, [100, 50, 50], 50.0, 3, False, []),
        (31, [100, 101, 90], 101.0, 2, True, [doubts.MISQUOTED]),
    ],
)
def test_what_is_kept_of_an_answer(
    today: int, closes: list[float], quoted: float, kept: int, late: bool, told: list[str]
) -> None:
    """On 31 July the last close is the day's own; on the day after it has stood for a night."""
    day = date(2026, 7, 31) if today == 31 else date(2026, 8, 1)
    verdict = settled(Verdict(bars(*closes, quoted=quoted)), IWM, DUE, day)
    assert (len(verdict.frame), verdict.late) == (kept, late)
    assert [reason[:25] for reason in verdict.reasons] == [reason[:25] for reason in told]
    assert all(len(refusal.rows) == 1 for refusal in verdict.refusals)


def test_a_stored_close_is_not_held_for_its_quote() -> None:
    """It was believed on its day; to leave it out of a later answer would say nothing."""
    frame = bars(100, 101, 90, quoted=101.0)
    last = frame.index[-1].date()
    assert not settled(Verdict(frame), IWM, Due(DUE.start, DUE.final, last, 90.0), last).late


def test_an_undoubted_answer_is_not_asked_for_again() -> None:
    def again() -> pd.DataFrame:
        raise AssertionError("asked again")

    frame = bars(*sample().closes("IWM")["2026-07-01":"2026-07-31"].tolist())  # type: ignore[misc]  # days slice it
    verdict = doubts.checked(again, frame, IWM, DUE, date(2026, 7, 31))
    assert verdict.frame.equals(frame)


@given(st.floats(0.05, 3).filter(lambda factor: abs(factor - 1) > JUMP["fund"] + 0.05))
def test_two_answers_that_disagree_on_a_jump_keep_the_stored_history(factor: float) -> None:
    closes = sample().closes("IWM")["2026-07-01":"2026-07-31"].tolist()  # type: ignore[misc]  # days slice it
    first, second = bars(*closes[:-1], closes[-1] * factor), bars(*closes[:-1], closes[-1] * factor * 1.01)
    assume(jumps(first, "fund", DUE) and jumps(second, "fund", DUE))
    verdict = doubts.checked(lambda: second, first, IWM, DUE, date(2026, 8, 1))
    assert verdict.frame.empty
    assert verdict.reasons == ("a jump that a second fetch did not confirm: 2026-07-31",)


@pytest.mark.parametrize(
    ("dropped", "newest", "today", "kept"),
    [
        (None, 28, 31, 22),
        (30, 29, 31, 20),  # the evening: the thirtieth may still come, and the last waits for it
        (30, 29, 32, 21),  # the night is over
        (30, 30, 31, 21),  # stored on its day
        (29, 28, 31, 21),  # longer ago
        (30, None, 31, 21),  # a first fetch has nothing to be compared with
    ],
)
def test_two_sessions_are_not_shown_as_one(dropped: int | None, newest: int | None, today: int, kept: int) -> None:
    frame = bars(*sample().closes("IWM")["2026-07-01":"2026-07-31"].tolist())  # type: ignore[misc]  # days slice it
    if dropped:
        frame = frame.drop(pd.Timestamp(2026, 7, dropped))
    due = Due(DUE.start, DUE.final, date(2026, 7, newest) if newest else None, 290.0)
    day = date(2026, 7, 31) if today == 31 else date(2026, 8, 1)
    verdict = doubts.checked(lambda: frame, frame, IWM, due, day)
    assert (len(verdict.frame), verdict.late) == (kept, kept == 20)
    assert verdict.reasons == (("the session before is missing: 2026-07-31",) if kept == 20 else ())


def test_a_dividend_that_cannot_be_right_is_told_beside_what_follows_from_it() -> None:
    """The adjusted series knows the dividend too: without it, it steps."""
    frame = bars(*sample().closes("IWM")["2026-07-01":"2026-07-31"].tolist())  # type: ignore[misc]  # days slice it
    frame.loc[pd.Timestamp("2026-07-15"), "dividend"] = 69.5
    frame.loc[:"2026-07-14", "adjusted_close"] *= 1 - 69.5 / float(frame["close"].asof(pd.Timestamp("2026-07-14")))  # type: ignore[misc]
    verdict = doubts.checked(lambda: frame, frame, IWM, DUE, date(2026, 7, 31))
    assert verdict.frame.empty
    assert [reason[:26] for reason in verdict.reasons] == ["a dividend that cannot be ", "the adjusted series steps "]
