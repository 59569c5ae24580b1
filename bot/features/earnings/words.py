"""What is said about earnings: headlines true for every outcome, notes, alternative texts."""

import math

from bot import i18n
from bot.analytics.earnings import Growth
from bot.features.earnings.company import Company
from bot.features.earnings.findings import Findings, Side
from bot.i18n import gettext as _
from bot.i18n import ngettext

_APART = 0.05  # growth rates further apart than this tell two stories


def headline(found: Findings) -> str:
    """Say small caps' growth in sum and at the median company, with large caps' beside it."""
    small, large = found.small.growth, found.large.growth
    beside = _("(large: {aggregate}, {median})").format(aggregate=rate(large.aggregate), median=rate(large.median))
    if math.isnan(small.median):
        return _("Small-cap EPS growth cannot be measured: no company has earnings this year to grow from.")
    if math.isnan(small.aggregate):
        said = _("Small-cap EPS growth in sum means nothing (too many losses); {median} at the median company {large}.")
        return said.format(median=rate(small.median), large=beside)
    if abs(small.aggregate - small.median) > _APART:
        said = _("Small-cap EPS {aggregate} next year, but {median} at the median company {large}.")
    else:
        said = _("Small-cap EPS {aggregate} next year, and {median} at the median company {large}.")
    return said.format(aggregate=rate(small.aggregate), median=rate(small.median), large=beside)


def rate(value: float) -> str:
    """Format a growth rate; one that means nothing says so."""
    return _("not meaningful") if math.isnan(value) else i18n.percent(value, 0, signed=True)


def both(small: float, large: float) -> str:
    """Set a growth rate of small against that of large caps."""
    return _("{small} (large {large})").format(small=rate(small), large=rate(large))


def breadth(small: Side, large: Side) -> str:
    """Set revision breadth of small against that of large caps."""
    return _("{small} (large {large})").format(
        small=balance(small.revisions.counts), large=balance(large.revisions.counts)
    )


def balance(value: float) -> str:
    """Format a breadth from -1 to 1; nobody revised is said so."""
    return _("none") if math.isnan(value) else i18n.number(value, 2, signed=True)


def coverage(side: Side) -> str:
    """Say how many members have estimates and what weight they carry."""
    covered = side.growth.coverage
    return _("{matched} of {members}, {weight} of weight").format(
        matched=i18n.number(covered.matched),
        members=i18n.number(covered.members),
        weight=i18n.DASH if math.isnan(covered.weight) else i18n.percent(covered.weight, 0),
    )


def growth_working(found: Growth) -> str | None:
    """Write out the base and its thinness; None without members."""
    if found.coverage.matched == 0 or math.isnan(found.base):
        return None
    return _("companies: {n}; losses leave {base} of the absolute sum of earnings as the base").format(
        n=i18n.number(found.coverage.matched), base=i18n.percent(found.base, 0)
    )


def notes(found: Findings) -> tuple[str, ...]:
    """Return what keeps the figures from being misread, and what is not stored."""
    said = [
        _(
            "Growth from this fiscal year (FY1) to the next (FY2), consensus of {day}; fiscal years are not "
            "calendarised. In sum, growth out of losses is arithmetic: so three forms and the largest contributors."
        ).format(day=i18n.day(found.day)),
        _revision_note(found),
        _("Left out for accounts in another currency: {small} small, {large} large companies.").format(
            small=i18n.number(len(found.small.consensus.foreign)), large=i18n.number(len(found.large.consensus.foreign))
        ),
    ]
    growths = [side.growth for side in (found.small, found.large, found.seven)]
    if any(math.isnan(v) for g in growths for v in (g.aggregate, g.positive_base, g.median, g.loss_share)):
        said.append(_("Not meaningful: losses leave too small a base to grow from, or no company has the figures."))
    if any(math.isnan(side.revisions.counts) for side in (found.small, found.large, found.seven)):
        said.append(_("No revision breadth where nobody revised in 30 days."))
    if found.between:
        said.append(found.between)
    if found.fundamentals is None:
        said.append(_("Trailing losses are not known on this day: no fundamentals are stored yet."))
    said.append(_("Not stored: earnings surprises of the last quarter, dates of the next reports."))
    return tuple(said)


def _revision_note(found: Findings) -> str:
    if not found.small.counted:
        return _("No analysts' counts are stored: revisions are consensus rises and falls between two stored files.")
    still = found.small.revisions.set_aside + found.large.revisions.set_aside
    said = _("Revision breadth counts analysts' revisions in 30 days, (up − down) / (up + down).")
    if not still:
        return said
    aside = ngettext(
        "{n} company whose estimates stood still for 90 days is left out.",
        "{n} companies whose estimates stood still for 90 days are left out.",
        still,
    )
    return said + " " + aside.format(n=i18n.number(still))


def growth_words(found: Findings) -> str:
    """Say in numbers what the growth bars show."""
    sides = ((_("small"), found.small), (_("large"), found.large), (_("the seven"), found.seven))
    said = [
        _("{side}: {aggregate} in sum, {positive} of companies that earn, {median} at the median").format(
            side=name,
            aggregate=rate(side.growth.aggregate),
            positive=rate(side.growth.positive_base),
            median=rate(side.growth.median),
        )
        for name, side in sides
    ]
    return _("EPS growth to the next fiscal year. {sides}.").format(sides="; ".join(said))


def revision_words(found: Findings) -> str:
    """Say in numbers what the revision bars show."""
    sides = ((_("small"), found.small), (_("large"), found.large), (_("the seven"), found.seven))
    said = [
        _("{side}: {counts} by revisions, {companies} by companies, {weighted} by market cap").format(
            side=name,
            counts=balance(side.revisions.counts),
            companies=balance(side.revisions.companies),
            weighted=balance(side.revisions.cap_weighted),
        )
        for name, side in sides
    ]
    return _("Revision breadth in 30 days, from −1 (all down) to +1 (all up). {sides}.").format(sides="; ".join(said))


def company_headline(one: Company) -> str:
    """Say this and next year's consensus and how it moved in 90 days."""
    if math.isnan(one.fy1):
        return _("{symbol}: no consensus for this fiscal year is stored.").format(symbol=one.symbol)
    opening = _("{symbol}: {fy1} a share expected this fiscal year").format(symbol=one.symbol, fy1=amount(one, one.fy1))
    following = "" if math.isnan(one.fy2) else _(", {fy2} next").format(fy2=amount(one, one.fy2))
    return opening + following + _moved(one) + "."


def amount(one: Company, value: float) -> str:
    """Format earnings a share: dollars, or a bare number in the currency of the company's accounts."""
    return i18n.money(value) if one.in_dollars else i18n.number(value, 2)


def _moved(one: Company) -> str:
    change = one.moved(one.fy1_90d)
    if math.isnan(change):
        return ""
    if abs(change) < 0.0005:
        return _("; unchanged in 90 days")
    said = _("; this year's raised {size} in 90 days") if change > 0 else _("; this year's cut {size} in 90 days")
    return said.format(size=i18n.percent(abs(change)))


def company_notes(one: Company) -> tuple[str, ...]:
    """Return what keeps a company's estimates from being misread, and what is not stored."""
    there = (
        (_("this year's estimate"), one.fy1), (_("next year's"), one.fy2),
        (_("this year's of 30 days ago"), one.fy1_30d),
        (_("this year's of 90 days ago"), one.fy1_90d), (_("next year's of 90 days ago"), one.fy2_90d),
        (_("this year's in the file before"), one.before_fy1), (_("the number of analysts"), one.analysts),
        (_("analysts' revisions"), one.up + one.down), (_("the price"), one.price),
    )  # fmt: skip
    missing = [name for name, value in there if math.isnan(value)]
    always = [_("the date of the next report"), _("past surprises"), _("next year's of 30 days ago")]
    said = [
        _("Consensus of {day}; fiscal years as the company keeps them.").format(day=i18n.day(one.day)),
        _("Not stored: {what}.").format(what=i18n.all_of([*always, *missing])),
    ]
    if not one.in_dollars:
        said.append(_("Accounts in another currency: earnings a share are in that one, and no multiple is given."))
    if one.fy1 <= 0:
        said.append(_("No growth rate and no multiple: this year's expected earnings are not above zero."))
    if 0 in {one.fy1_30d, one.fy1_90d, one.before_fy1}:
        said.append(_("No change is given from an estimate of zero."))
    return tuple(said)


def company_words(one: Company) -> str:
    """Say in numbers what the bars of a company show."""
    points = (
        (_("90 days ago"), one.fy1_90d, one.fy2_90d),
        (_("now"), one.fy1, one.fy2),
    )
    said = [
        _("{when}: {fy1} this year, {fy2} next").format(when=when, fy1=_or_none(one, fy1), fy2=_or_none(one, fy2))
        for when, fy1, fy2 in points
    ]
    return _("Expected earnings a share of {symbol}. {points}.").format(symbol=one.symbol, points="; ".join(said))


def _or_none(one: Company, value: float) -> str:
    return _("not stored") if math.isnan(value) else amount(one, value)


def positive_working(found: Growth) -> str | None:
    """Say over how many companies growth is measured; None without any."""
    if found.positive_members == 0:
        return None
    return _("companies with earnings above zero this year: {n} of {of}").format(
        n=i18n.number(found.positive_members), of=i18n.number(found.coverage.matched)
    )


def loss_working(found: Growth) -> str | None:
    """Write out the share of expected losers as counts; None without estimates."""
    if math.isnan(found.loss_share):
        return None
    return _("companies with estimates: {count} of {of}").format(
        count=i18n.number(round(found.loss_share * found.coverage.matched)), of=i18n.number(found.coverage.matched)
    )


def revision_working(one: Company, then: float) -> str | None:
    """Write out how this year's estimate moved since ``then``; None where it is not known."""
    return change_working(one, then, one.fy1, one.moved(then))


def change_working(one: Company, before: float, now: float, change: float) -> str | None:
    """Write out a change between two estimates; None where it is not known."""
    if math.isnan(change):
        return None
    return _("from {before} to {now}: {change}").format(
        before=amount(one, before), now=amount(one, now), change=i18n.percent(change, 2, signed=True)
    )
