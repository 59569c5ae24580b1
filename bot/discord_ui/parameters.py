"""Options of commands: windows, days and funds, each read alike from slash options and from words.

Each class is a Transformer (slash) and a Converter (text) in one, and offers completions from the catalogue. They
give text or a date back, never an Enum: Discord forbids choices beside autocomplete, and the library builds both.
"""

from abc import abstractmethod
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot import i18n, metrics
from bot.discord_ui.limits import OPTION_TEXT, OPTIONS, cut
from bot.errors import UserError
from bot.i18n import gettext as _
from bot.reading import Known, session_of
from bot.symbols import resolve
from bot.windows import ARTICLE, OFFERED, Window, parse_date, parse_window

if TYPE_CHECKING:
    from bot.client import Handoff

Choices: TypeAlias = list[app_commands.Choice[str]]

DESCRIPTIONS = {
    "window": "How far back: 6m, ytd, 1y, or the day it starts",
    "as_of": "As known on the evening of that day",
    "basis": "With dividends, or price alone",
    "small": "The small-cap side",
    "large": "The large-cap side",
    "fund": "Fund or index",
    "symbol": "Ticker",
    "symbols": "Tickers",
    "index": "Index",
    "since": "First year to show",
    "benchmark": "What they are measured against",
    "n": "How many to show",
    "sector": "Only this sector",
    "cap": "Only companies of this size",
    "indicator": "Which series",
    "metric": "Which figure",
    "event": "What happened",
    "side": "Who takes over",
    "gap_days": "Days without a record before one counts",
    "points": "Lead in six months, in percentage points",
    "holdings": "For instance SPY 60, IWM 20, NVDA 20: percent, $ or shares",
    "unit": "What plain numbers mean",
    "shift": "Part to shift to small caps, 0.10 is a tenth",
    "account": "Size of the account in dollars",
    "risk": "Part of the account to risk, 0.01 is one percent",
    "ranges": "How many average ranges the stop is away",
}


class WrittenParameter(app_commands.Transformer["Handoff"], commands.Converter[str]):
    """A text as it was written, looked up where it is used; subclasses say what to offer, or read it more closely."""

    def read(self, text: str) -> str:
        """Return what a text stands for. May raise a UserError."""
        return text

    async def transform(self, interaction: "discord.Interaction[Handoff]", value: str, /) -> str:
        """Read a slash option."""
        with i18n.use(i18n.supported(str(interaction.locale))):
            return self.read(value)

    async def convert(self, ctx: commands.Context[Any], argument: str) -> str:  # noqa: ARG002
        """Read the words of a text command."""
        return self.read(argument)


class _Parameter(app_commands.Transformer["Handoff"], commands.Converter[Any]):
    """Reads one option; subclasses say how, and what to offer while somebody types."""

    @abstractmethod
    def read(self, text: str, known: Known) -> Any:
        """Return the value of a text. Raises a UserError."""

    @abstractmethod
    def offers(self, text: str, known: Known) -> Choices:
        """Return completions, the most likely first."""

    async def transform(self, interaction: "discord.Interaction[Handoff]", value: str, /) -> Any:
        """Read a slash option."""
        with i18n.use(i18n.supported(str(interaction.locale))):
            return self.read(value, interaction.client.known())

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Any:
        """Read a word of a text command."""
        return self.read(argument, ctx.bot.known())

    async def autocomplete(self, interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer completions in the language of who types."""
        with i18n.use(i18n.supported(str(interaction.locale))):
            return self.offers(str(value)[:OPTION_TEXT].strip(), interaction.client.known())[:OPTIONS]


class WindowParameter(_Parameter):
    """A window or the day it starts, as canonical text."""

    def read(self, text: str, known: Known) -> str:
        """Return the canonical window."""
        return parse_window(text, known.last).text

    def offers(self, text: str, known: Known) -> Choices:
        """Offer what the text means, and the usual windows it could become."""
        usual = [Window(name) for name in OFFERED]
        if text:
            lowered = text.lower()
            usual = [w for w in usual if w.text.startswith(lowered) or lowered in w.words().lower()]
            try:
                meant = parse_window(text, known.last)
            except UserError:
                pass
            else:
                usual = [meant, *(window for window in usual if window != meant)]
        return [_choice(window.words(), window.text) for window in usual]


class AsOfParameter(_Parameter):
    """A day, moved to the session that answers for it."""

    def read(self, text: str, known: Known) -> date:
        """Return the session."""
        return session_of(parse_date(text, known.today), known)[0]

    def offers(self, text: str, known: Known) -> Choices:
        """Offer the day the text means, or the last session and the day the claim was made."""
        if not text:
            article = session_of(ARTICLE, known)[0]
            return [
                _choice(_("{day}, the last close").format(day=i18n.day(known.last)), known.last.isoformat()),
                _choice(_("{day}, the day of the claim").format(day=i18n.day(article)), article.isoformat()),
            ]
        try:
            session = self.read(text, known)
        except UserError:
            return []
        return [_choice(i18n.day(session), session.isoformat())]


class FundParameter(_Parameter):
    """A symbol with stored prices."""

    def read(self, text: str, known: Known) -> str:
        """Return the stored symbol."""
        return resolve(text, known.catalogue).symbol

    def offers(self, text: str, known: Known) -> Choices:
        """Offer symbols that begin with the text, then those whose name holds it, then what it stands for."""
        found = known.catalogue.matching(text.removeprefix("$"), OPTIONS)
        if not found:
            try:
                symbol = resolve(text, known.catalogue).symbol
            except UserError:
                return []
            found = ((symbol, known.catalogue.name(symbol)),)
        return [_choice(f"{symbol} · {name}", symbol) for symbol, name in found]


class ListedParameter(_Parameter):
    """Any listed symbol, with or without stored prices."""

    def read(self, text: str, known: Known) -> str:
        """Return the symbol as the whole-market tables spell it."""
        return resolve(text, known.catalogue, listed=True).symbol

    def offers(self, text: str, known: Known) -> Choices:
        """Offer symbols that begin with the text, then those whose name holds it."""
        found = known.catalogue.matching(text.removeprefix("$"), OPTIONS, listed=True)
        return [_choice(f"{symbol} · {name}", symbol) for symbol, name in found]


class ListedSeveralParameter(ListedParameter):
    """Several listed symbols in one option, apart by spaces or commas; completions are for the last one."""

    def read(self, text: str, known: Known) -> str:
        """Return the symbols apart by commas."""
        return ",".join(
            super(ListedSeveralParameter, self).read(part, known) for part in text.replace(",", " ").split()
        )

    def offers(self, text: str, known: Known) -> Choices:
        """Offer what the last symbol may become, behind those that are already there."""
        *before, last = text.replace(",", " ").split(" ")
        ahead = " ".join(part.upper() for part in before if part)
        offered = super().offers(last, known)
        if not ahead:
            return offered
        return [_choice(f"{ahead} {choice.name}", f"{ahead} {choice.value}") for choice in offered]


class DefinitionParameter(_Parameter):
    """The id of a definition."""

    def read(self, text: str, known: Known) -> str:  # noqa: ARG002  (the base class fixes the signature)
        """Return the text: it is searched where the definitions are."""
        return text

    def offers(self, text: str, known: Known) -> Choices:  # noqa: ARG002
        """Offer definitions whose name or id holds the text."""
        wanted = text.lower()
        found = [m for m in metrics.catalogue().values() if wanted in m.name.lower() or wanted in m.id]
        return [_choice(m.name, m.id) for m in found]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=cut(name, OPTION_TEXT), value=value)


WindowOrDate = app_commands.Transform[str, WindowParameter]
AsOf = app_commands.Transform[date | None, AsOfParameter]
Fund = app_commands.Transform[str, FundParameter]
Definition = app_commands.Transform[str, DefinitionParameter]
Listed = app_commands.Transform[str, ListedParameter]
ListedSeveral = app_commands.Transform[str, ListedSeveralParameter]
