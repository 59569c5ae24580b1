"""Alerts: after new data every rule is moved on once, and what fired becomes rows of the ledger.

A rule's new state and its row are stored in one transaction that only counts if nobody else moved the rule meanwhile:
evaluating twice, in two processes, or again after a crash posts nothing twice and loses nothing.
"""

import asyncio
import itertools
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot import i18n
from bot.alerts.columns import state_of
from bot.alerts.stored import Asked, Fire, Outcome, Said, Stored, packed
from bot.clock import Clock
from bot.community.alert_records import PREFIX, TAKEN_BACK, Alert, Move
from bot.community.deliveries import Delivery, NewDelivery, Part
from bot.community.store import Community
from bot.features.alert.request import AlertRequest
from bot.features.storm.request import StormRequest
from bot.i18n import gettext as _
from bot.jobs.alert_posts import Around, entry
from bot.jobs.due import last_closed
from bot.jobs.publishing import Publisher, Refused, Reports, Unsettled, in_good_time
from bot.jobs.reasons import happened, remedy
from bot.jobs.storms import arranged

log = logging.getLogger(__name__)

PAGE = 2_000
AT_ONCE = 5_000  # rules that travel to a worker together
WORKERS = 2
LOOKED_BACK = timedelta(days=14)
MOST_A_MONTH = 40  # rows that a month's fires and corrections of one alert come to at most
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_START = ("", "")


class AlertWatch:
    """Evaluates alerts whenever there is another dataset version or another session, and takes undone ones back."""

    def __init__(self, community: Community, reports: Reports, publisher: Publisher, clock: Clock) -> None:
        self._community = community
        self._reports = reports
        self._publisher = publisher
        self._clock = clock
        self._seen: tuple[str, date] | None = None
        self._compared: str | None = None

    async def run(self) -> int:
        """Do what is to be done; returns how many rows were entered."""
        await self._tell()
        await self._community.alerts.drop_drafts(self._clock.now() - _DAY)
        version, today = self._reports.catalogue.version, self._reports.today()
        if self._seen == (version, today):
            return 0
        entered = await self._take_back() if self._compared != version else 0
        entered += await self._evaluate()
        self._seen, self._compared = (version, today), version
        return entered

    # evaluation

    async def _evaluate(self) -> int:
        """Move every rule on, a few thousand at a time."""
        started = self._clock.now()
        gate = asyncio.Semaphore(WORKERS)

        async def settled(part: list[Stored]) -> int:
            async with gate:
                outcome: Outcome = await self._reports.work("bot.alerts.work:evaluated", packed(part))
            return await self._settle(part, outcome, started)

        parts = [part async for part in self._parts()]
        entered = sum(await asyncio.gather(*(settled(part) for part in parts)))
        if parts:
            log.info("%d alert rules evaluated, %d rows entered", sum(len(part) for part in parts), entered)
        return entered

    async def _parts(self) -> AsyncIterator[list[Stored]]:
        """Give all active rules in parts, those of one indicator together."""
        waiting: list[Stored] = []
        after = _START
        while page := await self._community.alert_runs.stored(after, PAGE):
            after = (page[-1].indicator, page[-1].id)
            for indicator, group in itertools.groupby(page, key=lambda one: one.indicator):
                if len(waiting) >= AT_ONCE and waiting[-1].indicator != indicator:
                    yield waiting
                    waiting = []
                waiting += group
        if waiting:
            yield waiting

    async def _settle(self, part: Sequence[Stored], outcome: Outcome, started: datetime) -> int:
        """Store what came of an evaluation: fires first, each with its rule's state; then all other rules."""
        before = {one.id: state_of(one.state).through for one in part}
        days = dict(outcome.through)
        through = {one.id: days[one.indicator] for one in part if one.indicator in days}
        moves = {
            rule_id: Move(rule_id, before[rule_id], replace(state, through=through[rule_id].toordinal()))
            for rule_id, state in outcome.moved
        }
        fires: dict[str, list[Fire]] = defaultdict(list)
        for fire in outcome.fires:
            fires[fire.rule_id].append(fire)
        entered = await self._fired(fires, moves)
        await self._community.alert_runs.moved([move for rule_id, move in moves.items() if rule_id not in fires])
        for indicator, day in outcome.through:
            besides = [one.id for one in part if one.indicator == indicator and one.id in moves]
            await self._community.alert_runs.through(indicator, day, started, besides=besides)
        for name in (*outcome.stale, *outcome.missing):
            log.info("alerts on %s wait: it has nothing new", name)
        return entered

    async def _fired(self, fires: dict[str, list[Fire]], moves: dict[str, Move]) -> int:
        """Enter what fired, a server at a time: one server's failure is not another's."""
        by_guild: dict[int, list[Alert]] = defaultdict(list)
        for alert in await self._community.alert_runs.several(list(fires)):
            by_guild[alert.guild_id].append(alert)
        entered = 0
        for guild_id, alerts in by_guild.items():
            try:
                entered += await self._fired_in(guild_id, alerts, fires, moves)
            except Exception:
                log.exception("alerts of server %d could not be entered: they are evaluated again", guild_id)
        return entered

    async def _fired_in(
        self, guild_id: int, alerts: list[Alert], fires: dict[str, list[Fire]], moves: dict[str, Move]
    ) -> int:
        around = await self._around(guild_id, alerts)
        entries = await self._entries(alerts, fires, around)
        arrange = partial(
            arranged,
            rarity={alert.what: alert.per_year for alert in alerts},
            over=around.settings.digest_over,
            per_hour=around.limits.per_hour,
            now=around.now,
        )
        mine = [moves[alert.id] for alert in alerts]
        return await self._community.alert_runs.settle(guild_id, mine, entries, around.now - _HOUR, arrange)

    async def _entries(
        self, alerts: list[Alert], fires: dict[str, list[Fire]], around: Around
    ) -> Mapping[str, Sequence[NewDelivery]]:
        """Return the rows of each alert, worded in the language it speaks."""
        by_language: dict[str, list[tuple[Alert, Fire]]] = defaultdict(list)
        for alert in alerts:
            for fire in fires[alert.id]:
                by_language[around.language(alert)].append((alert, fire))
        entries: dict[str, list[NewDelivery]] = defaultdict(list)
        for language, pairs in by_language.items():
            asked = [Asked(alert.rule.model_dump_json(), f.day, f.value, f.before) for alert, f in pairs]
            said: tuple[Said, ...] = await self._reports.work("bot.alerts.work:worded", language, asked)
            for (alert, fire), one in zip(pairs, said, strict=True):
                entries[alert.id].append(entry(alert, fire, one.sentence, around))
        return entries

    async def _around(self, guild_id: int, alerts: Sequence[Alert]) -> Around:
        guilds, calendar = self._community.guilds, self._reports.catalogue
        now, today = self._clock.now(), self._reports.today()
        before = calendar.session_on_or_before(last_closed(calendar, now) - _DAY)  # data may be one session behind
        people = {alert.user_id for alert in alerts if alert.user_id is not None}
        return Around(
            settings=await guilds.get(guild_id),
            as_of=today,
            old=max(calendar.session_on_or_before(day - _DAY) for day in (today, before)),
            now=now,
            looks=await guilds.looks([alert.channel_id for alert in alerts]),
            people={user_id: await self._community.people.get(user_id) for user_id in people},
            blocked=(await guilds.blocks(guild_id)).symbols,
            limits=await self._community.alerts.settings(guild_id),
        )

    # corrections

    async def _take_back(self) -> int:
        """Answer posts of alerts whose condition was not met after all, by the data as it stands now.

        Their rules stand again as if they had not fired: else what becomes true next would not be said.
        """
        posts = await self._community.alert_runs.posted(self._clock.now() - LOOKED_BACK)
        told = [(post, one) for post in posts for one in _told_in(post)]
        if not told:
            return 0
        asked = [Asked(one.request.rule().model_dump_json(), one.day, 0.0, None) for _post, one in told]
        said: tuple[Said, ...] = await self._reports.work("bot.alerts.work:worded", i18n.DEFAULT, asked)
        undone = [pair for pair, one in zip(told, said, strict=True) if one.stands is False]
        await self._unfire([one for _post, one in undone])
        now, today = self._clock.now(), self._reports.today()
        answers = [_answer(post, one.request, now, today) for post, one in undone]
        return await self._community.ledger.enter([one for one in answers if one is not None])

    async def _unfire(self, undone: Sequence["_Told"]) -> None:
        """Let the rules of these fires stand as if they had not fired, unless they have fired again since."""
        days: dict[str, set[date]] = defaultdict(set)
        for one in undone:
            days[one.what].add(one.day)
        for alert in await self._community.alert_runs.several([what.removeprefix(PREFIX) for what in days]):
            last, before = alert.standing.last, alert.standing.through
            if last not in {day.toordinal() for day in days[alert.what]}:
                continue
            rows = await self._community.ledger.history(alert.guild_id, what=alert.what, limit=MOST_A_MONTH)
            fires = [date.fromisoformat(row.period) for row in rows if TAKEN_BACK not in row.period]
            earlier = [day for day in fires if day not in days[alert.what] and day.toordinal() < last]
            rule, through = alert.rule.model_dump_json(), date.fromordinal(before)
            state = await self._reports.work("bot.alerts.work:without", rule, through, earlier)
            await self._community.alert_runs.moved([Move(alert.id, before, state)])

    # failures

    async def _tell(self) -> None:
        """Tell whoever made an alert that it was paused: by DM, else in the server."""
        for alert in await self._community.alert_runs.notices():
            settings = await self._community.guilds.get(alert.guild_id)
            with i18n.use(settings.language):
                text = paused_text(alert)
            owner = alert.user_id or settings.owner_user_id or alert.author_user_id
            channel_id = None if alert.private else settings.log_channel_id
            try:
                await in_good_time(self._publisher.tell(owner, alert.guild_id, channel_id, text, f"a{alert.id}"))
            except Unsettled:
                continue
            except Refused as refusal:
                log.warning("nobody could be told about alert %s: %s", alert.id, refusal)
            await self._community.alert_runs.told(alert)


def paused_text(alert: Alert) -> str:
    """Return the words, in the active language."""
    reason = alert.reason or ""
    text = _(
        "I have paused the alert on “{indicator}” in <#{channel}> after it failed three times in a row. {happened}"
    )
    if alert.private:
        text = _("I have paused your private alert on “{indicator}” after it failed three times in a row. {happened}")
    told = text.format(indicator=alert.rule.indicator, channel=alert.channel_id, happened=happened(reason))
    return f"{told} {remedy(reason, alert.command)}".strip()


@dataclass(frozen=True, slots=True)
class _Told:
    """A fire that a post tells of: the alert's name in the ledger, its card, its day."""

    what: str
    request: AlertRequest
    day: date


def _told_in(post: Delivery) -> list[_Told]:
    """Return the fires that a post tells of."""
    found: list[tuple[str, AlertRequest]] = []
    for part in post.parts:
        if part.content == "alert":
            found.append((post.what, AlertRequest.model_validate(dict(part.request))))
        elif part.content == "storm":
            listed = StormRequest.model_validate(dict(part.request)).alerts
            found += [(one.what, AlertRequest.of(one.rule(), fired=one.fired_on)) for one in listed]
    return [_Told(what, request, request.fired_on) for what, request in found if request.fired_on is not None]


def _answer(post: Delivery, request: AlertRequest, now: datetime, today: date) -> NewDelivery | None:
    """Return the correction of a post, as a reply to it."""
    if post.message_id is None:
        return None
    kind = "thread" if post.target.kind == "forum" else post.target.kind
    which = f":{request.rule().watching}" if post.parts[0].content == "storm" else ""
    return NewDelivery(
        what=post.what,
        guild_id=post.guild_id,
        channel_id=post.posted_channel_id or post.channel_id,
        period=f"{post.period}:back{which}",
        due_at=now,
        ready_at=now,
        parts=(Part("alert", request.model_copy(update={"as_of": today}).plain()),),
        target=replace(post.target, kind=kind, mention="none", mention_role_id=None, reply_to=post.message_id),
        language=post.language,
        theme=post.theme,
    )
