"""What many tests share: one pool of real workers on the bundled sample, and the real bot in an in-memory Discord."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.ext import commands
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.client import Handoff
from bot.clock import SettableClock
from bot.community.database import migrate
from bot.community.store import Community
from bot.discord_ui.errors import unwrapped
from bot.errors import UserError
from bot.jobs.publishing import Publisher
from bot.jobs.service import Jobs
from bot.pool import Pool
from bot.workers import Reports

FRIDAY_EVENING = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)  # half an hour after the close in New York
EXPECTED = (UserError, commands.CommandOnCooldown, commands.CommandNotFound)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Two workers for the whole run; they are all there before any bot runs."""
    workers = Pool("sample", workers=2, timeout=60)
    with asyncio.Runner() as runner:
        runner.run(workers.__aenter__())
        yield workers
        runner.run(workers.__aexit__())


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a command that was run whole set up: its log goes where this test's output went."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(FRIDAY_EVENING)


@pytest.fixture
def reports(pool: Pool, clock: SettableClock) -> Reports:
    return Reports(pool, clock, lambda: "sample")


@pytest.fixture(scope="session")
def empty_community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with every table and no row."""
    path = tmp_path_factory.mktemp("servers") / "community.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def servers(empty_community: Path, tmp_path: Path) -> AsyncIterator[Community]:
    """Open a fresh database of servers' settings."""
    copy = shutil.copy(empty_community, tmp_path / "servers.db")
    async with Community(f"sqlite:///{copy}") as community:
        yield community


def bot_with(reports: Reports, clock: SettableClock, community: Community) -> Handoff:
    """Make the bot; what falls due waits for ``bot.jobs.catch_up``."""

    def jobs(publisher: Publisher) -> Jobs:
        return Jobs(community, reports, publisher, clock, by_hand=True)

    return Handoff(reports, clock, community=community, jobs=jobs, shard_count=1)


@pytest.fixture
def simcord_bot(reports: Reports, clock: SettableClock, servers: Community) -> Handoff:
    return bot_with(reports, clock, servers)


@dataclass
class Scene:
    """A server with a channel and two members, and the bot in it."""

    env: Env
    bot: Handoff
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    bob: MemberActor
    expected: tuple[type[BaseException], ...] = field(default=EXPECTED)

    def another(self) -> Handoff:
        """Return a bot as it is after a restart: the same data and database, nothing else."""
        assert isinstance(self.bot.clock, SettableClock)
        return bot_with(self.bot.reports, self.bot.clock, self.bot.community)

    @property
    def last(self) -> discord.Message:
        message = self.channel.last_message
        assert message is not None
        return message


@pytest.fixture
def scene(simcord_env: Env, simcord_bot: Handoff) -> Iterator[Scene]:
    """Arrange the server; afterwards, no error may have happened but those that people are told about."""
    guild = simcord_env.create_guild("Small Cap Society")
    channel = guild.create_text_channel("markets")
    alice, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("alice", "bob"))
    arranged = Scene(simcord_env, simcord_bot, guild, channel, alice, bob)
    yield arranged
    surprising = [error for error in simcord_env.errors if not isinstance(unwrapped(error), arranged.expected)]
    assert not surprising


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the browser tests did not run."""
    if any("no chromium found" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("NO CHROMIUM: THE BROWSER TESTS DID NOT RUN", red=True, bold=True)


def walk(components: Any) -> list[Any]:
    """Return all components of a message, outer before inner."""
    found = []
    for component in components:
        found += [component, *walk(getattr(component, "children", ()))]
    return found


def said(message: Any) -> str:
    """Return all text of a message."""
    shown = message.message if hasattr(message, "message") else message
    texts = [c.content for c in walk(shown.components) if isinstance(c, discord.TextDisplay)]
    return "\n".join([shown.content, *texts]).strip()


def buttons(message: Any) -> dict[str, discord.Button]:
    """Return a message's buttons by label."""
    shown = message.message if hasattr(message, "message") else message
    return {c.label: c for c in walk(shown.components) if isinstance(c, discord.Button) and c.label}
