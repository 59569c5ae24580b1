"""The whole way: a person types in Discord, real workers compute on the sample, a card comes back."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import discord
import pytest
from PIL import Image

from bot.clock import SettableClock
from bot.market.catalogue import Catalogue
from bot.market.dataset import Dataset
from tests.conftest import Scene, buttons, said, walk

pytestmark = pytest.mark.simcord(settle_timeout=20)


def closes(symbol: str) -> dict[str, float]:
    """Return the sample's total-return index by day: data, not the report's figures."""
    series = Dataset.open("sample").total_return(symbol)
    return {str(day)[:10]: float(value) for day, value in series.items()}


async def test_slash_answers_with_numbers_and_a_picture(scene: Scene) -> None:
    result = await scene.alice.slash(scene.channel, "rotation", window="6m")
    assert result.response is not None
    assert not result.ephemeral
    assert not result.deferred
    message = result.response.message
    assert message.flags.components_v2
    small, large = closes("IWM"), closes("SPY")
    gained = small["2026-07-17"] / small["2026-01-16"] - 1
    lagged = large["2026-07-17"] / large["2026-01-16"] - 1
    text = said(message)
    assert f"{gained:+.1%}" in text
    assert f"{lagged:+.1%}" in text
    for words in ("16 Jan 2026", "17 Jul 2026", "Total return", "Yahoo Finance", "Not investment advice."):
        assert words in text


async def test_the_picture_is_there_with_its_text_alternative(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    gallery = next(c for c in walk(scene.last.components) if isinstance(c, discord.MediaGalleryComponent))
    (picture,) = scene.last.attachments
    assert gallery.items[0].media.url == picture.url
    assert picture.description is not None
    assert "IWM" in picture.description
    assert gallery.items[0].description
    path = Path(picture.filename)
    assert path.suffix == ".png"
    body = await picture.read()
    assert len(body) < 40_000
    assert Image.open(io.BytesIO(body)).size == (1200, 675)


@pytest.mark.parametrize("words", ["!rotation iwn spy 3y", "!rotation 3y iwn spy", "!rotation IWN 3y vs SPY"])
async def test_text_commands_take_words_in_any_order(scene: Scene, words: str) -> None:
    sent = await scene.alice.send(scene.channel, words)
    assert scene.last.reference is not None
    assert scene.last.reference.message_id == sent.id
    assert "IWN, 3 years" in said(scene.last)


@pytest.mark.parametrize(
    "words",
    ["!rotation", "! rotation", "!ROTATION", "!rot", "!rotation r2k", "!rotation vs s&p 500", "!high", "!years 2015"],
)
async def test_what_people_type_gets_a_card(scene: Scene, words: str) -> None:
    await scene.alice.send(scene.channel, words)
    assert scene.last.flags.components_v2
    assert "Not investment advice." in said(scene.last)


async def test_the_bot_can_be_asked_by_mention(scene: Scene) -> None:
    assert scene.bot.user is not None
    await scene.alice.send(scene.channel, f"<@{scene.bot.user.id}> rotation 1y")
    assert "IWM, 1 year" in said(scene.last)


async def test_a_substitution_is_named_on_the_card(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation r2k 1y")
    assert "“r2k” is answered with IWM." in said(scene.last)


async def test_records_of_the_index_are_its_own(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "highs", fund="russell")
    assert "RUT" in said(scene.last)
    await scene.alice.slash(scene.channel, "highs", as_of="2025-12-04")
    assert "251.82" in said(scene.last)


async def test_years_give_the_calendar(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "years", as_of="2026-01-05")
    result = await scene.alice.click(scene.last, label="Table")
    assert result.ephemeral
    assert result.response is not None
    text = said(result.response)
    for figure in ("−20.5%", "+16.8%", "+11.4%"):  # IWM's 2022, 2023 and 2024
        assert figure in text


async def test_an_earlier_day_is_answered_as_of_that_evening(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation", window="ytd", as_of="2025-12-04")
    assert "+14.9%" in said(scene.last)
    assert "As of 4 Dec 2025" in said(scene.last)


async def test_a_holiday_uses_the_session_before_and_says_so(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation", as_of="2026-07-03")
    text = said(scene.last)
    assert "No session on Friday, 3 Jul 2026: answered for Thursday, 2 Jul 2026, the one before." in text
    assert "As of 2 Jul 2026" in text


@pytest.mark.parametrize(
    ("moment", "expected", "next_close"),
    [  # in the session, and on Saturday
        (
            datetime(2026, 7, 17, 15, 0, tzinfo=UTC),
            "Last close: Thursday, 16 Jul 2026",
            datetime(2026, 7, 17, 20, tzinfo=UTC),
        ),
        (
            datetime(2026, 7, 18, 15, 0, tzinfo=UTC),
            "Last close: Friday, 17 Jul 2026",
            datetime(2026, 7, 20, 20, tzinfo=UTC),
        ),
    ],
)
async def test_a_missing_bar_is_said(
    scene: Scene, clock: SettableClock, moment: datetime, expected: str, next_close: datetime
) -> None:
    clock.set(moment)
    await scene.alice.slash(scene.channel, "rotation")
    assert expected in said(scene.last)
    lands = int((next_close + timedelta(minutes=20)).timestamp())
    assert f"<t:{lands}:f>" in said(scene.last)


async def test_in_the_evening_after_the_close_nothing_is_missing(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    assert "Last close" not in said(scene.last)


async def test_the_clock_moved_on_brings_newer_numbers(scene: Scene, clock: SettableClock) -> None:
    clock.set(datetime(2026, 7, 31, 21, 0, tzinfo=UTC))
    await scene.alice.slash(scene.channel, "rotation")
    assert "As of 31 Jul 2026" in said(scene.last)
    assert "+12.6% against +8.5% since 30 Jan 2026" in said(scene.last)


async def test_the_same_question_twice_is_a_link_to_the_card_above(scene: Scene, clock: SettableClock) -> None:
    first = await scene.alice.slash(scene.channel, "rotation", window="1y")
    assert first.response is not None
    again = await scene.bob.slash(scene.channel, "rotation", window="1y")
    assert again.ephemeral
    assert again.response is not None
    assert first.response.message.jump_url in again.response.content
    await scene.bob.send(scene.channel, "!rotation 1y")
    assert first.response.message.jump_url in scene.last.content
    clock.set(datetime(2026, 7, 17, 20, 32, tzinfo=UTC))
    later = await scene.bob.slash(scene.channel, "rotation", window="1y")
    assert not later.ephemeral


async def test_a_deleted_card_is_not_linked_to(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation", window="1y")
    await scene.last.delete()
    await scene.env.settle()
    again = await scene.bob.slash(scene.channel, "rotation", window="1y")
    assert not again.ephemeral


async def test_another_channel_gets_its_own_card(scene: Scene) -> None:
    elsewhere = scene.guild.create_text_channel("elsewhere")
    await scene.alice.slash(scene.channel, "rotation")
    result = await scene.alice.slash(elsewhere, "rotation")
    assert not result.ephemeral
    assert result.response is not None
    assert result.response.message.flags.components_v2


async def test_commands_are_synced_on_the_first_start_alone(scene: Scene) -> None:
    def syncs() -> int:
        return sum(entry.method == "PUT" and entry.path.endswith("/commands") for entry in scene.env.http_requests)

    assert syncs() == 1
    await scene.env.restart_bot(scene.another())
    assert syncs() == 1


async def test_ready_again_and_resumed_do_nothing_twice(scene: Scene) -> None:
    before = len(scene.env.http_requests)
    for event in ("ready", "shard_ready", "resumed", "ready"):
        scene.bot.dispatch(event, *([0] if event.startswith("shard") else []))
    await scene.env.settle()
    assert len(scene.env.http_requests) == before
    await scene.alice.send(scene.channel, "!rotation")
    assert sum(message.author == scene.bot.user for message in scene.channel.history()) == 1


async def test_nothing_ever_mentions_anybody(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation 1y")
    await scene.alice.send(scene.channel, "!rotation @everyone")
    sent = [json.dumps(e.json) for e in scene.env.http_requests if e.method == "POST" and e.path.endswith("/messages")]
    assert len(sent) == 2
    assert all('"parse": []' in body for body in sent)
    assert not scene.last.mention_everyone


async def test_buttons_name_what_they_do(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    shown = buttons(scene.last)
    assert set(shown) == {"1M", "6M", "YTD", "1Y", "5Y", "Price only", "Explain", "Table", "CSV"} | {
        "PNG", "Another day", "Compare", "Set an alert",
    }  # fmt: skip
    assert [label for label, button in shown.items() if button.disabled] == ["6M"]


def test_the_sample_ends_when_the_tests_think() -> None:
    assert Catalogue.load().last_session == date(2026, 7, 31)


HELD = "SPY 60\nIWM 20\nNVDA 20"


async def test_holdings_left_out_are_asked_for_in_a_form_and_answered_privately(scene: Scene) -> None:
    form = await scene.alice.slash(scene.channel, "allocation", shift=0.5)
    assert form.response is None or not form.response.message.attachments
    answered = await scene.alice.submit_modal(form, {"answer": HELD})
    assert answered.ephemeral
    text = said(answered.response)
    typed = await scene.alice.slash(scene.channel, "allocation", holdings="SPY 60, IWM 20, NVDA 20", shift=0.5)
    assert typed.ephemeral
    assert text == said(typed.response)
    assert "20% of this is in small caps of the Russell 2000" in text


@pytest.mark.parametrize(
    ("holdings", "said_of_it"),
    [
        ("SPY 60, IWM 20", "add up to 80, not to 100"),
        ("SPY 300", "add up to 300, not to 100"),
        ("SPY 0, IWM 0", "nothing in this portfolio"),
        ("mostly small caps", "I do not understand “mostly small caps” as a holding"),
        ("SPY 60%, IWM $400", "not both"),
        ("@everyone 100", "I do not understand"),
    ],
)
async def test_what_is_wrong_with_a_form_of_holdings_is_said_to_its_owner(
    scene: Scene, holdings: str, said_of_it: str
) -> None:
    form = await scene.alice.slash(scene.channel, "allocation")
    refused = await scene.alice.submit_modal(form, {"answer": holdings})
    assert refused.ephemeral
    assert said_of_it in said(refused.response)
    assert " @everyone" not in said(refused.response)


async def test_a_text_command_without_holdings_says_how_to_write_them(scene: Scene) -> None:
    await scene.alice.send_dm("!allocation")
    answer = scene.alice.user.dm_channel.last_message
    assert answer is not None
    assert answer.content == "What do you hold? Write for instance SPY 60, IWM 20, NVDA 20."
