"""``handoff run`` as it is, from the token to the answer: only Discord is pretended, its gateway and its REST."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.standin.process import StandIn
from tests.standin.process import running as standin_running
from tests.standin.whole import LONGEST, refused, started

PATIENCE = 3.0  # seconds until Discord gives an interaction up


@pytest.fixture(scope="module")
def discord_alone() -> Iterator[StandIn]:
    """A stand-in that belongs to this module: its gateway remembers commands and connections."""
    with standin_running() as standin:
        yield standin


def faults(log: str) -> list[str]:
    return [line for line in log.splitlines() if re.search(r" (ERROR|CRITICAL) |Traceback", line)]


def test_it_starts_answers_reconnects_and_ends(discord_alone: StandIn, tmp_path: Path) -> None:
    with started(discord_alone, tmp_path) as bot:
        bot.until(lambda: "housekeeping" in bot.log, "the first round of jobs")
        commands = bot.online()["commands"]
        assert {"rotation", "thesis", "schedule", "alert", "setup"} <= set(commands)
        assert bot.log.count("commands synced") == 1

        answered = bot.slash("rotation", window="6m")
        assert answered["noticed"] < PATIENCE
        assert answered["pictures"] == 1
        assert "Not investment advice." in str(answered["data"])
        again = bot.slash("rotation", window="6m")
        assert "http" in str(again["data"])  # the card above is linked to, not repeated

        refusal = bot.slash("rotation", small="IWMM")
        assert "Did you mean" in str(refusal["data"])
        assert refusal["data"]["flags"] & 64  # for the asker alone

        discord_alone.ask("/_/break", {})
        bot.wait_for("resumed")
        discord_alone.ask("/_/break", {"forget": True})
        bot.wait_for("identified", 2)
        assert bot.slash("quote", symbol="IWM")["noticed"] < PATIENCE
        assert bot.log.count("are looked up") == 1  # the work by the clock began once, whatever "ready" says

        children = psutil.Process(bot.process.pid).children(recursive=True)
        assert len(children) >= 3  # two workers and what they are forked from
        assert bot.stop() == 0
        assert not psutil.wait_procs(children, timeout=LONGEST)[1]
    assert not faults(bot.log)


def test_commands_are_told_to_discord_on_the_first_start_only(discord_alone: StandIn, tmp_path: Path) -> None:
    discord_alone.ask("/_/online", {"commands": [], "identified": 0})
    with started(discord_alone, tmp_path) as bot:
        bot.wait_for("identified")
        assert bot.stop() == 0
    with started(discord_alone, tmp_path) as bot:
        bot.wait_for("identified", 2)
        assert bot.stop() == 0
    assert bot.log.count("commands synced") == 1
    assert not faults(bot.log)


def test_a_wrong_token_is_one_sentence(discord_alone: StandIn, tmp_path: Path) -> None:
    done = refused(discord_alone.port, tmp_path, DISCORD_TOKEN="another")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "Discord refuses the token. Copy it anew from the developer portal."
    assert not faults(done.stderr)
    assert "another" not in done.stderr


def test_a_missing_intent_is_one_sentence(discord_alone: StandIn, tmp_path: Path) -> None:
    discord_alone.ask("/_/online", {"intents_refused": True})
    try:
        done = refused(discord_alone.port, tmp_path)
    finally:
        discord_alone.ask("/_/online", {"intents_refused": False})
    assert done.returncode == 2
    assert "switch on “Message Content Intent”" in done.stderr.splitlines()[-1]
    assert not faults(done.stderr)


def test_no_way_to_discord_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, never listening: whoever connects is refused
        taken.bind(("127.0.0.1", 0))
        done = refused(taken.getsockname()[1], tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Discord does not answer at the moment.")
    assert not faults(done.stderr)


@pytest.mark.parametrize("missing", ["", " "])
def test_no_token_is_one_sentence(tmp_path: Path, missing: str) -> None:
    done = refused(9, tmp_path, DISCORD_TOKEN=missing)
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "No token: set the environment variable DISCORD_TOKEN, or discord.token_file in the config."
    )
