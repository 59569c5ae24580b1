"""What the card on risks says, true for every set of readings."""

from bot import i18n
from bot.analytics.gauges import HOT, MIN_OBSERVATIONS, hottest
from bot.features.risks.findings import SPREAD_YEARS, Findings, Gauge
from bot.i18n import gettext as _
from bot.i18n import ngettext


def gauge_names() -> dict[str, str]:
    """Name the gauges."""
    return {
        "slowdown": _("Slowdown"),
        "financing": _("Financing"),
        "quality": _("Quality"),
        "short_interest": _("Short interest"),
    }


def input_names() -> dict[str, str]:
    """Name the inputs, each so that more of it means more stress."""
    return {
        "curve": _("Yield curve: inverted, or steepening after an inversion"),
        "claims": _("Initial jobless claims, 4-week mean against a year before"),
        "staples": _("Staples against discretionary (XLP/XLY), log distance from the 252-session mean"),
        "yield_2y": _("2-year yield, change in 12 months"),
        "high_yield": _("High-yield spread"),
        "banks": _("SPY against regional banks (SPY/KRE), log distance from the 252-session mean"),
        "debts": _("Net debt / EBITDA, median of small members minus large"),
        "losses": _("Share of Russell 2000 members with a net margin below zero"),
        "profitable": _("Profitable small caps against all (IJR/IWM), log distance from the 252-session mean"),
        "aggregate": _("Short interest of the Russell 2000, weighted by market cap"),
    }


def score(value: float) -> str:
    """Show a reading of 0 to 100; one that would be rounded to the limit shows on which side of it it is."""
    return i18n.number(value, 1 if value != HOT and round(value) == HOT else 0)


def moved(change: float | None) -> str | None:
    """Say how a gauge moved in a month; None where that is not known."""
    if change is None:
        return None
    size = i18n.number(abs(change))
    if abs(change) < 0.5:
        return _("little changed in a month")
    return _("up {n} in a month").format(n=size) if change > 0 else _("down {n} in a month").format(n=size)


def shown(found: Findings, one: Gauge) -> str:
    """Show a gauge on the card: its reading and how it moved, or that nothing can be said."""
    if one.now is None:
        return _("too few to say")
    motion = moved(found.change(one))
    if motion is None:
        return score(one.now)
    return _("{reading}, {motion}").format(reading=score(one.now), motion=motion)


def headline(found: Findings) -> str:
    """Name the hottest gauge, how it moved, and how many are above 80."""
    readings = {one.name: one.now for one in found.gauges}
    top, measured = hottest(readings), sum(value is not None for value in readings.values())
    if not top:
        return _("None of the four gauges can be measured: their inputs have too short a record.")
    names = gauge_names()
    first = next(one for one in found.gauges if one.name == top[0])
    value = score(first.now or 0.0)
    if len(top) > 1:
        opening = _("{names} are the hottest of {n} gauges, at {value}").format(
            names=i18n.all_of([names[name] for name in top]), n=measured, value=value
        )
    elif measured == 1:
        opening = _("{name} is the only gauge with enough history: {value}").format(name=names[top[0]], value=value)
    else:
        opening = _("{name} is the hottest of {n} gauges: {value}").format(name=names[top[0]], n=measured, value=value)
    motion = moved(found.change(first)) if len(top) == 1 else None
    parts = (opening, motion) if motion else (opening,)
    return _("{gauge}; {above}.").format(gauge=", ".join(parts), above=_above(found, first))


def above(found: Findings) -> list[Gauge]:
    """Return the gauges that stand above 80."""
    return [one for one in found.gauges if one.now is not None and one.now > HOT]


def _above(found: Findings, hottest_one: Gauge) -> str:
    hot = above(found)
    limit = i18n.number(HOT)
    if not hot:
        return _("none above {limit}").format(limit=limit)
    if hot == [hottest_one]:
        return _("the only one above {limit}").format(limit=limit)
    text = ngettext("{names} is above {limit}", "{names} are above {limit}", len(hot))
    return text.format(names=i18n.all_of([gauge_names()[one.name] for one in hot]), limit=limit)


def notes(found: Findings) -> tuple[str, ...]:
    """Say what 100 means, and precisely which inputs are missing."""
    lines = [
        _("100 means as unusual as ever in its own weekly history, as known then; it is not a forecast."),
        _("Each gauge is the mean percentile of its inputs; higher means more stress."),
        _("What members pay in interest is not recorded, so it is in no gauge."),
    ]
    for one in found.gauges:
        lines += [text for item in one.inputs if (text := _missing(found, one, item.id)) is not None]
    lines += [
        _("{gauge}: a month ago it could not be read yet.").format(gauge=gauge_names()[one.name])
        for one in found.gauges
        if one.now is not None and found.change(one) is None
    ]
    if any(one.readings.isna().any() for one in found.gauges):
        lines.append(_("In the table by week a gauge is empty while none of its inputs has a percentile."))
    return tuple(lines)


def _missing(found: Findings, one: Gauge, input_id: str) -> str | None:
    item = next(i for i in one.inputs if i.id == input_id)
    if item.percentile(found.today) is not None:
        return None
    names = {"gauge": gauge_names()[one.name], "input": input_names()[input_id]}
    if item.start is None:
        return _("{gauge}, without “{input}”: nothing is stored for this day.").format(**names)
    first, last = i18n.day(item.start.date()), item.readings.index[-1]
    if last < found.today:
        return _("{gauge}, without “{input}”: nothing new since {last}.").format(**names, last=i18n.day(last.date()))
    if item.observations >= MIN_OBSERVATIONS:
        return _("{gauge}, without “{input}”: it takes {years} years, the record begins on {first}.").format(
            **names, years=SPREAD_YEARS, first=first
        )
    text = ngettext(
        "{gauge}, without “{input}”: one observation since {first}, too few to say ({least} are needed).",
        "{gauge}, without “{input}”: {n} observations since {first}, too few to say ({least} are needed).",
        item.observations,
    )
    return text.format(**names, n=item.observations, first=first, least=MIN_OBSERVATIONS)


def alternative(found: Findings) -> str:
    """Say the picture in numbers."""
    names = gauge_names()
    parts = [_("{name} {value}").format(name=names[one.name], value=shown(found, one)) for one in found.gauges]
    return _("Four gauges from 0 calm to 100 stressed: {values}.").format(values=i18n.all_of(parts))
