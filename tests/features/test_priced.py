from datetime import date

import pytest

from bot.errors import NoTotalReturn, UnknownSymbol
from bot.features.priced import total_return_by_then
from tests.features.answers import sample
from tests.truncation import truncated


def test_a_fund_that_traded() -> None:
    series = total_return_by_then("IWM", sample())
    assert series is not None
    assert series.equals(sample().total_return("IWM"))


def test_a_fund_that_was_listed_later() -> None:
    assert total_return_by_then("MAGS", sample().at(date(2023, 4, 10))) is None
    assert total_return_by_then("MAGS", sample().at(date(2023, 4, 11))) is not None


def test_a_fund_that_the_data_does_not_hold() -> None:
    cut = truncated(date(1999, 12, 31))
    assert total_return_by_then("IWM", cut, optional=("IWM",)) is None
    with pytest.raises(UnknownSymbol):
        total_return_by_then("IWM", cut)


def test_an_index_has_none_at_all() -> None:
    with pytest.raises(NoTotalReturn):
        total_return_by_then("RUT", sample(), optional=("RUT",))
