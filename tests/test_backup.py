"""The backup of the operators' guide, word by word: taken from a database at work, and put back."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot import operations
from bot.config import DataSettings, Settings

GUIDE = Path(__file__).parent.parent / "docs" / "guide" / "operators.md"


def blocks() -> list[str]:
    """Return the guide's commands: the backup, then the way back."""
    section = GUIDE.read_text(encoding="utf-8").partition("## Backups")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def typed(command: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["sh", "-euc", command], cwd=folder, env={**os.environ, "PATH": path}, check=True, timeout=120)


def migrated(folder: Path) -> Path:
    assert operations.migrate(Settings(data=DataSettings(folder=folder)), None) == 0  # type: ignore[arg-type]
    return folder


def add(connection: sqlite3.Connection, guild: int) -> None:
    with connection:
        connection.execute("INSERT INTO alert_settings (guild_id, private_allowed, per_hour) VALUES (?, 1, 3)", [guild])


def guilds(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in connection.execute("SELECT guild_id FROM alert_settings ORDER BY 1")]


def test_what_was_there_is_there_again(tmp_path: Path) -> None:
    folder = migrated(tmp_path)
    back_up, restore = blocks()
    with closing(sqlite3.connect(folder / "community.db")) as at_work:
        add(at_work, 1)
        assert (folder / "community.db-wal").stat().st_size > 0  # not yet in the file itself
        typed(back_up, folder)
        add(at_work, 2)
        assert guilds(folder / "community-backup.db") == [1]
        assert guilds(folder / "community.db") == [1, 2]

    (folder / "market.db").write_bytes(b"a disk that failed")
    (folder / "versions").mkdir()
    typed(restore, folder)
    assert guilds(folder / "community.db") == [1]
    assert not (folder / "versions").exists()
    migrated(folder)
