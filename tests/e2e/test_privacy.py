"""Privacy: what is stored is shown to whom it is about alone, deleted once confirmed; figures never stay in public."""

import json

import discord
import pytest
from simcord.actors import MemberActor
from sqlalchemy import select

from bot.community.alert_records import Alert
from bot.community.records import By
from bot.community.tables import metadata
from bot.discord_ui.pace import Pace
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.personal import ForgetMe
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import asked, direct, text_of, typed, unhurried
from tests.e2e.test_taking_over import ALWAYS_TRUE

pytestmark = pytest.mark.simcord(settle_timeout=25)


async def everything(scene: Scene) -> str:
    """Return every row of every table as text."""
    async with scene.bot.community.database.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in await connection.execute(select(table))]
    return "\n".join(repr(tuple(row)) for row in rows)


async def with_private_alert(scene: Scene, who: MemberActor) -> None:
    alert = Alert(guild_id=scene.guild.id, channel_id=4242, rule=ALWAYS_TRUE, user_id=who.id, author_user_id=who.id)
    await scene.bot.community.alerts.add(alert, By(who.id, FRIDAY_EVENING))


async def test_deleting_takes_a_confirmation_by_the_person_alone(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "schedule add")
    await with_private_alert(scene, ada)
    unhurried(scene)
    question = await ada.slash(scene.channel, "privacy delete")
    text = await text_of(question)
    assert "Your private alerts are deleted" in text
    assert "This cannot be taken back" in text
    assert str(ada.id) in await everything(scene)
    assert question.response is not None
    assert list(buttons(question.response)) == ["Delete it"]
    await scene.env.restart_bot(scene.another())
    await ada.click(question.response, label="Delete it")
    assert "no longer know you." in said(question.response)
    assert str(ada.id) not in await everything(scene)
    assert len(await scene.bot.community.schedules.of_guild(scene.guild.id)) == 1
    assert "Nothing is stored about you." in await asked(scene, ada, "privacy delete")


async def test_by_text_it_is_said_directly_and_nobody_else_sees_it(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "schedule add")
    assert await typed(scene, ada, "!privacy") == "I have sent it to you by direct message."
    (told,) = direct(ada)
    (file,) = told.attachments
    assert {"schedules", "guilds", "audit"} == set(json.loads(await file.read()))
    assert not any(message.attachments for message in scene.channel.history())
    assert await typed(scene, ada, "!privacy delete") == "I have sent it to you by direct message."
    assert list(buttons(direct(ada)[-1])) == ["Delete it"]
    assert await typed(scene, ada, "!privacy export server") == "I have sent it to you by direct message."
    assert "about this server" in said(direct(ada)[-1])


async def test_where_nothing_can_be_said_directly_the_slash_command_is_named(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "schedule add")
    scene.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    answer = await typed(scene, ada, "!privacy")
    assert answer == "I may not write to you directly. Use /privacy: then only you see the answer."
    assert not any(message.attachments for message in scene.channel.history())


async def test_nobody_confirms_for_another(scene: Scene, ada: MemberActor) -> None:
    """The page is for one person's eyes; even where another gets at its button, it does nothing."""
    await asked(scene, ada, "schedule add")
    channel = scene.bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send(view=page_view(Page("?", [discord.ui.ActionRow(ForgetMe(ada.id))])))
    refused = await scene.alice.click(message, label="Delete it")
    assert "Only whoever asked can confirm this." in said(refused.response)
    assert str(ada.id) in await everything(scene)


async def test_the_server_is_deleted_once_an_admin_confirms(scene: Scene, ada: MemberActor) -> None:
    assert "Nothing is stored about this server." in await asked(scene, ada, "privacy delete", about="server")
    await asked(scene, ada, "schedule add")
    await with_private_alert(scene, scene.alice)
    unhurried(scene)
    question = await ada.slash(scene.channel, "privacy delete", about="server")
    assert "go for good, and nothing is posted here any more" in await text_of(question)
    assert await scene.bot.community.privacy.about_guild(scene.guild.id)
    assert question.response is not None
    await ada.click(question.response, label="Delete everything")
    assert "/setup begins anew" in said(question.response)
    assert str(scene.guild.id) not in await everything(scene)


FIGURES = "123456"


@pytest.mark.parametrize("hindrance", ["too fast", "blocked", "questions off", "elsewhere", "no sense"])
async def test_figures_are_taken_away_whatever_else_is_wrong(scene: Scene, ada: MemberActor, hindrance: str) -> None:
    typed_text = f"!position aapl {FIGURES} 50 45"
    if hindrance == "too fast":
        for _n in range(12):
            await scene.alice.send(scene.channel, "!highs")
    elif hindrance == "blocked":
        await asked(scene, ada, "block person", person=scene.alice)
    elif hindrance == "questions off":
        await asked(scene, ada, "channel", mode="off")
    elif hindrance == "elsewhere":
        await asked(scene, ada, "settings change", allow=scene.guild.create_text_channel("other"))
    else:
        typed_text = f"!allocation {FIGURES} of nothing at all"
    sent = await scene.alice.send(scene.channel, typed_text)
    assert sent.id not in [message.id for message in scene.channel.history()]
    assert "then only you see it." in scene.last.content
    assert not any(FIGURES in message.content for message in scene.channel.history())
    assert FIGURES not in await everything(scene)


async def test_in_direct_messages_figures_are_answered(scene: Scene) -> None:
    scene.bot.pace = Pace()
    await scene.alice.send_dm("!position IWM account:100000")
    (answer,) = [m for m in direct(scene.alice) if m.author.bot]
    assert isinstance(answer, discord.Message)
    assert "IWM" in said(answer)
    assert "100000" not in await everything(scene)


async def test_a_mistyped_private_question_is_pointed_to_slash_and_left_alone(scene: Scene) -> None:
    """It may be another bot's command: nothing is deleted, but nobody is asked to type figures in public again."""
    sent = await scene.alice.send(scene.channel, f"!positon aapl {FIGURES}")
    assert scene.last.content == "The answer would be seen by everyone here. Use /position: then only you see it."
    assert sent.id in [message.id for message in scene.channel.history()]
    scene.bot.pace = Pace()
    await scene.alice.send(scene.channel, "!rotatoin")
    assert scene.last.content == "Did you mean `!rotation`?"
