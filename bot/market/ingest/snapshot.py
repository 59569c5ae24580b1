"""The whole market once a day: the screener's rows, completed by companies' pages and by the bot's own record."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from bot.market import validation_files
from bot.market.ingest import companies
from bot.market.ingest.job import Job, Outcome, is_open, noted, records
from bot.market.ingest.settings import MEMBER_FUNDS
from bot.market.ingest.splits import without_unaware_caps
from bot.market.sources.yahoo import Yahoo
from bot.market.sources.yahoo_market import MarketSnapshot
from bot.market.store import state
from bot.market.tables import SPECS, WHOLE_MARKET

FACTS_DAYS = {"estimates": 35, "fundamentals": 120, "market": 120}
SPANS = {"return_1m": 30, "return_3m": 91, "return_6m": 182}
NEAR_DAYS = 5
RECENT_DAYS = 14  # how old a snapshot may be to judge the next one by
SAME_SHARES = 0.3
DAILY = 5


def snapshot(job: Job, yahoo: Yahoo) -> Outcome:
    """Fetch the whole market after a close, once: about one request for 250 companies.

    While prices of a session still move there is nothing to take.
    """
    outcome = Outcome(asked=1)
    if is_open(job.now):
        outcome.late.append("snapshot")
        return outcome
    if job.store.newest("snapshots") == job.final and not job.full:
        outcome.asked = 0
        return outcome
    with noted(outcome, "snapshot"):
        found = yahoo.snapshot(lambda done, total: job.tell(job.part, done, total))
        _keep(job, found, outcome)
    return outcome


def _keep(job: Job, found: MarketSnapshot, outcome: Outcome) -> None:
    """Store what was found, unless it is of another session: our clock is wrong, or the vendor is late."""
    if found.day not in {None, job.final}:
        outcome.late.append("snapshot")
        return
    recent = job.final - timedelta(days=RECENT_DAYS)
    newest = max((day for day in job.store.days("snapshots") if recent <= day < job.final), default=None)
    before = job.store.rows("snapshots", day=newest) if newest else []
    stored = (len(before), sum(row["market_cap"] or 0.0 for row in before)) if before else None
    dropped = sum(found.dropped.values())
    verdict = validation_files.snapshot(found.frame, found.listed, dropped, job.final, stored)
    if verdict.refusals:
        job.set_aside(outcome, verdict.refusals)
        outcome.refused["snapshot"] = verdict.reasons[0]
        return
    companies.spell(job, zip(found.frame.index.tolist(), found.frame["vendor_symbol"].tolist(), strict=True))
    market = without_unaware_caps(job, outcome, found.frame, before)
    frame = complete(market, _facts(job), _sectors(job))
    history = _history(job)
    frame = frame.join(returns(frame, history, job.final)).join(revisions(frame, history, job.final))
    names = [{"symbol": s, "name": n} for s, n in frame["name"].items() if n]
    with job.store.writing() as connection:  # the day's four tables together, wherever the process may end
        for table in WHOLE_MARKET:
            outcome.written += job.store.write(table, rows(table, frame, job.final), job.run, connection)
        job.store.write("companies", names, job.run, connection)
    oldest = job.final - timedelta(days=job.settings.keep_days)
    for table in WHOLE_MARKET:
        job.store.forget_days(table, [day for day in job.store.days(table) if day < oldest])


def _facts(job: Job) -> pd.DataFrame:
    """Return what companies' pages said, by symbol, with the day each was read."""
    read = [(p.symbol, p.fetched_at, p.facts) for p in state.pages(job.store).values() if p.fetched_at is not None]
    records = [{"symbol": symbol, "read": at.date(), **facts} for symbol, at, facts in read]
    return pd.DataFrame(records).set_index("symbol") if records else pd.DataFrame(columns=["read"])


def _sectors(job: Job) -> dict[str, str]:
    """Return sectors by symbol from the newest members' files: the screener has none."""
    found: dict[str, str] = {}
    for fund in MEMBER_FUNDS:
        newest = job.store.newest("holdings", fund=fund)
        for row in job.store.rows("holdings", fund=fund, day=newest) if newest else ():
            found.setdefault(row["symbol"], row["sector"])
    return found


def complete(frame: pd.DataFrame, facts: pd.DataFrame, sectors: Mapping[str, str]) -> pd.DataFrame:
    """Return the screener's frame with the facts of pages beside it, under ``page_`` names; screeners' come first."""
    joined = frame.join(facts.add_prefix("page_"), how="left")
    sector = pd.Series(sectors, dtype=object).reindex(joined.index)
    page = joined["page_sector"] if "page_sector" in joined else pd.Series("", index=joined.index)
    joined["sector"] = sector.fillna(page).fillna("").astype(str)
    return joined.drop(columns="page_market_cap", errors="ignore")  # the screener gives each, or it is held


def _history(job: Job) -> pd.DataFrame:
    """Return the record of past days by (day, symbol): price, market_cap, eps_fy1, eps_fy2."""
    days = job.store.days("snapshots")
    wanted = {near(days, job.final - timedelta(days=ago)) for ago in (*SPANS.values(), 90)} | {
        _year_end(days, job.final)
    }
    parts = []
    for day in sorted(day for day in wanted if day is not None):
        prices = pd.DataFrame(job.store.rows("snapshots", day=day)).set_index("symbol")[["price", "market_cap"]]
        consensus = job.store.rows("estimates", day=day)
        eps = pd.DataFrame(consensus, columns=["symbol", "eps_fy1", "eps_fy2"]).set_index("symbol")
        parts.append(prices.join(eps).assign(day=day).set_index("day", append=True))
    return (
        pd.concat(parts).swaplevel() if parts else pd.DataFrame(columns=["price", "market_cap", "eps_fy1", "eps_fy2"])
    )


def near(days: list[date], wanted: date) -> date | None:
    """Return the day of the record nearest to the wanted one, None where all are more than five days off."""
    best = min(days, key=lambda day: abs(day - wanted), default=None)
    return best if best is not None and abs((best - wanted).days) <= NEAR_DAYS else None


def _year_end(days: list[date], today: date) -> date | None:
    return near([day for day in days if day.year < today.year], date(today.year - 1, 12, 31))


def returns(frame: pd.DataFrame, history: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return price returns against the bot's own record (fractions); NaN without one, and across a split."""
    days = sorted(set(history.index.get_level_values(0))) if len(history) else []
    wanted = {name: near(days, today - timedelta(days=ago)) for name, ago in SPANS.items()}
    wanted["return_ytd"] = _year_end(days, today)
    found = {name: _return(frame, history, day) for name, day in wanted.items()}
    return pd.DataFrame(found, index=frame.index)


def _return(frame: pd.DataFrame, history: pd.DataFrame, day: date | None) -> "pd.Series[float]":
    if day is None:
        return pd.Series(np.nan, index=frame.index)
    then = history.loc[day].reindex(frame.index)
    shares = (frame["market_cap"] / frame["price"]) / (then["market_cap"] / then["price"])
    return (frame["price"] / then["price"] - 1).where((shares - 1).abs() <= SAME_SHARES)


def revisions(frame: pd.DataFrame, history: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return consensus of 30 and 90 days ago from the bot's own record, under ``own_`` names; NaN without one."""
    days = sorted(set(history.index.get_level_values(0))) if len(history) else []
    found = {}
    for name, column, ago in (
        ("own_eps_fy1_30d_ago", "eps_fy1", 30), ("own_eps_fy1_90d_ago", "eps_fy1", 90),
        ("own_eps_fy2_90d_ago", "eps_fy2", 90),
    ):  # fmt: skip
        day = near(days, today - timedelta(days=ago))
        found[name] = history.loc[day][column].reindex(frame.index) if day else pd.Series(np.nan, index=frame.index)
    return pd.DataFrame(found, index=frame.index)


def rows(table: str, frame: pd.DataFrame, day: date) -> list[dict[str, Any]]:
    """Return a whole-market table's rows of a day: the screener's value, else a page's while that is young enough."""
    fresh = _fresh(frame, day, FACTS_DAYS.get(table, max(FACTS_DAYS.values())))
    columns: dict[str, Any] = {"day": [day] * len(frame), "symbol": frame.index.astype(str)}
    for name, kind in SPECS[table].columns.items():
        if name in columns:
            continue
        if kind == "text":
            columns[name] = frame[name].fillna("").astype(str).to_numpy()
            continue
        value = _numbers(frame, name)
        value = value.where(value.notna(), _numbers(frame, f"page_{name}").where(fresh))
        columns[name] = value.where(value.notna(), _numbers(frame, f"own_{name}")).to_numpy()
    found = pd.DataFrame(columns)
    figures = [name for name, kind in SPECS[table].columns.items() if kind == "number"]
    return records(found[found[figures].notna().any(axis=1)])


def _numbers(frame: pd.DataFrame, name: str) -> "pd.Series[float]":
    return pd.to_numeric(frame[name]) if name in frame else pd.Series(np.nan, index=frame.index)


def _fresh(frame: pd.DataFrame, day: date, limit: int) -> "pd.Series[bool]":
    if "page_read" not in frame:
        return pd.Series(False, index=frame.index)
    read = pd.to_datetime(frame["page_read"])
    return (pd.Timestamp(day) - read).dt.days.le(limit) & read.notna()


def taken(days: list[date], today: date) -> list[date]:
    """Return the days of the record that a dataset version takes: the last five, and the last of each week before."""
    last_of_week = {day.isocalendar()[:2]: day for day in sorted(days)}
    return sorted({*sorted(days)[-DAILY:], *(day for day in last_of_week.values() if day <= today)})
