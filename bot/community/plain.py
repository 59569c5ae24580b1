"""Records as JSON-ready data and back, checked on the way in."""

from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

R = TypeVar("R")


@cache
def _adapter(record_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(record_type)


def as_plain(record: Any) -> dict[str, Any]:
    """Return a record as JSON-ready data: times as text, tuples as lists."""
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError("only records become plain data")
    plain: dict[str, Any] = _adapter(type(record)).dump_python(record, mode="json")
    return plain


def from_plain(record_type: type[R], plain: Any) -> R:
    """Return the record that ``plain`` describes. Raises pydantic's ValidationError, which names every fault."""
    key: Any = record_type  # classes are hashable, whatever their type says
    record: R = _adapter(key).validate_python(plain)
    return record
