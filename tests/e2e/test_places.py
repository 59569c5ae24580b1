"""Where posts go, as admins and members see it: forums, announcements, threads, pins, dashboards; what changes.

What this Discord does not pretend (archived threads that refuse, tags that are required, room for pins, pinned forum
posts, copies in other servers) is shown against the stand-in: tests/jobs/test_places.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.builders import ChannelHandle
from simcord.enums import ChannelType

from bot.clock import SettableClock
from bot.community.deliveries import Delivery, NewDelivery, Part
from bot.community.records import By, Destination, GuildSettings, Schedule
from bot.jobs import reasons
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import asked, direct, text_of, unhurried, with_rights
from tests.e2e.test_setup import control

pytestmark = pytest.mark.simcord(settle_timeout=25)
SESSIONS = tuple(FRIDAY_EVENING + timedelta(days=n, minutes=1) for n in (0, 3, 4, 5, 6, 7))  # Friday, Monday, ...
NEWS = {"type": ChannelType.NEWS}
TEXT = {"type": ChannelType.TEXT}


async def at(scene: Scene, clock: SettableClock, moment: datetime) -> None:
    clock.set(moment)
    await scene.bot.jobs.catch_up()


def posts(channel: ChannelHandle) -> list[discord.Message]:
    """Return a place's cards, oldest first."""
    return [message for message in channel.history() if "About this post" in buttons(message)]


async def only(scene: Scene) -> Schedule:
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    return schedule


async def before_the_close(scene: Scene, clock: SettableClock, ada: MemberActor, **options: Any) -> str:
    """Add a schedule that posts after each session, in time for Friday's."""
    clock.set(FRIDAY_EVENING - timedelta(minutes=5))
    text = await asked(scene, ada, "schedule add", report="rotation", every="session", **options)
    await scene.bot.jobs.catch_up()
    return text


@pytest.fixture
def forum(scene: Scene) -> ChannelHandle:
    made = scene.guild.create_forum_channel("summaries")
    tagged(scene, made, {41: "Weekly", 42: "Rotation"})
    return made


def tagged(scene: Scene, forum: ChannelHandle, names: dict[int, str]) -> None:
    plain = {"moderated": False, "emoji_id": None, "emoji_name": None}
    tags = [{"id": str(tag), "name": name, **plain} for tag, name in names.items()]
    scene.env.backend.edit_channel(forum.id, {"available_tags": tags})


def published(channel: ChannelHandle) -> list[bool]:
    """Return which of a place's cards were published on, oldest first. Simcord notes it in the flag of copies."""
    return [message.flags.is_crossposted for message in posts(channel)]


async def corrected(scene: Scene, post: Delivery) -> int:
    """Let what a post shows have come from data that was put right since."""
    wrong = {name: ["another", None] for name in post.shown}
    await scene.bot.community.posts.corrected(post, wrong, "older", post.due_at)
    return await scene.bot.jobs.corrections.run(scene.bot.reports.catalogue.version)


# forums


async def test_a_forum_gets_a_thread_a_week_with_its_tags_and_its_cards_answer(
    scene: Scene, clock: SettableClock, ada: MemberActor, forum: ChannelHandle
) -> None:
    refused = await asked(scene, ada, "schedule add", report="rotation", channel=forum, tags="gossip")
    assert "Please choose from this forum's tags: Weekly and Rotation." in refused
    await before_the_close(scene, clock, ada, channel=forum, tags="weekly, rotation")
    for moment in SESSIONS[:3]:
        await at(scene, clock, moment)
    this_week, next_week = sorted(forum.threads, key=lambda thread: thread.id)
    assert [len(posts(thread)) for thread in (this_week, next_week)] == [1, 2]
    tags = [scene.env.backend.channels[thread.id].applied_tags for thread in (this_week, next_week)]
    assert tags == [[41, 42], [41, 42]]
    assert this_week.name == next_week.name
    assert "Small caps" in str(this_week.name)
    first, beneath = posts(next_week)
    assert ["As of 20 Jul 2026" in said(first), "As of 21 Jul 2026" in said(beneath)] == [True, True]
    pressed = await scene.bob.click(beneath, label="1Y")
    assert "IWM, 1 year" in await text_of(pressed)
    assert "It shows the close of 21 Jul 2026." in await text_of(
        await scene.bob.click(beneath, label="About this post")
    )


async def test_the_first_post_of_a_forum_is_the_weeks_thread(
    scene: Scene, clock: SettableClock, ada: MemberActor, forum: ChannelHandle
) -> None:
    clock.set(FRIDAY_EVENING - timedelta(hours=3))
    added = (await ada.slash(scene.channel, "schedule add", every="session", report="rotation", channel=forum)).response
    assert added is not None
    await ada.click(added, label="Post the first one now")
    await scene.bot.jobs.catch_up()
    await at(scene, clock, SESSIONS[0])
    (thread,) = forum.threads
    assert len(posts(thread)) == 2
    history = await asked(scene, ada, "schedule history")
    assert history.count("posted") == 2
    assert f"/{thread.id}/{posts(thread)[1].id})" in history


async def test_tags_can_be_changed_alone(
    scene: Scene, clock: SettableClock, ada: MemberActor, forum: ChannelHandle
) -> None:
    await before_the_close(scene, clock, ada, channel=forum, tags="weekly")
    assert "gossip" not in await asked(scene, ada, "schedule edit", schedule="1", tags="gossip")
    await asked(scene, ada, "schedule edit", schedule="1", tags="rotation")
    assert [place.tags for place in (await only(scene)).destinations] == [(42,)]
    await at(scene, clock, SESSIONS[0])
    (thread,) = forum.threads
    assert scene.env.backend.channels[thread.id].applied_tags == [42]


async def test_the_form_gives_a_forum_that_asks_for_tags_its_first(
    scene: Scene, ada: MemberActor, forum: ChannelHandle
) -> None:
    """The form asks for no tags; Discord would refuse a post without one."""
    backend = scene.env.backend
    payload = dict(serializers.channel_payload(backend, backend.get_channel(forum.id)))
    backend.emit("CHANNEL_UPDATE", {**payload, "flags": discord.ChannelFlags(require_tag=True).value})
    await scene.env.settle()
    form = (await ada.slash(scene.channel, "setup")).response
    assert form is not None
    await ada.select(form, [forum], custom_id=control(form, "place"))
    unhurried(scene)
    await ada.click(form, label="Preview")
    unhurried(scene)
    await ada.click(form, label="Start posting")
    assert [(p.kind, p.tags) for p in (await only(scene)).destinations] == [("forum", (41,))]


async def test_a_tag_that_a_moderator_deleted_is_said_and_chosen_again(
    scene: Scene, clock: SettableClock, ada: MemberActor, forum: ChannelHandle
) -> None:
    await before_the_close(scene, clock, ada, channel=forum, tags="weekly")
    tagged(scene, forum, {43: "News"})
    await at(scene, clock, SESSIONS[0])
    assert not forum.threads
    assert "failed" in await asked(scene, ada, "schedule history")
    await asked(scene, ada, "schedule edit", schedule="1", tags="news")
    await at(scene, clock, SESSIONS[1])
    (thread,) = forum.threads
    assert scene.env.backend.channels[thread.id].applied_tags == [43]


# announcements and pins


async def test_announcements_are_published_and_the_newest_alone_is_pinned(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    news = scene.guild.create_news_channel("news")
    await before_the_close(scene, clock, ada, channel=news, crosspost=True, pin=True)
    for n, moment in enumerate(SESSIONS[:3], 1):
        await at(scene, clock, moment)
        assert published(news) == [True] * n
        assert [message.id for message in news.pinned_messages()] == [posts(news)[-1].id]
    assert "(pinned and published)" in await asked(scene, ada, "schedule list")
    newest = (await scene.bot.community.ledger.history(scene.guild.id))[0]
    assert await corrected(scene, newest) == 1
    message = posts(news)[-1]
    assert "Corrected <t:" in said(message)
    assert (message.flags.is_crossposted, message.pinned, message.edited_at is not None) == (True, True, True)
    assert "Corrected" in await text_of(await scene.bob.click(message, label="About this post"))


async def test_a_channel_becomes_one_for_announcements_and_back(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """Server owners turn channels around; what is stored about the place follows with the next change."""
    backend, unhindered = scene.env.backend, "Only announcement channels can be published to followers."
    await before_the_close(scene, clock, ada)
    assert unhindered in await asked(scene, ada, "schedule edit", schedule="1", crosspost=True)
    backend.edit_channel(scene.channel.id, NEWS)
    assert "### Changed" in await asked(scene, ada, "schedule edit", schedule="1", crosspost=True)
    await at(scene, clock, SESSIONS[0])
    assert published(scene.channel)[0]

    backend.edit_channel(scene.channel.id, TEXT)
    for moment in SESSIONS[1:4]:
        await at(scene, clock, moment)
    assert published(scene.channel) == [True, False, False, False]
    (told,) = [message.content for message in direct(ada)]  # once, not every day
    assert reasons.happened(reasons.NOT_PUBLISHED) in told
    assert f"/{posts(scene.channel)[1].id}" in told
    assert (await only(scene)).state == "active"

    backend.edit_channel(scene.channel.id, NEWS)
    unhurried(scene)
    page = (await ada.slash(scene.channel, "schedule history")).response
    assert page is not None
    assert said(page).count(reasons.happened(reasons.NOT_PUBLISHED)) == 3
    unhurried(scene)
    await ada.click(page, label="Publish and pin what is missing")
    assert "I am trying again with 3 posts." in said(page)
    await scene.bot.jobs.catch_up()
    assert all(published(scene.channel))
    again = (await ada.slash(scene.channel, "schedule history")).response
    assert again is not None
    assert "Publish and pin what is missing" not in buttons(again)

    backend.edit_channel(scene.channel.id, TEXT)
    assert "17:30" in await asked(scene, ada, "schedule edit", schedule="1", at="17:30")
    assert [(p.kind, p.crosspost) for p in (await only(scene)).destinations] == [("text", False)]


async def test_publishing_on_is_for_those_of_several_places_that_can(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    news = scene.guild.create_news_channel("news")
    text = await before_the_close(scene, clock, ada, channel=scene.channel, also=news, crosspost=True)
    assert "### Added." in text
    await at(scene, clock, SESSIONS[0])
    assert [published(place) for place in (scene.channel, news)] == [[False], [True]]


async def test_a_pin_that_is_not_allowed_costs_nothing_else_and_is_told_once(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    log = scene.guild.create_text_channel("log")
    await asked(scene, ada, "settings change", log=log)
    scene.env.inject_error("PUT", "/channels/*/messages/pins/*", status=403, code=50013, times=None)
    await before_the_close(scene, clock, ada, pin=True)
    before = len(log.history())
    for moment in SESSIONS[:3]:
        await at(scene, clock, moment)
    assert len(posts(scene.channel)) == 3
    noted = [message.content for message in log.history()[before:]]
    assert len(noted) == 1
    assert reasons.happened(reasons.NOT_PINNED) in noted[0]
    assert "Give me Pin Messages in that channel" in noted[0]
    assert len(direct(ada)) == 1


# dashboards and threads


async def test_a_dashboard_is_one_message_that_shows_the_newest_day(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await before_the_close(scene, clock, ada, dashboard=True, pin=True)
    for moment in SESSIONS[:3]:
        await at(scene, clock, moment)
        (board,) = posts(scene.channel)
        assert board.pinned
    assert "As of 21 Jul 2026" in said(board)
    oldest = (await scene.bot.community.ledger.history(scene.guild.id))[-1]
    assert await corrected(scene, oldest) == 0  # what it showed then is not there to be corrected
    assert "As of 21 Jul 2026" in said(posts(scene.channel)[0])
    scene.env.backend.delete_message(scene.channel.id, board.id)
    await at(scene, clock, SESSIONS[3])
    (anew,) = posts(scene.channel)
    assert (anew.id != board.id, "As of 22 Jul 2026" in said(anew), anew.pinned) == (True, True, True)


async def test_an_archived_thread_is_posted_in_and_a_deleted_one_is_replaced_by_hand(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """Deleted while posts are due: three failures, one notice; doing what it says brings the posts back."""
    backend = scene.env.backend
    made = backend.create_thread(scene.channel.id, "daily", ada.id)
    (thread,) = scene.channel.threads
    await before_the_close(scene, clock, ada, channel=thread)
    backend.edit_channel(made.id, {}, thread_metadata={"archived": True})
    await at(scene, clock, SESSIONS[0])
    assert len(posts(thread)) == 1
    backend.delete_channel(made.id)
    for moment in SESSIONS[1:5]:
        await at(scene, clock, moment)
    (told,) = [message.content for message in direct(ada)]
    assert reasons.happened(reasons.UNKNOWN_CHANNEL) in told
    assert "Choose another channel with /schedule edit, then resume with /schedule resume." in told
    edited = await asked(scene, ada, "schedule edit", schedule="1", channel=scene.channel)
    assert "It is paused: /schedule resume goes on with it." in edited
    assert "<t:" not in edited
    assert "<t:" in await asked(scene, ada, "schedule resume", schedule="1")
    await at(scene, clock, SESSIONS[5])
    assert len(posts(scene.channel)) == 1


# roles, outages, large servers


async def test_a_role_that_is_deleted_is_pinged_no_more(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    log, role = scene.guild.create_text_channel("log"), scene.guild.create_role("Readers")
    await asked(scene, ada, "settings change", log=log, role=role)
    await before_the_close(scene, clock, ada, role=role)
    await at(scene, clock, SESSIONS[0])
    assert posts(scene.channel)[0].raw_role_mentions == [role.id] or role.mention in said(posts(scene.channel)[0])
    await asked(scene, ada, "settings change", hourly="9")
    scene.env.backend.delete_role(scene.guild.id, role.id)
    await scene.env.settle()
    assert ((await only(scene)).mention, (await only(scene)).mention_role_id) == ("none", None)
    assert (await scene.bot.community.guilds.get(scene.guild.id)).mention_role_id is None
    noted = log.history()[-1].content
    assert "I myself changed" in noted
    assert "Role to ping" in noted
    await at(scene, clock, SESSIONS[1])
    assert role.mention not in said(posts(scene.channel)[1])
    await asked(scene, ada, "undo")  # takes back what ada did, not what followed from the deletion
    assert (await scene.bot.community.guilds.get(scene.guild.id)).hourly_cap is None
    assert (await only(scene)).mention == "none"


async def test_roles_that_were_deleted_meanwhile_are_noticed_at_the_start_but_not_in_an_outage(
    scene: Scene, ada: MemberActor
) -> None:
    await asked(scene, ada, "schedule add", report="rotation")
    community, by = scene.bot.community, By(ada.id, FRIDAY_EVENING)
    await community.schedules.save(replace(await only(scene), mention="role", mention_role_id=99), by)
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    scene.env.backend.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})
    await scene.env.settle()
    assert guild.unavailable
    await scene.bot.on_ready()
    assert (await only(scene)).mention_role_id == 99
    assert (await community.guilds.get(guild.id)).left_at is None  # an outage is no removal
    guild.unavailable = False
    await scene.bot.on_ready()
    assert (await only(scene)).mention == "none"


async def test_what_falls_due_in_an_outage_of_the_server_comes_after_it_once(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await before_the_close(scene, clock, ada)
    scene.env.backend.emit("GUILD_DELETE", {"id": str(scene.guild.id), "unavailable": True})
    await scene.env.settle()
    scene.env.inject_error("POST", f"/channels/{scene.channel.id}/messages", status=503, times=4)
    await at(scene, clock, SESSIONS[0])
    assert not posts(scene.channel)
    for minutes in (1, 10, 20, 60):
        await at(scene, clock, SESSIONS[0] + timedelta(minutes=minutes))
    (post,) = posts(scene.channel)
    assert "As of 17 Jul 2026" in said(post)


async def test_a_server_with_500_channels(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    """Nothing lists what does not fit: forms, settings, lists, suggestions, files."""
    many = [scene.guild.create_text_channel(f"room-{n}") for n in range(500)]
    community, by = scene.bot.community, By(ada.id, FRIDAY_EVENING)
    ids = tuple(channel.id for channel in many)
    await community.guilds.save(GuildSettings(guild_id=scene.guild.id, allowed_channels=(*ids, scene.channel.id)), by)
    form = (await ada.slash(many[-1], "setup")).response
    assert form is not None
    unhurried(scene)
    await ada.click(form, label="Preview")
    assert many[-1].mention in said(form)
    unhurried(scene)
    await ada.click(form, label="Start posting")
    everywhere = replace(await only(scene), destinations=tuple(Destination(channel_id=one) for one in ids))
    await community.schedules.save(everywhere, by)
    for command in ("settings show", "schedule list", "doctor", "audit"):
        assert await asked(scene, ada, command), command
    unhurried(scene)
    (file,) = (await ada.slash(scene.channel, "settings export")).response.attachments  # type: ignore[union-attr]
    assert file.size < 200_000
    elsewhere = await scene.alice.slash(scene.guild.create_text_channel("elsewhere"), "rotation")
    assert len(await text_of(elsewhere)) <= 2000
    offered = await ada.autocomplete(scene.channel, "schedule pause", "schedule", "")
    assert 1 <= len(offered) <= 25


async def test_the_history_of_posts_tells_nobody_what_was_watched_privately(scene: Scene, ada: MemberActor) -> None:
    secret = NewDelivery(
        what="alert:a", guild_id=scene.guild.id, channel_id=4242, period="2026-07-17", due_at=FRIDAY_EVENING,
        ready_at=FRIDAY_EVENING, parts=(Part("alert", {}),), note="below $290",
    )  # fmt: skip
    await scene.bot.community.ledger.enter([secret])
    assert await asked(scene, ada, "schedule history") == "Nothing has fallen due yet."


async def test_only_admins_publish_again(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    head = with_rights(scene, "hedy", manage_guild=True)
    scene.env.inject_error("PUT", "/channels/*/messages/pins/*", status=403, code=50013, times=None)
    await before_the_close(scene, clock, ada, pin=True)
    await at(scene, clock, SESSIONS[0])
    await head.send(scene.channel, "!schedule history")
    refused = await scene.alice.click(scene.last, label="Publish and pin what is missing")
    assert "Only people with “Manage Server”" in await text_of(refused)
