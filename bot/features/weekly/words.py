"""What a weekly summary says."""

import itertools
from collections.abc import Sequence

from bot import i18n
from bot.features.sides import Returns, rounding
from bot.features.thesis import words as thesis_words
from bot.features.weekly.findings import Findings
from bot.features.weekly.request import WeeklyRequest
from bot.features.when.report import Entry
from bot.i18n import gettext as _

FLAT = 0.005  # a week within half a percent is called flat
YOUNG = 5  # sessions: until then a year is named with its age
TOLD = 5  # alerts told again; the others are counted


def headline(found: Findings) -> str:
    """Return the week and the year so far in one sentence, true up, down, flat and level."""
    return _("{week}; {year}.").format(week=_week(found), year=_year(found))


def _week(found: Findings) -> str:
    week = found.week
    large = i18n.percent(week.large, signed=True)
    if abs(week.small) < FLAT:
        words = (_("A flat week for small caps (large {large})") if found.whole_week
                 else _("Seven flat days for small caps (large {large})"))  # fmt: skip
    elif week.small > 0:
        words = (_("Small caps rose {small} on the week (large {large})") if found.whole_week
                 else _("Small caps rose {small} in seven days (large {large})"))  # fmt: skip
    else:
        words = (_("Small caps fell {small} on the week (large {large})") if found.whole_week
                 else _("Small caps fell {small} in seven days (large {large})"))  # fmt: skip
    return words.format(small=i18n.percent(abs(week.small)), large=large)


def _year(found: Findings) -> str:
    year = found.year.end.year
    where = _standing(found.year)
    if not found.year.whole_year:
        return _("since {day} they are {where}").format(day=i18n.day(found.year.start), where=where)
    if found.year_ends:
        return _("they end the year {where}").format(where=where)
    if (n := found.year.sessions) <= YOUNG:
        words = i18n.ngettext(
            "one session into {year} they are {where}", "{n} sessions into {year} they are {where}", n
        )
        return words.format(n=n, year=year, where=where)
    against = found.week.ahead * found.year.ahead < 0
    return (_("they are still {where} this year") if against else _("they are {where} this year")).format(where=where)


def _standing(year: Returns) -> str:
    if not year.ahead:
        return _("level with large caps")
    gap = i18n.number(abs(year.spread) * 100, 1)
    return (_("{gap} points ahead") if year.ahead > 0 else _("{gap} points behind")).format(gap=gap)


def year_so_far(found: Findings) -> str:
    """Name the span of the year's figures: the year, or the day since which both sides have traded."""
    return _("this year") if found.year.whole_year else _("since {day}").format(day=i18n.day(found.year.start))


def notes(found: Findings, request: WeeklyRequest) -> tuple[str, ...]:
    """Return what changed, what was published, what alerts said and what comes next, a line each."""
    lines = [
        _("Week from the close of {start} to {end}, total return; the year from {first}.").format(
            start=i18n.day(found.week.start), end=i18n.day(found.week.end), first=i18n.day(found.year.start)
        ),
        _changed(found, told_before=request.since is not None),
    ]
    if found.shorts is not None:
        lines.append(shorts(found))
        if found.shorts.change is None:
            lines.append(_("The positions of the settlement date before are not stored: no change is given."))
    lines += rounding((found.week, found.year))
    return (*lines, *_alerts(request.fired), _ahead(found))


def _changed(found: Findings, *, told_before: bool) -> str:
    since = (_("since the last summary here ({day})") if told_before else _("since {day}")).format(
        day=i18n.day(found.since)
    )
    if not found.changed:
        return _("No verdict of the scoreboard changed {since}.").format(since=since)
    told = [
        _("“{claim}” from {before} to {now}").format(
            claim=thesis_words.names()[c.claim],
            before=thesis_words.verdict(c.before),
            now=thesis_words.verdict(c.now),
        )
        for c in found.changed
    ]
    return _("Changed {since}: {changes}.").format(since=since, changes=i18n.all_of(told))


def _alerts(fired: Sequence[str]) -> list[str]:
    """Return the newest of what alerts said, and how many there were besides."""
    lines = [_("Alert: {text}").format(text=i18n.plain(text, 160)) for text in fired[-TOLD:]]
    more = len(fired) - len(lines)
    if more:
        lines.append(i18n.ngettext("{n} more alert fired.", "{n} more alerts fired.", more).format(n=more))
    return lines


def shorts(found: Findings) -> str:
    """Return the new short interest as a sentence."""
    assert found.shorts is not None
    day, share = i18n.day(found.shorts.settlement), i18n.percent(found.shorts.weighted)
    if found.shorts.change is None:
        return _("New short interest of {day}: {share} of the Russell 2000's market cap is sold short.").format(
            day=day, share=share
        )
    return _("New short interest of {day}: {share} of the Russell 2000's market cap is sold short ({change}).").format(
        day=day, share=share, change=i18n.points(found.shorts.change, 2)
    )


def _ahead(found: Findings) -> str:
    if not found.ahead:
        return _("Nothing is on the calendar for the week ahead.")
    days = itertools.groupby(found.ahead, key=lambda entry: entry.day)
    told = [
        _("{day}: {what}").format(day=i18n.near_day(day), what=" · ".join(_event(entry) for entry in entries))
        for day, entries in days
    ]
    return _("Ahead: {events}.").format(events="; ".join(told))


def _event(entry: Entry) -> str:
    return _("No session ({holiday})").format(holiday=entry.words) if entry.kind == "holiday" else entry.words


def alternative(found: Findings) -> str:
    """Return the picture in numbers."""
    holding = sum(r.verdict == "supports" for r in found.readings)
    return _(
        "Above: small caps {small} and large caps {large} in the week to {day}, {ysmall} and {ylarge} {when}. "
        "Below: the scoreboard, {n} of {all} measured claims hold."
    ).format(
        small=i18n.percent(found.week.small, signed=True),
        large=i18n.percent(found.week.large, signed=True),
        day=i18n.day(found.week.end),
        ysmall=i18n.percent(found.year.small, signed=True),
        ylarge=i18n.percent(found.year.large, signed=True),
        when=year_so_far(found),
        n=holding,
        all=sum(r.verdict is not None for r in found.readings),
    )
