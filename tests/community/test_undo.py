"""Undo: whatever people changed, each act is taken back whole, newest first; what the bot did by itself stands."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.community.alert_records import AlertSettings
from bot.community.records import By, Cadence, ChannelSettings, Destination, GuildSettings, new_id
from bot.community.setup_file import as_file
from bot.community.store import Community
from tests.community.examples import ADMIN, BY, CHANNEL, GUILD, MEMBER, MINUTE, NOW, OTHER_CHANNEL, alert, schedule

LATER = By(ADMIN, NOW + MINUTE)
ACTS = 14


class Admin:
    """Somebody who changes a server at random, one act after another."""

    def __init__(self, community: Community, seed: int) -> None:
        self.community = community
        self.dice = random.Random(seed)
        self.minutes = 0

    def by(self) -> By:
        self.minutes += 1
        return By(ADMIN, NOW + self.minutes * MINUTE, new_id())

    async def state(self) -> tuple[dict[str, Any], frozenset[int]]:
        """Return all that admins set."""
        setup = await self.community.transfer.current(GUILD)
        plain = {**as_file(setup), "owner": setup.settings.owner_user_id, "paused": setup.settings.paused_until}
        for kind in ("schedules", "alerts"):
            plain[kind] = sorted(plain[kind], key=lambda one: one["id"])
        return plain, (await self.community.guilds.blocks(GUILD)).users

    async def act(self) -> None:
        """Change something: at random, and so that it differs."""
        before = await self.state()
        while await self.state() == before:
            await self.dice.choice(self.ways())(self.by())

    def ways(self) -> list[Callable[[By], Awaitable[object]]]:
        guilds, alerts = self.community.guilds, self.community.alerts
        symbol = self.dice.choice(["GME", "AMC"])
        return [
            self._settings,
            self._channel,
            self._add,
            self._edit,
            self._turn,
            self._remove,
            lambda by: guilds.block(GUILD, self.dice.choice([symbol, MEMBER]), by),
            lambda by: guilds.unblock(GUILD, symbol, by),
            lambda by: alerts.save_settings(AlertSettings(guild_id=GUILD, per_hour=self.dice.randint(1, 99)), by),
            lambda by: alerts.add(alert(), by),
            self._alert,
            self._setup,
        ]

    async def _settings(self, by: By) -> None:
        now = await self.community.guilds.get(GUILD)
        changes: list[dict[str, Any]] = [
            {"zone": self.dice.choice(["Asia/Tokyo", "Africa/Cairo"])},
            {"quiet_from": time(self.dice.randint(20, 23)), "quiet_to": time(7)},
            {"paused_until": by.at + timedelta(days=self.dice.randint(1, 9))},
            {"owner_user_id": MEMBER, "hourly_cap": self.dice.randint(1, 99)},
            {"allowed_channels": (CHANNEL,), "admin_roles": (self.dice.randint(1, 9),)},
        ]
        await self.community.guilds.save(replace(now, **self.dice.choice(changes)), by)

    async def _channel(self, by: By) -> None:
        look = ChannelSettings(
            guild_id=GUILD,
            channel_id=self.dice.choice([CHANNEL, OTHER_CHANNEL]),
            theme=self.dice.choice([None, "light"]),
            command_mode=self.dice.choice(["public", "thread", "off"]),
        )
        await self.community.guilds.save_channel(look, by)

    async def _add(self, by: By) -> None:
        await self.community.schedules.add(schedule(content=self.dice.choice(["weekly", "highs"])), by)

    async def _edit(self, by: By) -> None:
        for one in (await self.community.schedules.of_guild(GUILD))[:1]:
            cadence = Cadence(kind="weekly", weekdays=(self.dice.randint(0, 6),), at=time(9))
            places = (Destination(channel_id=OTHER_CHANNEL, pin=True), *one.destinations[:1])
            places = tuple({place.channel_id: place for place in places}.values())
            await self.community.schedules.save(replace(one, cadence=cadence, destinations=places), by)

    async def _turn(self, by: By) -> None:
        for one in (await self.community.schedules.of_guild(GUILD))[:1]:
            turn = self.community.schedules.pause if one.state == "active" else self.community.schedules.resume
            await turn(one, by)

    async def _remove(self, by: By) -> None:
        for one in (await self.community.schedules.of_guild(GUILD))[-1:]:
            await self.community.schedules.remove(one, by)

    async def _alert(self, by: By) -> None:
        for one in (await self.community.alerts.of_guild(GUILD))[-1:]:
            change = self.dice.choice([self.community.alerts.pause, self.community.alerts.remove])
            await change(one, by)

    async def _setup(self, by: By) -> None:
        """Do several things in one act, as /setup and /settings import do."""
        await self._settings(by)
        await self._add(by)
        await self._edit(by)


@pytest.mark.parametrize("seed", range(4))
async def test_each_act_of_any_kind_is_taken_back_to_where_it_began(community: Community, seed: int) -> None:
    admin = Admin(community, seed)
    seen = []
    for _n in range(ACTS):
        seen.append(await admin.state())
        await admin.act()
    for before in reversed(seen):
        assert await community.undo.last(GUILD, admin.by())
        assert await admin.state() == before
    assert await community.undo.last(GUILD, admin.by()) == []


async def test_what_the_bot_did_by_itself_is_nobodys_act(community: Community) -> None:
    """Who takes back their last change does not want a channel posted to that the bot has found closed."""
    record = await community.schedules.add(schedule(), BY)
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light"), BY)
    for _n in range(3):
        await community.schedules.failed(record.what, CHANNEL, "no_access", By(None, NOW + MINUTE))
    (taken,) = await community.undo.last(GUILD, LATER)
    assert taken.subject == "settings"
    (still,) = await community.schedules.of_guild(GUILD)
    assert (still.state, still.reason) == ("paused", "no_access")


async def test_the_act_of_somebody_who_was_forgotten_can_be_taken_back(community: Community) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light"), By(MEMBER, NOW, new_id()))
    await community.privacy.forget_person(MEMBER)
    (taken,) = await community.undo.last(GUILD, LATER)
    assert (taken.user_id, taken.subject) == (None, "settings")
    assert (await community.guilds.get(GUILD)).theme == "dark"
