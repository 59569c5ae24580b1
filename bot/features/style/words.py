"""What the card on style says, true for every outcome."""

from bot import i18n
from bot.features.rotation.findings import Findings, Span
from bot.features.rotation.words import alternative as rotation_alternative
from bot.features.rotation.words import returns, too_short
from bot.features.sides import rounding
from bot.i18n import gettext as _

SIDES = {"small": "growth", "large": "value", "mixed": "mixed"}  # what the sides of the rotation stand for here


def headline(found: Findings) -> str:
    """Say which style is ahead over the window, and which one has the regime."""
    opening = _outcome(found.asked)
    if found.regime is None:
        return _("{outcome}.").format(outcome=opening)
    regime = {
        "small": _("growth has led since {day}"),
        "large": _("value has led since {day}"),
        "mixed": _("no clear leader since {day}"),
    }[found.regime.state].format(day=i18n.day(found.regime.since))
    return _("{outcome}; by the trend, {regime}.").format(outcome=opening, regime=regime)


def _outcome(span: Span) -> str:
    sentence = {
        1: _("Small-cap growth is ahead of value: {growth} against {value} since {day}"),
        -1: _("Small-cap value is ahead of growth: {value} against {growth} since {day}"),
        0: _("Small-cap growth and value are level: {growth} against {value} since {day}"),
    }[span.ahead]
    growth, value = returns(span)
    return sentence.format(growth=growth, value=value, day=i18n.day(span.start))


def regime_shown(found: Findings) -> str | None:
    """Say the regime with both of its days; None if there is none."""
    if found.regime is None:
        return None
    leader = {"small": _("growth leads"), "large": _("value leads"), "mixed": _("no clear leader")}[found.regime.state]
    return _("{leader} since {since}, confirmed {confirmed}").format(
        leader=leader, since=i18n.day(found.regime.since), confirmed=i18n.day(found.regime.confirmed)
    )


def notes(found: Findings, *, stale: bool) -> tuple[str, ...]:
    """Say what stands for the styles, both ends of the window, and what a regime is."""
    span = found.asked
    lines = [
        _("{growth} stands for growth and {value} for value; total return from the close of {start} to that of {end}.")
        .format(growth=found.pair.small, value=found.pair.large, start=i18n.day(span.start), end=i18n.day(span.end)),
        _("Only dividend-adjusted prices of the two are stored: returns are right, closes are not known."),
    ]  # fmt: skip
    if found.regime is None:
        lines.append(_("No regime: it needs 200 common sessions and five in a row that agree."))
    else:
        lines.append(_("A regime is dated back to the first of five sessions in a row; it was known on the fifth."))
    lines += too_short(found)
    lines += rounding([span])
    if stale:
        lines.append(
            _("Later closes are not stored for both: the figures end on {day}.").format(day=i18n.day(span.end))
        )
    return tuple(lines)


def alternative(found: Findings) -> str:
    """Say the picture in numbers."""
    return _("Small-cap growth and value. {lines}").format(lines=rotation_alternative(found))
