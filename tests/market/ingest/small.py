"""A small ingest: a few instruments, two years, the largest companies."""

from datetime import date
from pathlib import Path
from typing import Any

from bot.market.ingest import IngestSettings
from bot.market.ingest.settings import INSTRUMENTS
from bot.market.sources.vendor import Vendors
from tests.vendors.world import World

SYMBOLS = {"IWM", "SPY", "QQQ", "IWB", "AAPL", "RUT", "VIX", "IRX"}
BASE_DAY = "2026-07-17"
LARGEST = 400
MACRO_FROM = date(2025, 1, 1)


def small_world() -> World:
    """Return the world of the base: its file of IWM's members is an old one."""
    world = World(largest=LARGEST, macro_from=MACRO_FROM, holdings_as_of={"IWM": date(2025, 6, 1)})
    world.at(BASE_DAY)
    return world


def small_settings(folder: Path, vendors: Vendors, **changes: Any) -> IngestSettings:
    """Return the settings of a small ingest into a folder."""
    return IngestSettings(
        folder=folder / "versions",
        vendors=vendors,
        history_years=2,
        facts_per_day=6,
        threads=4,
        futures_ahead=1,
        instruments=tuple(one for one in INSTRUMENTS if one.symbol in SYMBOLS),
        **changes,
    )
