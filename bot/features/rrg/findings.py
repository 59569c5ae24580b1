"""Where each fund stands on the rotation graph, now and eight weeks ago."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.rotation import (
    MOMENTUM_CHANGE,
    MOMENTUM_SESSIONS,
    RATIO_SESSIONS,
    SMOOTHING,
    TAIL_WEEKS,
    quadrant,
    relative_strength,
    rotation_graph,
    tail,
)
from bot.errors import BadInput, NotEnoughHistory, NoTotalReturn, UnknownSymbol, UserError
from bot.features.priced import total_return_by_then
from bot.features.rrg.request import DEFAULTS, RrgRequest
from bot.features.sides import stored
from bot.i18n import gettext as _
from bot.market.dataset import Dataset

SESSIONS_NEEDED = RATIO_SESSIONS + SMOOTHING + MOMENTUM_CHANGE + MOMENTUM_SESSIONS - 2
STAND_INS = {"MDY": "RSP"}  # of what is asked by default and may not be stored


@dataclass(frozen=True, slots=True)
class Place:
    """A fund on the graph. ``path``: the last sessions of eight weeks; ``before``: its quadrant eight weeks ago."""

    symbol: str
    ratio: float
    momentum: float
    quadrant: str
    before: str | None
    path: pd.DataFrame

    @property
    def day(self) -> date:
        """The session the place is of."""
        return pd.Timestamp(self.path.index[-1]).date()


@dataclass(frozen=True, slots=True)
class Findings:
    """Places in the order asked; ``without`` are symbols without a place, with their first day if they had one.

    ``still`` are those of them that are old enough, but did not move against the benchmark; ``refused`` says why
    others, that are not on the graph at all, have no total returns.
    """

    benchmark: str
    places: tuple[Place, ...]
    without: dict[str, date | None]
    still: tuple[str, ...]
    replaced: dict[str, str]
    refused: tuple[str, ...]


def find(request: RrgRequest, dataset: Dataset) -> Findings:
    """Compute the graph.

    Raises what the dataset raises for the benchmark, or where no symbol has total returns; BadInput for no symbol.
    """
    benchmark = stored(request.benchmark, dataset)
    symbols, replaced = _symbols(request.symbols, benchmark, dataset)
    base = dataset.total_return(benchmark)
    places: list[Place] = []
    without: dict[str, date | None] = {}
    still: list[str] = []
    refused: list[UserError] = []
    for symbol in symbols:
        try:
            series = total_return_by_then(symbol, dataset, optional=(*DEFAULTS, *STAND_INS.values()))
        except (UnknownSymbol, NoTotalReturn) as reason:
            refused.append(reason)
            continue
        place = None if series is None else _place(symbol, rotation_graph(relative_strength(series, base)))
        if place is not None:
            places.append(place)
        else:
            without[symbol] = None if series is None else pd.Timestamp(series.index[0]).date()
            if series is not None and len(series.index.intersection(base.index)) >= SESSIONS_NEEDED:
                still.append(symbol)
    if len(refused) == len(symbols):
        raise refused[-1]
    told = tuple(reason.text() for reason in refused)
    return Findings(benchmark, tuple(places), without, tuple(still), replaced, told)


def _symbols(asked: tuple[str, ...], benchmark: str, dataset: Dataset) -> tuple[list[str], dict[str, str]]:
    replaced = {}
    found = []
    for symbol in (stored(one, dataset) for one in asked):
        stand_in = STAND_INS.get(symbol)
        if stand_in and not _is_stored(symbol, dataset):
            replaced[symbol] = stand_in
            found.append(stand_in)
        else:
            found.append(symbol)
    kept = [symbol for symbol in dict.fromkeys(found) if symbol != benchmark]
    if not kept:
        raise BadInput(_("A fund cannot be compared with itself: name one besides {fund}.").format(fund=benchmark))
    return kept, replaced


def _is_stored(symbol: str, dataset: Dataset) -> bool:
    """Return whether a symbol has prices, on this day or later."""
    try:
        dataset.basis(symbol)
    except NotEnoughHistory:
        return True
    except UnknownSymbol:
        return False
    return True


def _place(symbol: str, graph: pd.DataFrame) -> Place | None:
    if graph.empty:
        return None
    now = graph.iloc[-1]
    earlier = graph[graph.index <= graph.index[-1] - pd.DateOffset(weeks=TAIL_WEEKS)]
    before = None if earlier.empty else quadrant(*earlier.iloc[-1])
    return Place(symbol, float(now["ratio"]), float(now["momentum"]), quadrant(*now), before, tail(graph))
