"""``/setup``: a form, the real post before anything is posted, the post at its time; across restarts."""

import re
from datetime import UTC, datetime, time, timedelta

import discord
import pytest
from discord.ext import commands
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.clock import SettableClock
from bot.community.records import known_zone
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import CUSTOM_ID
from bot.discord_ui.setup_draft import Draft, read_draft
from bot.discord_ui.zones import matching_zones
from tests.conftest import Scene, buttons, said, walk

simcord = pytest.mark.simcord(settle_timeout=25)


def control(message: ResponseMessage, name: str) -> str:
    """Return the custom id of one of the form's controls."""
    ids = [getattr(c, "custom_id", None) or "" for c in walk(message.message.components)]
    (found,) = [custom_id for custom_id in ids if custom_id.startswith(f"s1:{name}:")]
    return found


async def opened(scene: Scene, ada: MemberActor) -> ResponseMessage:
    result = await ada.slash(scene.channel, "setup")
    assert result.ephemeral
    assert result.response is not None
    return result.response


@simcord
async def test_an_admin_sets_up_sees_the_post_and_gets_it_at_its_time(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    news = scene.guild.create_text_channel("weekly")
    role = scene.guild.create_role("Weekly readers")
    form = await opened(scene, ada)
    assert "It is America/New_York, 16:30." in said(form)
    await ada.select(form, ["Europe/Madrid"], custom_id=control(form, "zone"))
    assert "It is Europe/Madrid, 22:30." in said(form)
    await ada.select(form, [news], custom_id=control(form, "place"))
    await ada.select(form, ["5", "6"], custom_id=control(form, "days"))
    await ada.select(form, ["0900"], custom_id=control(form, "time"))
    await ada.select(form, ["rotation"], custom_id=control(form, "what"))
    await ada.select(form, [role], custom_id=control(form, "role"))
    seen = await ada.click(form, label="Preview")
    text = said(form)
    saturday = int(datetime(2026, 7, 18, 7, 0, tzinfo=UTC).timestamp())  # nine in the morning in Madrid
    assert re.findall(r"<t:(\d+):F>", text) == [str(saturday + d * 86_400) for d in (0, 1, 7)]
    (card,) = seen.followups
    assert card.ephemeral
    assert "As of 17 Jul 2026" in said(card)
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)
    await ada.click(form, label="Start posting")
    assert said(form).startswith("### Done")
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    assert (settings.zone, settings.mention_role_id, settings.owner_user_id) == ("Europe/Madrid", role.id, ada.id)
    await scene.bot.jobs.catch_up()
    assert news.last_message is None
    clock.set(datetime.fromtimestamp(saturday, UTC) + timedelta(minutes=1))
    await scene.bot.jobs.catch_up()
    await scene.bot.jobs.catch_up()
    (post,) = news.history()
    assert said(post).startswith(role.mention)
    assert [mentioned.id for mentioned in post.role_mentions] == [role.id]


@simcord
async def test_another_zone_takes_the_hours_that_are_usual_there(scene: Scene, ada: MemberActor) -> None:
    """Otherwise the week would be posted before its last close, which nobody asked for."""
    form = await opened(scene, ada)
    for zone, days, at in (("Europe/Madrid", (4,), time(22, 45)), ("Asia/Tokyo", (5,), time(9)),
                           ("America/New_York", (4,), time(16, 45))):  # fmt: skip
        await ada.select(form, [zone], custom_id=control(form, "zone"))
        draft = read_draft(control(form, "see"))[1]
        assert (draft.zone, draft.days, draft.at) == (zone, days, at)
    await ada.select(form, ["0900"], custom_id=control(form, "time"))
    await ada.select(form, ["Europe/Madrid"], custom_id=control(form, "zone"))
    assert read_draft(control(form, "see"))[1].at == time(9), "what was chosen stays"


@simcord
@pytest.mark.parametrize(("at", "then"), [("16:45", time(22, 45)), ("17:00", time(17))])
async def test_a_post_that_is_there_moves_with_the_zone_if_its_hours_were_the_usual(
    scene: Scene, ada: MemberActor, at: str, then: time
) -> None:
    await ada.slash(scene.channel, "schedule add", at=at)
    form = (await ada.slash(scene.channel, "setup", zone="Europe/Madrid")).response
    assert form is not None
    draft = read_draft(control(form, "see"))[1]
    assert (draft.zone, draft.at, draft.days) == ("Europe/Madrid", then, (4,))


@simcord
async def test_the_form_goes_on_after_a_restart(scene: Scene, ada: MemberActor) -> None:
    form = await opened(scene, ada)
    await ada.select(form, ["Asia/Tokyo"], custom_id=control(form, "zone"))
    await scene.env.restart_bot(scene.another())
    await ada.select(form, ["2"], custom_id=control(form, "days"))
    assert "It is Asia/Tokyo" in said(form)
    await ada.click(form, label="Preview")
    await scene.env.restart_bot(scene.another())
    await ada.click(form, label="Change something")
    assert "It is Asia/Tokyo" in said(form)
    await ada.click(form, label="Preview")
    await ada.click(form, label="Start posting")
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.cadence.weekdays == (2,)


@simcord
async def test_a_zone_that_is_none_is_said_before_the_form(scene: Scene, ada: MemberActor) -> None:
    scene.expected = (*scene.expected, commands.UserInputError)
    await ada.send(scene.channel, "!setup atlantis")
    assert "I know no time zone “atlantis”" in scene.last.content
    refused = await ada.slash(scene.channel, "setup", zone="atlantis")
    assert "I know no time zone “atlantis”" in said(refused.response)


@simcord
async def test_any_city_and_any_time_can_be_written(scene: Scene, ada: MemberActor) -> None:
    form = await opened(scene, ada)
    asked = await ada.select(form, ["other"], custom_id=control(form, "zone"))
    await ada.submit_modal(asked, {"answer": "reykj"})
    assert "It is Atlantic/Reykjavik, 20:30." in said(form)
    asked = await ada.select(form, ["other"], custom_id=control(form, "time"))
    refused = await ada.submit_modal(asked, {"answer": "noonish"})
    assert refused.ephemeral
    assert "is no time of day" in said(refused.response)
    asked = await ada.select(form, ["other"], custom_id=control(form, "time"))
    await ada.submit_modal(asked, {"answer": "7:20 pm"})
    assert read_draft(control(form, "see"))[1].at == time(19, 20)


@simcord
async def test_done_twice_it_changes_what_is_there(scene: Scene, ada: MemberActor) -> None:
    for day in ("1", "3"):
        form = await opened(scene, ada)
        await ada.select(form, [day], custom_id=control(form, "days"))
        await ada.click(form, label="Preview")
        await ada.click(form, label="Start posting")
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.cadence.weekdays == (3,)


@simcord
async def test_a_member_cannot_use_somebody_elses_form(scene: Scene, ada: MemberActor) -> None:
    await ada.send(scene.channel, "!setup berlin")
    form = scene.last
    assert "It is Europe/Berlin" in said(form)
    (custom_id,) = [c.custom_id for c in buttons(form).values() if c.custom_id]
    refused = await scene.alice.click(form, custom_id=custom_id)
    assert refused.ephemeral
    assert "Only people with “Manage Server”" in said(refused.response)
    await scene.alice.send(scene.channel, "!setup")
    assert "Only people with “Manage Server”" in scene.last.content


@simcord
async def test_cities_are_offered_with_their_time(scene: Scene, ada: MemberActor) -> None:
    offered = await ada.autocomplete(scene.channel, "setup", "zone", "bogo")
    assert offered[0] == {"name": "America/Bogota, 15:30", "value": "America/Bogota"}


@simcord
async def test_what_is_missing_in_the_channel_is_said_before_it_starts(scene: Scene, ada: MemberActor) -> None:
    assert scene.guild.me is not None
    closed = scene.guild.create_text_channel(
        "closed", overwrites={scene.guild.default_role: discord.PermissionOverwrite(attach_files=False)}
    )
    form = await opened(scene, ada)
    await ada.select(form, [closed], custom_id=control(form, "place"))
    await ada.click(form, label="Preview")
    granted = scene.bot.get_channel(closed.id).permissions_for(scene.guild.me)  # type: ignore[union-attr]
    assert ("I lack “Attach Files”" in said(form)) is not granted.attach_files


def test_the_longest_draft_fits_into_a_custom_id() -> None:
    longest = max((zone for zone in matching_zones("a", 10_000) if known_zone(zone)), key=len)
    draft = Draft(longest, 2**63, tuple(range(7)), time(23, 59), "shortinterest", 2**63)
    for name in ("place", "zone", "time", "role"):
        custom_id = draft.custom_id(name)
        assert len(custom_id) <= CUSTOM_ID
        assert read_draft(custom_id) == (name, draft)


@pytest.mark.parametrize(
    "custom_id",
    ["s0:see:UTC::4:1645:weekly:", "s1:see:Moon/Base::4:1645:weekly:", "s1:see:UTC::4:2560:weekly:", "s1:see:UTC"],
)
def test_an_outdated_form_is_known_as_such(custom_id: str) -> None:
    with pytest.raises(Outdated):
        read_draft(custom_id)


@simcord
async def test_the_form_begins_with_the_weekly_post_that_is_there(scene: Scene, ada: MemberActor) -> None:
    news = scene.guild.create_text_channel("news")
    await ada.slash(scene.channel, "schedule add", days="tue", at="9:30", channel=news)
    form = await opened(scene, ada)
    draft = read_draft(control(form, "see"))[1]
    assert (draft.channel_id, draft.days, draft.at) == (news.id, (1,), time(9, 30))
    await ada.click(form, label="Preview")
    assert "changes the one that is there already" in said(form)
    await ada.click(form, label="Start posting")
    assert "Post the first one now" not in buttons(form)
    assert len(await scene.bot.community.schedules.of_guild(scene.guild.id)) == 1


async def started(ada: MemberActor, form: ResponseMessage) -> str:
    """Press through to the end; return what the preview's page said."""
    await ada.click(form, label="Preview")
    page = said(form)
    await ada.click(form, label="Start posting")
    assert said(form).startswith("### Done")
    return page


@simcord
async def test_a_post_that_comes_here_and_elsewhere_is_changed_not_doubled(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", also=scene.guild.create_text_channel("more"))
    form = await opened(scene, ada)
    await ada.select(form, ["2"], custom_id=control(form, "days"))
    assert "changes the one that is there already" in await started(ada, form)
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert (schedule.cadence.weekdays, len(schedule.destinations)) == ((2,), 2)


@simcord
async def test_of_two_posts_here_the_one_that_comes_nowhere_else_is_changed(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", also=scene.guild.create_text_channel("more"), days="mon")
    await ada.slash(scene.channel, "schedule add", days="tue")
    form = await opened(scene, ada)
    await ada.select(form, ["3"], custom_id=control(form, "days"))
    await started(ada, form)
    stored = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert {len(one.destinations): one.cadence.weekdays for one in stored} == {2: (0,), 1: (3,)}


@simcord
async def test_the_servers_role_stays_whatever_this_post_pings(scene: Scene, ada: MemberActor) -> None:
    """Other posts and the button to join go by it: a form about one post takes it from nobody."""
    readers, traders = (scene.guild.create_role(name) for name in ("Readers", "Traders"))
    await ada.slash(scene.channel, "settings change", role=readers)
    await ada.slash(scene.channel, "schedule add")
    for chosen, mention, own in (([], "none", None), ([traders], "role", traders.id), ([readers], "role", None)):
        form = await opened(scene, ada)
        await ada.select(form, chosen, custom_id=control(form, "role"))
        await started(ada, form)
        (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
        assert (schedule.mention, schedule.mention_role_id) == (mention, own)
        assert (await scene.bot.community.guilds.get(scene.guild.id)).mention_role_id == readers.id
        draft = read_draft(control(await opened(scene, ada), "see"))[1]
        assert draft.role_id == (chosen[0].id if chosen else None), "the form begins with the role that is pinged"


@simcord
async def test_every_report_of_the_form_says_what_it_is(scene: Scene, ada: MemberActor) -> None:
    form = await opened(scene, ada)
    (select,) = [c for c in walk(form.message.components) if (getattr(c, "custom_id", "") or "").startswith("s1:what:")]
    assert len(select.options) > 10
    assert all(option.description and len(option.description) <= 100 for option in select.options)


@simcord
async def test_opened_in_a_thread_it_is_about_the_channel(scene: Scene, ada: MemberActor) -> None:
    """The form's select lists no threads: Discord would refuse one as its default."""
    await ada.slash(scene.channel, "channel", mode="thread")
    await scene.alice.send(scene.channel, "!highs")
    (thread,) = scene.channel.threads
    form = (await ada.slash(thread, "setup")).response
    assert form is not None
    assert read_draft(control(form, "see"))[1].channel_id == scene.channel.id
