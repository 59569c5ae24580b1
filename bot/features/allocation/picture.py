"""What the two pictures of a portfolio draw: its mix against the market's, and risk against weight."""

from dataclasses import dataclass
from datetime import date

from bot import i18n
from bot.features.allocation import words
from bot.features.allocation.findings import Findings
from bot.features.allocation.profiles import CASH_PART, TIERS, UNKNOWN
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart

MOST_BARS = 7


@dataclass(frozen=True, slots=True)
class Bars:
    """Pairs of bars: a name for each pair, both values (fractions, None for none), what the two sides are."""

    title: str
    subtitle: str
    as_of: date
    source: str
    names: tuple[str, ...]
    first: tuple[float | None, ...]
    second: tuple[float | None, ...]
    sides: tuple[str, str]


def charts(found: Findings, dataset: Dataset) -> tuple[Chart, ...]:
    """Return the pictures there are numbers for."""
    pictures = []
    if found.mix.tiers[UNKNOWN] < 1:
        mix = _mix(found, dataset)
        pictures.append(Chart("cap_mix", _alternative(mix), mix))
    if found.risk is not None:
        risk = _risk(found, dataset)
        pictures.append(Chart("risk", _alternative(risk), risk))
    return tuple(pictures)


def _mix(found: Findings, dataset: Dataset) -> Bars:
    tiers = [t for t in TIERS if t not in {CASH_PART, UNKNOWN} or found.mix.tiers[t] > 0]
    names = words.tier_names()
    market = found.market.tiers if found.market else {}
    return Bars(
        title=_("Size of companies"),
        subtitle=_("Share of money by market cap: over 200 bn, 10 bn, 2 bn, 0.3 bn, and below"),
        as_of=dataset.as_of,
        source=", ".join((dataset.source("holdings"), dataset.source("snapshots"))),
        names=tuple(names[tier] for tier in tiers),
        first=tuple(found.mix.tiers[tier] for tier in tiers),
        second=tuple(market.get(tier, 0.0) if market else None for tier in tiers),
        sides=(_("This portfolio"), _("Whole market")),
    )


def _risk(found: Findings, dataset: Dataset) -> Bars:
    risk = found.risk
    assert risk is not None  # asked only where it is
    order = sorted(range(len(risk.symbols)), key=lambda n: -risk.contributions[n])
    shown, rest = order[:MOST_BARS], order[MOST_BARS:]
    names = [risk.symbols[n] for n in shown]
    weights = [float(risk.weights[n]) for n in shown]
    parts = [float(risk.contributions[n]) for n in shown]
    if rest:
        names.append(_("{n} others").format(n=len(rest)))
        weights.append(float(sum(risk.weights[n] for n in rest)))
        parts.append(float(sum(risk.contributions[n] for n in rest)))
    return Bars(
        title=_("Share of risk against share of money"),
        subtitle=_("Daily total returns of the last 252 sessions, Ledoit-Wolf covariance"),
        as_of=dataset.as_of,
        source=dataset.source(risk.symbols[0]),
        names=tuple(names),
        first=tuple(parts),
        second=tuple(weights),
        sides=(_("Risk"), _("Money")),
    )


def _alternative(bars: Bars) -> str:
    text = _("{name} {first} against {second}")
    parts = [
        text.format(name=name, first=_percent(one), second=_percent(other))
        for name, one, other in zip(bars.names, bars.first, bars.second, strict=True)
    ]
    return _("{title}, {first} against {second}: {parts}.").format(
        title=bars.title, first=bars.sides[0], second=bars.sides[1], parts=i18n.all_of(parts)
    )


def _percent(value: float | None) -> str:
    return i18n.DASH if value is None else i18n.percent(value, 0)
