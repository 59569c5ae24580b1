"""What a new server sees first, and what works in direct messages and in servers without the bot."""

import discord
import pytest

from bot.discord_ui.permissions import AdminCog
from bot.discord_ui.question import Question
from tests.conftest import Scene, buttons, said
from tests.test_limits import synced

pytestmark = pytest.mark.simcord(settle_timeout=25)
GUILD, USER = 0, 1  # ways to install
IN_GUILDS, WITH_BOT, BETWEEN_PEOPLE = 0, 1, 2  # places


async def joined(scene: Scene) -> discord.Guild:
    """Let the bot join the scene's server, which has a system channel."""
    stored = scene.env.backend.get_guild(scene.guild.id)
    stored.system_channel_id = scene.channel.id
    guild = scene.env.bot.get_guild(scene.guild.id)
    assert guild is not None
    channel = guild.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    guild._system_channel_id = channel.id  # as the gateway would have said
    await entered(scene, guild)
    return guild


async def entered(scene: Scene, guild: discord.Guild) -> None:
    await scene.bot.on_guild_join(guild)
    await scene.env.settle()


async def test_a_new_server_is_welcomed_in_its_system_channel(scene: Scene) -> None:
    await joined(scene)
    text = said(scene.last)
    assert "Three things to try" in text
    assert "People who may manage the server choose with /setup" in text
    assert list(buttons(scene.last)) == ["rotation iwn spy 3y", "highs russell", "weekly", "Set up"]


async def test_the_three_things_are_a_press_away_also_after_a_restart(scene: Scene) -> None:
    await joined(scene)
    message = scene.last
    for restarted in (False, True):
        if restarted:
            await scene.env.restart_bot(scene.another())
        for label in ("rotation iwn spy 3y", "highs russell", "weekly"):
            pressed = await (scene.bob if restarted else scene.alice).click(message, label=label)
            assert pressed.ephemeral
            assert pressed.response is not None
            assert "Not investment advice." in said(pressed.response)


async def test_set_up_is_for_those_who_may(scene: Scene) -> None:
    await joined(scene)
    message = scene.last
    refused = await scene.alice.click(message, label="Set up")
    assert refused.ephemeral
    assert refused.response is not None
    assert "Only people with “Manage Server”" in refused.response.content
    role = scene.guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    ada = scene.guild.add_member(scene.env.create_user("ada"), roles=[role])
    opened = await ada.click(message, label="Set up")
    assert opened.ephemeral
    assert opened.response is not None
    assert "When and where shall I post?" in said(opened.response)


async def test_without_a_system_channel_whoever_owns_the_server_is_told(scene: Scene) -> None:
    olivia = scene.env.create_user("olivia")
    other = scene.env.create_guild("Another Society", owner=olivia)
    await scene.env.settle()
    guild = scene.env.bot.get_guild(other.id)
    assert guild is not None
    await entered(scene, guild)
    message = olivia.dm_channel.last_message
    assert message is not None
    assert "Three things to try" in said(message)
    assert list(buttons(message)) == ["rotation iwn spy 3y", "highs russell", "weekly"]


async def test_a_closed_system_channel_is_left_alone(scene: Scene) -> None:
    guild = await joined(scene)
    before = scene.last.id
    closed = scene.guild.create_text_channel(
        "rules", overwrites={scene.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    await scene.env.settle()
    guild._system_channel_id = closed.id
    await entered(scene, guild)
    assert closed.last_message is None
    assert scene.last.id == before


async def test_where_the_system_channel_refuses_whoever_brought_the_bot_is_told(scene: Scene) -> None:
    """Permissions said yes, Discord says no: the welcome goes to a person instead."""
    scene.env.inject_error("POST", f"/channels/{scene.channel.id}/messages", status=403, code=50013)
    guild = await joined(scene)
    assert scene.channel.last_message is None
    owner = next(user for user in scene.env.backend.users.values() if user.id == guild.owner_id)
    told = [r for r in scene.env.http_requests if r.method == "POST" and r.path == "/users/@me/channels"]
    assert [request.json["recipient_id"] for request in told] == [owner.id]


async def test_every_question_can_be_asked_anywhere_and_nothing_else_that_needs_a_server(scene: Scene) -> None:
    by_name = {command.name: command for command in scene.bot.commands}
    for sent in synced(scene):
        command = by_name[sent["name"]]
        if isinstance(command, Question) or command.name == "help":
            assert sent["integration_types"] == [GUILD, USER], command.name
            assert sent["contexts"] == [IN_GUILDS, WITH_BOT, BETWEEN_PEOPLE], command.name
        elif isinstance(command.cog, AdminCog):
            assert sent["integration_types"] == [GUILD], command.name
            assert sent["contexts"] == [IN_GUILDS], command.name
        else:
            assert USER not in (sent.get("integration_types") or []), command.name


async def test_a_question_is_answered_in_a_direct_message(scene: Scene) -> None:
    await scene.alice.send_dm("!rotation 1y")
    card = scene.alice.user.dm_channel.last_message
    assert card is not None
    assert "IWM, 1 year" in said(card)


async def test_commands_for_servers_are_not_offered_in_direct_messages(scene: Scene) -> None:
    offered = scene.alice.user.available_commands()
    assert {"rotation", "help", "weekly", "position"} <= set(offered)
    admins = {command.name for command in scene.bot.commands if isinstance(command.cog, AdminCog)}
    assert admins
    assert not admins & {name.split()[0] for name in offered}


async def test_nothing_on_a_card_or_in_help_needs_a_server_in_direct_messages(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    assert "Set an alert" in buttons(scene.last)
    await scene.alice.send_dm("!rotation 1y")
    messages = scene.alice.user.dm_channel
    card = messages.last_message
    assert card is not None
    assert "Set an alert" not in buttons(card)
    assert {"1Y", "Explain", "CSV", "Compare"} <= set(buttons(card))
    pressed = await scene.alice.user.click(card, label="5Y")
    assert pressed.response is not None
    assert "IWM, 5 years" in said(pressed.response)
    assert "Set an alert" not in buttons(pressed.response), "nor after it was pressed"
    await scene.alice.send_dm("!help")
    page = messages.last_message
    assert page is not None
    text = said(page)
    assert "Are small caps leading?" in text
    assert "For people who manage the server" not in text
    for command in scene.bot.commands:
        assert (f"/{command.name}" in text) != isinstance(command.cog, AdminCog), command.name
    await scene.alice.send_dm("!help schedule")
    refused = messages.last_message
    assert refused is not None
    assert "There is no command “schedule”." in said(refused)
