"""Commands that ask a question: their options are a request's fields, as slash options or as words in any order.

The library fills the parameters of a text command by position. Here all words are read together, and so are all
slash options, since a window may depend on the day. This takes one override of a method that is not public,
``Command._parse_arguments``; ``tests/discord_ui/test_question.py`` fails should it ever go away.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot import i18n, words
from bot.discord_ui.parameters import DESCRIPTIONS
from bot.reading import Known, Reading, read_options
from bot.request import Request

if TYPE_CHECKING:
    from bot.discord_ui.context import Context

Body = Callable[..., Coroutine[Any, Any, None]]


class Question(commands.HybridCommand[Any, ..., None]):
    """A hybrid command whose parameters are fields of ``request``; its body gets them read and checked."""

    @property
    def request(self) -> type[Request]:
        """The kind of question."""
        kind: type[Request] = self.extras["request"]
        return kind

    @property
    def asks(self) -> str:
        """The question as people put it, in the active language."""
        asks: str = self.extras["asks"]
        return i18n.gettext(asks)

    @property
    def example(self) -> str:
        """The command with words that may follow it, as it is typed after the prefix."""
        return f"{self.name} {self.extras['example']}".strip()

    def example_request(self, known: Known) -> Request:
        """Return what the example asks."""
        return words.read(self.request, self.extras["example"], known).request

    async def _parse_arguments(self, ctx: "Context") -> None:  # type: ignore[override]  # our context is the only one
        try:
            with i18n.use(ctx.language):
                reading = self._read(ctx)
        except Exception as error:  # the library answers CommandErrors alone, anything else it would drop in silence
            raise commands.CommandInvokeError(error) from error
        ctx.notes = reading.notes
        ctx.args = [self.cog, ctx]
        ctx.kwargs = {name: getattr(reading.request, name) for name in self.params}

    def _read(self, ctx: "Context") -> Reading:
        known = ctx.bot.known()
        if ctx.interaction is not None:
            return read_options(self.request, dict(iter(ctx.interaction.namespace)), known)
        return words.read(self.request, ctx.view.read_rest(), known)


def question(
    kind: type[Request], *, aliases: Sequence[str] = (), asks: str = "", example: str = ""
) -> Callable[[Body], Question]:
    """Make a cog's method the command that asks ``kind``. Its docstring is what people read in Discord's list.

    ``asks`` is the question as people put it, ``example`` words that may follow the command: help shows both.
    """

    def decorate(body: Body) -> Question:
        extras = {"request": kind, "asks": asks, "example": example}
        command = Question(_everywhere(_described(kind)(body)), aliases=list(aliases), extras=extras)
        if unknown := command.params.keys() - kind.model_fields.keys():
            raise TypeError(f"{command.name}: {', '.join(sorted(unknown))} not among the fields of {kind.__name__}")
        return command

    return decorate


def _everywhere(body: Body) -> Body:
    """Have Discord offer the command wherever somebody is: also in messages to each other, also without the bot."""
    contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(contexts(body))


def _described(kind: type[Request]) -> Callable[[Body], Body]:
    texts = {name: field.description or DESCRIPTIONS.get(name, "") for name, field in kind.model_fields.items()}

    def describe(body: Body) -> Body:
        names = body.__code__.co_varnames[: body.__code__.co_argcount]
        return app_commands.describe(**{name: texts[name] for name in names if texts.get(name)})(body)

    return describe
