"""Every field of everything that is set, through the store, through a file and back: none is lost on the way."""

import json
import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.community.alert_records import AlertSettings
from bot.community.plain import as_plain, from_plain
from bot.community.records import (
    MAX_DELAY_MINUTES,
    NTH,
    WEEKDAYS,
    By,
    Cadence,
    ChannelSettings,
    Destination,
    GuildSettings,
    Schedule,
)
from bot.community.setup_file import Setup, as_file, channels_named, from_file
from bot.community.store import Community
from bot.community.tables import guilds
from tests.community.examples import ADMIN, BY, CHANNEL, GUILD, MINUTE, NOW, OTHER_CHANNEL, OTHER_GUILD
from tests.community.test_guilds import FULL

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a slow machine too
LATER = By(ADMIN, NOW + MINUTE)
NOT_CARRIED = {"guild_id", "owner_user_id", "left_at", "paused_until"}
ROLES = {"admin_roles", "mention_role_id", "log_role_id"}
IDS = st.integers(1, 2**63 - 1)
TIMES = st.times().map(lambda t: t.replace(microsecond=0))
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CADENCES = st.one_of(
    st.builds(
        Cadence, kind=st.just("weekly"), at=TIMES, weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
        holidays=st.sampled_from(["skip", "before", "after"]),
    ),
    st.builds(
        Cadence, kind=st.just("monthly"), at=TIMES, weekdays=st.sampled_from(WEEKDAYS).map(lambda d: (d,)),
        nth=st.sampled_from(NTH), holidays=st.sampled_from(["skip", "before", "after"]),
    ),
    st.builds(
        Cadence, kind=st.sampled_from(["session", "finra", "fomc"]), at=st.none() | TIMES,
        delay_minutes=st.integers(0, MAX_DELAY_MINUTES),
    ),
)  # fmt: skip
PLACES = st.builds(
    Destination, channel_id=IDS, kind=st.sampled_from(["text", "thread", "forum", "announcement"]),
    crosspost=st.booleans(), pin=st.booleans(), dashboard=st.booleans(), tags=st.lists(IDS, max_size=3).map(tuple),
    failures=st.integers(0, 3), paused_reason=st.none() | st.just("refused"),
)  # fmt: skip
WORDS = st.text("aé“<@\\ \"'{", max_size=9)
SCHEDULES = st.builds(
    Schedule, guild_id=st.just(GUILD), content=st.sampled_from(["weekly", "rotation"]), cadence=CADENCES,
    destinations=st.lists(PLACES, min_size=1, max_size=3, unique_by=lambda p: p.channel_id).map(tuple),
    request=st.dictionaries(st.sampled_from(["window", "fund"]), WORDS),
    mention=st.sampled_from(["none", "role", "everyone"]), mention_role_id=st.none() | IDS,
    state=st.sampled_from(["active", "paused"]), reason=st.none() | st.just("no_access"), notice_pending=st.booleans(),
    author_user_id=st.none() | IDS, created_at=MOMENTS, next_due_at=st.none() | MOMENTS,
)  # fmt: skip


@UNHURRIED
@given(SCHEDULES)
def test_a_schedule_survives_json(record: Schedule) -> None:
    assert from_plain(Schedule, json.loads(json.dumps(as_plain(record)))) == record


def _forty() -> list[Schedule]:
    made: list[Schedule] = []

    @given(SCHEDULES)
    @settings(UNHURRIED, max_examples=40)
    def draw(record: Schedule) -> None:
        made.append(record)

    draw()
    return made


async def test_any_schedule_comes_back_from_the_store_as_it_went_in(migrated_sqlite: Path, tmp_path: Path) -> None:
    async with Community(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'any.db')}") as community:
        made = _forty()
        for record in made:
            await community.schedules.add(record, BY)
        stored = {one.id: one for one in await community.schedules.of_guild(GUILD)}
    assert [stored[record.id] for record in made] == made
    assert len(made) > 20


def empty(guild_id: int = GUILD) -> Setup:
    return Setup(settings=GuildSettings(guild_id=guild_id), alert_settings=AlertSettings(guild_id=guild_id))


@pytest.mark.parametrize("name", [field.name for field in fields(GuildSettings) if field.name != "guild_id"])
async def test_each_setting_of_a_server_is_kept_alone_and_carried_by_a_file(on_sqlite: Community, name: str) -> None:
    value = {"digest_over": None, "left_at": NOW}.get(name, getattr(FULL, name))
    one = replace(GuildSettings(guild_id=GUILD), **{name: value})
    assert one != GuildSettings(guild_id=GUILD), "the example has to differ"
    await on_sqlite.guilds.save(one, BY)
    assert await on_sqlite.guilds.get(GUILD) == one
    file = json.loads(json.dumps(as_file(await on_sqlite.transfer.current(GUILD))))
    here = {channel: channel for channel in channels_named(file)}
    carried = from_file(file, empty(), here, LATER).settings
    assert carried == (one if name not in NOT_CARRIED else GuildSettings(guild_id=GUILD))
    elsewhere = from_file(file, empty(OTHER_GUILD), {CHANNEL: 3, OTHER_CHANNEL: 4}, LATER).settings
    if name in NOT_CARRIED | ROLES:
        assert elsewhere == GuildSettings(guild_id=OTHER_GUILD)
    else:
        moved = {"allowed_channels": (3, 4), "log_channel_id": 4}.get(name, value)
        assert elsewhere == replace(GuildSettings(guild_id=OTHER_GUILD), **{name: moved})


@pytest.mark.parametrize(
    ("name", "value"),
    [("language", "es"), ("theme", "light"), ("command_mode", "thread"), ("allowed_commands", ("highs", "years"))],
)
async def test_each_setting_of_a_channel_is_kept_alone_and_carried_by_a_file(
    on_sqlite: Community, name: str, value: Any
) -> None:
    own = replace(ChannelSettings(guild_id=GUILD, channel_id=CHANNEL), **{name: value})
    await on_sqlite.guilds.save_channel(own, BY)
    assert await on_sqlite.guilds.channel(GUILD, CHANNEL) == own
    file = json.loads(json.dumps(as_file(await on_sqlite.transfer.current(GUILD))))
    (moved,) = from_file(file, empty(OTHER_GUILD), {CHANNEL: 3}, LATER).channels
    assert moved == replace(own, guild_id=OTHER_GUILD, channel_id=3)
    await on_sqlite.guilds.save_channel(ChannelSettings(guild_id=GUILD, channel_id=CHANNEL), LATER)
    assert await on_sqlite.guilds.channels(GUILD) == []


def test_every_field_of_a_channel_is_tried_above() -> None:
    tried = {"language", "theme", "command_mode", "allowed_commands"}
    assert {field.name for field in fields(ChannelSettings)} == tried | {"guild_id", "channel_id"}


@UNHURRIED
@given(SCHEDULES)
def test_a_schedule_is_carried_with_all_that_was_set_and_nothing_of_how_it_goes(record: Schedule) -> None:
    file = json.loads(json.dumps(as_file(replace(empty(), schedules=(record,)))))
    here = {place.channel_id: place.channel_id for place in record.destinations}
    (back,) = from_file(file, empty(), here, LATER).schedules
    places = tuple(replace(place, failures=0, paused_reason=None) for place in record.destinations)
    own = {"reason": None, "notice_pending": False, "created_at": None, "next_due_at": None, "next_period": None}
    assert back == replace(record, destinations=places, author_user_id=ADMIN, **own)


@pytest.mark.parametrize("delay", [0, MAX_DELAY_MINUTES])
def test_a_delay_at_its_border_is_one(delay: int) -> None:
    assert Cadence(kind="session", delay_minutes=delay).delay_minutes == delay


@pytest.mark.parametrize("nth", [0, 5, -2, None])
@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_no_month_has_such_a_day_for_sure(nth: int | None, weekday: int) -> None:
    with pytest.raises(ValueError, match="which of the month"):
        Cadence(kind="monthly", weekdays=(weekday,), nth=nth, at=time(9))


@pytest.mark.parametrize("days", [(-1,), (7,), (0, 9), (4.5,)])
def test_a_day_that_no_week_has_is_refused_for_every_cadence(days: tuple[Any, ...]) -> None:
    for kind in ("weekly", "monthly", "session"):
        with pytest.raises(ValueError, match="0 \\(Monday\\) to 6"):
            Cadence(kind=kind, weekdays=days, at=time(9), nth=1)  # type: ignore[arg-type]


def test_a_naive_moment_is_never_stored() -> None:
    with pytest.raises(ValueError, match="aware"):
        guilds.c.left_at.type.process_bind_param(NOW.replace(tzinfo=None), sqlite.dialect())
