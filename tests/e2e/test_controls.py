"""Buttons: in place for whom the card belongs to, a copy for everybody else, after restarts and after years."""

import csv
import io
from datetime import UTC, datetime

import discord
import pytest

from bot.clock import SettableClock
from bot.discord_ui import ids
from bot.features.rotation.request import RotationRequest
from tests.conftest import Scene, buttons, said

pytestmark = pytest.mark.simcord(settle_timeout=20)


async def test_a_switch_changes_the_card_in_place_for_the_asker(scene: Scene) -> None:
    asked = await scene.alice.slash(scene.channel, "rotation")
    assert asked.response is not None
    old_picture = asked.response.attachments[0].url
    pressed = await scene.alice.click(scene.last, label="1Y")
    assert pressed.response is not None
    assert pressed.response.id == asked.response.id
    assert "IWM, 1 year" in said(scene.last)
    assert [label for label, button in buttons(scene.last).items() if button.disabled] == ["1Y"]
    (picture,) = scene.last.attachments
    assert picture.url != old_picture


async def test_anybody_else_gets_a_copy_of_their_own_and_goes_on_from_there(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    copy = await scene.bob.click(card, label="1Y")
    assert copy.ephemeral
    assert copy.response is not None
    assert "6 months" in said(card)
    further = await scene.bob.click(copy.response, label="5Y")
    assert further.response is not None
    assert further.response.id == copy.response.id
    assert "IWM, 5 years" in said(further.response)


async def test_switches_keep_the_rest_of_the_question(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation iwn qqq 3y as of 2025-12-04")
    card = scene.last
    await scene.alice.click(card, label="1Y")
    text = said(await scene.env.bot.get_channel(scene.channel.id).fetch_message(card.id))  # type: ignore[union-attr]
    assert "IWN, 1 year" in text
    assert "QQQ, 1 year" in text
    assert "As of 4 Dec 2025" in text


async def test_the_basis_switch_turns_back_and_forth(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    await scene.alice.click(scene.last, label="Price only")
    assert "With dividends" in buttons(scene.last)
    price = said(scene.last)
    await scene.alice.click(scene.last, label="With dividends")
    assert said(scene.last) != price
    assert "Total return" in said(scene.last)


async def test_a_switch_that_cannot_be_answered_says_so_to_the_presser_alone(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation", small="MAGS")
    before = said(scene.last)
    pressed = await scene.alice.click(scene.last, label="5Y")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert "its data begins on" in pressed.response.content
    assert said(scene.channel.history()[-1] if scene.last.flags.ephemeral else scene.last) == before


async def test_a_card_of_a_year_ago_still_speaks_of_its_day(scene: Scene, clock: SettableClock) -> None:
    clock.set(datetime(2025, 7, 17, 21, 0, tzinfo=UTC))
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    clock.set(datetime(2026, 7, 17, 21, 0, tzinfo=UTC))
    await scene.env.restart_bot(scene.another())
    pressed = await scene.bob.click(card, label="1Y")
    assert pressed.response is not None
    assert "As of 17 Jul 2025" in said(pressed.response)


@pytest.mark.parametrize(
    "custom_id",
    [
        "h0:show:rotation:::",
        "h2:show:rotation:::window=1y",
        "h1:dance:rotation:::",
        "h1:show:nonsense:::",
        "h1:show:rotation:::colour=red",
        "h1:show:rotation:::window=1x",
        "h1:",
    ],
)
async def test_an_outdated_button_is_answered_politely(scene: Scene, custom_id: str) -> None:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Old", custom_id=custom_id)))
    channel = scene.bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=view)
    pressed = await scene.bob.click(scene.last, label="Old")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert pressed.response.content.startswith("This button is from another version of the bot")


async def test_the_csv_holds_what_the_card_says(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    pressed = await scene.bob.click(scene.last, label="CSV")
    assert pressed.response is not None
    (file,) = pressed.response.attachments
    assert file.filename == "rotation-2026-07-17.csv"
    rows = list(csv.reader(io.StringIO((await file.read()).decode("utf-8-sig"))))
    figures = {row[0]: row[2] for row in rows if len(row) == 7}
    shown = said(scene.channel.history()[-1]) if scene.last.flags.ephemeral else said(scene.last)
    assert f"{float(figures['return.small']):+.1%}" in shown
    assert any(row[:2] == ["table", "horizons"] for row in rows)
    assert ["source", "Yahoo Finance"] in rows


async def test_explain_shows_each_figure_with_its_day_and_source(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    pressed = await scene.bob.click(scene.last, label="Explain")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert "17 Jul 2026, Yahoo Finance" in said(pressed.response)


@pytest.mark.parametrize(
    ("reply", "words"),
    [("vs qqq", "QQQ, 6 months"), ("1y", "IWM, 1 year"), ("iwn 3y", "IWN, 3 years"), ("vs $QQQ 1y", "QQQ, 1 year")],
)
async def test_a_reply_does_what_the_button_would(scene: Scene, reply: str, words: str) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    await scene.bob.send(scene.channel, reply, reply_to=scene.last)
    assert scene.last.author == scene.bot.user
    assert words in said(scene.last)


@pytest.mark.parametrize("reply", ["nice!", "I do not believe this for one second", "lol", "thanks, that helps", "?"])
async def test_talk_beneath_a_card_is_left_alone(scene: Scene, reply: str) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    sent = await scene.bob.send(scene.channel, reply, reply_to=scene.last)
    assert scene.last.id == sent.id


async def test_a_reply_to_somebody_else_is_not_a_question(scene: Scene) -> None:
    talk = await scene.alice.send(scene.channel, "IWM looks strong")
    sent = await scene.bob.send(scene.channel, "1y", reply_to=talk)
    assert scene.last.id == sent.id


async def test_a_command_may_be_a_reply(scene: Scene) -> None:
    talk = await scene.alice.send(scene.channel, "IWM looks strong")
    await scene.bob.send(scene.channel, "!rotation 1y", reply_to=talk)
    assert "IWM, 1 year" in said(scene.last)


def test_ids_of_cards_stay_readable() -> None:
    """These ids are on messages out there: they may never stop working."""
    pressed = ids.decode("h1:show:rotation:b293b94y3uo9:7ha:window=1y;basis=price")
    assert pressed.request == RotationRequest.model_validate({"window": "1y", "basis": "price", "as_of": "2026-07-17"})
    assert (pressed.action, pressed.asker) == ("show", 1456074443980800009)
