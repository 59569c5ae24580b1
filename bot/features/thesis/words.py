"""What the scoreboard says: the claims as they were made, today's readings, the rules, in words."""

import math
from collections.abc import Sequence
from datetime import date

from bot import i18n
from bot.features.risks.words import gauge_names
from bot.features.thesis.changes import Change
from bot.features.thesis.readings import Claim, Reading
from bot.i18n import gettext as _

_TENTH_OF_A_POINT = 0.001
SCORED: tuple[Claim, ...] = (
    "records", "outrunning", "comeback", "breadth", "earnings", "revisions", "valuation", "rates", "shorts", "risks",
    "cycle",
)  # fmt: skip


def names() -> dict[Claim, str]:
    """Return each claim in a few words."""
    return {
        "records": _("Record highs"),
        "outrunning": _("Ahead of large caps"),
        "comeback": _("Comeback, relative"),
        "breadth": _("Broader participation"),
        "earnings": _("Earnings handoff"),
        "revisions": _("Revisions flipped"),
        "valuation": _("Cheapest in decades"),
        "rates": _("Rate cuts ahead"),
        "shorts": _("Highest short interest"),
        "risks": _("Risks contained"),
        "cycle": _("A lasting cycle"),
    }


def then() -> dict[Claim, str]:
    """Return the figure named when the claim was made, in December 2025."""
    return {
        "records": _("record close of 251.82 on 4 Dec 2025"),
        "outrunning": _("about +19% against +11% in half a year"),
        "comeback": _("−20.4%, +16.9%, +11.5% in 2022 to 2024"),
        "breadth": _("no figure given"),
        "earnings": _("EPS +44% in 2025, +22% against +15% in 2026"),
        "revisions": _("more upgrades than downgrades, first time in years"),
        "valuation": _("lowest against large caps in nearly 25 years"),
        "rates": _("cuts in 2024 and 2025, slower in 2026"),
        "shorts": _("about 5.5% of market cap"),
        "risks": _("four risks listed"),
        "cycle": _("perhaps a cycle of several years"),
    }


def rules() -> dict[Claim, str]:
    """Return what supports and what contradicts each claim; everything else is mixed."""
    return {
        "records": _("supports: IWM record close within 63 sessions; contradicts: more than 10% below the record"),
        "outrunning": _("supports: small minus large above 0 over 6 and 12 months; contradicts: below 0 over both"),
        "comeback": _(
            "supports: ahead of SPY this year and in at least 2 of the last 3 full years; contradicts: behind likewise"
        ),
        "breadth": _("supports: RSP ahead of SPY and IWM ahead of the seven over 6 months; contradicts: both behind"),
        "earnings": _("supports: EPS growth in sum and at the median above large caps; contradicts: both below"),
        "revisions": _("supports: breadth by counts above 0 and above large caps; contradicts: 0 or below"),
        "valuation": _(
            "supports: relative price in its lowest tenth since 2000 and forward P/E of profitable companies at least "
            "15% below large; contradicts: relative price above its median, or no discount"
        ),
        "rates": _("supports: at least 25 bp lower priced for 12 months ahead; contradicts: at least 25 bp higher"),
        "shorts": _("supports: weighted short interest highest of the stored indices; mixed within half a point"),
        "risks": _("supports: no gauge above 80; contradicts: two or more"),
        "cycle": _("supports: small caps lead, confirmed for 63 sessions; contradicts: large caps lead"),
    }


def verdict(reading: Reading) -> str:
    """Return a verdict in one or two words."""
    return {
        "supports": _("holds"),
        "mixed": _("mixed"),
        "contradicts": _("broken"),
        None: _("not measured today"),
    }[reading.verdict]


def now(reading: Reading) -> str:
    """Return a reading in a few words; what is missing where there is none."""
    if not reading.values:
        return _("nothing stored for this day")
    text = _READINGS[reading.claim](reading)
    return _("{reading} (stale: {day})").format(reading=text, day=_day(reading.as_of)) if reading.stale else text


def _day(day: object) -> str:
    return i18n.day(day) if isinstance(day, date) else "—"


def _points(value: float) -> str:
    return "—" if math.isnan(value) else i18n.points(value, _digits(value))


def _bare(value: float) -> str:
    """Return points without the word: it stands beside the other figure."""
    return "—" if math.isnan(value) else i18n.number(value * 100, _digits(value), signed=True)


def _digits(value: float) -> int:
    """Return one decimal, two where one would show nothing: the verdict beside it rests on which side of 0 it is."""
    return 2 if 0 < abs(value) < _TENTH_OF_A_POINT / 2 else 1


def _percent(value: float, digits: int = 0, *, signed: bool = True) -> str:
    return "—" if math.isnan(value) else i18n.percent(value, digits, signed=signed)


def _records(r: Reading) -> str:
    if r.number("sessions") == 0:
        return _("at a record, {close}").format(close=i18n.number(r.number("record"), 2))
    return _("{drop} from the record, {day}").format(drop=_percent(r.number("drawdown"), 1), day=_day(r.values["day"]))


def _outrunning(r: Reading) -> str:
    if math.isnan(r.number("6m")):
        return _("the record is too short")
    return _("{half} in 6 months, {year} in 12").format(half=_points(r.number("6m")), year=_bare(r.number("1y")))


def _comeback(r: Reading) -> str:
    if math.isnan(r.number("now")):
        return _("the record is too short")
    return _("{now} in {year}; {n} of {full} years before").format(
        now=_points(r.number("now")),
        year=int(r.number("year")),
        n=int(r.number("ahead")),
        full=int(r.number("full")),
    )


def _breadth(r: Reading) -> str:
    return _("RSP {equal}, IWM {mega}").format(equal=_bare(r.number("equal")), mega=_points(r.number("mega")))


def _earnings(r: Reading) -> str:
    return _("sum {a} (large {b}), median {c} ({d})").format(
        a=_percent(r.number("eps_growth.small")),
        b=_percent(r.number("eps_growth.large")),
        c=_percent(r.number("eps_growth.small.median")),
        d=_percent(r.number("eps_growth.large.median")),
    )


def _revisions(r: Reading) -> str:
    return _("{small} (large {large})").format(
        small=i18n.number(r.number("small"), 2, signed=True), large=i18n.number(r.number("large"), 2, signed=True)
    )


def _valuation(r: Reading) -> str:
    level = _("price ratio: percentile {p}").format(p=i18n.number(r.number("percentile") * 100, 1))
    if math.isnan(r.number("discount")):
        return level
    return _("{level}, P/E {gap}").format(level=level, gap=_percent(-r.number("discount")))


def _rates(r: Reading) -> str:
    return _("{change} in {n} months").format(change=i18n.basis_points(r.number("change")), n=int(r.number("months")))


def _shorts(r: Reading) -> str:
    return _("{small} ({name} {next})").format(
        small=_percent(r.number("small"), 1, signed=False),
        name=r.values["name"],
        next=_percent(r.number("next"), 1, signed=False),
    )


def _risks(r: Reading) -> str:
    name = gauge_names().get(str(r.values["name"]), "—")
    return _("{n} of {readable} above 80; {name} {value}").format(
        n=int(r.number("hot")),
        readable=int(r.number("readable")),
        name=name,
        value=i18n.number(r.number("value")),
    )


def _cycle(r: Reading) -> str:
    state = {"small": _("small caps lead"), "large": _("large caps lead"), "mixed": _("neither leads")}
    return _("{state} since {day}").format(state=state[str(r.values["state"])], day=_day(r.values["since"]))


_READINGS = {
    "records": _records,
    "outrunning": _outrunning,
    "comeback": _comeback,
    "breadth": _breadth,
    "earnings": _earnings,
    "revisions": _revisions,
    "valuation": _valuation,
    "rates": _rates,
    "shorts": _shorts,
    "risks": _risks,
    "cycle": _cycle,
}


def headline(readings: Sequence[Reading], changes: Sequence[Change], before: date) -> str:
    """Return the counts and what changed, in one sentence."""
    counted = {v: sum(r.verdict == v for r in readings) for v in ("supports", "mixed", "contradicts")}
    measured = sum(counted.values())
    score = _("Of {n} claims measured today, {holds}, {mixed}, {broken}").format(
        n=measured,
        holds=i18n.ngettext("{n} holds", "{n} hold", counted["supports"]).format(n=counted["supports"]),
        mixed=i18n.ngettext("{n} is mixed", "{n} are mixed", counted["mixed"]).format(n=counted["mixed"]),
        broken=i18n.ngettext("{n} is broken", "{n} are broken", counted["contradicts"]).format(
            n=counted["contradicts"]
        ),
    )
    if not changes:
        return _("{score}; unchanged since {day}.").format(score=score, day=i18n.day(before))
    changed = i18n.all_of([names()[c.claim].lower() for c in changes])
    return _("{score}; changed since {day}: {claims}.").format(score=score, day=i18n.day(before), claims=changed)


def unmeasurable() -> tuple[str, ...]:
    """Return what the claim also says and free data cannot tell."""
    return (
        _("Not measurable with free data: 25 years of the index's P/E or EV/Sales (the price ratio stands in), the "
          "share of floating-rate debt, the tone of companies' comments."),
        _("How to take part and how much are advice, not measurable: see /funds and /allocation."),
    )  # fmt: skip
