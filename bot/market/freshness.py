"""How old each source's data is, from the ingester's own diary. Opens the store: not for the gateway."""

from collections.abc import Mapping
from datetime import date

from bot.market.ingest.settings import PARTS
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO
from bot.market.standing import SourceStanding
from bot.market.store import Store, runs, state

VENDORS = (YAHOO, FINRA, ISHARES, FRED)
_NEWEST: Mapping[str, tuple[str, str]] = {
    YAHOO: ("bars", "day"),
    FINRA: ("short_interest", "settlement"),
    ISHARES: ("holdings", "day"),
    FRED: ("macro", "day"),
}


def standings(url: str) -> tuple[SourceStanding, ...]:
    """Return how every vendor stands, by the market store at ``url`` (migrated before)."""
    with Store(url) as store:
        health = state.health(store)
        refused = _refused(store)
        return tuple(_standing(vendor, health.get(vendor), refused.get(vendor, 0), store) for vendor in VENDORS)


def _standing(vendor: str, health: state.Health | None, refused: int, store: Store) -> SourceStanding:
    known = health or state.Health(vendor)
    return SourceStanding(
        vendor, known.last_success, known.last_failure, known.resume_at, _newest(vendor, store), refused
    )


def _newest(vendor: str, store: Store) -> date | None:
    table, column = _NEWEST[vendor]
    return store.newest(table, column)


def _refused(store: Store) -> dict[str, int]:
    """Return how many rows each vendor's last run of every part refused."""
    counted: dict[str, int] = {}
    for part, vendor in PARTS.items():
        for run in runs.latest(store, part, count=1):
            counted[vendor] = counted.get(vendor, 0) + run.rows_refused
    return counted
