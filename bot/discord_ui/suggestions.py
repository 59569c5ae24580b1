"""What is said to a mistyped command: what it may have meant, now and then; nothing where it may be another bot's."""

import difflib
from typing import TYPE_CHECKING

from bot import i18n, words
from bot.discord_ui.admission import for_the_asker_alone
from bot.discord_ui.question import Question
from bot.discord_ui.translator import COMMAND
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.discord_ui.context import Context

_LIKENESS = 0.7


def suggestion(ctx: "Context") -> str | None:
    """Return a hint, None where nothing is close or there were hints enough. Private questions are pointed to slash."""
    bot, typed = ctx.bot, (ctx.invoked_with or "").lower()
    if words.asks_for_advice(ctx.message.content):
        text = words.no_advice().text()
    else:
        names = {i18n.in_context(COMMAND, name): command for name, command in bot.all_commands.items()}
        names |= bot.all_commands
        near = difflib.get_close_matches(typed, names, n=1, cutoff=_LIKENESS)
        if not near:
            return None
        meant = names[near[0]]
        text = _("Did you mean `{command}`?").format(command=f"{bot.prefix}{near[0]}")
        if isinstance(meant, Question) and meant.request.private and ctx.guild is not None:
            text = for_the_asker_alone(meant.name)
    return text if bot.pace.hint_allowed(ctx.channel.id, bot.clock.now()) else None
