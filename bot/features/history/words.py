"""What is said about the past: what happened, how often, what followed, against any day. True for every outcome."""

import math
import statistics

from bot import i18n
from bot.analytics.events import APART, FEWEST, Following
from bot.features.history.findings import RELATIVE, Cycle, Findings
from bot.features.history.occasions import ENOUGH_SETTLEMENTS
from bot.features.history.rallies import Rallies
from bot.features.history.request import HistoryRequest
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.windows import Window

_WINDOWS = {21: "1m", 63: "3m", 126: "6m", 252: "12m"}


def horizon(sessions: int) -> str:
    """Name a horizon in months."""
    return Window(_WINDOWS[sessions]).words()


def event_name(request: HistoryRequest, found: Findings) -> str:
    """Name the kind of event, as the beginning of a sentence."""
    pair = found.pair.sides
    rising = request.side == "small"
    names = {
        "record": _("First record close of {small} in {days} days or more"),
        "regime": _("Regime of {leader} confirmed"),
        "mean": _("{small}/{large} rising through its 200-session mean") if rising
        else _("{small}/{large} falling through its 200-session mean"),
        "cut": _("First rate cut after a rise"),
        "spread": _("{leader} ahead of {other} by {points} points in six months"),
        "shorts": _("Short interest of the Russell 2000 in its top tenth"),
        "rallies": _("Most shorted members in rallies of {small} by {points}% in a month"),
        "cycles": _("Spells of leadership of {small} and {large}"),
    }  # fmt: skip
    leader, other = (pair.small, pair.large) if rising else (pair.large, pair.small)
    return names[request.event].format(
        small=pair.small,
        large=pair.large,
        leader=leader,
        other=other,
        days=i18n.number(request.gap_days),
        points=i18n.number(request.points, 0 if request.points == round(request.points) else 1),
    )


def measured(request: HistoryRequest, found: Findings) -> tuple[Following, ...]:
    """Return what the card is about: of events of the pair the relative gain, else the small side's own return."""
    if found.outlook is None:
        return ()
    return found.outlook.against if request.event in RELATIVE else found.outlook.own


def subject(request: HistoryRequest, found: Findings) -> str:
    """Name what is measured."""
    pair = found.pair.sides
    if request.event in RELATIVE:
        return _("{small} against {large}").format(small=pair.small, large=pair.large)
    return pair.small


def headline(request: HistoryRequest, found: Findings) -> str:
    """Say how often it happened and what followed in a year, or why that cannot be said."""
    if request.event == "cycles":
        return _cycles(found)
    name = event_name(request, found)
    if found.rallies is not None:
        return _rallied(request, found, found.rallies)
    if request.event == "shorts" and found.span is None:
        return _("{event}: too few to say, {n} of the {needed} settlement dates that it takes are stored.").format(
            event=name, n=len(found.stored), needed=ENOUGH_SETTLEMENTS
        )
    if found.span is None:
        return _("{event}: the record is too short for that on this day.").format(event=name)
    since = i18n.day(found.span[0].date())
    if not len(found.days):
        return _("{event}: never since {day}.").format(event=name, day=since)
    return _("{event}: {times} since {day}. {after}").format(
        event=name, times=times(len(found.days)), day=since, after=_after(request, found)
    )


def _rallied(request: HistoryRequest, found: Findings, rallies: Rallies) -> str:
    name = event_name(request, found)
    if not rallies.measured:
        text = ngettext(
            "{event}: the one rally lies outside the stored positions and prices of members.",
            "{event}: none of the {n} rallies lies within the stored positions and prices of members.",
            rallies.seen,
        ) if rallies.seen else _("{event}: there was no such rally yet.")  # fmt: skip
        return text.format(event=name, n=i18n.number(rallies.seen))
    shorted, others = rally_medians(rallies)
    text = ngettext(
        "{event}: in the one that can be measured the most shorted tenth gained {shorted}, the others {others}.",
        "{event}: in the median of {n} that can be measured the most shorted tenth gained {shorted}, the others "
        "{others}.",
        len(rallies.measured),
    )
    said = text.format(
        event=name,
        n=len(rallies.measured),
        shorted=i18n.percent(shorted, signed=True),
        others=i18n.percent(others, signed=True),
    )
    return said if len(rallies.measured) >= FEWEST else _("{said} Too few to say more.").format(said=said)


def rally_medians(rallies: Rallies) -> tuple[float, float]:
    """Return the median over measured rallies of what the most shorted gained, and of what the others did."""
    return (
        statistics.median(rally.shorted_return for rally in rallies.measured),
        statistics.median(rally.others_return for rally in rallies.measured),
    )


def times(count: int) -> str:
    """Say how often."""
    if count == 2:
        return _("twice")
    return ngettext("once", "{n} times", count).format(n=count)


def _after(request: HistoryRequest, found: Findings) -> str:
    year = measured(request, found)[-1]
    if year.events < FEWEST or year.median is None or year.base_median is None or year.share_positive is None:
        return _("What followed in a year: too few to say.")
    return _("A year later {subject} was {median} in the median, up in {up} of {n}; from any day, {base}.").format(
        subject=subject(request, found),
        median=i18n.percent(year.median, signed=True),
        up=round(year.share_positive * year.events),
        n=year.events,
        base=i18n.percent(year.base_median, signed=True),
    )


def _cycles(found: Findings) -> str:
    pair = found.pair.sides
    if found.span is None:
        return _("No regime of {small} and {large} could be confirmed yet: it takes 200 common sessions.").format(
            small=pair.small, large=pair.large
        )
    over = [cycle for cycle in found.cycles if cycle.state == "small" and not cycle.open]
    now = found.cycles[-1] if found.cycles and found.cycles[-1].open else None
    present = _present(now, pair.small, pair.large)
    if not over:
        return _("No spell of leadership of {small} has ended yet. {now}").format(small=pair.small, now=present)
    text = ngettext(
        "{small} led {large} once before, for {length} sessions with a relative return of {gain}. {now}",
        "{small} led {large} {times} before: in the median {length} sessions, a relative return of {gain}. {now}",
        len(over),
    )
    return text.format(
        small=pair.small,
        large=pair.large,
        times=times(len(over)),
        length=i18n.number(statistics.median(cycle.sessions for cycle in over)),
        gain=i18n.percent(statistics.median(cycle.gain for cycle in over), signed=True),
        now=present,
    )


def _present(now: Cycle | None, small: str, large: str) -> str:
    if now is None:
        return _("Neither side leads now.")
    return _("Now {leader} has led for {n} sessions: {gain}.").format(
        leader=small if now.state == "small" else large,
        n=i18n.number(now.sessions),
        gain=i18n.percent(now.gain, signed=True),
    )


def shown(one: Following) -> str:
    """Show a horizon on the card: the median beside that of any day; under five events that it is too few."""
    if one.events < FEWEST or one.median is None or one.base_median is None:
        return _("too few to say")
    return _("{median}, any day {base}").format(
        median=i18n.percent(one.median, signed=True), base=i18n.percent(one.base_median, signed=True)
    )


def remark(one: Following) -> str:
    """Say in the table why there is no interval, or why one has no width; nothing where there is nothing to say."""
    if one.interval is None:
        return _("too few to say")
    if one.events <= math.ceil(one.horizon / APART):
        return _("no width: each draw holds all events")
    return ""


def notes(request: HistoryRequest, found: Findings) -> tuple[str, ...]:
    """Say how the past was counted, and precisely what is missing."""
    if request.event == "shorts" and found.span is None:
        return (_stored(found),)
    if request.event == "rallies":
        return _rally_notes(found)
    if request.event == "cycles":
        return (_("A spell runs from the session that confirmed a regime to its last; gains are of the leader on the "
                  "other side, so a late confirmation costs them."),)  # fmt: skip
    lines = [
        _("Events within 21 sessions after the last one kept count once: of {all}, {kept} were kept.").format(
            all=found.all_days, kept=len(found.days)
        ),
        _("Any day: all sessions of the same span with the horizon complete. Interval: 5th to 95th percentile of the "
          "median over 2,000 draws of blocks of events."),
    ]  # fmt: skip
    if found.outlook and any(remark(one) and one.interval is not None for one in found.outlook.own):
        lines.append(_("Where blocks hold all events the interval has no width and says nothing."))
    if _unfinished(found):
        lines.append(_("Left out: horizons that are not over, and intervals of fewer than {n} events.").format(
            n=FEWEST))  # fmt: skip
    if request.event == "shorts":
        lines.append(_("In its top tenth: among all settlement dates so far, {n} at least, from the day of "
                       "publication.").format(n=ENOUGH_SETTLEMENTS))  # fmt: skip
    if request.event == "cut":
        lines.append(_("A cut on a day without a session counts from the next one."))
    lines.append(_("What followed before is a count, not a forecast."))
    return tuple(lines)


def _unfinished(found: Findings) -> bool:
    """Return whether a figure is missing: an event or the whole span too young for a horizon, or events too few."""
    outlook = found.outlook
    return outlook is not None and any(
        one.interval is None or one.base_median is None or one.events < len(found.days)
        for one in (*outlook.own, *outlook.against)
    )


def _rally_notes(found: Findings) -> tuple[str, ...]:
    stored = (
        _("Short interest is stored for {n} settlement dates, {first} to {last}.").format(
            n=len(found.stored), first=i18n.day(found.stored[0]), last=i18n.day(found.stored[-1])
        )
        if found.stored
        else _("No short interest is stored for this day.")
    )
    return (
        stored,
        _("Members, positions and prices are those known when a rally began; their returns are medians between two "
          "snapshots of the whole market, at most a week off its first and last session, without dividends."),
        _("Most shorted: the tenth of members with the largest share of their shares short. Companies whose number of "
          "shares changed by more than a fifth are left out."),
        _("What followed before is a count, not a forecast."),
    )  # fmt: skip


def _stored(found: Findings) -> str:
    if not found.stored:
        return _("No short interest is stored for this day; a top tenth takes {n} settlement dates.").format(
            n=ENOUGH_SETTLEMENTS
        )
    return _("Short interest of the Russell 2000 is stored for {n} settlement dates, {first} to {last}; a top tenth "
             "takes {needed}.").format(
        n=len(found.stored), first=i18n.day(found.stored[0]), last=i18n.day(found.stored[-1]), needed=ENOUGH_SETTLEMENTS
    )  # fmt: skip


def alternative(request: HistoryRequest, found: Findings) -> str:
    """Say the picture in numbers."""
    text = _("{time} {shown}")
    parts = [text.format(time=horizon(one.horizon), shown=shown(one)) for one in measured(request, found)]
    return _("{event}, {times}. {subject} after it, in the median: {parts}.").format(
        event=event_name(request, found),
        times=times(len(found.days)),
        subject=subject(request, found),
        parts=i18n.all_of(parts),
    )
