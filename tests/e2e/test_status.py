"""``/status``: the data's age, each source with what is wrong with it, what is switched off, what has ended."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.client import Handoff
from bot.clock import SettableClock
from bot.community.store import Community
from bot.market.store import Store, Written, migrate, runs, state
from bot.pool import Pool
from bot.workers import Reports
from tests.conftest import FRIDAY_EVENING, Scene, bot_with, said


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "market.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def market(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "market.db"))


@pytest.fixture
def reports(pool: Pool, clock: SettableClock, market: Path) -> Reports:
    return Reports(pool, clock, lambda: "sample", store_url=f"sqlite:///{market}", switched_off=("FINRA",))


@pytest.fixture
def simcord_bot(reports: Reports, clock: SettableClock, servers: Community) -> Handoff:
    return bot_with(reports, clock, servers)


async def status(scene: Scene) -> list[str]:
    """Ask by slash and return the lines that the asker alone was shown."""
    result = await scene.alice.slash(scene.channel, "status")
    assert result.ephemeral
    return said(result.response).splitlines()


async def test_each_source_is_a_line(scene: Scene, market: Path) -> None:
    hour = timedelta(hours=1)
    with Store(f"sqlite:///{market}") as store:
        state.note_health(store, "Yahoo Finance", last_success=FRIDAY_EVENING - hour)
        state.note_health(store, "FINRA", last_success=FRIDAY_EVENING - 900 * hour)
        state.note_health(store, "FRED", last_failure=FRIDAY_EVENING - 3 * hour, resume_at=FRIDAY_EVENING + hour / 4)
        store.write("bars", [{"symbol": "QQQ", "day": date(2026, 7, 2), "close": 1.0, "dividend": None}])
        gone = state.Absence("QQQ", "No data found", 5, date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 10))
        state.note_absences(store, [gone], [])
        runs.finish(store, runs.begin(store, "prices", FRIDAY_EVENING), FRIDAY_EVENING, written=Written(refused=2))
    assert (await status(scene))[1:] == [
        "Yahoo Finance: last answered 60 minutes ago, newest 2 Jul 2026, 2 rows refused, breaker closed.",
        "QQQ has ended: Yahoo Finance has nothing under that name since 6 Jul 2026, asked last on 13 Jul 2026; "
        "its history ends on 2 Jul 2026.",
        "FINRA: switched off in the settings.",
        "iShares: never answered, breaker closed.",
        "FRED: never answered, failed 3 hours ago, breaker open: left alone for 15 minutes.",
        "Next run about 18 Jul 2026, 02:15 UTC.",
    ]


async def test_typed_with_a_prefix_it_says_the_same(scene: Scene) -> None:
    by_slash = await status(scene)
    await scene.alice.send(scene.channel, "!status")
    assert said(scene.last).splitlines() == by_slash


@pytest.fixture
def damaged(market: Path) -> None:
    market.write_bytes(b"not a database " * 1000)


@pytest.mark.usefixtures("damaged")
async def test_a_store_that_cannot_be_read_hides_nothing_else(scene: Scene) -> None:
    """What is shown is not read from there; and nobody sees what the driver says."""
    told = await status(scene)
    assert told[0].startswith("Data to the close of")
    assert told[1:] == [
        "How the sources stand cannot be read at the moment.",
        "Next run about 18 Jul 2026, 02:15 UTC.",
    ]


class TestOfTheSample:
    """Where no store is kept, as in the demo."""

    @pytest.fixture
    def reports(self, pool: Pool, clock: SettableClock) -> Reports:
        return Reports(pool, clock, lambda: "sample")

    async def test_it_promises_no_run(self, scene: Scene) -> None:
        [line] = await status(scene)
        assert line.startswith("Data to the close of")
