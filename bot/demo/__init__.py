"""``handoff demo``: the real bot on the bundled sample, in a page that looks like Discord. No token, no network.

Discord is simcord's: real discord.py against an in-memory Discord. The bot, its workers and its answers are those
of ``handoff run``. The clock stands at Friday 2026-07-17, after the close; moved forward, it brings newer data.
"""

import argparse
import asyncio
import importlib.util
import sys

from bot.config import Settings
from bot.errors import ConfigError
from bot.i18n import gettext as _


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Open the demo, or answer ``chosen.once`` and stop; return the exit code."""
    if importlib.util.find_spec("simcord") is None:
        raise ConfigError([_("The demo needs the package simcord: install handoff-bot[demo].")])
    from bot.demo import once, page

    if chosen.once is not None:
        return asyncio.run(once.answer(settings, chosen.once, chosen.out, sys.stdout))
    return asyncio.run(page.serve(settings, chosen.port, sys.stdout))
