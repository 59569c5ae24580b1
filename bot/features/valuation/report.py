"""The report on valuation: the relative price since 2000, and multiples both ways."""

import numpy as np
import pandas as pd

from bot import i18n
from bot.features.indices import known
from bot.features.valuation import words
from bot.features.valuation.findings import LARGE, SMALL, Findings, Multiples, find
from bot.features.valuation.indicators import indicators
from bot.features.valuation.picture import Level, Premiums
from bot.features.valuation.request import ValuationRequest
from bot.features.valuation.stats import stats
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Table, distinct

__all__ = ["build", "indicators"]

_DRAWN = (
    ("pe_fy1", "profitable"), ("pe_fy1", "all"), ("pe_fy2", "profitable"), ("pe_trailing", "profitable"),
    ("pe_trailing", "all"), ("price_to_sales", "without_financials"), ("ev_to_sales", "without_financials"),
    ("price_to_book", "all"),
)  # fmt: skip


def build(request: ValuationRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. Raises NotEnoughHistory before both funds traded."""
    found = find(dataset)
    members = [dataset.source("estimates"), found.multiples.pair.small.source] if found.multiples else []
    sources = distinct([dataset.source(SMALL), *members])
    charts = [Chart("relative", words.level_words(found), _level(found, dataset))]
    if found.multiples is not None:
        charts.insert(0, _multiples_chart(found.multiples, i18n.all_of(sources)))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Valuation: small caps against large caps"),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(stats(found, dataset.as_of)),
        tables=((_table(found.multiples), _history(found)) if found.multiples else (_empty(), _history(found))),
        charts=tuple(charts),
        notes=words.notes(found),
        sources=sources,
        version=dataset.version,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("multiple", _("Multiple")),
        Column("companies", _("Companies")),
        Column("small", _("Small"), "ratio", digits=1),
        Column("large", _("Large"), "ratio", digits=1),
        Column("discount", _("Discount"), "fraction", digits=0, signed=True),
        Column("members_small", _("Small companies"), "count"),
        Column("members_large", _("Large companies"), "count"),
        Column("weight_small", _("Small weight"), "fraction", digits=0),
        Column("weight_large", _("Large weight"), "fraction", digits=0),
        Column("as_of", _("Inputs of"), "date"),
        Column("name", _("In words")),
    )


def _table(found: Multiples) -> Table:
    rows = tuple(
        (
            row.multiple,
            row.companies,
            known(row.small.value),
            known(row.large.value),
            known(row.discount),
            row.small.members,
            row.large.members,
            known(row.small.weight),
            known(row.large.weight),
            row.day,
            words.name(row),
        )
        for row in found.rows
    )
    return Table("multiples", _("Multiples both ways"), _columns(), rows)


def _empty() -> Table:
    return Table("multiples", _("Multiples both ways"), _columns(), ())


def _history(found: Findings) -> Table:
    columns = (Column("date", _("Date"), "date"), Column("level", _("IWM over IWB, price"), "ratio", digits=4))
    history = found.relative.history
    days = [stamp.date() for stamp in pd.DatetimeIndex(history.index)]
    return Table(
        "relative", _("Relative price by session"), columns, tuple(zip(days, history.tolist(), strict=True)), "csv"
    )


def _level(found: Findings, dataset: Dataset) -> Level:
    history = found.relative.history
    low, middle, high = (float(q) for q in history.quantile([0.1, 0.5, 0.9]))
    return Level(
        title=_("{small} over {large}: {level}, lower on {share} of days").format(
            small=SMALL, large=LARGE, level=i18n.number(found.relative.level, 3), share=_lower(found)
        ),
        subtitle=_("Price ratio, {n} sessions since {first}; band: 80% of them, dashes: median").format(
            n=i18n.number(found.relative.sessions), first=i18n.day(words.first_day(found))
        ),
        as_of=dataset.as_of,
        source=dataset.source(SMALL),
        name=_("{small} over {large}").format(small=SMALL, large=LARGE),
        days=pd.DatetimeIndex(history.index).to_numpy().astype("datetime64[D]"),
        values=np.asarray(history, dtype=np.float64),
        bands=(low, middle, high),
        words=_("percentile {n}").format(n=i18n.number(found.relative.percentile * 100)),
    )


def _lower(found: Findings) -> str:
    """Return the share of sessions strictly below today's level."""
    history = found.relative.history
    return i18n.percent(float((history < found.relative.level).mean()), 0)


def _multiples_chart(found: Multiples, source: str) -> Chart:
    there = {(row.multiple, row.companies): row for row in found.rows}
    rows = tuple(there[key] for key in _DRAWN if key in there)
    premiums = tuple(None if (value := known(row.discount)) is None else -value for row in rows)
    drawn = Premiums(
        title=words.picture_title(found),
        subtitle=_("Multiples of small against large; bars: how much cheaper or dearer"),
        as_of=found.estimates,
        source=source,
        names=tuple(words.name(row) for row in rows),
        premiums=premiums,
        words=tuple(words.against(row) for row in rows),
    )
    return Chart("multiples", words.multiples_words(rows), drawn)
