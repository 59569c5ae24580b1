"""Interest rates and small caps: the card of rates, futures, sensitivity and cycles of cuts."""

import functools
import math
from datetime import date

import pandas as pd

from bot.analytics.rates import MONTHS_AFTER
from bot.features.rates import words
from bot.features.rates.findings import YIELDS, Findings, find
from bot.features.rates.picture import charts
from bot.features.rates.request import RatesRequest
from bot.features.rates.stats import stats
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Column, Report, Table, Value, distinct

HISTORY_STEP_WEEKS = 26


def build(request: RatesRequest, dataset: Dataset) -> Report:
    """Return the card of rates on the dataset's day."""
    found = find(request, dataset)
    figures = stats(found, request, dataset)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Rates and {pair}").format(pair=words.pair_name(found.pair)),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=figures,
        tables=tuple(t for t in (_rates_table(found), _cycles(found), _history(found)) if t.rows),
        charts=charts(found, dataset),
        notes=words.notes(found, dataset.as_of),
        sources=distinct(part for stat in figures if stat.value is not None for part in stat.source.split(", ")),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return the yields, the slope and what futures expect, by the day each was known."""
    return (
        Indicator("rates.yield_2y", _("2-year yield"), "fraction", "session", "FRED",
                  functools.partial(known_series, series="DGS2")),
        Indicator("rates.yield_10y", _("10-year yield"), "fraction", "session", "FRED",
                  functools.partial(known_series, series="DGS10")),
        Indicator("rates.slope_10y2y", _("10-year minus 2-year yield"), "basis_points", "session", "FRED",
                  lambda d: (known_series(d, "DGS10") - known_series(d, "DGS2")).dropna() * 1e4),
        Indicator("rates.expected_change_12m", _("Rate change expected in 12 months"), "basis_points", "session",
                  "CME, Yahoo Finance", expected_changes),
    )  # fmt: skip


def known_series(dataset: Dataset, series: str) -> "pd.Series[float]":
    """Return a rate's newest value by the day it became known."""
    known = dataset.macro_known(series).dropna()
    return pd.Series(known["value"].to_numpy(), index=pd.DatetimeIndex(known["known"])).groupby(level=0).last()


def expected_changes(dataset: Dataset) -> "pd.Series[float]":
    """Return what the contract twelve months ahead expected on each session it settled, in basis points."""
    futures = dataset.futures()
    days = pd.DatetimeIndex(futures["date"])
    wanted = (days.year + 1) * 100 + days.month
    settled = futures[(futures["contract"] == wanted).to_numpy()].set_index("date")["close"]
    effective = known_series(dataset, "DFF").reindex(settled.index, method="ffill")
    return ((100 - settled - effective * 100) * 100).dropna()


def _rates_table(found: Findings) -> Table:
    names = {"fed_funds": _("Effective Fed funds rate"), "bill": _("3-month bill"), "2y": _("2-year"),
             "10y": _("10-year")}  # fmt: skip
    columns = (
        Column("rate", _("Rate")),
        Column("value", _("Level"), "fraction", digits=2),
        Column("as_of", _("Day"), "date"),
        Column("change_bp", _("Change"), "basis_points"),
    )
    rows = tuple((names[key], rate.value, rate.day, rate.change_bp) for key, rate in found.rates.items())
    return Table("rates", _("Rates as last known"), columns, rows)


def _cycles(found: Findings) -> Table:
    after = [(which, months) for which in ("first", "last") for months in MONTHS_AFTER]
    words = {"first": _("{n}m after first"), "last": _("{n}m after last")}
    columns = (
        Column("first_cut", _("First cut"), "date"),
        Column("last_cut", _("Last cut"), "date"),
        Column("open", _("Open")),
        Column("cuts", _("Cuts"), "count"),
        Column("from_upper", _("From"), "fraction", digits=2),
        Column("to_upper", _("To"), "fraction", digits=2),
        *(Column(f"{which}_{n}m", words[which].format(n=n), "percentage_points", signed=True) for which, n in after),
    )
    rows = []
    for cycle in found.cycles:
        spreads: list[Value] = []
        for which, months in after:
            after_cut = cycle.after_first if which == "first" else cycle.after_last
            spreads.append(after_cut.spread(months) if after_cut else None)
        rows.append((cycle.first, cycle.last, cycle.open, cycle.cuts, cycle.from_upper, cycle.to_upper, *spreads))
    return Table("cut_cycles", _("Small minus large after cuts, cycle by cycle"), columns, tuple(rows))


def _history(found: Findings) -> Table:
    columns = (
        Column("week", _("Week to"), "date"),
        Column("beta_2y", _("2-year: return per percentage point"), "fraction", signed=True, digits=2),
        Column("beta_10y", _("10-year: return per percentage point"), "fraction", signed=True, digits=2),
    )
    rows: list[tuple[date, Value, Value]] = []
    if found.sensitivities:
        histories = [found.sensitivities[name].history for name in YIELDS]
        both = pd.concat(histories, axis=1).iloc[::-1][::HISTORY_STEP_WEEKS]
        rows = [(week.date(), _value(two), _value(ten)) for week, two, ten in both.itertuples()]
    return Table("sensitivity_history", _("How the sensitivity drifted"), columns, tuple(rows))


def _value(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
