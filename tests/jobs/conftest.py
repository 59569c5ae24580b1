from collections.abc import AsyncIterator

import pytest

from bot.discord_ui.publisher import RestPublisher
from bot.market.catalogue import Catalogue
from tests.community.conftest import community, migrated_postgres, migrated_sqlite, migrated_url
from tests.databases import postgres
from tests.jobs.support import publisher
from tests.standin.process import StandIn, _standin_process, standin

__all__ = [
    "_standin_process",
    "community",
    "migrated_postgres",
    "migrated_sqlite",
    "migrated_url",
    "postgres",
    "standin",
]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
async def sender(standin: StandIn) -> AsyncIterator[RestPublisher]:
    async with publisher(standin) as opened:
        yield opened
