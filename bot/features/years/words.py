"""What is said about calendar years: headline, notes, alternative text. True for every outcome."""

from bot import i18n
from bot.features.sides import Sides, rounding
from bot.features.years.findings import Findings, Year
from bot.i18n import gettext as _
from bot.i18n import ngettext

NAMED = 4  # full years named in the headline
LISTED = 12


def headline(found: Findings) -> str:
    """Say the run that the last full years made, and how the year in progress stands."""
    parts = [text for text in (_run(found), _current(found)) if text]
    return joined(parts) + "."


def joined(parts: list[str]) -> str:
    """Put the clauses one after another."""
    return _("{first}; {second}").format(first=parts[0], second=parts[1]) if len(parts) == 2 else parts[0]


def _run(found: Findings) -> str:
    """Name the last full years that ended the same way, at most four, or count them."""
    years = found.complete
    if not years:
        return ""
    side = years[-1].ahead
    run: list[Year] = []
    for year in reversed(years):
        if year.ahead != side:
            break
        run.insert(0, year)
    return _same(found.pair, side, run)


def _same(pair: Sides, side: int, run: list[Year]) -> str:
    if len(run) > NAMED:
        sentence = {
            (True, 1): _("Small caps led in each of the {n} years {first} to {last}"),
            (True, -1): _("Small caps trailed in each of the {n} years {first} to {last}"),
            (True, 0): _("Small and large caps were level in each of the {n} years {first} to {last}"),
            (False, 1): _("{fund} led {other} in each of the {n} years {first} to {last}"),
            (False, -1): _("{fund} trailed {other} in each of the {n} years {first} to {last}"),
            (False, 0): _("{fund} and {other} were level in each of the {n} years {first} to {last}"),
        }[pair.by_size, side]
    else:
        sentence = {
            (True, 1): _("Small caps led in {years}"),
            (True, -1): _("Small caps trailed in {years}"),
            (True, 0): _("Small and large caps were level in {years}"),
            (False, 1): _("{fund} led {other} in {years}"),
            (False, -1): _("{fund} trailed {other} in {years}"),
            (False, 0): _("{fund} and {other} were level in {years}"),
        }[pair.by_size, side]
    return sentence.format(
        fund=pair.small,
        other=pair.large,
        years=i18n.all_of([str(year.year) for year in run]),
        n=len(run),
        first=run[0].year,
        last=run[-1].year,
    )


def _current(found: Findings) -> str:
    year = found.current
    if year is None:
        return ""
    sentence = {
        1: _("{year} so far: ahead by {points}"),
        -1: _("{year} so far: behind by {points}"),
        0: _("{year} so far: level"),
    }[year.ahead]
    if not found.complete:
        sentence = {
            1: _("{fund} is ahead of {other} by {points} in {year} so far"),
            -1: _("{fund} is behind {other} by {points} in {year} so far"),
            0: _("{fund} and {other} are level in {year} so far"),
        }[year.ahead]
    return sentence.format(year=year.year, points=points(year.spread), fund=found.pair.small, other=found.pair.large)


def points(spread: float) -> str:
    """Write the size of a spread without its sign: "8.7 points"."""
    shown = i18n.number(abs(spread) * 100, 1)
    return ngettext("{n} point", "{n} points", 1 if shown == "1" else 2).format(n=shown)


def title(found: Findings) -> str:
    """Say in short how often the small side was ahead: the picture's title."""
    tally = found.full
    if not tally.years:
        return found.pair.title()
    name = _("Small caps") if found.pair.by_size else found.pair.small
    sentence = ngettext(
        "{name} ahead in {ahead} of {n} full year", "{name} ahead in {ahead} of {n} full years", tally.years
    )
    return sentence.format(name=name, ahead=tally.ahead, n=tally.years)


def ahead_shown(found: Findings) -> str | None:
    """Write how many of the full years the small side was ahead."""
    tally = found.full
    return _("{ahead} of {n}").format(ahead=tally.ahead, n=tally.years) if tally.years else None


def extreme_shown(extreme: tuple[int, float] | None) -> str | None:
    """Write a year with its spread."""
    if extreme is None:
        return None
    return _("{points} in {year}").format(points=i18n.points(extreme[1]), year=extreme[0])


def year_name(found: Findings, year: Year) -> str:
    """Name a year; one in progress is labelled with the day it runs to."""
    if not year.partial:
        return str(year.year)
    return _("{year} to {day}").format(year=year.year, day=i18n.short_day(found.end))


def notes(found: Findings, *, stale: bool) -> tuple[str, ...]:
    """Return what keeps the figures from being misread."""
    said = [
        _("Total return, dividends reinvested, from the last session of the year before to the year's own last."),
        _("A gain of its own can still be a year behind: the spread is what compares."),
    ]
    if found.current is not None:
        said.append(
            _("{year} runs to {day} and is not counted among the full years.").format(
                year=found.current.year, day=i18n.day(found.end)
            )
        )
    if not found.full.years:
        said.append(_("No year is full yet: there is none to count, no best and no worst."))
    said += rounding(found.years)
    if found.full.tied:
        said.append(_("A tie counts as neither ahead nor behind."))
    if stale:
        said.append(
            _("Later closes are not stored for both: the figures end on {day}.").format(day=i18n.day(found.end))
        )
    return tuple(said)


def alternative(found: Findings) -> str:
    """Say in numbers what the chart shows; of many years the last ones."""
    shown = found.years[-LISTED:]
    each = [
        _("{year}: {small} and {large}").format(
            year=year_name(found, year),
            small=i18n.percent(year.small, signed=True),
            large=i18n.percent(year.large, signed=True),
        )
        for year in shown
    ]
    sentence = _("Paired bars of the returns of {small} and {large} by year. {years}.")
    if len(shown) < len(found.years):
        sentence = _("Paired bars of the returns of {small} and {large} by year since {first}. The last: {years}.")
    return sentence.format(
        small=found.pair.small, large=found.pair.large, years="; ".join(each), first=found.years[0].year
    )
