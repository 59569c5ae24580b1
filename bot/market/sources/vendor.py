"""What the operator sets for each vendor: plain data, read by the configuration and by the sources."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings

YAHOO = "Yahoo Finance"
FINRA = "FINRA"
ISHARES = "iShares"
FRED = "FRED"


@dataclass(frozen=True, slots=True)
class VendorSettings:
    """How one vendor is asked.

    ``base_url`` (scheme, host, optional port and path) replaces the vendor's own hosts, ``socket`` is the path of a
    Unix socket on which every host is reached, ``ca_file`` a certificate authority to trust instead of the system's.
    ``requests_per_second`` None lifts the limit. ``timeout`` and the waits are seconds. The breaker opens after
    ``breaker_failures`` failures in a row, for ``breaker_pause`` seconds, doubled each time up to 15 minutes.
    """

    enabled: bool = True
    base_url: str | None = None
    requests_per_second: float | None = 2.0
    timeout: float = 30.0
    attempts: int = 3
    longest_wait: float = 120.0
    breaker_failures: int = 5
    breaker_pause: float = 60.0
    socket: str | None = None
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Vendors:
    """The four vendors."""

    yahoo: VendorSettings = field(default_factory=VendorSettings)
    finra: VendorSettings = field(default_factory=VendorSettings)
    ishares: VendorSettings = field(default_factory=VendorSettings)
    fred: VendorSettings = field(default_factory=VendorSettings)


def switched_off(settings: "Settings") -> tuple[str, ...]:
    """Return the vendors that the operator's settings have nobody ask."""
    given = settings.vendors
    each = {YAHOO: given.yahoo, FINRA: given.finra, ISHARES: given.ishares, FRED: given.fred}
    return tuple(vendor for vendor, one in each.items() if not one.enabled)
