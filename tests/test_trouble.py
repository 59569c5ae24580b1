"""What goes wrong below the store, met for real, is one sentence; faults of ours pass as they are."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.errors import DatabaseUnusable
from bot.market.store import Store, migrate
from bot.market.store.connection import revision
from bot.trouble import Busy, Damaged, Full, Unwritable, as_unusable
from tests.databases import fresh_postgres, postgres

__all__ = ["postgres"]

ROW = {"symbol": "IWM", "name": "x" * 100_000, "basis": "price", "source": "y"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    migrate(f"sqlite:///{tmp_path / 'market.db'}")
    return tmp_path / "market.db"


def writing(path: Path, *pragmas: str) -> None:
    """Write a row on a connection that some pragmas have spoilt."""
    with Store(f"sqlite:///{path}") as store:

        @event.listens_for(store.engine, "connect")
        def opened(connection: sqlite3.Connection, _record: object) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        with as_unusable():
            store.write("instruments", [ROW])


def test_a_full_disk(path: Path) -> None:
    with pytest.raises(Full) as caught:
        writing(path, "max_page_count=1")
    assert "disk is full" in caught.value.text()


def test_a_database_that_another_program_holds(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy) as caught:
        writing(path, "busy_timeout=10")
    assert "Another program holds the market database" in caught.value.text()
    other.execute("ROLLBACK")
    other.close()
    writing(path)
    with Store(f"sqlite:///{path}") as store:
        assert store.rows("instruments") == [ROW]


def test_a_database_that_may_only_be_read(path: Path) -> None:
    with pytest.raises(Unwritable):
        writing(path, "query_only=1")


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda path: path.write_bytes(b"no database at all, but long enough to be one " * 100), Damaged),
        (lambda path: (path.unlink(), path.mkdir()), Unwritable),
    ],
)
@pytest.mark.parametrize("use", [migrate, revision])
def test_a_file_that_is_no_database(
    path: Path, spoil: Callable[[Path], object], kind: type[DatabaseUnusable], use: Callable[[str], object]
) -> None:
    for beside in (path.with_name("market.db-wal"), path.with_name("market.db-shm")):
        beside.unlink(missing_ok=True)
    spoil(path)
    with pytest.raises(kind), as_unusable():
        use(f"sqlite:///{path}")


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DatabaseUnusable) as caught, as_unusable():
        revision("postgresql+psycopg://handoff:hunter2@127.0.0.1:1/handoff")
    assert caught.value.text().startswith("The market database cannot be used: connection failed")
    assert "hunter2" not in caught.value.text() + str(caught.value)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(errno.ENOSPC, Full), (errno.EDQUOT, Full), (errno.EACCES, Unwritable), (errno.EROFS, Unwritable)],
)
def test_files_and_folders(code: int, kind: type[DatabaseUnusable]) -> None:
    with pytest.raises(kind), as_unusable():
        raise OSError(code, "as the system says it")


def test_a_fault_of_ours_is_not_dressed_up(path: Path, request: pytest.FixtureRequest) -> None:
    for url, error in ((f"sqlite:///{path}", OperationalError),
                       (fresh_postgres(request.getfixturevalue("postgres")), ProgrammingError)):  # fmt: skip
        with Store(url) as store, pytest.raises(error), as_unusable(), store.reading() as connection:
            connection.execute(text("SELECT nothing FROM nowhere"))
    with pytest.raises(FileNotFoundError), as_unusable():
        path.with_name("nothing").read_text()
