"""What is said about the rotation: headline, notes, alternative text. True for every outcome."""

import math

import pandas as pd

from bot import i18n
from bot.features.rotation.findings import HORIZONS, Findings, Span
from bot.features.sides import Sides, rounding
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.request import Basis
from bot.windows import Window


def headline(found: Findings) -> str:
    """Say who leads over the window asked for, and whether longer windows say the same."""
    return _outcome(found.pair, found.asked) + _elsewhere(found) + "."


def _outcome(pair: Sides, span: Span) -> str:
    sentence = {
        (True, 1): _("Small caps lead: {small} against {large} since {day}"),
        (True, -1): _("Small caps trail: {small} against {large} since {day}"),
        (True, 0): _("Small and large caps are level: {small} against {large} since {day}"),
        (False, 1): _("{fund} leads {other}: {small} against {large} since {day}"),
        (False, -1): _("{fund} trails {other}: {small} against {large} since {day}"),
        (False, 0): _("{fund} and {other} are level: {small} against {large} since {day}"),
    }[pair.by_size, span.ahead]
    small, large = returns(span)
    return sentence.format(fund=pair.small, other=pair.large, small=small, large=large, day=i18n.day(span.start))


def returns(span: Span) -> tuple[str, str]:
    """Write both returns, with a second decimal where one would contradict who is said to be ahead."""
    for digits in (1, 2):
        small, large = (i18n.percent(value, digits, signed=True) for value in (span.small, span.large))
        if (small == large) == (span.ahead == 0):
            break
    return small, large


def _elsewhere(found: Findings) -> str:
    """Return the clause on the horizons longer than the window: those that disagree, else that all agree."""
    longer = [span for span in found.horizons if span.start < found.asked.start and span.ahead]
    side = found.asked.ahead
    if not longer or not side:
        return ""
    opposite = [span for span in longer if span.ahead == -side]
    if not opposite:
        return _(", and also over {years}").format(years=_years(longer))
    clause = _(", still behind over {years}") if side > 0 else _(", still ahead over {years}")
    return clause.format(years=_years(opposite))


def _years(spans: list[Span]) -> str:
    numbers = [span.window.removesuffix("y") for span in spans]
    only_one = numbers == ["1"]
    return ngettext("{n} year", "{n} years", 1 if only_one else 2).format(n=i18n.all_of(numbers))


def leader(pair: Sides, state: str) -> str:
    """Say who leads in a regime."""
    if state == "mixed":
        return _("no clear leader")
    if pair.by_size:
        return _("small caps lead") if state == "small" else _("large caps lead")
    return _("{fund} leads").format(fund=pair.small if state == "small" else pair.large)


def regime_shown(found: Findings) -> str | None:
    """Say the regime with both of its days; None if there is none."""
    if found.regime is None:
        return None
    return _("{leader} since {since}, confirmed {confirmed}").format(
        leader=leader(found.pair, found.regime.state),
        since=i18n.day(found.regime.since),
        confirmed=i18n.day(found.regime.confirmed),
    )


def regime_working(found: Findings) -> str | None:
    """Say today's arithmetic of the regime's two conditions; None while a mean is missing."""
    now, before = found.direction
    numbers = (float(found.strength.iloc[-1]), float(found.mean.iloc[-1]), now, before)
    if any(math.isnan(number) for number in numbers):
        return None
    level, mean, rising, was = (i18n.number(number, 2) for number in numbers)
    return _(
        "relative strength {level} against its 200-session mean {mean}; 50-session mean {now} against {before} "
        "20 sessions earlier"
    ).format(level=level, mean=mean, now=rising, before=was)


def notes(found: Findings, basis: Basis, *, stale: bool) -> tuple[str, ...]:
    """Return what keeps the figures from being misread."""
    span = found.asked
    ends = _("{window}: from the close of {start} to the close of {end}.").format(
        window=_opening(Window(span.window).words()), start=i18n.day(span.start), end=i18n.day(span.end)
    )
    said = [ends + " " + _basis_note(basis), _regime_note(found)]
    if stale:
        said.append(_("Later closes are not stored for both: the figures end on {day}.").format(day=i18n.day(span.end)))
    said += rounding([span])
    return (*said, *too_short(found), *_mean_note(found))


def too_short(found: Findings) -> list[str]:
    """Say which of the longer windows begin before the pair does."""
    missing = [text for text in HORIZONS if text not in {s.window for s in found.horizons}]
    if not missing:
        return []
    text = _("{window}: the common history of {small} and {large} is too short.")
    words = i18n.all_of([Window(one).words() for one in missing])
    return [text.format(window=_opening(words), small=found.pair.small, large=found.pair.large)]


def _mean_note(found: Findings) -> list[str]:
    """Say from when on the 200-session mean is known, where the window begins before."""
    known = found.mean.dropna()
    if known.empty or len(known) == len(found.mean):
        return []
    day = pd.Timestamp(known.index[0]).date()
    return [_("The 200-session mean begins on {day}.").format(day=i18n.day(day))]


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _basis_note(basis: Basis) -> str:
    if basis == "total":
        return _("Total return: dividends reinvested.")
    return _("Price return: without dividends.")


def _regime_note(found: Findings) -> str:
    if found.regime is None:
        return _("No regime: it needs 200 common sessions and five in a row that agree.")
    return _(
        "A regime is dated back to the first of five sessions in a row. This one was known on {day}; "
        "the bands of the chart begin when each was known."
    ).format(day=i18n.day(found.regime.confirmed))


def alternative(found: Findings) -> str:
    """Say in numbers what the chart shows."""
    span, strength = found.asked, found.strength
    upper = _(
        "Two lines set to 100 on {start}: {small} ends at {small_level} and {large} at {large_level} on {end}."
    ).format(
        start=i18n.day(span.start),
        end=i18n.day(span.end),
        small=found.pair.small,
        large=found.pair.large,
        small_level=i18n.number(float(found.small.iloc[-1]), 1),
        large_level=i18n.number(float(found.large.iloc[-1]), 1),
    )
    lower = _("Below, relative strength: {level}, between {low} and {high} in the window").format(
        level=i18n.number(float(strength.iloc[-1]), 1),
        low=i18n.number(float(strength.min()), 1),
        high=i18n.number(float(strength.max()), 1),
    )
    against = found.strength_against_mean
    if against is not None:
        lower += _(", {percent} from its 200-session mean").format(percent=i18n.percent(against, signed=True))
    regime = regime_shown(found)
    return " ".join([upper, lower + ".", *([_("Regime: {regime}.").format(regime=regime)] if regime else [])])
