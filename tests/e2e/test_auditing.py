"""``/audit`` and ``/undo``: filtered, page by page, copied to a log channel; one command is taken back whole."""

from datetime import timedelta

import pytest
from simcord.actors import MemberActor

from bot.clock import SettableClock
from bot.community.records import By, GuildSettings
from bot.discord_ui.auditing import Wanted
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import asked, text_of, typed, unhurried, with_rights

pytestmark = pytest.mark.simcord(settle_timeout=25)


async def test_the_log_is_filtered_by_person_kind_and_age(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    hedy = with_rights(scene, "hedy", manage_guild=True)
    await asked(scene, ada, "schedule add", report="rotation")
    clock.set(FRIDAY_EVENING + timedelta(days=3))
    await asked(scene, hedy, "block ticker", symbol="GME")
    everything = await asked(scene, ada, "audit")
    assert "added **block of GME**" in everything
    assert "added **schedule rotation · every Friday at 16:45**" in everything
    assert everything.index("block of GME") < everything.index("schedule rotation")
    assert "schedule" not in await asked(scene, ada, "audit", person=hedy)
    assert "block" not in await asked(scene, ada, "audit", about="schedule")
    assert "schedule" not in await asked(scene, ada, "audit", since="2d")
    assert "schedule" in await asked(scene, ada, "audit", since="4d")
    assert await asked(scene, ada, "audit", person=hedy, about="schedule") == "No change matches that."
    assert "365 days at most" in await asked(scene, ada, "audit", since="ages")
    assert "block of GME" in await typed(scene, ada, f"!audit <@{hedy.id}> block 1w")


async def test_older_changes_are_a_press_away_also_after_a_restart(scene: Scene, ada: MemberActor) -> None:
    guilds = scene.bot.community.guilds
    for n in range(24):
        await guilds.save(GuildSettings(guild_id=scene.guild.id, hourly_cap=n + 1), By(ada.id, FRIDAY_EVENING))
    result = await ada.slash(scene.channel, "audit", about="settings")
    page = result.response
    assert page is not None
    seen = []
    for _page in range(3):
        seen += [int(line.rsplit(" ", 1)[1]) for line in said(page).split("\n") if "→" in line and "hour" in line]
        await scene.env.restart_bot(scene.another())
        if "Older" in buttons(page):
            await ada.click(page, label="Older")
    assert seen == list(range(24, 0, -1))
    assert "Older" not in buttons(page)


async def test_only_admins_turn_its_pages(scene: Scene, ada: MemberActor) -> None:
    guilds = scene.bot.community.guilds
    for n in range(12):
        await guilds.save(GuildSettings(guild_id=scene.guild.id, hourly_cap=n + 1), By(ada.id, FRIDAY_EVENING))
    await ada.send(scene.channel, "!audit")
    refused = await scene.alice.click(scene.last, label="Older")
    assert "Only people with “Manage Server”" in await text_of(refused)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(2**63, "schedule", FRIDAY_EVENING, 10**12),
        Wanted(person=5),
        Wanted(about="block"),
        Wanted(before_id=3),
    ],
)
def test_what_is_wanted_travels_in_a_custom_id(wanted: Wanted) -> None:
    text = wanted.text()
    assert len(text) <= 80
    assert Wanted.of(text) == wanted


@pytest.mark.parametrize("text", ["", "::", "1:gossip::", "x:::", "::1e9:", "1:2:3:4:5"])
def test_what_nobody_wanted_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|gossip|invalid literal"):
        Wanted.of(text)


async def test_every_change_stands_in_the_log_channel_in_the_servers_language(scene: Scene, ada: MemberActor) -> None:
    log = scene.guild.create_text_channel("log")
    await asked(scene, ada, "settings change", log=log, language="es")
    await asked(scene, ada, "schedule add", report="rotation")
    await asked(scene, ada, "channel", mode="thread")
    await asked(scene, ada, "block ticker", symbol="GME")
    await asked(scene, ada, "undo")
    await asked(scene, ada, "doctor")
    await asked(scene, ada, "audit")
    lines = [message.content for message in log.history()]
    assert len(lines) == 5
    assert all(f"<@{ada.id}>" in line for line in lines)
    for line, words in zip(
        lines, ("Canal de registro", "rotation", f"<#{scene.channel.id}>", "GME", "GME"), strict=True
    ):
        assert words in line
    assert len({line.split("**")[0].rsplit(" ", 2)[1] for line in lines[-2:]}) == 2  # added, then taken back
    copies = [r.json for r in scene.env.http_requests if r.path == f"/channels/{log.id}/messages"]
    assert [copy["allowed_mentions"] for copy in copies] == [{"parse": []}] * 5


async def test_alerts_saved_and_paused_by_buttons_stand_there_too_by_their_names(
    scene: Scene, ada: MemberActor
) -> None:
    log = scene.guild.create_text_channel("log")
    await asked(scene, ada, "settings change", log=log)
    unhurried(scene)
    draft = await ada.slash(scene.channel, "alert add", indicator="price.close.IWM", when="below", value="$290")
    page = next(m for m in [*draft.followups, draft.response] if m is not None and "Save" in buttons(m))
    await ada.click(page, label="Save")
    noted = log.last_message
    assert noted is not None
    assert f"<@{ada.id}> added **alert Close of IWM is below $290**" in noted.content
    assert "alert Close of IWM is below $290" in await asked(scene, ada, "audit", about="alert")
    assert "alert Close of IWM is below $290" in await asked(scene, ada, "undo")
    assert not await scene.bot.community.alerts.of_guild(scene.guild.id)


async def test_a_log_channel_that_refuses_hinders_nothing(scene: Scene, ada: MemberActor) -> None:
    log = scene.guild.create_text_channel("log")
    await asked(scene, ada, "settings change", log=log)
    scene.env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50013)
    assert "GME is not shown here any more" in await asked(scene, ada, "block ticker", symbol="GME")


async def test_setup_is_one_change_and_is_taken_back_as_one(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "settings change", theme="light")
    unhurried(scene)
    form = (await ada.slash(scene.channel, "setup", zone="madrid")).response
    assert form is not None
    await ada.click(form, label="Preview")
    await ada.click(form, label="Start posting")
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    assert settings.zone == "Europe/Madrid"
    text = await asked(scene, ada, "undo")
    assert text.startswith("Taken back:")
    assert "schedule weekly" in text
    assert "Time zone: " in text
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    assert (settings.zone, settings.theme) == ("America/New_York", "light")
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)
    listed = await asked(scene, ada, "audit")
    assert listed.count("took back") == 2
    assert listed.count("removed") == 0  # what the taking back did is not told twice


async def test_undo_goes_back_through_commands_of_every_kind(scene: Scene, ada: MemberActor) -> None:
    for command, options in (
        ("settings change", {"theme": "light"}),
        ("channel", {"mode": "off"}),
        ("schedule add", {"report": "rotation"}),
        ("schedule edit", {"schedule": "1", "at": "18:00"}),
        ("schedule pause", {"schedule": "1"}),
        ("block ticker", {"symbol": "GME"}),
        ("pause", {"what": "all", "length": "3d"}),
        ("schedule remove", {"schedule": "1"}),
    ):
        await asked(scene, ada, command, **options)
    community, guild_id = scene.bot.community, scene.guild.id

    async def state() -> tuple[object, ...]:
        settings = await community.guilds.get(guild_id)
        schedules = [
            (s.state, s.cadence.at.hour if s.cadence.at else 0) for s in await community.schedules.of_guild(guild_id)
        ]
        blocks, rules = await community.guilds.blocks(guild_id), await community.guilds.channels(guild_id)
        return schedules, settings.paused_until is not None, len(blocks.symbols), len(rules), settings.theme

    seen = []
    while "Taken back:" in await asked(scene, ada, "undo"):
        seen.append(await state())
    assert seen == [
        ([("paused", 18)], True, 1, 1, "light"),
        ([("paused", 18)], False, 1, 1, "light"),
        ([("paused", 18)], False, 0, 1, "light"),
        ([("active", 18)], False, 0, 1, "light"),
        ([("active", 16)], False, 0, 1, "light"),
        ([], False, 0, 1, "light"),
        ([], False, 0, 0, "light"),
        ([], False, 0, 0, "dark"),
    ]
