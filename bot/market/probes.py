"""One answer of each vendor, as the doctor asks for it: is it reachable, can its answer still be read."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

from bot import i18n
from bot.i18n import gettext as _
from bot.market import calendar
from bot.market.ingest.settings import IngestSettings
from bot.market.sources.faults import BadAnswer, Mishap, Refused, SourceError
from bot.market.sources.finra import Finra
from bot.market.sources.fred import Fred
from bot.market.sources.ishares import IShares
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO, VendorSettings
from bot.market.sources.yahoo import Yahoo

_log = logging.getLogger(__name__)


def probe(settings: IngestSettings, timing: Timing) -> Iterator[tuple[str, str, SourceError | None]]:
    """Yield (vendor, what was read, what is wrong): a vendor that is switched off is asked nothing, and nothing is."""
    vendors = settings.vendors
    asked: tuple[tuple[str, VendorSettings, Callable[[], str]], ...] = (
        (YAHOO, vendors.yahoo, lambda: _yahoo(Yahoo(vendors.yahoo, timing), timing)),
        (FINRA, vendors.finra, lambda: _finra(Finra(vendors.finra, timing), timing)),
        (ISHARES, vendors.ishares, lambda: _ishares(IShares(vendors.ishares, timing))),
        (FRED, vendors.fred, lambda: _fred(Fred(vendors.fred, timing), timing)),
    )
    for vendor, chosen, ask in asked:
        if not chosen.enabled:
            yield vendor, _("switched off"), None
            continue
        try:
            yield vendor, ask(), None
        except SourceError as error:
            yield vendor, error.text(), error
        except Exception as error:  # noqa: BLE001  # a fault of ours with one vendor must not hide the others
            _log.exception("the probe of %s failed", vendor)
            mishap = Mishap(vendor, type(error).__name__)
            yield vendor, mishap.text(), mishap


def _yahoo(source: Yahoo, timing: Timing) -> str:
    today = timing.clock.now().date()
    try:
        bars = source.bars("IWM", today - timedelta(days=10), today)
    finally:
        source.close()
    if bars.empty:
        raise BadAnswer(YAHOO, "no bars of ten days")
    return _("IWM: {n} daily bars to {day}").format(n=len(bars), day=i18n.day(bars.index[-1].date()))


def _finra(source: Finra, timing: Timing) -> str:
    today = timing.clock.now().date()
    try:
        found = source.newest(calendar.settlement_dates(today - timedelta(days=45), today))
    finally:
        source.close()
    if found is None:  # there always is one; FINRA says to whom it bars what it says of a file not yet there
        raise Refused(FINRA, "no file of 45 days")
    return _("{n} symbols of {day}").format(n=i18n.number(len(found.frame)), day=i18n.day(found.settlement))


def _ishares(source: IShares) -> str:
    try:
        file = source.holdings("IWB")
    finally:
        source.close()
    return _("IWB: {n} members of {day}").format(n=len(file.frame), day=i18n.day(file.day))


def _fred(source: Fred, timing: Timing) -> str:
    try:
        series = source.series("DGS2", timing.clock.now().date() - timedelta(days=21))
    finally:
        source.close()
    if series.empty:
        raise BadAnswer(FRED, "no observations of three weeks")
    return _("DGS2: {n} observations").format(n=len(series))
