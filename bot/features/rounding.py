"""Differences beside the figures they are taken from: rounding can make the three contradict each other."""

from bot.i18n import gettext as _


def adds_up(first: float, second: float, difference: float, digits: int = 1) -> bool:
    """Return whether three fractions, shown as percent with so many decimals, subtract as they are shown."""
    shown = [round(100 * value, digits) for value in (first, second, difference)]
    return bool(abs(shown[0] - shown[1] - shown[2]) < 10.0**-digits / 2)


def before_rounding() -> str:
    """Say on a card why a difference is not that of the figures beside it."""
    return _("Differences are taken before rounding: the last digit can be one off.")
