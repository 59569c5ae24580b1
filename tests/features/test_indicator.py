from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, MissingData, NotEnoughHistory
from bot.features.indicator.picture import tick_words
from tests.charts.legibility import labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

SHOWN = ("rates.yield_2y", "rotation.regime", "macro.ICSA", "price.close.IWM", "price.close.RUT", "short.shares.GME",
         "rates.expected_change_12m", "rotation.spread.6m")  # fmt: skip


def test_the_percentile_is_of_all_history() -> None:
    found = values(ask("indicator", indicator="rates.yield_2y", window="1y"))
    known = sample().macro_known("DGS2")["value"].dropna()
    now = known.iloc[-1]
    assert found["value"] == now == 0.0423
    # One value a day on which something became known: a holiday's Monday brings two, of which the newer counts.
    assert found["percentile"] == pytest.approx(float((known <= now).mean()), abs=0.001)
    assert found["low"] == known.min()
    assert found["high"] == known.max()


def test_the_sentence_says_where_it_stands() -> None:
    report = ask("indicator", indicator="rates.yield_2y")
    assert report.title == "2-year yield"
    assert report.headline == "2-year yield: 4.23% on 31 Jul 2026; at or above 62% of its values since 3 Jan 1990."
    assert report.stat("high").shown == "9.05% on 3 May 1990"


def test_a_state_says_since_when() -> None:
    report = ask("indicator", indicator="rotation.regime")
    assert report.headline == "Regime of IWM and SPY: small since 24 Dec 2025."
    shares = [stat.value for stat in report.stats if stat.id.startswith("share.")]
    assert sum(shares) == pytest.approx(1)
    changes = rows(report, "values")
    assert changes[0] == {"date": date(2025, 12, 24), "value": "small"}
    assert all(one["value"] != other["value"] for one, other in pairwise(changes))


def test_two_values_are_too_few_for_a_percentile() -> None:
    report = ask("indicator", indicator="shortinterest.weighted.r2000")
    assert values(report)["percentile"] is None
    assert "too few for a percentile" in report.headline
    assert "2 settlements" in report.headline


def test_the_change_is_against_a_month_before() -> None:
    found = values(ask("indicator", indicator="price.close.IWM"))
    closes = sample().closes("IWM")
    assert found["change"] == pytest.approx(closes.iloc[-1] - closes.iloc[-22])
    assert found["observations"] == len(closes)


def test_the_table_holds_the_newest_first() -> None:
    listed = rows(ask("indicator", indicator="price.close.IWM"), "values")
    assert listed[0] == {"date": date(2026, 7, 31), "value": pytest.approx(291.2, abs=0.01)}
    assert [row["date"] for row in listed] == sorted((row["date"] for row in listed), reverse=True)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("indicator", SHOWN)
def test_pictures_are_legible(indicator: str, theme: Theme) -> None:
    report = ask("indicator", indicator=indicator)
    figure = drawn(report, theme)["indicator"]
    assert titled(figure) == report.title
    assert report.stat("value").shown in drawn_words(figure) or report.stat("value").value in drawn_words(figure)


@pytest.mark.parametrize("window", ["1m", "1y", "max", "2020-01-02"])
def test_the_picture_shows_the_window(window: str) -> None:
    report = ask("indicator", indicator="price.close.IWM", window=window)
    line = labels(drawn(report)["indicator"])["indicator"]
    closes = sample().closes("IWM")
    start = {"1m": "2026-06-30", "1y": "2025-07-31", "max": "2000-01-01", "2020-01-02": "2020-01-02"}[window]
    np.testing.assert_allclose(line.get_ydata(), closes[start:].to_numpy())


def test_states_are_drawn_as_steps() -> None:
    line = labels(drawn(ask("indicator", indicator="rotation.regime", window="max"))["indicator"])["indicator"]
    across, up = np.diff(line.get_xdata()), np.diff(line.get_ydata())
    assert not ((across != 0) & (up != 0)).any()


def test_what_cannot_be_shown_is_said() -> None:
    with pytest.raises(BadInput, match="no indicator called"):
        ask("indicator", indicator="no.such")
    with pytest.raises(MissingData, match="nothing is stored"):
        ask("indicator", "2019-03-01", indicator="shortinterest.weighted.r2000")
    with pytest.raises(NotEnoughHistory):
        ask("indicator", indicator="macro.UNRATE", window="1w")


@pytest.mark.parametrize("indicator", ["rates.yield_2y", "rotation.regime", "macro.UNRATE"])
@pytest.mark.parametrize("day", [date(2025, 12, 4), date(2020, 3, 23)])
def test_nothing_leaks_from_the_future(indicator: str, day: date) -> None:
    assert_nothing_leaks("indicator", day, indicator=indicator)


def test_axes_speak_the_unit() -> None:
    assert tick_words("fraction")(0.045, 3) == "4.5%"
    assert tick_words("count")(250_000.0, 0) == "250K"
    assert tick_words("usd")(280.0, 0) == "280"
    with i18n.use("es"):
        assert tick_words("ratio")(0.65, 2) == "0,65"
