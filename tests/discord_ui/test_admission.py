"""Who is answered where and how, by each mode, list, block and way of asking; and who is an admin."""

import itertools
from dataclasses import replace

import discord
import pytest

from bot import i18n
from bot.community.records import Blocks, By, ChannelSettings, CommandMode, GuildSettings
from bot.discord_ui.channel_rules import channel_line
from bot.discord_ui.house import House, NotAnsweredHere
from bot.discord_ui.permissions import (
    MayNotPingEveryone,
    NotAllowed,
    OnlyInServers,
    may_administer,
    require_admin,
    require_everyone,
)
from bot.errors import BadInput
from bot.features.rotation.request import RotationRequest
from tests.conftest import FRIDAY_EVENING, Scene
from tests.e2e.conftest import with_rights

HERE, THERE, ME, SHUNNED = 5, 6, 7, 8
MODES: tuple[CommandMode, ...] = ("public", "ephemeral", "thread", "off")
GUILD = GuildSettings(guild_id=1)
CHANNEL = ChannelSettings(guild_id=1, channel_id=HERE)
WAYS = list(itertools.product(MODES, [(), (HERE,), (THERE,)], [(), ("highs",), ("rotation", "highs")], [ME, SHUNNED],
                              [True, False]))  # fmt: skip


def refusal(house: House, user_id: int, *, by_text: bool) -> str:
    try:
        house.admit("rotation", HERE, user_id, by_text=by_text)
    except NotAnsweredHere as refused:
        return refused.text()
    return ""


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_combination_is_answered_or_refused_for_its_first_reason(language: str) -> None:
    reasons: dict[str, set[str]] = {}
    for mode, channels, questions, who, by_text in WAYS:
        house = House(
            replace(GUILD, allowed_channels=channels),
            replace(CHANNEL, command_mode=mode, allowed_commands=questions),
            Blocks(frozenset({SHUNNED})),
        )
        expected = (
            "person" if who == SHUNNED
            else "channel" if channels == (THERE,)
            else "off" if mode == "off"
            else "question" if questions == ("highs",)
            else "way" if mode == "ephemeral" and by_text
            else ""
        )  # fmt: skip
        with i18n.use(language):
            reasons.setdefault(expected, set()).add(refusal(house, who, by_text=by_text))
    assert reasons.pop("") == {""}
    assert len(reasons) == 5
    assert all(len(words) == 1 for words in reasons.values())
    said = {name: words.pop() for name, words in reasons.items()}
    assert len(set(said.values())) == 5
    assert f"<#{THERE}>" in said["channel"]
    assert "/highs" in said["question"]
    assert "/rotation" in said["way"]
    assert not any(str(SHUNNED) in words for words in said.values())


def test_outside_of_servers_there_are_no_rules() -> None:
    house = House()
    assert refusal(house, SHUNNED, by_text=True) == ""
    assert (house.mode, house.theme, house.language) == ("public", None, None)


@pytest.mark.parametrize("own", [None, "es"])
@pytest.mark.parametrize("guild", ["es", "en"])
@pytest.mark.parametrize("touched", [True, False])
def test_a_channels_look_comes_before_its_servers_and_nothing_set_is_nobodys_choice(
    own: str | None, guild: str, *, touched: bool
) -> None:
    settings = replace(GUILD, language=guild, hourly_cap=5 if touched else None)
    house = House(settings, replace(CHANNEL, language=own))
    chosen = touched or guild != GUILD.language
    assert house.language == (own or (guild if chosen else None))


def test_a_blocked_ticker_is_not_shown_and_said_by_name() -> None:
    house = House(GUILD, CHANNEL, Blocks(symbols=frozenset({"IWN", "GME"})))
    request = RotationRequest(small="IWN")
    with pytest.raises(BadInput, match="IWN") as refused:
        house.spared(request)
    assert "GME" not in refused.value.text()
    assert house.spared(RotationRequest()) == RotationRequest()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_mode_has_words_of_its_own(language: str) -> None:
    with i18n.use(language):
        lines = [channel_line(replace(CHANNEL, command_mode=mode)) for mode in MODES]
        whole = channel_line(replace(CHANNEL, language="es", theme="light", allowed_commands=("highs", "rotation")))
    assert len(set(lines)) == len(MODES)
    assert all(line.startswith(f"<#{HERE}>: **") for line in (*lines, whole))
    assert "es, light" in whole
    assert "/highs" in whole
    assert "/rotation" in whole


RIGHTS = [
    ({}, False),
    ({"manage_guild": True}, True),
    ({"administrator": True}, True),
    ({"manage_channels": True, "manage_roles": True, "kick_members": True, "mention_everyone": True}, False),
]


async def test_whoever_may_manage_the_server_or_has_a_chosen_role_is_an_admin(scene: Scene) -> None:
    """Role by role: rights of other kinds count for nothing, a chosen role without any right does."""
    community, guild = scene.bot.community, scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    chosen = scene.guild.create_role("Chosen")
    trusted = scene.guild.add_member(scene.env.create_user("tess"), roles=[chosen])
    holders = [with_rights(scene, f"holder{n}", **rights) for n, (rights, _may) in enumerate(RIGHTS)]
    members = [await guild.fetch_member(one.id) for one in holders]
    for member, (rights, may) in zip(members, RIGHTS, strict=True):
        assert await may_administer(community, member) == may, rights
        if not may:
            with pytest.raises(NotAllowed):
                await require_admin(community, member)
    tess = await guild.fetch_member(trusted.id)
    assert not await may_administer(community, tess)
    settings = replace(await community.guilds.get(guild.id), admin_roles=(chosen.id,))
    await community.guilds.save(settings, By(ME, FRIDAY_EVENING))
    assert await may_administer(community, tess)
    assert [await may_administer(community, one) for one in members] == [may for _rights, may in RIGHTS]
    assert not await may_administer(community, discord.Object(tess.id))  # type: ignore[arg-type]  # a user elsewhere
    with pytest.raises(OnlyInServers):
        await require_admin(community, discord.Object(tess.id))  # type: ignore[arg-type]


async def test_only_who_may_ping_everyone_may_have_it_done(scene: Scene) -> None:
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    for rights, may in (({"manage_guild": True}, False), ({"mention_everyone": True}, True)):
        member = await guild.fetch_member(with_rights(scene, f"p{may}", **rights).id)
        if may:
            require_everyone(member)
        else:
            with pytest.raises(MayNotPingEveryone):
                require_everyone(member)
