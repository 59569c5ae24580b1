"""The question: what comes next."""

from typing import ClassVar, Literal

from pydantic import Field

from bot.request import Request


class WhenRequest(Request):
    """The next Fed decision, short-interest dates, index reconstitution, holidays and early closes.

    ``event`` names the one that the headline is about; the dates of all others are there, too.
    """

    feature: ClassVar[str] = "when"
    words_only: ClassVar[frozenset[str]] = frozenset({"event"})
    event: Literal["all", "fed", "shorts", "reconstitution", "holidays", "early"] = Field(
        default="all", description="Which dates the answer begins with"
    )
