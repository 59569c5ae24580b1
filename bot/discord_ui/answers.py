"""From a request to the card in a channel: compute, wait visibly when it takes long, send once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import i18n
from bot.clock import Clock
from bot.discord_ui import card_rows
from bot.discord_ui.card import card_view
from bot.discord_ui.pace import Recent
from bot.discord_ui.replies import EditReply, Reply
from bot.discord_ui.sessions import missing_session
from bot.i18n import gettext as _
from bot.request import Request
from bot.workers import Rendered, Reports

PATIENCE = 1.0  # seconds before the asker is shown that it takes longer; Discord gives up after three


class Answers:
    """Answers questions wherever they come from."""

    def __init__(self, reports: Reports, clock: Clock, *, theme: str = "dark") -> None:
        self.reports = reports
        self.clock = clock
        self.theme = theme
        self.patience = PATIENCE
        self.recent = Recent()
        self._open: dict[tuple[int, str], asyncio.Task[Any] | None] = {}

    async def answer(self, reply: Reply, request: Request, notes: Sequence[str] = ()) -> None:
        """Answer with a card, or with a link where the same card was just posted. Raises the bot's own errors."""
        place = self._shared_place(reply, request)
        if place is None:
            await self._send(reply, request, notes)
            return
        if not isinstance(reply, EditReply) and (earlier := await self._answered(place)):
            await reply.say(_("That was just answered: {link}").format(link=earlier.jump_url))
            return
        self._open[place] = asyncio.current_task()
        try:
            message = await self._send(reply, request, notes)
        finally:
            self._open.pop(place, None)
        if message is not None:
            self.recent.forget(message.id)
            self.recent.note(*place, message, self.clock.now())

    def _shared_place(self, reply: Reply, request: Request) -> tuple[int, str] | None:
        """Return the channel and the question where everyone there will see the answer."""
        if reply.channel is None or not reply.public or request.private:
            return None
        return reply.channel, f"{reply.language}:{self.pinned(request).key()}"

    async def _answered(self, place: tuple[int, str]) -> Any | None:
        """Return the message that just answered the same question there; one that is on its way is waited for."""
        if (earlier := self.recent.find(*place, self.clock.now())) is None and (open_task := self._open.get(place)):
            await asyncio.wait({open_task}, timeout=self.patience)
            earlier = self.recent.find(*place, self.clock.now())
        return earlier

    async def _send(self, reply: Reply, request: Request, notes: Sequence[str]) -> Any | None:
        rendered = await self.rendered(reply, request)
        pinned = self.pinned(request)
        with i18n.use(reply.language):
            shown, unseen = _showable(rendered, reply)
            view, files = card_view(
                shown,
                notes=(*notes, *unseen, *self._missing(request), *self._unpressable(pinned)),
                controls=self._rows(reply, pinned, rendered),
            )
        message = await reply.card(view, files)
        if reply.done is not None:
            await reply.done(message)
        return message

    def _rows(self, reply: Reply, pinned: Request, rendered: Rendered) -> Sequence[card_rows.Row]:
        if pinned.private:
            return ()
        return card_rows.rows(pinned, rendered.report, reply.asker, alone=not reply.public, in_server=reply.in_server)

    async def rendered(self, reply: Reply, request: Request) -> Rendered:
        """Return the computed report; after about a second the asker sees that it is being worked on."""
        theme = reply.theme or self.theme
        work = asyncio.ensure_future(self.reports.get(request, language=reply.language, theme=theme))
        done, _pending = await asyncio.wait({work}, timeout=self.patience)
        if not done:
            await reply.wait()
        return await work

    def pinned(self, request: Request) -> Request:
        """Return the request with its day fixed: what buttons on the card go on speaking of."""
        return request.model_copy(update={"as_of": self.reports.day_of(request)})

    def _unpressable(self, pinned: Request) -> tuple[str, ...]:
        return () if pinned.private else card_rows.remarks(pinned)

    def _missing(self, request: Request) -> tuple[str, ...]:
        if request.as_of is not None:
            return ()
        note = missing_session(self.reports.catalogue, self.reports.today(), self.clock.now())
        return (note,) if note else ()


def _showable(rendered: Rendered, reply: Reply) -> tuple[Rendered, tuple[str, ...]]:
    """Return the answer without its pictures where nothing may be attached, and a sentence that says so."""
    if reply.files or not rendered.images:
        return rendered, ()
    return replace(rendered, images={}), (_("There is no picture: I lack “Attach Files” in this channel."),)
