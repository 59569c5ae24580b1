"""Before the bot starts: the databases are those of this release, whatever release filled them."""

from pathlib import Path
from typing import Literal

import pytest

from bot import app
from bot.config import DataSettings, Settings
from bot.market.freshness import standings
from bot.market.store import migrate
from bot.market.store.connection import head, revision


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
