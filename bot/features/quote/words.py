"""What is said in a quote: a headline true for every outcome, notes, alternative text."""

import math
from datetime import date

import pandas as pd

from bot import i18n
from bot.analytics.size import Tier, cap_tier
from bot.features.indices import NAMES
from bot.features.quote.findings import Change, Findings
from bot.i18n import gettext as _
from bot.windows import Window

_LEVEL = 0.0005
AVERAGES = (50, 200)  # sessions


def tier_name(tier: Tier) -> str:
    """Name a size."""
    return {
        "mega": _("mega cap"), "large": _("large cap"), "mid": _("mid cap"), "small": _("small cap"),
        "micro": _("micro cap"),
    }[tier]  # fmt: skip


def tier(found: Findings) -> Tier | None:
    """Return the size of a company; None for funds and where no cap is known."""
    return None if found.is_fund or math.isnan(found.cap) else cap_tier(found.cap)


def level(found: Findings, value: float) -> str:
    """Format a price; index levels and adjusted values are no dollars anybody paid."""
    if found.series is not None and found.series.basis != "price":
        return i18n.number(value, 2)
    return i18n.money(value)


def headline(found: Findings) -> str:
    """Say the latest price and how far it is from its high."""
    series = found.series
    if series is None or series.basis == "adjusted":
        return _from_files(found)
    close = level(found, float(series.levels.iloc[-1]))
    named = {"symbol": found.symbol, "close": close, "high": level(found, found.high), "day": _high_day(found)}
    if abs(found.fall) < _LEVEL:
        return (
            _("{symbol} closed at {close}, its highest close on record.").format(**named)
            if found.fall == 0
            else _("{symbol} closed at {close}, just below its record of {high} ({day}).").format(**named)
        )
    said = _("{symbol} closed at {close}, {fall} below its record of {high} ({day}).")
    return said.format(fall=i18n.percent(-found.fall), **named)


def _high_day(found: Findings) -> str:
    return i18n.day(found.high_day) if found.high_day else i18n.DASH


def _from_files(found: Findings) -> str:
    """Word the headline of a symbol without stored closes."""
    if found.listed is None:
        change = found.changes.get("ytd")
        if change is None or change.start is None:
            return _("{symbol}: no price level is stored, only returns.").format(symbol=found.symbol)
        size = _("unchanged") if abs(change.value) < _LEVEL else i18n.percent(change.value, signed=True)
        return _("{symbol}: {change} since {day}; only dividend-adjusted prices are stored.").format(
            symbol=found.symbol, change=size, day=i18n.day(change.start)
        )
    opening = _("{symbol}: {price} on {day}").format(
        symbol=found.symbol, price=i18n.money(found.listed.price), day=i18n.day(found.listed.day)
    )
    return opening + _below_high(found, found.listed.day) + _size(found) + "."


def _below_high(found: Findings, priced: date) -> str:
    """Say how far below its high the price was, on the day of that file: it may be an older one than the price's."""
    if found.range is None or math.isnan(found.range.from_high):
        return ""
    named = {"fall": i18n.percent(-found.range.from_high), "day": i18n.day(found.range.day)}
    at_high, same_day = found.range.from_high >= -_LEVEL, found.range.day == priced
    if same_day:
        said = _(", at its 52-week high") if at_high else _(", {fall} below its 52-week high")
    else:
        said = _("; on {day}, at its 52-week high") if at_high else _("; on {day}, {fall} below its 52-week high")
    return said.format(**named)


def _size(found: Findings) -> str:
    size = tier(found)
    names = i18n.all_of([NAMES[one.index] for one in found.held if one.index != "MAG7"])
    if size is None:
        return _("; in the {indices}").format(indices=names) if names else ""
    if not names:
        return _("; a {size}").format(size=tier_name(size))
    return _("; a {size} in the {indices}").format(size=tier_name(size), indices=names)


def size_shown(found: Findings) -> str | None:
    """Say the size with the cap it rests on."""
    size = tier(found)
    if size is None:
        return None
    return _("{size}, {cap}").format(size=tier_name(size), cap=i18n.money(found.cap))


def notes(found: Findings) -> tuple[str, ...]:
    """Return what the figures rest on, and what is not stored."""
    return (*_price_notes(found), *_other_notes(found))


def _price_notes(found: Findings) -> list[str]:
    series = found.series
    if series is None:
        said = [
            _("No price history of {symbol} is stored: no picture, no record, no averages, no one-day change.").format(
                symbol=found.symbol
            )
        ]
        ends = [change.end for change in found.changes.values() if change is not None]
        if ends:
            said.append(
                _("Changes are price returns to {day}, from the market snapshot.").format(day=i18n.day(ends[0]))
            )
        return said
    if series.basis == "adjusted":
        return [_adjusted(found)]
    young = [i18n.number(n) for n in AVERAGES if len(series.levels) < n]
    said = [
        _("An index or a rate: changes are those of its level, without dividends.")
        if series.basis == "level"
        else _("Changes are total returns, dividends reinvested; closes and the record are without dividends.")
    ]
    if young:
        said.append(_("Too few sessions for a mean of {n} sessions.").format(n=i18n.one_of(young)))
    return said


def _adjusted(found: Findings) -> str:
    said = _(
        "Only dividend-adjusted prices of {symbol} are stored: changes are total returns, the fall is from the highest "
        "adjusted value; there is no record close and no average."
    )
    if found.listed is None:
        said += " " + _("No file gives its price.")
    else:
        said += " " + _("The price is from a file of its own day.")
    return said.format(symbol=found.symbol)


def _other_notes(found: Findings) -> list[str]:
    said = []
    held = [one for one in found.held if one.index != "MAG7"]
    if held:
        lists = i18n.all_of([_("{fund} ({day})").format(fund=one.fund, day=i18n.day(one.day)) for one in held])
        said.append(_("Member lists: {lists}.").format(lists=lists))
    elif found.is_fund:
        said.append(_("{symbol} is not a company: it has no market cap and no size, and belongs to no index.").format(
            symbol=found.symbol))  # fmt: skip
    elif not found.held:
        said.append(_("In none of the stored member lists."))
    if not found.is_fund and math.isnan(found.cap):
        said.append(_("Market cap of {symbol}: not stored within 90 days, so no size.").format(symbol=found.symbol))
    if found.range is None or math.isnan(found.range.from_high):
        said.append(_("No 52-week range of {symbol} is stored on this day.").format(symbol=found.symbol))
    missing = [Window(text).words() for text, value in found.changes.items() if value is None]
    if missing:
        said.append(_("Changes not stored: {windows}.").format(windows=i18n.all_of(missing)))
    return said + _short_notes(found)


def _short_notes(found: Findings) -> list[str]:
    """Say what is missing of short interest."""
    if found.short is None:
        if found.series is not None and found.series.basis == "level":
            return [_("Nobody can sell {symbol} itself short: it has no short interest.").format(symbol=found.symbol)]
        return [_("Short interest of {symbol}: not stored on this day.").format(symbol=found.symbol)]
    said = []
    if math.isnan(found.short.of_shares):
        said.append(_("Shares outstanding of {symbol} are not stored: no share of them is given.").format(
            symbol=found.symbol))  # fmt: skip
    if math.isnan(found.short.days_to_cover):
        said.append(_("No days to cover: volume is not stored, or there was none."))
    return said


def alternative(found: Findings, window: str, start: str) -> str:
    """Say in numbers what the picture shows."""
    assert found.series is not None
    values = found.series.levels.loc[start:]
    named = {
        "symbol": found.symbol,
        "window": Window(window).words(),
        "first": level(found, float(values.iloc[0])),
        "start": i18n.day(pd.DatetimeIndex(values.index)[0].date()),
        "last": level(found, float(values.iloc[-1])),
        "end": i18n.day(found.series.day),
    }
    if found.series.basis == "adjusted":
        said = _("{symbol}, dividend-adjusted, {window}: from {first} on {start} to {last} on {end}.")
        return said.format(**named)
    said = _("{symbol}, {window}: from {first} on {start} to {last} on {end}; the record is {high} on {day}.")
    return said.format(high=level(found, found.high), day=_high_day(found), **named)


def change_working(change: Change | None) -> str | None:
    """Say between which closes a change lies; None where it is not known."""
    if change is None:
        return None
    if change.start is None:
        return _("as the snapshot of {day} gives it").format(day=i18n.day(change.end))
    return _("from the close of {start} to the close of {end}").format(
        start=i18n.day(change.start), end=i18n.day(change.end)
    )


def fall_working(found: Findings) -> str | None:
    """Write out the fall from the highest close; None without a series."""
    if found.series is None:
        return None
    return _("{last} / {high} − 1 ({day})").format(
        last=level(found, float(found.series.levels.iloc[-1])), high=level(found, found.high), day=_high_day(found)
    )


def year_high_working(found: Findings) -> str | None:
    """Write out the distance from the 52-week high; None without one."""
    if found.range is None:
        return None
    return _("{price} / {high} − 1, both of {day}").format(
        price=i18n.money(found.range.price), high=i18n.money(found.range.high), day=i18n.day(found.range.day)
    )
