"""From words and option texts to requests, against the catalogue of the bundled sample."""

from datetime import date
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from bot import i18n
from bot.errors import (
    AmbiguousDate,
    BadInput,
    DateInFuture,
    NoCloses,
    NotEnoughHistory,
    NoTotalReturn,
    StartAfterEnd,
    UnknownSymbol,
    UserError,
)
from bot.features.funds.request import FundsRequest
from bot.features.highs.request import HighsRequest
from bot.features.history.request import HistoryRequest
from bot.features.position.request import PositionRequest
from bot.features.quote.request import QuoteRequest
from bot.features.rotation.request import RotationRequest
from bot.features.squeeze.request import SqueezeRequest
from bot.features.thesis.request import ThesisRequest
from bot.features.years.request import YearsRequest
from bot.market.catalogue import Catalogue
from bot.reading import Known, Reading, read_options, session_of
from bot.request import Mark, Request, SymbolsText, SymbolText, WindowText
from bot.words import asks_for_advice, read

FRIDAY = date(2026, 7, 17)
SATURDAY = date(2026, 7, 18)
KNOWN = Known(Catalogue.load(), FRIDAY, FRIDAY)
AT_THE_WEEKEND = Known(KNOWN.catalogue, FRIDAY, SATURDAY)


class ListedRequest(Request):
    feature: ClassVar[str] = "listed"
    symbols: SymbolsText = ()


class OneRequest(Request):
    feature: ClassVar[str] = "one"
    symbol: SymbolText = "IWM"
    window: WindowText = "1y"


class NotesRequest(Request):
    feature: ClassVar[str] = "notes"
    holdings: Annotated[str, Mark.TEXT] = ""
    shift: float = 0.1
    quiet: bool = False


class ScreenRequest(Request):
    feature: ClassVar[str] = "screen"
    n: Annotated[int, Field(ge=1, le=50)] = 20
    sector: Annotated[str | None, Mark.TEXT] = None
    cap: Literal["all", "small", "mid"] = "all"


def rotation(words: str) -> Reading:
    return read(RotationRequest, words, KNOWN)


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("", {}),
        ("1y", {"window": "1y"}),
        ("iwn spy 3y", {"small": "IWN", "large": "SPY", "window": "3y"}),
        ("3y iwn spy", {"small": "IWN", "window": "3y"}),
        ("IWN 3y vs QQQ", {"small": "IWN", "large": "QQQ", "window": "3y"}),
        ("vs qqq", {"large": "QQQ"}),
        ("vs qqq iwn", {"large": "QQQ", "small": "IWN"}),
        ("against qqq ytd", {"large": "QQQ", "window": "ytd"}),
        ("since april price", {"window": "2026-04-01", "basis": "price"}),
        ("price since april", {"window": "2026-04-01", "basis": "price"}),
        ("with dividends over 2 years", {"window": "2y", "basis": "total"}),
        ("max", {"window": "max"}),
        ("all", {"window": "max"}),
        ("6mo", {"window": "6m"}),
        ("1 yr", {"window": "1y"}),
        ("the last 3 years", {"window": "3y"}),
        ("since 2022-01-03", {"window": "2022-01-03"}),
        ("dec 4", {"window": "2025-12-04"}),
        ("4.12.2025", {"window": "2025-12-04"}),
        ("since the article", {"window": "2025-12-04"}),
        ("Dec 4, 2025, iwn", {"window": "2025-12-04", "small": "IWN"}),
        ("small caps vs nasdaq 1y", {"small": "IWM", "large": "QQQ", "window": "1y"}),
        ("russell against s&p 500", {"small": "IWM", "large": "SPY"}),
        ('"small caps" 1y', {"small": "IWM", "window": "1y"}),
        ("as of dec 4 2025", {"as_of": date(2025, 12, 4)}),
        ("ytd as of 2025-12-04", {"window": "ytd", "as_of": date(2025, 12, 4)}),
        ("on dec 4 2025 1y", {"window": "1y", "as_of": date(2025, 12, 4)}),
        ("window:3y small=IWN", {"window": "3y", "small": "IWN"}),
        ("--window=3y as_of: 2025-12-04", {"window": "3y", "as_of": date(2025, 12, 4)}),
        ("$IWN, $QQQ", {"small": "IWN", "large": "QQQ"}),
        ("please show me iwn", {"small": "IWN"}),
        ("iwn frente a qqq en 3 años", {"small": "IWN", "large": "QQQ", "window": "3y"}),
        ("iwn y qqq con dividendos", {"small": "IWN", "large": "QQQ", "basis": "total"}),
        ("sin dividendos últimos 6 meses", {"basis": "price", "window": "6m"}),
        ("desde el 4 de diciembre de 2025", {"window": "2025-12-04"}),
        ("1y al 4 de diciembre de 2025", {"window": "1y", "as_of": date(2025, 12, 4)}),
        ("iwn/qqq six months", {"small": "IWN", "large": "QQQ", "window": "6m"}),
        ("$IWN/$QQQ", {"small": "IWN", "large": "QQQ"}),
        ("IWN VS QQQ", {"small": "IWN", "large": "QQQ"}),
        ("iwn v qqq over the past five years", {"small": "IWN", "large": "QQQ", "window": "5y"}),
        ("1y iwn v. qqq", {"small": "IWN", "large": "QQQ", "window": "1y"}),
        ("ytd @ 2025-12-04", {"window": "ytd", "as_of": date(2025, 12, 4)}),
        ("1y @4dec2025", {"window": "1y", "as_of": date(2025, 12, 4)}),
        ("mtd", {"window": "2026-06-30"}),
        ("a month ago", {"window": "2026-06-17"}),
        ("as of a month ago 1y", {"window": "1y", "as_of": date(2026, 6, 17)}),
        ("iwn since inception", {"small": "IWN", "window": "max"}),
        ("total tr with dividends 1y", {"basis": "total", "window": "1y"}),
    ],
)
def test_words_come_in_any_order(words: str, fields: dict[str, object]) -> None:
    assert rotation(words).request == RotationRequest.model_validate(fields)


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("2010", {"since": 2010}),
        ("since 2010 iwn", {"since": 2010, "small": "IWN"}),
        ("iwn spy", {"small": "IWN"}),
        ("2025-12-04", {"as_of": date(2025, 12, 4)}),
        ("since the article", {"since": 2025}),
        ("since march 2015 iwn", {"since": 2015, "small": "IWN"}),
        ("since 2010 as of dec 4 2025", {"since": 2010, "as_of": date(2025, 12, 4)}),
    ],
)
def test_years_take_a_first_year(words: str, fields: dict[str, object]) -> None:
    assert read(YearsRequest, words, KNOWN).request == YearsRequest.model_validate(fields)


@pytest.mark.parametrize("written", ["IWM", "iwm", "$IWM", "$iwm", "Iwm"])
def test_a_symbol_needs_no_note(written: str) -> None:
    reading = rotation(written)
    assert (reading.request.plain()["small"], reading.notes) == ("IWM", ())


@pytest.mark.parametrize("written", ["russell", "r2k", "rut", "^RUT", "RTY", "small caps", "Russell 2000"])
def test_returns_of_an_index_are_answered_from_its_fund_and_records_from_itself(written: str) -> None:
    returns, records = rotation(written), read(HighsRequest, written, KNOWN)
    assert returns.request.plain()["small"] == "IWM"
    assert len(returns.notes) == 1
    assert "IWM" in returns.notes[0]
    assert records.request.plain()["fund"] == "RUT"


@pytest.mark.parametrize("written", ["BRK/B", "brk.b", "BRKB", "BRK-B", "brk b"])
def test_share_classes_are_found_in_every_spelling(written: str) -> None:
    assert read(ListedRequest, written, KNOWN).request == ListedRequest(symbols=("BRKB",))


@pytest.mark.parametrize("written", ["NA", "ALL", "ON", "NOW", "$now", "on", "all", "now"])
def test_tickers_that_are_words_are_tickers_where_symbols_are_asked_for(written: str) -> None:
    assert read(ListedRequest, written, KNOWN).request == ListedRequest(symbols=(written.strip("$").upper(),))


@pytest.mark.parametrize("written", ["NA ALL ON NOW", "NA, ALL, ON, NOW", "$na $all $on $now"])
def test_tickers_that_are_words_may_stand_side_by_side(written: str) -> None:
    assert read(ListedRequest, written, KNOWN).request == ListedRequest(symbols=("NA", "ALL", "ON", "NOW"))


def test_the_same_words_in_small_letters_are_a_day() -> None:
    assert read(ListedRequest, "gme on now", KNOWN).request == ListedRequest(symbols=("GME",), as_of=FRIDAY)


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ("NOW all", {"symbol": "NOW", "window": "max"}),
        ("all NOW", {"symbol": "NOW", "window": "max"}),
        ("MAX max", {"symbol": "MAX", "window": "max"}),
        ("$all", {"symbol": "ALL"}),
        ("all", {"window": "max"}),
        ("ON on dec 4 2025", {"symbol": "ON", "as_of": date(2025, 12, 4)}),
    ],
)
def test_capitals_tell_a_ticker_from_a_word(written: str, fields: dict[str, object]) -> None:
    assert read(OneRequest, written, KNOWN).request == OneRequest.model_validate(fields)


@pytest.mark.parametrize("written", ["GME AMC", "GME, AMC", "gme,amc", "gme and amc", "$GME $AMC"])
def test_several_symbols(written: str) -> None:
    assert read(ListedRequest, written, KNOWN).request == ListedRequest(symbols=("GME", "AMC"))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("bitcoin", "cryptocurrency"),
        ("BTC", "cryptocurrency"),
        ("eth-usd", "cryptocurrency"),
        ("VOD.L", "not listed in the US"),
        ("7203.T", "not listed in the US"),
        ("DAX", "not listed in the US"),
        ("TWTR", "no longer listed"),
        ("SQ", "called XYZ now"),
        ("IWMM", "Did you mean IWM?"),
        ("GME", "No prices of GME ("),
        ("on", "No prices of ON ("),
        ("MDY", "No prices of MDY (State Street"),
    ],
)
def test_what_cannot_be_answered_says_why(written: str, words: str) -> None:
    with pytest.raises(UnknownSymbol) as caught:
        rotation(written)
    assert words in caught.value.text()


def test_a_renamed_symbol_is_answered_under_its_new_name() -> None:
    reading = rotation("FB")
    assert reading.request.plain()["small"] == "META"
    assert reading.notes == ("FB is called META now.",)


@pytest.mark.parametrize(
    ("words", "hint"),
    [("priice", "Did you mean price?"), ("ytdd", "Did you mean ytd?"), ("iwmm", "IWM"), ("wibble!", "wibble")],
)
def test_a_typo_gets_one_suggestion(words: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        rotation(words)
    assert hint in caught.value.text()


def test_an_ambiguous_day_is_asked_back() -> None:
    with pytest.raises(AmbiguousDate) as caught:
        rotation("since 4/3/2025")
    assert set(caught.value.readings) == {date(2025, 4, 3), date(2025, 3, 4)}


@pytest.mark.parametrize("words", ["1y 3y", "iwn spy qqq", "price total", "as of dec 4 as of dec 5"])
def test_too_much_of_one_kind_is_asked_back(words: str) -> None:
    with pytest.raises(BadInput):
        rotation(words)


def test_dates_read_from_words_are_echoed() -> None:
    assert rotation("since april").notes == ("“since april” is read as since 1 Apr 2026.",)
    assert rotation("2026-04-01").notes == ()
    assert rotation("6m").notes == ()


@pytest.mark.parametrize(
    ("wanted", "session", "word"),
    [
        (date(2026, 7, 3), date(2026, 7, 2), "No session"),  # Independence Day, observed
        (date(2025, 12, 6), date(2025, 12, 5), "Saturday"),
        (date(2025, 12, 4), date(2025, 12, 4), None),
    ],
)
def test_a_day_without_a_session_is_answered_by_the_one_before(wanted: date, session: date, word: str | None) -> None:
    answered, note = session_of(wanted, KNOWN)
    assert answered == session
    assert note is None if word is None else word in (note or "")
    reading = read_options(RotationRequest, {"as_of": wanted.isoformat()}, KNOWN)
    assert reading.request.as_of == session
    assert len(reading.notes) == (0 if word is None else 1)


def test_a_session_whose_close_is_not_in_is_answered_by_the_one_before() -> None:
    thursday = date(2026, 7, 16)
    session, note = session_of(FRIDAY, Known(KNOWN.catalogue, thursday, FRIDAY))
    assert session == thursday
    assert "not in yet" in (note or "")


def test_today_and_yesterday_are_calendar_days() -> None:
    for text, session in (("today", FRIDAY), ("yesterday", FRIDAY)):
        assert read_options(RotationRequest, {"as_of": text}, AT_THE_WEEKEND).request.as_of == session


@pytest.mark.parametrize("text", ["2026-07-20", "2027-01-01", "tomorrow"])
def test_the_future_is_refused(text: str) -> None:
    with pytest.raises((DateInFuture, BadInput)):
        read_options(RotationRequest, {"as_of": text}, KNOWN)


def test_days_before_the_record_are_refused() -> None:
    with pytest.raises(BadInput, match="begins on"):
        read_options(RotationRequest, {"as_of": "1990-05-05"}, KNOWN)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"window": "2026-01-01", "as_of": "2025-12-04"}, StartAfterEnd),
        ({"window": "2025-12-04", "as_of": "2025-12-04"}, StartAfterEnd),
        ({"window": "2026-08-01"}, DateInFuture),
        ({"small": "MAGS", "window": "5y"}, NotEnoughHistory),
        ({"small": "MAGS", "as_of": "2020-01-02", "window": "1m"}, NotEnoughHistory),
        ({"window": "2000-01-03"}, NotEnoughHistory),
        ({"small": "VB", "basis": "price"}, NoCloses),
        ({"small": "VIX"}, NoTotalReturn),
        ({"small": "ZZZZZ"}, UnknownSymbol),
        ({"window": "forever and a day"}, BadInput),
        ({"window": "999y"}, BadInput),
        ({"basis": "net"}, BadInput),
        ({"nonsense": "1"}, BadInput),
        ({"small": "x" * 400}, BadInput),
    ],
)
def test_everything_checkable_is_checked_before_computing(options: dict[str, str], error: type[UserError]) -> None:
    with pytest.raises(error) as caught:
        read_options(RotationRequest, options, KNOWN)
    assert caught.value.text().strip()


def test_records_need_closes() -> None:
    with pytest.raises(NoCloses):
        read_options(HighsRequest, {"fund": "VB"}, KNOWN)
    assert read_options(HighsRequest, {"fund": "^RUT"}, KNOWN).request == HighsRequest(fund="RUT")


def test_all_history_needs_no_first_day() -> None:
    assert rotation("max MAGS").request == RotationRequest(window="max", small="MAGS")


@pytest.mark.parametrize(
    ("since", "words"),
    [("1800", "at least 1900"), ("3000", "at most 2200"), ("soon", "not a whole number")],
)
def test_numbers_out_of_range_are_explained(since: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_options(YearsRequest, {"since": since}, KNOWN)


def test_free_text_is_left_as_it_is() -> None:
    asked = read(NotesRequest, "SPY 60, IWM 20, NVDA 20 shift:15% quiet:yes", KNOWN).request
    assert asked == NotesRequest(holdings="SPY 60, IWM 20, NVDA 20", shift=0.15, quiet=True)


@pytest.mark.parametrize("options", [{"shift": "lots"}, {"quiet": "perhaps"}])
def test_plain_values_are_checked(options: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        read_options(NotesRequest, options, KNOWN)


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("10 small", {"n": 10, "cap": "small"}),
        ("Health Care 5", {"n": 5, "sector": "Health Care"}),
        ("all", {"cap": "all"}),
    ],
)
def test_what_no_other_field_takes_is_left_to_the_text(words: str, fields: dict[str, object]) -> None:
    assert read(ScreenRequest, words, KNOWN).request == ScreenRequest.model_validate(fields)


def test_a_reply_changes_the_card_it_replies_to() -> None:
    card = RotationRequest(window="1y", small="IWN", as_of=date(2025, 12, 4))
    assert read(RotationRequest, "vs qqq", KNOWN, base=card).request == card.model_copy(update={"large": "QQQ"})
    assert read(RotationRequest, "3y", KNOWN, base=card).request == card.model_copy(update={"window": "3y"})
    words = "since april"
    assert read(RotationRequest, words, KNOWN, base=card).request.plain()["window"] == "2025-04-01"


@pytest.mark.parametrize(
    "words",
    [
        "should I buy",
        "should i buy iwm now",
        "is it over",
        "Is it over?",
        "buy or sell",
        "time to buy?",
        "debería comprar IWM",
        "¿compro o vendo?",
        "es buen momento para comprar",
    ],
)
def test_those_who_ask_what_to_do_are_told_what_the_bot_does(words: str) -> None:
    assert asks_for_advice(words)
    with pytest.raises(BadInput, match="/thesis"):
        rotation(words)


@pytest.mark.parametrize(
    ("kind", "words", "fields"),
    [
        (HistoryRequest, "spread 5", {"event": "spread", "points": 5.0}),
        (HistoryRequest, "5 spread", {"event": "spread", "points": 5.0}),
        (HistoryRequest, "rallies 7.5", {"event": "rallies", "points": 7.5}),
        (HistoryRequest, "180", {"gap_days": 180}),
        (HistoryRequest, "first record 700", {"event": "record", "gap_days": 700}),
        (HistoryRequest, "first rate cut", {"event": "cut"}),
        (HistoryRequest, "rate cuts", {"event": "cut"}),
        (HistoryRequest, "regime switch large", {"event": "regime", "side": "large"}),
        (HistoryRequest, "recortes", {"event": "cut"}),
        (PositionRequest, "nvda 50000 2%", {"symbol": "NVDA", "account": 50_000.0, "risk": 0.02}),
        (PositionRequest, "0.5% $25,000 iwm", {"symbol": "IWM", "account": 25_000.0, "risk": 0.005}),
        (PositionRequest, "iwm 50k", {"symbol": "IWM", "account": 50_000.0}),
        (SqueezeRequest, "health care", {"sector": "health care"}),
        (SqueezeRequest, "5 real estate small", {"n": 5, "sector": "real estate", "cap": "small"}),
        (SqueezeRequest, "10 energy", {"n": 10, "sector": "energy"}),
        (ThesisRequest, "since dec 4", {"since": date(2025, 12, 4)}),
        (ThesisRequest, "since the article", {"since": date(2025, 12, 4)}),
        (ThesisRequest, "as of dec 4", {"as_of": date(2025, 12, 4)}),
        (QuoteRequest, "now", {"symbol": "NOW"}),
        (QuoteRequest, "NOW", {"symbol": "NOW"}),
        (QuoteRequest, "now ytd", {"symbol": "NOW", "window": "ytd"}),
        (QuoteRequest, "FB", {"symbol": "META"}),
        (HistoryRequest, "record 500 days", {"event": "record", "gap_days": 500}),
        (HistoryRequest, "lead 15 points", {"event": "spread", "points": 15.0}),
        (HistoryRequest, "points 15 spread", {"event": "spread", "points": 15.0}),
        (HistoryRequest, "ratio crossing", {"event": "mean"}),
        (PositionRequest, "iwm account 25000 risk 1%", {"symbol": "IWM", "account": 25_000.0}),
        (PositionRequest, "iwm 25,000 usd 2% 3", {"symbol": "IWM", "account": 25_000.0, "risk": 0.02, "ranges": 3.0}),
        (PositionRequest, "iwm ranges 1.5", {"symbol": "IWM", "ranges": 1.5}),
        (FundsRequest, "iwm vb vs qqq", {"symbols": ("IWM", "VB", "QQQ")}),
        (FundsRequest, "IWM VS SPY", {"symbols": ("IWM", "SPY")}),
        (FundsRequest, "iwm/spy/qqq 1y", {"symbols": ("IWM", "SPY", "QQQ"), "window": "1y"}),
        (FundsRequest, "$VS IWM", {"symbols": ("VS", "IWM")}),
        (FundsRequest, "v ma", {"symbols": ("V", "MA")}),
        (FundsRequest, "brk/b iwm", {"symbols": ("BRKB", "IWM")}),
        (QuoteRequest, "V", {"symbol": "V"}),
    ],
)
def test_each_question_takes_the_words_people_use_for_it(
    kind: type[Request], words: str, fields: dict[str, object]
) -> None:
    assert read(kind, words, KNOWN).request == kind.model_validate(fields)


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        (HistoryRequest, "regime 5", "I do not understand “5” here."),
        (HistoryRequest, "spread 5 6", "I do not understand “6” here."),
        (HistoryRequest, "spread 5%", "5%"),
        (PositionRequest, "iwm 50000 60000", "I do not understand “60000” here."),
        (PositionRequest, "iwm 30%", "risk must be at most 0.2"),
        (PositionRequest, "", "Please say which symbol."),
        (PositionRequest, "2%", "Please say which symbol."),
        (HighsRequest, "since 2020", "I do not understand “since” here."),
        (RotationRequest, "6 mnths", "I do not understand “6 mnths” here."),
        (RotationRequest, "1y and 3y", "“1y” and “3y” both say the window"),
        (FundsRequest, "iwm iwo iwn vb qqq spy mags ijr rsp vti hyg", "That is 11 symbols; I take 10 at most."),
    ],
)
def test_numbers_and_lists_that_fit_nowhere_are_asked_back(kind: type[Request], words: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(kind, words, KNOWN)
    assert said in caught.value.text()


@pytest.mark.parametrize(
    ("words", "account", "risk"),
    [
        ("iwm 10.000 0,5%", 10_000, 0.005),
        ("iwm 0,5 % 10.000", 10_000, 0.005),
        ("iwm 25.000,50 1,5%", 25_000.5, 0.015),
        ("iwm 25k 2%", 25_000, 0.02),
        ("iwm account:12,000 risk:0,01", 12_000, 0.01),
    ],
)
def test_sums_and_percentages_are_read_in_spanish(words: str, account: float, risk: float) -> None:
    with i18n.use("es"):
        found = read(PositionRequest, words, KNOWN).request
    assert isinstance(found, PositionRequest)
    assert (found.account, found.risk) == (pytest.approx(account), pytest.approx(risk))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_discord_has_read_as_a_number_is_one_in_every_language(language: str) -> None:
    with i18n.use(language):
        found = read_options(PositionRequest, {"symbol": "IWM", "ranges": 1.125, "account": 10_500.0}, KNOWN).request
    assert isinstance(found, PositionRequest)
    assert (found.ranges, found.account) == (1.125, 10_500.0)


HOSTILE = [
    "@everyone", "<@1234567890>", "<@&42>", "**bold** _it_ `code`", "[a](https://example.com)", "x" * 2000,
    "😀" * 50, "\x00\x1b[31m", "\u202eabc", "```\nblock", "> quote", "# head", "'; drop table", "../../etc/passwd",
    "{0.__class__}", "%s%n", "\n\n\n", "||spoiler||", "$", "^", "$$$$", "vs", "vs vs vs", ":", "=", "window:",
    "window=",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_end_in_a_harmless_sentence_or_the_default(words: str) -> None:
    try:
        assert rotation(words).request == RotationRequest()
    except UserError as error:
        said = error.text()
        assert len(said) < 400
        assert not any(bad in said for bad in (" @everyone", "“@", "<@", "**", "```", "\x1b", "\u202e", "](http", "||"))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_words_are_either_read_or_refused_in_a_sentence(words: str) -> None:
    for kind in (RotationRequest, HighsRequest, YearsRequest, ListedRequest):
        try:
            said = read(kind, words, KNOWN).request.key()
        except UserError as error:
            said = error.text()
        assert 0 < len(said) < 500


@settings(deadline=None)
@given(st.permutations(["iwn", "qqq", "3y", "price"]))
def test_order_matters_only_between_the_two_funds(words: list[str]) -> None:
    asked = read(RotationRequest, " ".join(words).replace("iwn", "spy"), KNOWN).request.plain()
    first, second = (word.upper() for word in words if word in {"iwn", "qqq"})
    pair = [{"IWN": "SPY"}.get(symbol, symbol) for symbol in (first, second)]
    assert [asked["small"], asked["large"]] == pair
    assert (asked["window"], asked["basis"]) == ("3y", "price")


def test_everything_said_is_translated() -> None:
    with i18n.use(i18n.PSEUDO):
        for options in ({"small": "ZZZZZ"}, {"window": "?"}, {"basis": "x"}, {"as_of": "2030-01-01"}, {"bad": "1"}):
            with pytest.raises(UserError) as caught:
                read_options(RotationRequest, options, KNOWN)
            assert caught.value.text().startswith("⟦")
        for words in ("bitcoin", "VOD.L", "TWTR", "wibble!", "1y 3y", "should i buy", "iwn spy qqq"):
            with pytest.raises(UserError) as caught:
                rotation(words)
            assert caught.value.text().startswith("⟦")
        assert all(note.startswith("⟦") for note in rotation("russell since april").notes)
