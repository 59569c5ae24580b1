"""The questions the bot answers: one folder each, found by name.

A folder holds ``request.py`` (``NameRequest``: plain data, all that the gateway imports), ``report.py``
(``build(request, dataset) -> Report`` and ``indicators() -> tuple of Indicator``) and, where there is a
picture, ``chart.py`` (``draw(data, theme) -> Figure``).
"""

import functools
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from bot.request import Request


@functools.cache
def names() -> tuple[str, ...]:
    """Return the names of all features, sorted: the folders that hold a report."""
    folders = (Path(place) / m.name for place in __path__ for m in pkgutil.iter_modules([place]) if m.ispkg)
    return tuple(sorted(folder.name for folder in folders if (folder / "report.py").is_file()))


@functools.cache
def request_type(name: str) -> type[Request]:
    """Return the request class of a feature; KeyError if there is no such feature."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{name}.request")
    found: type[Request] = getattr(module, f"{name.capitalize()}Request")
    return found


def report_module(name: str) -> ModuleType:
    """Import a feature's ``report`` module: in workers and the command line only, as it needs pandas."""
    return importlib.import_module(f"{__name__}.{name}.report")


def chart_module(name: str) -> ModuleType:
    """Import a feature's ``chart`` module: in workers and the command line only, as it needs matplotlib."""
    return importlib.import_module(f"{__name__}.{name}.chart")
