"""The report on a position's size. Private: answered to the asker alone, without a picture."""

import functools

from bot import i18n
from bot.features.position import words
from bot.features.position.findings import Findings, find
from bot.features.position.request import PositionRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Report, Stat, distinct


def build(request: PositionRequest, dataset: Dataset) -> Report:
    """Return the size on the dataset's day."""
    found = find(request, dataset)
    stats = _stats(found, request, dataset)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Position in {symbol}").format(symbol=found.symbol),
        headline=words.headline(found, request),
        as_of=dataset.as_of,
        stats=stats,
        notes=words.notes(found, request),
        sources=distinct(stat.source for stat in stats if stat.value is not None),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: a position is nobody's but the asker's."""
    return ()


def _stats(found: Findings, request: PositionRequest, dataset: Dataset) -> tuple[Stat, ...]:
    stat = functools.partial(
        Stat, as_of=found.day, source=dataset.source(found.symbol), stale=found.day < dataset.as_of
    )
    size = functools.partial(stat, metric="portfolio.position")
    got = found.size
    volume_source = dataset.source("short_interest" if found.volume and found.volume.settled else found.symbol)
    return (
        size(id="shares", label=_("Shares"), value=got.shares if got else None, unit="count", figure=True,
             working=_working(found, request)),
        size(id="stop", label=_("Stop"), value=got.stop if got else None, unit="usd", figure=True),
        size(id="risk_usd", label=_("At risk"), value=got.risk_usd if got else None, unit="usd", figure=True),
        size(id="value_usd", label=_("Cost of the position"), value=got.value_usd if got else None, unit="usd",
             figure=True),
        Stat(id="days_to_exit", label=_("Days to leave"), value=found.days_to_exit, unit="days", digits=1,
             as_of=found.volume.day if found.volume else None, source=volume_source, figure=True,
             shown=words.exit_shown(found), metric="portfolio.days_to_exit"),
        stat(id="atr", label=_("Average range"), value=found.atr, unit="usd", figure=True, metric="portfolio.atr"),
        stat(id="close", label=_("Price"), value=found.price, unit="usd", metric="portfolio.atr"),
    )  # fmt: skip


def _working(found: Findings, request: PositionRequest) -> str | None:
    if found.size is None or found.atr is None:
        return None
    return _("{account} × {risk} / ({ranges} × {atr}), rounded down").format(
        account=i18n.money(request.account),
        risk=i18n.percent(request.risk),
        ranges=i18n.number(request.ranges, 2),
        atr=i18n.money(found.atr),
    )
