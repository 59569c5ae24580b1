"""What every administrative act needs: whose server, who acts, when, and the bot's parts."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import discord

from bot import i18n
from bot.community.records import By, GuildSettings, new_id
from bot.community.store import Community
from bot.discord_ui.house import has_bot
from bot.discord_ui.permissions import OnlyInServers

if TYPE_CHECKING:
    from bot.client import Handoff
    from bot.discord_ui.context import Context


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody acting in a server. ``act`` names the one thing they are doing, in the audit log."""

    bot: "Handoff"
    guild: discord.Guild
    member: discord.Member
    channel_id: int
    act: str = field(default_factory=new_id)

    @classmethod
    def of(cls, ctx: "Context") -> "Desk":
        """Return the desk of whoever called a command. Raises OnlyInServers."""
        return cls._in(ctx.bot, ctx.guild, ctx.author, ctx.channel.id)

    @classmethod
    def at(cls, interaction: "discord.Interaction[Handoff]") -> "Desk":
        """Return the desk of whoever pressed something. Raises OnlyInServers."""
        return cls._in(interaction.client, interaction.guild, interaction.user, interaction.channel_id or 0)

    @classmethod
    def _in(cls, bot: "Handoff", guild: discord.Guild | None, who: discord.abc.User, channel_id: int) -> "Desk":
        """Return the desk in a server that has the bot: one where somebody brought it along is nobody's to set up."""
        if guild is None or not has_bot(bot, guild.id) or not isinstance(who, discord.Member):
            raise OnlyInServers
        return cls(bot, guild, who, channel_id)

    @property
    def community(self) -> Community:
        """What servers have set."""
        return self.bot.community

    @property
    def by(self) -> By:
        """Who acts, and when."""
        return By(self.member.id, self.bot.clock.now(), self.act)

    async def settings(self) -> GuildSettings:
        """Return the server's settings; before the first change they speak the server's language."""
        stored = await self.community.guilds.get(self.guild.id)
        if stored != GuildSettings(guild_id=self.guild.id):
            return stored
        language = i18n.supported(self.bot.language_of(self.guild))
        return GuildSettings(guild_id=self.guild.id, language=language, theme=self.bot.answers.theme)

    async def settle(self, settings: GuildSettings) -> None:
        """Store the server's settings. Who does so first is the owner of record."""
        if settings.owner_user_id is None:
            settings = replace(settings, owner_user_id=self.member.id)
        await self.community.guilds.save(settings, self.by)
