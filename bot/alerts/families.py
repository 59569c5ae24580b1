"""Indicators that exist for every symbol, pair or series: made from their id, so that none has to be written down.

``price.close.IWM``, ``price.return.6m.QQQ``, ``price.spread.ytd.IWO/IWN``, ``macro.DFF``, ``short.days.GME``,
``squeeze.score.GME``.
Worker side.
"""

import functools
from collections.abc import Iterator

import pandas as pd

from bot.alerts import positions
from bot.analytics.rates import slope_history, week_ends, weekly_pairs
from bot.analytics.returns import common, drawdown, rolling_return, year_to_date
from bot.analytics.rotation import above_long_mean, relative_strength
from bot.features.rates.report import known_series
from bot.i18n import gettext as _
from bot.indicator import Cadence, Indicator
from bot.market import calendar
from bot.market.dataset import Dataset
from bot.report import Unit
from bot.windows import Window

WINDOWS = ("1m", "3m", "6m", "1y", "ytd")
PAIRS = (("IWO", "IWN"), ("RSP", "SPY"), ("IWM", "MAGS"), ("IJR", "IWM"), ("KRE", "SPY"), ("XLY", "XLP"))
BENCHMARK = "SPY"
_MONTHS = {"1m": 1, "3m": 3, "6m": 6, "1y": 12}
_MOST_WEEKS_YEARS = 100  # all there is


def enumerated(dataset: Dataset) -> Iterator[Indicator]:
    """Give the members of all families that can be listed: priced symbols, usual pairs, series of the economy."""
    for series_id in _macro_titles():
        yield _macro(series_id)
    yield from _sensitivities()
    for symbol in dataset.symbols():
        yield from filter(None, (_price(name, symbol, dataset) for name in ("close", "from_record", "vs_200d")))
        yield from filter(None, (_return(window, symbol, dataset) for window in WINDOWS))
        yield from _pair(symbol, BENCHMARK, dataset)
    for first, second in PAIRS:
        if second != BENCHMARK and first in dataset.symbols() and second in dataset.symbols():
            yield from _pair(first, second, dataset)


def resolved(indicator_id: str, dataset: Dataset) -> Indicator | None:
    """Return the member of a family that an id names, None where the id names none.

    Raises what the dataset raises for an unknown symbol.
    """
    found: Indicator | None = None
    match indicator_id.split(".", 2):
        case ["macro", series_id] if series_id in _macro_titles():
            found = _macro(series_id)
        case ["rates", _name]:
            found = next((one for one in _sensitivities() if one.id == indicator_id), None)
        case ["short" | "squeeze" as family, name, symbol]:
            found = positions.resolved(family, name, symbol, dataset)
        case ["price", "spread" | "strength", _rest]:
            found = _resolved_pair(indicator_id, dataset)
        case ["price", "return", rest]:
            window, _dot, symbol = rest.partition(".")
            found = _return(window, symbol, dataset) if window in WINDOWS else None
        case ["price", name, symbol]:
            found = _price(name, symbol, dataset)
    return found


# one symbol


def _price(name: str, symbol: str, dataset: Dataset) -> Indicator | None:
    """Return a price indicator of a symbol; None where its name or the symbol's basis allows none."""
    basis = dataset.basis(symbol)
    unit: Unit = "fraction"
    if name == "vs_200d":
        title, made = _("{symbol} against its 200-session mean"), _against_mean
    elif basis == "adjusted":
        return None
    elif name == "close":
        title, made = _("Close of {symbol}"), _close
        unit = "ratio" if basis == "level" else "usd"
    elif name == "from_record":
        title, made = _("Distance of {symbol} from its record close"), _from_record
    else:
        return None
    series = functools.partial(made, symbol=symbol)
    source, signed = dataset.source(symbol), name == "vs_200d"
    return Indicator(
        f"price.{name}.{symbol}", title.format(symbol=symbol), unit, "session", source, series, signed=signed
    )


def _return(window: str, symbol: str, dataset: Dataset) -> Indicator | None:
    if dataset.basis(symbol) == "level":
        return None
    title = _("Return of {symbol}, {window}").format(symbol=symbol, window=Window(window).words())
    made = functools.partial(_window_return, symbol=symbol, window=window)
    indicator_id, source = f"price.return.{window}.{symbol}", dataset.source(symbol)
    return Indicator(indicator_id, title, "fraction", "session", source, made, signed=True)


def _basis_of(symbol: str, dataset: Dataset) -> "pd.Series[float]":
    return dataset.closes(symbol) if dataset.basis(symbol) == "level" else dataset.total_return(symbol)


def _close(dataset: Dataset, symbol: str) -> "pd.Series[float]":
    return dataset.closes(symbol)


def _from_record(dataset: Dataset, symbol: str) -> "pd.Series[float]":
    return drawdown(dataset.closes(symbol))


def _against_mean(dataset: Dataset, symbol: str) -> "pd.Series[float]":
    return above_long_mean(_basis_of(symbol, dataset))


def _window_return(dataset: Dataset, symbol: str, window: str) -> "pd.Series[float]":
    return _grown(dataset.total_return(symbol), window)


def _grown(index: "pd.Series[float]", window: str) -> "pd.Series[float]":
    return year_to_date(index) if window == "ytd" else rolling_return(index, _MONTHS[window])


# two symbols


def _resolved_pair(indicator_id: str, dataset: Dataset) -> Indicator | None:
    first, slash, second = indicator_id.rpartition(".")[2].partition("/")
    if not slash or first == second:
        return None
    return next((one for one in _pair(first, second, dataset) if one.id == indicator_id), None)


def _pair(first: str, second: str, dataset: Dataset) -> Iterator[Indicator]:
    if first == second or "level" in (dataset.basis(first), dataset.basis(second)):
        return
    source, names = dataset.source(first), {"first": first, "second": second}
    for window in WINDOWS:
        title = _("{first} minus {second}, {window}").format(window=Window(window).words(), **names)
        made = functools.partial(_spread, first=first, second=second, window=window)
        indicator_id = f"price.spread.{window}.{first}/{second}"
        yield Indicator(indicator_id, title, "percentage_points", "session", source, made)
    title = _("Relative strength of {first} to {second}").format(**names)
    made = functools.partial(_strength, first=first, second=second)
    yield Indicator(f"price.strength.{first}/{second}", title, "ratio", "session", source, made)


def _spread(dataset: Dataset, first: str, second: str, window: str) -> "pd.Series[float]":
    one, other = _both(dataset, first, second)
    return _grown(one, window) - _grown(other, window)


@functools.lru_cache(maxsize=4)  # one pair is asked for over every window
def _both(dataset: Dataset, first: str, second: str) -> "tuple[pd.Series[float], pd.Series[float]]":
    return common(dataset.total_return(first), dataset.total_return(second))


def _strength(dataset: Dataset, first: str, second: str) -> "pd.Series[float]":
    """Return relative strength on total returns, 100 on the first common session."""
    strength = relative_strength(*_both(dataset, first, second))
    return strength / strength.iloc[0] * 100


# the economy


def _macro_titles() -> dict[str, tuple[str, Unit, Cadence]]:
    return {
        "DGS3MO": (_("3-month Treasury bill"), "fraction", "session"),
        "DFF": (_("Effective fed funds rate"), "fraction", "session"),
        "BAMLH0A0HYM2": (_("High-yield spread"), "fraction", "session"),
        "UNRATE": (_("Unemployment rate"), "fraction", "month"),
        "ICSA": (_("Initial jobless claims"), "count", "week"),
        "NFCI": (_("Financial conditions (NFCI)"), "ratio", "week"),
    }


def _macro(series_id: str) -> Indicator:
    title, unit, cadence = _macro_titles()[series_id]
    made = functools.partial(known_series, series=series_id)
    source = "ICE BofA, FRED" if series_id == "BAMLH0A0HYM2" else "FRED"
    return Indicator(f"macro.{series_id}", title, unit, cadence, source, made)


def _sensitivities() -> Iterator[Indicator]:
    titles = {
        "sensitivity_2y": (_("Sensitivity of IWM minus SPY to the 2-year yield"), "DGS2"),
        "sensitivity_10y": (_("Sensitivity of IWM minus SPY to the 10-year yield"), "DGS10"),
    }
    for name, (title, series_id) in titles.items():
        made = functools.partial(_sensitivity, series_id=series_id)
        yield Indicator(f"rates.{name}", title, "fraction", "week", "Yahoo Finance, FRED", made, signed=True)


def _sensitivity(dataset: Dataset, series_id: str) -> "pd.Series[float]":
    """Return the slope (return per percentage point) of each completed week by the day its last yield was known."""
    ends = week_ends(dataset.sessions, calendar.sessions_after(dataset.as_of, 1))
    small, large = common(dataset.total_return("IWM"), dataset.total_return("SPY"))
    known = dataset.macro_known(series_id).dropna()
    slopes = slope_history(weekly_pairs(small, large, known["value"], ends), years=_MOST_WEEKS_YEARS)
    places = pd.DatetimeIndex(known.index).searchsorted(pd.DatetimeIndex(slopes.index))
    settled = places < len(known)
    days = pd.DatetimeIndex(known["known"].to_numpy()[places[settled]])
    return pd.Series(slopes.to_numpy()[settled], index=days).groupby(level=0).last()
