"""What travels between the store of alerts and a worker: plain data, nothing to compute with."""

import json
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.alerts.columns import State, rule_row
from bot.alerts.rule import Rule


@dataclass(frozen=True, slots=True)
class Stored:
    """A rule as the store holds it for evaluation: its numbers as JSON, its state in the order of ``STATE_FIELDS``."""

    id: str
    indicator: str
    numbers: str
    state: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """Many stored rules in a few large pieces: a worker is given thousands of them in a millisecond.

    ``starts`` are the first row of each indicator and the end. ``numbers`` are the rules' numbers, one row after the
    other, without brackets; ``states`` likewise.
    """

    indicators: tuple[str, ...]
    starts: "array[int]"
    ids: tuple[str, ...]
    numbers: str
    states: "array[int]"

    def __len__(self) -> int:
        return len(self.ids)


def packed(rows: Iterable[Stored]) -> Packed:
    """Pack stored rules; those of one indicator must follow each other (ValueError)."""
    ids: list[str] = []
    indicators: list[str] = []
    numbers: list[str] = []
    starts, states = array("q"), array("q")
    for row in rows:
        if not indicators or row.indicator != indicators[-1]:
            indicators.append(row.indicator)
            starts.append(len(ids))
        ids.append(row.id)
        numbers.append(row.numbers[1:-1])
        states.extend(row.state)
    starts.append(len(ids))
    if len(set(indicators)) != len(indicators):
        raise ValueError("the rules of an indicator must lie together")
    return Packed(tuple(indicators), starts, tuple(ids), ",".join(numbers), states)


@dataclass(frozen=True, slots=True)
class Began:
    """How a new rule stands, and how often a year it fired in its backtest.

    ``calmer`` names what would keep a rule that speaks too often within its budget: a field of the rule and its value.
    """

    state: State
    per_year: float
    calmer: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A fire to be worded or looked at again: the rule as JSON, the day and the values of then."""

    rule: str
    day: date
    value: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a fire, and whether it still stands by the data of now (None: the day has no value)."""

    sentence: str
    stands: bool | None


@dataclass(frozen=True, slots=True)
class Fire:
    """A rule's condition became true on the observation of ``day``; ``before`` is the value before it."""

    rule_id: str
    indicator: str
    day: date
    value: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one evaluation.

    ``held_back`` are (rule, day) pairs that only a cooldown, budget or end kept quiet. ``moved`` holds the new state
    of each rule in which anything but ``through`` changed; all rules of an indicator in ``through`` have been moved
    on to that day. ``stale`` and ``missing`` indicators were left alone.
    """

    fires: tuple[Fire, ...] = ()
    held_back: tuple[tuple[str, date], ...] = ()
    moved: tuple[tuple[str, State], ...] = ()
    through: tuple[tuple[str, date], ...] = ()
    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def numbers_of(rule: Rule) -> str:
    """Return a rule's numbers as they are stored beside it, so that nobody has to read the rule to evaluate it."""
    return json.dumps(rule_row(rule), separators=(",", ":"))
