"""A running bot as an operator's machine treats it: watched, killed in parts and whole, started twice, its log read."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.standin.process import StandIn
from tests.standin.process import running as standin_running
from tests.standin.whole import LONGEST, ROOT, refused, started


@pytest.fixture(scope="module")
def discord_alone() -> Iterator[StandIn]:
    with standin_running() as standin:
        yield standin


def healthy(folder: Path) -> bool:
    """Ask as the container's runtime does: by the Dockerfile's own line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^HEALTHCHECK .*? CMD (.*)$", text, re.MULTILINE)
    assert found
    command = ["sh", "-c", found[1]]
    environment = {**os.environ, "HANDOFF_DATA__FOLDER": str(folder)}
    return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, check=False).returncode == 0


def workers(pid: int) -> list[psutil.Process]:
    """Return the processes that compute: children of the server that forks them."""
    children = psutil.Process(pid).children(recursive=True)
    parents = {child.pid: child.ppid() for child in children}
    return [child for child in children if parents[child.pid] in parents]


def test_watched_killed_in_parts_and_whole(discord_alone: StandIn, tmp_path: Path) -> None:
    assert not healthy(tmp_path)
    with started(discord_alone, tmp_path, HANDOFF_LOG__LEVEL="DEBUG") as bot:
        bot.until(lambda: healthy(tmp_path), "a sign of life")

        second = refused(discord_alone.port, tmp_path)
        assert second.returncode == 2
        assert second.stderr.strip().splitlines()[-1].startswith(f"A bot runs on {tmp_path} already")

        for worker in workers(bot.process.pid):
            worker.kill()
        answered = bot.slash("rotation", window="3y")
        assert answered["pictures"] == 1
        assert "replacing the pool" in bot.log

        everyone = psutil.Process(bot.process.pid).children(recursive=True)
        bot.process.kill()
        bot.process.wait(LONGEST)
        assert not psutil.wait_procs(everyone, timeout=LONGEST)[1]  # nobody computes on for a bot that is gone
    alive = tmp_path / "alive"
    old = alive.stat().st_mtime - 600
    os.utime(alive, (old, old))
    assert not healthy(tmp_path)
    assert not re.search(r"Authorization|Bot token\b|'token': ?'token'|\"token\": ?\"token\"", bot.log)

    with started(discord_alone, tmp_path) as again:  # the lock went with its holder
        again.until(lambda: healthy(tmp_path), "a sign of life")
        assert again.stop() == 0


def test_the_dockerfiles_lines_are_words_a_shell_reads() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith(("RUN ", "HEALTHCHECK ")):
            assert shlex.split(line)
