"""The demo's manners: refusals are answers, what is written moves its clock, one command is answered into a folder."""

import asyncio
from pathlib import Path

import pytest

from bot.config import Settings
from bot.demo import once
from bot.demo.page import busy, heard
from bot.demo.stage import SENTENCES_STAY, SETTLE_SECONDS, Stage, opened
from bot.demo.written import message_text
from bot.discord_ui.errors import foreseen
from bot.errors import BadInput, Unavailable
from tests.conftest import said

TYPED = [
    ("!rotation xyzq", "I have no data for “XYZQ”."),
    ("!highs iwmm", "Did you mean IWM?"),
    ("!schedule list", "Only people with “Manage Server”"),
    ("!si iwm bitcoin", "cryptocurrency"),
]
STEPS = ["+1h", "+2D", "+1w"]
TALK = ["1h", "+1x", "+1h please", "one +1h", "+", "+99999d"]


async def refusals_are_answers_and_hold_nothing_up(stage: Stage) -> None:
    loop = asyncio.get_running_loop()
    for typed, answered in TYPED:
        began, cursor = loop.time(), stage.env.error_cursor
        await stage.member.send(stage.channel, typed)
        last = stage.channel.last_message
        assert last is not None
        assert answered in last.content
        assert stage.env.errors_since(cursor) == (), "the page would call the action failed"
        assert loop.time() - began < SETTLE_SECONDS / 2, "a removal that is near holds up what is typed next"


async def sentences_go_when_the_clock_moves(stage: Stage) -> None:
    stay = [m.id for m in stage.channel.history() if "xyzq" in m.content.lower() and m.author.bot]
    assert stay
    await stage.env.advance_time(SENTENCES_STAY + 1)
    assert not {m.id for m in stage.channel.history()} & set(stay)


async def faults_of_ours_stay_faults(stage: Stage) -> None:
    cursor = stage.env.error_cursor
    stage.env._record_error(ZeroDivisionError("ours"))
    stage.env._record_error(BadInput("theirs"))
    assert [type(error) for error in stage.env.errors_since(cursor)] == [ZeroDivisionError]


async def what_people_write_moves_the_clock_and_talk_does_not(stage: Stage) -> None:
    steps = heard(stage)
    for text in [*TALK, *STEPS]:
        await stage.member.send(stage.channel, text)
    assert [steps.get_nowait() for _n in range(steps.qsize())] == STEPS


async def one_command_is_answered(stage: Stage) -> None:
    message = await once.ask(stage, "/years 2015", "!")
    assert message is not None
    text = message_text(message, once.raw_components(stage.env, stage.channel, message))
    assert "**" not in text
    assert "Not investment advice." in text
    assert said(message).splitlines()[0].removeprefix("-# ") == text.splitlines()[0]
    assert await once.ask(stage, "despacito", "!") is None


@pytest.mark.slow
async def test_the_demo_is_polite() -> None:
    async with opened(Settings()) as stage:  # simcord opens and closes in one task, which fixtures do not promise
        await refusals_are_answers_and_hold_nothing_up(stage)
        await sentences_go_when_the_clock_moves(stage)
        await faults_of_ours_stay_faults(stage)
        await what_people_write_moves_the_clock_and_talk_does_not(stage)
        await one_command_is_answered(stage)


async def test_once_writes_nothing_but_the_answer(tmp_path: Path) -> None:
    class Terminal:
        said = ""

        def write(self, text: str) -> int:
            self.said += text
            return len(text)

        def writelines(self, lines: list[str]) -> None:
            self.said += "".join(lines)

    terminal = Terminal()
    code = await once.answer(Settings(), "explain days to cover", tmp_path / "out", terminal)  # type: ignore[arg-type]  # what it writes to
    assert code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == [once.MESSAGE_FILE]
    assert terminal.said.startswith((tmp_path / "out" / once.MESSAGE_FILE).read_text(encoding="utf-8"))


def test_a_button_of_a_sign_and_a_file_are_written_by_their_names() -> None:
    components = [
        {"type": 17, "components": [
            {"type": 10, "content": "### **Head**\n-# small \\*print\\*"},
            {"type": 13, "file": {"url": "attachment://a.csv"}},
            {"type": 1, "components": [{"type": 2, "label": "Go"}, {"type": 2, "emoji": {"name": "x"}}]},
            {"type": 14},
        ]},
    ]  # fmt: skip

    class Plain:
        content = ""

    assert message_text(Plain(), components) == "Head\nsmall *print*\n[a.csv]\n(Go) (x)\n"  # type: ignore[arg-type]  # only its text is read


@pytest.mark.parametrize(
    ("error", "told"),
    [(BadInput("x"), True), (Unavailable("FINRA"), True), (ZeroDivisionError(), False), (KeyError("x"), False)],
)
def test_what_was_foreseen_is_no_fault(error: Exception, told: bool) -> None:
    assert foreseen(error) is told


def test_busy_is_said_in_words() -> None:
    assert busy().endswith("Please try again.")
