"""Reading the recorded answers in tests/data/vendors."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "vendors"


@cache
def text(name: str) -> str:
    """Return a recorded file, for instance ``ishares/IWM_holdings_2026-05-05.csv``, as it came."""
    return gzip.decompress((FOLDER / f"{name}.gz").read_bytes()).decode("utf-8")


@dataclass(frozen=True)
class Exchange:
    """One recorded HTTP exchange."""

    name: str
    status: int
    url: str
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.body)


@cache
def exchanges() -> dict[str, Exchange]:
    """Return all recorded exchanges with Yahoo by name."""
    lines = gzip.decompress((FOLDER / "yahoo" / "exchanges.jsonl.gz").read_bytes()).decode("utf-8").splitlines()
    return {e.name: e for e in (Exchange(**json.loads(line)) for line in lines)}


def yahoo(name: str) -> Exchange:
    """Return a recorded exchange with Yahoo; the suffix ``.json`` may be left out."""
    found = exchanges()
    return found[name] if name in found else found[f"{name}.json"]
