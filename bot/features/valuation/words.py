"""What is said about valuation: a headline true for every outcome, names of multiples, notes, alternative texts."""

import math
from datetime import date

import pandas as pd

from bot import i18n
from bot.features.indices import absent
from bot.features.valuation.findings import LARGE, SMALL, Findings, Multiples, Paired
from bot.i18n import gettext as _
from bot.market import universe

_LEVEL = 0.005  # a discount that is shown as 0%


def headline(found: Findings) -> str:
    """Say how much cheaper small caps are, with and without loss-makers; else where the price ratio stands."""
    if found.multiples is None:
        return _relative(found)
    without, kept = (found.multiples.of("pe_fy1", companies).discount for companies in ("profitable", "all"))
    if math.isnan(without) and math.isnan(kept):
        return _relative(found)
    if math.isnan(kept):
        said = _("Small caps are {without} if loss-makers are left out; with them there are no earnings to price.")
        return said.format(without=_than_large(without))
    return _("Small caps are {without} if loss-makers are left out, {kept} if they are kept in.").format(
        without=_than_large(without), kept=cheaper(kept)
    )


def _relative(found: Findings) -> str:
    level = found.relative
    return _("{small} costs {level} of {large}: at or below that on {share} of {n} sessions since {first}.").format(
        small=SMALL,
        large=LARGE,
        level=i18n.number(level.level, 3),
        share=i18n.percent(level.percentile, 0),
        n=i18n.number(level.sessions),
        first=i18n.day(first_day(found)),
    )


def first_day(found: Findings) -> date:
    """Return the first session of the ratio."""
    return pd.DatetimeIndex(found.relative.history.index)[0].date()


def cheaper(discount: float) -> str:
    """Say a discount in words: "22% cheaper", "15% dearer", "priced the same"."""
    if math.isnan(discount):
        return _("not comparable")
    if abs(discount) < _LEVEL:
        return _("priced the same")
    said = _("{size} cheaper") if discount > 0 else _("{size} dearer")
    return said.format(size=i18n.percent(abs(discount), 0))


def picture_title(found: Multiples) -> str:
    """Say both discounts in the few words that fit above a picture."""
    without, kept = (found.of("pe_fy1", companies).discount for companies in ("profitable", "all"))
    return _("Small: {without} without losers, {kept} with them").format(without=cheaper(without), kept=cheaper(kept))


def _than_large(discount: float) -> str:
    if math.isnan(discount) or abs(discount) < _LEVEL:
        return _("priced like large caps")
    said = _("{size} cheaper than large") if discount > 0 else _("{size} dearer than large")
    return said.format(size=i18n.percent(abs(discount), 0))


def name(row: Paired) -> str:
    """Name a multiple and the companies it is of."""
    return name_of(row.multiple, row.companies)


def name_of(multiple: str, companies: str) -> str:
    """Name a multiple and the companies it is of, by its key."""
    return {
        ("pe_fy1", "all"): _("P/E this year, all"),
        ("pe_fy1", "profitable"): _("P/E this year, no losers"),
        ("pe_fy1", "without_health_care"): _("P/E this year, no health care"),
        ("pe_fy2", "all"): _("P/E next year, all"),
        ("pe_fy2", "profitable"): _("P/E next year, no losers"),
        ("pe_trailing", "all"): _("Trailing P/E, all"),
        ("pe_trailing", "profitable"): _("Trailing P/E, no losers"),
        ("pe_trailing", "without_health_care"): _("Trailing P/E, no health care"),
        ("price_to_sales", "without_financials"): _("Price to sales"),
        ("ev_to_sales", "without_financials"): _("EV to sales"),
        ("price_to_book", "all"): _("Price to book"),
        ("ev_to_ebit", "median_of_profitable"): _("EV to operating income, median"),
    }[multiple, companies]


def multiple(value: float) -> str:
    """Format a multiple; one that is not meaningful says so in short."""
    return i18n.number(value, 1) if not math.isnan(value) else _("n.m.")


def against(row: Paired) -> str:
    """Set both sides of a multiple against each other."""
    return _("{small} against {large}").format(small=multiple(row.small.value), large=multiple(row.large.value))


def notes(found: Findings) -> tuple[str, ...]:
    """Return what keeps the figures from being misread, and what cannot be measured."""
    level = found.relative
    said = [
        _(
            "The relative level is the price of {small} over that of {large}, without dividends: {n} sessions since "
            "{first}; low {low} on {low_day}, peak {peak} on {peak_day}. A price ratio is not a valuation."
        ).format(
            small=SMALL,
            large=LARGE,
            n=i18n.number(level.sessions),
            first=i18n.day(first_day(found)),
            low=i18n.number(level.low, 3),
            low_day=i18n.day(level.low_day),
            peak=i18n.number(level.peak, 3),
            peak_day=i18n.day(level.peak_day),
        )
    ]
    if found.multiples is None:
        assert found.missing is not None
        said.append(_("No multiples: {reason}").format(reason=absent(found.missing)))
    else:
        said.extend(_multiple_notes(found.multiples))
    said.append(
        _(
            "Not measurable with free data: 25 years of the index's own P/E or EV to sales (the claim “cheapest in 25 "
            "years” rests on the price ratio here), fund multiples of the vendor, share of floating-rate debt."
        )
    )
    return tuple(said)


def _multiple_notes(found: Multiples) -> list[str]:
    said = [
        _inputs(found),
        _(
            "No industries are stored, so biotech cannot be told from the rest of health care: “no health care” leaves "
            "out that whole sector, {small} small and {large} large companies."
        ).format(small=i18n.number(found.health_care[0]), large=i18n.number(found.health_care[1])),
        _("Left out for accounts in another currency: {small} small, {large} large companies.").format(
            small=i18n.number(found.foreign[0]), large=i18n.number(found.foreign[1])
        ),
    ]
    if any(math.isnan(row.small.value) or math.isnan(row.large.value) for row in found.rows):
        said.append(_("n.m., not meaningful: what the price is set against does not add up to more than zero, or no "
                      "company has the figure."))  # fmt: skip
    epochs = universe.words(found.pair)
    return [*said, epochs] if epochs else said


def _inputs(found: Multiples) -> str:
    if found.fundamentals is None:
        return _(
            "Multiples are sums over companies, each once: estimates of {estimates} at caps of the same source. No "
            "fundamentals are stored for this day: no trailing, sales or book multiples, no losses of the last year."
        ).format(estimates=i18n.day(found.estimates))
    return _(
        "Multiples are sums over companies, each once: estimates of {estimates} at caps of the same source, "
        "fundamentals of {fundamentals}. Financials and real estate are left out of sales multiples."
    ).format(estimates=i18n.day(found.estimates), fundamentals=i18n.day(found.fundamentals))


def level_words(found: Findings) -> str:
    """Say in numbers what the relative level shows."""
    level = found.relative
    return _(
        "{small} over {large} since {first}: {level} now, between {low} ({low_day}) and {peak} ({peak_day}); "
        "{share} of sessions were at or below today's level."
    ).format(
        small=SMALL,
        large=LARGE,
        first=i18n.day(first_day(found)),
        level=i18n.number(level.level, 3),
        low=i18n.number(level.low, 3),
        low_day=i18n.day(level.low_day),
        peak=i18n.number(level.peak, 3),
        peak_day=i18n.day(level.peak_day),
        share=i18n.percent(level.percentile, 1),
    )


def multiples_words(rows: tuple[Paired, ...]) -> str:
    """Say in numbers what the multiples show."""
    said = [
        _("{name}: {against} ({discount})").format(name=name(row), against=against(row), discount=cheaper(row.discount))
        for row in rows
    ]
    return _("Small against large. {rows}.").format(rows="; ".join(said))


def share_working(share: float, of: int) -> str | None:
    """Write out a share of members as counts; None without members."""
    if math.isnan(share):
        return None
    return _("companies that have the figure: {count} of {of}").format(
        count=i18n.number(round(share * of)), of=i18n.number(of)
    )
