"""What the gateway knows of indicators: the list in each language, computed by a worker once a version and day."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import date

from bot import i18n
from bot.alerts import search
from bot.alerts.rule import Watched
from bot.errors import BotError, Unavailable
from bot.i18n import gettext as _
from bot.workers import Reports

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds: Discord takes completions within three
_KEPT = 8  # lists in other languages, of earlier days


class Watchables:
    """Indicators by id, as words and days."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._lists: dict[tuple[str, date, str], asyncio.Task[dict[str, Watched]]] = {}

    async def listing(self, language: str) -> dict[str, Watched]:
        """Return what can be listed in a language, by id in the order of its groups. Raises Unavailable."""
        key = (self._reports.catalogue.version, self._reports.today(), language)
        work = self._lists.get(key)
        if work is None or (work.done() and (work.cancelled() or work.exception() is not None)):
            while len(self._lists) >= _KEPT:
                self._lists.pop(next(iter(self._lists)))
            work = self._lists[key] = asyncio.create_task(self._load(language))
        return await asyncio.shield(work)

    async def _load(self, language: str) -> dict[str, Watched]:
        found: tuple[Watched, ...] = await self._reports.work("bot.alerts.work:listing", language)
        return {one.id: one for one in found}

    async def at_hand(self, language: str) -> dict[str, Watched]:
        """Return the list if it is there soon, else nothing: for completions, which may not wait."""
        try:
            return await asyncio.wait_for(self.listing(language), PATIENCE)
        except (TimeoutError, Unavailable):
            return {}

    async def find(self, indicator_id: str) -> Watched:
        """Return one indicator in the active language, listed or not. Raises BadInput with the nearest ids."""
        language = i18n.active()
        wanted = indicator_id.strip().strip("“”\"'`")
        known = await self.listing(language)
        if wanted in known:
            return known[wanted]
        by_title = [one for one in known.values() if one.title.casefold() == wanted.casefold()]
        if len(by_title) == 1:
            return by_title[0]
        found: Watched = await self._reports.work("bot.alerts.work:looked_up", language, wanted)
        return found

    async def named(self, ids: Iterable[str]) -> dict[str, Watched]:
        """Return these indicators in the active language, listed or not, without those that are gone.

        Nothing at all where the list is not at hand soon.
        """
        known = await self.at_hand(i18n.active())
        found: dict[str, Watched] = {}
        for one in dict.fromkeys(ids) if known else ():
            try:
                found[one] = known[one] if one in known else await self.find(one)
            except Unavailable:
                found[one] = bare(one)
            except BotError:
                continue
        return found

    async def matching(self, typed: str, language: str, count: int = 25) -> list[Watched]:
        """Return indicators for what was typed so far, what is meant first."""
        return search.found(typed, (await self.at_hand(language)).values(), count)


def bare(indicator_id: str) -> Watched:
    """Stand in for an indicator that nothing is known of: its id for a title."""
    return Watched(indicator_id, indicator_id, "ratio", "session", "")


def label(watched: Watched) -> str:
    """Name an indicator in a completion: its title, then its id."""
    return _("{title} · {id}").format(title=watched.title, id=watched.id)
