"""What the tests of administration share: an admin, and what they were shown."""

from collections.abc import Sequence

import discord
import pytest
from discord.ext import commands
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.discord_ui.pace import Pace
from tests.conftest import EXPECTED, Scene, said


@pytest.fixture
def ada(scene: Scene) -> MemberActor:
    """Somebody with "Manage Server"."""
    return with_rights(scene, "ada", manage_guild=True)


def with_rights(scene: Scene, name: str, **rights: bool) -> MemberActor:
    """Return a new member who holds a role with these rights."""
    role = scene.guild.create_role(f"Role of {name}", permissions=discord.Permissions(**rights))
    return scene.guild.add_member(scene.env.create_user(name), roles=[role])


def unhurried(scene: Scene) -> None:
    """Let somebody do many things in a row: the pace is tested elsewhere."""
    scene.bot.pace = Pace()


def shown(result: InteractionResult) -> list[ResponseMessage]:
    """Return all that somebody was shown; nobody else may have seen it."""
    messages = [*([result.response] if result.response else []), *result.followups]
    assert all(message.ephemeral for message in messages)
    return messages


async def text_of(asked: InteractionResult) -> str:
    """Return what somebody alone was shown."""
    assert asked.ephemeral
    return said(asked.response)


async def typed(scene: Scene, who: MemberActor, text: str) -> str:
    """Type a text command and return what the bot said to it in the channel."""
    unhurried(scene)
    scene.bot.sentences_stay = 86_400.0  # a slow machine would read the one before instead
    scene.expected = (*EXPECTED, commands.UserInputError)
    before = scene.channel.last_message
    await who.send(scene.channel, text)
    answer = scene.last
    assert before is None or answer.id > before.id
    assert answer.author.bot, f"no answer to {text}"
    return said(answer)


async def asked(scene: Scene, who: MemberActor, command: str, **options: object) -> str:
    """Use a slash command and return what they alone were shown."""
    unhurried(scene)
    return await text_of(await who.slash(scene.channel, command, **options))


def direct(who: MemberActor) -> Sequence[discord.Message]:
    """Return what the bot told somebody directly, oldest first."""
    return who.user.dm_channel.history()
