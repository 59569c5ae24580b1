"""The report on breadth: who takes part, and whether the few or the many lead."""

import numpy as np
import pandas as pd

from bot import i18n
from bot.features.breadth import words
from bot.features.breadth.findings import Findings, Participated, find
from bot.features.breadth.indicators import indicators
from bot.features.breadth.picture import Line, Relatives, Shares
from bot.features.breadth.request import BreadthRequest
from bot.features.breadth.stats import stats
from bot.features.indices import known
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Table, distinct
from bot.windows import Window

__all__ = ["build", "indicators"]


def build(request: BreadthRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. Raises as ``find`` does."""
    found = find(request.window, dataset)
    took_part = found.participated
    sources = distinct([dataset.source("RSP"), *([took_part.pair.small.source] if took_part else [])])
    charts = [Chart("relatives", words.lines_words(found), _lines(found, request.window, dataset))]
    if took_part is not None:
        charts.append(Chart("shares", words.shares_words(took_part), _bars(took_part, i18n.all_of(sources))))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Breadth: the few or the many"),
        headline=words.headline(found, request.window),
        as_of=dataset.as_of,
        stats=tuple(stats(found, request.window, dataset.as_of)),
        tables=(*((_sectors(took_part),) if took_part else ()), _levels(found)),
        charts=tuple(charts),
        notes=words.notes(found, request.window),
        sources=sources,
        version=dataset.version,
    )


def _sectors(found: Participated) -> Table:
    columns = (
        Column("sector", _("Sector")),
        Column("small", _("Small"), "fraction"),
        Column("large", _("Large"), "fraction"),
        Column("difference", _("Small minus large"), "percentage_points"),
    )
    both = pd.concat([found.small.sectors, found.large.sectors], axis=1, sort=False).fillna(0.0)
    rows = tuple(
        (str(name), float(small), float(large), float(small - large))
        for name, small, large in zip(both.index, both.iloc[:, 0], both.iloc[:, 1], strict=True)
    )
    return Table("sectors", _("Sectors by market cap"), columns, rows)


def _levels(found: Findings) -> Table:
    columns = (
        Column("date", _("Date"), "date"),
        Column("equal_vs_cap", _("RSP over SPY, start = 100"), "ratio"),
        Column("small_vs_seven", _("IWM over the seven, start = 100"), "ratio"),
    )
    seven = found.seven.line if found.seven else pd.Series(np.nan, index=found.equal.line.index)
    both = pd.concat([found.equal.line, seven], axis=1, sort=True)
    days = [stamp.date() for stamp in pd.DatetimeIndex(both.index)]
    values = ([known(float(v)) for v in row] for row in both.to_numpy())
    rows = tuple((day, *row) for day, row in zip(days, values, strict=True))
    return Table("levels", _("Relative lines by date"), columns, rows, place="csv")


def _lines(found: Findings, window: str, dataset: Dataset) -> Relatives:
    both = pd.concat([one.line for one in found.relatives], axis=1, sort=True).ffill()
    lines = tuple(
        Line(name=_("{one}/{other}").format(one=one.one, other=one.other),
             values=np.asarray(both.iloc[:, place], dtype=np.float64),
             words=i18n.number(float(one.line.iloc[-1]), 1))
        for place, one in enumerate(found.relatives)
    )  # fmt: skip
    return Relatives(
        title=_picture_title(found),
        subtitle=_("Relative total return, {window}, start = 100: {lines}").format(
            window=Window(window).words(),
            lines=", ".join(_("{one} over {other}").format(one=o.one, other=o.other) for o in found.relatives),
        ),
        as_of=dataset.as_of,
        source=dataset.source("RSP"),
        days=pd.DatetimeIndex(both.index).to_numpy().astype("datetime64[D]"),
        lines=lines,
    )  # fmt: skip


def _picture_title(found: Findings) -> str:
    equal = i18n.points(found.equal.spread)
    if found.seven is None:
        return _("Equal weight against cap weight: {equal}").format(equal=equal)
    return _("Equal weight {equal}, small against seven {seven}").format(
        equal=equal, seven=i18n.points(found.seven.spread)
    )


def _bars(found: Participated, source: str) -> Shares:
    sides = (found.small.participation, found.large.participation)
    values = tuple(tuple(known(getattr(s, key)) for s in sides) for key in ("above_50", "above_200", "near_high"))
    return Shares(
        title=_("{small} of small caps above 200 sessions").format(
            small=i18n.percent(sides[0].above_200, 0) if known(sides[0].above_200) is not None else i18n.DASH
        ),
        subtitle=_("Shares of members, snapshot of {day}").format(day=i18n.day(found.day)),
        as_of=found.day,
        source=source,
        sides=(_("Small"), _("Large")),
        groups=(_("Above 50 sessions"), _("Above 200 sessions"), _("Within 2% of high")),
        values=values,
        words=tuple(tuple(i18n.DASH if v is None else i18n.percent(v, 0) for v in row) for row in values),
    )
