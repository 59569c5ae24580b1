"""What the pictures of short interest show: plain data between the report and the drawing."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The words around a picture."""

    title: str
    subtitle: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An index in the distribution: ``shares`` of members in each bin (fractions that add up to one)."""

    name: str
    shares: tuple[float, ...]
    weighted: float
    median: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Members by the share of their shares that is sold short. ``edges`` are the lower edges of equal bins.

    The last bin is open: everything from its edge up.
    """

    heading: Heading
    edges: tuple[float, ...]
    small: Side
    large: Side | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Shares short of one company or fund at each stored settlement date, oldest first."""

    heading: Heading
    name: str
    days: tuple[date, ...]
    short_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several symbols by days to cover or by share of shares: value None where it is not known."""

    heading: Heading
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    words: tuple[str, ...]
