"""One ingest at a time on a database, whoever starts it: the schedule, an operator, another machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bot.errors import UserError
from bot.i18n import gettext as _
from bot.lock import Held, held
from bot.market.store.rows import Store

INGEST_LOCK = 0x696E6773  # any constant other than the writer's


class AlreadyRunning(UserError):
    """Another ingest works on this database."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("Data is being fetched already: wait until that has ended.")


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Be the only ingest on this database; AlreadyRunning where there is one. A killed process holds nothing."""
    if store.engine.dialect.name == "postgresql":
        yield from _on_postgresql(store)
    elif (store.engine.url.database or ":memory:") != ":memory:":
        yield from _on_sqlite(Path(f"{store.engine.url.database}.ingesting"))
    else:
        yield


def _on_postgresql(store: Store) -> Iterator[None]:
    key = {"key": INGEST_LOCK}
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
            raise AlreadyRunning
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _on_sqlite(path: Path) -> Iterator[None]:
    try:
        with held(path):
            yield
    except Held as error:
        raise AlreadyRunning from error
