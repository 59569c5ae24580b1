"""What the picture of the squeeze screen shows."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Scores by symbol, each made of the points of its components (None: that input is missing for this one)."""

    title: str
    subtitle: str
    as_of: date
    source: str
    components: tuple[str, ...]
    symbols: tuple[str, ...]
    points: tuple[tuple[float | None, ...], ...]
    words: tuple[str, ...]
