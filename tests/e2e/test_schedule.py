"""``/schedule``: added, previewed, posted exactly once, changed, paused, ended; by admins alone."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.clock import SettableClock
from bot.community.records import By, GuildSettings
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import shown

pytestmark = pytest.mark.simcord(settle_timeout=25)
NEXT_FRIDAY = datetime(2026, 7, 24, 20, 45, tzinfo=UTC)  # 16:45 in New York


async def put_forward(scene: Scene, clock: SettableClock, moment: datetime) -> None:
    clock.set(moment)
    await scene.bot.jobs.catch_up()


def cards(scene: Scene) -> list[discord.Message]:
    return [m for m in scene.channel.history() if "About this post" in buttons(m)]


async def test_the_weekly_summary_is_posted_once_when_its_time_comes(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    added = await ada.slash(scene.channel, "schedule add")
    assert added.ephemeral
    text = said(added.response)
    assert "weekly · every Friday at 16:45" in text
    first = int(datetime(2026, 7, 17, 20, 45, tzinfo=UTC).timestamp())
    assert re.findall(r"<t:(\d+):F>", text) == [str(first + n * 7 * 86_400) for n in range(3)]
    await put_forward(scene, clock, FRIDAY_EVENING)
    assert not cards(scene)
    for minutes in (15, 16, 20, 45):
        await put_forward(scene, clock, FRIDAY_EVENING + timedelta(minutes=minutes))
    (card,) = cards(scene)
    assert "As of 17 Jul 2026" in said(card)


async def test_ready_five_times_and_a_restart_post_nothing_twice(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation", window="1y")
    await scene.bot.jobs.catch_up()
    clock.set(FRIDAY_EVENING + timedelta(minutes=16))
    for _again in range(5):
        await scene.bot.on_ready()
        await scene.bot.jobs.catch_up()
    another = scene.another()
    await scene.env.restart_bot(another)
    await another.on_ready()
    await another.jobs.catch_up()
    (card,) = cards(scene)
    assert "IWM, 1 year" in said(card)
    story = await scene.bob.click(card, label="About this post")
    assert story.ephemeral
    assert "It shows the close of 17 Jul 2026." in said(story.response)
    pressed = await scene.bob.click(card, label="5Y")
    assert "IWM, 5 years" in said(pressed.response)


async def test_a_member_without_rights_is_refused(scene: Scene, ada: MemberActor) -> None:
    await scene.alice.send(scene.channel, "!schedule add report:rotation")
    assert "Only people with “Manage Server”" in scene.last.content
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert "schedule add" not in scene.alice.available_commands(scene.channel)
    assert "schedule add" in ada.available_commands(scene.channel)


async def test_an_overridden_command_is_checked_again(scene: Scene, ada: MemberActor) -> None:
    """Server owners can open a command to everyone in Discord's settings; the bot still asks for the right."""
    command = next(c for c in await scene.bot.tree.fetch_commands() if c.name == "schedule")
    scene.guild.set_command_permissions(command, {scene.guild.default_role: True})
    refused = await scene.alice.slash(scene.channel, "schedule list")
    assert refused.ephemeral
    assert "Only people with “Manage Server”" in said(refused.response)


async def test_an_admin_role_is_enough(scene: Scene) -> None:
    role = scene.guild.create_role("Curators")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[role])
    settings = replace(GuildSettings(guild_id=scene.guild.id), admin_roles=(role.id,))
    await scene.bot.community.guilds.save(settings, By(1, FRIDAY_EVENING))
    await carol.send(scene.channel, "!schedule add rotation window:1y every:monthly nth:last days:wed at:8")
    assert "rotation window:1y · each month's last Wednesday at 08:00" in said(scene.last)


async def test_an_admin_previews_edits_pauses_and_removes(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation", window="6m")
    preview = await ada.slash(scene.channel, "schedule preview", schedule="1")
    card, page = shown(preview)
    assert "IWM, 6 months" in said(card)
    assert "Nobody else sees it." in said(page)
    edited = await ada.slash(scene.channel, "schedule edit", schedule="1", options="iwn qqq", window="3y", at="17:30")
    assert "every Friday at 17:30" in said(edited.response)
    assert "window:3y" in said(edited.response)
    await ada.slash(scene.channel, "schedule pause", schedule="1")
    assert "Paused." in said((await ada.slash(scene.channel, "schedule list")).response)
    await put_forward(scene, clock, NEXT_FRIDAY + timedelta(hours=1))
    assert not cards(scene)
    await ada.slash(scene.channel, "schedule resume", schedule="1")
    await scene.bot.jobs.catch_up()
    await put_forward(scene, clock, NEXT_FRIDAY + timedelta(days=7, hours=1))
    (card,) = cards(scene)
    assert "IWN, 3 years" in said(card)
    history = await ada.slash(scene.channel, "schedule history")
    assert f"/{card.id})" in said(history.response)
    await ada.slash(scene.channel, "schedule remove", schedule="1")
    assert "Nothing is posted here regularly" in said((await ada.slash(scene.channel, "schedule list")).response)


async def test_each_cadence_is_taken_and_said(scene: Scene, ada: MemberActor) -> None:
    asked = {
        "each session, 30 minutes after the close": {"every": "session"},
        "each session, at 22:00, after the close": {"every": "session", "at": "22:00"},
        "when short interest is published, 5 minutes after the close": {"report": "shortinterest", "delay": 5},
        "on days of Fed decisions, 30 minutes after the close": {"report": "rates", "every": "fomc"},
        "every Monday and Thursday at 08:15": {"days": "mon, thu", "at": "8:15am", "holidays": "skip"},
        "each month's first Tuesday at 09:00": {"every": "monthly", "days": "tue", "at": "9"},
    }
    for words, options in asked.items():
        result = await ada.slash(scene.channel, "schedule add", **options)
        assert words in said(result.response)
        scene.bot.pace.__init__()  # type: ignore[misc]  # the pace of questions is not what is tested
    stored = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert Counter(s.cadence.kind for s in stored) == Counter(session=2, finra=1, fomc=1, weekly=1, monthly=1)
    assert [s.cadence.holidays for s in stored if s.cadence.kind == "weekly"] == ["skip"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"report": "nonsense"}, "There is no report “nonsense” to post."),
        ({"report": "rotation", "options": "iwmm"}, "Did you mean IWM?"),
        ({"at": "25:00"}, "is no time of day. Write it as 16:45."),
        ({"days": "someday"}, "“someday” is no day of the week."),
        ({"every": "monthly", "days": "mon,tue"}, "Once a month needs one day of the week"),
        ({"crosspost": True}, "Only announcement channels"),
        ({"report": "rotation", "options": "as of 2026-07-01"}, "A schedule always shows the newest day"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_can(
    scene: Scene, ada: MemberActor, options: dict[str, object], words: str
) -> None:
    result = await ada.slash(scene.channel, "schedule add", **options)
    assert result.ephemeral
    assert words in said(result.response)
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)


async def test_pinging_everyone_takes_a_confirmation(scene: Scene, ada: MemberActor) -> None:
    refused = await ada.slash(scene.channel, "schedule add", mention="everyone")
    assert "You may not ping everyone yourself" in said(refused.response)
    owner = scene.guild.create_role("Heads", permissions=discord.Permissions(manage_guild=True, mention_everyone=True))
    head = scene.guild.add_member(scene.env.create_user("hedy"), roles=[owner])
    asked = await head.slash(scene.channel, "schedule add", mention="everyone")
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.mention == "none"
    assert asked.response is not None
    await head.click(asked.response, label="Yes, ping everyone")
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.mention == "everyone"


async def test_moved_to_later_on_the_day_it_was_posted_it_comes_next_week(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """One post a period: what is shown as the next time is what really comes."""
    await ada.slash(scene.channel, "schedule add", report="rotation")
    await scene.bot.jobs.catch_up()
    await put_forward(scene, clock, FRIDAY_EVENING + timedelta(minutes=20))
    edited = said((await ada.slash(scene.channel, "schedule edit", schedule="1", at="18:00")).response)
    evenings = [int((NEXT_FRIDAY + timedelta(minutes=75, days=7 * n)).timestamp()) for n in range(3)]
    assert re.findall(r"<t:(\d+):F>", edited) == [str(evening) for evening in evenings]
    assert f"<t:{evenings[0]}:F>" in said((await ada.slash(scene.channel, "schedule list")).response)
    await put_forward(scene, clock, FRIDAY_EVENING + timedelta(hours=2))
    assert len(cards(scene)) == 1
    await put_forward(scene, clock, NEXT_FRIDAY + timedelta(minutes=76))
    assert len(cards(scene)) == 2
