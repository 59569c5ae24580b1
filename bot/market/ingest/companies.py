"""Facts that need a visit to each page: funds' facts weekly, companies' facts a few hundred a day.

Companies are visited one by one, those of the largest weight first, then those visited longest ago. What was read
is kept by company, so that an interrupted round goes on where it stopped.
"""

import json
import math
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

from bot.i18n import gettext as _
from bot.market.ingest.absence import ended
from bot.market.ingest.job import Job, Outcome, noted
from bot.market.ingest.settings import MEMBER_FUNDS
from bot.market.sources.faults import BadAnswer, CircuitOpen, Gone, NotFound, SourceError
from bot.market.sources.vendor import YAHOO
from bot.market.sources.yahoo import Yahoo
from bot.market.sources.yahoo_answers import CompanyFacts
from bot.market.store import state
from bot.market.store.state import Page

FUND_DAYS = 7
MAX_FAILURES = 5
REST_DAYS = 30


def funds(job: Job, yahoo: Yahoo) -> Outcome:
    """Fetch the facts of funds whose last ones are a week old; one that has ended has none any more."""
    outcome = Outcome()
    pages, read = state.pages(job.store), _facts_read(job)
    old = job.today - timedelta(days=FUND_DAYS)
    todo = [fund for fund, day in read.items() if job.full or (day <= old and not _rests(pages.get(fund), job.now))]
    outcome.asked = len(todo)
    for done, fund in enumerate(todo, start=1):
        with noted(outcome, fund):
            facts = json.dumps(yahoo.fund(fund), sort_keys=True, ensure_ascii=False)
            row = {"symbol": fund, "day": job.today, "facts": facts}
            outcome.written += job.store.write("fund_facts", [row], job.run)
            if fund in pages:
                state.note_pages(job.store, [Page(fund, fund, job.now)])
        job.tell(job.part, done, len(todo))
        if isinstance(error := outcome.errors.get(fund), CircuitOpen):
            _skip(outcome, todo[done:], error)
            break
    answered = any(day > old for day in _facts_read(job).values())
    for fund in [one for one, error in outcome.errors.items() if isinstance(error, Gone) and answered]:
        _vanished(job, outcome, fund, pages.get(fund, Page(fund, fund, _NEVER)))
    return outcome


def _facts_read(job: Job) -> dict[str, date]:
    """Return the funds that have not ended, each with the day its facts were read last."""
    gone = ended(state.absences(job.store).values())
    known = [one.symbol for one in job.settings.instruments if one.kind == "fund" and one.symbol not in gone]
    return {fund: job.store.newest("fund_facts", symbol=fund) or date.min for fund in known}


def _rests(page: Page | None, now: datetime) -> bool:
    """Tell whether a fund's facts have vanished and are not to be asked for yet."""
    return page is not None and page.failures >= MAX_FAILURES and now - page.visited_at < timedelta(days=FUND_DAYS)


def _vanished(job: Job, outcome: Outcome, fund: str, before: Page) -> None:
    """Count the days on which the vendor says it has no facts about a fund; in the end believe it, and tell once."""
    days = before.failures + (before.visited_at.date() < job.now.date())
    state.note_pages(job.store, [Page(fund, fund, job.now, None, days)])
    if days < MAX_FAILURES:
        return
    del outcome.errors[fund]
    if before.failures < MAX_FAILURES:
        told = _("{vendor} had no facts about {symbol} on {n} days. It is asked once a week; the last ones stay.")
        outcome.news.append(told.format(vendor=YAHOO, symbol=fund, n=days))


def companies(job: Job, yahoo: Yahoo) -> Outcome:
    """Visit the companies whose turn it is, within the day's number of visits."""
    outcome = Outcome()
    pages = state.pages(job.store)
    todo = turn(weights(job), pages, vendor_symbols(job), job.now, job.settings.facts_per_day)
    outcome.asked = len(todo)
    done = 0
    with ThreadPoolExecutor(job.settings.threads, thread_name_prefix="companies") as pool:
        for start in range(0, len(todo), job.settings.threads):
            batch = todo[start : start + job.settings.threads]
            visited = list(pool.map(lambda one: _visit(yahoo, *one), batch))
            _remember(job, outcome, pages, visited)
            done += len(batch)
            job.tell(job.part, done, len(todo))
            if (closed := next((e for e in outcome.errors.values() if isinstance(e, CircuitOpen)), None)) is not None:
                _skip(outcome, [symbol for symbol, _spelled in todo[done:]], closed)
                break
    return outcome


def _skip(outcome: Outcome, rest: Iterable[str], error: CircuitOpen) -> None:
    """Note that the rest is not asked for: a part of which nothing came must not pass for one partly done."""
    for what in rest:
        outcome.failed(what, error)


def weights(job: Job) -> dict[str, float]:
    """Return the members of all indices with the dollars that the funds hold of them: the heaviest matter most."""
    found: dict[str, float] = {}
    for fund in MEMBER_FUNDS:
        newest = job.store.newest("holdings", fund=fund)
        for row in job.store.rows("holdings", fund=fund, day=newest) if newest else ():
            found[row["symbol"]] = max(found.get(row["symbol"], 0.0), row["market_value"] or 0.0)
    return found


def vendor_symbols(job: Job) -> dict[str, str]:
    """Return how the vendor spells share classes, as far as it was seen: ours have no separators."""
    return {symbol: page.vendor_symbol for symbol, page in state.pages(job.store).items() if page.vendor_symbol}


def turn(
    members: Mapping[str, float], pages: Mapping[str, Page], spelled: Mapping[str, str], now: datetime, per_day: int
) -> list[tuple[str, str]]:
    """Return whose turn it is as (our symbol, the vendor's): never visited by weight, then the oldest visit.

    What is left of the day's number (days end at midnight UTC); pages that failed five times rest for a month.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    visited = {s: page for s, page in pages.items() if page.visited_at > _NEVER}
    left = per_day - sum(page.visited_at >= midnight for page in visited.values())
    new = sorted((s for s in members if s not in visited), key=lambda s: (-members[s], s))
    old = sorted((s for s in members if s in visited), key=lambda s: (visited[s].visited_at, s))
    resting = now - timedelta(days=REST_DAYS)
    able = [
        s for s in old
        if visited[s].visited_at < midnight
        and (visited[s].failures < MAX_FAILURES or visited[s].visited_at < resting)
    ]  # fmt: skip
    return [(symbol, spelled.get(symbol, symbol)) for symbol in (new + able)[: max(0, left)]]


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def spell(job: Job, spelled: Iterable[tuple[str, str]]) -> None:
    """Remember how the vendor spells symbols that it spells otherwise, for pages never visited."""
    known = state.pages(job.store)
    unseen = [Page(ours, theirs, _NEVER) for ours, theirs in spelled if ours != theirs and ours not in known]
    state.note_pages(job.store, unseen)


def _visit(yahoo: Yahoo, symbol: str, vendor_symbol: str) -> tuple[str, str, CompanyFacts | SourceError]:
    try:
        return symbol, vendor_symbol, yahoo.company(vendor_symbol)
    except SourceError as error:
        return symbol, vendor_symbol, error


def _remember(
    job: Job,
    outcome: Outcome,
    pages: Mapping[str, Page],
    visited: Iterable[tuple[str, str, CompanyFacts | SourceError]],
) -> None:
    """Keep what was read. A page that is missing or senseless counts as visited; a vendor that is down does not.

    Nor does one that sends nonsense for every company asked for together: the heaviest would wait for all the others.
    """
    noted_pages = []
    visited = list(visited)
    sane = len(visited) == 1 or not all(isinstance(answer, BadAnswer | CircuitOpen) for *_names, answer in visited)
    for symbol, vendor_symbol, answer in visited:
        before = pages.get(symbol, Page(symbol, vendor_symbol, _NEVER))
        if isinstance(answer, CompanyFacts):
            noted_pages.append(Page(symbol, vendor_symbol, job.now, job.now, 0, as_facts(answer)))
            continue
        if isinstance(answer, NotFound) or (isinstance(answer, BadAnswer) and sane):
            noted_pages.append(
                Page(symbol, vendor_symbol, job.now, before.fetched_at, before.failures + 1, before.facts)
            )
        if not isinstance(answer, NotFound):
            outcome.failed(symbol, answer)
    state.note_pages(job.store, noted_pages)


def as_facts(facts: CompanyFacts) -> dict[str, Any]:
    """Return facts as they are kept: what is unknown is absent."""
    known = {name: value for name, value in facts.figures.items() if not math.isnan(value)}
    return {"name": facts.name, "sector": facts.sector, "currency": facts.currency, **known}
