"""What the card on a portfolio says, true for every portfolio."""

from bot import i18n
from bot.analytics.portfolio import SESSIONS
from bot.features.allocation.findings import LARGE as LARGE_FUND
from bot.features.allocation.findings import SMALL, Findings
from bot.features.allocation.profiles import CASH_PART, LARGE, NEITHER, UNKNOWN
from bot.features.allocation.profiles import SMALL as SMALL_INDEX
from bot.i18n import gettext as _


def group_names() -> dict[str, str]:
    """Name the parts of the mix by index."""
    return {
        LARGE: _("Russell 1000"),
        SMALL_INDEX: _("Russell 2000"),
        NEITHER: _("neither index"),
        CASH_PART: _("cash"),
        UNKNOWN: _("no data"),
    }


def tier_names() -> dict[str, str]:
    """Name the sizes."""
    return {
        "mega": _("mega"),
        "large": _("large"),
        "mid": _("mid"),
        "small": _("small"),
        "micro": _("micro"),
        CASH_PART: _("cash"),
        UNKNOWN: _("no data"),
    }


def headline(found: Findings) -> str:
    """Say the share of small caps against the market's, and which holding carries the most risk."""
    return _("{mix}{risk}.").format(mix=_mix(found), risk=_heaviest(found))


def _mix(found: Findings) -> str:
    share = found.mix.groups[SMALL_INDEX]
    known = 1 - found.mix.groups[UNKNOWN]
    if found.market is None and found.mix.groups[CASH_PART] == 1:
        return _("All of this is cash")
    if found.market is None or known <= 0:
        return _("What these holdings are made of is not stored for this day")
    names = {"share": i18n.percent(share, 0), "market": i18n.percent(found.market.groups[SMALL_INDEX], 0),
             "known": i18n.percent(known, 0)}  # fmt: skip
    if known < 0.995:
        return _("{share} of this is in small caps of the Russell 2000, as far as {known} of it can tell; of the whole "
                 "market, {market}").format(**names)  # fmt: skip
    return _("{share} of this is in small caps of the Russell 2000; of the whole market, {market}").format(**names)


def _heaviest(found: Findings) -> str:
    if found.risk is None:
        return ""
    at = int(found.risk.contributions.argmax())
    symbol, part = found.risk.symbols[at], float(found.risk.contributions[at])
    if len(found.risk.symbols) == 1:
        return _(". All of the risk is {symbol}").format(symbol=symbol)
    return _(". {symbol} carries {part} of the risk with {weight} of the money").format(
        symbol=symbol, part=i18n.percent(part, 0), weight=i18n.percent(float(found.risk.weights[at]), 0)
    )


def notes(found: Findings) -> tuple[str, ...]:
    """Say what risk rests on, what stands in for what, and precisely what is missing."""
    return (*_risk_notes(found), *_past_notes(found), *_mix_notes(found), *_price_notes(found))


def _risk_notes(found: Findings) -> list[str]:
    lines = []
    if not found.priced and not found.unpriced:
        lines.append(_("Cash alone has neither risk nor past to show."))
    elif not found.priced:
        text = _("No daily prices are stored for {symbols}: there is neither risk nor past to show.")
        lines.append(text.format(symbols=i18n.all_of(found.unpriced)))
    elif found.unpriced:
        lines.append(
            _("No daily prices are stored for {symbols}: risk and past are those of the other {share}.").format(
                symbols=i18n.all_of(found.unpriced), share=i18n.percent(_priced_share(found), 0)
            )
        )
    if found.risk is not None:
        lines.append(
            _(
                "Volatility, betas and risk shares are of the last {n} daily returns, with Ledoit-Wolf covariance."
            ).format(n=SESSIONS)
        )
        lacking = [f for f, b in ((SMALL, found.beta_small), (LARGE_FUND, found.beta_large)) if b is None]
        if lacking:
            lines.append(_("No beta to {funds}: its returns do not reach as far.").format(funds=i18n.all_of(lacking)))
    elif found.priced:
        lines.append(_("Risk takes {n} common daily returns; these holdings have fewer, or never moved.").format(
            n=SESSIONS))  # fmt: skip
    return lines


def _priced_share(found: Findings) -> float:
    return sum(found.weighed.weights[symbol] for symbol in found.priced)


def _past_notes(found: Findings) -> list[str]:
    if found.past is None:
        return [_("A past takes two sessions on which all holdings have prices.")] if found.priced else []
    lines = [
        _("The past from {start} is that of today's weights restored every session, without costs or taxes.").format(
            start=i18n.day(found.past.start)
        )
    ]
    if found.young:
        lines.append(_("{symbol} is younger than the window asked for and makes it begin later.").format(
            symbol=found.young))  # fmt: skip
    if found.past.per_year is None:
        lines.append(_("Up to a year, no return is given per year."))
    if found.past.volatility is None:
        lines.append(_("Two sessions are too few for a volatility of that past."))
    if found.shifted is None:
        lines.append(_("{fund} has no prices for that time: no shift to it can be shown.").format(fund=SMALL))
    return lines


def _mix_notes(found: Findings) -> list[str]:
    lines = []
    for fund, other in found.mix.stand_ins.items():
        lines.append(
            _("Members of {fund} are not stored: it is shown with the companies of {other}, a stand-in.").format(
                fund=fund, other=other
            )
        )
    for fund, share in found.mix.partly.items():
        lines.append(_("Of {fund} only the largest holdings are stored, {share} of it.").format(
            fund=fund, share=i18n.percent(share, 0)))  # fmt: skip
    if found.mix.uncapped:
        lines.append(_("No market cap is stored for {symbols}.").format(symbols=i18n.all_of(found.mix.uncapped)))
    if found.market is None:
        lines.append(
            _("Members of the indices or their caps are not stored for this day: nor is the mix of the whole market.")
        )
    if found.mix.day is not None:
        lines.append(
            _("Sizes are market caps of {day} or later; the whole market is the members of IWM and IWB by cap.").format(
                day=i18n.day(found.mix.day)
            )
        )
    return [*lines, *filter(None, [found.mix.epochs])]


def _price_notes(found: Findings) -> list[str]:
    lines = [] if found.weighed.value is not None else [_("Percentages say nothing of a value in dollars.")]
    return lines + [
        _("Shares of {symbol} are counted at its price of {day}.").format(symbol=symbol, day=i18n.day(day))
        for symbol, day in found.weighed.priced_on.items()
    ]


def shift_name(found: Findings) -> str:
    """Name the portfolio with the shift."""
    return _("{share} moved to {fund}").format(share=i18n.percent(found.shift, 0), fund=SMALL)
