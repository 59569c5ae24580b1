"""What can be wrong with the machine below the store, as one sentence for the operator instead of a traceback."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.errors import UserError
from bot.i18n import gettext as _

_log = logging.getLogger(__name__)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BARRED = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EIO,
})  # fmt: skip


class StoreTrouble(UserError):
    """The store cannot be used as it is; what was stored before stays as it was."""

    def text(self) -> str:
        """Say that it cannot be reached."""
        return _("The database cannot be reached: check its address and that it runs.")


class Full(StoreTrouble):
    """There is no room left."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("The disk is full. What was stored stays; make room, then run it again.")


class Busy(StoreTrouble):
    """Another program holds the database."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("Another program holds the database. Close that, then run it again.")


class Unwritable(StoreTrouble):
    """Files or folders may not be written."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("The data folder cannot be written: check data.folder and who owns it.")


class Damaged(StoreTrouble):
    """The file is no database, or no longer a sound one."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("The database is damaged: put back a copy, or move the file away and begin anew.")


_BY_CODE: tuple[tuple[str, type[StoreTrouble]], ...] = (
    ("SQLITE_FULL", Full),
    ("SQLITE_BUSY", Busy),
    ("SQLITE_LOCKED", Busy),
    ("SQLITE_READONLY", Unwritable),
    ("SQLITE_CANTOPEN", Unwritable),
    ("SQLITE_PERM", Unwritable),
    ("SQLITE_IOERR", Unwritable),
    ("SQLITE_CORRUPT", Damaged),
    ("SQLITE_NOTADB", Damaged),
)


@contextmanager
def explained() -> Iterator[None]:
    """Turn trouble with the database or its folder into a StoreTrouble; faults of ours pass as they are."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        found = _trouble(error)
        if found is None:
            raise
        _log.warning("the store cannot be used", exc_info=error)
        raise found from error


def _trouble(error: DBAPIError | OSError) -> StoreTrouble | None:
    if isinstance(error, OSError):
        return Full() if error.errno in _FULL else Unwritable() if error.errno in _BARRED else None
    code = getattr(error.orig, "sqlite_errorname", None)
    if code is not None:
        return next((kind() for start, kind in _BY_CODE if code.startswith(start)), None)
    state = getattr(error.orig, "sqlstate", None)  # PostgreSQL's; none where it was not reached at all
    if state == "53100":
        return Full()
    reached = not error.connection_invalidated and type(error).__name__ != "OperationalError"
    return None if reached else StoreTrouble()
