"""What can be asked about the scoreboard."""

from datetime import date
from typing import ClassVar

from bot.request import Request


class ThesisRequest(Request):
    """``since`` is the day whose verdicts today's are compared with; None for a week before."""

    feature: ClassVar[str] = "thesis"
    told: ClassVar[frozenset[str]] = frozenset({"since"})
    since: date | None = None
