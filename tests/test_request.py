from datetime import date
from typing import ClassVar

import pytest
from pydantic import ValidationError

from bot import features
from bot.request import Basis, FundText, Mark, Request, SymbolsText, WindowText, choices_of, mark_of
from bot.windows import Window


class PairRequest(Request):
    feature: ClassVar[str] = "pair"
    window: WindowText = "6m"
    small: FundText = "IWM"
    basis: Basis = "total"
    symbols: SymbolsText = ()


def test_equal_questions_have_equal_keys_and_hashes() -> None:
    assert PairRequest(window="1y") == PairRequest(window="1y")
    assert hash(PairRequest(window="1y")) == hash(PairRequest(window="1y"))
    assert PairRequest(window="1y").key() == PairRequest(window="1y").key() != PairRequest().key()


def test_only_what_differs_travels() -> None:
    asked = PairRequest(window="1y", as_of=date(2025, 12, 4))
    assert asked.differing() == {"window": "1y", "as_of": "2025-12-04"}
    assert PairRequest.model_validate(asked.differing()) == asked
    assert PairRequest.model_validate(asked.plain()) == asked


@pytest.mark.parametrize(
    "fields",
    [
        {"window": "6 m"}, {"window": "2025-13-01"}, {"window": "0m"}, {"window": ""}, {"small": "iwm"},
        {"small": "IWM SPY"}, {"small": "<@1>"}, {"basis": "net"}, {"other": 1},
        {"as_of": "soon"}, {"symbols": ["a b"]},
    ],
)  # fmt: skip
def test_what_is_not_canonical_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PairRequest.model_validate(fields)


def test_symbols_are_kept_once_in_order() -> None:
    assert PairRequest(symbols=("GME", "AMC", "GME")).symbols == ("GME", "AMC")


def test_marks_and_choices_describe_the_fields() -> None:
    assert mark_of(PairRequest, "window") is Mark.WINDOW
    assert mark_of(PairRequest, "small") is Mark.FUND
    assert mark_of(PairRequest, "symbols") is Mark.SYMBOLS
    assert mark_of(PairRequest, "basis") is None
    assert choices_of(PairRequest, "basis") == ("total", "price")
    assert choices_of(PairRequest, "small") == ()
    assert Window(PairRequest().window).words() == "6 months"


@pytest.mark.parametrize("name", features.names())
def test_every_feature_has_a_request_with_defaults_that_validate(name: str) -> None:
    kind = features.request_type(name)
    assert kind.feature == name
    assert issubclass(kind, Request)
    assert all("_" not in field or field == "as_of" or field.islower() for field in kind.model_fields)


def test_unknown_features_are_refused() -> None:
    with pytest.raises(KeyError):
        features.request_type("nonsense")
