"""How each source of data stands, as plain data that both a terminal and Discord can show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot import i18n
from bot.i18n import gettext as _
from bot.market.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class EndedSymbol:
    """A symbol that its vendor has no longer: its last stored day, since when, and when it was asked for last."""

    symbol: str
    last: date | None
    since: date
    asked: date


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """One vendor: when it last answered, what failed since, until when it is left alone, how much was refused.

    Moments are aware and in UTC. ``newest`` is the last day of the data that it brought; ``enabled``: the settings
    have it asked at all; ``ended``: symbols that it has no longer; ``failed``: parts of the ingest that came to nothing
    the last time, or (True) not to all of it: a vendor may answer one thing well and another not for days.
    """

    vendor: str
    last_success: datetime | None
    last_failure: datetime | None
    resume_at: datetime | None
    newest: date | None
    refused: int
    enabled: bool = True
    ended: tuple[EndedSymbol, ...] = ()
    failed: Mapping[str, bool] = field(default_factory=dict)


def lines(
    standings: Sequence[SourceStanding] | None, catalogue: Catalogue | None, now: datetime, next_run: datetime | None
) -> Iterator[str]:
    """Say of the data and of each vendor how old it is, what is wrong, and when it is asked next.

    ``standings`` None: what is remembered of the vendors cannot be read.
    """
    if catalogue is None:
        yield _("No data yet: start with “handoff ingest”.")
    else:
        yield _("Data to the close of {day} (version {version}).").format(
            day=i18n.day(catalogue.last_session), version=catalogue.version
        )
    if standings is None:
        yield _("How the sources stand cannot be read at the moment.")
    for one in standings or ():
        trouble = _trouble(one, now) + _breaker(one, now) if one.enabled else ""
        yield _("{vendor}: {age}{newest}{trouble}.").format(
            vendor=one.vendor, age=_age(one, now), newest=_newest(one), trouble=trouble
        )
        yield from (ending(one.vendor, symbol) for symbol in one.ended)
    if next_run is not None:
        yield _("Next run about {moment}.").format(moment=i18n.moment(next_run))


def ending(vendor: str, one: EndedSymbol) -> str:
    """Say of a symbol that it has ended, where its history stops, and since when the vendor has nothing newer."""
    told = _("{symbol} has ended: {vendor} has nothing under that name since {since}, asked last on {asked}").format(
        symbol=one.symbol, vendor=vendor, since=i18n.day(one.since), asked=i18n.day(one.asked)
    )
    return told + (_("; its history ends on {day}.").format(day=i18n.day(one.last)) if one.last else ".")


def _age(one: SourceStanding, now: datetime) -> str:
    if not one.enabled:
        return _("switched off in the settings")
    if one.last_success is None:
        return _("never answered")
    return _("last answered {ago} ago").format(ago=duration(now - one.last_success))


def _newest(one: SourceStanding) -> str:
    return _(", newest {day}").format(day=i18n.day(one.newest)) if one.newest else ""


def _trouble(one: SourceStanding, now: datetime) -> str:
    told = ""
    if one.last_failure is not None and one.failed:
        parts = ", ".join(_("{part} in part").format(part=p) if partly else p for p, partly in one.failed.items())
        told += _(", failed {ago} ago ({parts})").format(ago=duration(now - one.last_failure), parts=parts)
    elif one.last_failure is not None and (one.last_success is None or one.last_failure > one.last_success):
        told += _(", failed {ago} ago").format(ago=duration(now - one.last_failure))
    if one.refused:
        told += _(", {n} rows refused").format(n=i18n.number(one.refused))
    return told


def _breaker(one: SourceStanding, now: datetime) -> str:
    """Say whether the breaker lets requests through: after failures in a row the vendor is left alone for a while."""
    if one.resume_at is not None and one.resume_at > now:
        return _(", breaker open: left alone for {wait}").format(wait=duration(one.resume_at - now))
    return _(", breaker closed")


def duration(span: timedelta) -> str:
    """Return a span in its largest whole unit: "3 days", "5 hours", "2 minutes"."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return i18n.ngettext("{n} day", "{n} days", days).format(n=days)
    if minutes >= 120:
        hours = minutes // 60
        return i18n.ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return i18n.ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
