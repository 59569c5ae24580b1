from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import i18n
from bot.alerts.asked import (
    condition_name,
    conditions_for,
    parse_end,
    parse_hours,
    rule_asked,
    rule_changed,
    validated,
)
from bot.alerts.rule import CONDITIONS, Rule, Watched
from bot.alerts.sentence import condition_words, happened, inside, sentence
from bot.errors import BadInput
from tests.alerts.strategies import rules

YIELD = Watched("y2", "the two-year yield", "fraction", "session", "FRED")
CLOSE = Watched("close", "IWM's close", "usd", "session", "Yahoo Finance")
SHORTS = Watched("si", "short interest", "fraction", "settlement", "FINRA")
GAUGE = Watched("g", "the slowdown gauge", "score", "week", "FRED")
REGIME = Watched("r", "the regime", "text", "session", "", states=("large", "mixed", "small"))


@pytest.mark.parametrize(
    ("watched", "asked", "words"),
    [
        (SHORTS, ("above", "5.5%"), "short interest is above 5.5%"),
        (YIELD, ("crosses_below", "4%"), "the two-year yield crosses below 4%"),
        (YIELD, ("changes_by", "-50bp", "3m"), "the two-year yield falls by 0.5 points or more within 63 sessions"),
        (CLOSE, ("changes_by", "+5%", "1m"), "IWM's close rises by 5% or more within 21 sessions"),
        (GAUGE, ("changes_by", "10", "4"), "the slowdown gauge moves by 10 or more either way within 4 weeks"),
        (CLOSE, ("new_high",), "IWM's close reaches a record high"),
        (CLOSE, ("new_low", "", "1y"), "IWM's close reaches a new low of 252 sessions"),
        (SHORTS, ("enters_band", "over 90"), "short interest enters the highest 10% of its history"),
        (REGIME, ("changes_state",), "the regime changes"),
        (REGIME, ("changes_state", "Small"), "the regime changes to small"),
    ],
)
def test_a_rule_is_read_back_in_plain_words(watched: Watched, asked: tuple[Any, ...], words: str) -> None:
    rule = rule_asked(watched, *asked)
    assert condition_words(rule, watched) == words
    assert sentence(rule, watched) == f"Fires when {words}."


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("Regime of IWM and SPY", "regime of IWM and SPY"),
        ("IWM minus SPY", "IWM minus SPY"),
        ("2-year yield", "2-year yield"),
        ("A", "A"),
        ("", ""),
    ],
)
def test_titles_stand_small_within_a_sentence(title: str, within: str) -> None:
    assert inside(title) == within


def test_everything_that_holds_it_back_is_in_the_sentence() -> None:
    rule = rule_asked(
        SHORTS, "above", "5.5%", hysteresis="0.3%", confirmation=2, cooldown_days=7, monthly_budget=3,
        quiet_from=time(22), quiet_to=time(7, 30), expires=date(2026, 12, 31),
    )  # fmt: skip
    assert sentence(rule, SHORTS) == (
        "Fires when short interest is above 5.5%: for 2 settlements in a row, "
        "again only after it has come back by 0.3 points, at most once in 7 days, at most 3 times a month, "
        "held back between 22:00 and 07:30, and until 31 Dec 2026."
    )


def test_in_another_language_every_word_comes_from_the_catalogue() -> None:
    rule = rule_asked(YIELD, "changes_by", "50bp", "3m", confirmation=2, cooldown_days=1, monthly_budget=1)
    with i18n.use(i18n.PSEUDO):
        text = sentence(rule, YIELD)
    outside = text
    while "⟦" in outside:  # innermost brackets first: clauses are nested
        start = outside.rindex("⟦")
        outside = outside[:start] + outside[outside.index("⟧", start) + 1 :]
    assert outside == ""


@pytest.mark.parametrize(
    ("watched", "asked", "fault"),
    [
        (REGIME, ("above", "3"), "does not fit the regime"),
        (YIELD, ("changes_state",), "does not fit the two-year yield"),
        (YIELD, ("above", ""), "needs a value"),
        (YIELD, ("above", "4"), "does not work as a value"),
        (YIELD, ("above", "4%", "3m"), "only goes with"),
        (CLOSE, ("new_high", "280"), "takes no value"),
        (CLOSE, ("changes_by", "5%"), "Within what time"),
        (CLOSE, ("changes_by", "5%", "ever"), "Within what time"),
        (REGIME, ("changes_state", "tiny"), "it knows large, mixed, and small"),
    ],
)
def test_what_does_not_fit_is_said(watched: Watched, asked: tuple[Any, ...], fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        rule_asked(watched, *asked)


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ({"confirmation": 21}, "1 to 20"),
        ({"cooldown_days": -1}, "0 to 366"),
        ({"monthly_budget": 32}, "1 to 31"),
        ({"note": "x" * 201}, "200 characters"),
        ({"quiet_from": time(1)}, "do not go together"),
    ],
)
def test_limits_are_named(limits: dict[str, Any], fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        rule_asked(YIELD, "above", "4%", **limits)


@pytest.mark.parametrize(
    "fields",
    [
        {"condition": "above"},
        {"condition": "above", "threshold": 1, "within": 3},
        {"condition": "above", "threshold": float("nan")},
        {"condition": "changes_by", "threshold": 1},
        {"condition": "changes_by", "threshold": -1, "within": 3},
        {"condition": "changes_by", "threshold": 0, "within": 3},
        {"condition": "enters_band", "low": 0.1},
        {"condition": "enters_band", "low": 0.2, "high": 0.1},
        {"condition": "new_high", "threshold": 3},
        {"condition": "changes_state", "hysteresis": 1},
        {"condition": "explodes"},
        {"condition": "above", "threshold": 1, "channel": 3},
    ],
)
def test_no_rule_without_sense(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate({"indicator": "x", **fields})
    with pytest.raises(BadInput):
        validated({"indicator": "x", **fields})


@given(st.sampled_from(CONDITIONS).flatmap(rules))
def test_plain_data_and_back(rule: Rule) -> None:
    assert Rule.model_validate(rule.plain()) == rule
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


def test_rules_that_differ_in_words_alone_watch_the_same() -> None:
    rule = rule_asked(YIELD, "above", "4%")
    assert rule.watching == rule.model_copy(update={"note": "mind this", "quiet_from": time(1)}).watching
    assert rule.watching != rule_asked(YIELD, "above", "4.1%").watching


def test_every_condition_has_a_name_and_a_place() -> None:
    names = [condition_name(condition) for condition in CONDITIONS]
    assert len(set(names)) == len(CONDITIONS)
    assert set(conditions_for(YIELD)) | set(conditions_for(REGIME)) == set(CONDITIONS)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-7", (time(22), time(7))),
        ("22:00-07:30", (time(22), time(7, 30))),
        ("22 to 24", (time(22), time(0))),
        ("10pm-7am", (time(22), time(7))),
        ("12am - 12:30 pm", (time(0), time(12, 30))),
        ("de 22 a 7 h", (time(22), time(7))),
        ("off", None),
        ("", None),
    ],
)
def test_quiet_hours(typed: str, hours: tuple[time, time] | None) -> None:
    assert parse_hours(typed) == hours


@pytest.mark.parametrize("typed", ["22", "25-7", "7-7", "night", "22:61-7", "-", "13pm-7", "0am-7", "٢٢:٠-7", "22:5-7"])
def test_no_quiet_hours(typed: str) -> None:
    with pytest.raises(BadInput, match="quiet hours"):
        parse_hours(typed)


def test_an_end_lies_ahead() -> None:
    today = date(2026, 7, 31)
    assert parse_end("never", today) is None
    assert parse_end("", today) is None
    assert parse_end("2026-07-31", today) == today
    with pytest.raises(BadInput, match="already past"):
        parse_end("2026-07-30", today)
    with pytest.raises(BadInput, match="2026-12-31"):
        parse_end("new year", today)


@pytest.mark.parametrize(
    ("before", "changes", "words"),
    [
        (("above", "4%"), {"value": "4.5%"}, "the two-year yield is above 4.5%"),
        (("above", "4%"), {"condition": "below"}, None),
        (("above", "4%"), {"condition": "below", "value": "3%"}, "the two-year yield is below 3%"),
        (("above", "4%"), {"within": "3m"}, None),
        (("above", "4%"), {}, "the two-year yield is above 4%"),
        (
            ("changes_by", "-50bp", "3m"),
            {"value": "+25bp"},
            "the two-year yield rises by 0.25 points or more within 63 sessions",
        ),
        (
            ("changes_by", "-50bp", "3m"),
            {"within": "1m"},
            "the two-year yield falls by 0.5 points or more within 21 sessions",
        ),
        (("new_high", "", "1y"), {"condition": "new_low"}, "the two-year yield reaches a record low"),
        (("new_high", "", "1y"), {"within": "3m"}, "the two-year yield reaches a new high of 63 sessions"),
        (("enters_band", "0-5"), {"value": "over 90"}, "the two-year yield enters the highest 10% of its history"),
    ],
)
def test_a_rule_is_changed_where_it_was_asked_to(
    before: tuple[Any, ...], changes: dict[str, Any], words: str | None
) -> None:
    rule = rule_asked(YIELD, *before, confirmation=2)
    if words is None:
        with pytest.raises(BadInput):
            rule_changed(rule, YIELD, **changes)
        return
    changed = rule_changed(rule, YIELD, **changes)
    assert condition_words(changed, YIELD) == words
    assert changed.confirmation == 2


def test_another_indicator_needs_a_value_of_its_own() -> None:
    rule = rule_asked(YIELD, "above", "4%", hysteresis="0.2%", cooldown_days=7)
    with pytest.raises(BadInput, match="needs a value"):
        rule_changed(rule, CLOSE)
    changed = rule_changed(rule, CLOSE, value="$280")
    assert (changed.indicator, changed.threshold, changed.hysteresis, changed.cooldown_days) == ("close", 280.0, 0.0, 7)
    with pytest.raises(BadInput, match="does not fit the regime"):
        rule_changed(rule, REGIME)
    turned = rule_changed(rule, REGIME, condition="changes_state", value="small")
    assert (turned.state, turned.threshold) == (2, None)


def test_limits_are_changed_and_kept() -> None:
    rule = rule_asked(YIELD, "above", "4%", confirmation=2, monthly_budget=3)
    changed = rule_changed(rule, YIELD, hysteresis="0.1%", confirmation=3)
    assert (changed.confirmation, changed.monthly_budget, changed.hysteresis) == (3, 3, 0.001)
    assert rule_changed(rule, YIELD, monthly_budget=None).monthly_budget is None


def test_what_happened() -> None:
    above = rule_asked(SHORTS, "above", "5.5%")
    assert happened(above, SHORTS, 0.0761, date(2026, 5, 27)) == "short interest is above 5.5%: 7.61% on 27 May 2026."
    turned = rule_asked(REGIME, "changes_state")
    assert (
        happened(turned, REGIME, 2, date(2026, 1, 5), before=1) == "the regime went from mixed to small (5 Jan 2026)."
    )
    assert happened(turned, REGIME, 2, date(2026, 1, 5)) == "the regime is now small (5 Jan 2026)."
