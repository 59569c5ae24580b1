"""The list of alerts: numbered, as many on a page as a message holds, the next ones behind a button."""

from collections.abc import Sequence

from bot import i18n
from bot.alerts.presets import presets
from bot.alerts.rule import Watched
from bot.community.alert_records import Alert
from bot.discord_ui.alert_controls import Row, preset_rows, turn_row
from bot.discord_ui.alert_words import listed
from bot.discord_ui.desk import Desk
from bot.discord_ui.limits import TEXT
from bot.discord_ui.pages import Page
from bot.i18n import gettext as _

_ROOM = TEXT - 200


async def alerts_of(desk: Desk, *, own: bool) -> list[Alert]:
    """Return the server's alerts or somebody's own, in the order of their numbers."""
    alerts = desk.community.alerts
    return await (alerts.of_person(desk.member.id) if own else alerts.of_guild(desk.guild.id))


async def titles(desk: Desk, alerts: Sequence[Alert]) -> dict[str, Watched]:
    """Return the indicators that alerts watch, in the active language; see ``Watchables.named``."""
    return await desk.bot.watchables.named(alert.rule.indicator for alert in alerts)


async def listing(desk: Desk, *, own: bool = False, start: int = 0) -> Page:
    """List the alerts of the server, or somebody's own, from one place on."""
    alerts, now = await alerts_of(desk, own=own), desk.bot.clock.now()
    offered = [] if own else preset_rows(presets())
    if not alerts:
        text = _("No alerts watch here yet. The presets are the thesis's own watch list; /alert add makes others.")
        return Page(_("You have no private alerts. /alert mine add makes one.") if own else text, offered)
    known = await titles(desk, alerts)
    lines = [listed(number, alert, known, now) for number, alert in enumerate(alerts, 1)]
    first = start if start < len(lines) else 0
    shown = _fitting(lines[first:])
    return Page("\n".join(shown), [*_turning(own, first + len(shown), len(lines), len(shown)), *offered])


def _fitting(lines: Sequence[str]) -> list[str]:
    """Return the first lines that a message holds, one at least."""
    fitting: list[str] = []
    room = _ROOM
    for line in lines:
        room -= len(line) + 1
        if room < 0 and fitting:
            break
        fitting.append(line)
    return fitting


def _turning(own: bool, following: int, count: int, shown: int) -> list[Row]:
    """Return the button to the next ones, from the last ones back to the first; none where all are shown."""
    if shown == count:
        return []
    left = count - following
    label = _("Next: {n} more").format(n=i18n.number(left)) if left else _("From the beginning")
    return [turn_row(label, own=own, start=following if left else 0)]
