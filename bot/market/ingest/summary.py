"""How a run went, as plain data."""

from dataclasses import dataclass, field

from bot.market.ingest.job import Outcome, Status
from bot.market.sources.faults import CircuitOpen, SourceError
from bot.market.store import Written

DETAILS = 20
_GOOD: frozenset[Status] = frozenset({"done", "waiting", "off"})


@dataclass(frozen=True, slots=True)
class PartSummary:
    """How one part went. ``telling`` is the one error to tell a person, ``detail`` what the diary and log keep.

    ``news``: sentences to tell once, of what is no failure.
    """

    part: str
    vendor: str
    status: Status
    requests: int = 0
    written: Written = field(default_factory=Written)
    telling: SourceError | None = None
    detail: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run went; ``version`` is what was published, None where nothing new was."""

    parts: tuple[PartSummary, ...]
    version: str | None

    @property
    def ok(self) -> bool:
        """Whether nothing failed; what a vendor has not published yet is no failure."""
        return all(part.status in _GOOD for part in self.parts)

    @property
    def exit_code(self) -> int:
        """What a command returns to the shell."""
        return 0 if self.ok else 1

    @property
    def waiting(self) -> bool:
        """Whether the day's data was not all there yet."""
        return any(part.status == "waiting" for part in self.parts)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(part.requests for part in self.parts)

    def part(self, name: str) -> PartSummary:
        """Return one part; KeyError where it was not among the run's."""
        for part in self.parts:
            if part.part == name:
                return part
        raise KeyError(name)

    def sentences(self) -> tuple[str, ...]:
        """Say what failed, one sentence for each vendor: the first cause met, not what followed from it."""
        told: dict[str, SourceError] = {}
        for part in self.parts:
            error = part.telling
            if error is not None and (part.vendor not in told or isinstance(told[part.vendor], CircuitOpen)):
                told[part.vendor] = error
        return tuple(error.text() for error in told.values())

    def news(self) -> tuple[str, ...]:
        """Say what is to be told once: symbols that ended or came back."""
        return tuple(sentence for part in self.parts for sentence in part.news)


def detail(outcome: Outcome) -> str:
    """Return what went wrong in a part, a line for each thing, the first twenty; what only followed in one line."""
    causes = {what: error for what, error in outcome.errors.items() if not isinstance(error, CircuitOpen)}
    lines = [f"{what}: {type(error).__name__}: {error.detail or error.text()}" for what, error in causes.items()]
    lines += [f"refused: {what}: {reason}" for what, reason in outcome.refused.items()]
    lines += outcome.news
    lines = [*lines[:DETAILS], f"and {len(lines) - DETAILS} more"] if len(lines) > DETAILS else lines
    followed = [what for what in outcome.errors if what not in causes]
    for words, named in (("not asked, the breaker being open", followed), ("not there yet", outcome.late)):
        if named:
            more = f" and {len(named) - DETAILS} more" if len(named) > DETAILS else ""
            lines.append(f"{words}: {', '.join(named[:DETAILS])}{more}")
    return "\n".join(lines)
