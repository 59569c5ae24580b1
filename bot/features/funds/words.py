"""What the card on funds says, true for every set of funds."""

from bot import i18n
from bot.features.funds.findings import Findings, Fund, Risk
from bot.features.funds.request import FundsRequest
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.report import MAX_FIGURES
from bot.windows import Window


def headline(found: Findings, request: FundsRequest) -> str:
    """Say who returned most and least over the window, and who costs least."""
    window = Window(request.window).words()
    funds = sorted(found.measured, key=lambda fund: _risk(fund).total, reverse=True)
    if not funds:
        return _("None of these funds has traded for the whole window ({window}).").format(window=window)
    return _("{returns}{cost}.").format(returns=_returns(funds, _over(request.window)), cost=_cheapest(found))


def _risk(fund: Fund) -> Risk:
    assert fund.risk is not None  # only measured funds are asked
    return fund.risk


def rate(fund: Fund) -> str:
    """Show what a fund returned over the window: per year where it is longer than one."""
    risk = _risk(fund)
    if risk.per_year is None:
        return i18n.percent(risk.total, signed=True)
    return _("{rate} a year").format(rate=i18n.percent(risk.per_year, signed=True))


def _over(text: str) -> str:
    """Say over what the returns are: "over 5 years", "since 1 Jan 2020", "year to date"."""
    window = Window(text)
    return window.words() if window.is_date or text == "ytd" else _("over {window}").format(window=window.words())


def _returns(funds: list[Fund], over: str) -> str:
    best, worst = funds[0], funds[-1]
    names = {"over": over, "best": best.symbol, "most": rate(best), "worst": worst.symbol, "least": rate(worst)}
    if len(funds) == 1:
        text = _("{best}: {most} {over}, with a deepest fall of {fall}")
        return text.format(**names, fall=i18n.percent(_risk(best).deepest))
    if rate(best) == rate(worst):
        text = ngettext(
            "Both funds returned the same {over}: {most}",
            "All {n} funds returned the same {over}: {most}",
            len(funds) - 1,
        )
        return text.format(n=len(funds), **names)
    return _("{best} returned most {over}, {most}; {worst} least, {least}").format(**names)


def _cheapest(found: Findings) -> str:
    fees = {f.symbol: fee for f in found.funds if (fee := fact(f, "expense_ratio")) is not None}
    if len(fees) < 2:
        return ""
    low = min(fees.values())
    names = [symbol for symbol, fee in fees.items() if fee == low]
    text = _("; of the {n} costs stored, the lowest is {fee} a year ({names})")
    return text.format(n=len(fees), names=i18n.all_of(names), fee=i18n.percent(low, 2))


def fact(fund: Fund, key: str) -> float | None:
    """Return a stored number about a fund, None where there is none."""
    value = fund.facts.values.get(key) if fund.facts else None
    return float(value) if isinstance(value, int | float) else None


def shown(fund: Fund) -> str | None:
    """Show a fund's return with its deepest fall; None without the whole window."""
    if fund.risk is None:
        return None
    return _("{rate}, deepest fall {fall}").format(rate=rate(fund), fall=i18n.percent(fund.risk.deepest))


def notes(found: Findings) -> tuple[str, ...]:
    """Say both ends of the window, what each measure is against, and precisely what is missing."""
    lines = [
        _("Total return from the close of {start} to that of {end}; beta, capture and tracking error against "
          "{benchmark}, Sharpe over the 3-month bill.").format(
            start=i18n.day(found.start), end=i18n.day(found.end), benchmark=found.benchmark),
    ]  # fmt: skip
    for fund in found.funds:
        if fund.first is None:
            lines.append(_("{fund} had not traded by this day.").format(fund=fund.symbol))
        elif fund.risk is None:
            text = _("{fund} is younger than the window: its data begins on {first}.")
            lines.append(text.format(fund=fund.symbol, first=i18n.day(fund.first)))
    if not found.billed:
        lines.append(_("The 3-month bill is not stored for this day: no Sharpe and no Sortino."))
    if len(found.funds) > MAX_FIGURES:
        lines.append(_("The card and the picture show the first {n}; the table has all.").format(n=MAX_FIGURES))
    return (*lines, *_measures_missing(found), *_facts_missing(found), *_holdings_missing(found))


def _measures_missing(found: Findings) -> list[str]:
    """Say why cells of funds that have traded are empty."""
    lines = []
    risks = [_risk(fund) for fund in found.measured]
    if found.benchmark_first is not None and found.benchmark_first > found.start:
        text = _("{benchmark} is younger than the window: what is measured against it is so from {first}.")
        lines.append(text.format(benchmark=found.benchmark, first=i18n.day(found.benchmark_first)))
    if any(fund.first is not None and None in fund.years.values() for fund in found.funds):
        lines.append(_("A return over more years than a fund has data for is left out."))
    if any(None in risk.capture for risk in risks):
        lines.append(_("Capture is left out where the window has no complete month in which {benchmark} rose, or fell.")
                     .format(benchmark=found.benchmark))  # fmt: skip
    ratios = [value for risk in risks for value in (risk.sharpe, risk.sortino)] if found.billed else []
    if None in [*ratios, *(v for risk in risks for v in (risk.volatility, risk.beta, risk.tracking_error))]:
        lines.append(_("A measure is left out where there are too few returns for it, or nothing moved."))
    return lines


def _facts_missing(found: Findings) -> list[str]:
    without = [fund.symbol for fund in found.funds if fund.facts is None]
    days = sorted({fund.facts.date for fund in found.funds if fund.facts is not None})
    lines = []
    incomplete = [fund.symbol for fund in found.funds if fund.facts is not None
                  and None in [fact(fund, key) for key in ("expense_ratio", "assets", "yield")]]  # fmt: skip
    if incomplete:
        lines.append(_("Of {funds} cost, assets or yield is not stored.").format(funds=i18n.all_of(incomplete)))
    if days:
        lines.append(_("Cost, assets and yield are as of {day}.").format(day=i18n.day(days[-1])))
    if without:
        lines.append(_("Cost, assets and yield are not stored for {funds}.").format(funds=i18n.all_of(without)))
    return lines


def _holdings_missing(found: Findings) -> list[str]:
    held = [fund for fund in found.funds if fund.holdings is not None]
    without = [fund.symbol for fund in found.funds if fund.holdings is None]
    lines = []
    for fund in held:
        assert fund.holdings is not None  # sorted out above
        text = _("Holdings of {fund} are as of {day}; its P/E is that of its members by market cap.")
        if None in fund.earnings:
            text = _("Holdings of {fund} are as of {day}; its members' earnings are not stored, or give no P/E.")
        lines.append(text.format(fund=fund.symbol, day=i18n.day(fund.holdings.date)))
    if without:
        lines.append(_("Holdings, and with them multiples and overlap, are not stored for {funds}.").format(
            funds=i18n.all_of(without)))  # fmt: skip
    if found.epochs_apart:
        lines.append(_("A reconstitution lies between two of the lists of holdings: their overlap is not measured."))
    return lines


def alternative(found: Findings) -> str:
    """Say the picture in numbers."""
    text = _("{fund} {amount}, deepest fall {fall}")
    parts = [
        text.format(fund=f.symbol, amount=i18n.number(10_000 * (1 + _risk(f).total)),
                    fall=i18n.percent(_risk(f).deepest))
        for f in found.pictured
    ]  # fmt: skip
    if not parts:
        return _("Growth of 10,000 since {start}: no fund has the whole window.").format(start=i18n.day(found.start))
    return _("Growth of 10,000 from {start} to {end}: {funds}.").format(
        start=i18n.day(found.start), end=i18n.day(found.end), funds=i18n.all_of(parts)
    )
