"""The tables behind the cards on short interest."""

from typing import Literal

import pandas as pd

from bot.features.indices import NAMES, known
from bot.features.shortinterest.findings import Findings
from bot.features.shortinterest.positions import Position
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Column, Table, Value

TOP = 15


def index_tables(found: Findings) -> tuple[Table, ...]:
    """Return the indices side by side, the members with most short, the stored dates, and all members."""
    return _indices(found), _top(found), _stored(found), _everyone(found)


def _indices(found: Findings) -> Table:
    columns = (
        Column("index", _("Index")),
        Column("weighted_share_of_cap", _("Weighted, of market cap"), "fraction"),
        Column("median_share_of_shares", _("Median, of shares"), "fraction"),
        Column("mean_share_of_shares", _("Mean, of shares"), "fraction"),
        Column("weighted_share_of_float", _("Weighted, of float"), "fraction"),
        Column("notional_usd", _("Sold short"), "usd"),
        Column("members", _("Members measured"), "count"),
        Column("weight", _("Weight measured"), "fraction", digits=0),
        Column("list_date", _("Members of"), "date"),
    )
    rows = []
    for one in found.all:
        short = one.short
        figures = (short.of_cap, short.median, short.mean, short.of_float, short.notional)
        covered = (short.coverage.matched, known(short.coverage.weight), one.members.date)
        rows.append((NAMES[one.index], *(known(value) for value in figures), *covered))
    return Table("indices", _("Indices side by side"), columns, tuple(rows), place="card" if len(rows) > 1 else "page")


def _member_columns() -> tuple[Column, ...]:
    return (
        Column("symbol", _("Symbol")),
        Column("name", _("Name")),
        Column("share_of_shares", _("Of shares"), "fraction"),
        Column("share_of_float", _("Of float"), "fraction"),
        Column("days_to_cover", _("Days to cover"), "days", digits=1),
        Column("short_shares", _("Shares short"), "count"),
    )


def _member_rows(found: Findings) -> tuple[tuple[Value, ...], ...]:
    frame = found.asked.frame.rename_axis("symbol").reset_index()
    frame = frame[frame["of_shares"].notna()].sort_values(["of_shares", "symbol"], ascending=[False, True])
    of_float = frame["short"] / frame["float_shares"].where(frame["float_shares"] > 0)
    numbers = zip(frame["of_shares"], of_float, frame["days_to_cover"], frame["short"], strict=True)
    return tuple(
        (str(symbol), str(name), *(known(float(value)) for value in row))
        for symbol, name, row in zip(frame["symbol"], frame["name"], numbers, strict=True)
    )


def _top(found: Findings) -> Table:
    title = _("Members of the {index} with the most of their shares short").format(index=NAMES[found.asked.index])
    return Table("members_top", title, _member_columns(), _member_rows(found)[:TOP])


def _everyone(found: Findings) -> Table:
    return Table("members", _("All members measured"), _member_columns(), _member_rows(found), place="csv")


def _stored(found: Findings) -> Table:
    columns = (
        Column("settlement", _("Settlement"), "date"),
        Column("published", _("Published"), "date"),
        Column("weighted_share_of_cap", _("Weighted, of market cap"), "fraction"),
        Column("median_share_of_shares", _("Median, of shares"), "fraction"),
        Column("members", _("Members measured"), "count"),
    )
    rows = tuple(
        (one.settlement, one.published, known(one.weighted), known(one.median), one.members) for one in found.history
    )
    return Table("history", _("Stored settlement dates, on today's member list"), columns, rows)


def over_time(own: Position) -> Table:
    """Return the stored positions of one symbol, oldest first."""
    columns = (Column("settlement", _("Settlement"), "date"), Column("short_shares", _("Shares short"), "count"))
    days = [stamp.date() for stamp in pd.DatetimeIndex(own.history.index)]
    rows = tuple(zip(days, own.history.tolist(), strict=True))
    return Table("history", _("Stored settlement dates"), columns, rows)


def positions_table(positions: list[Position], dataset: Dataset) -> Table:
    """Return one row a symbol with every denominator; on the card where there are several."""
    columns = (
        Column("symbol", _("Symbol")),
        Column("name", _("Name")),
        Column("short_shares", _("Shares short"), "count"),
        Column("share_of_shares", _("Of shares"), "fraction"),
        Column("share_of_float", _("Of float"), "fraction"),
        Column("s3_share", _("Of float plus shorts"), "fraction"),
        Column("days_to_cover", _("Days to cover"), "days", digits=1),
        Column("change", _("Change"), "fraction", signed=True),
    )
    rows = []
    for own in positions:
        numbers = (own.short, own.of_shares, own.of_float, own.s3, own.days_to_cover, own.change)
        rows.append((own.symbol, dataset.name(own.symbol), *(known(value) for value in numbers)))
    place: Literal["card", "page"] = "card" if len(rows) > 1 else "page"
    return Table("symbols", _("By every denominator"), columns, tuple(rows), place=place)
