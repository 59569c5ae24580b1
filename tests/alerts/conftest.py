from collections.abc import Iterator

import pytest

from bot.market.dataset import Dataset


@pytest.fixture(scope="session")
def sample() -> Iterator[Dataset]:
    return Dataset.open()
