"""What the card says: the headline and the notes, true for every found."""

import math
from datetime import date

from bot import i18n
from bot.analytics.estimators import Fit
from bot.analytics.rates import MONTHS_AFTER, PAIRS
from bot.features.rates.findings import SERIES, Findings
from bot.features.sides import Sides
from bot.i18n import gettext as _
from bot.i18n import ngettext

LITTLE_BP = 12.5  # half of the usual step: less is no priced move
ENOUGH_T = 2.0


def pair_name(pair: Sides) -> str:
    """Name the two sides inside a title."""
    if pair.by_size:
        return _("small caps")
    return _("{small} against {large}").format(small=pair.small, large=pair.large)


def bills_expect(found: Findings) -> float | None:
    """Return how far the 3-month bill lies above the effective rate, in basis points."""
    bill, effective = found.rates.get("bill"), found.rates.get("fed_funds")
    return (bill.value - effective.value) * 1e4 if bill and effective else None


def headline(found: Findings) -> str:
    """Say what is expected of rates, and who leads."""
    change = found.expected.change_bp if found.expected else bills_expect(found)
    leader = _leader(found, found.expected.change_bp if found.expected else None)
    expectation = _expectation(found, change)
    if leader is None:
        return _("{clause}.").format(clause=expectation)
    return _("{first}; {second}.").format(first=expectation, second=leader)


def _expectation(found: Findings, change: float | None) -> str:
    if change is None:
        return _("What markets expect of the Fed is not stored for this day")
    signed, size = i18n.basis_points(change), _("{n} bp").format(n=i18n.number(abs(change)))
    rises, little = change > 0, abs(change) < LITTLE_BP
    if found.expected is not None:
        phrase = _("Futures price rises, not cuts: {size} in 12 months")
        phrase = phrase if rises else _("Futures price cuts, not rises: {size} in 12 months")
        phrase = _("Futures price little change of rates in 12 months ({signed})") if little else phrase
    else:
        phrase = _("3-month bills yield {size} more than the Fed's rate")
        phrase = phrase if rises else _("3-month bills yield {size} less than the Fed's rate")
        phrase = _("3-month bills yield about as much as the Fed's rate ({signed})") if little else phrase
    return phrase.format(size=size, signed=signed)


def _leader(found: Findings, change: float | None) -> str | None:
    if found.leader is None:
        return None
    if found.leader == "mixed":
        return _("neither side leads")
    small = found.leader == "small"
    against = change is not None and abs(change) >= LITTLE_BP and (change > 0) == small
    if found.pair.by_size:
        name = _("small caps") if small else _("large caps")
        return _("{name} lead all the same").format(name=name) if against else _("{name} lead").format(name=name)
    name = found.pair.small if small else found.pair.large
    return _("{name} leads").format(name=name)


def sensitivity_shown(fit: Fit) -> str:
    """Say the slope per tenth of a point and what share of weekly moves it explains."""
    return _("{move} per +10 bp, explains {share} of weekly moves").format(
        move=i18n.percent(fit.slope / 10, 2, signed=True), share=i18n.percent(fit.r2, 0)
    )


def notes(found: Findings, as_of: date) -> tuple[str, ...]:
    """Say how the figures are to be read, and precisely what is missing."""
    return (*_missing(found, as_of), *_sensitivity(found), *_cycles(found), *_leverage(found))


def _sensitivity(found: Findings) -> list[str]:
    two = found.sensitivities.get("2y")
    if two is None or two.fit is None:
        return []
    text = _(
        "Sensitivity: weekly total return of {small} minus {large} on the week's change of the 2-year yield, last {n} "
        "completed weeks, Newey-West t {t}: {verdict}. Yields are known to {day}."
    )
    return [
        text.format(
            small=found.pair.small,
            large=found.pair.large,
            n=two.fit.n,
            t=i18n.number(two.fit.t, 2),
            verdict=_certainty(two.fit),
            day=i18n.day(found.rates["2y"].day),
        ),
        _("Sensitivity drifts: see its last three years in the table."),
    ]


def _cycles(found: Findings) -> list[str]:
    if not found.cycles:
        return []
    count = len(found.cycles)
    several = ngettext(
        "One cycle of cuts is recorded: too few for an average.",
        "Each cycle of cuts stands alone: {n} of them are too few for an average.",
        count,
    )
    lines = [several.format(n=count)]
    after = [cut for one in found.cycles for cut in (one.after_first, one.after_last)]
    if any(cut is None or cut.spread(months) is None for cut in after for months in MONTHS_AFTER):
        lines.append(_("After cuts, months that are not over or lie outside both funds' prices are left out."))
    if found.cycles[-1].open:
        text = _("The cut of {day} is the latest: the cycle is open until a rise follows.")
        lines.append(text.format(day=i18n.day(found.cycles[-1].last)))
    return lines


def _leverage(found: Findings) -> list[str]:
    missing = _("Interest cover, floating-rate debt and maturities are not recorded in the data.")
    if found.leverage is None:
        return [_("Members with their debts are not stored for this day."), missing]
    text = _("Net debt / EBITDA: {small} and {large} members outside finance and real estate with EBITDA above zero.")
    small, large = found.leverage.counts
    counted = text.format(small=i18n.number(small), large=i18n.number(large))
    return [counted, *filter(None, [found.leverage.epochs]), missing]


def _certainty(fit: Fit) -> str:
    if math.isnan(fit.t) or abs(fit.t) < ENOUGH_T:
        return _("it cannot be told apart from none")
    return _("more than chance would give")


def _missing(found: Findings, as_of: date) -> list[str]:
    names = {"small": found.pair.small, "large": found.pair.large, "day": i18n.day(as_of)}
    lines = []
    if found.expected is None:
        text = _(
            "The futures contract twelve months ahead is not stored for {day}: bills are shown instead. They tend to "
            "yield a little less than the Fed's rate, so a gap alone is no forecast."
        )
        lines.append(text.format(**names))
    if found.rates.keys() < SERIES.keys():
        lines.append(_("Not every rate is stored for {day}: what is not is left out.").format(**names))
    if any(rate.change_bp is None for rate in found.rates.values()):
        lines.append(_("A rate that is stored for less than the window has no change over it."))
    if found.target is None:
        lines.append(_("No decision on the target is recorded yet on {day}.").format(**names))
    if found.next_meeting is None:
        lines.append(_("Which Fed meeting comes after {day} is not stored.").format(**names))
    if found.prices_from is not None and not found.sensitivities:
        lines.append(_("Yields are not stored for {day} yet: no sensitivity.").format(**names))
    elif not found.sensitivities:
        text = _("{small} and {large} have no common prices yet on {day}: no sensitivity and no cycles.")
        lines.append(text.format(**names))
    elif len(found.sensitivities["2y"].pairs) < PAIRS:
        lines.append(_("Too few weeks for a sensitivity: it takes {n} complete ones.").format(n=PAIRS))
    elif found.sensitivities["2y"].fit is None:
        lines.append(_("The 2-year yield did not move in the last {n} weeks: no sensitivity.").format(n=PAIRS))
    return lines
