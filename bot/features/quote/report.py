"""The report of a quote."""

import functools
import math
from datetime import date

import numpy as np
import pandas as pd

from bot import i18n
from bot.analytics.returns import position_on_or_before
from bot.features.indices import NAMES, known
from bot.features.quote import words
from bot.features.quote.findings import Findings, Series, find
from bot.features.quote.picture import Prices
from bot.features.quote.request import QuoteRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, Unit, distinct
from bot.windows import Window

__all__ = ["build", "indicators"]

_ON_CARD = {"1d", "1m", "ytd"}


def build(request: QuoteRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. UnknownSymbol, MissingData, NotEnoughHistory."""
    found = find(request.symbol, dataset)
    sources = distinct([
        dataset.source(found.symbol) if found.series else "",
        found.listed.source if found.listed else "",
        "FINRA" if found.short else "",
    ])  # fmt: skip
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=found.name,
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stats(found, dataset)),
        tables=(_membership(found),),
        charts=_charts(found, request.window, dataset),
        notes=words.notes(found),
        sources=sources,
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return nothing of its own: prices and records are watched through other questions."""
    return ()


def _stats(found: Findings, dataset: Dataset) -> list[Stat]:
    return [*_price(found, dataset), *_changes(found, dataset), *_size(found, dataset), *_short(found)]


def _price(found: Findings, dataset: Dataset) -> list[Stat]:
    series = found.series
    source = dataset.source(found.symbol) if series else "Yahoo Finance"
    day = series.day if series else None
    stat = functools.partial(Stat, as_of=day, source=source, stale=day is not None and day < dataset.as_of)
    has_record = series is not None and series.basis != "adjusted"
    return [
        _close(found, dataset),
        stat(id="drawdown", label=_("From its highest close") if has_record else _("From its highest value"),
             value=known(found.fall), unit="fraction", figure=series is not None, metric="returns.drawdown",
             working=words.fall_working(found)),
        stat(id="high", label=_("Highest close"), value=known(found.high) if has_record else None,
             unit=_unit(found), metric="records.close"),
        stat(id="high.date", label=_("Highest close on"), value=found.high_day if has_record else None, unit="date",
             metric="records.close"),
        *(_average(stat, found, sessions) for sessions in words.AVERAGES),
        _from_year_high(found),
    ]  # fmt: skip


def _unit(found: Findings) -> Unit:
    return "ratio" if found.series is not None and found.series.basis == "level" else "usd"


def _close(found: Findings, dataset: Dataset) -> Stat:
    """Return the last close; where none is stored, the price of the latest file, with that file's day."""
    label, metric = _("Close"), "quote.close"
    series = found.series
    if series is not None and series.basis != "adjusted":
        return Stat(
            id="close", label=label, value=float(series.levels.iloc[-1]), unit=_unit(found), as_of=series.day,
            source=dataset.source(found.symbol), stale=series.day < dataset.as_of, figure=True, metric=metric,
        )  # fmt: skip
    if found.listed is None:
        return Stat(id="close", label=label, value=None, unit="usd", as_of=None, source="Yahoo Finance", metric=metric)
    one = found.listed
    label = _("Price on {day}").format(day=i18n.short_day(one.day))
    return Stat(
        id="close", label=label, value=one.price, unit="usd", as_of=one.day, source=one.source,
        stale=one.day < dataset.as_of, figure=True, metric=metric,
    )  # fmt: skip


def _average(stat: "functools.partial[Stat]", found: Findings, sessions: int) -> Stat:
    series = found.series
    enough = series is not None and series.basis != "adjusted" and len(series.levels) >= sessions
    value = float(series.levels.tail(sessions).mean()) if series is not None and enough else None
    label = _("Mean of {n} sessions").format(n=i18n.number(sessions))
    return stat(id=f"average_{sessions}", label=label, value=value, unit=_unit(found), metric="quote.average")


def _from_year_high(found: Findings) -> Stat:
    span = found.range
    return Stat(
        id="from_high_52w",
        label=_("From its 52-week high"),
        value=known(span.from_high) if span else None,
        unit="fraction",
        as_of=span.day if span else None,
        source="Yahoo Finance",
        figure=span is not None and found.series is None,
        metric="quote.from_high_52w",
        working=words.year_high_working(found),
    )


def _changes(found: Findings, dataset: Dataset) -> list[Stat]:
    return [
        Stat(
            id=f"return.{text}",
            label=_("Change, {window}").format(window=Window(text).words()),
            value=change.value if change else None,
            unit="fraction",
            as_of=change.end if change else None,
            source="Yahoo Finance",
            stale=change is not None and change.end < dataset.as_of,
            signed=True,
            figure=text in _ON_CARD and change is not None,
            metric="returns.window",
            working=words.change_working(change),
        )
        for text, change in found.changes.items()
    ]


def _size(found: Findings, dataset: Dataset) -> list[Stat]:
    stat = functools.partial(Stat, as_of=found.cap_day, source="Yahoo Finance", metric="quote.cap_tier")
    held = [NAMES[one.index] for one in found.held]
    return [
        stat(id="cap_tier", label=_("Size"), value=words.tier(found), unit="text",
             figure=words.tier(found) is not None, shown=words.size_shown(found)),
        stat(id="market_cap", label=_("Market cap"), value=None if found.is_fund else known(found.cap), unit="usd"),
        Stat(id="membership", label=_("Member of"), value=i18n.all_of(held) if held else None, unit="text",
             as_of=max((one.day for one in found.held), default=dataset.as_of), source="iShares",
             metric="quote.membership"),
    ]  # fmt: skip


def _short(found: Findings) -> list[Stat]:
    own = found.short
    settled: date | None = own.settlement if own else None
    stat = functools.partial(Stat, as_of=settled, source="FINRA", stale=own.stale if own else False)
    return [
        stat(id="short.shares", label=_("Shares short"), value=known(own.short) if own else None, unit="count",
             metric="short_interest.short_shares"),
        stat(id="short.share_of_shares", label=_("Short, of shares outstanding"),
             value=known(own.of_shares) if own else None, unit="fraction",
             metric="short_interest.share_of_shares"),
        stat(id="short.days_to_cover", label=_("Days to cover"), value=known(own.days_to_cover) if own else None,
             unit="days", digits=1, figure=own is not None and not math.isnan(own.days_to_cover)
             and words.tier(found) is None, metric="short_interest.days_to_cover"),
    ]  # fmt: skip


def _membership(found: Findings) -> Table:
    columns = (
        Column("index", _("Index")),
        Column("fund", _("Fund")),
        Column("weight", _("Weight"), "fraction", digits=2),
        Column("list_date", _("Members of"), "date"),
    )
    rows = tuple((NAMES[one.index], one.fund, one.weight, one.day) for one in found.held)
    return Table("membership", _("Indices that hold it"), columns, rows)


def _charts(found: Findings, window: str, dataset: Dataset) -> tuple[Chart, ...]:
    series = found.series
    if series is None or len(series.levels) < 2:
        return ()
    index = pd.DatetimeIndex(series.levels.index)
    wanted = Window(window).start(series.day)
    at = min(max(0, 0 if wanted is None else position_on_or_before(index, wanted)), len(index) - 2)
    said = words.alternative(found, window, str(index[at].date()))
    return (Chart("quote", said, _picture(found, series, at, window, dataset)),)


def _picture(found: Findings, series: Series, at: int, window: str, dataset: Dataset) -> Prices:
    values = series.levels
    adjusted = series.basis == "adjusted"
    subtitle = _("Dividend-adjusted, {window}") if adjusted else _("Closes, {window}")
    last = float(values.iloc[-1])
    return Prices(
        title=_("{symbol}: {headline}").format(symbol=found.symbol, headline=_title(found, last)),
        subtitle=subtitle.format(window=Window(window).words()),
        as_of=series.day,
        source=dataset.source(found.symbol),
        name=found.symbol,
        days=pd.DatetimeIndex(values.index)[at:].to_numpy().astype("datetime64[D]"),
        values=np.asarray(values.iloc[at:], dtype=np.float64),
        average_50=np.asarray(values.rolling(50).mean().iloc[at:], dtype=np.float64),
        average_200=np.asarray(values.rolling(200).mean().iloc[at:], dtype=np.float64),
        words=words.level(found, last),
    )


def _title(found: Findings, last: float) -> str:
    if found.series is not None and found.series.basis == "adjusted":
        change = found.changes.get("ytd")
        if change is None:
            return found.name
        return _("{change} this year").format(change=i18n.percent(change.value, signed=True))
    return _("{close}, {fall} from its record").format(
        close=words.level(found, last), fall=i18n.percent(found.fall, signed=True)
    )
