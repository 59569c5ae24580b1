"""One more fund beside those on a card."""

from datetime import date

import pytest

from bot.discord_ui.comparison import comparable, compared
from bot.errors import UserError
from bot.features.earnings.request import EarningsRequest
from bot.features.funds.request import FundsRequest
from bot.features.highs.request import HighsRequest
from bot.features.position.request import PositionRequest
from bot.features.rotation.request import RotationRequest
from bot.features.rrg.request import RrgRequest
from bot.features.shortinterest.request import ShortinterestRequest
from bot.features.squeeze.request import SqueezeRequest
from bot.features.thesis.request import ThesisRequest
from bot.market.catalogue import Catalogue
from bot.reading import Known
from bot.request import Request

DAY = date(2026, 7, 17)
KNOWN = Known(Catalogue.load(), DAY, DAY)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (RotationRequest(window="1y", as_of=DAY), FundsRequest(symbols=("IWM", "SPY", "QQQ"), window="1y", as_of=DAY)),
        (HighsRequest(), FundsRequest(symbols=("IWM", "QQQ"))),
        (ShortinterestRequest(symbols=("GME",)), ShortinterestRequest(symbols=("GME", "QQQ"))),
        (FundsRequest(symbols=("VB",), benchmark="RSP"), FundsRequest(symbols=("VB", "QQQ"), benchmark="RSP")),
        (RrgRequest(symbols=("IWM",)), RrgRequest(symbols=("IWM", "QQQ"))),
    ],
)
def test_the_fund_joins_what_the_card_is_about(request_: Request, expected: Request) -> None:
    assert comparable(request_)
    assert compared(request_, " qqq ", KNOWN).request == expected


def test_what_was_typed_is_read_as_elsewhere() -> None:
    reading = compared(RotationRequest(), "nasdaq", KNOWN)
    assert reading.request == FundsRequest(symbols=("IWM", "SPY", "QQQ"), window="6m")
    assert any("nasdaq" in note for note in reading.notes)
    with pytest.raises(UserError):
        compared(RotationRequest(), "nonsense!", KNOWN)


@pytest.mark.parametrize(
    "request_", [ThesisRequest(), EarningsRequest(), SqueezeRequest(), PositionRequest(symbol="IWM")], ids=str
)
def test_without_a_fund_on_the_card_there_is_nothing_to_compare(request_: Request) -> None:
    assert not comparable(request_)


def test_too_many_are_refused_in_words() -> None:
    full = FundsRequest(symbols=("IWM", "VB", "IWO", "IWN", "IJR", "RSP", "SPY", "MAGS", "VTI", "TLT"))
    with pytest.raises(UserError) as refused:
        compared(full, "QQQ", KNOWN)
    assert "symbols" in refused.value.text()
