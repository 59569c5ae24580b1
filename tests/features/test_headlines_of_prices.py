"""Headlines of cards made of prices, rates and dates, read back word by word against the figures of their report."""

import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.errors import NotEnoughHistory
from bot.report import Report
from tests.features.answers import ask, rows, sample, values

SESSIONS = [stamp.date() for stamp in sample().sessions if stamp.date() >= date(2001, 6, 1)]
days = st.sampled_from(SESSIONS)
thorough = settings(max_examples=12, deadline=None)
slow = settings(max_examples=6, deadline=None)
NUMBER = r"([+−]?[\d,]+(?:\.\d+)?)"


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def answered(feature: str, day: date, **options: object) -> Report:
    return ask(feature, day.isoformat(), **options)


def found(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} in: {text}"
    return match


@cache
def regime(day: date) -> str | None:
    state: str | None = values(answered("rotation", day, window="1m"))["regime"]
    return state


@thorough
@given(days, st.sampled_from(["1w", "1m", "6m", "1y", "ytd"]))
def test_rotation_and_style(day: date, window: str) -> None:
    for feature, first, second in (("rotation", "small", "large"), ("style", "growth", "value")):
        try:
            report = answered(feature, day, window=window)
        except NotEnoughHistory:
            continue
        said, stats = report.headline, values(report)
        shown = [number(n) for n in re.findall(NUMBER + "%", said)[:2]]
        pair = [stats[f"return.{first}"] * 100, stats[f"return.{second}"] * 100]
        if feature == "style" and "value is ahead" in said:
            pair.reverse()
        assert shown == pytest.approx(pair, abs=0.0501)
        spread = stats["spread"]
        if feature == "rotation":
            assert ("Small caps lead:" in said, "Small caps trail:" in said) == (spread >= 0.0005, spread <= -0.0005)
            for n, clause in ((1, "still behind over"), (-1, "still ahead over")):
                listed = found(rf"{clause} ([\d, and]+)years?", said)[1] if clause in said else ""
                for years in re.findall(r"\d+", listed):
                    assert stats[f"spread.{years}y"] * n < 0
        else:
            assert ("growth is ahead" in said, "value is ahead" in said) == (spread >= 0.0005, spread <= -0.0005)


@thorough
@given(days, st.sampled_from(["IWM", "SPY", "QQQ", "RUT"]))
def test_highs(day: date, fund: str) -> None:
    report = answered("highs", day, fund=fund)
    said, stats = report.headline, values(report)
    if "% below" in said and "less than" not in said:
        assert number(found(NUMBER + "% below", said)[1]) == round(-stats["drawdown"] * 100, 1) > 0
        assert number(found(rf"record of {NUMBER}", said)[1]) == round(stats["record.close"], 2)
    elif "at a record" in said:
        assert stats["drawdown"] == 0 == stats["record.days_since"]
        if gap := re.search(r"first in ([\d,]+) days?", said):
            assert number(gap[1]) == stats["record.gap_days"] >= 90
        if place := re.search(r"number (\d+) of", said):
            assert int(place[1]) == stats["records.this_year"]
    else:
        assert -0.0005 < stats["drawdown"] <= 0


@thorough
@given(days)
def test_years(day: date) -> None:
    report = answered("years", day)
    said = report.headline
    spreads = {row["year"]: row["spread"] for row in rows(report, "calendar_years") if not row["partial"]}
    first = said.split(";")[0]
    named = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", first) if "so far" not in first]
    if " each of the " in first:
        named = list(range(named[0], named[1] + 1))
    sign = 1 if " led " in first else -1
    assert all(spreads[year] * sign > 0 for year in named)
    if named:
        assert named[-1] == max(spreads), "the run ends with the last full year"
        assert spreads.get(named[0] - 1, 0.0) * sign <= 0, "and is told whole"
    if "so far" in said and "level" not in said:
        side = 1 if "ahead" in said.split(";")[-1] else -1
        assert number(found(rf"by {NUMBER} points?", said)[1]) * side == round(values(report)["year.spread"] * 100, 1)


@slow
@given(days)
def test_rates(day: date) -> None:
    report = answered("rates", day)
    said, stats = report.headline, values(report)
    change = stats["expected_change_12m_bp"]
    bills = stats.get("expected_change_3m_bp")
    if said.startswith("Futures price little"):
        assert abs(change) < 12.5
    elif said.startswith("Futures"):
        size = number(found(rf": {NUMBER} bp in 12 months", said)[1])
        assert size == abs(round(change))
        assert said.startswith("Futures price rises" if change >= 12.5 else "Futures price cuts")
    else:
        assert change is None
        if gap := re.search(rf"yield {NUMBER} bp (more|less)", said):
            assert number(gap[1]) * (1 if gap[2] == "more" else -1) == round(bills)
    leads = {"small": "small caps lead", "large": "large caps lead", "mixed": "neither side leads", None: ""}
    assert leads[regime(day)] in said
    if "all the same" in said:
        assert (change > 0) == (regime(day) == "small")


@slow
@given(days)
def test_risks(day: date) -> None:
    report = answered("risks", day)
    said, stats = report.headline, values(report)
    gauges = {name: stats[f"gauge.{name}"] for name in ("slowdown", "financing", "quality", "short_interest")}
    known = {name: value for name, value in gauges.items() if value is not None}
    top = max(known, key=lambda name: known[name])
    hot = [name for name, value in known.items() if value > 80]
    assert said.lower().startswith(top.replace("_", " "))
    assert number(found(rf"(?:hottest of \d gauges|enough history): {NUMBER}", said)[1]) == pytest.approx(
        known[top], abs=0.501)  # fmt: skip
    moved = stats[f"gauge.{top}.change_1m"]
    if motion := re.search(rf"(up|down) {NUMBER} in a month", said):
        assert number(motion[2]) * (1 if motion[1] == "up" else -1) == round(moved)
    elif moved is not None:
        assert abs(moved) < 0.5
    assert stats["gauges.above_80"] == len(hot)
    assert ("none above 80" in said, "the only one above 80" in said) == (not hot, hot == [top])
    for name in hot if len(hot) > 1 else ():
        assert name.replace("_", " ") in said.lower().split(";")[1]


@thorough
@given(days, st.sampled_from(["1y", "3y", "ytd"]))
def test_funds(day: date, window: str) -> None:
    try:
        report = answered("funds", day, window=window)
    except NotEnoughHistory:
        return
    told = {row["symbol"]: row["return_window"] for row in rows(report, "funds") if row["return_window"] is not None}
    if match := re.match(r"(\w+) returned most (?:over|since|year to date).*?; (\w+) least", report.headline):
        assert told[match[1]] == max(told.values())
        assert told[match[2]] == min(told.values())
    else:
        assert len(told) < 2 or max(told.values()) - min(told.values()) < 0.003


@thorough
@given(days, st.sampled_from(["record", "regime", "mean", "spread", "cut"]))
def test_history(day: date, event: str) -> None:
    report = answered("history", day, event=event)
    said, stats = report.headline, values(report)
    if "too short" in said or "never since" in said:
        assert stats["events"] in {0, None}
        return
    times = found(r": (once|twice|([\d,]+) times) since", said)
    assert ({"once": 1, "twice": 2}.get(times[1]) or number(times[2])) == stats["events"]
    if after := re.search(rf"was {NUMBER}% in the median, up in (\d+) of (\d+); from any day, {NUMBER}%", said):
        table = "forward_returns" if event == "record" else "forward_relative"
        year = rows(report, table)[-1]
        assert number(after[1]) == round(year["median"] * 100, 1)
        assert (int(after[2]), int(after[3])) == (round(year["share_positive"] * year["events"]), year["events"])
        assert number(after[4]) == round(year["base_median"] * 100, 1)
    else:
        assert "too few to say" in said
        assert stats["median.252"] is None or rows(report, "forward_returns")[-1]["events"] < 5


@thorough
@given(days)
def test_when(day: date) -> None:
    report = answered("when", day)
    following = [value for value in values(report).values() if value is not None]
    nearest = min(following)
    assert i18n.day(nearest) in report.headline.split(";")[0]
    assert nearest > day
    if "; the Fed decides on" in report.headline:
        assert i18n.day(values(report)["next.fomc"]) in report.headline.split(";")[1]


@thorough
@given(days, st.integers(500, 10_000_000), st.floats(0.001, 0.2), st.floats(0.25, 20), st.sampled_from(["IWM", "QQQ"]))
def test_position(day: date, account: int, risk: float, ranges: float, symbol: str) -> None:
    report = answered("position", day, symbol=symbol, account=account, risk=risk, ranges=ranges)
    said, stats = report.headline, values(report)
    if (match := re.match(rf"(One|{NUMBER}) shares? of {symbol}", said)) is None:
        assert stats["shares"] in {0, None}
        return
    assert (1 if match[1] == "One" else number(match[1])) == stats["shares"]
    assert stats["risk_usd"] <= account * risk + 1e-6
    assert stats["value_usd"] <= account + 1e-6
    assert i18n.money(stats["stop"]) in said
    assert i18n.money(stats["risk_usd"]) in said
