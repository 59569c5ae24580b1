"""The figures of the card on the rotation, with today's arithmetic."""

import functools

from bot import i18n
from bot.features.rotation import words
from bot.features.rotation.findings import HORIZONS, Findings, Span
from bot.features.sides import difference
from bot.i18n import gettext as _
from bot.report import Stat
from bot.windows import Window


def stats(found: Findings, source: str, *, stale: bool) -> list[Stat]:
    """Return all figures, those of the card marked."""
    span = found.asked
    stat = functools.partial(Stat, as_of=span.end, source=source, stale=stale)
    window = Window(span.window).words()
    return [
        stat(id="window.start", label=_("Window starts"), value=span.start, unit="date", metric="returns.window"),
        stat(id="window.end", label=_("Window ends"), value=span.end, unit="date", metric="returns.window"),
        _return(stat, "small", found.pair.small, span.small, window),
        _return(stat, "large", found.pair.large, span.large, window),
        _spread(stat, "spread", span, figure=True),
        *_longer(stat, found),
        *_per_year(stat, found),
        *_strength(stat, found),
        *_regime(stat, found),
    ]


def _return(stat: "functools.partial[Stat]", side: str, fund: str, value: float, window: str) -> Stat:
    return stat(
        id=f"return.{side}",
        label=_("{fund}, {window}").format(fund=fund, window=window),
        value=value,
        unit="fraction",
        figure=True,
        signed=True,
        metric="returns.window",
        working=_("{end} / {start} − 1 = {result}, the start set to 100").format(
            end=i18n.number(100 * (1 + value), 2), start=i18n.number(100, 2), result=i18n.percent(value, signed=True)
        ),
    )


def _spread(stat: "functools.partial[Stat]", stat_id: str, span: Span, *, figure: bool) -> Stat:
    label = _("Spread, {window}").format(window=Window(span.window).words())
    small, large, result = difference(span.small, span.large)
    return stat(
        id=stat_id,
        label=label,
        value=span.spread,
        unit="percentage_points",
        figure=figure,
        metric="returns.spread",
        working=_("{small} minus {large} = {result}, {start} to {end}").format(
            small=small, large=large, result=result, start=i18n.day(span.start), end=i18n.day(span.end)
        ),
    )


def _longer(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    """Return the spreads over one, three and five years; the first two other than the window itself are shown."""
    known = {span.window: span for span in found.horizons}
    shown = [text for text in HORIZONS if text in known and known[text].start != found.asked.start][:2]
    spreads = []
    for text in HORIZONS:
        if text in known:
            spreads.append(_spread(stat, f"spread.{text}", known[text], figure=text in shown))
        else:
            label = _("Spread, {window}").format(window=Window(text).words())
            spreads.append(stat(id=f"spread.{text}", label=label, value=None, unit="percentage_points"))
    return spreads


def _per_year(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    rows = zip(("small", "large"), (found.pair.small, found.pair.large), found.asked.annualised(), strict=True)
    return [
        stat(
            id=f"annualised.{side}",
            label=_("{fund} per year").format(fund=fund),
            value=value,
            unit="fraction",
            signed=True,
            metric="returns.annualised",
        )
        for side, fund, value in rows
        if value is not None
    ]


def _strength(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    level, mean = float(found.strength.iloc[-1]), float(found.mean.iloc[-1])
    against = found.strength_against_mean
    working = None
    if against is not None:
        working = _("{level} / {mean} − 1 = {result}").format(
            level=i18n.number(level, 2), mean=i18n.number(mean, 2), result=i18n.percent(against, signed=True)
        )
    return [
        stat(
            id="rs.level",
            label=_("Relative strength, start = 100"),
            value=level,
            unit="ratio",
            digits=1,
            metric="rotation.relative_strength",
            working=_("{small} / {large} × 100 = {level}").format(
                small=i18n.number(float(found.small.iloc[-1]), 2),
                large=i18n.number(float(found.large.iloc[-1]), 2),
                level=i18n.number(level, 2),
            ),
        ),
        stat(
            id="rs.vs_200d",
            label=_("Relative strength against its 200-session mean"),
            value=against,
            unit="fraction",
            signed=True,
            metric="rotation.vs_200d",
            working=working,
        ),
    ]


def _regime(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    regime = found.regime
    metric = "rotation.regime"
    since, confirmed = (regime.since, regime.confirmed) if regime else (None, None)
    return [
        stat(
            id="regime",
            label=_("Regime"),
            value=regime.state if regime else None,
            unit="text",
            figure=True,
            shown=words.regime_shown(found),
            metric=metric,
            working=words.regime_working(found),
        ),
        stat(id="regime.since", label=_("Regime began"), value=since, unit="date", metric=metric),
        stat(id="regime.confirmed", label=_("Regime confirmed"), value=confirmed, unit="date", metric=metric),
    ]
