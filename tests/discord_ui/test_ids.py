"""What a button remembers comes back exactly, or is politely refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import features
from bot.discord_ui import ids
from bot.discord_ui.limits import CUSTOM_ID
from bot.features.highs.request import HighsRequest
from bot.features.rotation.request import RotationRequest
from bot.features.shortinterest.request import ShortinterestRequest
from bot.features.weekly.request import WeeklyRequest
from bot.features.years.request import YearsRequest
from bot.request import Request

SYMBOLS = st.from_regex(r"\A[A-Z0-9][A-Z0-9.\-]{0,5}\Z")
WINDOWS = st.sampled_from(["1w", "6m", "ytd", "max", "10y", "2022-01-03"])
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2090, 12, 31))
ASKERS = st.none() | st.integers(0, 2**63)
REQUESTS = st.one_of(
    st.builds(RotationRequest, as_of=DAYS, window=WINDOWS, small=SYMBOLS, large=SYMBOLS),
    st.builds(RotationRequest, as_of=DAYS, basis=st.sampled_from(["total", "price"])),
    st.builds(HighsRequest, as_of=DAYS, fund=SYMBOLS),
    st.builds(YearsRequest, as_of=DAYS, since=st.none() | st.integers(1900, 2200)),
    st.builds(ShortinterestRequest, as_of=DAYS, symbols=st.lists(SYMBOLS, min_size=1, max_size=5).map(tuple)),
)


@settings(deadline=None)
@given(REQUESTS, ASKERS, st.sampled_from(["show", "explain", "csv", "fund.small", "table.p12"]))
def test_ids_give_back_what_they_were_made_of(request: Request, asker: int | None, action: str) -> None:
    custom_id = ids.encode(action, request, asker)
    assert custom_id is not None
    assert len(custom_id) <= CUSTOM_ID
    assert ids.PATTERN.fullmatch(custom_id)
    assert ids.decode(custom_id) == ids.Pressed(action, request, asker)


def test_a_question_that_does_not_fit_has_no_id() -> None:
    many = ShortinterestRequest(symbols=tuple(f"SYMBOL{n}.ABC" for n in range(10)))
    assert ids.encode("show", many, 2**63) is None


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_other_text_is_outdated_and_never_a_crash(text: str) -> None:
    for custom_id in (text, "h1:" + text, "h1:show:rotation:::" + text):
        try:
            pressed = ids.decode(custom_id)
        except ids.Outdated:
            continue
        assert isinstance(pressed.request, Request)


@pytest.mark.parametrize("name", features.names())
def test_the_default_question_of_every_feature_fits(name: str) -> None:
    kind = features.request_type(name)
    required = [field for field, info in kind.model_fields.items() if info.is_required()]
    if required:
        return
    request = kind(as_of=date(2026, 7, 17))
    custom_id = ids.encode("show", request, 2**63)
    assert custom_id is not None
    assert ids.decode(custom_id).request == request


def test_text_with_separators_survives() -> None:
    class NotedRequest(RotationRequest):
        small: str = ""

    custom_id = ids.encode("show", NotedRequest(small="a;b=c:d 5%"), None)
    assert custom_id == "h1:show:rotation:::small=a%3Bb%3Dc%3Ad 5%25"


def test_what_the_bot_adds_itself_is_not_carried() -> None:
    """Sentences of alerts would not fit, and the button is wanted all the same."""
    request = WeeklyRequest(as_of=date(2026, 7, 24), since=date(2026, 7, 17), fired=("x" * 200,))
    custom_id = ids.encode("explain", request, None)
    assert custom_id is not None
    assert ids.decode(custom_id).request == request.model_copy(update={"fired": ()})
