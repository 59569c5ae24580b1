"""How old each source's data is, from the ingester's own diary. Opens the store: not for the gateway."""

from collections.abc import Collection, Mapping
from datetime import date

from bot.market.ingest.settings import PARTS
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO
from bot.market.standing import EndedSymbol, SourceStanding
from bot.market.store import Store, runs, state
from bot.trouble import as_unusable

VENDORS = (YAHOO, FINRA, ISHARES, FRED)
_NEWEST: Mapping[str, tuple[str, str]] = {
    YAHOO: ("bars", "day"),
    FINRA: ("short_interest", "settlement"),
    ISHARES: ("holdings", "day"),
    FRED: ("macro", "day"),
}


def standings(url: str, switched_off: Collection[str] = ()) -> tuple[SourceStanding, ...]:
    """Return how every vendor stands, by the market store at ``url`` (migrated before) and the settings.

    DatabaseUnusable where it cannot be read.
    """
    with as_unusable(), Store(url) as store:
        health = state.health(store)
        return tuple(
            _standing(store, health.get(vendor, state.Health(vendor)), vendor not in switched_off) for vendor in VENDORS
        )


def _standing(store: Store, known: state.Health, enabled: bool) -> SourceStanding:
    last = [run for part in PARTS if PARTS[part] == known.vendor for run in runs.latest(store, part, count=1)]
    return SourceStanding(
        known.vendor, known.last_success, known.last_failure, known.resume_at, _newest(known.vendor, store),
        sum(run.rows_refused for run in last), enabled, ended(store) if known.vendor == YAHOO else (),
        {run.source: run.status == "partial" for run in last if run.status in {"failed", "partial"}},
    )  # fmt: skip


def ended(store: Store) -> tuple[EndedSymbol, ...]:
    """Return the symbols that are marked as ended, with their last stored day."""
    return tuple(
        EndedSymbol(one.symbol, store.newest("bars", symbol=one.symbol), one.since, one.asked)
        for one in state.absences(store).values()
        if one.ended is not None
    )


def _newest(vendor: str, store: Store) -> date | None:
    table, column = _NEWEST[vendor]
    return store.newest(table, column)
