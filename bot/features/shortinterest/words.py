"""What is said about short interest: headlines true for every outcome, notes, alternative texts."""

import math
from datetime import date

from bot import i18n
from bot.features.indices import NAMES
from bot.features.shortinterest.findings import Findings, IndexFound
from bot.features.shortinterest.positions import Position
from bot.i18n import gettext as _
from bot.i18n import ngettext

LITTLE = 0.001  # a tenth of a point of market cap: no news for an index
_CLOSE = 0.05  # two shares that differ by less than a twentieth are about equal


def index_headline(found: Findings) -> str:
    """Say how much of the members' market cap is short, how that compares, and whether it moved."""
    share = found.asked.short.of_cap
    opening = _("{share} of the market cap of {fund}'s members is sold short").format(
        share=i18n.percent(share), fund=found.asked.members.fund
    )
    return opening + _comparison(found) + _movement(found) + "."


def _comparison(found: Findings) -> str:
    if found.other is None or not found.other.short.of_cap > 0:
        return ""
    times = found.asked.short.of_cap / found.other.short.of_cap
    named = {"index": NAMES[found.other.index], "share": i18n.percent(found.other.short.of_cap)}
    if times >= 2:
        whole = math.floor(times)
        said = ngettext(", over {n} times the {index}'s {share}", ", over {n} times the {index}'s {share}", whole)
        return said.format(n=i18n.number(whole), **named)
    if times > 1 + _CLOSE:
        return _(", more than the {index}'s {share}").format(**named)
    if times < 1 - _CLOSE:
        return _(", less than the {index}'s {share}").format(**named)
    return _(", about as much as the {index}'s {share}").format(**named)


def _movement(found: Findings) -> str:
    moved = found.asked.change.difference
    if math.isnan(moved) or found.previous is None:
        return ""
    since = i18n.day(found.previous)
    if abs(moved) < LITTLE:
        return _("; little changed since {day}").format(day=since)
    said = _("; up {points} points since {day}") if moved > 0 else _("; down {points} points since {day}")
    return said.format(points=i18n.number(abs(moved) * 100, 1), day=since)


def symbol_headline(own: Position, previous: date | None) -> str:
    """Say how many shares are short, how long covering would take, and how that moved."""
    parts = [_("{symbol}: {shares} shares short").format(symbol=own.symbol, shares=i18n.compact(own.short))]
    if not math.isnan(own.days_to_cover):
        parts.append(_("{days} days to cover").format(days=i18n.number(own.days_to_cover, 1)))
    parts.append(_moved(own, previous))
    return ", ".join(part for part in parts if part) + "."


def _moved(own: Position, previous: date | None) -> str:
    if math.isnan(own.change) or previous is None:
        return ""
    size, since = i18n.percent(abs(own.change)), i18n.day(previous)
    if abs(own.change) < 0.0005:
        return _("unchanged since {day}").format(day=since)
    said = _("{size} more than on {day}") if own.change > 0 else _("{size} fewer than on {day}")
    return said.format(size=size, day=since)


def several_headline(positions: list[Position]) -> str:
    """Say which of several symbols would take longest to cover, and which the shortest."""
    timed = sorted((own for own in positions if not math.isnan(own.days_to_cover)), key=lambda own: own.days_to_cover)
    if not timed:
        names = i18n.all_of([own.symbol for own in positions])
        return _("Days to cover are not known for {symbols}.").format(symbols=names)
    least, most = timed[0], timed[-1]
    if len(timed) == 1:
        return _("{symbol}: {days} days to cover; not known for {others}.").format(
            symbol=most.symbol,
            days=i18n.number(most.days_to_cover, 1),
            others=i18n.all_of([own.symbol for own in positions if own is not most]),
        )
    if most.days_to_cover - least.days_to_cover < 0.05:
        said = _("{symbols}: {days} days to cover each.")
        return said.format(symbols=i18n.all_of([own.symbol for own in timed]), days=i18n.number(most.days_to_cover, 1))
    return _("{most}: {days} days to cover, the longest of {n}; {least}: {least_days}, the shortest.").format(
        most=most.symbol,
        days=i18n.number(most.days_to_cover, 1),
        n=i18n.number(len(timed)),
        least=least.symbol,
        least_days=i18n.number(least.days_to_cover, 1),
    )


def settled(settlement: date, published: date) -> str:
    """Name both dates."""
    return _("{settlement}, published {published}").format(
        settlement=i18n.day(settlement), published=i18n.short_day(published)
    )


def coverage(one: IndexFound) -> str:
    """Say how many members were measured and what weight they carry."""
    covered = one.short.coverage
    return _("{matched} of {members}, {weight} of weight").format(
        matched=i18n.number(covered.matched),
        members=i18n.number(covered.members),
        weight=i18n.percent(covered.weight, 0) if not math.isnan(covered.weight) else i18n.DASH,
    )


def share_working(own: Position) -> str | None:
    """Write out short over shares outstanding; None where the shares are not known."""
    counted = own.outstanding
    if counted.day is None or math.isnan(own.of_shares):
        return None
    return _("{short} / {shares} shares ({day}) = {share}").format(
        short=i18n.number(own.short),
        shares=i18n.compact(counted.shares),
        day=i18n.day(counted.day),
        share=i18n.percent(own.of_shares, 2),
    )


def float_working(own: Position) -> str | None:
    """Write out short over float; None where the float is not known."""
    if own.floating.day is None:
        return None
    return _("{short} / {shares} shares of float ({day}) = {share}").format(
        short=i18n.number(own.short),
        shares=i18n.compact(own.floating.shares),
        day=i18n.day(own.floating.day),
        share=i18n.percent(own.of_float, 2),
    )


def both_shares(own: Position) -> str | None:
    """Give the share of float and the share of all shares in one figure; None where neither is known."""
    of_float, of_shares = own.of_float, own.of_shares
    if math.isnan(of_float) and math.isnan(of_shares):
        return None
    if math.isnan(of_float):
        return _("float not stored, {share} of shares").format(share=i18n.percent(of_shares))
    if math.isnan(of_shares):
        return _("{share} of float").format(share=i18n.percent(of_float))
    return _("{float} of float, {shares} of shares").format(
        float=i18n.percent(of_float), shares=i18n.percent(of_shares)
    )


def rank(own: Position) -> str | None:
    """Say the rank with the number ranked."""
    if own.place is None or own.place.rank is None:
        return None
    return _("{rank} of {of}").format(rank=i18n.number(own.place.rank), of=i18n.number(own.place.of))


def index_notes(found: Findings) -> tuple[str, ...]:
    """Return what keeps the figures of an index from being misread."""
    said = [_denominators(found), _prices(found)]
    if found.between:
        said.append(found.between)
    if found.fund is not None:
        said.append(_own(found.fund))
    if found.other is None:
        said.append(_("No other index with stored members on this day to set beside it."))
    if math.isnan(found.rank):
        count = len(found.history)
        said.append(
            ngettext(
                "{n} settlement date is stored: too few for a percentile.",
                "{n} settlement dates are stored: too few for a percentile.",
                count,
            ).format(n=i18n.number(count))
        )
    if math.isnan(found.asked.change.difference):
        said.append(_("The positions of the settlement date before are not stored: no change is given."))
    measured = found.asked.frame["of_shares"].notna()
    if found.asked.frame["days_to_cover"][measured].isna().any():
        said.append(_("Days to cover are left out where no volume is stored, or there was none."))
    return tuple(said)


def _denominators(found: Findings) -> str:
    return _(
        "Weighted: dollars short over market cap of the same members, each company once. Of float: the members "
        "whose float is stored ({n}). Positions are gross and include hedges."
    ).format(n=i18n.number(found.asked.short.with_float))


def _prices(found: Findings) -> str:
    first, last = found.asked.prices
    listed = found.asked.members
    return _(
        "Settlement {settlement}, published {published}; prices and caps of {days}; members of {day} ({fund})."
    ).format(
        settlement=i18n.day(found.dates.settlement),
        published=i18n.day(found.dates.published),
        days=caps_of(first, last),
        day=i18n.day(listed.date),
        fund=listed.fund,
    )


def caps_of(first: date, last: date) -> str:
    """Name the day of the caps used, or the first and last of several."""
    if first == last:
        return i18n.day(first)
    return _("{first} to {last}").format(first=i18n.day(first), last=i18n.day(last))


def _own(fund: Position) -> str:
    if math.isnan(fund.of_shares):
        return _("{fund}'s own short interest is another thing: {shares} of its shares.").format(
            fund=fund.symbol, shares=i18n.compact(fund.short)
        )
    return _(
        "{fund}'s own short interest is another thing: {shares} shares, about {share} of its shares "
        "(estimated from its net assets of {day})."
    ).format(
        fund=fund.symbol,
        shares=i18n.compact(fund.short),
        share=i18n.percent(fund.of_shares, 0),
        day=i18n.day(fund.outstanding.day or fund.settlement),
    )


def symbol_notes(own: Position, missing_index: str | None) -> tuple[str, ...]:
    """Return what keeps a symbol's figures from being misread, and what is not stored for it."""
    said = []
    if missing_index is not None:
        said.append(_("Members of the {index} are not stored: only {symbol}'s own short interest is shown.").format(
            index=NAMES[missing_index], symbol=own.symbol))  # fmt: skip
    elif own.place is None:
        said.append(_("{symbol} is in no stored member list: it has no rank.").format(symbol=own.symbol))
    if own.place is not None and len(own.place.classes) > 1:
        said.append(
            _("{classes} are classes of one company: the shares outstanding and the rank are those of all of them.")
            .format(classes=i18n.all_of(own.place.classes))
        )  # fmt: skip
    gross, *missing = several_notes([own])
    return (gross, *said, *missing)


def several_notes(positions: list[Position]) -> tuple[str, ...]:
    """Return what keeps positions from being misread, and what is not stored for which of them."""
    earlier = [own for own in positions if math.isnan(own.change) and not own.split]
    lacking = (
        (_("The float is not stored for {symbols}."), [own for own in positions if math.isnan(own.of_float)]),
        (_("Shares outstanding are not stored for {symbols}: no share of them, no rank."),
         [own for own in positions if math.isnan(own.of_shares)]),
        (_("No days to cover for {symbols}: volume is not stored, or there was none."),
         [own for own in positions if math.isnan(own.days_to_cover)]),
        (_("Shares of {symbols} were split between the two settlement dates: no change is given."),
         [own for own in positions if own.split]),
        (_("No change is given for {symbols}: no shares short are stored for the settlement date before."), earlier),
    )  # fmt: skip
    return (
        _("Positions are gross and include hedges. Days to cover have a floor of 1 in FINRA's file."),
        *(said.format(symbols=i18n.all_of([own.symbol for own in those])) for said, those in lacking if those),
    )


def distribution_words(found: Findings) -> str:
    """Say in numbers what the distribution shows."""
    short = found.asked.short
    said = _(
        "Members of the {index} by the share of their shares sold short: half lie below {median}, {share} weighted"
    )
    text = said.format(
        index=NAMES[found.asked.index], median=i18n.percent(short.median), share=i18n.percent(short.of_cap)
    )
    if found.other is not None:
        text += _("; the {index}: half below {median}, {share} weighted").format(
            index=NAMES[found.other.index],
            median=i18n.percent(found.other.short.median),
            share=i18n.percent(found.other.short.of_cap),
        )
    return text + "."


def history_words(own: Position) -> str:
    """Say in numbers what the history shows."""
    points = [
        _("{shares} on {day}").format(shares=i18n.compact(value), day=i18n.day(stamp.date()))
        for stamp, value in zip(own.history.index, own.history, strict=True)
    ]
    return _("Shares of {symbol} sold short: {points}.").format(symbol=own.symbol, points=i18n.all_of(points[-6:]))


def comparison_words(positions: list[Position]) -> str:
    """Say in numbers what the comparison shows."""
    known = [own for own in positions if not math.isnan(own.days_to_cover)]
    points = [_("{symbol} {days}").format(symbol=own.symbol, days=i18n.number(own.days_to_cover, 1)) for own in known]
    return _("Days to cover: {points}.").format(points=i18n.all_of(points))
