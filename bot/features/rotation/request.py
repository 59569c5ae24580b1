"""What can be asked about the rotation."""

from typing import ClassVar

from bot.request import Basis, FundText, Request, WindowText


class RotationRequest(Request):
    """Small caps against large caps over a window."""

    feature: ClassVar[str] = "rotation"
    window: WindowText = "6m"
    small: FundText = "IWM"
    large: FundText = "SPY"
    basis: Basis = "total"
