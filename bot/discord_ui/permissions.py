"""Who may change a server's settings: the one place that decides, for commands, buttons and selects alike.

Discord hides the commands from others (``default_permissions``), but a server's owner can override that, and admin
roles are known to the bot alone: so it is checked again whenever something is done.
"""

from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.community.store import Community
from bot.discord_ui.verbs import Body, Group, Verb
from bot.errors import UserError
from bot.i18n import gettext as _


class NotAllowed(UserError):
    """Somebody without the right wants to change a server's settings."""

    def text(self) -> str:
        """Say who may."""
        return _("Only people with “Manage Server”, or with a role that they chose for it, may do this.")


class OnlyInServers(UserError):
    """A server's setting asked for outside of any server."""

    def text(self) -> str:
        """Say where it works."""
        return _("This works only in a server.")


async def may_administer(community: Community, member: discord.Member | discord.User) -> bool:
    """Whether somebody has “Manage Server”, or a role that the server's admins chose."""
    if not isinstance(member, discord.Member):
        return False
    if member.guild_permissions.manage_guild:
        return True
    settings = await community.guilds.get(member.guild.id)
    return bool(set(settings.admin_roles) & {role.id for role in member.roles})


async def require_admin(community: Community, member: discord.Member | discord.User) -> None:
    """Raise NotAllowed, or OnlyInServers, unless somebody may administer."""
    if not isinstance(member, discord.Member):
        raise OnlyInServers
    if not await may_administer(community, member):
        raise NotAllowed


class MayNotPingEveryone(UserError):
    """Somebody wants the bot to ping everyone who may not do so themselves."""

    def text(self) -> str:
        """Say why not."""
        return _("You may not ping everyone yourself, so you cannot have me do it.")


def require_everyone(member: discord.Member) -> None:
    """Raise MayNotPingEveryone unless somebody may ping everyone themselves."""
    if not member.guild_permissions.mention_everyone:
        raise MayNotPingEveryone


class AdminCog(commands.Cog):
    """A cog all of whose commands are for admins."""

    async def cog_check(self, ctx: commands.Context[Any]) -> bool:
        """Check again at run time. The library answers CommandErrors alone, so the refusal travels in one."""
        try:
            await require_admin(ctx.bot.community, ctx.author)
        except UserError as refusal:
            raise commands.CommandInvokeError(refusal) from refusal
        return True


def _hidden(body: Body) -> Body:
    """Have Discord show a command in servers only, to people who may manage them."""
    in_servers = app_commands.allowed_installs(guilds=True, users=False)(app_commands.guild_only()(body))
    return app_commands.default_permissions(manage_guild=True)(in_servers)


def admin_group(fallback: str, *, aliases: Sequence[str] = ()) -> Callable[[Body], Group]:
    """Make a cog's method a group of commands for admins; called by text without a verb, it does ``fallback``."""
    return lambda body: Group(_hidden(body), fallback=fallback, aliases=list(aliases))


def admin_command(*, aliases: Sequence[str] = ()) -> Callable[[Body], Verb]:
    """Make a cog's method a command for admins."""
    return lambda body: Verb(_hidden(body), aliases=list(aliases))
