"""What the breadth question takes."""

from typing import ClassVar

from bot.request import Request, WindowText


class BreadthRequest(Request):
    """Participation on the day of the latest snapshot; relative returns over the window."""

    feature: ClassVar[str] = "breadth"
    window: WindowText = "6m"
