"""Two admins at once, and one who is none any more: nothing is stored without the other's change."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
import pytest
from discord.ext import commands
from simcord.actors import MemberActor

from bot.discord_ui import auditing, calm, preferences, scheduling
from bot.discord_ui.auditing import noted
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.discord_ui.preferences import Preferences
from bot.discord_ui.schedule_options import Changes
from tests.conftest import Scene, said
from tests.e2e.conftest import asked, text_of, typed, unhurried, with_rights

pytestmark = pytest.mark.simcord(settle_timeout=25)


@pytest.fixture
def bea(scene: Scene) -> MemberActor:
    """Another admin."""
    return with_rights(scene, "bea", manage_guild=True)


def filled_in(kind: type[commands.FlagConverter], **options: str) -> commands.FlagConverter:
    """Return a command's options as they are read: what is not named is None."""
    made = kind()
    for flag in kind.get_flags().values():
        setattr(made, flag.attribute, options.get(flag.attribute))
    return made


async def at_once(scene: Scene, *acts: tuple[MemberActor, Callable[[Desk], Awaitable[Page]]]) -> None:
    """Have each admin do something in the same moment: the in-memory Discord lets only one act at a time."""
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    desks = [Desk(scene.bot, guild, await guild.fetch_member(who.id), scene.channel.id) for who, _act in acts]
    await asyncio.gather(*(noted(desk, act) for desk, (_who, act) in zip(desks, acts, strict=True)))


async def test_both_changes_of_settings_stand(scene: Scene, ada: MemberActor, bea: MemberActor) -> None:
    await at_once(
        scene,
        (ada, lambda desk: preferences.change(desk, filled_in(Preferences, zone="Europe/Madrid"))),  # type: ignore[arg-type]
        (bea, lambda desk: preferences.change(desk, filled_in(Preferences, quiet="22:00-07:00"))),  # type: ignore[arg-type]
        (ada, lambda desk: calm.pause_all(desk, "all", "2h")),
    )
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    assert settings.zone == "Europe/Madrid"
    assert settings.quiet_from is not None
    assert settings.paused_until is not None
    entries = await scene.bot.community.audit.entries(scene.guild.id)
    assert sorted(entry.user_id or 0 for entry in entries) == sorted([ada.id, bea.id, ada.id])


async def test_both_changes_of_a_schedule_stand(scene: Scene, ada: MemberActor, bea: MemberActor) -> None:
    await asked(scene, ada, "schedule add")
    await at_once(
        scene,
        (ada, lambda desk: scheduling.edit(desk, filled_in(Changes, schedule="1", at="8"))),  # type: ignore[arg-type]
        (bea, lambda desk: scheduling.edit(desk, filled_in(Changes, schedule="1", days="mon"))),  # type: ignore[arg-type]
    )
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.cadence.at is not None
    assert (schedule.cadence.at.hour, schedule.cadence.weekdays) == (8, (0,))


async def test_servers_do_not_wait_for_each_other(scene: Scene, ada: MemberActor) -> None:
    """An act that hangs in one server holds up nobody in another, nor whoever only looks in the same one."""
    there = scene.env.create_guild("Another")
    channel = there.create_text_channel("markets")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    hedy = there.add_member(scene.env.create_user("hedy"), roles=[heads])
    async with scene.bot.turns.setdefault(scene.guild.id, asyncio.Lock()):
        unhurried(scene)
        assert "Added." in await text_of(await hedy.slash(channel, "schedule add"))
        assert "Nothing is posted here regularly" in await asked(scene, ada, "schedule list")
    assert "Added." in await asked(scene, ada, "schedule add")
    assert scene.guild.id not in scene.bot.turns, "nothing is kept of servers where nobody waits"


async def test_the_next_does_not_wait_until_the_log_channel_has_its_copy(
    scene: Scene, ada: MemberActor, bea: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord may have a busy log channel wait for long."""
    copies, sent = asyncio.Semaphore(0), asyncio.Event()

    async def held_up(*_copied: object) -> None:
        copies.release()
        await sent.wait()

    monkeypatch.setattr(auditing, "_copy", held_up)
    acts = [
        asyncio.create_task(at_once(scene, (who, lambda desk, symbol=symbol: calm.block_ticker(desk, symbol))))  # type: ignore[misc]
        for who, symbol in ((ada, "GME"), (bea, "AMC"))
    ]
    async with asyncio.timeout(10):
        await copies.acquire()
        await copies.acquire()
    blocks = await scene.bot.community.guilds.blocks(scene.guild.id)
    assert blocks.symbols == {"GME", "AMC"}
    assert not any(act.done() for act in acts)
    sent.set()
    await asyncio.gather(*acts)


async def test_a_press_is_taken_before_what_it_does_is_done(scene: Scene, ada: MemberActor) -> None:
    """Discord waits three seconds for that, and somebody else's act may take longer."""
    unhurried(scene)
    form = (await ada.slash(scene.channel, "setup")).response
    assert form is not None
    await ada.click(form, label="Preview")
    started = await ada.click(form, label="Start posting")
    assert started.deferred
    assert len(await scene.bot.community.schedules.of_guild(scene.guild.id)) == 1
    await typed(scene, ada, "!schedule add rotation")
    posted = await ada.click(scene.last, label="Post the first one now")
    assert posted.deferred
    assert "Post the first one now" not in said(scene.last)


async def test_old_buttons_of_a_demoted_admin_do_nothing(scene: Scene, ada: MemberActor) -> None:
    """Every button that was offered to an admin is pressed once the right is gone."""
    curators = scene.guild.create_role("Curators")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[curators])
    await asked(scene, ada, "settings change", admin=curators)
    pages = []
    for command, label in (
        ("!schedule add rotation", "Post the first one now"),
        ("!privacy delete server", "Delete everything"),
        ("!setup", "Preview"),
    ):
        await typed(scene, carol, command)
        pages.append((scene.last, label))
    await asked(scene, ada, "settings change", admin=curators)
    before = await scene.bot.community.privacy.about_guild(scene.guild.id)
    for page, label in pages:
        unhurried(scene)
        refused = await carol.click(page, label=label)
        assert refused.ephemeral
        assert "Only people with “Manage Server”" in said(refused.response)
    assert await scene.bot.community.privacy.about_guild(scene.guild.id) == before
