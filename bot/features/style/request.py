"""What can be asked about style."""

from typing import ClassVar

from bot.request import Request, WindowText


class StyleRequest(Request):
    """Growth against value among small caps over a window."""

    feature: ClassVar[str] = "style"
    window: WindowText = "6m"
