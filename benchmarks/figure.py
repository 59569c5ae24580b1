"""A measured figure beside a reference measured in the same run: only the ratio travels between machines."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` and ``reference`` are in ``unit``; ``reference_name`` says what the reference is."""

    name: str
    value: float
    unit: str
    reference_name: str
    reference: float

    @property
    def ratio(self) -> float:
        """How many references the figure takes."""
        return self.value / self.reference if self.reference else float("nan")

    def line(self) -> str:
        """Return the figure as one line of text."""
        return (
            f"{self.name:<58} {self.value:>10.3f} {self.unit:<9} = {self.ratio:>8.2f} x "
            f"{self.reference_name} ({self.reference:.3f} {self.unit})"
        )


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median time of several runs of ``work``, in seconds."""
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def reference_seconds() -> float:
    """Return the time of a fixed piece of pure Python: how fast this machine is right now."""
    return seconds(lambda: sum(n * n for n in range(1_000_000)))
