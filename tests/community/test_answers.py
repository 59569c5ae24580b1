"""Public answers by the hour: one count for all processes, that no restart forgets."""

import asyncio
from datetime import timedelta

from bot.community.records import GuildSettings
from bot.community.store import Community
from tests.community.examples import BY, GUILD, MINUTE, NOW, OTHER_GUILD

HOUR = timedelta(hours=1)


async def test_an_hour_has_so_many_and_no_more(community: Community) -> None:
    first, second = [await community.answers.take(GUILD, 2, NOW + n * MINUTE) for n in range(2)]
    assert first is not None
    assert second not in {None, first}
    assert await community.answers.take(GUILD, 2, NOW + 2 * MINUTE) is None
    assert await community.answers.take(OTHER_GUILD, 2, NOW + 2 * MINUTE) is not None


async def test_the_hour_slides(community: Community) -> None:
    """The first answer is forgotten an hour after it was given, to the second; the second a minute later."""
    for n in range(2):
        assert await community.answers.take(GUILD, 2, NOW + n * MINUTE)
    second = timedelta(seconds=1)
    assert await community.answers.take(GUILD, 2, NOW + HOUR - second) is None
    assert await community.answers.take(GUILD, 2, NOW + HOUR)
    assert await community.answers.take(GUILD, 2, NOW + HOUR + MINUTE - second) is None
    assert await community.answers.take(GUILD, 2, NOW + HOUR + MINUTE)


async def test_a_lower_limit_counts_at_once_and_a_higher_one_too(community: Community) -> None:
    for _n in range(3):
        assert await community.answers.take(GUILD, 3, NOW)
    assert await community.answers.take(GUILD, 1, NOW) is None
    assert await community.answers.take(GUILD, 4, NOW)


async def test_what_came_to_nothing_is_given_back(community: Community) -> None:
    taken = await community.answers.take(GUILD, 1, NOW)
    assert taken is not None
    assert await community.answers.take(GUILD, 1, NOW) is None
    await community.answers.give_back(taken)
    await community.answers.give_back(taken)  # twice is once
    assert await community.answers.take(GUILD, 1, NOW)
    assert await community.answers.take(GUILD, 1, NOW) is None


async def test_a_restart_forgets_nothing(community: Community, migrated_url: str) -> None:
    assert await community.answers.take(GUILD, 1, NOW)
    async with Community(migrated_url) as another:
        assert await another.answers.take(GUILD, 1, NOW + MINUTE) is None
        assert await another.answers.take(GUILD, 1, NOW + HOUR)


async def test_many_at_once_from_two_processes_never_exceed_it(community: Community, migrated_url: str) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, hourly_cap=7), BY)
    async with Community(migrated_url) as another:
        asked = [(community, another)[n % 2].answers.take(GUILD, 7, NOW) for n in range(30)]
        taken = [one for one in await asyncio.gather(*asked) if one is not None]
    assert len(taken) == len(set(taken)) == 7
