"""Headlines of cards that rest on dated files, against the figures of their own report: true on any day and market."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from bot import i18n
from bot.errors import UserError
from bot.report import Report
from tests.features.answers import ask, rows, sample, values
from tests.features.leaks import any_session, questions, sessions_of_files
from tests.features.tiny import LARGE, SESSIONS, Firm, market

LEVEL = 0.0005
# A sign before nothing, and a plural after one.
WRONG = re.compile(
    r"[−+]0(?:\.0+)?(?:%| points?| bp)|(?<![\d.,])1 (?:sessions|members|claims|companies|dates|records)\b"
)
NUMBER = r"[\d,]+(?:\.\d+)?"


def read(text: str) -> float:
    """Return a number as it is written on a card."""
    return float(text.replace(i18n.MINUS, "-").replace(",", "").rstrip("%"))


def shown_as(said: str, value: Any, digits: int = 1) -> bool:
    """Return whether a percentage in words is a fraction's, as far as its digits go."""
    return abs(read(said) - 100 * float(value)) <= 0.5 * 10**-digits + 1e-9


def breadth(report: Report, card: dict[str, Any]) -> None:
    said = report.headline
    if above := re.match(r"(\d+)% of small caps are above their 200-session average(?:, (\d+)% of large)?", said):
        assert shown_as(above[1], card["above_200.small"], 0)
        assert above[2] is None or shown_as(above[2], card["above_200.large"], 0)
    else:
        assert card["above_200.small"] is None
    if gap := re.search(rf"qual weight is ({NUMBER}) points (ahead of|behind) cap weight", said):
        assert shown_as(gap[1], abs(card["equal_vs_cap"]))
        assert (gap[2] == "ahead of") == (card["equal_vs_cap"] > 0)
    else:
        assert "qual weight and cap weight are level" in said
        assert abs(card["equal_vs_cap"]) < LEVEL
    if seven := re.search(rf"IWM is ({NUMBER}) points (ahead of|behind) MAG", said):
        assert shown_as(seven[1], abs(card["small_vs_seven"]))
        assert (seven[2] == "ahead of") == (card["small_vs_seven"] > 0)


def earnings(report: Report, card: dict[str, Any]) -> None:
    said, small, middle = report.headline, card["eps_growth.small"], card["eps_growth.small.median"]
    if middle is None:
        assert said.startswith("Small-cap EPS growth cannot be measured")
        return
    if small is None:
        assert said.startswith("Small-cap EPS growth in sum means nothing")
    else:
        told = re.match(r"Small-cap EPS ([+−]?[\d,]+)% next year, (but|and) ([+−]?[\d,]+)% at the median", said)
        assert told is not None
        assert shown_as(told[1], small, 0)
        assert shown_as(told[3], middle, 0)
        assert (told[2] == "but") == (abs(small - middle) > 0.05)
    beside = re.search(r"\(large: (not meaningful|[+−]?[\d,]+%), (not meaningful|[+−]?[\d,]+%)\)", said)
    assert beside is not None
    for word, key in ((beside[1], "eps_growth.large"), (beside[2], "eps_growth.large.median")):
        assert (word == "not meaningful") == (card[key] is None)
        assert card[key] is None or shown_as(word, card[key], 0)


def valuation(report: Report, card: dict[str, Any]) -> None:
    said = report.headline
    if relative := re.match(rf"IWM costs ({NUMBER}) of IWB: at or below that on (\d+)% of ({NUMBER}) sessions", said):
        assert read(relative[1]) == round(card["relative.level"], 3)
        assert shown_as(relative[2], card["relative.percentile"], 0)
        assert read(relative[3]) == card["relative.sessions"]
        return
    without, _, kept = said.partition(" if loss-makers are left out")
    for words, key in ((without, "profitable"), (kept, "all")):
        discount = card[f"discount.pe_fy1.{key}"]
        if told := re.search(r"([\d,]+)% (cheaper|dearer)", words):
            assert shown_as(told[1], abs(discount), 0)
            assert (told[2] == "cheaper") == (discount > 0)
        elif "priced" in words:
            assert discount is None or abs(discount) < 0.005
        else:
            assert discount is None


def shortinterest(report: Report, card: dict[str, Any]) -> None:
    said = report.headline
    if "weighted_share_of_cap" not in card:
        return
    opening = re.match(rf"({NUMBER})% of the market cap of \w+'s members is sold short", said)
    assert opening is not None
    assert shown_as(opening[1], card["weighted_share_of_cap"])
    others = [row["weighted_share_of_cap"] for row in rows(report, "indices")[1:]]
    small = card["weighted_share_of_cap"]
    if over := re.search(r"over (\d+) times the", said):
        assert small >= int(over[1]) * others[0] * (1 - 1e-9)
    elif ", more than the" in said:
        assert small > others[0]
    elif ", less than the" in said:
        assert small < others[0]
    elif ", about as much as" in said:
        assert small == pytest.approx(others[0], rel=0.06)
    else:
        assert not others or not others[0]
    if moved := re.search(rf"; (up|down) ({NUMBER}) points since", said):
        assert (moved[1] == "up") == (card["change"] > 0)
        assert shown_as(moved[2], abs(card["change"]))
    elif "little changed" in said:
        assert abs(card["change"]) < 0.001
    else:
        assert card["change"] is None


def squeeze(report: Report, card: dict[str, Any]) -> None:
    listed = rows(report, "squeeze")
    if not listed:
        assert report.headline.startswith("No member of the")
        return
    told = re.match(r"(?:The )?(\d+) members? of the .*, of ([\d,]+) scored; a screen", report.headline)
    assert told is not None
    assert int(told[1]) == len(listed) <= int(read(told[2])) <= card["coverage.scored"]


def thesis(report: Report, card: dict[str, Any]) -> None:
    told = re.match(
        r"Of (\d+) claims? measured today, (\d+) holds?, (\d+) (?:is|are) mixed, (\d+) (?:is|are) broken; "
        r"(unchanged|changed) since",
        report.headline,
    )
    assert told is not None
    held, mixed, broken = (card[f"claims.{name}"] for name in ("supported", "mixed", "contradicted"))
    assert [int(told[n]) for n in range(1, 5)] == [held + mixed + broken, held, mixed, broken]
    assert (told[5] == "changed") == (card["claims.changed"] > 0)
    verdicts = [row["verdict"] for row in rows(report, "scoreboard")]
    assert [verdicts.count(word) for word in ("holds", "mixed", "broken")] == [held, mixed, broken]
    assert card["claims.unmeasured"] == 11 - held - mixed - broken


def weekly(report: Report, card: dict[str, Any]) -> None:
    said, small = report.headline, card["week.small"]
    if moved := re.match(rf"Small caps (rose|fell) ({NUMBER})%", said):
        assert (moved[1] == "rose") == (small > 0)
        assert shown_as(moved[2], abs(small))
        assert abs(small) >= 0.005
    else:
        assert re.match("A flat week|Seven flat days", said)
        assert abs(small) < 0.005
    large = re.search(rf"\(large ([+−]?{NUMBER})%\)", said)
    assert large is not None
    assert shown_as(large[1], card["week.large"])
    gap = card["ytd.small"] - card["ytd.large"]
    if stands := re.search(rf"({NUMBER}) points (ahead|behind)", said):
        assert shown_as(stands[1], abs(gap))
        assert (stands[2] == "ahead") == (gap > 0)
    else:
        assert "level with large caps" in said
        assert abs(gap) < LEVEL
    if "still" in said:
        assert card["week.spread"] * gap < 0


def rrg(report: Report, card: dict[str, Any]) -> None:
    placed = [row for row in rows(report, "rrg") if row["quadrant"]]
    if not placed:
        assert report.headline.startswith("None of these funds has enough history")
        return
    first, said = placed[0], report.headline
    assert said.startswith(f"{first['symbol']} is {first['quadrant']} against ")
    assert card[f"quadrant.{first['symbol']}"] == first["quadrant"]
    if was := re.search(r"it was (\w+) eight weeks ago", said):
        assert was[1] == first["quadrant_8w"] != first["quadrant"]
    else:
        assert ("as it was eight weeks ago" in said) == (first["quadrant_8w"] == first["quadrant"])
    leading = sum(row["quadrant"] == "leading" for row in placed)
    if count := re.search(r"(None|\d+) of the (\d+) (is|are) leading", said):
        assert (count[1], int(count[2])) == (str(leading) if leading else "None", len(placed))
        assert (count[3] == "is") == (leading < 2)
    else:
        assert len(placed) == 1


def quote(report: Report, card: dict[str, Any]) -> None:
    said = report.headline
    if closed := re.match(rf"\S+ closed at \$?({NUMBER}), ", said):
        assert read(closed[1]) == pytest.approx(card["close"], abs=0.006)
        if below := re.search(rf", ({NUMBER})% below its record of \$?({NUMBER})", said):
            assert shown_as(below[1], -card["drawdown"])
            assert read(below[2]) == pytest.approx(card["high"], abs=0.006)
        elif "highest close on record" in said:
            assert card["drawdown"] == 0
    elif priced := re.match(rf"\S+: \$({NUMBER})(?![\d.,]*[KMB]) on", said):
        assert read(priced[1]) == pytest.approx(card["close"], abs=0.51)
        if below := re.search(rf"({NUMBER})% below its 52-week high", said):
            assert shown_as(below[1], -card["from_high_52w"])


TRUE: dict[str, Callable[[Report, dict[str, Any]], None]] = {
    "breadth": breadth, "earnings": earnings, "valuation": valuation, "shortinterest": shortinterest,
    "squeeze": squeeze, "thesis": thesis, "weekly": weekly, "rrg": rrg, "quote": quote,
}  # fmt: skip


def assert_true(report: Report) -> None:
    """Assert that the headline says what the figures say, and that no text shows a signed nothing or a wrong plural."""
    card = values(report)
    if report.feature != "earnings" or "eps_growth.small" in card:  # a company's has tests of its own
        TRUE[report.feature](report, card)
    texts = [report.title, report.headline, *report.notes, *(chart.alt for chart in report.charts)]
    texts += [text for stat in report.stats for text in (stat.label, stat.shown or "", stat.working or "")]
    for text in texts:
        assert not WRONG.search(text), text


@settings(max_examples=4, deadline=None)
@given(data=st.data(), day=st.one_of(any_session, sessions_of_files))
@pytest.mark.parametrize("feature", sorted(TRUE))
def test_headlines_of_the_sample_are_true_on_any_day(feature: str, data: st.DataObject, day: date) -> None:
    options = data.draw(questions(feature))
    note(f"{feature} {options} on {day}")
    try:
        report = ask(feature, sample().at(day), **options)
    except UserError:
        return
    assert_true(report)


plain_firms = st.builds(
    Firm,
    symbol=st.just("X"),
    in_fund=st.sampled_from(["IWM", "IWM", "IWB"]),
    cap=st.sampled_from([4e8, 1e9, 5e9]),
    short=st.floats(0, 5e7),
    before=st.floats(0, 5e7),
    eps_fy1=st.sampled_from([-5.0, -0.5, 0.0, 0.5, 1.0, 1.01]),
    eps_fy2=st.sampled_from([-5.0, 0.0, 0.5, 1.0, 1.5]),
    average_200=st.sampled_from([9.0, 10.0, 11.0]),
)
# Up, down, flat, level with large caps to the last digit, and anything at all.
paths = st.one_of(
    st.sampled_from([
        tuple(100.0 + n for n in range(SESSIONS)), tuple(100.0 - n for n in range(SESSIONS)), (100.0,) * SESSIONS,
        (*(100.0 + n for n in range(SESSIONS - 1)), 121.0004),
    ]),
    st.lists(st.floats(80, 125).map(lambda x: round(x, 2)), min_size=SESSIONS, max_size=SESSIONS).map(tuple),
)  # fmt: skip
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("breadth", {"window": "1w"}), ("earnings", {}), ("valuation", {}), ("shortinterest", {}), ("squeeze", {}),
    ("quote", {"symbol": "ACO"}), ("quote", {}), ("weekly", {}),
]  # fmt: skip


@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking takes minutes
@given(st.lists(plain_firms, min_size=1, max_size=4), paths)
def test_headlines_of_any_market_are_true(found: list[Firm], closes: tuple[float, ...]) -> None:
    named = [replace(firm, symbol=f"{letter}CO", name=letter) for firm, letter in zip(found, "ABCD", strict=False)]
    with tempfile.TemporaryDirectory() as folder:
        dataset = market(Path(folder), [*named, LARGE], small_closes=closes)
        for feature, options in ASKED:
            try:
                report = ask(feature, dataset, **options)
            except UserError:
                continue
            assert_true(report)
