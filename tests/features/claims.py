"""One claim of the scoreboard alone: what measures all of them takes seconds."""

from bot.features.thesis.readings import _RULES, Claim, Reading, _measured
from bot.market.dataset import Dataset


def reading(claim: Claim, dataset: Dataset) -> Reading:
    """Return one claim's reading on the dataset's day."""
    return _measured(claim, _RULES[claim], dataset)
