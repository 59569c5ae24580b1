"""From a rule that fired to a row of the ledger: what is posted, where, in which language, and why not if not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.alerts.stored import Fire
from bot.community.alert_records import Alert, AlertSettings
from bot.community.deliveries import NewDelivery, Part, Target
from bot.community.records import ChannelSettings, GuildSettings, Person
from bot.features.alert.request import AlertRequest
from bot.jobs import reasons
from bot.jobs.content import symbols
from bot.jobs.due import after_quiet


@dataclass(frozen=True, slots=True)
class Around:
    """What posts of a server depend on: its settings, its channels' and people's own, what it has blocked.

    ``as_of`` is the session the data describes; what was observed on or before ``old`` is no news any more.
    """

    settings: GuildSettings
    as_of: date
    old: date
    now: datetime
    looks: Mapping[int, ChannelSettings] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    limits: AlertSettings = field(default_factory=lambda: AlertSettings(guild_id=0))

    def language(self, alert: Alert) -> str:
        """Return the language an alert speaks: the person's own, the channel's, the server's."""
        return self._own(alert, "language") or self.settings.language

    def theme(self, alert: Alert) -> str:
        """Return the look of an alert's pictures."""
        return self._own(alert, "theme") or self.settings.theme

    def _own(self, alert: Alert, name: str) -> str | None:
        chosen = self.people.get(alert.user_id) if alert.user_id is not None else self.looks.get(alert.channel_id)
        found: str | None = getattr(chosen, name, None)
        return found


def entry(alert: Alert, fire: Fire, sentence: str, around: Around) -> NewDelivery:
    """Return the row of one fire: to be posted after quiet hours, or left out with its reason."""
    zone = ZoneInfo(around.settings.zone)
    rule = alert.rule
    ready = after_quiet(around.now, zone, around.settings.quiet_from, around.settings.quiet_to)
    ready = after_quiet(ready, zone, rule.quiet_from, rule.quiet_to)
    reason = left_out(alert, fire, around)
    request = AlertRequest.of(rule, fired=fire.day, as_of=around.as_of)
    pinged = alert.mention_role_id is not None
    return NewDelivery(
        what=alert.what,
        guild_id=alert.guild_id,
        channel_id=alert.channel_id,
        period=fire.day.isoformat(),
        due_at=ready,
        ready_at=ready,
        parts=(Part("alert", request.plain()),),
        target=Target(kind=alert.kind, mention="role" if pinged else "none", mention_role_id=alert.mention_role_id),
        language=around.language(alert),
        theme=around.theme(alert),
        state="due" if reason is None else "skipped",
        reason=reason,
        note=sentence,
    )


def left_out(alert: Alert, fire: Fire, around: Around) -> str | None:
    """Return why a fire is not posted, None where it is."""
    settings, now = around.settings, around.now
    kept_back = {
        reasons.BOT_REMOVED: settings.left_at is not None,
        reasons.PAUSED: settings.paused_until is not None and now < settings.paused_until,
        reasons.PRIVATE_OFF: alert.private and not around.limits.private_allowed,
        reasons.SNOOZED: alert.snoozed_until is not None and now < alert.snoozed_until,
        reasons.OLD_NEWS: fire.day <= around.old,
        reasons.BLOCKED: bool(symbols(Part("alert", {"indicator": fire.indicator})) & around.blocked),
    }
    return next((reason for reason, true in kept_back.items() if true), None)
