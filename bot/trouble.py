"""What can be wrong with the machine beneath a database, as one sentence for the operator instead of a traceback."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import DatabaseUnusable
from bot.i18n import gettext as _
from bot.log import first_line

_log = logging.getLogger(__name__)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BARRED = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EIO,
})  # fmt: skip


class Full(DatabaseUnusable):
    """There is no room left."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("The disk is full. What was stored stays; make room, then run it again.")


class Busy(DatabaseUnusable):
    """Another program holds the database."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("Another program holds the {part} database. Close that, then run it again.").format(part=self.part)


class Unwritable(DatabaseUnusable):
    """Files or folders may not be written."""

    def text(self) -> str:
        """Say so, and what to do."""
        return _("The data folder cannot be written: check data.folder and who owns it.")


class Damaged(DatabaseUnusable):
    """The file is no database, or no longer a sound one."""

    def text(self) -> str:
        """Say so, and what to do."""
        said = _("The {part} database is damaged: put back a copy, or move the file away and begin anew.")
        return said.format(part=self.part)


_BY_CODE: tuple[tuple[str, type[DatabaseUnusable]], ...] = (
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
def as_unusable(part: str = "market", *, whatever: bool = False) -> Iterator[None]:
    """Turn trouble with a part's database or folder into DatabaseUnusable; faults of ours pass as they are.

    ``whatever`` the driver says else is trouble too: for migrations, which meet tables that are not as they were left.
    """
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", None) or error
        kind = _kind(error, cause) or (DatabaseUnusable if whatever and cause is not error else None)
        if kind is None:
            raise
        _log.debug("the %s database cannot be used", part, exc_info=error)
        raise kind(part, first_line(cause)) from error


def _kind(error: Exception, cause: BaseException) -> type[DatabaseUnusable] | None:
    if isinstance(error, OSError):
        return Full if error.errno in _FULL else Unwritable if error.errno in _BARRED else None
    if (code := getattr(cause, "sqlite_errorname", None)) is not None:
        return next((kind for start, kind in _BY_CODE if code.startswith(start)), None)
    if cause is error:  # nothing of a database's driver
        return None
    if getattr(cause, "sqlstate", None) == "53100":  # PostgreSQL's; none where it was not reached at all
        return Full
    out_of_reach = getattr(error, "connection_invalidated", False) or type(error).__name__ == "OperationalError"
    return DatabaseUnusable if out_of_reach else None
