"""Forms as Discord takes them, where the library makes none or would send one twice."""

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot.jobs.publishing import Unsettled


class Once(list[dict[str, Any]]):
    """A form that the library may read once: its own retry of something that has no nonce must not happen."""

    def __init__(self, fields: Sequence[dict[str, Any]]) -> None:
        super().__init__(fields)
        self._read = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self._read:
            raise Unsettled("Discord did not say whether it took the post")
        self._read = True
        return super().__iter__()


def without_files(payload: Any) -> list[dict[str, Any]]:
    """Return a form without files; its type makes the library send it in parts all the same, as Discord wants it."""
    return [{"name": "payload_json", "value": discord.utils._to_json(payload), "content_type": "application/json"}]
