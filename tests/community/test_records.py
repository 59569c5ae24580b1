from datetime import time
from typing import Any

import pytest
from pydantic import ValidationError

from bot.community.plain import as_plain, from_plain
from bot.community.records import Cadence, Destination, GuildSettings, Schedule, known_zone, new_id
from bot.community.tables import deliveries, guilds
from tests.community.examples import ADMIN, CHANNEL, GUILD, NOW, schedule

NINE = time(9)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "weekly", "at": NINE}, "weekdays"),
        ({"kind": "weekly", "weekdays": (0,)}, "a time"),
        ({"kind": "weekly", "weekdays": (7,), "at": NINE}, "0 \\(Monday\\)"),
        ({"kind": "monthly", "weekdays": (0, 1), "nth": 1, "at": NINE}, "one weekday"),
        ({"kind": "monthly", "weekdays": (0,), "nth": 5, "at": NINE}, "which of the month"),
        ({"kind": "monthly", "weekdays": (0,), "at": NINE}, "which of the month"),
        ({"kind": "session", "delay_minutes": 721}, "720"),
        ({"kind": "fomc", "delay_minutes": -1}, "720"),
    ],
)
def test_a_cadence_that_means_nothing_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Cadence(**fields)


def test_a_schedule_posts_at_least_once_somewhere_and_once_in_each_channel() -> None:
    with pytest.raises(ValueError, match="at least one"):
        schedule(channels=())
    with pytest.raises(ValueError, match="each once"):
        schedule(channels=(CHANNEL, CHANNEL))


def test_a_zone_has_to_exist() -> None:
    assert known_zone("America/New_York")
    assert not known_zone("Mars/Olympus")
    with pytest.raises(ValueError, match="Mars/Olympus"):
        GuildSettings(guild_id=1, zone="Mars/Olympus")


def test_records_survive_json_and_faults_are_named() -> None:
    record = schedule(
        author_user_id=ADMIN,
        created_at=NOW,
        request={"window": "6m"},
        destinations=(Destination(channel_id=CHANNEL, kind="forum", tags=(7, 8)),),
    )
    assert from_plain(Schedule, as_plain(record)) == record
    with pytest.raises(ValidationError, match="cadence"):
        from_plain(Schedule, {**as_plain(record), "cadence": {"kind": "hourly"}})
    with pytest.raises(TypeError):
        as_plain({"not": "a record"})


def test_ids_are_fresh_and_fit_a_nonce() -> None:
    ids = {new_id() for _n in range(1000)}
    assert len(ids) == 1000
    assert max(map(len, ids)) <= 25


def test_settings_and_rows_have_the_same_fields() -> None:
    assert {c.name for c in guilds.c} == set(as_plain(GuildSettings(guild_id=GUILD)))
    from bot.community.deliveries import Delivery

    assert {c.name for c in deliveries.c} == set(Delivery.__dataclass_fields__)
