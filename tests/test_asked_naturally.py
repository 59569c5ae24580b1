"""Words as members write them: how many years, from a day to a day, the window behind free text, names of companies."""

from datetime import date

import pytest

from bot import features
from bot.errors import BadInput, UnknownSymbol, UserError
from bot.features.allocation.request import AllocationRequest, parse_holdings
from bot.features.breadth.request import BreadthRequest
from bot.features.explain.request import ExplainRequest
from bot.features.history.request import HistoryRequest
from bot.features.indicator.request import IndicatorRequest
from bot.features.quote.request import QuoteRequest
from bot.features.rotation.request import RotationRequest
from bot.features.shortinterest.request import ShortinterestRequest
from bot.features.squeeze.request import SqueezeRequest
from bot.features.when.report import ABOUT, KINDS
from bot.features.when.request import WhenRequest
from bot.features.years.request import YearsRequest
from bot.free_text import ending, span_of
from bot.market.spelling import named
from bot.request import Request
from bot.windows import parse_window
from bot.words import read
from tests.test_reading import FRIDAY, KNOWN

FED, SHORTS = {"event": "fed"}, {"event": "shorts"}


@pytest.mark.parametrize(
    ("kind", "words", "fields"),
    [
        (YearsRequest, "10", {"since": 2016}),
        (YearsRequest, "1", {"since": 2025}),
        (YearsRequest, "last 5", {"since": 2021}),
        (YearsRequest, "last 5 years", {"since": 2021}),
        (YearsRequest, "últimos 5 años", {"since": 2021}),
        (YearsRequest, "last decade", {"since": 2016}),
        (YearsRequest, "2015 to 2020", {"since": 2015, "as_of": date(2020, 12, 31)}),
        (YearsRequest, "iwn 20y", {"since": 2006, "small": "IWN"}),
        (YearsRequest, "a decade".removeprefix("a "), {"since": 2016}),
        (YearsRequest, "2015", {"since": 2015}),
        (YearsRequest, "since 2015", {"since": 2015}),
        (YearsRequest, "5 as of 2020-06-30", {"since": 2015, "as_of": date(2020, 6, 30)}),
        (IndicatorRequest, "rotation.regime 1y", {"indicator": "rotation.regime", "window": "1y"}),
        (IndicatorRequest, "rotation.regime last 18 months", {"indicator": "rotation.regime", "window": "18m"}),
        (IndicatorRequest, "price.close.IWM since 2020", {"indicator": "price.close.IWM", "window": "2020-01-01"}),
        (IndicatorRequest, "short interest of the russell 2000", {"indicator": "short interest of the russell 2000"}),
        (IndicatorRequest, "1y", {"indicator": "1y"}),
        (IndicatorRequest, "last 5 years", {"indicator": "last 5 years"}),
        (IndicatorRequest, "IWM minus SPY over 3 months", {"indicator": "IWM minus SPY over 3 months"}),
        (IndicatorRequest, "IWM minus SPY, year to date", {"indicator": "IWM minus SPY, year to date"}),
        (ExplainRequest, "return over 1y", {"metric": "return over 1y"}),
        (AllocationRequest, "60/40 spy iwm", {"holdings": "60/40 spy iwm"}),
        (AllocationRequest, "IWM 5m, SPY 5m", {"holdings": "IWM 5m, SPY 5m"}),  # millions, no months
        (RotationRequest, "from 2020-01-02 to 2022-12-30", {"window": "2020-01-02", "as_of": date(2022, 12, 30)}),
        (RotationRequest, "since 2020 through 2022-12-30", {"window": "2020-01-01", "as_of": date(2022, 12, 30)}),
        (RotationRequest, "from 2020 to 2022", {"window": "2020-01-01", "as_of": date(2022, 12, 30)}),
        (RotationRequest, "2020 through 2026", {"window": "2020-01-01", "as_of": FRIDAY}),
        (RotationRequest, "iwn to spy", {"small": "IWN"}),
        (RotationRequest, "1,5y", {"window": "18m"}),
        (RotationRequest, "2.5 years iwn", {"window": "30m", "small": "IWN"}),
        (RotationRequest, "last year", {"window": "1y"}),
        (SqueezeRequest, "top 5", {"n": 5}),
        (QuoteRequest, "NEXT", {"symbol": "NEXT"}),
        (QuoteRequest, "next 1y", {"symbol": "NEXT"}),
        (QuoteRequest, "top 3y", {"symbol": "TOP", "window": "3y"}),
        (ShortinterestRequest, "gme next", {"symbols": ("GME", "NEXT")}),
        (WhenRequest, "", {}),
        (WhenRequest, "fomc", FED),
        (WhenRequest, "is the next fed meeting", FED),
        (WhenRequest, "next FOMC meeting".removesuffix(" meeting"), FED),
        (WhenRequest, "short interest", SHORTS),
        (WhenRequest, "finra", SHORTS),
        (WhenRequest, "russell", {"event": "reconstitution"}),
        (WhenRequest, "rebalancing", {"event": "reconstitution"}),
        (WhenRequest, "holidays", {"event": "holidays"}),
        (WhenRequest, "early close", {"event": "early"}),
        (WhenRequest, "fed as of 2025-12-04", {**FED, "as_of": date(2025, 12, 4)}),
    ],
)
def test_what_is_meant_is_read(kind: type[Request], words: str, fields: dict[str, object]) -> None:
    read_as = read(kind, words, KNOWN).request
    assert read_as == kind.model_validate(fields)


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        (YearsRequest, "5 10", "I do not understand “10” here."),
        (YearsRequest, "5 months", "YEAR|MONTHS|months"),
        (WhenRequest, "earnings", "I do not understand “earnings” here."),
        (WhenRequest, "fed holidays", "both say the event"),
        (HistoryRequest, "last 5 records", "LAST"),  # five days without a record, said otherwise
        (HistoryRequest, "top 5", "TOP"),
        (BreadthRequest, "next year", "I do not understand “next” here."),  # not that this year
        (RotationRequest, "2020 to 2030", "2030"),
        (RotationRequest, "1.25y", "1.25"),
    ],
)
def test_what_means_nothing_is_refused(kind: type[Request], words: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read(kind, words, KNOWN)
    assert any(one in refused.value.text() for one in said.split("|")), refused.value.text()


def test_a_number_of_years_is_the_usual_card_where_it_is_the_usual_number() -> None:
    """Ten full years and this one: what is shown without any number."""
    since = read(YearsRequest, "10", KNOWN).request
    assert isinstance(since, YearsRequest)
    assert since.since == FRIDAY.year - 10


@pytest.mark.parametrize(
    ("text", "window"),
    [("1.5y", "18m"), ("0.5y", "6m"), ("10,0 years", "120m"), ("1,5 años", "18m"), ("last 2.5 yrs", "30m")],
)
def test_halves_of_years_are_months(text: str, window: str) -> None:
    assert parse_window(text, FRIDAY).text == window


@pytest.mark.parametrize("text", ["1.5m", "1.25y", "0.0y", "1.5 weeks", "-1.5y"])
def test_other_parts_of_a_length_are_none(text: str) -> None:
    with pytest.raises(BadInput):
        parse_window(text, FRIDAY)


@pytest.mark.parametrize(
    ("text", "span"),
    [("1y", "1y"), ("ytd", "ytd"), ("last 6 months", "6m"), ("max", "max"), ("2000", None), ("since 2020", None),
     ("4/5/25", None), ("tomorrow", None), ("iwm", None), ("", None)],
)  # fmt: skip
def test_a_span_is_a_length_and_no_day(text: str, span: str | None) -> None:
    assert span_of(text) == span


@pytest.mark.parametrize(
    ("text", "holdings"),
    [
        ("60/40 spy iwm", {"SPY": 60.0, "IWM": 40.0}),
        ("60/40 SPY/IWM", {"SPY": 60.0, "IWM": 40.0}),
        ("60/40% spy, iwm", {"SPY": 60.0, "IWM": 40.0}),
        ("50/30/20 spy iwm qqq", {"SPY": 50.0, "IWM": 30.0, "QQQ": 20.0}),
        ("60% SPY and 40% BRK/B", {"SPY": 60.0, "BRK/B": 40.0}),
    ],
)
def test_a_mix_is_read_number_by_number(text: str, holdings: dict[str, float]) -> None:
    assert {one.symbol: one.amount for one in parse_holdings(text)} == holdings
    assert {one.unit for one in parse_holdings(text)} == {"percent"}


@pytest.mark.parametrize("text", ["60/40 spy", "60/40", "60/40 spy iwm qqq", "60/x spy iwm", "60/50 spy iwm"])
def test_a_mix_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_holdings(text)


NAMES = {"GME": "GameStop Corp.", "GMEWS": "GameStop Corp. Warrants", "AAPL": "Apple Inc.", "APLE": "Apple Hospitality",
         "SNAP": "Snap Inc.", "AB": "Applebee's"}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "symbols"),
    [
        ("gamestop", ("GME", "GMEWS")),
        ("GameStop  Corp.", ("GME", "GMEWS")),
        ("apple", ("AAPL", "APLE")),
        ("apple inc.", ("AAPL",)),
        ("app", ()),  # too short to be a name
        ("hospitality", ()),
        ("stop", ()),
        ("", ()),
    ],
)
def test_a_name_is_found_by_its_first_words(words: str, symbols: tuple[str, ...]) -> None:
    assert named(words, NAMES, 3) == symbols
    assert named(words, NAMES, 1) == symbols[:1]


def test_whoever_asks_by_a_companys_name_is_told_its_symbol() -> None:
    for name, symbol in (("gamestop", "GME"), ("apple", "AAPL"), ("nvidia", "NVDA")):
        with pytest.raises(UnknownSymbol) as refused:
            read(QuoteRequest, name, KNOWN)
        assert refused.value.suggestions[0] == symbol
    with pytest.raises(UnknownSymbol) as refused:
        read(QuoteRequest, "gmee", KNOWN)
    assert "GME" in refused.value.suggestions, "a slip of the finger is still one"


def test_every_event_of_the_calendar_is_a_choice() -> None:
    choices = WhenRequest.model_json_schema()["properties"]["event"]["enum"]
    assert set(choices) == {"all", *ABOUT}
    assert {kind for kinds in ABOUT.values() for kind in kinds} == set(KINDS)
    assert "when" in features.names()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("to 2020", "2020-12-31"), ("Through 2026", "2026-07-17"), ("to 2030", "2030"), ("as of 2020", "2020"),
        ("to 2020-05-01", "2020-05-01"), ("@20", "20"), ("total", ""), ("", ""),
    ],
)  # fmt: skip
def test_to_a_year_is_to_its_end_or_today(text: str, day: str) -> None:
    assert ending(text, FRIDAY) == day


def test_the_title_of_an_indicator_is_no_id_with_a_window() -> None:
    """Some end in a window: what such words may have meant is looked for with all of them."""
    every = [one for name in features.names() for one in features.report_module(name).indicators()]
    assert any(span_of(one.title.rsplit(" ", 2)[-2] + " " + one.title.rsplit(" ", 1)[-1]) for one in every)
    for one in every:
        for words in (one.id, one.title):
            assert read(IndicatorRequest, words, KNOWN).request == IndicatorRequest(indicator=words)
