"""What is said about the squeeze screen: never rallying, always a screen."""

import math

from bot import i18n
from bot.analytics.squeeze import WEIGHTS
from bot.features.indices import NAMES
from bot.features.shortinterest.words import caps_of
from bot.features.squeeze.findings import CAP_FLOOR, VOLUME_FLOOR, Findings
from bot.i18n import gettext as _
from bot.i18n import ngettext


def headline(found: Findings) -> str:
    """Say how many members are listed and what the list is."""
    count = len(found.shown)
    if not count:
        return _("No member of the {index} can be listed: no floats are stored, or the filters leave nobody.").format(
            index=NAMES[found.members.index]
        )
    said = ngettext(
        "{n} member of the {index} with the most crowded shorts, of {of} scored; a screen, not a list to buy.",
        "The {n} members of the {index} with the most crowded shorts, of {of} scored; a screen, not a list to buy.",
        count,
    )
    return said.format(n=i18n.number(count), index=NAMES[found.members.index], of=i18n.number(found.chosen))


def components() -> dict[str, str]:
    """Name the components of the score."""
    return {
        "short_of_float": _("Short of float"),
        "days_to_cover": _("Days to cover"),
        "short_change": _("Change in shorts"),
        "return_1m": _("1-month return"),
        "volume_surge": _("Volume surge"),
    }


def short_components() -> dict[str, str]:
    """Name the components in the few letters that five in a row leave."""
    return {
        "short_of_float": _("Of float"),
        "days_to_cover": _("Days"),
        "short_change": _("Change"),
        "return_1m": _("1 month"),
        "volume_surge": _("Volume"),
    }


def weighted(name: str) -> str:
    """Name a component with its weight."""
    return _("{component} {weight}").format(component=components()[name], weight=i18n.number(WEIGHTS[name]))


def notes(found: Findings) -> tuple[str, ...]:
    """Return what the score is made of, what is missing, and who was left out."""
    made = i18n.all_of([weighted(name) for name in WEIGHTS])
    said = [
        _(
            "The score is the weighted mean of percentile ranks among the members over the floors ({n}; {cap} market "
            "cap, {volume} traded a day): {components}. Confidence is the share of the weight that is present."
        ).format(
            n=i18n.number(found.ranked),
            cap=i18n.money(CAP_FLOOR),
            volume=i18n.money(VOLUME_FLOOR),
            components=made,
        ),
        _(
            "Settlement {settlement}, published {published}; prices and caps of {days}. Positions are gross and "
            "include hedges."
        ).format(
            settlement=i18n.day(found.dates.settlement),
            published=i18n.day(found.dates.published),
            days=caps_of(*found.caps),
        ),
    ]
    if found.absent:
        names = i18n.all_of([components()[name] for name in found.absent])
        said.append(_("Not stored for any member: {components}.").format(components=names))
    return (*said, *_left_out(found))


def _left_out(found: Findings) -> list[str]:
    said = []
    without_float = found.ranked - found.scored
    if without_float:
        said.append(
            ngettext(
                "{n} member without a stored float is ranked on the rest but not listed.",
                "{n} members without a stored float are ranked on the rest but not listed.",
                without_float,
            ).format(n=i18n.number(without_float))
        )
    there = [name for name in WEIGHTS if name not in found.absent]
    if found.shown[there].isna().any(axis=None):
        said.append(
            _("Where one company lacks an input (shares were split, no volume), its other points are scaled up to 100.")
        )
    if not found.with_volume:
        said.append(_("Volumes are not stored for this settlement date: only the floor for market cap applies."))
    if found.hidden:
        said.append(
            ngettext(
                "{n} ticker blocked by this server is left out.",
                "{n} tickers blocked by this server are left out.",
                found.hidden,
            ).format(n=i18n.number(found.hidden))
        )
    if found.between:
        said.append(found.between)
    return said


def bar_words(score: float, confidence: float) -> str:
    """Give the score and how sure it is."""
    return _("{score} · confidence {confidence}").format(
        score=i18n.number(score), confidence=i18n.percent(confidence, 0) if not math.isnan(confidence) else i18n.DASH
    )


def alternative(found: Findings) -> str:
    """Say in numbers what the bars show."""
    rows = zip(found.shown.index, found.shown["score"], strict=True)
    said = [_("{symbol} {score}").format(symbol=symbol, score=i18n.number(float(score))) for symbol, score in rows]
    return _("Scores from 0 to 100, each bar made of its components: {scores}.").format(scores=i18n.all_of(said[:12]))


def confidence_working(found: Findings) -> str:
    """Write out which weights are present for any member at all."""
    present = [name for name in WEIGHTS if name not in found.absent]
    return _("weights stored for members: {components}, of 100").format(
        components=i18n.all_of([weighted(name) for name in present])
    )
