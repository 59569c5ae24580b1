"""Questions asked of markets that do not move, have just begun, or follow a rule known by heart."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.errors import MissingData, UserError
from bot.market.dataset import Dataset
from bot.report import Report, as_json
from tests.features.answers import ask, drawn, rows, values
from tests.features.flat import SYMBOLS, YIELDS, level, market, sessions

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rates", {}),
    ("risks", {}),
    ("rrg", {}),
    ("funds", {"window": "1w"}),
    ("funds", {"window": "max"}),
    ("style", {"window": "1w"}),
    ("allocation", {"holdings": "SPY 60, IWM 40", "window": "1w"}),
    ("position", {"symbol": "IWM"}),
    *(("history", {"event": event}) for event in ("record", "regime", "mean", "cut", "spread", "cycles", "shorts")),
    ("when", {}),
)
NAMES = [f"{feature}-{next(iter(options.values()), '')}" for feature, options in QUESTIONS]


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Three years in which nothing moved."""
    return market(tmp_path_factory.mktemp("flat"), level(760))


@pytest.fixture(scope="module")
def newborn(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """One session."""
    return market(tmp_path_factory.mktemp("newborn"), level(1))


def answered(dataset: Dataset, feature: str, options: dict[str, Any]) -> Report | UserError:
    try:
        return ask(feature, dataset, **options)
    except UserError as refusal:
        return refusal


def is_sound(dataset: Dataset, feature: str, options: dict[str, Any]) -> None:
    """Whatever the market, a question is answered in full, or refused in a sentence."""
    report = answered(dataset, feature, options)
    if isinstance(report, UserError):
        assert report.text().endswith((".", "?"))
        return
    assert report.headline.endswith(".")
    assert "nan" not in (report.headline + " ".join(report.notes)).lower().split()
    assert len(report.figures) <= 6
    json.dumps(as_json(report), allow_nan=False)
    drawn(report)


@pytest.mark.parametrize(("feature", "options"), QUESTIONS, ids=NAMES)
def test_a_market_that_never_moved(flat: Dataset, feature: str, options: dict[str, Any]) -> None:
    is_sound(flat, feature, options)


@pytest.mark.parametrize(("feature", "options"), QUESTIONS, ids=NAMES)
def test_a_market_of_one_session(newborn: Dataset, feature: str, options: dict[str, Any]) -> None:
    is_sound(newborn, feature, options)


def walk(seed: int, count: int) -> dict[str, list[float]]:
    draws = np.random.default_rng(seed)
    return {s: (100 * np.exp(np.cumsum(draws.normal(0, 0.02, count)))).round(2).tolist() for s in SYMBOLS}


@settings(max_examples=5, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 15, 40, 260, 420]))
def test_any_market_is_answered_soundly(tmp_path_factory: pytest.TempPathFactory, seed: int, count: int) -> None:
    draws = np.random.default_rng(seed)
    yields = {s: (base + np.cumsum(draws.normal(0, 0.0005, count))).round(4).tolist() for s, base in YIELDS.items()}
    dataset = market(tmp_path_factory.mktemp("walk"), walk(seed, count), yields)
    for feature, options in QUESTIONS:
        is_sound(dataset, feature, options)


class TestFlat:
    def test_rates_have_no_sensitivity(self, flat: Dataset) -> None:
        report = ask("rates", flat)
        assert values(report)["sensitivity.2y.beta"] is None
        assert any("did not move in the last 104 weeks" in note for note in report.notes)
        assert values(report)["yield_2y.change_bp"] == 0
        assert report.headline == "3-month bills yield about as much as the Fed's rate (−5 bp); neither side leads."

    def test_gauges_read_full_where_everything_is_as_always(self, flat: Dataset) -> None:
        """A flat history is at or below today's reading on every day: the percentile is one."""
        report = ask("risks", flat)
        found = {row["input"]: row for row in rows(report, "inputs")}
        staples = next(row for name, row in found.items() if "XLP/XLY" in str(name))
        assert (staples["reading"], staples["percentile"]) == (0, 1)
        claims = next(row for name, row in found.items() if "jobless" in str(name))
        assert (claims["reading"], claims["observations"]) == (None, 0)
        assert any("nothing is stored for this day" in note for note in report.notes)

    def test_the_graph_has_no_places(self, flat: Dataset) -> None:
        report = ask("rrg", flat)
        assert report.stats == ()
        assert any("IWM did not move against SPY" in note for note in report.notes)

    def test_funds_returned_the_same(self, flat: Dataset) -> None:
        report = ask("funds", flat, window="1y")
        assert report.headline == "All 4 funds returned the same over 1 year: 0.0%."
        row = rows(report, "funds")[0]
        assert (row["volatility"], row["max_drawdown"], row["sharpe"]) == (0, 0, None)
        assert (row["beta"], row["capture_up"], row["capture_down"]) == (None, None, None)

    def test_styles_are_level(self, flat: Dataset) -> None:
        report = ask("style", flat)
        assert values(report)["spread"] == 0
        assert values(report)["regime"] == "mixed"
        assert "growth and value are level" in report.headline

    def test_a_portfolio_without_movement_has_no_risk_to_share(self, flat: Dataset) -> None:
        report = ask("allocation", flat, holdings="SPY 60, IWM 40")
        found = values(report)
        assert (found["volatility"], found["max_drawdown"]) == (None, 0)
        assert any("or never moved" in note for note in report.notes)

    def test_a_price_without_ranges_has_no_stop(self, flat: Dataset) -> None:
        report = ask("position", flat, symbol="IWM")
        assert report.headline == "No size for IWM: its price has not moved, so a stop says nothing."

    @pytest.mark.parametrize("event", ["record", "regime", "mean", "spread"])
    def test_nothing_ever_happened(self, flat: Dataset, event: str) -> None:
        report = ask("history", flat, event=event)
        assert values(report)["events"] == 0
        assert "never since" in report.headline


class TestByHeart:
    def test_a_planted_sensitivity_is_found_exactly(self, tmp_path: Path) -> None:
        """Each week the yield moves by one or two hundredths and small caps by minus a fiftieth of it: slope -2."""
        days = sessions(640)
        weeks = [day.isocalendar()[:2] for day in days]
        order = {week: n for n, week in enumerate(dict.fromkeys(weeks))}
        steps = np.random.default_rng(5).choice([-0.0002, -0.0001, 0.0001, 0.0002], len(order))
        yields = [round(0.04 + float(steps[: order[week] + 1].sum()), 4) for week in weeks]
        small = [100.0]
        for n in range(1, len(days)):
            moved = (yields[n] - yields[n - 1]) * 100
            small.append(small[-1] * (1 - 0.02 * moved))
        prices = level(640) | {"IWM": small}
        dataset = market(tmp_path, prices, {"DGS2": yields, "DGS10": yields})
        last_friday = max(day for day in days if day.weekday() == 4)
        found = values(ask("rates", dataset.at(last_friday)))
        assert found["sensitivity.2y.n"] == 104
        assert found["sensitivity.2y.beta"] == pytest.approx(-0.02, rel=0.01)  # the last week's yield is a day old
        assert found["sensitivity.2y.r2"] > 0.98

    def test_a_first_cut_and_what_followed(self, tmp_path: Path) -> None:
        """Small gains 1% in the month after the cut and large nothing."""
        days = sessions(300)
        cut = days[100]
        prices = level(300)
        prices["IWM"] = [100.0] * 105 + [101.0] * 195
        decisions = [
            {"day": days[20], "lower": 0.05, "upper": 0.0525},
            {"day": days[50], "lower": 0.0525, "upper": 0.055},
            {"day": cut, "lower": 0.05, "upper": 0.0525},
        ]
        dataset = market(tmp_path, prices, fed_changes=decisions)
        report = ask("rates", dataset)
        (cycle,) = rows(report, "cut_cycles")
        assert (cycle["first_cut"], cycle["open"], cycle["cuts"]) == (cut, True, 1)
        assert cycle["first_1m"] == pytest.approx(0.01)
        assert cycle["first_12m"] is None
        assert any("One cycle of cuts is recorded" in note for note in report.notes)
        assert values(report)["target.upper"] == 0.0525

    def test_two_records_a_year_apart(self, tmp_path: Path) -> None:
        """A peak in session 10, passed again in session 400: one event, followed by a rise of 10%."""
        small = [100.0] * 10 + [120.0] + [90.0] * 389 + [121.0] + [133.1] * 300
        dataset = market(tmp_path, level(700) | {"IWM": small[:700]})
        report = ask("history", dataset)
        (event,) = rows(report, "events")
        assert event["date"] == sessions(700)[400]
        assert event["own_21"] == pytest.approx(0.1)
        assert event["relative_21"] == pytest.approx(0.1)
        assert report.headline.endswith("What followed in a year: too few to say.")
        assert "once since" in report.headline

    def test_half_and_half_of_two_funds_that_mirror_each_other(self, tmp_path: Path) -> None:
        """One gains what the other loses each day: restored daily, the whole never moves, and no risk is left."""
        up = np.cumprod(1 + np.where(np.arange(400) % 2, 0.02, -0.02))
        down = np.cumprod(1 - np.where(np.arange(400) % 2, 0.02, -0.02))
        prices = level(400) | {"IWO": (100 * up).tolist(), "IWN": (100 * down).tolist()}
        found = values(ask("allocation", market(tmp_path, prices), holdings="IWO 50, IWN 50", window="1y"))
        assert found["max_drawdown"] == pytest.approx(0, abs=1e-12)

    def test_a_fund_that_doubles_while_the_other_stands(self, tmp_path: Path) -> None:
        rising = [100 * 2 ** (n / 239) for n in range(240)]
        report = ask("funds", market(tmp_path, level(240) | {"IWM": rising}), symbols=("IWM", "VB"), window="max")
        assert report.headline.startswith("IWM returned most over all history, +100.0%")
        row = rows(report, "funds")[0]
        assert row["return_window"] == pytest.approx(1)
        assert row["volatility"] == pytest.approx(0, abs=1e-9)

    def test_a_steady_leader_has_one_spell(self, tmp_path: Path) -> None:
        """Small gains a thousandth a day: the regime is confirmed on its fifth session and never ends."""
        rising = [100 * 1.001**n for n in range(400)]
        report = ask("history", market(tmp_path, level(400) | {"IWM": rising}), event="cycles")
        (spell,) = rows(report, "cycles")
        assert (spell["leader"], spell["open"]) == ("IWM", True)
        assert spell["start"] == sessions(400)[203]  # 200 sessions for the mean, five to confirm
        assert spell["gain"] == pytest.approx(1.001 ** (399 - 203) - 1)

    def test_futures_at_and_beside_the_border_of_little(self, tmp_path: Path) -> None:
        days = sessions(40)
        contract = (days[-1].year + 1) * 100 + days[-1].month
        for price, begins in ((95.63, "Futures price little change"), (95.62, "Futures price rises"),
                              (95.87, "Futures price little change"), (95.88, "Futures price cuts")):  # fmt: skip
            settled = [{"day": days[-1], "contract": contract, "close": price}]
            dataset = market(tmp_path / str(price), level(40), futures=settled)
            assert ask("rates", dataset).headline.startswith(begins), price


class TestOldFutures:
    def test_a_settlement_of_last_month_does_not_count(self, tmp_path: Path) -> None:
        days = sessions(60)
        contract = (days[-1].year + 1) * 100 + days[-1].month
        settled = [{"day": days[30], "contract": contract, "close": 95.0}]
        report = ask("rates", market(tmp_path, level(60), futures=settled))
        assert values(report)["expected_change_12m_bp"] is None
        assert values(report)["expected_change_3m_bp"] == pytest.approx(-5)

    def test_yields_that_stopped_are_marked_stale(self, tmp_path: Path) -> None:
        prices = level(60)
        dataset = market(tmp_path, prices, {"DGS2": [0.04] * 60})
        assert not ask("rates", dataset).stat("yield_2y").stale
        later = market(tmp_path / "later", level(60))
        assert later.as_of == sessions(60)[-1] > date(2023, 1, 3)


def test_without_prices_of_the_pair_the_past_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingData):
        ask("history", market(tmp_path, level(30, symbols=("SPY",))))


def test_one_session_is_answered_not_refused(newborn: Dataset) -> None:
    report = ask("rates", newborn)
    assert "Yields are not stored for 3 Jan 2023 yet: no sensitivity." in report.notes
    assert report.headline == "What markets expect of the Fed is not stored for this day."
    assert values(report)["yield_2y"] is None
