"""Before the bot starts: the databases are those of this release, whatever release filled them."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from bot import app
from bot.clock import SettableClock
from bot.config import DataSettings, Settings, WorkerSettings
from bot.market.freshness import standings
from bot.market.store import migrate
from bot.market.store.connection import head, revision
from tests.community.examples import NOW, due
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]


@pytest.mark.parametrize("older", [None, "0003"])
def test_an_update_finds_its_tables_before_anybody_asks(tmp_path: Path, older: str | None) -> None:
    """Until the next ingest, ``/status`` would ask a database of the release before for what it does not know."""
    settings = Settings(data=DataSettings(folder=tmp_path / "data"))
    if older is not None:
        migrate(settings.market_url, older)
    app.prepare(settings)
    assert revision(settings.market_url) == head()
    assert revision(settings.community_url, "community") == head("community")
    assert len(standings(settings.market_url)) == 4


def test_the_bundled_sample_needs_no_market_database(tmp_path: Path) -> None:
    source: Literal["sample"] = "sample"
    settings = Settings(data=DataSettings(folder=tmp_path / "data", source=source))
    app.prepare(settings)
    assert not (tmp_path / "data" / "market.db").exists()
    assert revision(settings.community_url, "community") == head("community")


async def test_what_another_process_is_posting_is_taken_from_it_on_no_shared_database(
    database_url: str, tmp_path: Path
) -> None:
    """While one bot takes over from another on PostgreSQL, both work: a claim is whoever's until its lease ends."""
    shared = database_url.startswith("postgresql")
    source: Literal["sample"] = "sample"
    settings = Settings(
        data=DataSettings(folder=tmp_path, source=source, community_url=database_url), workers=WorkerSettings(count=1)
    )
    app.prepare(settings)
    publisher: Any = None  # nothing is posted
    async with app.opened(settings, SettableClock(NOW), by_hand=True) as bot:
        lease = {"lease_until": NOW + timedelta(seconds=30), "limit": 1}
        await bot.ledger.enter([due()])
        (theirs,) = await bot.ledger.claim(NOW, holder="gateway", **lease)
        async with bot._jobs_with(publisher) as jobs:
            await jobs.start()
        again = await bot.ledger.claim(NOW, holder="gateway", **lease)
        assert [one.id for one in again] == ([] if shared else [theirs.id])
        assert await bot.ledger.renew([theirs], lease["lease_until"]) == ({theirs.id} if shared else set())
