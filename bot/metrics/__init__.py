"""The catalogue of metrics: what every figure means, in words for people, found by its id.

One module an area, each with ``metrics() -> tuple[Metric, ...]``. Texts are made when asked for, in the
active language. Stats name their definition in ``Stat.metric``; explanations and the docs print it.
"""

import importlib
import pkgutil

from bot.metrics.metric import Metric

__all__ = ["Metric", "areas", "catalogue", "metric"]


def areas() -> tuple[str, ...]:
    """Return the names of the areas, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "metric"))


def catalogue() -> dict[str, Metric]:
    """Return all definitions by id in the active language. Raises ValueError if an id is taken twice."""
    found: dict[str, Metric] = {}
    for area in areas():
        for definition in importlib.import_module(f"{__name__}.{area}").metrics():
            if definition.id in found:
                raise ValueError(f"the metric {definition.id} is defined twice")
            found[definition.id] = definition
    return found
