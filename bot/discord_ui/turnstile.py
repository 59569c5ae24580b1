"""Keeping to what Discord lets a bot ask in a second, over all channels."""

import asyncio
from collections import deque

SPARE = 1  # so many more may pass in a second, to make up for what a stall has held up


class Turnstile:
    """Lets so many through a second, evenly and in the order of asking.

    Turns that a stall of the loop has held up are made up for, but no second sees more than ``SPARE`` beyond the pace:
    Discord counts over any second.
    """

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._next = 0.0
        self._passed: deque[float] = deque(maxlen=int(per_second) + SPARE)
        self._queue = asyncio.Lock()

    async def pass_through(self, door: asyncio.Event | None = None) -> None:
        """Wait for one's turn; while the door is closed, nobody's comes.

        Discord shuts a bot out that was too fast: whoever passed meanwhile would storm it together when it opens.
        """
        clock = asyncio.get_running_loop().time
        asked = clock()
        async with self._queue:
            turn = max(asked, self._next)
            self._next = turn + self._interval
            if len(self._passed) == self._passed.maxlen:
                turn = max(turn, self._passed[0] + 1.0)
            if (wait := turn - clock()) > 0:
                await asyncio.sleep(wait)
            if door is not None and not door.is_set():
                await door.wait()
                self._next = clock() + self._interval
            self._passed.append(clock())
