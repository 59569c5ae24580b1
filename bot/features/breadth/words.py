"""What is said about breadth: a headline true for every outcome, notes, alternative texts."""

import math

from bot import i18n
from bot.features.breadth.findings import Findings, Participated, Relative, Side
from bot.features.indices import absent
from bot.features.sides import shares
from bot.i18n import gettext as _
from bot.market import universe
from bot.windows import Window

_LEVEL = 0.0005  # a spread that is shown as 0.0 points


def headline(found: Findings, window: str) -> str:
    """Say how many take part on each side, and whether the many or the few led over the window."""
    led = _equal_clause(found.equal, window)
    if found.participated is None or math.isnan(found.participated.small.participation.above_200):
        if found.seven is None:
            return _("{sentence}.").format(sentence=_opening(led))
        seven = _seven_clause(found.seven) + since_later(found.seven, found)
        return _("{equal}; {seven}.").format(equal=_opening(led), seven=seven)
    small, large = (s.participation.above_200 for s in (found.participated.small, found.participated.large))
    if math.isnan(large):
        said = _("{small} of small caps are above their 200-session average; {equal}.")
        return said.format(small=i18n.percent(small, 0), equal=led)
    said = _("{small} of small caps are above their 200-session average, {large} of large; {equal}.")
    return said.format(small=i18n.percent(small, 0), large=i18n.percent(large, 0), equal=led)


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _equal_clause(equal: Relative, window: str) -> str:
    named = {"size": _size(equal.spread), "window": Window(window).words()}
    if abs(equal.spread) < _LEVEL:
        return _("equal weight and cap weight are level ({window})").format(**named)
    if equal.spread > 0:
        return _("equal weight is {size} points ahead of cap weight ({window})").format(**named)
    return _("equal weight is {size} points behind cap weight ({window})").format(**named)


def _seven_clause(seven: Relative) -> str:
    named = {"size": _size(seven.spread), "small": seven.one, "seven": seven.other}
    if abs(seven.spread) < _LEVEL:
        return _("{small} and {seven} are level").format(**named)
    if seven.spread > 0:
        return _("{small} is {size} points ahead of {seven}").format(**named)
    return _("{small} is {size} points behind {seven}").format(**named)


def since_later(one: Relative, found: Findings) -> str:
    """Say since when a comparison runs that begins later than the window does; nothing for any other."""
    return "" if one.start <= found.start else _(" since {day}").format(day=i18n.day(one.start))


def _size(spread: float) -> str:
    return i18n.number(abs(spread) * 100, 1)


def coverage(side: Side) -> str:
    """Say how many members were measured and what weight they carry."""
    covered = side.participation.coverage
    return _("{matched} of {members}, {weight} of weight").format(
        matched=i18n.number(covered.matched),
        members=i18n.number(covered.members),
        weight=i18n.DASH if math.isnan(covered.weight) else i18n.percent(covered.weight, 0),
    )


def notes(found: Findings, window: str) -> tuple[str, ...]:
    """Return what keeps the figures from being misread, and what is not stored."""
    said = [_window_note(found, window), _seven_note(found)]
    if found.participated is None:
        assert found.missing is not None
        said.append(_("No shares of members: {reason}").format(reason=absent(found.missing)))
        return tuple(said)
    return (*said, *_participation_notes(found.participated))


def _window_note(found: Findings, window: str) -> str:
    return _("{window}: total returns from {start} to {end}.").format(
        window=_opening(Window(window).words()), start=i18n.day(found.start), end=i18n.day(found.end)
    )


def _seven_note(found: Findings) -> str:
    if found.seven is None:
        return _("No comparison with the seven mega caps: {symbol} has no prices for the whole window.").format(
            symbol=found.too_young
        )
    said = _("{seven} stands for the seven mega caps in equal parts.").format(seven=found.seven.other)
    if found.seven.start <= found.start:
        return said
    return said + " " + _("Its line begins on {day}.").format(day=i18n.day(found.seven.start))


def _participation_notes(found: Participated) -> list[str]:
    said = [
        _(
            "Members' prices, averages and 52-week highs are those of the snapshot of {day}. At a high means at or "
            "above the highest price of 52 weeks, intraday highs included."
        ).format(day=i18n.day(found.day)),
        _("Profitable: a net margin above zero in the last fiscal year; median six-month price returns, no dividends."),
    ]
    if any(math.isnan(value) for side in (found.small, found.large) for value in side.figures):
        said.append(_("Where no member of a side has the figures that a share is made from, none is given."))
    epochs = universe.words(found.pair)
    return [*said, epochs] if epochs else said


def lines_words(found: Findings) -> str:
    """Say in numbers what the lines show."""
    said = [
        _("{one} over {other}{since} ends at {level} ({spread})").format(
            since=since_later(one, found),
            one=one.one,
            other=one.other,
            level=i18n.number(float(one.line.iloc[-1]), 1),
            spread=i18n.points(one.spread),
        )
        for one in found.relatives
    ]
    return _("Relative total returns set to 100 on {start}, to {end}. {lines}.").format(
        start=i18n.day(found.start), end=i18n.day(found.end), lines="; ".join(said)
    )


def shares_words(found: Participated) -> str:
    """Say in numbers what the bars show."""
    small, large = found.small.participation, found.large.participation
    return _(
        "Shares of members on {day}, small (large). Above the 50-session average: {above_50}; above the 200-session "
        "average: {above_200}; within 2% of the 52-week high: {near}."
    ).format(
        day=i18n.day(found.day),
        above_50=shares(small.above_50, large.above_50),
        above_200=shares(small.above_200, large.above_200),
        near=shares(small.near_high, large.near_high),
    )


def share_working(share: float, of: int) -> str | None:
    """Write out a share of members as counts; None without members."""
    if math.isnan(share):
        return None
    return _("members that have both figures: {count} of {of}").format(
        count=i18n.number(round(share * of)), of=i18n.number(of)
    )
