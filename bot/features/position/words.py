"""What is said about a position: arithmetic, never advice."""

from bot import i18n
from bot.analytics.position import ATR_SESSIONS, SHARE_OF_VOLUME
from bot.features.position.findings import VOLUME_SESSIONS, Findings
from bot.features.position.request import PositionRequest
from bot.i18n import gettext as _
from bot.i18n import ngettext


def _names(found: Findings, request: PositionRequest) -> dict[str, str]:
    return {
        "symbol": found.symbol,
        "account": i18n.money(request.account),
        "risk": i18n.percent(request.risk, 2 if request.risk < 0.001 else 1),
        "ranges": i18n.number(request.ranges, 0 if request.ranges == round(request.ranges) else 2),
    }


def headline(found: Findings, request: PositionRequest) -> str:
    """Say how many shares the stated risk allows, or why it allows none or cannot be said."""
    names, size = _names(found, request), found.size
    if found.atr is None:
        text = _("No size for {symbol}: its average range takes {n} daily ranges, there are {have}.")
        return text.format(n=ATR_SESSIONS, have=found.sessions, **names)
    if size is None and found.atr == 0:
        return _("No size for {symbol}: its price has not moved, so a stop says nothing.").format(**names)
    if size is None:
        return _("No size for {symbol}: {ranges} average ranges are more than its whole price.").format(**names)
    if size.shares == 0:
        text = _("Not one share of {symbol} fits: {risk} of {account} is less than a fall of {ranges} average ranges.")
        return text.format(**names)
    text = ngettext(
        "One share of {symbol}: a fall of {ranges} average ranges to {stop} costs {cost}; {risk} of {account} is "
        "allowed.",
        "{n} shares of {symbol}: a fall of {ranges} average ranges to {stop} costs {cost}; {risk} of {account} is "
        "allowed.",
        size.shares,
    )
    return text.format(n=i18n.number(size.shares), stop=i18n.money(size.stop), cost=i18n.money(size.risk_usd), **names)


def exit_shown(found: Findings) -> str | None:
    """Say how long leaving takes, in words where it is less than a day."""
    if found.days_to_exit is None:
        return None
    if found.days_to_exit < 1:
        return _("within a day")
    return i18n.number(found.days_to_exit, 1)


def notes(found: Findings, request: PositionRequest) -> tuple[str, ...]:
    """Say what the range and the price are, what volume is, and what a stop does not do."""
    lines = []
    if found.by_closes:
        lines.append(_("High and low are not stored for {symbol}: its range is from close to close, which is smaller.")
                     .format(symbol=found.symbol))  # fmt: skip
    if found.adjusted:
        lines.append(
            _("Ranges are of dividend-adjusted prices, as stored; before the last dividend they lie a little lower.")
        )
    lines += [_volume(found), _("A stop is not a promise: prices can open beyond it, and then more is lost.")]
    size = found.size
    if size and size.value_usd > 0 and request.account * request.risk - size.risk_usd > found.price:
        lines.append(_("The account itself is the limit here: it buys fewer shares than the risk would allow."))
    return tuple(lines)


def _volume(found: Findings) -> str:
    names = {"symbol": found.symbol, "share": i18n.percent(SHARE_OF_VOLUME, 0)}
    if found.volume is None:
        return _("The volume of {symbol} is not stored: days to leave cannot be said.").format(**names)
    names |= {"average": i18n.compact(found.volume.shares), "day": i18n.day(found.volume.day)}
    if found.volume.settled:
        text = _("Leaving is counted at {share} of the volume, {average} shares a day in the period settled on {day}.")
    else:
        text = _("Leaving is counted at {share} of the volume, {average} shares a day in the {n} sessions to {day}.")
    return text.format(n=VOLUME_SESSIONS, **names)
