"""A server with alerts, real workers' code, a real database and the stand-in of Discord; a clock moved by hand."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.alerts.rule import Rule
from bot.community.alert_records import Alert
from bot.community.deliveries import Delivery
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.jobs.alerts import AlertWatch
from bot.jobs.corrections import Corrections
from bot.jobs.deliveries import Deliverer
from bot.pool import Pool
from bot.workers import Reports
from tests.community.examples import BY, CHANNEL, GUILD, alert
from tests.jobs.support import Shifted
from tests.standin.process import StandIn

EVENING = datetime(2026, 7, 17, 21, 30, tzinfo=UTC)  # after Friday's close
BELOW_290 = Rule(indicator="price.close.IWM", condition="below", threshold=290.0)  # 29 July closes at 288.57
ABOVE_296 = Rule(indicator="price.close.IWM", condition="crosses_above", threshold=296.0)  # 21 July at 296.54


def evening(day: int) -> datetime:
    """Return a moment after the close of a day of July 2026."""
    return EVENING.replace(day=day)


class Direct(Pool):
    """Does workers' work in this process: the same code, nothing to start."""

    def __init__(self) -> None:
        super().__init__("sample")
        self.calls: list[str] = []
        self.before: Callable[[str], None] | None = None

    async def run(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        if self.before is not None:
            self.before(function)
        self.calls.append(function)
        module, _colon, name = function.partition(":")
        return getattr(importlib.import_module(module), name)(*arguments)


class World:
    """What happens after each ingest, step by step."""

    def __init__(self, community: Community, sender: RestPublisher, standin: StandIn) -> None:
        self.community = community
        self.standin = standin
        self.sender = sender
        self.clock = Shifted(EVENING)
        self.pool = Direct()
        self.data = "sample"
        self.reports = Reports(self.pool, self.clock, lambda: self.data)
        self.watch = self.another_process()
        self.deliverer = Deliverer(community, self.reports, sender, self.clock, holder="test")

    def another_process(self) -> AlertWatch:
        """Return a watch that remembers nothing, as after a restart."""
        return AlertWatch(self.community, self.reports, self.sender, self.clock)

    async def add(self, rule: Rule, **changes: Any) -> Alert:
        """Add an alert as the command does: standing as its history left it."""
        began = await self.reports.work("bot.alerts.work:began", rule.model_dump_json())
        made = alert(rule=rule, standing=began.state, per_year=began.per_year, **changes)
        return await self.community.alerts.add(made, replace(BY, at=self.clock.now()))

    async def at(self, day: int) -> int:
        """Move to the evening of a day of July, evaluate and post; returns how many rows were entered."""
        self.clock.at = evening(day)
        self.standin.set(ahead=(self.clock.at - _now()).total_seconds())
        entered = await self.watch.run()
        await self.deliverer.drain()
        return entered

    async def through(self, *days: int) -> int:
        """Go through several evenings."""
        return sum([await self.at(day) for day in days])

    async def new_data(self, folder: str) -> int:
        """Let another dataset version arrive, and do what the jobs do then."""
        self.data = folder
        assert self.reports.refresh()
        entered = await self.watch.run()
        await Corrections(self.community, self.reports, self.sender, self.clock).run(self.reports.catalogue.version)
        await self.deliverer.drain()
        return entered

    async def rows(self, guild_id: int = GUILD) -> list[Delivery]:
        """Return the ledger, oldest first."""
        return (await self.community.ledger.history(guild_id, limit=1000))[::-1]

    def messages(self, channel: int = CHANNEL) -> list[dict[str, Any]]:
        """Return what stands in a channel."""
        return self.standin.messages(channel)


def _now() -> datetime:
    return datetime.now(UTC)
