"""Whatever is missing on a card says why: every null figure and every null cell comes with a note about it."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from bot import features
from bot.errors import UserError
from bot.market.dataset import Dataset
from bot.report import Report, plain_value
from tests.features.answers import ask, sample
from tests.features.leaks import any_session, questions, sessions_of_files
from tests.features.test_tiny_markets import firms
from tests.features.tiny import LARGE, Firm, market

# Of each question: which figures (or table.column) may be missing, and the note that says so.
EXPLAINED: Mapping[str, Mapping[str, str]] = {
    "alert": {
        r"fires\.per_year": "too little to say how often it fires",
        r"fires\.last": "It would never have fired",
        r"fires\.after_\d+": "^What followed is left out|have no prices together",
        r"after\.\d+\.median|followed\.(median|positive)": "Fewer than 5 events",
        r"followed\.(low|high)": "Fewer than 5 events|there is no interval",
        r"after\.\d+\.base|followed\.base_(median|positive)": "nothing to compare with",
    },
    "breadth": {
        r"(above_\d+|at_high|near_high)\.(small|large)": "No shares of members|no member of a side",
        r"(return_6m\.\w+|coverage\.weight)\.(small|large)": "no member of a side",
        r"small_vs_seven": "No comparison with the seven",
        r"levels\.small_vs_seven": "No comparison with the seven|Its line begins on",
    },
    "earnings": {
        r"eps_growth\.(small|large|seven)(\.\w+)?": "^Not meaningful",
        r"forms\.(aggregate|positive_base|median|weight)": "^Not meaningful",
        r"revision_breadth\..*|forms\.(counts|companies|cap_weighted)": "nobody revised",
        r"loss_share\.\w+": "^Trailing losses are not known|^Not meaningful",
        r"(loss_share\.\w+\.fy1|coverage\.weight\.\w+)": "^Not meaningful",
        r"eps_fy1|estimates\.eps_fy1": "^Not stored: .*this year's",
        r"eps_fy2|estimates\.eps_fy2": "^Not stored: .*next year's",
        r"eps_growth|pe_fy1": "^No growth rate and no multiple|^Not stored: .*(next year's|the price)",
        r"revision\.(\w+)": "^Not stored: .*this year's|from an estimate of zero",
        r"revisions_(up|down)": "^Not stored: .*analysts' revisions",
        r"analysts": "^Not stored: .*the number of analysts",
        r"next_report": "^Not stored: the date of the next report",
    },
    "indicator": {r"percentile": "too few for a percentile", r"change": "^Too few values for a change"},
    "quote": {
        r"close": "No file gives its price",
        r"high|high\.date|average_\d+": "no record|a mean of",
        r"drawdown": "no record",
        r"from_high_52w": "^No 52-week range",
        r"return\.\w+": "^Changes not stored",
        r"cap_tier|market_cap": "it has no market cap and no size|^Market cap of .* so no size",
        r"membership": "belongs to no index|^In none of the stored member lists",
        r"membership\.weight": "^Member lists",
        r"short\..*": "^Short interest of .* not stored|Nobody can sell|^Shares outstanding of|^No days to cover",
    },
    "rrg": {
        r"rrg\.(ratio|momentum|quadrant|quadrant_8w)": "too short a record|no prices on|did not move|eight weeks ago",
    },
    "shortinterest": {
        r"(change|fund\.change|symbols\.change)": "no change is given|^No change is given",
        r"(symbols\.|fund\.|members\.|members_top\.)?days_to_cover(\..*)?": "^No days to cover|^Days to cover are left",
        r"percentile": "too few for a percentile",
        r"share_of_float|s3_share|symbols\.(share_of_float|s3_share)": "^The float is not stored",
        r"(members|members_top)\.share_of_float": "members? whose float is stored",
        r"weighted_share_of_float|indices\.weighted_share_of_float": "members? whose float is stored",
        r"(symbols\.)?share_of_shares(\..*)?|fund\.share_of_shares": "^Shares outstanding are not|another thing",
        r"rank(\.\w+)?": "it has no rank|no rank\\.$|only .* own short interest is shown",
    },
    "squeeze": {
        r"(top|lowest|confidence)\..*": "^No member",
        r"(squeeze|inputs)\.\w+": "^Not stored for any member|^Where one company lacks an input",
        r"coverage\.weight": "weight",
    },
    "storm": {r"rarest\.per_year|(alerts|all)\.per_year": "less than a year of history"},
    "thesis": {r"oldest_input": "^No input is stored"},
    "valuation": {
        r"discount\..*|p[er]\w+\.\w+\.(small|large)|ev_\w+\.\w+\.(small|large)": "^n\\.m\\.",
        r"multiples\.(small|large|discount|weight_\w+)": "^n\\.m\\.",
        r"loss_share\..*|coverage\.weight.*": "No fundamentals are stored|^n\\.m\\.",
    },
    "weekly": {r"short_interest\.change": "no change is given"},
    "allocation": {
        r"volatility|beta\..*|diversification_ratio": "neither risk nor past|^Risk takes|^No beta to",
        r"max_drawdown": "neither risk nor past|^A past takes",
        r"max_drawdown\.shifted": "neither risk nor past|^A past takes|no shift to it can be shown",
        r"share\.small(\.market)?|cap_mix\.market": "^Members of the indices or their caps",
        r"shift\.return_per_year": "^Up to a year",
        r"shift\.volatility": "^Two sessions",
        r"value": "^Percentages",
    },
    "funds": {
        r"return\.\w+|funds\.(return_window|max_drawdown.*)": "had not traded by|than the window",
        r"funds\.(volatility|beta)": "had not traded by|than the window|^A measure is left",
        r"(funds\.)?(sharpe|sortino)(\.\w+)?": "had not traded by|than the window|^A measure is left|no Sharpe",
        r"(funds\.)?tracking_error(\.\w+)?": "had not traded by|younger than the window|^A measure is left",
        r"(volatility|beta)\.\w+": "^A measure is left",
        r"funds\.capture_\w+": "^Capture is left|had not traded by|younger than the window",
        r"capture\.\w+\.\w+": "^Capture is left",
        r"funds\.first": "had not traded by",
        r"funds\.return_\d+y": "^A return over more years|had not traded by",
        r"cost\.\w+|funds\.(expense_ratio|assets|yield)": "^Cost, assets and yield are not|or yield is not stored",
        r"funds\.holdings": "^Holdings, and with them",
        r"funds\.pe_\w+": "^Holdings, and with them|or give no P/E",
    },
    "highs": {
        r"records\.last_year": "^Records of",
        r"record\.(gap_days|previous\.\w+)": "the first close that is stored|No close is higher than the first",
    },
    "history": {
        r"events": "too short|too few to say|^No regime",
        r"events\.last": "never since",
        r"(median|share_positive|base_median)\.\d+": "^Left out",
        r"forward_\w+\.(base_)?(median|share_positive)|forward_\w+\.ci_\w+": "^Left out",
        r"events\.(own|relative)_\d+": "^Left out",
        r"rallies\.(shorted|others)": "no such rally|the one rally lies|none of the",
    },
    "position": {r"shares|stop|risk_usd|value_usd|atr": "^No size for", r"days_to_exit": "^No size for|days to leave"},
    "rates": {
        r"expected_change_12m_bp": "^The futures contract",
        r"fomc\.next": "^Which Fed meeting",
        r"target\.\w+": "^No decision on the target",
        r"net_debt_to_ebitda\.\w+": "^Members with their debts",
        r"sensitivity\.\w+\.\w+": "no sensitivity|^Too few weeks",
        r"sensitivity_history\.\w+": "no sensitivity|^Too few weeks",
        r"cut_cycles\.\w+": "^After cuts",
        r"yield_\w+|bill_3m|fed_funds\.effective|slope_10y2y_bp|expected_change_3m_bp": "^Not every rate",
        r"yield_2y\.change_bp|rates\.change_bp": "^Not every rate|^A rate that is stored for less",
    },
    "risks": {
        r"gauge\.\w+|gauges\.above_80|inputs\.\w+": ", without “",
        r"gauge\.\w+\.change_1m": ", without “|a month ago it could not be read",
        r"history\.\w+": "^In the table by week",
    },
    "rotation": {
        r"spread\.\d+y": "common history of",
        r"regime(\.\w+)?|rs\.vs_200d": "^No regime",
        r"levels\.rs_mean_200": "^No regime|^The 200-session mean begins",
    },
    "style": {r"spread\.\d+y": "common history of", r"regime(\.\w+)?": "^No regime"},
    "when": {r"calendar\.moment": "no moment of their own", r"next\.fomc": "^Which Fed meeting"},
    "years": {r"(best|worst)\.spread|years\.ahead": "^No year is full yet"},
}  # fmt: skip


def missing(report: Report) -> set[str]:
    """Return what is null: ids of figures, and table.column of cells."""
    figures = {stat.id for stat in report.stats if plain_value(stat.value) is None}
    cells = {
        f"{table.id}.{column.id}"
        for table in report.tables
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if plain_value(cell) is None
    }
    return figures | cells


def assert_explained(report: Report) -> None:
    """Assert that each null has its note; a null that nobody thought of fails too."""
    told = (report.headline, *report.notes)
    for absent in sorted(missing(report)):
        wanted = [words for which, words in EXPLAINED[report.feature].items() if re.fullmatch(which, absent)]
        assert wanted, f"{report.feature}: nobody said that {absent} may be missing"
        assert any(re.search(wanted[0], line) for line in told), f"{absent} is missing, and no note says why: {told}"


def answered(feature: str, dataset: Dataset, options: dict[str, Any]) -> Report | None:
    try:
        return ask(feature, dataset, **options)
    except UserError:
        return None


@settings(max_examples=6, deadline=None)
@given(data=st.data(), day=st.one_of(any_session, sessions_of_files))
@pytest.mark.parametrize("feature", sorted(EXPLAINED))
def test_every_null_of_the_sample_has_a_note(feature: str, data: st.DataObject, day: date) -> None:
    options = data.draw(questions(feature))
    note(f"{feature} {options} on {day}")
    report = answered(feature, sample().at(day), options)
    if report is not None:
        assert_explained(report)


ODD: list[tuple[str, str, dict[str, Any]]] = [
    *(("quote", day, {"symbol": symbol})
      for symbol in ("IWM", "RUT", "VIX", "MAGS", "QQQ", "TLT", "AMC", "BRK-B", "AAPL")
      for day in ("2026-07-31", "2026-06-10", "2025-12-04", "2023-04-12")),
    *(("shortinterest", day, {"symbols": symbols})
      for symbols in (("IWM",), ("RUT",), ("IWB",), ("SPY",), ("GME",), ("MAGS", "GME", "BRKB"), ("MRNA", "NA"))
      for day in ("2026-07-31", "2026-07-17", "2026-06-10")),
    *(("earnings", "2026-07-31", {"symbol": symbol}) for symbol in ("GME", "AMC", "NVDA", "BRKB", "CSTM", "SPRY")),
    *(("rrg", day, {"symbols": ("IWM", "MAGS", "RUT", "GME")}) for day in ("2026-07-31", "2024-08-08", "2001-03-02")),
    *(("breadth", "2026-07-31", {"window": window}) for window in ("1w", "ytd", "max")),
    ("squeeze", "2026-06-10", {"n": 50}), ("squeeze", "2026-07-31", {"n": 50, "index": "IWB"}),
    ("squeeze", "2026-07-31", {"sector": "Energy", "cap": "mega"}),
    *(("alert", day, {"indicator": name, "condition": condition, "threshold": threshold, "fired_on": fired})
      for name, condition, threshold, day, fired in (
          ("shortinterest.weighted.r2000", "above", 0.055, "2026-07-31", None),
          ("shortinterest.weighted.r2000", "below", 0.001, "2026-07-31", date(2026, 7, 27)),  # taken back, never fired
          ("shortinterest.weighted.r2000", "below", 0.0785, "2026-07-31", date(2026, 7, 27)),
          ("price.close.IWM", "above", 51.0, "2000-10-02", None),
          ("price.close.IWM", "below", 290.0, "2026-07-31", None),
          ("price.close.SPY", "above", 60.0, "2026-07-31", None), ("rates.yield_2y", "above", 0.05, "2000-06-20", None),
          ("thesis.earnings", "above", 0.5, "2026-07-31", None))),
    *(("indicator", day, {"indicator": name, "window": "max"})
      for name, day in (("shortinterest.weighted.r2000", "2026-07-31"), ("breadth.at_high.small", "2026-07-31"),
                        ("price.close.IWM", "2000-06-05"), ("rotation.regime", "2026-07-31"))),
    ("storm", "2026-07-31", {"alerts": [{"indicator": "shortinterest.weighted.r2000", "condition": "above",
                                         "threshold": 0.055, "per_year": 1.0}]}),
    *(("funds", day, {"symbols": symbols, "window": window, "benchmark": benchmark})
      for symbols, benchmark in ((("IWM", "VB", "MAGS"), "SPY"), (("IWM",), "MAGS"), (("VTI", "SPY"), "TLT"))
      for window in ("1w", "5y", "max") for day in ("2000-05-30", "2005-07-01", "2023-04-12", "2026-07-31")),
    *(("history", day, {"event": event})
      for event in ("record", "regime", "mean", "cut", "spread", "shorts", "rallies", "cycles")
      for day in ("2000-05-30", "2001-12-31", "2012-03-01", "2026-06-10")),
    *((name, day, {}) for name in ("highs", "rates", "risks", "rotation", "style", "when", "years")
      for day in ("1998-01-02", "2000-05-26", "2001-03-02", "2001-12-31", "2019-11-01", "2026-07-31")),
    *(("allocation", day, {"holdings": holdings})
      for holdings in ("SPY 60, IWM 20, NVDA 20", "MAGS 50, CASH 50", "CASH 100", "QQQ 100", "GME 10 shares")
      for day in ("1998-01-02", "2000-06-05", "2001-12-31", "2023-04-12", "2026-07-31")),
    *(("position", day, {"symbol": symbol})
      for symbol in ("IWM", "MAGS", "NVDA") for day in ("2000-05-26", "2000-06-05", "2023-04-12", "2026-07-31")),
    ("rotation", "2001-12-31", {"window": "max"}), ("rotation", "2024-02-01", {"small": "MAGS", "large": "IWM"}),
    ("weekly", "2026-07-17", {}), ("thesis", "1998-01-02", {}), ("valuation", "2026-07-17", {}),
]  # fmt: skip


@pytest.mark.parametrize(("feature", "day", "options"), ODD)
def test_odd_questions_too(feature: str, day: str, options: dict[str, Any]) -> None:
    report = answered(feature, sample().at(date.fromisoformat(day)), options)
    if report is not None:
        assert_explained(report)


TINY: list[tuple[str, dict[str, Any]]] = [
    ("shortinterest", {}), ("squeeze", {}), ("valuation", {}), ("earnings", {}), ("breadth", {"window": "1w"}),
    ("quote", {"symbol": "ACO"}), ("shortinterest", {"symbols": ("ACO",)}),
    ("earnings", {"symbol": "ACO"}), ("rrg", {}),
]  # fmt: skip


@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking takes minutes
@given(st.lists(firms, min_size=1, max_size=3))
def test_whatever_a_market_lacks_has_a_note(found: list[Firm]) -> None:
    named = [replace(firm, symbol=f"{letter}CO", name=letter) for firm, letter in zip(found, "ABC", strict=False)]
    with tempfile.TemporaryDirectory() as folder:
        dataset = market(Path(folder), [*named, LARGE])
        for feature, options in TINY:
            report = answered(feature, dataset, options)
            if report is not None:
                assert_explained(report)


@settings(max_examples=3, deadline=None)
@given(data=st.data(), day=any_session)
@pytest.mark.parametrize("feature", [name for name in features.names() if name not in EXPLAINED])
def test_the_other_questions_leave_nothing_out_in_silence(feature: str, data: st.DataObject, day: date) -> None:
    options = data.draw(questions(feature))
    report = answered(feature, sample().at(day), options)
    assert report is None or not missing(report) or report.notes
