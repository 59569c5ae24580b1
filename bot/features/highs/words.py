"""What is said about records: headline, notes, alternative text. True for every outcome."""

from datetime import date

import pandas as pd

from bot import i18n
from bot.features.highs.findings import JUST_BELOW, Findings
from bot.i18n import gettext as _
from bot.i18n import ngettext

LONG_GAP_DAYS = 90  # a gap worth the headline
LISTED = 20
CSV_SESSIONS = 1261  # five years and a day


def level_shown(found: Findings, value: float) -> str:
    """Write a close as the market does: two decimals, in dollars for a fund."""
    shown = i18n.number(value, 2)
    return shown if found.is_level else _("${price}").format(price=shown)


def headline(found: Findings) -> str:
    """Say how the last close stands to the record."""
    record = i18n.number(found.record.close, 2)
    if found.is_record:
        return _at_record(found, record)
    if found.drawdown == 0:
        sentence = _("{fund} closed level with its record of {record} ({day}).")
    elif found.drawdown > -JUST_BELOW:
        sentence = _("{fund} closed less than 0.1% below its record of {record} ({day}).")
    else:
        sentence = _("{fund} closed {percent} below its record of {record} ({day}).")
    return sentence.format(
        fund=found.symbol, percent=i18n.percent(-found.drawdown), record=record, day=i18n.day(found.record.day)
    )


def _at_record(found: Findings, record: str) -> str:
    gap = found.record.gap_days
    if gap is None:
        sentence = _("{fund} closed at {record} on {day}, the first close that is stored.")
    elif gap >= LONG_GAP_DAYS:
        sentence = ngettext(
            "{fund} closed at a record {record} on {day}, the first in {gap} day.",
            "{fund} closed at a record {record} on {day}, the first in {gap} days.",
            gap,
        )
    else:
        sentence = ngettext(
            "{fund} closed at a record {record} on {day}, its first of {year}.",
            "{fund} closed at a record {record} on {day}, number {count} of {year}.",
            found.this_year,
        )
    return sentence.format(
        fund=found.symbol,
        record=record,
        day=i18n.day(found.day),
        gap=i18n.number(gap or 0),
        count=found.this_year,
        year=found.day.year,
    )


def record_shown(found: Findings) -> str:
    """Write the record with its day."""
    return _("{record} on {day}").format(record=level_shown(found, found.record.close), day=i18n.day(found.record.day))


def counts_shown(found: Findings) -> str:
    """Write the records of this year and, where there was one, of the last."""
    if found.last_year is None:
        return _("{now} in {year}").format(now=found.this_year, year=found.day.year)
    return _("{now} in {year}, {before} in {last_year}").format(
        now=found.this_year, before=found.last_year, year=found.day.year, last_year=found.day.year - 1
    )


def notes(found: Findings, *, stale: bool) -> tuple[str, ...]:
    """Return what keeps the figures from being misread."""
    compared = _("Closing, not intraday, and without dividends: compared are all closes since {first}.")
    said = [compared.format(first=i18n.day(found.first))]
    if found.is_level:
        said.append(_("This is the index itself: a fund that follows it sets its records on other days."))
    elif found.symbol == "IWM":
        said.append(_("The record of the Russell 2000 itself is another one: ask for RUT."))
    if found.last_year is None:
        text = _("Records of {year} are not known: no close of that year is stored.")
        said.append(text.format(year=found.day.year - 1))
    if stale:
        said.append(_("Later closes are not stored: the figures end on {day}.").format(day=i18n.day(found.day)))
    return tuple(said)


def title(found: Findings) -> str:
    """Say in short how the last close stands to the record: the picture's title."""
    gap = found.record.gap_days
    if not found.is_record:
        if found.drawdown > -JUST_BELOW:
            return _("{fund} level with its record").format(fund=found.symbol)
        below = i18n.percent(-found.drawdown)
        return _("{fund} {percent} below its record close").format(fund=found.symbol, percent=below)
    if gap is not None and gap >= LONG_GAP_DAYS:
        sentence = ngettext(
            "{fund} at a record, the first in {n} day", "{fund} at a record, the first in {n} days", gap
        )
        return sentence.format(fund=found.symbol, n=i18n.number(gap))
    return _("{fund} at a record close").format(fund=found.symbol)


def alternative(found: Findings, first_shown: date, records_shown: int) -> str:
    """Say in numbers what the chart shows: from which day on, and how many records are marked."""
    shown = found.underwater.loc[pd.Timestamp(first_shown) :]
    deepest = pd.Timestamp(shown.index[int(shown.to_numpy().argmin())]).date()
    upper = ngettext(
        "Closes of {fund} since {first} with {n} record close marked: the last close is {close}, the record {record}.",
        "Closes of {fund} since {first} with {n} record closes marked: the last close is {close}, the record {record}.",
        records_shown,
    ).format(
        fund=found.symbol,
        first=i18n.day(first_shown),
        n=records_shown,
        close=level_shown(found, found.close),
        record=record_shown(found),
    )
    lower = _("Below, the distance from the record at the time: {now} now, at worst {worst} on {day}.").format(
        now=i18n.percent(found.drawdown), worst=i18n.percent(float(shown.min())), day=i18n.day(deepest)
    )
    return upper + " " + lower
