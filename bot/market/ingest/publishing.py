"""From the store to what readers see: seeded once, held back until a session is whole, switched over at once."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from bot.market import archive, calendar
from bot.market.catalogue import SAMPLE
from bot.market.dataset import Dataset
from bot.market.ingest import snapshot
from bot.market.ingest.absence import ended
from bot.market.ingest.job import Job
from bot.market.prices import span
from bot.market.store import Row, Store, publish, runs, state
from bot.market.store.export import rows_of
from bot.market.tables import WHOLE_MARKET


class Seed(NamedTuple):
    """What no vendor gives any more: a table, the column of its days, and whose rows, where not all are meant."""

    table: str
    day: str
    owner: str = ""
    name: str = ""


SEEDS = (
    Seed("short_interest", "settlement"),
    Seed("futures", "day"),  # contracts expire
    Seed("holdings", "day", "fund", "IWM"),
    Seed("holdings", "day", "fund", "IWB"),
    Seed("macro", "day", "series", "BAMLH0A0HYM2"),  # FRED gives three years of it, the bundled record twenty-nine
)
HOLD_DAYS = 3
Measure = Callable[[Dataset, Iterable[date], Container[tuple[str, date]]], Iterable[tuple[str, date, float]]]


def seed(store: Store) -> None:
    """Put what is bundled and no vendor gives any more before what is stored: decisions, meetings, early records.

    Once: vendors never write decisions into an empty table, so that it tells. Meetings come with each release.
    """
    bundled = archive.Archive(SAMPLE)
    with store.writing() as connection:
        store.write("fomc", rows_of(bundled, "fomc"), connection=connection)
        if store.newest("fed_changes") is not None:
            return
        store.write("fed_changes", rows_of(bundled, "fed_changes"), connection=connection)
        for one in SEEDS:
            store.write(one.table, list(_earlier(store, bundled, one)), connection=connection)
        named = {row["symbol"] for row in store.rows("companies")}
        unnamed = (row for row in rows_of(bundled, "companies") if row["symbol"] not in named)
        store.write("companies", unnamed, connection=connection)


def _earlier(store: Store, bundled: archive.Archive, one: Seed) -> Iterator[Row]:
    """Yield the bundled rows of days before the first one that is stored of the same."""
    rows = span(bundled, one.table, one.owner, one.name) if one.owner else slice(None)
    stored = store.days(one.table, one.day, **({one.owner: one.name} if one.owner else {}))
    first = stored[0] if stored else date.max
    return (row for row in rows_of(bundled, one.table, rows) if row[one.day] < first)


def whole_through(newest: Mapping[str, date], final: date, shown: date | None, stuck_days: int) -> date | None:
    """Return the last session of which every symbol has its bar: later ones are held back, none is shown in part.

    ``newest`` maps symbols to their last bar, ``shown`` is the last session of the version in force. A symbol left
    behind earlier holds nothing back; one that has not moved in more than three days of good runs (``stuck_days``)
    is left behind from then on and shown with its age.
    """
    if not newest:
        return None
    moving = [
        day for day in newest.values() if shown is None or day > shown or (day == shown and stuck_days <= HOLD_DAYS)
    ]
    return min(*moving, final) if moving else min(max(newest.values()), final)


def stuck(store: Store, since: datetime) -> int:
    """Return on how many days since a moment prices came in, while the version in force did not move on."""
    came = [run for run in runs.latest(store, "prices", count=100) if run.started_at > since and run.rows_new]
    return len({run.started_at.date() for run in came})


def release(job: Job) -> str | None:
    """Publish what the store holds, up to the last whole session; return the version, None without any prices."""
    gone = ended(state.absences(job.store).values())
    symbols = [row["symbol"] for row in job.store.rows("instruments") if row["symbol"] not in gone]
    newest = {symbol: day for symbol in symbols if (day := job.store.newest("bars", symbol=symbol)) is not None}
    shown = state.shown(job.store, archive.current(job.settings.folder))
    through = whole_through(newest, job.final, shown[0] if shown else None, stuck(job.store, shown[1]) if shown else 0)
    if through is None:
        return None
    days = {table: snapshot.taken(job.store.days(table), job.today) for table in WHOLE_MARKET}
    return publish(job.store, job.settings.folder, through=through, days=days, now=job.now)


def record(job: Job, measure: Measure) -> None:
    """Keep the aggregates of the last snapshots and settlements that have none yet: each is kept for good, as it was.

    Readers see them with the next version; until then they measure the snapshots themselves.
    """
    dataset = Dataset.open(job.settings.folder)
    kept = {(row["indicator"], row["day"]) for row in job.store.rows("aggregates")}
    recent = [day for day in dataset.snapshot_dates()[-snapshot.DAILY :] if calendar.session_days(day, day)]
    rows = [{"indicator": figure, "day": day, "value": value} for figure, day, value in measure(dataset, recent, kept)]
    job.store.write("aggregates", rows, job.run)
