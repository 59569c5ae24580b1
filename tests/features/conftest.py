import pytest

from bot.market.dataset import Dataset
from tests.features import answers


@pytest.fixture(scope="session")
def sample() -> Dataset:
    """The bundled sample on its last session."""
    return answers.sample()
