"""What has become of each claim since it was made, and how each reading is worded: from chosen prices."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import i18n
from bot.errors import StartAfterEnd
from bot.features.thesis import words
from bot.features.thesis.changes import changes
from bot.features.thesis.readings import Claim, Reading, measure
from bot.market.dataset import Dataset
from bot.windows import ARTICLE
from tests.features import flat
from tests.features.answers import ask, rows, values
from tests.features.claims import reading

DAYS = flat.sessions(900)
MADE = DAYS.index(ARTICLE)
COUNT = MADE + 60
SEVEN = ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")


def market(folder: Path, **closes: list[float]) -> Dataset:
    flat_ones = flat.level(COUNT, symbols=("IWM", "SPY", "RSP", "MAGS", *SEVEN))
    return flat.market(folder, {**flat_ones, **closes})


def after(*factors: float) -> list[float]:
    """Return a level that is so many times a hundred on the first sessions after the claim, and stays at the last."""
    told = [100.0 * factor for factor in factors]
    return [100.0] * (MADE + 1) + told + [told[-1]] * (COUNT - MADE - 1 - len(told))


def since(dataset: Dataset) -> dict[str, str]:
    return {str(row["claim"]): str(row["since"]) for row in rows(ask("thesis", dataset), "scoreboard")}


@pytest.mark.parametrize(
    ("path", "said"),
    [((1.01,), "1 more record close"), ((1.01, 1.02, 1.01, 1.03), "3 more record closes"),
     ((0.9,), "0 more record closes"), ((1.01, 1.01), "1 more record close")],
)  # fmt: skip
def test_record_closes_since_the_claim(tmp_path: Path, path: tuple[float, ...], said: str) -> None:
    assert since(market(tmp_path, IWM=after(*path)))["Record highs"] == said


def test_returns_since_the_claim(tmp_path: Path) -> None:
    told = since(market(tmp_path, IWM=after(1.1), SPY=after(0.95), RSP=after(1.02), MAGS=after(1.05)))
    assert told["Ahead of large caps"] == told["Comeback, relative"] == "IWM +10.0%, SPY −5.0%"
    assert told["Broader participation"] == "RSP +7.0 points to SPY, IWM +5.0 points to the seven"


def test_rates_are_told_as_they_were_then(tmp_path: Path) -> None:
    """A bill of 3.75% then and of 4.75% now, against a rate of 4.25%."""
    bill = [0.0375] * (MADE + 5) + [0.0475] * (COUNT - MADE - 5)
    dataset = flat.market(tmp_path, flat.level(COUNT, symbols=("IWM", "SPY")), {"DGS3MO": bill})
    told = {row["claim"]: row for row in rows(ask("thesis", dataset), "scoreboard")}["Rate cuts ahead"]
    assert (told["since"], told["now"], told["verdict"]) == ("was: −50 bp in 3 months", "+50 bp in 3 months", "broken")


def test_before_it_was_made_nothing_has_become_of_a_claim(tmp_path: Path) -> None:
    dataset = market(tmp_path)
    assert set(since(dataset.at(DAYS[MADE - 1])).values()) == {"the claim was not made yet"}
    assert "0 more record closes" in since(dataset.at(ARTICLE)).values()


def test_a_claim_without_a_record_of_then_says_so(tmp_path: Path) -> None:
    told = since(market(tmp_path))
    for claim in ("earnings", "revisions", "shorts", "valuation"):
        assert told[words.names()[claim]] == "no record of that day here", claim  # type: ignore[index]


def test_the_verdict_changes_on_the_day_its_rule_says(tmp_path: Path) -> None:
    """A record, then a fall by 11%: broken from the 64th session after the record on, not before, mixed until then."""
    dataset = market(tmp_path, IWM=[*range(50, 50 + MADE - 20), *[(29 + MADE) * 0.89] * 80])  # type: ignore[list-item]
    record = MADE - 21
    told = {step: reading("records", dataset.at(DAYS[record + step])).verdict for step in (0, 1, 62, 63, 64, 65)}
    assert told == {0: "supports", 1: "mixed", 62: "mixed", 63: "mixed", 64: "contradicts", 65: "contradicts"}
    changed = ask("thesis", dataset.at(DAYS[record + 64]), since=DAYS[record + 63])
    assert rows(changed, "changes") == [
        {"claim": "Record highs", "before": "mixed", "now": "broken",
         "reading": f"−11.0% from the record, {i18n.day(DAYS[record])}"}
    ]  # fmt: skip
    assert changed.headline.endswith(f"changed since {i18n.day(DAYS[record + 63])}: record highs.")
    assert values(changed)["claims.changed"] == 1


def test_a_week_is_what_is_compared_unless_another_day_is_asked_for(tmp_path: Path) -> None:
    dataset = market(tmp_path, IWM=after(1.1))
    day = DAYS[MADE + 3]  # the lead came on the session after the claim
    usual, same = ask("thesis", dataset.at(day)), ask("thesis", dataset.at(day), since=day)
    assert "Ahead of large caps" in [row["claim"] for row in rows(usual, "changes")]
    assert rows(same, "changes") == []
    assert f"; unchanged since {i18n.day(day)}." in same.headline
    with pytest.raises(StartAfterEnd):
        ask("thesis", dataset.at(day), since=DAYS[MADE + 4])


def test_becoming_measurable_is_no_change() -> None:
    made = Reading("rates", "supports", {"change": -30.0, "months": 12.0})
    none = Reading("rates", None)
    assert changes([none], [made]) == changes([made], [none]) == changes([made], [made]) == ()
    assert [one.claim for one in changes([made], [Reading("rates", "mixed")])] == ["rates"]


NAN = float("nan")


@pytest.mark.parametrize(
    ("claim", "told", "said"),
    [
        ("records", {"sessions": 0.0, "record": 251.82}, "at a record, 251.82"),
        ("records", {"sessions": 3.0, "drawdown": -0.0123, "day": date(2025, 12, 1)},
         "−1.2% from the record, 1 Dec 2025"),
        ("outrunning", {"6m": 0.0123, "1y": -0.05}, "+1.2 points in 6 months, −5.0 in 12"),
        ("outrunning", {"6m": 0.0123, "1y": None}, "+1.2 points in 6 months, — in 12"),
        ("outrunning", {"6m": 0.0001, "1y": -0.0001}, "+0.01 points in 6 months, −0.01 in 12"),
        ("comeback", {"now": None}, "the record is too short"),
        ("comeback", {"now": 0.0004, "year": 2026.0, "ahead": 2.0, "full": 3.0},
         "+0.04 points in 2026; 2 of 3 years before"),
        ("breadth", {"equal": None, "mega": 0.02}, "RSP —, IWM +2.0 points"),
        ("earnings", {"eps_growth.small": 0.5, "eps_growth.large": 0.2, "eps_growth.small.median": None,
                      "eps_growth.large.median": 0.1}, "sum +50% (large +20%), median — (+10%)"),
        ("valuation", {"percentile": 0.104, "discount": None}, "price ratio: percentile 10.4"),
        ("valuation", {"percentile": 0.104, "discount": -0.2}, "price ratio: percentile 10.4, P/E +20%"),
        ("rates", {"change": -25.0, "months": 12.0}, "−25 bp in 12 months"),
        ("shorts", {"small": 0.0761, "next": 0.02, "name": "Russell 1000"}, "7.6% (Russell 1000 2.0%)"),
        ("risks", {"hot": 1.0, "readable": 4.0, "name": "quality", "value": 81.0}, "1 of 4 above 80; Quality 81"),
        ("cycle", {"state": "mixed", "since": date(2026, 1, 5)}, "neither leads since 5 Jan 2026"),
        ("cycle", {"state": "large", "since": date(2026, 1, 5)}, "large caps lead since 5 Jan 2026"),
        ("cycle", {}, "nothing stored for this day"),
    ],
)  # fmt: skip
def test_every_reading_in_words(claim: Claim, told: Mapping[str, Any], said: str) -> None:
    fresh = Reading(claim, "mixed", told, ARTICLE)
    assert words.now(fresh) == said
    if told:
        assert words.now(Reading(claim, None, told, ARTICLE, stale=True)) == f"{said} (stale: 4 Dec 2025)"


def test_the_oldest_input_is_the_one_that_a_verdict_rests_on(tmp_path: Path) -> None:
    dataset = market(tmp_path, RSP=[100.0] * COUNT)
    report = ask("thesis", dataset)
    dated = [one.as_of for one in measure(dataset) if one.verdict is not None]
    assert values(report)["oldest_input"] == min(day for day in dated if day is not None)
    assert report.notes[-1].startswith("The oldest input is of ")
