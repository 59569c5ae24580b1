"""Commands of groups as people write them: verbs in any language and case, options with their names or without.

The library fills the options of a text command by their places alone, and a group whose verb it does not know does what
the group does by itself, as if nothing had been written. Both are put right before it reads the line.
"""

import difflib
import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from discord.ext import commands

from bot import i18n
from bot.discord_ui.translator import original_name
from bot.errors import BadInput
from bot.i18n import gettext as _

Body = Callable[..., Coroutine[Any, Any, None]]
_LIKENESS = 0.6


def in_order(text: str, names: Iterable[str]) -> str:
    """Return what was written for options as the library reads it: ``since:7d about:alert`` is ``alert 7d``."""
    parts = re.split(rf"(?<!\S)({'|'.join(names)}):\s*", text, flags=re.IGNORECASE)
    given = dict(zip(map(str.lower, parts[1::2]), parts[2::2], strict=True))
    return " ".join(part.strip() for part in (parts[0], *(given.get(name, "") for name in names)) if part.strip())


def _write(ctx: commands.Context[Any], text: str) -> None:
    """Put this in place of what of the line is still to be read."""
    view = ctx.view
    view.buffer = f"{view.buffer[: view.index]} {text}".rstrip()
    view.end = len(view.buffer)


class Verb(commands.HybridCommand[Any, ..., None]):
    """A command whose options may be named by text as they are by slash."""

    async def invoke(self, ctx: commands.Context[Any], /) -> None:
        """Read options by their names, too."""
        if self.clean_params:
            _write(ctx, in_order(ctx.view.buffer[ctx.view.index :], self.clean_params))
        await super().invoke(ctx)


class Group(commands.HybridGroup[Any, ..., None]):
    """Commands under one name, one of which is done where no other is named: typed or left out, it is the same."""

    def __init__(self, *args: Any, **attrs: Any) -> None:
        super().__init__(*args, **{"ignore_extra": False, **attrs})

    def verb(self, *, name: str | None = None, aliases: Sequence[str] = ()) -> Callable[[Body], Verb]:
        """Make a cog's method one of the group's commands."""

        def decorate(body: Body) -> Verb:
            made = Verb(body, name=name or body.__name__, aliases=list(aliases), parent=self)
            self.add_command(made)
            return made

        return decorate

    async def invoke(self, ctx: commands.Context[Any], /) -> None:
        """Do what the verb says; what is none is said to be none, once it is known that somebody may ask at all."""
        verb, rest = (*ctx.view.buffer[ctx.view.index :].split(None, 1), "", "")[:2]
        names = {*self.all_commands, str(self.fallback)}
        name = verb.lower() if verb.lower() in names else original_name(verb, names)
        if name and name != self.fallback:
            _write(ctx, f"{name} {rest}")
        else:
            words = rest if name else f"{verb} {rest}"
            _write(ctx, in_order(words, self.clean_params) if self.clean_params else words)
        try:
            await super().invoke(ctx)
        except commands.TooManyArguments as error:
            with i18n.use(ctx.language):  # type: ignore[attr-defined]  # our context is the only one
                raise commands.CommandInvokeError(self._not_understood(ctx, name)) from error

    def _not_understood(self, ctx: commands.Context[Any], named: str | None) -> BadInput:
        word = ctx.view.buffer[ctx.view.index :].split()[0]  # the first that nothing was made of
        verbs = [named] if named else sorted({command.name for command in self.commands} | {str(self.fallback)})
        near = difflib.get_close_matches(word.lower(), verbs, n=1, cutoff=_LIKENESS) or verbs
        names = i18n.one_of([f"`{ctx.bot.prefix}{self.qualified_name} {name}`" for name in near])
        text = _("I do not understand “{word}” here.").format(word=i18n.plain(word, 30))
        return BadInput(text + " " + _("Did you mean {names}?").format(names=names))


def group(fallback: str) -> Callable[[Body], Group]:
    """Make a cog's method a group of commands for everybody; called by text without a verb, it does ``fallback``."""
    return lambda body: Group(body, fallback=fallback)
