"""The Discord side of the bot: minimal intents, cogs found by name, one way in and one way to fail."""

import asyncio
import logging
import pkgutil
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord import app_commands
from discord.ext import commands

import cogs
from bot import i18n, words
from bot.clock import Clock
from bot.community.ledger import Ledger
from bot.community.store import Community
from bot.discord_ui.admin_controls import Confirm
from bot.discord_ui.admission import admit, keep_private
from bot.discord_ui.alert_controls import AlertControl
from bot.discord_ui.answers import Answers
from bot.discord_ui.asked import question_of
from bot.discord_ui.attendance import reconcile, roles_gone
from bot.discord_ui.bin import BinButton
from bot.discord_ui.context import Context
from bot.discord_ui.controls import Control
from bot.discord_ui.errors import explained, unwrapped
from bot.discord_ui.house import Door, house_of, place_id
from bot.discord_ui.pace import Mistakes, Pace
from bot.discord_ui.personal import ForgetMe
from bot.discord_ui.ping_role import PingButton
from bot.discord_ui.portal import refusals_told
from bot.discord_ui.posts import StoryButton, post_card
from bot.discord_ui.publisher import RestPublisher
from bot.discord_ui.replies import SHORT_LIVED
from bot.discord_ui.safe import answer_error
from bot.discord_ui.setup_form import SetupControl
from bot.discord_ui.suggestions import find_command, suggestion
from bot.discord_ui.translator import CatalogueTranslator
from bot.discord_ui.watchables import Watchables
from bot.discord_ui.welcome import SetupButton, greet
from bot.errors import UserError
from bot.jobs.publishing import Publisher
from bot.jobs.service import Jobs
from bot.log import origin
from bot.reading import Known
from bot.workers import Reports

log = logging.getLogger(__name__)

_LONGEST_REPLY = 6  # words: a longer reply to a card is talk, not a question


def intents() -> discord.Intents:
    """Return what the bot listens to: servers, messages for the prefix, nothing about members."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = True
    return wanted


class Tree(app_commands.CommandTree["Handoff"]):
    """Slash commands; what hybrids do not catch themselves is answered here."""

    async def on_error(
        self, interaction: "discord.Interaction[Handoff]", error: app_commands.AppCommandError, /
    ) -> None:
        """Answer an error to the asker alone."""
        await answer_error(interaction, error)


class Handoff(commands.AutoShardedBot):
    """The bot. Everything it needs is handed in.

    ``jobs`` makes the work by the clock out of the one who posts, which only a bot that is logged in can be. It
    starts with the gateway's first "ready" and ends before the connection does.
    """

    jobs: Jobs

    def __init__(
        self,
        reports: Reports,
        clock: Clock,
        *,
        community: Community,
        jobs: Callable[[Publisher], Jobs],
        prefix: str = "!",
        language: str = i18n.DEFAULT,
        theme: str = "dark",
        shard_count: int | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks: nothing to warn of
        super().__init__(
            command_prefix=commands.when_mentioned_or(prefix),
            tree_cls=Tree,
            help_command=None,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),  # questions allow more
            case_insensitive=True,
            strip_after_prefix=True,
            shard_count=shard_count,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self.reports = reports
        self.clock = clock
        self.community = community
        self._jobs_with = jobs
        self.prefix, self.language = prefix, language
        self.answers = Answers(reports, clock, theme=theme)
        self.pace = Pace()
        self.sentences_stay = SHORT_LIVED
        self.watchables = Watchables(reports)
        self.door = Door(community)
        self.mistakes = Mistakes()
        self.turns = WeakValueDictionary[int, asyncio.Lock]()  # of admins, by server: kept while somebody waits
        self.add_check(self._in_pace)

    # starting

    async def setup_hook(self) -> None:
        """Load what runs once per process: ``on_ready`` fires again at every reconnect, this does not."""
        self.jobs = self._jobs_with(RestPublisher(self.http, post_card))
        self.add_dynamic_items(
            AlertControl, Control, StoryButton, Confirm, SetupControl, BinButton, PingButton, SetupButton, ForgetMe
        )
        for name in sorted(module.name for module in pkgutil.iter_modules(cogs.__path__)):
            await self.load_extension(f"cogs.{name}")
        await self.tree.set_translator(CatalogueTranslator())
        if not await self.tree.fetch_commands():
            await self.sync()

    async def on_ready(self) -> None:
        """Note what changed meanwhile, then begin with what is due: at the first of many."""
        await reconcile(self)
        await self.jobs.start()

    async def close(self) -> None:
        """Stop working, then disconnect."""
        if hasattr(self, "jobs"):
            await self.jobs.__aexit__()
        await super().close()

    async def serve(self, token: str) -> None:
        """Stay connected until closed. Raises as ``refusals_told``."""
        with refusals_told():
            await self.start(token)

    async def sync_once(self, token: str) -> int:
        """Log in without connecting, tell Discord which commands there are, return how many."""
        with refusals_told():
            await self.login(token)
            return await self.sync()

    async def sync(self) -> int:
        """Tell Discord which slash commands there are; return how many."""
        synced = await self.tree.sync()
        log.info("%d commands synced", len(synced))
        return len(synced)

    @property
    def connected(self) -> bool:
        """Whether every shard hears Discord at this moment."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    # where the bot is

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server has the bot, perhaps again, and say hello."""
        await self.community.guilds.joined(guild.id)
        await greet(self, guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server no longer has the bot: after a while all about it is deleted."""
        await self.community.guilds.left(guild.id, self.clock.now())

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Ping a deleted role no more."""
        await roles_gone(self, role.guild, {role.id})

    @property
    def ledger(self) -> Ledger:
        """What was posted, and what is due."""
        return self.community.ledger

    # what questions are read against

    def known(self) -> Known:
        """Return the data, its last session by the clock, and the exchange's calendar day."""
        return self.reports.known()

    def language_of(self, guild: discord.Guild | None) -> str:
        """Return a server's language; the operator's choice where the server keeps Discord's default."""
        if guild is None or guild.preferred_locale is discord.Locale.american_english:
            return self.language
        return i18n.supported(str(guild.preferred_locale))

    # text commands

    async def get_context(self, source: Any, /, *, cls: Any = Context) -> Any:
        """Return our context; ``!short interest`` finds ``shortinterest``."""
        ctx = await super().get_context(source, cls=cls)
        if ctx.prefix is not None or ctx.message.reference is not None:
            ctx.house = await house_of(self, ctx.guild.id if ctx.guild else None, ctx.channel)
        if ctx.invoked_with:
            find_command(ctx)
        if ctx.invoked_with:
            name = ctx.command.qualified_name if ctx.command else ctx.invoked_with
            origin.set(f"guild {ctx.guild.id if ctx.guild else None} {ctx.prefix}{name}")
        return ctx

    async def on_message(self, message: discord.Message, /) -> None:
        """Answer text commands, and short replies to cards; never another bot."""
        if message.author.bot:
            return
        ctx = await self.get_context(message)
        if ctx.prefix is None and message.reference is not None:
            await self._on_reply(ctx, message)
        else:
            await self.invoke(ctx)

    async def _on_reply(self, ctx: Context, message: discord.Message) -> None:
        """Read a reply such as "vs qqq" or "1y" as the change to the card that a button would make.

        People also just talk to each other beneath a card: what cannot be read is left alone.
        """
        card = message.reference.resolved if message.reference else None
        if not isinstance(card, discord.Message) or self.user is None or card.author.id != self.user.id:
            return
        shown = question_of(card)
        if shown is None or len(message.content.split()) > _LONGEST_REPLY:
            return
        with i18n.use(ctx.language):
            try:
                reading = words.read(type(shown.request), message.content, self.known(), base=shown.request)
            except UserError:
                return
            try:
                self.pace.take(message.author.id, message.channel.id, self.clock.now())
                ctx.house.admit(shown.request.feature, place_id(message.channel), message.author.id, by_text=True)
                ctx.notes = reading.notes
                await ctx.reply_with(reading.request)
            except Exception as error:  # noqa: BLE001  (the outermost boundary)
                await self._say(ctx, explained(error))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read a command again that came to nothing and was corrected. Discord also tells of edits that are none."""
        if self.mistakes.corrected(payload.message_id, payload.message.content):
            await self.on_message(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget an answer that is gone: nobody is sent to it any more."""
        self.answers.recent.forget(payload.message_id)

    # pace and errors

    async def _in_pace(self, ctx: Context) -> bool:
        await keep_private(ctx)
        self.pace.take(ctx.author.id, ctx.channel.id, self.clock.now())
        await admit(ctx)
        return True

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]  # always our own Context
        """Answer every error of a command: to the asker alone by slash, for a short while by text."""
        if self.is_closed():
            log.info("a question was cut off by the end of the process")
            return
        if ctx.interaction is None:
            self.mistakes.note(ctx.message.id, ctx.message.content)
        with i18n.use(ctx.language):
            if isinstance(unwrapped(error), commands.CommandNotFound):
                await self._say(ctx, suggestion(ctx))
            else:
                await self._say(ctx, explained(error))

    async def _say(self, ctx: Context, text: str | None) -> None:
        if not text:
            return
        try:
            await ctx.answer_to(private=True).say(text)
        except discord.HTTPException as error:
            log.info("could not answer an error: %s", error)
