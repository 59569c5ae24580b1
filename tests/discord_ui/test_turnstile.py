"""So many a second, whatever the loop is held up by."""

import asyncio
import time

from bot.discord_ui.turnstile import SPARE, Turnstile


async def test_the_turnstile_lets_so_many_through_a_second() -> None:
    loop = asyncio.get_running_loop()
    turnstile = Turnstile(200)
    begun = loop.time()
    times = []
    for _n in range(21):
        await turnstile.pass_through()
        times.append(loop.time() - begun)
    assert 0.1 <= times[-1] < 0.3
    assert times[0] < 0.01


async def test_what_a_stall_held_up_is_made_up_for_and_no_second_sees_too_many() -> None:
    """The loop stands still for a fifth of the time: the pace holds all the same, and Discord's second too."""
    loop = asyncio.get_running_loop()
    turnstile, passed = Turnstile(100), list[float]()

    async def one() -> None:
        await turnstile.pass_through()
        passed.append(loop.time())

    async def stalls() -> None:
        while True:
            await asyncio.sleep(0.2)
            time.sleep(0.05)  # noqa: ASYNC251  (that is what is tested)

    stalling = asyncio.create_task(stalls())
    await asyncio.gather(*(one() for _n in range(151)))
    stalling.cancel()
    assert passed[-1] - passed[0] < 1.5 + 0.35
    assert max(sum(start <= at < start + 1 for at in passed) for start in passed) <= 100 + SPARE


async def test_a_rest_is_not_saved_up_for_a_burst() -> None:
    loop = asyncio.get_running_loop()
    turnstile = Turnstile(50)
    await turnstile.pass_through()
    await asyncio.sleep(0.3)
    begun = loop.time()
    for _n in range(6):
        await turnstile.pass_through()
    assert loop.time() - begun >= 5 / 50 - 0.001


async def test_nobody_passes_a_closed_door_and_nobody_storms_it_when_it_opens() -> None:
    loop = asyncio.get_running_loop()
    turnstile, door, passed = Turnstile(100), asyncio.Event(), list[float]()

    async def one() -> None:
        await turnstile.pass_through(door)
        passed.append(loop.time())

    passing = [asyncio.create_task(one()) for _n in range(20)]
    await asyncio.sleep(0.15)
    assert passed == []
    door.set()
    opened = loop.time()
    await asyncio.gather(*passing)
    assert passed[-1] - opened >= 18 / 100
    assert sum(at < opened + 0.05 for at in passed) <= 8
