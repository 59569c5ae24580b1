"""Alerts in words: what each waits for, where it speaks, how it is doing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from discord.utils import escape_markdown, format_dt

from bot import i18n
from bot.alerts.columns import NEVER
from bot.alerts.rule import FRESH_DAYS, Rule, Watched
from bot.alerts.sentence import condition_words, inside, sentence
from bot.community.alert_records import Alert
from bot.discord_ui.watchables import bare
from bot.i18n import gettext as _
from bot.jobs.reasons import happened, remedy

_YEAR_DAYS = 366


def short_words(rule: Rule, titles: Mapping[str, Watched]) -> str:
    """Name an alert in one line without markup: what it waits for."""
    return condition_words(rule, titles.get(rule.indicator, bare(rule.indicator)))


def full_words(alert: Alert, watched: Watched) -> str:
    """Read an alert back: its rule as one sentence, where it speaks and whom it pings."""
    said = escape_markdown(sentence(alert.rule, watched))
    if alert.private:
        where = _("You are told by direct message.")
    elif alert.mention_role_id is not None:
        where = _("Posted in <#{channel}> with a ping of <@&{role}>.").format(
            channel=alert.channel_id, role=alert.mention_role_id
        )
    else:
        where = _("Posted in <#{channel}>.").format(channel=alert.channel_id)
    note = f"\n-# “{i18n.plain(alert.rule.note, 200)}”" if alert.rule.note else ""
    return f"{said} {where}{note}"


def listed(number: int, alert: Alert, titles: Mapping[str, Watched], now: datetime) -> str:
    """Return an alert's lines in the list; ``titles`` name the indicators that are there, or nothing is known."""
    gone = bool(titles) and alert.rule.indicator not in titles
    watched = titles.get(alert.rule.indicator, bare(alert.rule.indicator))
    head = f"**{number}** · {escape_markdown(sentence(alert.rule, replace(watched, title=watched.title)))}"
    place = _("by direct message") if alert.private else f"<#{alert.channel_id}>"
    return f"{head} {place}\n-# {state_words(alert, watched, now, gone=gone)}"


def state_words(alert: Alert, watched: Watched, now: datetime, *, gone: bool = False) -> str:
    """Say how an alert is doing; ``gone``: what it watches is known no more."""
    if alert.state == "paused":
        why = [happened(alert.reason), remedy(alert.reason, alert.command)] if alert.reason else []
        return " ".join([_("Paused."), *why]).rstrip()
    words = []
    if alert.snoozed_until is not None and alert.snoozed_until > now:
        words.append(_("Snoozed until {moment}.").format(moment=format_dt(alert.snoozed_until, "F")))
    if alert.standing.last > NEVER:
        words.append(_("Fired last on {day}.").format(day=i18n.day(date.fromordinal(alert.standing.last))))
    else:
        words.append(_("Has not fired yet."))
    words.append(_waiting(watched, now, gone=gone) or _how_often(alert, watched))
    return " ".join(words)


def _waiting(watched: Watched, now: datetime, *, gone: bool) -> str | None:
    """Say that an alert waits for data, None where it has what it needs."""
    if gone:
        return _("What it watches is no longer there: it waits.")
    if watched.last is not None and (now.date() - watched.last).days > FRESH_DAYS[watched.cadence]:
        return _("Nothing new since {day}: it waits.").format(day=i18n.day(watched.last))
    return None


def _how_often(alert: Alert, watched: Watched) -> str:
    """Say how often it fires by its history, where there is a year of it."""
    if watched.first is not None and watched.last is not None and (watched.last - watched.first).days < _YEAR_DAYS:
        return _("Too little history to say how often.")
    return _("By its history about {n} times a year.").format(n=i18n.number(alert.per_year, 1))


def named(alert: Alert, titles: Mapping[str, Watched]) -> str:
    """Name an alert within a sentence."""
    watched = titles.get(alert.rule.indicator, bare(alert.rule.indicator))
    return escape_markdown(condition_words(alert.rule, replace(watched, title=inside(watched.title))))
