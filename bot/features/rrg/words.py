"""What the card on the rotation graph says."""

from datetime import date

from bot import i18n
from bot.features.rrg.findings import SESSIONS_NEEDED, Findings, Place
from bot.i18n import gettext as _
from bot.i18n import ngettext


def quadrants() -> dict[str, str]:
    """Name the quadrants."""
    return {
        "leading": _("leading"),
        "weakening": _("weakening"),
        "lagging": _("lagging"),
        "improving": _("improving"),
    }


def headline(found: Findings) -> str:
    """Say where the first fund stands now and stood eight weeks ago, and how many of the others lead."""
    if not found.places:
        return _("None of these funds has enough history against {benchmark} for the graph.").format(
            benchmark=found.benchmark
        )
    first, names = found.places[0], quadrants()
    sentence = _("{fund} is {now} against {benchmark}; it was {before} eight weeks ago")
    if first.before is None:
        sentence = _("{fund} is {now} against {benchmark}")
    elif first.before == first.quadrant:
        sentence = _("{fund} is {now} against {benchmark}, as it was eight weeks ago")
    opening = sentence.format(
        fund=first.symbol,
        now=names[first.quadrant],
        before=names[first.before] if first.before else "",
        benchmark=found.benchmark,
    )
    return _("{place}. {others}").format(place=opening, others=_others(found)).strip()


def _others(found: Findings) -> str:
    if len(found.places) == 1:
        return ""
    leading = sum(place.quadrant == "leading" for place in found.places)
    if not leading:
        return _("None of the {all} is leading.").format(all=len(found.places))
    text = ngettext("{n} of the {all} is leading.", "{n} of the {all} are leading.", leading)
    return text.format(n=leading, all=len(found.places))


def shown(place: Place) -> str:
    """Show a quadrant, with the one of eight weeks ago where it was another."""
    names = quadrants()
    if place.before is None or place.before == place.quadrant:
        return names[place.quadrant]
    return _("{now}, was {before}").format(now=names[place.quadrant], before=names[place.before])


def notes(found: Findings, as_of: date) -> tuple[str, ...]:
    """Say which variant it is, what stands in for what, and what is missing."""
    lines = [
        _("This is the public z-score variant: near to, but not, the vendor's formula. It describes the past eight "
          "weeks and forecasts nothing."),
    ]  # fmt: skip
    for symbol, stand_in in found.replaced.items():
        lines.append(_("{symbol} is not stored: {other} is shown in its place.").format(symbol=symbol, other=stand_in))
    lines += found.refused
    for symbol, first in found.without.items():
        lines.append(_still(symbol, found) if symbol in found.still else _without(symbol, first, as_of))
    lines += [_("{symbol} had no place on the graph eight weeks ago yet.").format(symbol=place.symbol)
              for place in found.places if place.before is None]  # fmt: skip
    late = [place for place in found.places if place.day < as_of]
    lines += [_("{symbol} is shown as of {day}, its last stored session.").format(symbol=p.symbol, day=i18n.day(p.day))
              for p in late]  # fmt: skip
    return tuple(lines)


def _still(symbol: str, found: Findings) -> str:
    return _("{symbol} did not move against {benchmark} for too long to have a place.").format(
        symbol=symbol, benchmark=found.benchmark
    )


def _without(symbol: str, first: date | None, as_of: date) -> str:
    names = {"symbol": symbol, "day": i18n.day(as_of)}
    if first is None:
        return _("{symbol} has no prices on {day} yet.").format(**names)
    text = _("{symbol} has too short a record on {day}: its data begins on {first}, the graph takes {n} sessions.")
    return text.format(first=i18n.day(first), n=SESSIONS_NEEDED, **names)


def alternative(found: Findings) -> str:
    """Say the picture in numbers."""
    names = quadrants()
    text = _("{fund} {quadrant} (ratio {ratio}, momentum {momentum})")
    parts = [
        text.format(fund=p.symbol, quadrant=names[p.quadrant], ratio=i18n.number(p.ratio, 1),
                    momentum=i18n.number(p.momentum, 1))
        for p in found.places
    ]  # fmt: skip
    if not parts:
        return _("An empty rotation graph against {benchmark}.").format(benchmark=found.benchmark)
    return _("Rotation graph against {benchmark}: {places}.").format(
        benchmark=found.benchmark, places=i18n.all_of(parts)
    )
