"""What goes wrong: every error is a clear sentence to the right person, nothing breaks, nothing is echoed raw."""

import re
from datetime import timedelta

import pytest

from bot.clock import SettableClock
from bot.discord_ui.pace import PER_CHANNEL, PER_PERSON
from tests.conftest import FRIDAY_EVENING, Scene, said

pytestmark = pytest.mark.simcord(settle_timeout=20)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"small": "IWMM"}, "I have no data for “IWMM”. Did you mean IWM?"),
        ({"small": "bitcoin"}, "cryptocurrency"),
        ({"small": "MAGS", "window": "5y"}, "its data begins on 11 Apr 2023"),
        ({"as_of": "2026-07-20"}, "20 Jul 2026 is still ahead: the last close I have is 17 Jul 2026."),
        ({"window": "2026-07-01", "as_of": "2026-06-01"}, "would begin on 1 Jul 2026, after its end on 1 Jun 2026"),
        ({"window": "4/3/2025"}, "can be read two ways"),
        ({"window": "whenever"}, "I do not understand “whenever” as a time."),
        ({"small": "VB", "basis": "price"}, "only dividend-adjusted prices"),
    ],
)
async def test_a_refusal_by_slash_is_for_the_asker_alone_and_at_once(
    scene: Scene, options: dict[str, str], words: str
) -> None:
    result = await scene.alice.slash(scene.channel, "rotation", **options)
    assert result.ephemeral
    assert not result.deferred
    assert result.response is not None
    assert words in result.response.content
    assert scene.channel.last_message is None or scene.last.flags.ephemeral


async def test_a_refusal_by_text_goes_away_after_half_a_minute(scene: Scene) -> None:
    sent = await scene.alice.send(scene.channel, "!rotation iwmm")
    assert "Did you mean IWM?" in scene.last.content
    assert scene.last.reference is not None
    await scene.env.advance_time(31)
    assert scene.last.id == sent.id


HOSTILE = [
    "@everyone @here", "<@1> <@&2> <#3>", "**bold** __under__ ~~no~~ `code` ||spoiler||", "[x](https://example.com)",
    "a" * 1900, "😀" * 400, "\x00\x07\x1b[31mred\x1b[0m", "\u202etxet\u202c \u200b\u200d", "```py\nx```", "> # - quote",
    "$(reboot)", "{0}{1}{name}", "%s %d %n", "'; DROP TABLE sessions;--", "window:" + "9" * 300, "\n" * 50 + "x",
    '"unclosed', "“unclosed", "vs vs vs", "as of as of", "since since",
]  # fmt: skip
LIVE_MARKUP = re.compile(r"(?<!\\)(?:[*_`|~]{2}|<@|@everyone|@here|\]\()|```|[\x00-\x09\x0b-\x1f\u202a-\u202e]")


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_are_answered_harmlessly(scene: Scene, text: str) -> None:
    await scene.alice.send(scene.channel, f"!rotation {text}")
    answer = said(scene.last)
    assert scene.last.author == scene.bot.user
    assert len(answer) < 2000
    if not scene.last.components:
        assert not LIVE_MARKUP.search(answer)
    assert not scene.last.mentions
    assert not scene.last.mention_everyone
    await scene.bob.slash(scene.channel, "rotation", window="3y")
    assert "3 years" in said(scene.last)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
async def test_hostile_options_are_answered_harmlessly(scene: Scene, text: str) -> None:
    for option in ("window", "small", "as_of"):
        result = await scene.alice.slash(scene.channel, "rotation", **{option: text})
        assert result.response is not None
        assert result.ephemeral
        assert not LIVE_MARKUP.search(result.response.content)


@pytest.mark.parametrize("typed", ["!rotatoin", "!hihgs 1y", "!yearz"])
async def test_a_mistyped_command_gets_one_suggestion_a_minute(scene: Scene, clock: SettableClock, typed: str) -> None:
    await scene.alice.send(scene.channel, typed)
    hint = scene.last
    assert hint.content.startswith("Did you mean `!")
    await scene.bob.send(scene.channel, typed)
    assert scene.last.author.id == scene.bob.id
    clock.set(FRIDAY_EVENING + timedelta(seconds=61))
    await scene.bob.send(scene.channel, typed)
    assert scene.last.content == hint.content


@pytest.mark.parametrize("text", ["!", "!!", "!?", "!play despacito", "hello", "rotation", "?rotation", "! "])
async def test_other_talk_and_other_bots_commands_are_left_alone(scene: Scene, text: str) -> None:
    sent = await scene.alice.send(scene.channel, text)
    assert scene.last.id == sent.id


async def test_other_bots_are_not_answered(scene: Scene) -> None:
    robot = scene.guild.add_member(scene.env.create_user("robot", bot=True))
    sent = await robot.send(scene.channel, "!rotation")
    assert scene.last.id == sent.id


@pytest.mark.parametrize("text", ["!should I buy?", "!rotation should i sell", "!is it over"])
async def test_those_who_ask_what_to_do_are_pointed_to_what_is_known(scene: Scene, text: str) -> None:
    await scene.alice.send(scene.channel, text)
    assert "I measure, I do not advise. /thesis" in scene.last.content


async def test_too_many_questions_are_slowed_down_for_the_person_alone(scene: Scene, clock: SettableClock) -> None:
    windows = ("1w", "1m", "3m", "6m", "1y", "2y", "ytd", "10y")
    assert len(windows) == PER_PERSON[0]
    for window in windows:
        assert not (await scene.alice.slash(scene.channel, "rotation", window=window)).ephemeral
    for late in (0.0, 10.6):
        clock.set(FRIDAY_EVENING + timedelta(seconds=late))
        refused = await scene.alice.slash(scene.channel, "rotation", window="3y")
        assert refused.ephemeral
        assert refused.response is not None
        told = re.fullmatch(r"A moment, please: ask again in (\d+) seconds?\.", refused.response.content)
        assert told is not None
        assert late + int(told[1]) >= PER_PERSON[1], "who waits as long as was said is not refused again"
    assert not (await scene.bob.slash(scene.channel, "rotation", window="3y")).ephemeral
    clock.set(FRIDAY_EVENING + timedelta(seconds=late + int(told[1])))
    assert not (await scene.alice.slash(scene.channel, "rotation", window="5y")).ephemeral


async def test_a_busy_channel_is_slowed_down_as_a_whole(scene: Scene) -> None:
    people = [scene.guild.add_member(scene.env.create_user(f"person{n}")) for n in range(13)]
    results = [await person.slash(scene.channel, "highs") for person in people]
    texts = [result.response.content for result in results if result.response is not None]
    assert ["A moment" in text for text in texts] == [False] * 12 + [True]


async def test_presses_of_many_keep_nobody_from_pressing(scene: Scene, clock: SettableClock) -> None:
    """Copies are seen by whoever pressed alone: a busy channel is no reason to refuse them."""
    await scene.alice.slash(scene.channel, "rotation")
    count = PER_CHANNEL[0] + 2
    for number in range(count):
        somebody = scene.guild.add_member(scene.env.create_user(f"presser{number}"))
        pressed = await somebody.click(scene.last, label="Explain")
        assert "A moment, please" not in said(pressed.response)
    pressed = await scene.bob.click(scene.last, label="1Y")
    assert "IWM, 1 year" in said(pressed.response)


async def test_whoever_presses_without_end_waits(scene: Scene, clock: SettableClock) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    for _n in range(PER_PERSON[0]):
        pressed = await scene.bob.click(scene.last, label="PNG")
        assert "The picture on its own." in said(pressed.response)
    refused = await scene.bob.click(scene.last, label="PNG")
    assert "A moment, please" in said(refused.response)
