"""What the pictures of earnings show."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Groups of bars, one bar a side in each: fractions, None where a form is not meaningful or not known."""

    title: str
    subtitle: str
    as_of: date
    source: str
    heading: str
    sides: tuple[str, ...]
    groups: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    words: tuple[tuple[str, ...], ...]
