"""Fixtures around the local vendors. A ``conftest.py`` imports those it offers."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SettableClock
from bot.market.sources.pace import Timing
from tests.vendors.server import LocalVendors


@dataclass
class Hours:
    """Time that passes only when somebody sleeps; ``slept`` tells for how long."""

    clock: SettableClock = field(default_factory=lambda: SettableClock(datetime(2026, 7, 31, 22, 0, tzinfo=UTC)))
    elapsed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.elapsed += seconds
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    @property
    def timing(self) -> Timing:
        """What sources take: without any chance in it."""
        return Timing(self.clock, lambda: self.elapsed, self.sleep, lambda: 0.0)


@pytest.fixture
def hours() -> Hours:
    """Give time under control."""
    return Hours()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Give a folder whose path is short: that of a Unix socket may have 107 bytes only."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def vendors(short_folder: Path) -> Iterator[LocalVendors]:
    """Give local vendors, on the evening of the sample's last day."""
    with LocalVendors(short_folder) as running:
        yield running
