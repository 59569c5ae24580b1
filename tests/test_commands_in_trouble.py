"""What goes wrong on an operator's machine is one sentence and an exit code, never a traceback."""

import sqlite3
from pathlib import Path

import pytest

from bot import app, config, operations
from bot.cli import FAILED, MISUSED, main
from bot.config import DataSettings, Settings
from bot.errors import ConfigError, DatabaseNewer
from bot.lock import Held, held
from bot.market.store import Store, connection
from bot.market.store.alone import AlreadyRunning, alone
from bot.trouble import Damaged
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]

NOBODY = "postgresql+psycopg://handoff:hunter2@127.0.0.1:1/handoff"
COMMANDS = ("run", "sync", "migrate", "ingest", "status")


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the bundled recording, and a token that nobody looks at.

    The recording needs no database to tell its status: that is asked of a store.
    """
    of_a_store = "status" in request.node.name
    monkeypatch.setenv(config.TOKEN_VARIABLE, "abc")
    monkeypatch.setenv("HANDOFF_DATA__SOURCE", "store" if of_a_store else "sample")
    monkeypatch.setenv("HANDOFF_DATA__FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(words)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert not said.out
    return code, said.err.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_be_written_to(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("a file")
    monkeypatch.setenv("HANDOFF_DATA__FOLDER", str(folder / "below"))
    told = f"data.folder: {folder / 'below'} cannot be written to (Not a directory)"
    assert typed(capsys, command) == (MISUSED, told)


@pytest.mark.parametrize(
    ("command", "part"),
    [("run", "community"), ("sync", "community"), ("migrate", "market"), ("ingest", "market"), ("status", "market")],
)
def test_a_database_that_does_not_answer(
    command: str, part: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HANDOFF_DATA__{part.upper()}_URL", NOBODY)
    code, said = typed(capsys, command)
    assert code == FAILED
    assert said.startswith(f"The {part} database cannot be used: connection failed")
    assert len(said.splitlines()) == 1
    assert "hunter2" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_of_a_newer_release(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    capsys.readouterr()
    for part in ("market", "community"):
        with sqlite3.connect(folder / f"{part}.db") as file:
            file.execute(f"UPDATE {part}_version SET version_num = '9999'")
        file.close()
    part = "community" if command in {"run", "sync"} else "market"
    assert typed(capsys, command) == (FAILED, DatabaseNewer(part).text())
    with sqlite3.connect(folder / f"{part}.db") as file:
        assert file.execute(f"SELECT version_num FROM {part}_version").fetchone() == ("9999",)
    file.close()


def test_the_doctor_does_not_advise_to_migrate_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.doctor import _databases, _disk

    settings = config.load()
    assert operations.migrate(settings, None) == 0  # type: ignore[arg-type]
    with sqlite3.connect(folder / "community.db") as file:
        file.execute("UPDATE community_version SET version_num = '9999'")
    file.close()
    market, community = _databases(settings)
    assert not market.todo
    assert (community.said, community.todo) == ("at revision 9999", DatabaseNewer("community").text())
    assert not _disk(settings).todo
    below = settings.model_copy(update={"data": DataSettings(folder=folder / "market.db" / "below")})
    assert _disk(below).said.endswith("cannot be written to")


@pytest.mark.parametrize("part", ["market", "community"])
def test_a_file_that_is_no_database(part: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    (folder / f"{part}.db").write_text("a shopping list, long enough to be read as the head of a file " * 40)
    code, said = typed(capsys, "migrate")
    assert (code, said) == (FAILED, Damaged(part, "").text())


@pytest.mark.parametrize("words", [["report", "rotation", "--format", "png"], ["demo", "--once", "rotation"]])
def test_a_folder_for_pictures_that_cannot_be_made(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file")
    assert main([*words, "--out", str(folder / "below")]) == FAILED
    assert capsys.readouterr().err == f"{folder / 'below'}: Not a directory\n"


def test_no_second_bot_on_the_same_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    with held(folder / "running"):
        code, said = typed(capsys, "run")
    assert code == MISUSED
    assert said == f"A bot runs on {folder} already: end that one first."
    with held(folder / "running"):  # neither the first nor the refused one holds it any more
        pass


def test_several_bots_on_postgresql(tmp_path: Path) -> None:
    settings = Settings(data=DataSettings(folder=tmp_path, community_url=NOBODY))
    with app._alone(settings), app._alone(settings):
        assert not (tmp_path / "running").exists()


def test_a_lock_is_let_go_of_however_its_holder_ends(tmp_path: Path) -> None:
    def fails() -> None:
        with held(tmp_path / "lock"), pytest.raises(Held), held(tmp_path / "lock"):
            pass
        with held(tmp_path / "lock"):
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with held(tmp_path / "lock"):
        pass


def test_one_ingest_at_a_time(database_url: str) -> None:
    connection.migrate(database_url)
    with Store(database_url) as store, Store(database_url) as other:
        with alone(store), pytest.raises(AlreadyRunning), alone(other):
            pass
        with alone(other):
            pass


def test_a_folder_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HANDOFF_DATA__FOLDER", "~/handoff")
    assert config.data_folder(config.load()) == tmp_path / "handoff"
    assert (tmp_path / "handoff").is_dir()
    assert not list((tmp_path / "handoff").iterdir())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("HANDOFF_LOGS__LEVEL", "HANDOFF_LOGS__LEVEL: there is no such setting; did you mean log?"),
        ("HANDOFF_LOG__LEVL", "log.levl: there is no such setting; did you mean level?"),
        ("HANDOFF_VENDORS__YAHO__ENABLED", "vendors.yaho: there is no such setting; did you mean yahoo?"),
        ("HANDOFF_METRICS__PORT", "metrics.port: Input should be a valid integer"),
    ],
)
def test_faults_in_the_environment_are_told_too(name: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "DEBUG")
    monkeypatch.setenv("HANDOFF_WORKERS__COUNT", "0")
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert len(caught.value.faults) == 2
    assert any(fault.startswith(told) for fault in caught.value.faults), caught.value.faults
