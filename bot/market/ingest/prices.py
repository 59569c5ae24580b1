"""Daily bars of funds, stocks and indices, and settlements of fed funds futures."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from bot.market import validation
from bot.market.ingest import doubts
from bot.market.ingest.absence import is_silent, judge, resting
from bot.market.ingest.job import Job, Outcome
from bot.market.ingest.settings import Instrument
from bot.market.sources.faults import CircuitOpen, Gone, NotFound, SourceError
from bot.market.sources.yahoo import Yahoo
from bot.market.store import Written, state
from bot.market.validation import Due, Refusal, Verdict, refused

OVERLAP_DAYS = 45
RANGE_YEARS = 3
FUTURES_DAYS = 400
DIGITS = 6
MONTH_CODES = "FGHJKMNQUVXZ"
SOURCE = "Yahoo Finance"
OTHERS = "{n} stored closes are others here: another symbol's; if it is the stored ones that are wrong, ask with --full"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One symbol's answer after all checks: what to store, whether in place of all that is stored."""

    verdict: Verdict
    replace: str = ""


def prices(job: Job, yahoo: Yahoo) -> Outcome:
    """Fetch what is new of every instrument: one request each, more only to confirm a doubt or after a split."""
    outcome = Outcome()
    absences = state.absences(job.store)
    asked = [one for one in job.settings.instruments if job.full or not resting(absences, one.symbol, job.today)]
    plans = {one: due for one in asked if (due := plan(job, one)) is not None}
    gone: dict[str, Gone] = {}
    outcome.asked = len(plans)
    with ThreadPoolExecutor(job.settings.threads, thread_name_prefix="prices") as pool:
        waiting = {pool.submit(fetch, job, yahoo, one, due): one for one, due in plans.items()}
        for done, future in enumerate(as_completed(waiting), start=1):
            try:
                _finish(job, outcome, waiting[future], future)
            except Gone as error:
                gone[waiting[future].symbol] = error
            job.tell(job.part, done, len(plans))
            if any(isinstance(error, CircuitOpen) for error in outcome.errors.values()):
                for rest in waiting:
                    rest.cancel()
    troubled = {*outcome.errors, *outcome.refused, *gone}
    judge(job, outcome, gone, {one.symbol for one in plans} - troubled)
    return outcome


def plan(job: Job, one: Instrument) -> Due | None:
    """Say what to ask of an instrument; None where its last final session is stored."""
    newest = job.store.newest("bars", symbol=one.symbol)
    if newest is None or job.full:
        return Due(_beginning(job, one), job.final)
    if newest >= job.final:
        return None
    close = job.store.rows("bars", symbol=one.symbol, day=newest)[0]["close"]
    return Due(newest - timedelta(days=OVERLAP_DAYS), job.final, newest, close)


def fetch(job: Job, yahoo: Yahoo, one: Instrument, due: Due) -> Fetched:
    """Fetch and check one symbol. Raises SourceError, Gone for one that has ended as far as this answer tells."""
    frame = _asked(yahoo, one, due)
    last = frame.index[-1].date() if len(frame) else None
    if due.newest is not None and is_silent(last, due.newest, due.final):
        raise Gone(SOURCE, one.vendor_symbol, f"no prices after {last or due.start}")
    if due.newest is None:
        return Fetched(_checked(job, yahoo, one, due, frame), "fetched in full")
    stored = _closes(job, one, due.start)
    if reason := _split(due.newest, stored, frame):
        whole = Due(_beginning(job, one), due.final)
        return Fetched(_checked(job, yahoo, one, whole, _asked(yahoo, one, whole)), reason)
    if other := validation.contradicted(stored, frame["close"]):
        return Fetched(refused("bars", frame, OTHERS.format(n=other)))
    return Fetched(_checked(job, yahoo, one, due, frame))


def _closes(job: Job, one: Instrument, since: date) -> "pd.Series[float]":
    stored = job.store.rows("bars", since=since, symbol=one.symbol)
    days = pd.DatetimeIndex([row["day"] for row in stored])
    return pd.Series([row["close"] for row in stored], index=days, dtype=float)


def _checked(job: Job, yahoo: Yahoo, one: Instrument, due: Due, frame: pd.DataFrame) -> Verdict:
    return doubts.checked(lambda: _asked(yahoo, one, due), frame, one, due, job.today)


def _beginning(job: Job, one: Instrument) -> date:
    """Return from when on a whole history is asked for: never later than what is stored already."""
    wanted = job.today - timedelta(days=round(365.25 * job.settings.history_years))
    stored = job.store.days("bars", symbol=one.symbol)
    return min([wanted, *stored[:1]])


def _asked(yahoo: Yahoo, one: Instrument, due: Due) -> pd.DataFrame:
    """Ask for final sessions alone: a bar of an open session is none."""
    return _rounded(yahoo.bars(one.vendor_symbol, due.start, due.final))


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return closes and dividends without the noise of single precision, which would look like corrections."""
    columns = ["open", "high", "low", "close", "dividend"]
    return frame.assign(**{name: frame[name].round(DIGITS) for name in columns})


def _split(newest: date, stored: "pd.Series[float]", frame: pd.DataFrame) -> str:
    """Say why all of a symbol's history must be fetched anew: empty where it need not."""
    told = frame.loc[(frame["split"] > 0) & (frame.index > pd.Timestamp(newest)), "split"]
    if len(told):
        return f"split {told.iloc[-1]:g}:1 on {told.index[-1]:%Y-%m-%d}"
    factor = validation.rescaled(stored, frame["close"])
    return f"all closes divided by {factor:.6g}" if factor else ""


def _finish(job: Job, outcome: Outcome, one: Instrument, future: "Future[Fetched]") -> None:
    """Store one symbol's answer, all of it or nothing. Raises Gone: that is judged when all have answered."""
    if future.cancelled():
        outcome.failed(one.symbol, CircuitOpen(SOURCE))
        return
    try:
        found = future.result()
    except Gone:
        raise
    except SourceError as error:
        outcome.failed(one.symbol, error)
        return
    job.set_aside(outcome, found.verdict.refusals, one.symbol, job.store.newest("bars", symbol=one.symbol))
    if found.verdict.frame.empty:
        outcome.refused[one.symbol] = found.verdict.reasons[-1]
        return
    if found.verdict.late:
        outcome.late.append(one.symbol)
    _store(job, outcome, one, found)


def _store(job: Job, outcome: Outcome, one: Instrument, found: Fetched) -> None:
    basis = "price" if one.pays else "level"
    described = {"symbol": one.symbol, "name": one.name, "basis": basis, "source": SOURCE}
    closes, ranges = _bars(one, found.verdict.frame), _ranges(one, found.verdict.frame)
    wrong = _stored_wrongly(job, one, found.verdict)
    replace = found.replace or (wrong[0].reason if wrong else "")
    with job.store.writing() as connection:  # all of it or nothing, wherever the process may end
        outcome.written += job.store.write("instruments", [described], job.run, connection)
        for table, rows in (("bars", closes), ("ohlc", ranges)):
            if replace:
                kept = rows if found.replace else _corrected(job, table, one, rows, wrong)
                written = job.store.replace(table, kept, replace, job.run, connection, symbol=one.symbol)
            else:
                written = job.store.write(table, rows, job.run, connection)
            outcome.written += written if table == "bars" else Written()


def _stored_wrongly(job: Job, one: Instrument, verdict: Verdict) -> list[Refusal]:
    """Return the refusals of closes that were believed on an earlier day, and that a later session has taken back."""
    stored = set(job.store.days("bars", symbol=one.symbol)) if verdict.refusals else set()
    back = doubts.TAKEN_BACK.partition("{")[0]
    return [
        refusal
        for refusal in verdict.refusals
        if refusal.reason.startswith(back) and refusal.rows[0]["day"].date() in stored
    ]


def _corrected(
    job: Job, table: str, one: Instrument, rows: Iterable[dict[str, Any]], wrong: Iterable[Refusal]
) -> list[dict[str, Any]]:
    """Return all of a symbol's rows, those stored and in their place the new ones, without the days that were wrong."""
    gone = {refusal.rows[0]["day"].date() for refusal in wrong}
    merged = {row["day"]: row for row in [*job.store.rows(table, symbol=one.symbol), *rows]}
    return [row for day, row in merged.items() if day not in gone]


def _bars(one: Instrument, frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    paid = frame["dividend"].tolist() if one.pays else [None] * len(frame)
    for day, close, dividend in zip(_days(frame), frame["close"].tolist(), paid, strict=True):
        yield {"symbol": one.symbol, "day": day, "close": close, "dividend": dividend}


def _ranges(one: Instrument, frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield daily ranges of the last years, where low and high hold the open and the close between them."""
    if not one.pays:
        return
    recent = frame[frame.index > frame.index[-1] - pd.DateOffset(years=RANGE_YEARS)]
    slack = 1 + 1e-6
    sound = (recent["low"] <= recent[["open", "close"]].min(axis=1) * slack) & (
        recent["high"] * slack >= recent[["open", "close"]].max(axis=1)
    )
    columns = ["open", "high", "low", "close", "volume"]
    for day, values in zip(_days(recent[sound]), recent.loc[sound, columns].to_numpy().tolist(), strict=True):
        yield {"symbol": one.symbol, "day": day, **dict(zip(columns, values, strict=True))}


def _days(frame: pd.DataFrame) -> list[date]:
    """Return a frame's days as plain dates: a hundred times as fast as asking each timestamp."""
    days: list[date] = frame.index.to_numpy().astype("datetime64[D]").tolist()
    return days


def contracts(today: date, ahead: int) -> Iterable[tuple[int, str]]:
    """Return the fed funds contracts from this month on as (yyyymm, the vendor's symbol)."""
    for index in range(today.year * 12 + today.month - 1, today.year * 12 + today.month + ahead):
        year, month = index // 12, index % 12
        yield year * 100 + month + 1, f"ZQ{MONTH_CODES[month]}{year % 100:02d}.CBT"


def futures(job: Job, yahoo: Yahoo) -> Outcome:
    """Fetch the settlements of each contract; one that is not traded yet is simply not there."""
    outcome = Outcome()
    todo = [c for c in contracts(job.today, job.settings.futures_ahead) if _contract_due(job, c[0]) is not None]
    outcome.asked = len(todo)
    with ThreadPoolExecutor(job.settings.threads, thread_name_prefix="futures") as pool:
        answers = {contract: pool.submit(_contract, job, yahoo, contract, symbol) for contract, symbol in todo}
        for done, (contract, answer) in enumerate(answers.items(), start=1):
            try:
                verdict = answer.result()
            except NotFound:
                outcome.asked -= 1
                continue
            except SourceError as error:
                outcome.failed(str(contract), error)
                continue
            _settle(job, outcome, contract, verdict)
            job.tell(job.part, done, len(todo))
    return outcome


def _contract_due(job: Job, contract: int) -> Due | None:
    newest = job.store.newest("futures", contract=contract)
    if newest is None or job.full:
        return Due(job.final - timedelta(days=FUTURES_DAYS), job.final)
    return None if newest >= job.final else Due(newest - timedelta(days=OVERLAP_DAYS), job.final, newest)


def _contract(job: Job, yahoo: Yahoo, contract: int, symbol: str) -> Verdict:
    due = _contract_due(job, contract)
    assert due is not None
    verdict = validation.bars(_rounded(yahoo.bars(symbol, due.start, due.final)), "future", due)
    refusals = tuple(Refusal("futures", refusal.rows, refusal.reason) for refusal in verdict.refusals)
    return Verdict(verdict.frame, refusals, verdict.late)


def _settle(job: Job, outcome: Outcome, contract: int, verdict: Verdict) -> None:
    job.set_aside(outcome, verdict.refusals, str(contract))
    if verdict.frame.empty:
        outcome.refused[str(contract)] = verdict.reasons[-1]
        return
    settled = zip(_days(verdict.frame), verdict.frame["close"].tolist(), strict=True)
    rows = [{"day": day, "contract": contract, "close": close} for day, close in settled]
    outcome.written += job.store.write("futures", rows, job.run)
