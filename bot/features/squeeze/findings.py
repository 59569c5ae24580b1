"""What is found for the squeeze screen: members over the floors, their scores, and what is missing. No words."""

import functools
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot import i18n
from bot.analytics.size import cap_tier
from bot.analytics.squeeze import WEIGHTS, inputs, most_crowded, scores
from bot.errors import BadInput, MissingData
from bot.features.indices import INDEX_OF
from bot.features.short_members import lists, with_positions
from bot.features.shortinterest.findings import Dates, dates
from bot.features.squeeze.request import SqueezeRequest
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.universe import Members

CAP_FLOOR = 300e6  # below, a few trades move the price
VOLUME_FLOOR = 2e6  # dollars a day: below, nobody can cover quickly, crowded or not
LEAST_CONFIDENCE = WEIGHTS["short_of_float"] / 100  # the share of float alone, at the least


@dataclass(frozen=True, slots=True)
class Findings:
    """The screen. ``shown``: score, confidence, points and inputs of the rows asked for, highest first.

    ``ranked`` counts members over the floors, ``scored`` those of them with enough inputs to be shown, ``chosen``
    those that the filters left, ``hidden`` the blocked ones among those. ``absent``: components that no member has.
    """

    members: Members
    between: str | None
    dates: Dates
    shown: pd.DataFrame
    ranked: int
    ranked_weight: float
    scored: int
    chosen: int
    hidden: int
    absent: tuple[str, ...]
    caps: tuple[date, date]
    with_volume: bool


def find(request: SqueezeRequest, dataset: Dataset) -> Findings:
    """Compute the screen. MissingData before positions, members or caps are known; BadInput for an unknown sector."""
    index = INDEX_OF.get(request.index)
    if index is None:
        raise BadInput(_("{symbol} is not an index fund whose members I follow: try IWM or IWB.").format(
            symbol=request.index))  # fmt: skip
    when = dates(dataset)
    listed = lists(index, universe.indices(dataset), dataset, when.settlement)
    ranked, with_volume = over_floors(_frame(listed.members[0], dataset, when.settlement))
    if ranked.empty:
        dataset.market()  # raises MissingData with the first day of caps
        raise MissingData(_("Companies over the floors"), dataset.as_of)
    values = inputs(ranked)
    candidates = _scored(ranked, values)
    chosen = _chosen(candidates, request, listed.members[0].frame["sector"])
    allowed = chosen[~_blocked(chosen, request.without)]
    days = ranked["cap_date"]
    return Findings(
        members=listed.members[0],
        between=listed.words,
        dates=when,
        shown=most_crowded(allowed, request.n, LEAST_CONFIDENCE),
        ranked=len(ranked),
        ranked_weight=float(ranked["weight"].sum()),
        scored=len(candidates),
        chosen=len(chosen),
        hidden=len(chosen) - len(allowed),
        absent=tuple(name for name in WEIGHTS if values[name].isna().all()),
        caps=(days.min().date(), days.max().date()),
        with_volume=with_volume,
    )


@functools.lru_cache(maxsize=16)  # every symbol watched asks for the same days
def scores_of(index: str, dataset: Dataset) -> "pd.Series[float]":
    """Return the score of every member of an index that has one, by each of its tickers, as of the dataset's day.

    Empty where no member is over the floors. Raises MissingData before positions or members are known.
    """
    settlement = dates(dataset).settlement
    members = lists(index, universe.indices(dataset), dataset, settlement).members[0]
    ranked, _with_volume = over_floors(_frame(members, dataset, settlement))
    scored = _scored(ranked, inputs(ranked))
    found = {symbol: score for symbols, score in zip(scored["symbols"], scored["score"], strict=True)
             for symbol in symbols}  # fmt: skip
    return pd.Series(found, dtype=float)


def _scored(ranked: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Describe the ranked members with their scores and inputs; those without a stored float are left out."""
    described = ranked[["name", "sector", "symbols", "market_cap"]]
    scored = described.join(scores(values)).join(values.add_prefix("input_"))
    return scored[scored["input_short_of_float"].notna()]


def _frame(members: Members, dataset: Dataset, settlement: date) -> pd.DataFrame:
    """Return the members with positions, the one-month return where the snapshot has it, and no volume surge.

    No source stores daily volumes of all members: that component is missing for every one.
    """
    frame = with_positions(members, dataset, settlement)
    try:
        returns = universe.attach(members, dataset.snapshot().frame, ["return_1m"])["return_1m"]
    except MissingData:
        returns = pd.Series(float("nan"), index=frame.index)
    return frame.assign(return_1m=returns, volume_surge=float("nan"))


def over_floors(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Return the members over the floors, and whether volumes are known at all.

    ``frame``: short (shares), market_cap, price (dollars), average_volume (shares a day). A member whose own volume
    is missing fails the floor where others have one; a file without volumes is not held against anybody.
    """
    capped = frame["short"].notna() & (frame["market_cap"] >= CAP_FLOOR) & (frame["shares"] > 0)
    with_volume = bool(frame["average_volume"].notna().any())
    if with_volume:
        capped &= frame["average_volume"] * frame["price"] >= VOLUME_FLOOR
    return frame[capped], with_volume


def _chosen(scored: pd.DataFrame, request: SqueezeRequest, sectors: "pd.Series[str]") -> pd.DataFrame:
    """Return the rows of the sector and size asked for; ``sectors`` are those of the whole member list."""
    if request.sector is not None:
        scored = scored[scored["sector"] == _sector(sectors, request.sector)]
    if request.cap != "all":
        scored = scored[scored["market_cap"].map(cap_tier) == request.cap]
    return scored


def _sector(sectors: "pd.Series[str]", wanted: str) -> str:
    """Return the sector meant: named in full or by the beginning of its name. BadInput lists them all."""
    known = sorted({str(name) for name in sectors if name})
    meant = [name for name in known if name.lower().startswith(wanted.strip().lower())]
    if len(meant) != 1:
        raise BadInput(_("“{text}” is not one of the sectors: {sectors}.").format(
            text=i18n.plain(wanted, 30), sectors=i18n.all_of(known)))  # fmt: skip
    return meant[0]


def _blocked(rows: pd.DataFrame, without: tuple[str, ...]) -> "pd.Series[bool]":
    """Tell which rows hold a class of shares that is blocked."""
    named = {symbol.replace("-", "").replace(".", "") for symbol in without}
    flags = [bool(named & set(symbols)) for symbols in rows["symbols"]]
    return pd.Series(flags, index=rows.index, dtype=bool)
