"""The whole life of a server's posts, as admins and members live it; and what the bot notices by itself."""

import re
from dataclasses import replace
from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy.exc import OperationalError

from bot.clock import SettableClock
from bot.community.alert_records import Alert
from bot.community.records import By, Destination, GuildSettings
from bot.discord_ui.attendance import reconcile
from bot.discord_ui.doctor import needed
from bot.jobs import reasons
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import asked, direct, text_of, typed, unhurried, with_rights
from tests.e2e.test_admin import cards, close
from tests.e2e.test_taking_over import ALWAYS_TRUE

pytestmark = pytest.mark.simcord(settle_timeout=25)
FRIDAY_POST = FRIDAY_EVENING + timedelta(minutes=15)
WEEK = timedelta(weeks=1)


async def at(scene: Scene, clock: SettableClock, moment: object) -> None:
    clock.set(moment)  # type: ignore[arg-type]
    await scene.bot.jobs.catch_up()


async def test_set_up_previewed_posted_paused_edited_deleted_with_old_buttons_still_working(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """The issue's own story, in one go."""
    form = (await ada.slash(scene.channel, "setup")).response
    assert form is not None
    preview = await ada.click(form, label="Preview")
    assert "As of 17 Jul 2026" in said(preview.followups[0])
    assert not cards(scene)
    await ada.click(form, label="Start posting")
    refused = await scene.alice.send(scene.channel, "!schedule remove 1")
    assert refused.id
    assert "Only people with “Manage Server”" in scene.last.content
    await scene.bot.jobs.catch_up()

    await at(scene, clock, FRIDAY_POST + timedelta(minutes=1))
    (first,) = cards(scene)
    await asked(scene, ada, "schedule pause", schedule="1")
    await at(scene, clock, FRIDAY_POST + WEEK)
    assert len(cards(scene)) == 1
    await asked(scene, ada, "schedule resume", schedule="1")
    await asked(scene, ada, "schedule edit", schedule="1", report="rotation", window="3y", at="18:00")
    await at(scene, clock, FRIDAY_POST + 2 * WEEK)
    assert len(cards(scene)) == 1
    await at(scene, clock, FRIDAY_POST + 2 * WEEK + timedelta(minutes=80))
    second = cards(scene)[0] if cards(scene)[0].id != first.id else cards(scene)[1]
    assert "IWM, 3 years" in said(second)

    another = scene.another()
    await scene.env.restart_bot(another)
    await another.on_ready()
    await another.jobs.catch_up()
    assert len(cards(scene)) == 2
    story = await scene.bob.click(first, label="About this post")
    assert "It shows the close of 17 Jul 2026." in await text_of(story)
    for card, label in ((first, "Explain"), (second, "1Y"), (second, "Explain")):
        pressed = await scene.bob.click(card, label=label)
        assert pressed.ephemeral
        assert said(pressed.response)

    await asked(scene, ada, "schedule remove", schedule="1")
    await at(scene, clock, FRIDAY_POST + 3 * WEEK + timedelta(hours=2))
    assert len(cards(scene)) == 2
    assert "Nothing is posted here regularly." in await asked(scene, ada, "schedule list")
    assert "posted" in await asked(scene, ada, "schedule history")


async def test_every_verb_of_schedules_by_text(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    other = scene.guild.create_text_channel("other")
    for text, words in (
        ("!schedule", "Nothing is posted here regularly. /setup takes you through it"),
        ("!schedule add report:rotation window:6m", "rotation · every Friday at 16:45"),
        (
            f"!schedule add highs days:mon,thu at:8 channel:{other.mention} pin:yes",
            "every Monday and Thursday at 08:00",
        ),
        ("!schedule list", "**2** · highs · every Monday and Thursday at 08:00"),
        ("!schedules", "(pinned)"),
        ("!schedule edit 1 every:monthly nth:last days:wed", "each month's last Wednesday at 16:45"),
        ("!schedule pause #1", "Paused: rotation · each month's last Wednesday at 16:45."),
        ("!schedule list", "Paused."),
        ("!schedule resume 1", "Resumed: rotation"),
        ("!schedule runs 2", "### highs · every Monday and Thursday at 08:00"),
        ("!schedule preview 1", "I have sent it to you by direct message."),
        ("!schedule history", "Nothing has fallen due yet."),
        ("!schedule delete 2", "Removed: highs · every Monday and Thursday at 08:00. /undo brings it back."),
        ("!undo", "Taken back:"),
        ("!schedule list", "**2** · highs"),
    ):
        clock.set(clock.now() + timedelta(seconds=1))  # the list is in the order in which they were added
        assert words in await typed(scene, ada, text), text
    preview, page = direct(ada)
    assert "As of 17 Jul 2026" in said(preview)
    assert "Nobody else sees it." in said(page)
    await at(scene, clock, FRIDAY_EVENING)
    await at(scene, clock, FRIDAY_EVENING + timedelta(days=3, hours=-8))
    (posted,) = [message for message in other.history() if "About this post" in buttons(message)]
    assert posted.pinned
    assert "posted" in await typed(scene, ada, "!schedule history 2")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("add report:" + "x" * 1500, "There is no report “xxx"),
        ("add report:**<@&1>**", "There is no report “\\*\\*\\<\\@&1\\>"),
        ("add channel:nowhere", "I find no channel “nowhere” here"),
        ("add role:nobles", "I find no role “nobles” here."),
        ("add pin:perhaps", "“perhaps” is neither yes nor no."),
        ("add delay:soon", "A whole number was expected"),
        ("add every:session delay:9999", "The delay after the close is 0 to 720 minutes."),
        ("add every:hourly", "“hourly” is none of the choices: weekly, monthly, session, finra, or fomc."),
        ("add every:friday", "session, finra, or fomc. Days of the week are written behind days:."),
        ("add every:mon-thu", "Days of the week are written behind days:."),
        ("add at:", "Nothing is written behind “at:”."),
        ("add at:9 at:10", "“at:” is there more than once."),
        ("add at:25", "is no time of day. Write it as 16:45."),
        ("add days:someday", "“someday” is no day of the week."),
        ("add rotation window:soon", "soon"),
        ("add report:allocation", "There is no report “allocation” to post."),
        ("add mention:everyone", "You may not ping everyone yourself"),
        ("add role:@everyone", "To ping everyone, use mention:everyone."),
        ("remove", "“schedule” is missing"),
        ("remove 7", "There is no schedule “7” here. /schedule list shows them."),
        ("edit at:9", "“schedule” is missing"),
        ("pause **x**", "There is no schedule “\\*\\*x\\*\\*” here."),
        ("preview -1", "There is no schedule “\\-1” here."),
        ("history 99999999999999999999", "There is no schedule"),
    ],
)
async def test_what_is_written_wrongly_is_named_and_changes_nothing(
    scene: Scene, ada: MemberActor, text: str, words: str
) -> None:
    answer = await typed(scene, ada, f"!schedule {text}")
    assert words in answer
    assert len(answer) < 500
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)


async def test_a_channel_the_bot_cannot_write_in_is_taken_with_what_to_do(scene: Scene, ada: MemberActor) -> None:
    close(scene)
    text = await asked(scene, ada, "schedule add", report="rotation")
    assert "I lack “Send Messages”" in text
    assert "Open Edit Channel → Permissions of" in text
    form = (await ada.slash(scene.channel, "setup")).response
    assert form is not None
    await ada.click(form, label="Preview")
    assert "I lack “Send Messages”" in said(form)


async def test_the_first_post_comes_at_once_and_once(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    unhurried(scene)
    added = (await ada.slash(scene.channel, "schedule add")).response
    assert added is not None
    clock.set(FRIDAY_EVENING + timedelta(minutes=1))
    await ada.click(added, label="Post the first one now")
    assert f"The first post is on its way to {scene.channel.mention}." in said(added)
    await scene.bot.jobs.catch_up()
    (first,) = cards(scene)
    assert "As of 17 Jul 2026" in said(first)
    await at(scene, clock, FRIDAY_POST + timedelta(minutes=1))
    assert len(cards(scene)) == 2  # the regular one still comes
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.next_due_at == FRIDAY_POST + WEEK


async def test_pressed_twice_it_is_still_one_post(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    await ada.send(scene.channel, "!schedule add rotation every:session")
    page = scene.last
    await ada.click(page, label="Post the first one now")
    await scene.bot.jobs.catch_up()
    page = next(m for m in scene.channel.history() if m.id == page.id)
    assert "Post the first one now" not in buttons(page)
    unhurried(scene)
    refused = await scene.alice.send(scene.channel, "!schedule history")
    assert refused.id
    assert len(cards(scene)) == 1


@pytest.mark.parametrize("hindrance", ["paused", "closed", "quiet", "member"])
async def test_the_first_post_waits_or_says_why_not(
    scene: Scene, clock: SettableClock, ada: MemberActor, hindrance: str
) -> None:
    added = (await ada.slash(scene.channel, "schedule add")).response
    assert added is not None
    who, words = ada, "Posting is paused: /schedule resume or /resume all first."
    if hindrance == "paused":
        await asked(scene, ada, "pause", what="all", length="3d")
    elif hindrance == "closed":
        close(scene)
        words = "I lack “Send Messages”"
    elif hindrance == "quiet":
        await asked(scene, ada, "settings change", quiet="16:00-17:30")
        words = "It is quiet now: the first post comes to"
    else:
        await ada.send(scene.channel, "!schedule add highs")
        added, who, words = scene.last, scene.alice, "Only people with “Manage Server”"  # type: ignore[assignment]
    unhurried(scene)
    pressed = await who.click(added, label="Post the first one now")
    told = pressed.followups[-1] if pressed.followups else pressed.response
    assert told is None or told.ephemeral or told.id == added.id
    assert words in (said(told) if told is not None else said(added))
    await scene.bot.jobs.catch_up()
    assert not cards(scene)
    if hindrance == "quiet":
        await at(scene, clock, FRIDAY_EVENING + timedelta(hours=1, minutes=1))
        assert len(cards(scene)) == 2  # what fell due at 16:45 waited as well


async def test_the_doctor_looks_everywhere_something_is_set(scene: Scene, ada: MemberActor) -> None:
    names = ("posts", "alerts", "log", "asked", "threads")
    channels = {name: scene.guild.create_text_channel(name) for name in names}
    role = scene.guild.create_role("Readers")
    await asked(scene, ada, "schedule add", report="rotation", channel=channels["posts"], role=role)
    await typed(scene, ada, f"!settings change log:{channels['log'].mention} allow:{channels['asked'].mention}")
    await typed(scene, ada, f"!channel channel:{channels['threads'].mention} mode:thread")
    await asked(scene, ada, "settings change", allow=scene.channel)
    alert = Alert(guild_id=scene.guild.id, channel_id=channels["alerts"].id, rule=ALWAYS_TRUE)
    await scene.bot.community.alerts.add(alert, By(ada.id, FRIDAY_EVENING))
    well = await asked(scene, ada, "doctor")
    assert "2 channels with posts checked." in well
    me = scene.bot.user
    assert me is not None
    denied = discord.Permissions(
        send_messages=True, attach_files=True, create_public_threads=True, view_channel=True
    ).value
    for channel in channels.values():
        scene.env.backend.set_overwrite(channel.id, Overwrite(me.id, OverwriteType.MEMBER, 0, denied))
    found = await asked(scene, ada, "doctor")
    assert "Something is missing:" in found
    for name, channel in channels.items():
        line = next(line for line in found.split("\n") if line.startswith(f"⚠ {channel.mention}"))
        wanted = "“Create Public Threads”" if name == "threads" else "“Send Messages”"
        assert wanted in line
        assert f"Open Edit Channel → Permissions of {channel.mention}" in line
    assert "Mend it, then ask /doctor again." in found


async def test_the_doctor_names_channels_and_roles_that_are_gone(scene: Scene, ada: MemberActor) -> None:
    community, guild_id = scene.bot.community, scene.guild.id
    await asked(scene, ada, "schedule add", report="rotation")
    (schedule,) = await community.schedules.of_guild(guild_id)
    moved = replace(schedule, destinations=(Destination(channel_id=4242),), mention="role", mention_role_id=99)
    await community.schedules.save(moved, By(ada.id, FRIDAY_EVENING))
    await community.guilds.save(
        GuildSettings(guild_id=guild_id, log_channel_id=4343, mention_role_id=98), By(ada.id, FRIDAY_EVENING)
    )
    found = await asked(scene, ada, "doctor")
    assert "The channel 4242 no longer exists or is hidden from me. /schedule edit chooses another." in found
    assert "The log channel no longer exists" in found
    assert "The role to ping no longer exists. /settings change role: chooses another." in found


@pytest.mark.parametrize(
    ("place", "more"),
    [
        (Destination(channel_id=1), {"send_messages"}),
        (Destination(channel_id=1, pin=True), {"send_messages", "pin_messages"}),
        (
            Destination(channel_id=1, kind="forum", pin=True),
            {"send_messages", "send_messages_in_threads", "manage_threads"},
        ),
        (Destination(channel_id=1, kind="thread"), {"send_messages_in_threads"}),
        (Destination(channel_id=1, kind="forum"), {"send_messages", "send_messages_in_threads"}),
        (Destination(channel_id=1, kind="announcement", crosspost=True), {"send_messages"}),
    ],
)
def test_what_a_place_takes(place: Destination, more: set[str]) -> None:
    always = {"view_channel", "embed_links", "attach_files", "read_message_history"}
    assert set(needed(place)) == always | more
    assert set(needed(place)) <= set(discord.Permissions.VALID_FLAGS)


async def test_a_server_that_left_while_the_bot_was_away_is_noted_before_anything_is_posted(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await asked(scene, ada, "schedule add", report="rotation")
    community = scene.bot.community
    gone = 990_000_000_000_000_009  # a server the bot once was in
    await community.guilds.save(GuildSettings(guild_id=gone, theme="light"), By(1, FRIDAY_EVENING))
    await community.guilds.left(scene.guild.id, FRIDAY_EVENING)  # and this one took it back meanwhile
    another = scene.another()
    await scene.env.restart_bot(another)
    await another.on_ready()
    assert (await community.guilds.get(gone)).left_at == FRIDAY_EVENING
    assert (await community.guilds.get(scene.guild.id)).left_at is None
    clock.set(FRIDAY_EVENING + timedelta(days=31))
    swept = await another.jobs.housekeeping.run()
    assert swept.guilds == 1
    assert await community.privacy.known_guilds() == {scene.guild.id: False}


async def test_a_database_that_is_away_just_then_is_asked_again_and_the_work_begins_in_any_case(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    community, asked_for = scene.bot.community, 0
    known = community.privacy.known_guilds
    await community.guilds.left(scene.guild.id, FRIDAY_EVENING)  # this server took the bot back meanwhile

    async def away_at_first() -> dict[int, bool]:
        nonlocal asked_for
        asked_for += 1
        if asked_for <= 2:
            raise OperationalError("SELECT", {}, Exception("the database system is starting up"))
        return await known()

    monkeypatch.setattr(community.privacy, "known_guilds", away_at_first)
    await reconcile(scene.bot, pauses=())
    assert (await community.guilds.get(scene.guild.id)).left_at == FRIDAY_EVENING
    await reconcile(scene.bot, pauses=(0.0, 0.0))
    assert (await community.guilds.get(scene.guild.id)).left_at is None
    assert (asked_for, caplog.text.count("could not be noted")) == (3, 2)


async def test_where_the_rules_of_a_place_cannot_be_read_the_asker_hears_of_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library answers errors of its own kind alone: everybody else would wait for nothing."""

    async def away(*_arguments: object) -> GuildSettings:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    scene.expected = (OperationalError,)
    monkeypatch.setattr(scene.bot.community.guilds, "get", away)
    answer = await scene.alice.slash(scene.channel, "rotation")
    assert answer.ephemeral
    assert re.search("[0-9a-f]{8}", said(answer.response))
    assert "connection refused" not in said(answer.response)


@pytest.mark.parametrize("days", [29, 31])
async def test_invited_back_within_thirty_days_everything_goes_on_and_later_nothing_is_left(
    scene: Scene, clock: SettableClock, ada: MemberActor, days: int
) -> None:
    await asked(scene, ada, "schedule add", report="rotation")
    await scene.bot.jobs.catch_up()
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    await scene.bot.on_guild_remove(guild)
    for n in range(4):
        await at(scene, clock, FRIDAY_POST + n * WEEK)
    assert not cards(scene)
    await at(scene, clock, FRIDAY_EVENING + timedelta(days=days))
    await scene.bot.on_guild_join(guild)
    await at(scene, clock, FRIDAY_POST + 5 * WEEK)
    kept = await scene.bot.community.schedules.of_guild(guild.id)
    assert bool(kept) == (days == 29)
    assert bool(await scene.bot.community.ledger.history(guild.id)) == (days == 29)
    if kept:
        history = await asked(scene, ada, "schedule history")
        assert history.count(reasons.happened(reasons.BOT_REMOVED)) == 5
    assert len(cards(scene)) == len(kept)  # the Friday after it was invited back


async def test_a_confirmation_of_pings_is_for_those_who_may_ping(scene: Scene, ada: MemberActor) -> None:
    head = with_rights(scene, "hedy", manage_guild=True, mention_everyone=True)
    await head.send(scene.channel, "!schedule add mention:everyone")
    refused = await ada.click(scene.last, label="Yes, ping everyone")
    (told,) = refused.followups
    assert told.ephemeral
    assert "You may not ping everyone yourself" in said(told)
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.mention == "none"


async def test_failures_are_told_with_a_reason_and_the_history_keeps_it(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await asked(scene, ada, "schedule add")
    await scene.bot.jobs.catch_up()
    close(scene)
    await at(scene, clock, FRIDAY_POST + timedelta(minutes=1))
    history = await asked(scene, ada, "schedule history")
    assert reasons.happened(reasons.NO_PERMISSION) in history
