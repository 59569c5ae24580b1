"""From a request to the card in a channel: compute, wait visibly when it takes long, send once."""

import asyncio
from collections.abc import Sequence

from bot import i18n
from bot.clock import Clock
from bot.discord_ui import controls
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

    async def answer(self, reply: Reply, request: Request, notes: Sequence[str] = ()) -> None:
        """Answer with a card, or with a link where the same card was just posted. Raises the bot's own errors."""
        now = self.clock.now()
        pinned = self.pinned(request)
        question = f"{reply.language}:{pinned.key()}"
        shared = reply.channel if reply.public and not request.private else None
        in_place = isinstance(reply, EditReply)
        if shared is not None and not in_place and (earlier := self.recent.find(shared, question, now)):
            await reply.say(_("That was just answered: {link}").format(link=earlier.jump_url))
            return
        rendered = await self.rendered(reply, request)
        with i18n.use(reply.language):
            view, files = card_view(
                rendered,
                notes=(*notes, *self._missing(request)),
                controls=() if request.private else controls.rows(pinned, rendered.report, reply.asker),
            )
        message = await reply.card(view, files)
        if shared is not None and message is not None:
            self.recent.forget(message.id)
            self.recent.note(shared, question, message, now)

    async def rendered(self, reply: Reply, request: Request) -> Rendered:
        """Return the computed report; after about a second the asker sees that it is being worked on."""
        work = asyncio.ensure_future(self.reports.get(request, language=reply.language, theme=self.theme))
        done, _pending = await asyncio.wait({work}, timeout=self.patience)
        if not done:
            await reply.wait()
        return await work

    def pinned(self, request: Request) -> Request:
        """Return the request with its day fixed: what buttons on the card go on speaking of."""
        return request.model_copy(update={"as_of": self.reports.day_of(request)})

    def _missing(self, request: Request) -> tuple[str, ...]:
        if request.as_of is not None:
            return ()
        note = missing_session(self.reports.catalogue, self.reports.today(), self.clock.now())
        return (note,) if note else ()
