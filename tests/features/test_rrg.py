"""The rotation graph on the sample, against a second computation in plain loops."""

import statistics
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, NoTotalReturn, UnknownSymbol
from bot.features.rrg.request import RrgRequest
from tests.charts.legibility import labels, words
from tests.features.answers import ask, drawn, rows, sample, values

TODAY = ask("rrg")
QUADRANTS = {"leading", "weakening", "lagging", "improving"}


def on_graph(symbol: str, until: date) -> tuple[float, float]:
    """Compute RS-Ratio and RS-Momentum from the definition, in plain lists."""
    pair = (sample().total_return(symbol) / sample().total_return("SPY")).dropna()
    strength = [value for day, value in pair.items() if day.date() <= until]  # type: ignore[attr-defined]

    def z(series: list[float], n: int, window: int) -> float:
        part = series[n - window + 1 : n + 1]
        return (series[n] - statistics.fmean(part)) / statistics.stdev(part)

    last = len(strength) - 1
    raw = {n: 100 + z(strength, n, 252) for n in range(last - 90, last + 1)}
    ratio = {n: statistics.fmean(raw[m] for m in range(n - 9, n + 1)) for n in range(last - 80, last + 1)}
    change = [ratio[n] - ratio[n - 10] for n in range(last - 70, last + 1)]
    return ratio[last], 100 + z(change, len(change) - 1, 63)


def quadrant(ratio: float, momentum: float) -> str:
    if ratio >= 100:
        return "leading" if momentum >= 100 else "weakening"
    return "improving" if momentum >= 100 else "lagging"


@pytest.mark.parametrize("day", [date(2026, 7, 31), date(2025, 12, 4), date(2008, 10, 10)])
@pytest.mark.parametrize("symbol", ["IWM", "IWN", "QQQ", "NVDA"])
def test_places_follow_the_definition(symbol: str, day: date) -> None:
    (row,) = rows(ask("rrg", day.isoformat(), symbols=(symbol,)), "rrg")
    ratio, momentum = on_graph(symbol, day)
    assert (row["ratio"], row["momentum"]) == (pytest.approx(ratio), pytest.approx(momentum))
    assert row["quadrant"] == quadrant(ratio, momentum)
    assert row["quadrant_8w"] == quadrant(*on_graph(symbol, day - timedelta(weeks=8)))


def test_the_card() -> None:
    assert TODAY.headline == "IWM is weakening against SPY; it was leading eight weeks ago. 3 of the 7 are leading."
    assert [row["symbol"] for row in rows(TODAY, "rrg")] == ["IWM", "IWO", "IWN", "IJR", "RSP", "QQQ", "MAGS"]
    assert values(TODAY)["quadrant.IWM"] == "weakening"
    assert len(TODAY.figures) == 6
    assert any("MDY is not stored: RSP is shown" in note for note in TODAY.notes)
    assert any("public z-score variant" in note for note in TODAY.notes)


def test_asking_for_both_shows_the_stand_in_once() -> None:
    report = ask("rrg", symbols=("MDY", "RSP", "SPY"))
    assert [row["symbol"] for row in rows(report, "rrg")] == ["RSP"]


@pytest.mark.parametrize(
    ("day", "symbols", "headline"),
    [
        ("2026-07-31", ("IWN",), "IWN is leading against SPY, as it was eight weeks ago."),
        ("2026-07-31", ("RSP",), "RSP is leading against SPY; it was improving eight weeks ago."),
        (
            "2026-07-31", ("QQQ", "MAGS"),
            "QQQ is weakening against SPY, as it was eight weeks ago. None of the 2 is leading.",
        ),
        ("2000-06-01", ("IWM",), "None of these funds has enough history against SPY for the graph."),
    ],
)  # fmt: skip
def test_headlines(day: str, symbols: tuple[str, ...], headline: str) -> None:
    assert ask("rrg", day, symbols=symbols).headline == headline


class TestTooYoung:
    def test_a_fund_listed_later(self) -> None:
        report = ask("rrg", "2023-04-10", symbols=("IWM", "MAGS"))
        assert rows(report, "rrg")[1] == {
            "symbol": "MAGS", "name": "Roundhill Magnificent Seven ETF", "ratio": None, "momentum": None,
            "quadrant": None, "quadrant_8w": None,
        }  # fmt: skip
        assert any("MAGS has no prices on 10 Apr 2023 yet" in note for note in report.notes)

    def test_a_fund_listed_yesterday(self) -> None:
        report = ask("rrg", "2023-04-12", symbols=("MAGS",))
        assert rows(report, "rrg")[0]["quadrant"] is None
        assert any("its data begins on 11 Apr 2023" in note for note in report.notes)

    def test_the_first_session_with_a_graph_has_no_past(self) -> None:
        """252 sessions for the ratio, 9 more to smooth it, 10 for the change and 62 more to rank it: 333."""
        days = [day.date() for day in sample().total_return("MAGS").index]
        assert rows(ask("rrg", days[331].isoformat(), symbols=("MAGS",)), "rrg")[0]["quadrant"] is None
        first = rows(ask("rrg", days[332].isoformat(), symbols=("MAGS",)), "rrg")[0]
        assert first["quadrant"] in QUADRANTS
        assert first["quadrant_8w"] is None
        notes = ask("rrg", days[332].isoformat(), symbols=("MAGS",)).notes
        assert "MAGS had no place on the graph eight weeks ago yet." in notes

    def test_the_start_of_1998(self) -> None:
        report = ask("rrg", "1998-01-02")
        assert all(row["quadrant"] is None for row in rows(report, "rrg"))
        assert report.stats == ()


class TestRefused:
    def test_symbols_without_total_returns(self) -> None:
        with pytest.raises(NoTotalReturn):
            ask("rrg", symbols=("RUT",))
        with pytest.raises(UnknownSymbol, match=r"^I have no data for “NOPE1”") as unknown:
            ask("rrg", symbols=("NOPE1",))
        assert unknown.value.reason is None

    def test_what_has_positions_but_no_prices_is_told_what_there_is_and_what_works(self) -> None:
        """GME is in FINRA's file from May on, in those of estimates and sizes from July on: prices it has nowhere."""
        with pytest.raises(UnknownSymbol) as today:
            ask("rrg", symbols=("GME",))
        said = today.value.text()
        assert said.startswith("No prices are kept for GME; on 31 Jul 2026 I have its short interest, consensus")
        works = said.split("Prices are kept for ")[1].rstrip(".").replace("and ", "").split(", ")
        assert {"IWM", "SPY", "NVDA"} < set(works)
        assert "RUT" not in works
        for symbol in works:  # what is said to work does
            if symbol != "SPY":
                assert ask("rrg", symbols=(symbol,)).stats
        with pytest.raises(UnknownSymbol, match=r"; on 10 Jun 2026 I have its short interest\."):
            ask("rrg", "2026-06-10", symbols=("GME",))
        with pytest.raises(UnknownSymbol, match="for GME, nor anything else on 4 Dec 2025"):
            ask("rrg", "2025-12-04", symbols=("GME",))

    def test_one_that_cannot_be_drawn_does_not_take_the_others_with_it(self) -> None:
        report = ask("rrg", symbols=("IWM", "GME", "RUT"))
        assert [row["symbol"] for row in rows(report, "rrg")] == ["IWM"]
        assert any(note.startswith("No prices are kept for GME") for note in report.notes)
        assert any(note.startswith("RUT is a price index") for note in report.notes)

    def test_nothing_but_the_benchmark(self) -> None:
        with pytest.raises(BadInput):
            ask("rrg", symbols=("SPY",))

    def test_thirteen_symbols(self) -> None:
        with pytest.raises(ValidationError):
            RrgRequest(symbols=tuple(f"S{n}" for n in range(13)))


def test_another_benchmark() -> None:
    report = ask("rrg", symbols=("IWO",), benchmark="IWN")
    assert report.title == "Rotation against IWN"
    assert rows(report, "rrg")[0]["symbol"] == "IWO"


TWELVE = ("IWM", "IWO", "IWN", "IJR", "RSP", "QQQ", "MAGS", "VB", "KRE", "XLY", "NVDA", "TSLA")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("day", ["2026-07-31", "2025-04-08", "2024-09-03"])
@pytest.mark.parametrize("symbols", [TWELVE, ("IWM",)], ids=["twelve", "one"])
def test_the_picture_is_legible(day: str, symbols: tuple[str, ...], theme: Theme) -> None:
    figure = drawn(ask("rrg", day, symbols=symbols), theme)["rrg"]
    assert set(symbols) <= set(words(figure))
    assert set(words(figure)) >= QUADRANTS


def test_without_a_single_fund_there_is_no_picture() -> None:
    report = ask("rrg", "1998-01-02")
    assert report.charts == ()
    assert report.headline == "None of these funds has enough history against SPY for the graph."


def test_tails_end_at_the_place_of_the_table() -> None:
    figure = drawn(TODAY)["rrg"]
    tail = labels(figure)["IWM"]
    row = rows(TODAY, "rrg")[0]
    assert len(tail.get_xdata()) == 8  # type: ignore[attr-defined]
    assert tail.get_xdata()[-1] == pytest.approx(row["ratio"])  # type: ignore[attr-defined]
    assert tail.get_ydata()[-1] == pytest.approx(row["momentum"])  # type: ignore[attr-defined]


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("rrg")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.shown is not None and stat.shown.startswith("⟦") for stat in report.stats)
