"""What the card of an indicator takes."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Mark, Request, WindowText


class IndicatorRequest(Request):
    """One indicator by its id; ``window`` is what the picture shows, the percentile is always of all history."""

    feature: ClassVar[str] = "indicator"
    indicator: Annotated[str, Field(min_length=1, max_length=80), Mark.TEXT] = "rotation.regime"
    window: WindowText = "5y"
