"""SQLAlchemy's asyncio engine without the ORM, which its package brings along and nothing here uses.

The gateway would pay 6 MB for it, see docs/decisions/gateway-memory.md. The engine is the library's own, unchanged.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

_PACKAGE = "sqlalchemy.ext.asyncio"
_WANTED = ("AsyncConnection", "AsyncEngine", "create_async_engine")


def without_orm() -> None:
    """Register the asyncio package with its engine alone; does nothing where it is loaded already, whole or not."""
    if _PACKAGE in sys.modules:
        return
    above = importlib.import_module("sqlalchemy.ext")
    package = ModuleType(_PACKAGE)
    package.__path__ = [str(Path(folder) / "asyncio") for folder in above.__path__]
    sys.modules[_PACKAGE] = package
    engine = importlib.import_module(f"{_PACKAGE}.engine")
    for name in _WANTED:
        setattr(package, name, getattr(engine, name))
