"""From the vendors to a message: real ingests, real published versions, the real bot, an alert that fires on them."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from simcord.actors import MemberActor

from bot.clock import SettableClock
from bot.market import archive
from bot.market.dataset import Dataset
from bot.market.ingest import ingest
from bot.market.store import Store, migrate
from bot.workers import Pool, Reports
from tests.conftest import Scene, buttons, said
from tests.e2e.test_alerts import BELOW, added, at, evening, posts, text_of
from tests.market.ingest.small import small_settings, small_world
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors
from tests.vendors.world import sample

pytestmark = pytest.mark.simcord(settle_timeout=25)


@dataclass
class Published:
    """The folders of what was published, by what had happened: one ingest after another into one store."""

    before: str
    without: str
    refused: str
    complete: str
    corrected: str


def _fetched(folder: Path, vendors: LocalVendors, store: Store, hours: Hours, moment: str, hour: int = 18) -> str:
    """Fetch prices as of a moment in New York; returns the version that stands afterwards."""
    vendors.world.at(moment, hour)
    hours.clock.set(vendors.world.now)
    vendors.forget()
    settings = small_settings(folder, vendors.settings(attempts=2))
    settings = replace(settings, instruments=tuple(one for one in settings.instruments if one.symbol in {"IWM", "SPY"}))
    ingest(settings, store, hours.clock, only=["prices"], timing=hours.timing)
    return str(archive.located(settings.folder))


@pytest.fixture(scope="module")
def published() -> Iterator[Published]:
    """Ingest on 28 July; on the 29th without IWM, which is late, then wrong, then there; on the 30th corrected."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    url = f"sqlite:///{folder / 'market.db'}"
    migrate(url)
    hours = Hours()
    with LocalVendors(folder, small_world()) as vendors, Store(url) as store:
        before = _fetched(folder, vendors, store, hours, "2026-07-28")
        vendors.world.delays["IWM"] = 1
        without = _fetched(folder, vendors, store, hours, "2026-07-29")
        vendors.world.delays.clear()
        vendors.world.corrections["IWM", date(2026, 7, 29)] = -1.0  # what a vendor writes for nothing
        refused = _fetched(folder, vendors, store, hours, "2026-07-29", hour=19)
        vendors.world.corrections.clear()
        complete = _fetched(folder, vendors, store, hours, "2026-07-29", hour=20)
        vendors.world.corrections["IWM", date(2026, 7, 29)] = 291.57
        corrected = _fetched(folder, vendors, store, hours, "2026-07-30")
        yield Published(before, without, refused, complete, corrected)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(evening(28))


@dataclass
class Located:
    """Where the newest version lies."""

    folder: str


@pytest.fixture
def located(published: Published) -> Located:
    return Located(published.before)


@pytest.fixture
def reports(pool: Pool, clock: SettableClock, located: Located) -> Reports:
    return Reports(pool, clock, lambda: located.folder)


def test_every_ingest_published_what_it_had(published: Published) -> None:
    recorded = sample().closes("IWM")
    for folder, day in ((published.before, "2026-07-28"), (published.complete, "2026-07-29")):
        closes = Dataset.open(folder).closes("IWM")
        assert closes.index[-1].date().isoformat() == day
        assert closes.iloc[-1] == pytest.approx(recorded[day])
    for folder in (published.without, published.refused):
        assert Dataset.open(folder).closes("IWM").index[-1].date() == date(2026, 7, 28)
    assert Dataset.open(published.corrected).closes("IWM")["2026-07-29"] == pytest.approx(291.57)
    assert len({published.before, published.complete, published.corrected}) == 3


async def test_ingested_fired_posted_snoozed_and_taken_back(
    scene: Scene, clock: SettableClock, ada: MemberActor, located: Located, published: Published
) -> None:
    reports = scene.bot.reports
    saved = await added(ada, scene, **BELOW)
    assert "Saved." in text_of(saved)
    await at(scene, clock, 28)
    assert not posts(scene)

    for folder in (published.without, published.refused):  # the day has come, but not for IWM; or it was nonsense
        located.folder = folder
        reports.refresh()
        await at(scene, clock, 29)
        assert not posts(scene)

    located.folder = published.complete
    assert reports.refresh()
    for _twice in range(2):
        await scene.bot.jobs.catch_up()
    (post,) = posts(scene)
    assert "Close of IWM is below $290: $288.57 on 29 Jul 2026." in said(post)
    assert len(post.attachments) == 1

    snoozed = await ada.click(post, label="Snooze a week")
    assert f"<t:{int((evening(29) + timedelta(days=7)).timestamp())}:F>" in text_of(snoozed)

    located.folder = published.corrected
    assert reports.refresh()
    clock.set(datetime(2026, 7, 30, 22, tzinfo=UTC))
    await scene.bot.jobs.catch_up()
    await scene.bot.jobs.catch_up()
    replies = [m for m in scene.channel.history() if m.reference is not None and m.reference.message_id == post.id]
    assert len(replies) == 1
    assert "Taken back: as the data stands now, close of IWM was $291.57 on 29 Jul 2026" in said(replies[0])


async def test_what_no_ingest_brought_yet_is_said_so(scene: Scene, ada: MemberActor) -> None:
    """A store that holds prices alone lists what it can, and explains what it cannot."""
    listed = text_of(await ada.slash(scene.channel, "indicators", search="IWM"))
    assert "price.close.IWM" in listed
    missing = await ada.slash(
        scene.channel, "alert add", indicator="shortinterest.weighted.r2000", when="above", value="5.5%"
    )
    assert "Short interest of the Russell 2000" in text_of(missing)
    assert "Save" not in [
        label for message in [missing.response, *missing.followups] if message for label in buttons(message)
    ]
