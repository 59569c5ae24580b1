"""What ``/alert`` does: each verb returns the page that says what became of it."""

from collections.abc import Sequence
from dataclasses import replace

from discord.utils import escape_markdown

from bot import i18n
from bot.alerts.presets import Preset, presets
from bot.alerts.rule import Rule
from bot.alerts.stored import Began
from bot.community.alert_records import MOST_PER_HOUR, PREFIX, Alert, Full
from bot.community.deliveries import Delivery
from bot.community.records import Destination, Person
from bot.discord_ui.alert_controls import draft_rows
from bot.discord_ui.alert_lists import alerts_of, titles
from bot.discord_ui.alert_options import AlertChanges, AlertWishes, HouseWishes, OwnChanges, OwnWishes
from bot.discord_ui.alert_wishes import changed_alert, changed_rule, here, new_alert, new_rule, own_alert
from bot.discord_ui.alert_words import full_words, named, state_words
from bot.discord_ui.card import card_view
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaint
from bot.discord_ui.pages import Page
from bot.discord_ui.posts import Card
from bot.discord_ui.schedule_options import kind_of
from bot.discord_ui.schedule_words import history_words
from bot.errors import BadInput, UserError
from bot.features.alert.request import AlertRequest
from bot.i18n import gettext as _
from bot.i18n import ngettext

HISTORY = 20


async def find(desk: Desk, text: str, *, own: bool = False) -> Alert:
    """Return the alert that a number in the list or an id means. Raises BadInput."""
    wanted = text.strip().lstrip("#")
    for number, alert in enumerate(await alerts_of(desk, own=own), 1):
        if wanted in {str(number), alert.id}:
            return alert
    command = "/alert mine list" if own else "/alert list"
    raise BadInput(
        _("There is no alert “{name}” here. {command} shows them.").format(name=i18n.plain(text, 20), command=command)
    )


async def began(desk: Desk, rule: Rule) -> Began:
    """Return how a rule stands by its history. Raises BadInput or MissingData where it cannot watch anything."""
    found: Began = await desk.bot.reports.work("bot.alerts.work:began", rule.model_dump_json())
    return found


# drafts


async def add(desk: Desk, wishes: AlertWishes) -> Page:
    """Read a new alert back and try it on history; it is stored once it is saved."""
    watched = await desk.bot.watchables.find(wishes.indicator)
    return await drafted(desk, new_alert(desk, wishes, new_rule(desk, wishes, watched)))


async def add_own(desk: Desk, wishes: OwnWishes) -> Page:
    """Do the same for a private one, where the server allows them."""
    await require_private(desk)
    watched = await desk.bot.watchables.find(wishes.indicator)
    return await drafted(desk, await own_alert(desk, new_rule(desk, wishes, watched)))


async def require_private(desk: Desk) -> None:
    """Raise BadInput where the server does not allow private alerts."""
    if not (await desk.community.alerts.settings(desk.guild.id)).private_allowed:
        raise BadInput(_("Private alerts are switched off here. An admin can allow them with /alert settings."))


async def edit(desk: Desk, changes: AlertChanges) -> Page:
    """Read a changed alert back and try it on history; it changes once it is saved."""
    alert = await find(desk, changes.alert)
    return await drafted(desk, changed_alert(alert, changes, await _changed_rule(desk, alert, changes)), of=alert)


async def edit_own(desk: Desk, changes: OwnChanges) -> Page:
    """Do the same for a private one."""
    alert = await find(desk, changes.alert, own=True)
    return await drafted(desk, replace(alert, rule=await _changed_rule(desk, alert, changes)), of=alert)


async def _changed_rule(desk: Desk, alert: Alert, changes: AlertChanges | OwnChanges) -> Rule:
    watched = await desk.bot.watchables.find(changes.indicator or alert.rule.indicator)
    return changed_rule(desk, alert.rule, changes, watched)


async def drafted(desk: Desk, alert: Alert, *, of: Alert | None = None) -> Page:
    """Store a draft and return its preview: the backtest as a card, the rule as a sentence, the way to save it."""
    found = await began(desk, alert.rule)
    draft = Alert(
        guild_id=alert.guild_id,
        channel_id=alert.channel_id,
        kind=alert.kind,
        rule=alert.rule,
        user_id=alert.user_id,
        author_user_id=desk.member.id,
        mention_role_id=alert.mention_role_id,
        per_year=found.per_year,
        standing=found.state,
        state="draft",
        reason=of.id if of else None,
    )
    if alert.user_id is not None:
        await desk.community.people.save(Person(user_id=alert.user_id, language=i18n.active()))
    try:
        stored = await desk.community.alerts.add(draft, desk.by)
    except Full as full:
        if of is None:
            raise too_many(full, own=alert.private) from None
        raise
    return await draft_page(desk, stored, found)


def too_many(full: Full, *, own: bool) -> BadInput:
    """Say that there is no room for another one."""
    if own:
        return BadInput(_("You have {n} private alerts already, as many as I keep.").format(n=full.most))
    return BadInput(_("There are {n} alerts here already, as many as I keep.").format(n=full.most))


async def draft_page(desk: Desk, draft: Alert, found: Began) -> Page:
    """Return the preview of a draft."""
    watched = await desk.bot.watchables.find(draft.rule.indicator)
    lines = ["### " + _("Not saved yet."), full_words(draft, watched), *_complaints(desk, draft)]
    card = await alert_card(desk, AlertRequest.of(draft.rule))
    return Page("\n".join(lines), draft_rows(draft, found.calmer), card=card)


def _complaints(desk: Desk, alert: Alert) -> list[str]:
    if alert.private:
        return []
    text = complaint(desk, Destination(channel_id=alert.channel_id, kind=alert.kind))
    return [text] if text else []


async def alert_card(desk: Desk, request: AlertRequest) -> Card:
    """Return the card of an alert as it would be posted."""
    settings = await desk.settings()
    rendered = await desk.bot.reports.get(request, language=i18n.active(), theme=settings.theme)
    return card_view(rendered)


# one alert


async def pause(desk: Desk, text: str, *, own: bool = False) -> Page:
    """Pause one alert."""
    alert = await find(desk, text, own=own)
    await desk.community.alerts.pause(alert, desk.by)
    return Page(_("Paused: {alert}.").format(alert=named(alert, await titles(desk, [alert]))))


async def resume(desk: Desk, text: str, *, own: bool = False) -> Page:
    """Go on with one alert, from how its rule stands now."""
    alert = await find(desk, text, own=own)
    await desk.community.alerts.resume(alert, (await began(desk, alert.rule)).state, desk.by)
    words = _("Resumed: {alert}. What is so already is no news: it speaks when it becomes so again.")
    return Page(words.format(alert=named(alert, await titles(desk, [alert]))))


async def remove(desk: Desk, text: str, *, own: bool = False) -> Page:
    """Delete one alert."""
    alert = await find(desk, text, own=own)
    await desk.community.alerts.remove(alert, desk.by)
    return Page(_("Removed: {alert}.").format(alert=named(alert, await titles(desk, [alert]))))


async def test(desk: Desk, text: str, *, own: bool) -> Page:
    """Show how an alert stands and what its post looks like, as of the last time it would have fired."""
    alert = await find(desk, text, own=own)
    watched = await desk.bot.watchables.find(alert.rule.indicator)
    last = await desk.bot.reports.work("bot.alerts.work:last_fire", alert.rule.model_dump_json())
    head = _("Nothing is posted by this. This is how it looked on {day}, the last time it would have fired.")
    if last is None:
        head = _("Nothing is posted by this. It would never have fired so far: this is its history.")
    else:
        head = head.format(day=i18n.day(last))
    lines = [head, full_words(alert, watched), f"-# {state_words(alert, watched, desk.bot.clock.now())}"]
    card = await alert_card(desk, AlertRequest.of(alert.rule, fired=last, as_of=last))
    return Page("\n".join([*lines, *_complaints(desk, alert)]), card=card)


async def history(desk: Desk, text: str | None, *, own: bool) -> Page:
    """Show what became of the last fires, of one alert or of all."""
    if text:
        alert = await find(desk, text, own=own)
        found = await desk.community.ledger.history(alert.guild_id, what=alert.what, limit=HISTORY)
    else:
        found = await (_told(desk) if own else _posted(desk))
    if not found:
        return Page(_("Nothing has fired yet."))
    lines = history_words(found).split("\n")
    said = [f"{line}\n  -# {escape_markdown(row.note)}" if row.note else line
            for line, row in zip(lines, found, strict=True)]  # fmt: skip
    return Page("\n".join(said))


async def _posted(desk: Desk) -> list[Delivery]:
    """Return the newest fires of the server's alerts; what its members were told privately is not among them."""
    names = {alert.what for alert in await alerts_of(desk, own=False)}
    recent = await desk.community.ledger.history(desk.guild.id, limit=10 * HISTORY)
    fires = [row for row in recent if row.what.startswith(PREFIX)]
    ours = [row for row in fires if row.what in names or desk.guild.get_channel_or_thread(row.channel_id) is not None]
    return ours[:HISTORY]


async def _told(desk: Desk) -> list[Delivery]:
    """Return the newest fires that somebody was told privately, in whatever server the alerts were made."""
    places = {(alert.guild_id, alert.channel_id) for alert in await alerts_of(desk, own=True)}
    rows = [row for guild_id, channel_id in places
            for row in await desk.community.ledger.history(guild_id, channel_id=channel_id, limit=HISTORY)]  # fmt: skip
    fires = [row for row in rows if row.what.startswith(PREFIX)]
    return sorted(fires, key=lambda row: row.due_at, reverse=True)[:HISTORY]


# the house


async def settings(desk: Desk, wishes: HouseWishes) -> Page:
    """Set what the server allows of alerts, and say what it allows."""
    now = await desk.community.alerts.settings(desk.guild.id)
    if wishes.hourly is not None and not 1 <= wishes.hourly <= MOST_PER_HOUR:
        raise BadInput(_("Alerts an hour: 1 to {limit}.").format(limit=MOST_PER_HOUR))
    changed = replace(
        now,
        private_allowed=now.private_allowed if wishes.private is None else wishes.private,
        per_hour=wishes.hourly or now.per_hour,
    )
    if changed != now:
        await desk.community.alerts.save_settings(changed, desk.by)
    private = _("Members may have private alerts.") if changed.private_allowed else _("Private alerts are off.")
    hourly = ngettext("{n} alert an hour at most.", "{n} alerts an hour at most.", changed.per_hour)
    return Page(f"{private} {hourly.format(n=changed.per_hour)}")


async def add_presets(desk: Desk, chosen: Sequence[str]) -> Page:
    """Add the rules of these presets, leaving out those that watch here already."""
    wanted = [preset for preset in presets() if preset.id in chosen]
    there = {alert.rule.watching for alert in await desk.community.alerts.of_guild(desk.guild.id)}
    lines = []
    for preset in wanted:
        lines += [await _add_preset(desk, preset, rule, there) for rule in preset.rules]
    return Page("\n".join(lines))


async def _add_preset(desk: Desk, preset: Preset, rule: Rule, there: set[str]) -> str:
    if rule.watching in there:
        return _("- {preset}: watches here already.").format(preset=preset.title)
    try:
        watched = await desk.bot.watchables.find(rule.indicator)
        found = await began(desk, rule)
        channel = here(desk)
        alert = Alert(
            guild_id=desk.guild.id,
            channel_id=channel.id,
            kind=kind_of(channel),
            rule=rule,
            author_user_id=desk.member.id,
            per_year=found.per_year,
            standing=found.state,
        )
        await desk.community.alerts.add(alert, desk.by)
    except Full as full:
        return f"- {preset.title}: {too_many(full, own=False).text()}"
    except UserError as fault:
        return f"- {preset.title}: {fault.text()}"
    return f"- {full_words(alert, watched)}"
