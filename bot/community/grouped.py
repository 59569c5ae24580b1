"""Many small writes in few transactions: each commit waits for the disk, whether it holds one row or fifty."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 100  # items in one transaction: other writers get their turn in between


class Grouped(Generic[Item, Result]):
    """Hands over together whatever was asked for while the group before was being written.

    ``write`` is given several items and returns a result for each, in their order, after its commit: nobody is
    answered before what they asked for is on the disk. A group that fails is written again one by one, so that one
    item's fault is not the others'. Whoever stops waiting changes nothing: what was asked for is written.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._asked: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Write one item. Raises what ``write`` raises for it alone."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._asked.append((item, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="grouped writes")
        return await answer

    async def settle(self) -> None:
        """Wait until everything that was asked for is written: before the database is closed."""
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write_all(self) -> None:
        try:
            while self._asked:
                group, self._asked = self._asked[:MOST], self._asked[MOST:]
                await self._write_group(group)
        finally:
            self._writing = None

    async def _write_group(self, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write([item for item, _answer in group])
        except Exception as fault:  # noqa: BLE001  (whatever it is, it is raised where it was asked for)
            if len(group) > 1:
                for one in group:
                    await self._write_group([one])
                return
            ((_item, answer),) = group
            if not answer.done():
                answer.set_exception(fault)
            return
        for (_item, answer), result in zip(group, results, strict=True):
            if not answer.done():
                answer.set_result(result)
