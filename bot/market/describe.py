"""Write a version's catalogue: what the gateway may know without opening the data. Worker side only."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from bot.market import calendar
from bot.market.archive import Columns
from bot.market.names import Names
from bot.market.tables import SPECS

_BY_SYMBOL = {"holdings": "fund", "fund_facts": "symbol"}
_FILES = ("snapshots", "estimates", "fundamentals", "market", "short_interest")


def catalogue(tables: Mapping[str, Columns], version: str) -> bytes:
    """Return ``catalogue.json`` for the tables of a version, which hold its sessions and settlement dates already."""
    first, last = (tables["bars"]["day"].min().item(), tables["bars"]["day"].max().item())
    ahead = last + timedelta(days=calendar.DAYS_AHEAD)
    body = {
        "version": version,
        "first_session": first.isoformat(),
        "last_session": last.isoformat(),
        "sessions": _texts(tables["sessions"]["day"]),
        "early_closes": {s.day.isoformat(): s.close.isoformat() for s in calendar.sessions(first, ahead) if s.early},
        "symbols": _symbols(tables),
        "listed": _listed(tables),
        "fomc": sorted(_texts(tables["fomc"]["day"])),
        "settlements": _publications(tables),
        "files": _files(tables),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _texts(days: Any) -> list[str]:
    return [str(day) for day in days]


def _symbols(tables: Mapping[str, Columns]) -> dict[str, list[str]]:
    names, bars = tables["instruments"], tables["bars"]
    described = {}
    for symbol, name, basis in zip(names["symbol"], names["name"], names["basis"], strict=True):
        days = bars["day"][bars["symbol"] == symbol]
        if len(days):
            described[str(symbol)] = [str(name), str(days.min()), str(days.max()), str(basis)]
    return described


def _listed(tables: Mapping[str, Columns]) -> str:
    companies = tables["companies"]
    return Names.text(dict(zip(companies["symbol"].tolist(), companies["name"].tolist(), strict=True)))


def _publications(tables: Mapping[str, Columns]) -> dict[str, str]:
    rule = {str(day): str(calendar.publication_date(day.item())) for day in tables["settlement_dates"]["day"]}
    stored = {str(day): str(known) for day, known in _pairs(tables["short_interest"], "settlement", "published")}
    return rule | stored


def _files(tables: Mapping[str, Columns]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for table in _FILES:
        day = "settlement" if "settlement" in SPECS[table].columns else "day"
        found[table] = [[str(d), str(k)] for d, k in _pairs(tables[table], day, SPECS[table].known or day)]
    for table, column in _BY_SYMBOL.items():
        for word in np.unique(tables[table][column]):
            rows = tables[table][column] == word
            found[f"{table}:{word}"] = [[str(d), str(d)] for d in np.unique(tables[table]["day"][rows])]
    return found


def _pairs(columns: Columns, day: str, known: str) -> list[tuple[Any, Any]]:
    days, first = np.unique(columns[day], return_index=True)
    return list(zip(days, columns[known][first], strict=True))
