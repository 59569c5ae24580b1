"""Verdicts that differ between two days."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.features.thesis.readings import Claim, Reading


@dataclass(frozen=True, slots=True)
class Change:
    """A claim whose verdict is another one than before."""

    claim: Claim
    before: Reading
    now: Reading


def changes(before: Sequence[Reading], now: Sequence[Reading]) -> tuple[Change, ...]:
    """Return the claims whose verdict differs, in order; becoming measurable or unmeasurable is no change of one."""
    return tuple(
        Change(new.claim, old, new)
        for old, new in zip(before, now, strict=True)
        if old.verdict is not None and new.verdict is not None and old.verdict != new.verdict
    )
