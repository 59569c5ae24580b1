"""Members of the indices from their funds' holdings, and short interest of the whole market."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from bot import i18n
from bot.market import calendar, validation_files
from bot.market.ingest.job import Job, Outcome, noted, records
from bot.market.ingest.settings import MEMBER_FUNDS
from bot.market.sources.faults import NotFound
from bot.market.sources.finra import Finra, ShortInterest
from bot.market.sources.ishares import HoldingsFile, IShares
from bot.market.sources.vendor import FINRA
from bot.market.spelling import ticker

WEIGHT_DIGITS = 10
OVERDUE = 3  # sessions after the day of publication: a file that is still missing then is no longer merely late
EARLIEST_PUBLICATION = 6  # sessions after settlement: FINRA has been early before
HISTORY_DAYS = 366


def holdings(job: Job, ishares: IShares) -> Outcome:
    """Fetch the members of each fund, unless those of the last session are stored: one request a fund."""
    outcome = Outcome()
    todo = [
        fund for fund in MEMBER_FUNDS if job.full or (job.store.newest("holdings", fund=fund) or date.min) < job.final
    ]
    outcome.asked = len(todo)
    for done, fund in enumerate(todo, start=1):
        with noted(outcome, fund):
            _members(job, fund, ishares.holdings(fund), outcome)
        job.tell(job.part, done, len(todo))
    return outcome


def _members(job: Job, fund: str, file: HoldingsFile, outcome: Outcome) -> None:
    newest = job.store.newest("holdings", fund=fund)
    stored = (newest, len(job.store.rows("holdings", fund=fund, day=newest))) if newest else None
    frame = by_symbol(file.frame).assign(day=file.day)
    verdict = validation_files.holdings(frame, file.weight_total, file.day, job.today, stored)
    if verdict.refusals:
        job.set_aside(outcome, verdict.refusals, fund)
        outcome.refused[fund] = verdict.reasons[0]
        return
    rows = records(frame.assign(fund=fund))
    outcome.written += job.store.write("holdings", rows, job.run)
    _name(job, frame)
    thin(job, fund)


def by_symbol(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a stock in our spelling; one that a fund lists twice has its lines added up, as far as known."""
    ours = frame.assign(symbol=frame["symbol"].map(ticker))
    lines = ours.groupby(["symbol", "name"], sort=False)
    sums = lines[["weight", "shares", "market_value"]].sum(min_count=1)
    merged = lines[["sector", "price"]].first().join(sums).reset_index()
    return merged.assign(weight=merged["weight"].round(WEIGHT_DIGITS))


def _name(job: Job, frame: pd.DataFrame) -> None:
    """Keep the names of companies that had none."""
    named = {row["symbol"] for row in job.store.rows("companies")}
    rows = [
        {"symbol": symbol, "name": name}
        for symbol, name in zip(frame["symbol"], frame["name"], strict=True)
        if symbol not in named and name
    ]
    job.store.write("companies", rows, job.run)


def thin(job: Job, fund: str) -> None:
    """Keep the newest file of a fund and the last one of each month: members change twice a year."""
    days = job.store.days("holdings", fund=fund)
    last_of_month = {(day.year, day.month): day for day in days}
    gone = [day for day in days if day not in set(last_of_month.values())]
    if gone:
        job.store.forget_days("holdings", gone, fund=fund)


def short_interest(job: Job, finra: Finra) -> Outcome:
    """Fetch the newest settlement date that may be out and is not stored; with ``full`` those of a year."""
    outcome = Outcome()
    stored = job.store.days("short_interest", "settlement")
    todo = list(due(job.today, stored, HISTORY_DAYS if job.full else 0))
    outcome.asked = min(1, len(todo))
    with noted(outcome, "short interest"):
        if job.full:
            for settlement in reversed(todo):
                if (found := finra.newest([settlement])) is not None:
                    _positions(job, found, outcome)
        else:
            found = finra.newest(todo, stored)
            if found is not None:
                _positions(job, found, outcome)
            _overdue(job, outcome, todo, found)
    job.tell(job.part, 1, 1)
    return outcome


def _overdue(job: Job, outcome: Outcome, todo: Iterable[date], found: ShortInterest | None) -> None:
    """Tell of a settlement date that should long be out: FINRA says the same to whoever it lets in no longer."""
    known = found.settlement if found is not None else date.min
    for settlement in todo:
        late = calendar.sessions_after(calendar.publication_date(settlement), OVERDUE) <= job.today
        if settlement > known and late:
            outcome.failed("short interest", NotFound(FINRA, i18n.day(settlement), f"overdue: {settlement}"))


def due(today: date, stored: Iterable[date], history_days: int = 0) -> Iterable[date]:
    """Return the settlement dates that may be published by today and are not stored, newest first.

    Without history only those after the newest stored one, or the last three where nothing is stored.
    """
    have = set(stored)
    after = max(have) if have and not history_days else today - timedelta(days=history_days or 50)
    dates = calendar.settlement_dates(after, today)
    out = [day for day in dates if day not in have and calendar.sessions_after(day, EARLIEST_PUBLICATION) <= today]
    return reversed(out)


def _positions(job: Job, found: ShortInterest, outcome: Outcome) -> None:
    stored = job.store.days("short_interest", "settlement")
    before = [day for day in stored if day < found.settlement]
    follows = bool(before) and before[-1] == calendar.settlement_dates(before[-1], found.settlement)[-2]
    previous = job.store.rows("short_interest", settlement=before[-1]) if follows else []
    frame = found.frame.assign(symbol=found.frame["symbol"].map(ticker)).drop_duplicates()
    positions = pd.Series({row["symbol"]: row["short_shares"] for row in previous}, dtype=float)
    verdict = validation_files.short_interest(frame, positions if previous else None)
    if verdict.refusals:
        job.set_aside(outcome, verdict.refusals)
        outcome.refused[str(found.settlement)] = verdict.reasons[0]
        return
    published = found.published or min(calendar.publication_date(found.settlement), job.today)
    rows = records(frame.assign(settlement=found.settlement, published=published))
    corrected = revised(previous, frame)
    outcome.written += job.store.write("short_interest", [*rows, *corrected], job.run)


def revised(previous: list[dict[str, Any]], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the settlement date before that FINRA has changed since: its flag marks them.

    Positions around a split are left alone: the file restates them in new shares.
    """
    flagged = frame[frame["revised"] & ~frame["split"]].set_index("symbol")["previous_shares"]
    return [
        {**row, "short_shares": float(flagged[row["symbol"]])}
        for row in previous
        if row["symbol"] in flagged.index and float(flagged[row["symbol"]]) != row["short_shares"]
    ]
