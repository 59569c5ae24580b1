"""The demo in a browser: the first card in the terminal, then the address of a page that looks like Discord."""

import asyncio
import re
import sys
from datetime import timedelta
from typing import TextIO

import discord
from simcord.backend.errors import SetupError

from bot.config import Settings
from bot.demo import past
from bot.demo.once import ask, raw_components
from bot.demo.stage import Stage, opened
from bot.demo.written import message_text
from bot.i18n import gettext as _
from bot.market.catalogue import NEW_YORK

FIRST = "rotation"
TRIES = ("/rotation window:1y", "!rotation iwn spy 3y", "!highs", "/years", "!rotation r2k vs nasdaq since april")
_STEP = re.compile(r"\+?(\d{1,4}) ?([hdw])")
_A_MOMENT, _ATTEMPTS = 0.2, 50
_MOST = timedelta(weeks=13)  # at once: every post on the way is made, and meanwhile nobody is answered
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


async def serve(settings: Settings, port: int, terminal: TextIO) -> int:
    """Show the page until it is closed or ctrl-C is pressed. Lines such as ``+1d`` move the clock forward."""
    async with opened(settings, past.WEEK_BEFORE) as stage:
        await past.lived_through(stage)
        await _first_card(stage, settings.discord.prefix, terminal)
        preview = stage.env.preview(
            stage.channel,
            viewers=[stage.member, stage.admin],
            layout="channel",
            port=port or None,
            timezone="America/New_York",
        )
        async with preview:
            _explain(preview.url, terminal)
            movers = [asyncio.create_task(_move_as_written(stage, preview, heard(stage)))]
            if sys.stdin.isatty():
                movers.append(asyncio.create_task(_move_as_typed(stage, preview, terminal)))
            try:
                await preview.wait_closed()
            finally:
                for mover in movers:
                    mover.cancel()
    return 0


async def _first_card(stage: Stage, prefix: str, terminal: TextIO) -> None:
    message = await ask(stage, FIRST, prefix)
    if message is not None:
        terminal.write(message_text(message, raw_components(stage.env, stage.channel, message)))
        terminal.flush()


def _explain(url: str, terminal: TextIO) -> None:
    tries = "\n".join(f"  {command}" for command in TRIES)
    terminal.write(
        "\n"
        + _("Open {url}").format(url=url)
        + "\n"
        + _("Type there, for instance:")
        + f"\n{tries}\n"
        + _("Write +1h there, or type it here, to move the clock forward an hour; +1d a day. Ctrl-C ends the demo.")
        + "\n"
    )
    terminal.flush()


async def _move_as_typed(stage: Stage, preview: object, terminal: TextIO) -> None:
    """Read lines from the terminal and move the clock as they say."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        terminal.write(await moved(stage, preview, line) + "\n")
        terminal.flush()


def heard(stage: Stage) -> "asyncio.Queue[str]":
    """Return what people write in the channel to move the clock, such as ``+1h``, as it comes."""
    steps: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message: discord.Message) -> None:
        if not message.author.bot and message.content.startswith("+") and _STEP.fullmatch(message.content.lower()):
            steps.put_nowait(message.content)

    stage.bot.add_listener(hear, "on_message")
    return steps


async def _move_as_written(stage: Stage, preview: object, steps: "asyncio.Queue[str]") -> None:
    """Move the clock as people write in the channel. The page lets go of the bot a moment after they wrote."""
    while True:
        step = await steps.get()
        for _attempt in range(_ATTEMPTS):
            await asyncio.sleep(_A_MOMENT)
            if (told := await moved(stage, preview, step)) != busy():
                break
        await past.say(stage, told)
        await preview.refresh()  # type: ignore[attr-defined]


def busy() -> str:
    """Return what is said while the bot is at work: its clock stands still."""
    return _("The bot is busy. Please try again.")


async def moved(stage: Stage, preview: object, line: str) -> str:
    """Move the clock by what a line says (``+1d``, ``3h``, ``+2w``) and return what to tell."""
    span = _span(line)
    if span is None:
        return _("Type +1d for a day, +1w for a week, +3h for hours: {n} weeks at most.").format(n=_MOST.days // 7)
    try:
        await past.forward(stage, span)
        await preview.refresh()  # type: ignore[attr-defined]
    except SetupError:
        return busy()
    now = stage.clock.now().astimezone(NEW_YORK)
    return _("It is {moment} in New York.").format(moment=now.strftime("%a %Y-%m-%d %H:%M"))


def _span(line: str) -> timedelta | None:
    """Return how far a line moves the clock; None where it says nothing of the kind, or more than can be waited for."""
    step = _STEP.fullmatch(line.strip().lower())
    span = int(step[1]) * _UNITS[step[2]] if step else None
    return span if span is not None and span <= _MOST else None
