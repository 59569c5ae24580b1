"""Sizes of companies by market cap."""

from __future__ import annotations

from typing import Literal

Tier = Literal["mega", "large", "mid", "small", "micro"]
FLOORS: dict[Tier, float] = {"mega": 200e9, "large": 10e9, "mid": 2e9, "small": 0.3e9, "micro": 0.0}


def cap_tier(cap: float) -> Tier:
    """Name the size of a company by its market cap in dollars: over 200 bn mega, 10 large, 2 mid, 0.3 small."""
    if cap > FLOORS["mega"]:
        return "mega"
    return next(tier for tier, floor in FLOORS.items() if tier != "mega" and cap >= floor)
