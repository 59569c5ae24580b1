"""One process at a time: a lock beside a file, which the system lets go of however its holder ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Another process holds the lock."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` while the body runs. Raises Held where somebody else does; no lock on Windows."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Held from error
        yield
