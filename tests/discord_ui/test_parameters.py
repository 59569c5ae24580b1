"""Options read and completed without Discord: what is offered can be chosen, and chosen it is read as offered."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n, metrics
from bot.discord_ui import limits, parameters
from bot.errors import UserError
from bot.market.catalogue import Catalogue
from bot.reading import Known
from bot.windows import OFFERED

FRIDAY = date(2026, 7, 17)
KNOWN = Known(Catalogue.load(), FRIDAY, FRIDAY)
ALL = [
    parameters.WindowParameter(), parameters.AsOfParameter(), parameters.FundParameter(), parameters.ListedParameter(),
    parameters.ListedSeveralParameter(), parameters.DefinitionParameter(),
]  # fmt: skip
each = pytest.mark.parametrize("parameter", ALL, ids=lambda one: type(one).__name__)
INDICES = {symbol for symbol, entry in KNOWN.catalogue.symbols.items() if entry.basis == "level"}
in_every_language = pytest.mark.parametrize("language", i18n.LANGUAGES)


def offered(parameter: parameters._Parameter, typed: str) -> dict[str, str]:
    """Return what Discord would show, by value, as far as it would take it."""
    found = parameter.offers(typed, KNOWN)[: limits.OPTIONS]
    assert all(1 <= len(one.name) <= limits.OPTION_TEXT for one in found)
    assert all(1 <= len(str(one.value)) <= limits.OPTION_TEXT for one in found)
    assert len({one.value for one in found}) == len(found), "Discord refuses two of the same value"
    return {str(one.value): one.name for one in found}


@each
@in_every_language
@pytest.mark.parametrize("typed", ["", "i", "IWM", "1", "dec", "be", "spread", "GME A"])
def test_what_is_offered_is_read_as_what_it_says(parameter: parameters._Parameter, language: str, typed: str) -> None:
    with i18n.use(language):
        for value in offered(parameter, typed):
            if value in INDICES:
                continue  # where returns are asked for, a fund answers for its index, and the card says so
            read = parameter.read(value, KNOWN)
            again = (
                str(read).replace(",", " ") if isinstance(parameter, parameters.ListedSeveralParameter) else str(read)
            )
            assert again == value


@each
@settings(max_examples=20, deadline=None)
@given(typed=st.text(max_size=limits.OPTION_TEXT))
def test_nothing_that_is_typed_breaks_the_completions(parameter: parameters._Parameter, typed: str) -> None:
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            offered(parameter, typed.strip())


@each
@settings(max_examples=20, deadline=None)
@given(typed=st.text(max_size=400))
def test_whatever_is_chosen_is_read_or_refused_in_words(parameter: parameters._Parameter, typed: str) -> None:
    try:
        parameter.read(typed, KNOWN)
    except UserError as error:
        refused = error.text()
    else:
        return
    assert refused


def test_the_usual_windows_are_all_offered_in_their_order() -> None:
    assert tuple(offered(ALL[0], "")) == OFFERED
    with i18n.use("es"):
        assert offered(ALL[0], "")["6m"] == "6 meses"
        assert next(iter(offered(ALL[0], "2 años"))) == "2y"


def test_days_are_offered_as_sessions_that_are_over() -> None:
    assert list(offered(ALL[1], "")) == ["2026-07-17", "2025-12-04"]
    assert offered(ALL[1], "2026-07-18") == {}, "a day to come"
    assert list(offered(ALL[1], "2026-07-04")) == ["2026-07-02"], "the holiday is answered for the session before"


@pytest.mark.parametrize(
    ("typed", "first", "name"),
    [
        ("GME", "GME", "GME"),
        ("GME A", "GME A", "GME A"),
        ("gme amc", "GME AMC", "GME AMC"),
        ("gme, amc", "GME AMC", ""),
    ],
)
def test_of_several_tickers_the_last_is_completed(typed: str, first: str, name: str) -> None:
    found = offered(ALL[4], typed)
    assert first in found
    assert found[first].startswith(name)


def test_a_definition_is_found_by_name_and_by_id() -> None:
    one = next(iter(metrics.catalogue().values()))
    for typed in (one.name, one.name[:6].upper(), one.id):
        assert offered(ALL[5], typed).get(one.id) == one.name
    assert offered(ALL[5], "no such figure") == {}


def test_every_field_that_people_fill_in_is_described() -> None:
    for name, text in parameters.DESCRIPTIONS.items():
        assert 1 <= len(text) <= limits.DESCRIPTION, name
        with i18n.use("es"):
            assert 1 <= len(i18n.gettext(text)) <= limits.DESCRIPTION, name
            assert i18n.gettext(text) != text or text in {"Ticker", "Tickers"}, name
