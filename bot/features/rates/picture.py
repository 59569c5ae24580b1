"""What the three charts draw: rates with cuts marked, cycles laid over each other, the fit behind the sensitivity."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot import i18n
from bot.analytics.rates import CutCycle
from bot.features.rates.findings import Findings
from bot.features.rates.words import pair_name
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart, distinct

YEARS_SHOWN = 10
SESSIONS_AFTER = 252
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heading:
    """The words around a chart."""

    title: str
    subtitle: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class RatesChart:
    """Rates in percent by session; ``cuts`` and ``rises`` are positions of decisions on the sessions."""

    heading: Heading
    dates: NDArray[np.datetime64]
    names: tuple[str, ...]
    lines: tuple[Floats, ...]
    cuts: NDArray[np.int64]
    rises: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CyclesChart:
    """Small minus large in percentage points, by sessions after each first cut."""

    heading: Heading
    names: tuple[str, ...]
    paths: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class ScatterChart:
    """Weekly change of the yield (basis points) against small minus large (percent), with the fitted line."""

    heading: Heading
    x: Floats
    y: Floats
    slope: float
    intercept: float


def charts(found: Findings, dataset: Dataset) -> tuple[Chart, ...]:
    """Return the charts there are numbers for."""
    drawn = (_rates(found, dataset), _cycles(found, dataset), _scatter(found, dataset))
    return tuple(chart for chart in drawn if chart is not None)


def _rates(found: Findings, dataset: Dataset) -> Chart | None:
    if not {"2y", "10y"} <= found.rates.keys():
        return None
    sessions = dataset.sessions[dataset.sessions > pd.Timestamp(dataset.as_of) - pd.DateOffset(years=YEARS_SHOWN)]
    target = dataset.fed_changes()["upper"]
    steps = target.diff()
    lines = {
        _("2-year"): dataset.macro("DGS2").dropna().reindex(sessions, method="ffill"),
        _("10-year"): dataset.macro("DGS10").dropna().reindex(sessions, method="ffill"),
        _("Fed target"): target.reindex(sessions, method="ffill"),
    }
    shown = {name: line * 100 for name, line in lines.items() if line.notna().any()}
    alt = _("Rates over ten years to {day}: {values}.").format(
        day=i18n.day(dataset.as_of),
        values=i18n.all_of([_("{name} {value}").format(name=name, value=i18n.percent(line.iloc[-1] / 100, 2))
                            for name, line in shown.items()]),
    )  # fmt: skip
    heading = Heading(
        _("Rates, with cuts and rises of the target"),
        _("Percent a year, last {n} years").format(n=YEARS_SHOWN),
        dataset.as_of,
        ", ".join(distinct((dataset.source("DGS2"), dataset.source("fed_changes")))),
    )
    data = RatesChart(
        heading,
        sessions.to_numpy().astype("datetime64[D]"),
        tuple(shown),
        tuple(line.to_numpy(dtype=float) for line in shown.values()),
        _positions(sessions, steps[steps < 0]),
        _positions(sessions, steps[steps > 0]),
    )
    return Chart("rates", alt, data)


def _positions(sessions: pd.DatetimeIndex, steps: "pd.Series[float]") -> NDArray[np.int64]:
    days = pd.DatetimeIndex(steps.index)
    return np.asarray(sessions.searchsorted(days[days >= sessions[0]]), dtype=np.int64).clip(max=len(sessions) - 1)


def _cycles(found: Findings, dataset: Dataset) -> Chart | None:
    if not found.cycles:
        return None
    small, large = dataset.total_return(found.pair.small), dataset.total_return(found.pair.large)
    sessions = small.index.intersection(large.index)

    def path(cycle: CutCycle) -> Floats:
        start = int(sessions.searchsorted(pd.Timestamp(cycle.after_first.start)))
        days = sessions[start : start + SESSIONS_AFTER + 1]
        gap = (small[days] / small[days[0]] - large[days] / large[days[0]]) * 100
        return np.asarray(gap, dtype=np.float64)

    names = tuple(str(cycle.first.year) for cycle in found.cycles)
    paths = tuple(path(cycle) for cycle in found.cycles)
    alt = _("{small} minus {large} in the year after the first cut: {values}.").format(
        small=found.pair.small,
        large=found.pair.large,
        values=i18n.all_of([_("{name} {value}").format(name=name, value=i18n.points(path[-1] / 100))
                            for name, path in zip(names, paths, strict=True)]),
    )  # fmt: skip
    heading = Heading(
        _("After the first cut of each cycle"),
        _("{small} minus {large}, total return, percentage points by sessions after the cut").format(
            small=found.pair.small, large=found.pair.large
        ),
        dataset.as_of,
        ", ".join(distinct((dataset.source(found.pair.small), dataset.source("fed_changes")))),
    )
    return Chart("cycles", alt, CyclesChart(heading, names, paths))


def _scatter(found: Findings, dataset: Dataset) -> Chart | None:
    two = found.sensitivities.get("2y")
    if two is None or two.fit is None:
        return None
    heading = Heading(
        _("Weekly moves of {pair} and the 2-year yield").format(pair=pair_name(found.pair)),
        _("{small} minus {large} in percent, against the yield's change in basis points; {n} weeks").format(
            small=found.pair.small, large=found.pair.large, n=two.fit.n
        ),
        dataset.as_of,
        ", ".join(distinct((dataset.source(found.pair.small), dataset.source("DGS2")))),
    )
    alt = _("{n} weeks: {small} minus {large} moved {move} per +10 bp of the 2-year yield, R² {r2}.").format(
        n=two.fit.n,
        small=found.pair.small,
        large=found.pair.large,
        move=i18n.percent(two.fit.slope / 10, 2, signed=True),
        r2=i18n.number(two.fit.r2, 2),
    )
    data = ScatterChart(
        heading,
        two.pairs["x"].to_numpy(dtype=float) * 100,
        two.pairs["y"].to_numpy(dtype=float) * 100,
        two.fit.slope,
        two.fit.intercept * 100,
    )
    return Chart("scatter", alt, data)
