"""The indices questions are asked about: what they are called, and which symbols stand for them."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from bot.errors import MissingData

# Which index a symbol stands for when its members are asked about.
INDEX_OF: Mapping[str, str] = MappingProxyType(
    {"IWM": "R2000", "RUT": "R2000", "IWB": "R1000", "IVV": "SP500", "SPY": "SP500", "GSPC": "SP500", "QQQ": "NDX"}
)
NAMES: Mapping[str, str] = MappingProxyType(
    {"R2000": "Russell 2000", "R1000": "Russell 1000", "SP500": "S&P 500", "NDX": "Nasdaq-100", "MAG7": "MAG7"}
)


def known(value: float) -> float | None:
    """Return a computed number as a report's value: None where it is not a number."""
    return value if math.isfinite(value) else None


def absent(missing: MissingData) -> str:
    """Say what is missing on the day, without when its record begins: an answer does not know days after its own."""
    return MissingData(missing.what, missing.as_of).text()
