"""The community database, opened: one object with a part for each kind of thing."""

from types import TracebackType

from bot.community.alert_runs import AlertRuns
from bot.community.alerts import Alerts
from bot.community.answers import PublicAnswers
from bot.community.audit import AuditLog
from bot.community.database import Database
from bot.community.guilds import Guilds
from bot.community.ledger import Ledger
from bot.community.people import People, Replies
from bot.community.posts import Posts
from bot.community.privacy import Privacy
from bot.community.schedules import Schedules
from bot.community.transfer import Transfer
from bot.community.undo import Undo


class Community:
    """What servers and people have configured, and what was posted for them.

    The tables must be there: ``bot.community.database.migrate(url)`` makes them, before the event loop runs.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.guilds = Guilds(self.database)
        self.schedules = Schedules(self.database)
        self.ledger = Ledger(self.database)
        self.posts = Posts(self.database)
        self.alerts = Alerts(self.database)
        self.alert_runs = AlertRuns(self.database)
        self.audit = AuditLog(self.database)
        self.people = People(self.database)
        self.replies = Replies(self.database)
        self.answers = PublicAnswers(self.database)
        self.privacy = Privacy(self.database)
        self.transfer = Transfer(self.guilds, self.schedules, self.alerts)
        self.undo = Undo(self.audit, self.guilds, self.schedules, self.alerts)

    async def __aenter__(self) -> "Community":
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.ledger.settle()
        await self.database.close()
