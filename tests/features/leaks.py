"""The same answer, or the same refusal, from data that ends on the day asked for."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.errors import UserError
from bot.market.dataset import Dataset
from bot.report import Report
from tests.features.answers import ask, assert_equal, sample
from tests.truncation import truncated

FIRST_FILES = date(2026, 4, 15)  # a little before the first member list, snapshot and settlement of the sample

sessions_of_files = st.sampled_from([d.date() for d in sample().sessions if d.date() >= FIRST_FILES])
any_session = st.sampled_from([d.date() for d in sample().sessions[::20]])


def _answer(feature: str, dataset: Dataset, options: dict[str, Any]) -> Report | str:
    try:
        return ask(feature, dataset, **options)
    except UserError as refusal:
        return type(refusal).__name__


def assert_same_without_the_future(feature: str, day: date, **options: Any) -> None:
    """Compare the answer as of a day with the one on data that ends there: reports whole, or both refused."""
    seen, cut = _answer(feature, sample().at(day), options), _answer(feature, truncated(day), options)
    if isinstance(seen, str) or isinstance(cut, str):
        # an archive cut before a symbol's first day has never heard of it: both refuse, each in its own words
        assert isinstance(seen, str), cut
        assert isinstance(cut, str), seen
        return
    assert_equal(seen, cut)
    assert all(stat.as_of is None or stat.as_of <= day for stat in seen.stats)
