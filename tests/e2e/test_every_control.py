"""Every button and select of every card, found by walking them: pressed on a live bot, and on one that restarted."""

from datetime import timedelta

import discord
import pytest
from simcord.results import InteractionResult

from bot.clock import SettableClock
from bot.discord_ui import ids, limits
from bot.request import Request
from tests.conftest import Scene, buttons, said, walk
from tests.e2e.walking import Walker, action_of, posted, presses, public_requests

pytestmark = pytest.mark.simcord(settle_timeout=25)
SHOWN = {"show", "fund", "pick", "asof", "compare", "share"}  # what leads to a card


def answered(result: InteractionResult, custom_id: str) -> None:
    """A card, a page or a clear sentence: never an apology."""
    assert result.response is not None, custom_id
    text = said(result.response)
    assert text, custom_id
    assert "Sorry" not in text, f"{custom_id}: {text}"
    assert "another version" not in text, custom_id
    if action_of(custom_id) not in {*SHOWN, "alert"}:
        assert result.response.components, f"{custom_id}: {text}"
        assert result.ephemeral


@pytest.mark.parametrize("request_", public_requests(), ids=lambda request: request.feature)
async def test_every_control_of_every_card_works_before_and_after_a_restart(
    scene: Scene, clock: SettableClock, request_: Request
) -> None:
    walker = Walker(scene, clock)
    card = await posted(scene, request_)
    controls = list(presses(card))
    assert {"explain", "csv", "asof"} <= {action_of(custom_id) for custom_id, _value in controls}
    for custom_id, value in dict(controls).items():  # the last value of each select
        answered(await walker.press(card, custom_id, value), custom_id)
    await scene.env.restart_bot(scene.another())
    for custom_id, value in dict(reversed(controls)).items():  # the first one
        answered(await walker.press(card, custom_id, value), custom_id)


async def test_every_control_of_a_private_copy_works_for_its_owner(scene: Scene, clock: SettableClock) -> None:
    walker = Walker(scene, clock)
    await scene.alice.slash(scene.channel, "rotation")
    card, walked = scene.last, set[str]()
    while True:
        clock.set(clock.now() + timedelta(minutes=2))
        copy = await scene.bob.click(card, label="1Y")
        assert copy.response is not None
        left = [press for press in presses(copy.response.message) if press[0] not in walked]
        if not left:
            break
        custom_id, value = left[0]
        answered(await walker.press(copy.response, custom_id, value, scene.bob), custom_id)
        walked.add(custom_id)
    assert "share" in {action_of(custom_id) for custom_id in walked}


async def test_a_shared_answer_is_there_for_everybody(scene: Scene, clock: SettableClock) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    assert "Share" not in buttons(scene.last)
    copy = await scene.bob.click(scene.last, label="5Y")
    assert copy.response is not None
    shared = await scene.bob.click(copy.response, label="Share")
    assert not shared.ephemeral
    assert "IWM, 5 years" in said(scene.last)
    assert not scene.last.flags.ephemeral
    clock.set(clock.now() + timedelta(minutes=2))
    await scene.bob.click(scene.last, label="1Y")
    assert "IWM, 1 year" in said(scene.last), "what is shared belongs to who shared it"


async def test_nobody_posts_through_the_bot_where_they_may_not_write(scene: Scene) -> None:
    reading = discord.PermissionOverwrite(send_messages=False)
    news = scene.guild.create_text_channel("news", overwrites={scene.bob: reading})
    await scene.alice.slash(news, "rotation")
    card = news.last_message
    assert card is not None
    copy = await scene.bob.click(card, label="5Y")
    assert copy.response is not None
    refused = await scene.bob.click(copy.response, label="Share")
    assert refused.ephemeral
    assert refused.response is not None
    assert "You may not write in this channel" in refused.response.content
    assert [message.id for message in news.history()] == [card.id]


async def test_funds_are_chosen_in_place_and_marked(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    small = next(c for c, value in presses(card) if action_of(c) == "fund" and value == "IWN")
    chosen = await scene.alice.select(card, ["IWN"], custom_id=small)
    assert chosen.response is not None
    assert chosen.response.id == card.id
    assert "IWN, 6 months" in said(scene.last)
    menus = [c for c in walk(scene.last.components) if isinstance(c, discord.SelectMenu)]
    assert [[o.value for o in menu.options if o.default] for menu in menus] == [["IWN"], ["SPY"]]


async def test_another_day_is_asked_for_and_answered_in_place(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    shown = await scene.alice.click(card, label="Another day")
    done = await scene.alice.submit_modal(shown, {"answer": "dec 4 2025"})
    assert done.response is not None
    assert done.response.id == card.id
    assert "As of 4 Dec 2025" in said(scene.last)
    again = await scene.alice.click(scene.last, label="Another day")
    refused = await scene.alice.submit_modal(again, {"answer": "whenever"})
    assert refused.ephemeral
    assert refused.response is not None
    assert "I do not understand “whenever” as a time." in refused.response.content


async def test_a_second_fund_stands_beside_the_first(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation", window="1y")
    shown = await scene.bob.click(scene.last, label="Compare")
    done = await scene.bob.submit_modal(shown, {"answer": "nasdaq"})
    assert done.ephemeral
    assert done.response is not None
    text = said(done.response)
    for words in ("IWM", "SPY", "QQQ", "“nasdaq” is answered with QQQ."):
        assert words in text


async def test_long_tables_are_turned_page_by_page(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "when")
    first = await scene.bob.click(scene.last, label="Table")
    assert first.response is not None
    assert "Page 1 of" in said(first.response)
    assert buttons(first.response)["Previous"].disabled
    second = await scene.bob.click(first.response, label="Next")
    assert second.response is not None
    assert second.response.id == first.response.id
    assert "Page 2 of" in said(second.response)
    await scene.env.restart_bot(scene.another())
    back = await scene.bob.click(second.response, label="Previous")
    assert back.response is not None
    assert "Page 1 of" in said(back.response)


@pytest.mark.parametrize("about", ["px", "zero", "p99999"])
async def test_a_page_that_never_was_is_answered_politely(scene: Scene, about: str) -> None:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Old", custom_id=f"h1:table.{about}:when:::")))
    channel = scene.bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=view)
    pressed = await scene.bob.click(scene.last, label="Old")
    assert pressed.response is not None
    assert pressed.response.content.startswith("This button is from another version of the bot")


async def test_the_picture_has_an_address(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    (picture,) = scene.last.attachments
    pressed = await scene.bob.click(scene.last, label="PNG")
    assert pressed.ephemeral
    assert pressed.response is not None
    links = [c.url for c in walk(pressed.response.message.components) if isinstance(c, discord.Button)]
    assert links == [picture.url]


def test_pages_have_ids_that_stay_readable() -> None:
    pressed = ids.decode("h1:table.p2:when:b293b94y3uo9:7ha:")
    assert pressed.action == "table.p2"
    assert len("h1:table.p2:when:b293b94y3uo9:7ha:") <= limits.CUSTOM_ID


async def test_an_alert_is_set_from_a_card_by_those_who_may(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    refused = await scene.alice.click(card, label="Set an alert")
    assert refused.ephemeral
    assert refused.response is not None
    assert "Private alerts are switched off here." in refused.response.content
    role = scene.guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    ada = scene.guild.add_member(scene.env.create_user("ada"), roles=[role])
    offered = await ada.click(card, label="Set an alert")
    assert offered.ephemeral
    assert offered.response is not None
    menus = [c for c in walk(offered.response.message.components) if isinstance(c, discord.SelectMenu)]
    pick = next(menu for menu in menus if menu.custom_id.startswith("t1:pick"))
    values = [option.value for option in pick.options]
    assert values[0] == "rotation.regime", "what the card shows comes first"
    assert any(value.endswith("IWM/SPY") for value in values)
    form = await ada.select(offered.response, ["rotation.regime"], custom_id=pick.custom_id)
    assert form.modal is not None
