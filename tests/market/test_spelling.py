import pytest

from bot.market.spelling import matching, nearest, ticker


@pytest.mark.parametrize("written", ["BRKB", "BRK-B", "BRK.B", "BRK/B", "brk.b", " brk b "])
def test_the_spellings_of_a_share_class_are_one(written: str) -> None:
    assert ticker(written) == "BRKB"


@pytest.mark.parametrize("symbol", ["NA", "ALL", "ON", "NOW", "A", "GOOGL", "P5N994"])
def test_plain_tickers_stay_as_they_are(symbol: str) -> None:
    assert ticker(symbol) == symbol


@pytest.mark.parametrize(
    ("typed", "first"),
    [("IWMM", "IWM"), ("SPYY", "SPY"), ("QQ", "QQQ"), ("^VIXX", "VIX"), ("iwn", "IWN"), ("GOOG", "GOOGL")],
)
def test_a_typo_gets_the_likeliest_symbol_first(typed: str, first: str) -> None:
    assert nearest(typed, ["IWM", "IWN", "SPY", "QQQ", "VIX", "GOOGL", "META"])[0] == first


def test_nothing_near_suggests_nothing() -> None:
    assert nearest("ZZZZZZ", ["IWM", "SPY"]) == ()
    assert nearest("", ["IWM"]) == ()


def test_completion_ranks_the_symbol_before_its_prefix_before_names() -> None:
    names = {"IWMX": "Other fund", "IWM": "iShares Russell 2000 ETF", "RUT": "Russell 2000 Index", "IW": "Iwatani"}
    assert [symbol for symbol, _ in matching("iwm", names, 5)] == ["IWM", "IWMX"]
    assert [symbol for symbol, _ in matching("russell", names, 5)] == ["IWM", "RUT"]
    assert [symbol for symbol, _ in matching("2000", names, 1)] == ["IWM"]
    assert len(matching("", names, 3)) == 3
    assert matching("xyz", names, 3) == ()
