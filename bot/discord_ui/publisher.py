"""Posting through Discord's REST alone: no gateway, no cache, so that any process can do it.

What is tried again (``Caller``) is sent with the same nonce and a freshly built card, as its files can be sent once. A
forum's posts know no nonce: there nothing is ever sent again before it has been looked up.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord.http import HTTPClient, MultipartParameters, Route, handle_message_parameters
from discord.ui import LayoutView

from bot.community.deliveries import Target
from bot.discord_ui.caller import Caller
from bot.discord_ui.lookup import History
from bot.discord_ui.multipart import Once, without_files
from bot.discord_ui.refusals import GONE_CHANNEL, GONE_MESSAGE, refused
from bot.jobs import reasons
from bot.jobs.publishing import Gone, Ping, Post, Refused, Standing, always

Card = tuple[LayoutView, list[discord.File]]
Compose = Callable[[Post], Card]

PER_SECOND = 46.5  # of the 50 that Discord allows a bot; the rest is for answers
PAUSES = (0.3, 1.0, 2.0)  # seconds between tries when Discord is out of reach
CLOCKS_DIFFER = timedelta(hours=1)  # ours may be wrong; a message that is not found is sent again
_USUALLY_DIFFER = timedelta(minutes=2)
_TITLE_LENGTH = 100
_ARCHIVED, _NO_REPLIES = 50083, 160002
_ALREADY_CROSSPOSTED = 40033
_PINNED = 1 << 1  # a thread's flag
_NO_PIN = {GONE_MESSAGE, GONE_CHANNEL, _ARCHIVED}


class RestPublisher:
    """Posts cards. ``compose`` builds one afresh each time; it must carry ``post.id`` in a custom id.

    ``http`` is logged in: the running bot's own, or one made for the purpose.
    """

    def __init__(
        self,
        http: HTTPClient,
        compose: Compose,
        *,
        per_second: float = PER_SECOND,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._http = http
        self._compose = compose
        self._calls = Caller(http, per_second, pauses)
        self._history = History(http, self._calls.persist)
        self._composing = asyncio.Lock()

    async def post(self, post: Post, in_time: Callable[[], bool] = always) -> Standing:
        """Send a new message; in a forum, a new thread of that title. Raises Refused or Unsettled."""
        if post.target.kind == "forum":
            return await self._post_in_forum(post, in_time)
        try:
            return await self._send(post, in_time)
        except discord.HTTPException as error:
            post = await self._eased(post, error)
        try:
            return await self._send(post, in_time)
        except discord.HTTPException as error:
            raise refused(error) from error

    async def _eased(self, post: Post, error: discord.HTTPException) -> Post:
        """Return a post that may be taken where the first was not. Raises Refused where nothing helps."""
        if error.code == _ARCHIVED:
            await self._unarchive(post.channel_id)
            return post
        if error.code == _NO_REPLIES and post.target.reply_to is not None:
            return replace(post, target=replace(post.target, reply_to=None))
        raise refused(error) from error

    async def _send(self, post: Post, in_time: Callable[[], bool]) -> Standing:
        async def attempt() -> Standing:
            await self._in_line()
            with self._parameters(post, nonce=post.id) as params:
                await self._calls.turn(in_time)  # with the card made: what passes is on the wire at once
                sent = await self._http.send_message(post.channel_id, params=params)
            return Standing(int(sent["channel_id"]), int(sent["id"]))

        return await self._calls.insist(attempt)

    async def _in_line(self) -> None:
        """Let one card be made at each turn of the loop: many that fall due at once would stop it for long."""
        async with self._composing:
            await asyncio.sleep(0)

    async def _post_in_forum(self, post: Post, in_time: Callable[[], bool]) -> Standing:
        title = discord.utils.remove_markdown(post.reports[0].title)[:_TITLE_LENGTH]
        channel = {"name": title, "applied_tags": [str(tag) for tag in post.target.tags]}
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=post.channel_id)

        async def attempt() -> Standing:
            await self._in_line()
            with self._parameters(post, channel_payload=channel) as params:
                form = params.multipart or without_files(params.payload)
                query = {"use_nested_fields": 1}
                await self._calls.turn(in_time)
                thread = await self._http.request(route, files=params.files, form=Once(form), params=query)
            return Standing(int(thread["id"]), int(thread["id"]))

        try:
            return await self._calls.insist(attempt, again=False)
        except discord.HTTPException as error:
            raise refused(error) from error

    async def edit(self, post: Post, standing: Standing) -> None:
        """Replace a message's card and pictures. Raises Gone, Refused or Unsettled."""

        async def attempt() -> None:
            await self._in_line()
            with self._parameters(post, editing=True) as params:
                await self._calls.turn()
                await self._http.edit_message(standing.channel_id, standing.message_id, params=params)

        try:
            try:
                await self._calls.insist(attempt)
            except discord.HTTPException as error:
                if error.code != _ARCHIVED:
                    raise
                await self._unarchive(standing.channel_id)
                await self._calls.insist(attempt)
        except discord.HTTPException as error:
            if error.code == GONE_MESSAGE:
                raise Gone from error
            raise refused(error) from error

    async def find(
        self, post_id: str, guild_id: int, channel_id: int, target: Target, since: datetime
    ) -> Standing | None:
        """Look a post up by its marker. Raises Refused where history may not be read, or Unsettled."""
        after = discord.utils.time_snowflake(since - CLOCKS_DIFFER)
        if target.kind == "forum":
            return await self._history.find_thread(post_id, guild_id, channel_id, after)
        silent_since = discord.utils.time_snowflake(since - _USUALLY_DIFFER)
        return await self._history.find_message(post_id, channel_id, after, silent_since)

    async def crosspost(self, standing: Standing) -> None:
        """Publish to followers; a second time is no fault."""
        await self._calls.unless(
            {_ALREADY_CROSSPOSTED}, lambda: self._http.publish_message(standing.channel_id, standing.message_id)
        )

    async def pin(self, standing: Standing) -> None:
        """Pin a message; a forum's post is pinned in its forum."""
        if standing.opens_thread:
            await self._calls.once(lambda: self._http.edit_channel(standing.channel_id, archived=False, flags=_PINNED))
        else:
            await self._calls.once(lambda: self._http.pin_message(standing.channel_id, standing.message_id))

    async def unpin(self, standing: Standing) -> None:
        """Take a pin off. What is gone has none; nor has a forum's post once it is archived."""
        if standing.opens_thread:
            await self._calls.unless(_NO_PIN, lambda: self._http.edit_channel(standing.channel_id, flags=0))
        else:
            await self._calls.unless(
                _NO_PIN, lambda: self._http.unpin_message(standing.channel_id, standing.message_id)
            )

    async def delete(self, standing: Standing) -> None:
        """Delete a message; one that is gone is deleted."""
        await self._calls.unless(
            {GONE_MESSAGE}, lambda: self._http.delete_message(standing.channel_id, standing.message_id)
        )

    async def tell(
        self, user_id: int | None, guild_id: int | None, channel_id: int | None, text: str, nonce: str
    ) -> bool:
        """Tell a person by DM, else the given channel, else the server's system channel; False for none of them."""
        ways: tuple[Callable[[], Awaitable[int | None]], ...] = (
            partial(self._dm_channel, user_id),
            partial(_known, channel_id),
            partial(self._system_channel, guild_id),
        )
        for way in ways:
            try:
                found = await way()
                if found is not None:
                    await self._say(found, text, nonce)
                    return True
            except Refused:
                continue
        return False

    async def note(self, channel_id: int, text: str, nonce: str, role_id: int | None) -> None:
        """Say something in a log channel. Raises Refused or Unsettled."""
        ping = Ping(role_id) if role_id is not None else None
        called = text if ping is None else f"<@&{role_id}> {text}"
        await self._say(channel_id, called, nonce, ping)

    async def _say(self, channel_id: int, text: str, nonce: str, ping: Ping | None = None) -> None:
        allowed = _mentions(ping)
        with handle_message_parameters(content=text, nonce=nonce, allowed_mentions=allowed) as params:
            await self._calls.once(lambda: self._http.send_message(channel_id, params=params))

    async def _dm_channel(self, user_id: int | None) -> int | None:
        if user_id is None:
            return None
        return int((await self._calls.once(lambda: self._http.start_private_message(user_id)))["id"])

    async def _system_channel(self, guild_id: int | None) -> int | None:
        if guild_id is None:
            return None
        guild = await self._calls.once(lambda: self._http.get_guild(guild_id, with_counts=False))
        found = guild.get("system_channel_id")
        return int(found) if found else None

    async def _unarchive(self, thread_id: int) -> None:
        try:
            await self._calls.once(lambda: self._http.edit_channel(thread_id, archived=False))
        except Refused as refusal:
            raise Refused(reasons.THREAD_CLOSED, refusal.detail) from refusal

    def _parameters(
        self,
        post: Post,
        *,
        nonce: str | None = None,
        editing: bool = False,
        channel_payload: Any = discord.utils.MISSING,
    ) -> MultipartParameters:
        view, files = self._compose(post)
        if not any(post.id in (getattr(item, "custom_id", None) or "") for item in view.walk_children()):
            raise ValueError("the card does not carry the post's id: it could not be found again after a crash")
        pictures: dict[str, Any] = {"attachments": files} if editing else {"files": files}
        if post.target.reply_to is not None and not editing:
            pictures["message_reference"] = {"message_id": post.target.reply_to, "fail_if_not_exists": False}
        return handle_message_parameters(
            view=view,
            nonce=nonce,
            allowed_mentions=_mentions(None if editing else post.ping),
            channel_payload=channel_payload,
            **pictures,
        )


def _mentions(ping: Ping | None) -> discord.AllowedMentions:
    """Allow nobody, or exactly whom admins chose."""
    if ping is None:
        return discord.AllowedMentions.none()
    roles = [] if ping.role_id is None else [discord.Object(ping.role_id)]
    return discord.AllowedMentions(everyone=ping.everyone, users=False, roles=roles, replied_user=False)


async def _known(channel_id: int | None) -> int | None:
    return channel_id
