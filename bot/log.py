"""Logging: one line an event, with server, command and error id where known; secrets never."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

origin: ContextVar[str] = ContextVar("origin", default="")
"""Where the work at hand comes from, for instance ``guild 1 /rotation``."""

_TOKEN = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
_PASSWORD = re.compile(r"(://[^:/@\s]+:)[^@\s]+(@)")


def redacted(text: str) -> str:
    """Return the text with everything that looks like a Discord token or a database password blanked."""
    return _PASSWORD.sub(r"\1***\2", _TOKEN.sub("***", text))


def first_line(error: object) -> str:
    """Return the first sentence of what a library says of its trouble, without secrets and without a full stop."""
    return redacted(str(error).strip().partition("\n")[0].rstrip(".").strip())


class TextFormatter(logging.Formatter):
    """Moment, level, logger, origin and message on one line; the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        where = f" [{origin.get()}]" if origin.get() else ""
        line = f"{moment} {record.levelname:<7} {record.name}{where}: {record.getMessage()}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return redacted(line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if origin.get():
            entry["origin"] = origin.get()
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return redacted(json.dumps(entry, ensure_ascii=False))


def configure(level: str = "INFO", style: str = "text", stream: TextIO | None = None) -> None:
    """Send the log of the whole process to ``stream`` (standard error) in the given style."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("discord").setLevel(max(logging.INFO, root.level))
    for talkative in ("apscheduler", "alembic"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, root.level))
