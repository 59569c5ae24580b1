"""Closes that may be wrong: asked for again, compared with what else the answer says, or held until the day after.

A vendor that is wrong is often wrong twice within minutes, so a second fetch alone confirms nothing. What can be
compared without asking anybody else: the record of splits, the quote of the same session that comes with the bars, and
the session after it. See docs/decisions/wrong-closes.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from bot.market import calendar, validation
from bot.market.ingest.settings import Instrument
from bot.market.validation import Due, Refusal, Verdict, jumps, refused

STEP_DAYS = 400
QUOTE = 0.05
SPLIT = 0.15
LEAST_SPLIT = 1.25
LONGEST_PAUSE = 10  # days from one session to the next, and some
UNCONFIRMED = "a jump that a second fetch did not confirm: {days}"
STEPPED = "the adjusted series steps at {days}: a dividend is missing, or two vintages are mixed"
UNADJUSTED = "closes before {days} are not in the shares of after the split"
TAKEN_BACK = "a jump that the next session took back: {days}"
TOO_NEW = "a jump is believed from the day after: {days}"
ORPHANED = "the session before is missing: {days}"
MISQUOTED = "the quote of the same session is another: {days}"


@dataclass(frozen=True, slots=True)
class Doubts:
    """Days that need a second look: jumps, steps of the adjusted series, a close that its quote contradicts, splits.

    ``orphaned``: the last session where the one before it is missing and was not stored either.
    """

    jumped: tuple[date, ...]
    stepped: tuple[date, ...]
    misquoted: tuple[date, ...]
    unadjusted: tuple[date, ...]
    orphaned: tuple[date, ...]

    def __bool__(self) -> bool:
        return bool(self.jumped or self.stepped or self.misquoted or self.unadjusted or self.orphaned)


def of(frame: pd.DataFrame, one: Instrument, due: Due) -> Doubts:
    """Return what is doubtful in bars that have passed their checks."""
    recent = frame[frame.index > pd.Timestamp(due.final - timedelta(days=STEP_DAYS))]
    stepped = validation.steps(recent["adjusted_close"], recent["close"], recent["dividend"]) if one.pays else ()
    quoted = misquoted(frame, one.kind)
    return Doubts(jumps(frame, one.kind, due), stepped, quoted, unadjusted(frame), orphaned(frame, due))


def checked(ask: Callable[[], pd.DataFrame], frame: pd.DataFrame, one: Instrument, due: Due, today: date) -> Verdict:
    """Check an answer; where it is in doubt, ask again and let what both say decide. Raises what ``ask`` raises."""
    first = validation.bars(frame, one.kind, due)
    before = of(first.frame, one, due)
    if not before:
        return first
    second = validation.bars(ask(), one.kind, due)
    after = of(second.frame, one, due)
    if after.stepped:
        return _none_of(second, STEPPED, after.stepped)
    if after.unadjusted:
        return _none_of(second, UNADJUSTED, after.unadjusted)
    if after.jumped and not validation.agree(first.frame, second.frame, after.jumped):
        return _none_of(second, UNCONFIRMED, after.jumped)
    gone = [day for day in before.jumped if day not in after.jumped]
    odd = _rows(first.frame, gone, UNCONFIRMED)
    return settled(Verdict(second.frame, (*second.refusals, *odd), second.late), one, due, today)


def settled(verdict: Verdict, one: Instrument, due: Due, today: date) -> Verdict:
    """Leave out what a later session took back, and hold the last close where it is not to be believed yet.

    That makes the answer late: it is asked for again, and the day after decides.
    """
    frame = verdict.frame
    back = taken_back(frame, jumps(frame, one.kind, due))
    rest = frame.drop(pd.DatetimeIndex(back))
    new = tuple(day for day in jumps(rest, one.kind, due) if day >= today)
    contradicted = tuple(day for day in misquoted(rest, one.kind) if due.newest is None or day > due.newest)
    alone = tuple(day for day in orphaned(frame, due) if day >= today)
    refusals = (
        *_rows(frame, back, TAKEN_BACK), *_rows(rest, new, TOO_NEW), *_rows(rest, contradicted, MISQUOTED),
        *_rows(rest, alone, ORPHANED),
    )  # fmt: skip
    held = {*new, *contradicted, *alone}
    kept = rest.drop(pd.DatetimeIndex(sorted(held)))
    return Verdict(kept, (*verdict.refusals, *refusals), verdict.late or bool(held))


def misquoted(frame: pd.DataFrame, kind: validation.Kind) -> tuple[date, ...]:
    """Return the days whose close is more than 5% off the quote of that session: at most the last one has a quote."""
    if kind in validation.JUMPY:
        return ()
    off = (frame["close"] / frame["quoted"] - 1).abs() > QUOTE
    return _days(frame, off)


def orphaned(frame: pd.DataFrame, due: Due) -> tuple[date, ...]:
    """Return the last session where the one before it, not stored yet, is missing: two days would look like one.

    It mostly comes within hours.
    """
    before = calendar.session_days(due.final - timedelta(days=LONGEST_PAUSE), due.final)[-2]
    if due.newest is None or due.newest >= before or frame.empty or pd.Timestamp(before) in frame.index:
        return ()
    return (due.final,) if frame.index[-1] == pd.Timestamp(due.final) else ()


def unadjusted(frame: pd.DataFrame) -> tuple[date, ...]:
    """Return the days of splits that closes show as a jump of just that size: the vendor has yet to adjust them."""
    ratio = frame["split"].where(lambda told: (told >= LEAST_SPLIT) | ((told > 0) & (told <= 1 / LEAST_SPLIT)))
    moved = frame["close"] / frame["close"].shift(1)
    return _days(frame, (moved * ratio - 1).abs() < SPLIT)


def taken_back(frame: pd.DataFrame, days: Iterable[date]) -> tuple[date, ...]:
    """Return the days of jumps that went back where they came from: after one close by more than half, or two later.

    A real jump stays, a wrong close does not. Of two closes in a row, both are wrong where three quarters of the way
    out are gone with the third. Three pass.
    """
    wanted = pd.Series(frame.index.isin(pd.DatetimeIndex(list(days))), index=frame.index)
    if not wanted.any():
        return ()
    level = pd.Series(np.log(frame["close"].to_numpy(dtype=float)), index=frame.index)
    before, first, second = level.shift(1), level.shift(-1), level.shift(-2)
    went = (level - before).abs()
    once = wanted & ((first - before).abs() < np.minimum(went, (first - level).abs()))
    twice = wanted & ~once & ((second - before).abs() < np.minimum(went, (second - first).abs()) / 4)
    return _days(frame, once | twice | twice.shift(1, fill_value=False))


def _days(frame: pd.DataFrame, chosen: "pd.Series[bool]") -> tuple[date, ...]:
    return tuple(day.date() for day in pd.DatetimeIndex(frame.index[chosen.to_numpy()]))


def _rows(frame: pd.DataFrame, days: Iterable[date], reason: str) -> tuple[Refusal, ...]:
    """Refuse each of some days alone, so that each is told once."""
    return tuple(
        refusal
        for day in days
        for refusal in refused("bars", frame.loc[[pd.Timestamp(day)]], reason.format(days=day)).refusals
    )


def _none_of(verdict: Verdict, reason: str, days: Iterable[date]) -> Verdict:
    """Refuse all of an answer, rows that were refused alone among it: they may be the cause."""
    whole = refused("bars", verdict.frame, reason.format(days=_listed(days)))
    return Verdict(whole.frame, (*verdict.refusals, *whole.refusals))


def _listed(days: Iterable[date]) -> str:
    return ", ".join(map(str, days))
