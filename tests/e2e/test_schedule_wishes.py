"""What is wished for of a schedule is done or refused, never left out in silence; what is not named stays."""

import pytest
from simcord.actors import MemberActor

from bot.community.records import Schedule
from tests.conftest import Scene
from tests.e2e.conftest import asked, typed

pytestmark = pytest.mark.simcord(settle_timeout=25)


async def stored(scene: Scene) -> list[Schedule]:
    return await scene.bot.community.schedules.of_guild(scene.guild.id)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delay:30", "delay: goes only with every:session, finra, or fomc."),
        ("every:monthly days:mon delay:5", "delay: goes only with every:session, finra, or fomc."),
        ("every:session days:mon", "days: goes only with every:weekly or monthly."),
        ("shortinterest days:mon", "days: goes only with every:weekly or monthly."),
        ("every:fomc holidays:skip", "holidays: goes only with every:weekly or monthly."),
        ("every:weekly nth:second", "nth: goes only with every:monthly."),
        ("every:session at:18:00 delay:5", "with at: or with delay:, not with both."),
        ("tags:news", "Only posts in forum channels have tags."),
        ("mention:role", "with role: here, or for every post with /settings change role:."),
        ("days:1st monday", "write every:monthly nth:first days:mon."),
        ("fri 16:45", "There is no report “fri 16\\:45” to post."),
        ("weekly fri 16:45", "I do not understand “fri 16\\:45” behind weekly: every option has its name before it"),
        ("rotation as_of:2024-01-01", "I do not understand “as\\_of\\:2024\\-01\\-01” behind rotation"),
    ],
)
async def test_what_would_change_nothing_is_refused(scene: Scene, ada: MemberActor, text: str, words: str) -> None:
    assert words in await typed(scene, ada, f"!schedule add {text}")
    assert not await stored(scene)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rotation nth:second days:tue at:9:30", "each month's second Tuesday at 09:30"),
        ("rotation nth:last", "each month's last Friday at 16:45"),
        ("rotation days:every friday at:5 p.m.", "every Friday at 17:00"),
        ("shortinterest options:GME AMC", "shortinterest symbols:GME,AMC · when short interest is published"),
        ("rotation mention:none", "rotation · every Friday"),
    ],
)
async def test_what_is_plain_is_done(scene: Scene, ada: MemberActor, text: str, words: str) -> None:
    assert words in await typed(scene, ada, f"!schedule add {text}")
    assert len(await stored(scene)) == 1


async def test_options_that_are_not_named_stay(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "schedule add", report="rotation", options="iwn vs qqq", window="1y")
    for text, request in (
        ("window:3y", {"window": "3y", "small": "IWN", "large": "QQQ"}),
        ("options:vs spy", {"window": "3y", "small": "IWN"}),
        ("options:iwm window:6m", {}),
        ("report:breadth", {}),
        ("report:rotation window:1y", {"window": "1y"}),
        ("report:highs", {}),
    ):
        assert "Changed." in await typed(scene, ada, f"!schedule edit 1 {text}"), text
        assert [dict(one.request) for one in await stored(scene)] == [request], text


async def test_a_change_of_nothing_is_said_to_be_one(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "schedule add", report="rotation")
    for text in ("", "days:fri", "at:16:45", "report:rotation", "mention:none", "pin:no"):
        assert "Nothing would be changed" in await typed(scene, ada, f"!schedule edit 1 {text}"), text
    assert "“schedule” is missing" in await typed(scene, ada, "!schedule edit")
    assert "days: goes only with every:weekly or monthly." in await typed(
        scene, ada, "!schedule edit 1 every:session days:mon"
    )
    assert "each month's third Friday" in await typed(scene, ada, "!schedule edit 1 nth:third")


async def test_the_same_post_twice_in_a_channel_is_refused(scene: Scene, ada: MemberActor) -> None:
    more = scene.guild.create_text_channel("more")
    await asked(scene, ada, "schedule add", report="breadth")
    await asked(scene, ada, "schedule add", report="rotation", also=more)
    refused = "That is posted already: number "
    assert refused in await asked(scene, ada, "schedule add", report="rotation")
    assert refused in await asked(scene, ada, "schedule add", report="rotation", channel=more)
    assert refused in await asked(scene, ada, "schedule add", report="breadth", pin=True)
    for options in ({"window": "1y"}, {"days": "mon"}, {"at": "9"}, {"every": "session"}):
        assert "Added." in await asked(scene, ada, "schedule add", report="rotation", **options), options
    elsewhere = scene.guild.create_text_channel("elsewhere")
    assert "Added." in await asked(scene, ada, "schedule add", report="rotation", channel=elsewhere)
    assert len(await stored(scene)) == 7


async def test_a_role_of_the_server_is_pinged_without_being_named(scene: Scene, ada: MemberActor) -> None:
    role = scene.guild.create_role("Readers")
    await asked(scene, ada, "settings change", role=role)
    assert "Added." in await typed(scene, ada, "!schedule add mention:role")
    (schedule,) = await stored(scene)
    assert (schedule.mention, schedule.mention_role_id) == ("role", None)


async def test_pauses_and_quiet_hours_are_taken_as_people_write_them(scene: Scene, ada: MemberActor) -> None:
    for text in ("!pause 3 days", "!pause all 3 days", "!pause for 3 days", "!pause todo 3 días", "!pause all 72h"):
        await typed(scene, ada, text)
        until = (await scene.bot.community.guilds.get(scene.guild.id)).paused_until
        assert until is not None
        assert (until - scene.bot.clock.now()).days == 3, text
        await typed(scene, ada, "!resume")
    assert "For one schedule: /schedule pause" in await typed(scene, ada, "!pause weekly")
    for text in ("22:00 to 07:00", "22:00 a 7:00", "22h-7h", "10 pm – 7 am"):
        await typed(scene, ada, "!settings change quiet:off")
        assert "Quiet hours: **22:00–07:00**" in await typed(scene, ada, f"!settings change quiet:{text}"), text


async def test_nothing_changed_in_a_channel_has_nothing_to_take_back(scene: Scene, ada: MemberActor) -> None:
    assert "/undo takes it back." in await typed(scene, ada, "!channel mode:thread")
    again = await typed(scene, ada, "!channel mode:thread")
    assert "Nothing was changed" in again
    assert "/undo" not in again
