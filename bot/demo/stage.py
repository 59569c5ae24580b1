"""The demo's scene: a server with a channel, a member and an admin, and the real bot in it.

What servers set is kept in a database that goes with the demo. Nothing falls due by itself: whoever moves the clock
has the bot catch up.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import discord
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot import app
from bot.client import Handoff
from bot.clock import SettableClock
from bot.config import DataSettings, Settings
from bot.discord_ui.errors import foreseen
from bot.market.catalogue import NEW_YORK, SAMPLE

START = datetime(2026, 7, 17, 16, 30, tzinfo=NEW_YORK)  # a Friday, half an hour after the close
NAME = "Handoff"
SETTLE_SECONDS = 20.0
SENTENCES_STAY = 3600.0  # beyond what simcord waits for: a removal that is near would hold up whatever is typed next


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demo."""

    env: simcord.Env
    bot: Handoff
    clock: SettableClock
    channel: ChannelHandle
    member: MemberActor
    admin: MemberActor


@asynccontextmanager
async def opened(settings: Settings, start: datetime = START) -> AsyncIterator[Stage]:
    """Start workers, bot and server at a moment; close them in reverse.

    The workers are started whole before the bot runs: simcord freezes the clock by which a pool starts lazily.
    """
    passing = _Passing()
    clock = SettableClock(start, follow=passing)
    with tempfile.TemporaryDirectory(prefix="handoff-demo-") as folder:
        played = _on_the_sample(settings, Path(folder))
        await asyncio.to_thread(app.prepare, played)
        async with _playing(played, passing, clock, start) as stage:
            yield stage


@asynccontextmanager
async def _playing(
    settings: Settings, passing: "_Passing", clock: SettableClock, start: datetime
) -> AsyncIterator[Stage]:
    async with (
        app.opened(settings, clock, by_hand=True) as bot,
        simcord.run(bot, settle_timeout=SETTLE_SECONDS, check_errors=False) as env,
    ):
        await env.advance_time((start - env.now()).total_seconds())
        env.backend.bot_user.name = NAME
        bot.sentences_stay = SENTENCES_STAY
        _only_faults_fail(env)
        passing.env = env
        clock.set(start)
        yield _furnished(env, bot, clock)


def _only_faults_fail(env: simcord.Env) -> None:
    """Let the page call an action failed where the bot is at fault, not where it answered with a refusal."""
    raised_since = env.errors_since

    def faults_since(cursor: int) -> tuple[BaseException, ...]:
        return tuple(error for error in raised_since(cursor) if not foreseen(error))

    env.errors_since = faults_since  # type: ignore[method-assign]


def _on_the_sample(settings: Settings, folder: Path) -> Settings:
    """Return the settings with what makes it a demo: the bundled sample, a folder of its own, one shard."""
    data = DataSettings(source=SAMPLE, folder=folder)
    return settings.model_copy(update={"data": data, "discord": settings.discord.model_copy(update={"shards": 1})})


@dataclass(slots=True)
class _Passing:
    """Time as it passes in the demo: the simulated clock's, and the seconds that really go by."""

    env: simcord.Env | None = None
    opened_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """Return the moment."""
        simulated = self.env.now() if self.env else START
        return simulated + (datetime.now(UTC) - self.opened_at)


def _furnished(env: simcord.Env, bot: Handoff, clock: SettableClock) -> Stage:
    owner = env.create_user("olivia", global_name="Olivia")
    guild = env.create_guild("Small Cap Society", owner=owner)
    channel = guild.create_text_channel("markets")
    admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(env.create_user("max", global_name="Max"))
    admin = guild.add_member(env.create_user("ada", global_name="Ada"), roles=[admins])
    return Stage(env, bot, clock, channel, member, admin)
