"""What a weekly summary says."""

from bot import i18n
from bot.features.thesis import words as thesis_words
from bot.features.weekly.findings import Findings
from bot.i18n import gettext as _

FLAT = 0.005  # a week within half a percent is called flat
TIE = 0.0005


def headline(found: Findings) -> str:
    """Return the week and the year so far in one sentence, true up, down, flat and level."""
    return _("{week}; {year}.").format(week=_week(found), year=_year(found))


def _week(found: Findings) -> str:
    large = i18n.percent(found.week.large, signed=True)
    if abs(found.week.small) < FLAT:
        return _("A flat week for small caps (large {large})").format(large=large)
    small = i18n.percent(found.week.small, signed=True)
    if found.week.small > 0:
        return _("Small caps rose {small} this week (large {large})").format(small=small, large=large)
    return _("Small caps fell this week: {small} (large {large})").format(small=small, large=large)


def _year(found: Findings) -> str:
    spread = found.year.spread
    gap = i18n.number(abs(spread) * 100, 1)
    if abs(spread) < TIE:
        return _("they are level with large caps this year")
    agree = (spread > 0) == (found.week.spread > 0)
    if spread > 0:
        return (_("they are {gap} points ahead this year") if agree
                else _("they are still {gap} points ahead this year")).format(gap=gap)  # fmt: skip
    return (_("they are {gap} points behind this year") if agree
            else _("they are still {gap} points behind this year")).format(gap=gap)  # fmt: skip


def notes(found: Findings, fired: tuple[str, ...]) -> tuple[str, ...]:
    """Return what changed, what was published, what alerts said and what comes next, a line each."""
    lines = [
        _("Week from the close of {start} to {end}, total return; the year from {first}.").format(
            start=i18n.day(found.week.start), end=i18n.day(found.week.end), first=i18n.day(found.year.start)
        ),
        _changed(found),
    ]
    if found.shorts is not None:
        lines.append(shorts(found))
    lines += [_("Alert: {text}").format(text=i18n.plain(text, 160)) for text in fired]
    return (*lines, _ahead(found))


def _changed(found: Findings) -> str:
    day = i18n.day(found.since)
    if not found.changed:
        return _("No verdict of the scoreboard changed since {day}.").format(day=day)
    told = [
        _("{claim} from {before} to {now}").format(
            claim=thesis_words.names()[c.claim].lower(),
            before=thesis_words.verdict(c.before),
            now=thesis_words.verdict(c.now),
        )
        for c in found.changed
    ]
    return _("Changed since {day}: {changes}.").format(day=day, changes=i18n.all_of(told))


def shorts(found: Findings) -> str:
    """Return the new short interest as a sentence."""
    assert found.shorts is not None
    day, share = i18n.day(found.shorts.settlement), i18n.percent(found.shorts.weighted)
    if found.shorts.change is None:
        return _("New short interest of {day}: {share} of the Russell 2000's market cap.").format(day=day, share=share)
    return _("New short interest of {day}: {share} of the Russell 2000's market cap ({change}).").format(
        day=day, share=share, change=i18n.points(found.shorts.change, 2)
    )


def _ahead(found: Findings) -> str:
    if not found.ahead:
        return _("Nothing is on the calendar for the week ahead.")
    told = [_("{day}: {what}").format(day=i18n.day(e.day), what=e.words) for e in found.ahead]
    return _("Ahead: {events}.").format(events="; ".join(told))


def alternative(found: Findings) -> str:
    """Return the picture in numbers."""
    holding = sum(r.verdict == "supports" for r in found.readings)
    return _(
        "Above: small caps {small} and large caps {large} in the week to {day}, {ysmall} and {ylarge} this year. "
        "Below: the scoreboard, {n} of {all} measured claims hold."
    ).format(
        small=i18n.percent(found.week.small, signed=True),
        large=i18n.percent(found.week.large, signed=True),
        day=i18n.day(found.week.end),
        ysmall=i18n.percent(found.year.small, signed=True),
        ylarge=i18n.percent(found.year.large, signed=True),
        n=holding,
        all=sum(r.verdict is not None for r in found.readings),
    )
