"""Ids of figures and tables are an interface: programs read them from ``handoff report --format json``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot import features
from bot.report import as_json
from tests.features.answers import ask

DAY = "2026-07-31"

# Of each question: how it is asked, the figures it has, and its tables with the columns that are read by name.
FIGURES: list[tuple[str, dict[str, Any], str]] = [
    ("rotation", {}, "window.start window.end return.small return.large spread rs.level rs.vs_200d regime regime.since "
                     "regime.confirmed"),
    ("highs", {}, "close record.close record.date record.previous.close record.previous.date record.gap_days "
                  "records.this_year drawdown"),
    ("shortinterest", {}, "weighted_share_of_cap median_share_of_shares mean_share_of_shares weighted_share_of_float "
                          "notional_usd coverage.members coverage.weight settlement_date publication_date"),
    ("shortinterest", {"symbols": ("GME",)}, "short_shares share_of_shares share_of_float s3_share days_to_cover "
                                             "change"),
    ("valuation", {}, "relative.level relative.percentile relative.sessions relative.low relative.low_date"),
    ("earnings", {}, "eps_growth.small eps_growth.large eps_growth.small.median eps_growth.large.median "
                     "revision_breadth.small revision_breadth.large loss_share.small loss_share.large "
                     "coverage.weight.small coverage.weight.large"),
    ("rates", {}, "fed_funds.effective target.lower target.upper yield_2y yield_10y slope_10y2y_bp "
                  "expected_change_12m_bp sensitivity.2y.beta sensitivity.2y.t sensitivity.2y.r2 sensitivity.2y.n"),
    ("risks", {}, "gauge.slowdown gauge.financing gauge.quality gauge.short_interest"),
    ("thesis", {}, "claims.supported claims.mixed claims.contradicted claims.unmeasured"),
    ("breadth", {}, "above_50.small above_50.large above_200.small above_200.large at_high.small at_high.large"),
    ("style", {}, "return.growth return.value spread regime"),
    ("position", {"symbol": "IWM"}, "shares stop risk_usd days_to_exit"),
    ("quote", {"symbol": "NVDA"}, "close return.1d return.1m return.ytd drawdown cap_tier"),
    ("weekly", {}, "week.small week.large ytd.small ytd.large"),
]  # fmt: skip
TABLES: list[tuple[str, dict[str, Any], str, str]] = [
    ("years", {}, "calendar_years", "year small large spread partial"),
    ("valuation", {}, "multiples", ""),
    ("rates", {}, "cut_cycles", ""),
    ("history", {}, "forward_returns", "horizon_sessions events median share_positive base_median base_share_positive "
                                       "ci_low ci_high"),
    ("allocation", {"holdings": "SPY 60, IWM 20, NVDA 20"}, "cap_mix", ""),
    ("allocation", {"holdings": "SPY 60, IWM 20, NVDA 20"}, "risk_contribution", ""),
    ("thesis", {}, "scoreboard", "claim then now verdict rule since"),
    ("squeeze", {}, "squeeze", "symbol score confidence"),
    ("rrg", {}, "rrg", "symbol ratio momentum quadrant quadrant_8w"),
    ("funds", {}, "funds", ""),
    ("weekly", {}, "changes", ""),
]  # fmt: skip
FRACTIONS: Mapping[str, tuple[float, float]] = {  # raw numbers, not percent: a wrong unit is a hundred times too large
    "return.small": (-0.5, 0.5),
    "weighted_share_of_cap": (0.01, 0.2),
    "share_of_float": (0.01, 0.6),
    "relative.percentile": (0.0, 1.0),
    "yield_2y": (0.001, 0.08),
    "target.upper": (0.001, 0.08),
    "loss_share.small": (0.05, 0.6),
    "above_200.large": (0.0, 1.0),
    "ytd.small": (-0.5, 0.5),
    "drawdown": (-0.6, 0.0),
}


@pytest.mark.parametrize(("name", "options", "ids"), FIGURES, ids=lambda part: part if isinstance(part, str) else "")
def test_figures_are_found_under_their_ids(name: str, options: dict[str, Any], ids: str) -> None:
    stats = {stat["id"]: stat for stat in as_json(ask(name, DAY, **options))["stats"]}
    assert set(ids.split()) <= set(stats)
    for one in ids.split():
        assert set(stats[one]) == {"id", "label", "value", "unit", "as_of", "source", "stale"}
        if one in FRACTIONS and stats[one]["value"] is not None:
            low, high = FRACTIONS[one]
            assert low <= stats[one]["value"] <= high
            assert stats[one]["unit"] == "fraction"
        if one.endswith(("date", ".start", ".end", ".since")) and stats[one]["value"] is not None:
            assert date.fromisoformat(stats[one]["value"]) <= date(2026, 12, 31)


@pytest.mark.parametrize(("name", "options", "table", "columns"), TABLES)
def test_tables_are_found_under_their_ids(name: str, options: dict[str, Any], table: str, columns: str) -> None:
    (found,) = (one for one in as_json(ask(name, DAY, **options))["tables"] if one["id"] == table)
    assert set(columns.split()) <= set(found["columns"])
    assert found["rows"] or table == "changes"  # a week may change nothing
    assert all(len(row) == len(found["columns"]) for row in found["rows"])
    assert len(set(found["columns"])) == len(found["columns"])


def test_every_question_with_a_promise_is_still_a_question() -> None:
    assert {name for name, *_ in FIGURES} | {name for name, *_ in TABLES} <= set(features.names())


def test_the_parts_of_a_squeeze_score_add_up_to_it() -> None:
    (found,) = (one for one in as_json(ask("squeeze", DAY))["tables"] if one["id"] == "squeeze")
    for cells in found["rows"]:
        row = dict(zip(found["columns"], cells, strict=True))
        parts = [row[name] for name in found["columns"][3:] if row[name] is not None]
        assert row["score"] == pytest.approx(sum(parts), abs=1e-9)
        assert 0 < row["score"] <= 100
        assert 0 < row["confidence"] <= 1


def test_verdicts_add_up() -> None:
    report = ask("thesis", DAY)
    (board,) = (one for one in as_json(report)["tables"] if one["id"] == "scoreboard")
    verdicts = [row[board["columns"].index("verdict")] for row in board["rows"]]
    counted = {stat.id.removeprefix("claims."): stat.value for stat in report.stats}
    named = {"supported": "holds", "mixed": "mixed", "contradicted": "broken", "unmeasured": "not measurable"}
    assert sum(int(counted[name]) for name in named) == len(verdicts) == 11
    for name in ("supported", "mixed", "contradicted"):
        assert counted[name] == verdicts.count(named[name])
