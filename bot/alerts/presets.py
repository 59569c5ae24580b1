"""The watch list of the thesis: rules that one select adds, each with why it is worth watching."""

from dataclasses import dataclass

from bot.alerts.rule import Rule


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule under a stable id; ``title`` and ``why`` are in the reader's language."""

    id: str
    title: str
    why: str
    rules: tuple[Rule, ...]
