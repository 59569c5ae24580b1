import pickle
from datetime import date

import pytest

from bot import i18n
from bot.errors import (
    AmbiguousDate,
    BadInput,
    BotError,
    ConfigError,
    DateInFuture,
    MissingData,
    NoCloses,
    NoData,
    NotEnoughHistory,
    NoTotalReturn,
    StartAfterEnd,
    Unavailable,
    UnknownSymbol,
    WithId,
)

DAY = date(2025, 12, 4)
EVERY = [
    BadInput("This is wrong."),
    AmbiguousDate([date(2025, 4, 12), DAY]),
    DateInFuture(date(2027, 1, 1), DAY),
    StartAfterEnd(DAY, date(2025, 1, 1)),
    MissingData("Short interest", DAY),
    MissingData("Short interest", DAY, date(2026, 5, 15)),
    NoCloses("VB"),
    NoData(),
    NoTotalReturn("^RUT"),
    NotEnoughHistory("MAGS", date(2023, 4, 11)),
    NotEnoughHistory("MAGS", date(2023, 4, 11), DAY),
    UnknownSymbol("IMW", ["IWM", "IWN"]),
    UnknownSymbol("BTC", reason="Bitcoin is not a share."),
    Unavailable("Yahoo Finance"),
    ConfigError(["a: wrong", "b: wrong"]),
    WithId.new(),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_errors_survive_a_trip_between_processes(error: BotError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert back.__dict__ == error.__dict__
    assert back.text() == error.text()
    assert str(back) == error.text()


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_errors_word_themselves_in_full_sentences(error: BotError) -> None:
    text = error.text()
    assert 5 < len(text) < 250
    assert "{" not in text


def test_the_data_is_in_the_words() -> None:
    assert "IWM or IWN" in UnknownSymbol("IMW", ["IWM", "IWN"]).text()
    assert "15 May 2026" in MissingData("Short interest", DAY, date(2026, 5, 15)).text()
    assert Unavailable("Yahoo Finance").text().startswith("Yahoo Finance does not answer")


def test_errors_speak_the_active_language_when_shown_not_when_raised() -> None:
    error = NoCloses("VB")
    with i18n.use(i18n.PSEUDO):
        assert error.text().startswith("⟦")
    assert error.text().startswith("For VB")


def test_hostile_symbols_are_not_echoed_as_they_came() -> None:
    text = UnknownSymbol("@everyone **" + "x" * 500).text()
    assert "@everyone **" not in text.replace("\\@", "").replace("\\*", "")
    assert len(text) < 120


def test_ids_differ() -> None:
    assert len({WithId.new().error_id for _n in range(100)}) == 100
