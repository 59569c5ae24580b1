"""What can be asked about a definition."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Mark, Request


class ExplainRequest(Request):
    """``metric`` is the id of a definition, its end, or words of its name."""

    feature: ClassVar[str] = "explain"
    metric: Annotated[str, Field(min_length=1, max_length=80), Mark.TEXT] = "rotation.regime"
