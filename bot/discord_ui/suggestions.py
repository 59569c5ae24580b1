"""Which command was typed; to a mistyped one, now and then, what it may have meant, unless it may be another bot's."""

import difflib
import re
from typing import TYPE_CHECKING

from bot import i18n, words
from bot.discord_ui.admission import for_the_asker_alone
from bot.discord_ui.question import Question
from bot.discord_ui.translator import COMMAND, original_name
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.discord_ui.context import Context

_LIKENESS = 0.7
_MIX = re.compile(r"\d{1,3}(?:/\d{1,3})+%?")
_WHOLE = 100  # percent
_OPPOSITES = dict.fromkeys(("unblock", "desbloquear"), "block lift")  # which look like what they take back


def find_command(ctx: "Context") -> None:
    """Find a command of two words, of another language, or of a mix: ``!short interest``, ``!rotación``, ``!60/40``."""
    view, first, known = ctx.view, ctx.invoked_with or "", ctx.bot.all_commands
    index = view.index
    view.skip_ws()
    second = view.get_word()
    joined = (first + second).lower()
    if joined in known and len(second) > 1:  # S is a symbol: !short s is no !shorts
        ctx.invoked_with, ctx.command = joined, known[joined]
        return
    view.index = index
    if ctx.command is None and _is_mix(first):
        view.index = len(ctx.prefix or "")
        ctx.invoked_with, ctx.command = "allocation", known["allocation"]
    elif ctx.command is None and (name := original_name(first, known)):
        ctx.invoked_with, ctx.command = name, known[name]


def _is_mix(word: str) -> bool:
    """Return whether a word is a portfolio's parts, as in ``60/40``: somebody's own figures, whatever follows."""
    return bool(_MIX.fullmatch(word)) and sum(map(int, word.removesuffix("%").split("/"))) == _WHOLE


def suggestion(ctx: "Context") -> str | None:
    """Return a hint, None where nothing is close or there were hints enough. Private questions are pointed to slash."""
    bot = ctx.bot
    advice = words.no_advice().text() if words.asks_for_advice(ctx.message.content) else None
    text = advice or _by_name(ctx) or _by_sentence(ctx)
    return text if text and bot.pace.hint_allowed(ctx.channel.id, bot.clock.now()) else None


def _by_name(ctx: "Context") -> str | None:
    """Return the command whose name is nearly what was typed, or that does what it says."""
    typed = (ctx.invoked_with or "").lower()
    if typed in _OPPOSITES:
        return _did_you_mean(ctx, _OPPOSITES[typed])
    names = {i18n.in_context(COMMAND, name): command for name, command in ctx.bot.all_commands.items()}
    names |= ctx.bot.all_commands
    near = difflib.get_close_matches(typed, names, n=1, cutoff=_LIKENESS)
    if not near:
        return None
    meant = names[near[0]]
    if isinstance(meant, Question) and meant.request.private and ctx.guild is not None:
        return for_the_asker_alone(meant.name)
    return _did_you_mean(ctx, near[0])


def _by_sentence(ctx: "Context") -> str | None:
    """Return the question that was put in words, or the price of the fund whose symbol was all that was written."""
    line = ctx.message.content.removeprefix(ctx.prefix or "").strip().lower()
    symbol = line.removeprefix("$").upper()
    if symbol in ctx.bot.known().catalogue.symbols:
        return _did_you_mean(ctx, f"quote {symbol}")
    questions = [one for one in ctx.bot.commands if isinstance(one, Question)]
    asks = {text.lower(): one.name for one in questions for text in (one.asks, str(one.extras["asks"]))}
    near = difflib.get_close_matches(line, asks, n=1, cutoff=_LIKENESS)
    return _did_you_mean(ctx, asks[near[0]]) if near else None


def _did_you_mean(ctx: "Context", command: str) -> str:
    return _("Did you mean `{command}`?").format(command=f"{ctx.bot.prefix}{command}")
