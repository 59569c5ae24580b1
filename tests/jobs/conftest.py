import pytest

from bot.market.catalogue import Catalogue
from tests.community.conftest import community, migrated_postgres, migrated_sqlite, migrated_url
from tests.databases import postgres

__all__ = ["catalogue", "community", "migrated_postgres", "migrated_sqlite", "migrated_url", "postgres"]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()
