"""What a definition consists of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition: ``formula`` with its symbols explained, what goes in, who publishes it, what it does not say.

    ``id`` is an interface: ``area.name``, in lower case. All other texts are in the language active when made.
    """

    id: str
    name: str
    formula: str
    inputs: tuple[str, ...]
    sources: tuple[str, ...]
    caveats: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The part of the id before its dot."""
        return self.id.partition(".")[0]
