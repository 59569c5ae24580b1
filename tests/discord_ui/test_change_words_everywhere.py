"""Every kind of change there can be, done for real and read from the log: whole sentences, no code, no raw data."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot import i18n
from bot.community.alert_records import AlertSettings
from bot.community.records import By, Cadence, ChannelSettings, Destination, GuildSettings
from bot.community.store import Community
from bot.discord_ui.change_words import entry_words, value_words
from bot.jobs import reasons
from tests.community.conftest import migrated_sqlite, on_sqlite
from tests.community.examples import BY, CHANNEL, GUILD, MEMBER, MINUTE, NOW, OTHER_CHANNEL, alert, schedule

__all__ = ["migrated_sqlite", "on_sqlite"]

BOT = By(None, NOW)
PLACE = Destination(channel_id=OTHER_CHANNEL, pin=True, dashboard=True)
CODES = sorted(v for name, v in vars(reasons).items() if name.isupper() and not name.startswith("_"))
RAW = re.compile(r"[{}\[\]]|\bNone\b|\bTrue\b|\bFalse\b|[a-z]\\?_[a-z]|T\d\d:\d\d|datetime")
Deed = Callable[[Community], Awaitable[object]]


def _settings() -> Iterator[tuple[str, Deed]]:
    own = GuildSettings(guild_id=GUILD)
    changes = {
        "zone": "Asia/Tokyo", "language": "es", "theme": "light", "allowed_channels": (CHANNEL, OTHER_CHANNEL),
        "admin_roles": (9,), "mention_role_id": 8, "mentions_per_day": 3, "hourly_cap": 30, "auto_delete_hours": 12,
        "quiet_from": time(22, 30), "quiet_to": time(6), "paused_until": NOW + timedelta(days=1),
        "log_channel_id": CHANNEL, "log_role_id": 7, "digest_over": None, "owner_user_id": MEMBER,
    }  # fmt: skip
    for field, value in changes.items():
        yield f"settings.{field}", lambda c, f=field, v=value: c.guilds.save(replace(own, **{f: v}), BY)  # type: ignore[misc]
    channel = ChannelSettings(guild_id=GUILD, channel_id=CHANNEL)
    for field, plain in {
        "language": "es",
        "theme": "light",
        "command_mode": "off",
        "allowed_commands": ("highs",),
    }.items():
        made = replace(channel, **{field: plain})  # type: ignore[arg-type]
        yield f"channel.{field}", lambda c, m=made: c.guilds.save_channel(m, BY)  # type: ignore[misc]
    for limits in (AlertSettings(guild_id=GUILD, private_allowed=True), AlertSettings(guild_id=GUILD, per_hour=3)):
        yield f"alerts.{limits.per_hour}", lambda c, m=limits: c.alerts.save_settings(m, BY)  # type: ignore[misc]
    for blocked in (MEMBER, "GME"):
        yield f"block.{blocked}", lambda c, b=blocked: c.guilds.block(GUILD, b, BY)  # type: ignore[misc]


def _posts() -> Iterator[tuple[str, Deed]]:
    changes = {
        "content": "highs", "request": {"window": "1y"}, "cadence": Cadence(kind="fomc"), "destinations": (PLACE,),
        "mention": "role", "mention_role_id": 9, "author_user_id": MEMBER,
    }  # fmt: skip
    for field, value in changes.items():

        async def edited(c: Community, f: str = field, v: object = value) -> None:
            record = await c.schedules.add(schedule(), BY)
            await c.schedules.save(replace(record, **{f: v}), BY)  # type: ignore[arg-type]

        yield f"schedule.{field}", edited

    async def removed(c: Community) -> None:
        await c.schedules.remove(await c.schedules.add(schedule(), BY), BY)

    async def failed(c: Community) -> None:
        record = await c.schedules.add(schedule(), BY)
        for _n in range(3):
            await c.schedules.failed(record.what, CHANNEL, reasons.UNKNOWN_CHANNEL, BOT)

    yield "schedule.removed", removed
    yield "schedule.failed", failed


def _watching() -> Iterator[tuple[str, Deed]]:
    async def moved(c: Community) -> None:
        record = await c.alerts.add(alert(), BY)
        await c.alerts.save(replace(record, channel_id=OTHER_CHANNEL, mention_role_id=9), BY)

    async def snoozed(c: Community) -> None:
        await c.alerts.snooze(await c.alerts.add(alert(), BY), NOW + MINUTE, BY)

    async def gone(c: Community) -> None:
        await c.alerts.remove(await c.alerts.add(alert(), BY), BY)

    async def taken_back(c: Community) -> None:
        await c.alerts.pause(await c.alerts.add(alert(), BY), BY)
        assert await c.undo.last(GUILD, BY)

    yield from {
        "alert.moved": moved,
        "alert.snoozed": snoozed,
        "alert.removed": gone,
        "alert.undone": taken_back,
    }.items()


EVERY = [*_settings(), *_posts(), *_watching()]


@pytest.mark.parametrize("do", [pytest.param(do, id=name) for name, do in EVERY])
async def test_a_change_is_told_whole_and_without_raw_data(on_sqlite: Community, do: Deed) -> None:
    await do(on_sqlite)
    entries = await on_sqlite.audit.entries(GUILD)
    assert entries
    told = {language: [] for language in i18n.LANGUAGES}  # type: dict[str, list[str]]
    for language, lines in told.items():
        with i18n.use(language):
            lines += [entry_words(entry) for entry in entries]
    for text in told["en"]:
        head, *changes = text.replace(r"\_", "_").split("\n")
        assert re.match(r"<t:\d+:f> (<@\d+>|I myself) (added|changed|removed|took back) \*\*.+\*\*$", head)
        assert all(re.match(r"-# [A-Z][^:→]*: .+ → .+$", line) for line in changes)
        assert changes or " changed " not in head
    shown = "\n".join(told["en"] + told["es"]).replace(r"\_", "_")
    assert not RAW.search(shown.replace("Asia/Tokyo", "").replace("America/New_York", "")), shown
    assert told["en"] != told["es"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_reason_is_told_in_a_sentence(code: str, language: str) -> None:
    with i18n.use(language):
        said = value_words("reason", code)
    assert said != code
    assert len(said.split()) > 2
    assert said.endswith((".", "…"))
    assert said[0].isupper()


def test_every_code_for_a_reason_is_covered() -> None:
    source = Path(reasons.__file__).read_text(encoding="utf-8")
    assert len(CODES) == len(re.findall(r'^[A-Z_]+ = "[a-z_]+"$', source, re.MULTILINE)) > 20


def test_a_state_is_told_in_the_readers_language() -> None:
    with i18n.use("es"):
        assert [value_words("state", state) for state in ("active", "paused")] == ["activo", "en pausa"]


def test_a_reason_of_another_version_is_shown_as_it_is() -> None:
    assert value_words("reason", "of **old**") == r"of \*\*old\*\*"
