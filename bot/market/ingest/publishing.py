"""From the store to what readers see: seeded once, held back until a session is whole, switched over at once."""

from collections.abc import Mapping
from datetime import date

from bot.market import archive, calendar
from bot.market.catalogue import SAMPLE
from bot.market.ingest import snapshot
from bot.market.ingest.job import Job
from bot.market.store import Store, publish, runs
from bot.market.store.export import rows_of
from bot.market.tables import WHOLE_MARKET

SEEDED = ("fomc", "fed_changes", "short_interest", "holdings", "futures", "companies")
SEEDED_SERIES = ("BAMLH0A0HYM2",)  # FRED gives three years of it, the bundled record twenty-nine
HOLD_SESSIONS = 3


def seed(store: Store) -> None:
    """Fill empty tables with what is bundled and no vendor gives any more: decisions, meetings, early records."""
    bundled = archive.Archive(SAMPLE)
    held = runs.sizes(store)
    for table in SEEDED:
        if not held[table]:
            store.write(table, rows_of(bundled, table))
    for series in SEEDED_SERIES:
        if store.newest("macro", series=series) is None:
            store.write("macro", (row for row in rows_of(bundled, "macro") if row["series"] == series))


def whole_through(newest: Mapping[str, date], final: date) -> date | None:
    """Return the last session of which every symbol has its bar: later ones are held back, none is shown in part.

    A symbol more than three sessions behind the others holds nothing back any longer: it is shown with its age.
    """
    if not newest:
        return None
    front = max(newest.values())
    patient = [day for day in newest.values() if _behind(day, front) <= HOLD_SESSIONS]
    return min(*patient, final)


def _behind(day: date, front: date) -> int:
    return len(calendar.session_days(day, front)) - 1


def release(job: Job) -> str | None:
    """Publish what the store holds, up to the last whole session; return the version, None without any prices."""
    symbols = [row["symbol"] for row in job.store.rows("instruments")]
    newest = {symbol: day for symbol in symbols if (day := job.store.newest("bars", symbol=symbol)) is not None}
    through = whole_through(newest, job.final)
    if through is None:
        return None
    days = {table: snapshot.taken(job.store.days(table), job.today) for table in WHOLE_MARKET}
    return publish(job.store, job.settings.folder, through=through, days=days)
