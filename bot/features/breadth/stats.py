"""The figures of the card on breadth, with today's arithmetic."""

import functools
from datetime import date

from bot import i18n
from bot.features.breadth import words
from bot.features.breadth.findings import Findings, Participated, Relative, Side
from bot.features.freshness import stale
from bot.features.indices import known
from bot.features.sides import shares
from bot.i18n import gettext as _
from bot.report import Stat
from bot.windows import Window

PRICES = "Yahoo Finance"


def stats(found: Findings, window: str, as_of: date) -> list[Stat]:
    """Return all figures, those of the card marked."""
    stat = functools.partial(Stat, as_of=found.end, source=PRICES, stale=found.end < as_of)
    return [
        *(_participation(found.participated, as_of) if found.participated else _unknown(as_of)),
        stat(id="window.start", label=_("Window starts"), value=found.start, unit="date", metric="returns.window"),
        stat(id="window.end", label=_("Window ends"), value=found.end, unit="date", metric="returns.window"),
        *_relative(stat, "equal_vs_cap", found.equal, Window(window).words()),
        *(
            _relative(stat, "small_vs_seven", found.seven, _span(found.seven, found, window))
            if found.seven
            else (_no_seven(stat),)
        ),
    ]


def _span(one: Relative, found: Findings, window: str) -> str:
    """Name the span of a comparison: the window, or since when where it begins later."""
    return words.since_later(one, found).strip() or Window(window).words()


def _relative(stat: "functools.partial[Stat]", key: str, found: Relative, span: str) -> list[Stat]:
    return [
        stat(
            id=key,
            label=_("{one} minus {other}, {window}").format(
                one=found.one, other=found.other, window=span
            ),
            value=found.spread,
            unit="percentage_points",
            figure=True,
            metric="breadth.relative",
            working=_("{one} − {other}").format(
                one=i18n.percent(found.one_return, 2, signed=True),
                other=i18n.percent(found.other_return, 2, signed=True),
            ),
        ),
        stat(id=f"{key}.one", label=found.one, value=found.one_return, unit="fraction", signed=True,
             metric="returns.window"),
        stat(id=f"{key}.other", label=found.other, value=found.other_return, unit="fraction", signed=True,
             metric="returns.window"),
    ]  # fmt: skip


def _no_seven(stat: "functools.partial[Stat]") -> Stat:
    """Return the comparison with the seven as not known: the note says why."""
    label = _("IWM minus the seven mega caps")
    return stat(id="small_vs_seven", label=label, value=None, unit="percentage_points", metric="breadth.relative")


def _labels() -> dict[str, str]:
    return {
        "above_50": _("Above their 50-session average"),
        "above_200": _("Above their 200-session average"),
        "at_high": _("At a 52-week high"),
        "near_high": _("Within 2% of a 52-week high"),
    }


def _unknown(as_of: date) -> list[Stat]:
    """Return the shares as not known: the note says why."""
    return [
        Stat(id=f"{key}.{side}", label=text.format(share=label), value=None, unit="fraction", as_of=as_of,
             source=PRICES, metric="breadth.share")
        for key, label in _labels().items() for side, text in (("small", "{share}"), ("large", _("Large: {share}")))
    ]  # fmt: skip


def _participation(found: Participated, as_of: date) -> list[Stat]:
    stat = functools.partial(Stat, as_of=found.day, source=found.source, stale=stale("snapshot", found.day, as_of))
    stats: list[Stat] = []
    for key, label in _labels().items():
        stats += _share(stat, key, label, found)
    for name, side in (("small", found.small), ("large", found.large)):
        stats += _coverage(stat, name, side) + _split(stat, name, side)
    return stats


def _share(stat: "functools.partial[Stat]", key: str, label: str, found: Participated) -> list[Stat]:
    small, large = (float(getattr(s.participation, key)) for s in (found.small, found.large))
    share = functools.partial(stat, unit="fraction", digits=1, metric="breadth.share")
    figure = key != "near_high"
    return [
        share(id=f"{key}.small", label=label, value=known(small), figure=figure,
              working=words.share_working(small, found.small.participation.counted[key]),
              shown=shares(small, large) if figure else None),
        share(id=f"{key}.large", label=_("Large: {share}").format(share=label), value=known(large)),
    ]  # fmt: skip


def _coverage(stat: "functools.partial[Stat]", name: str, side: Side) -> list[Stat]:
    covered = side.participation.coverage
    label = {"small": _("Small companies measured"), "large": _("Large companies measured")}[name]
    weight = {"small": _("Small weight measured"), "large": _("Large weight measured")}[name]
    return [
        stat(id=f"coverage.members.{name}", label=label, value=covered.matched, unit="count", figure=name == "small",
             shown=words.coverage(side), metric="breadth.coverage"),
        stat(id=f"coverage.weight.{name}", label=weight, value=known(covered.weight), unit="fraction",
             metric="breadth.coverage"),
    ]  # fmt: skip


def _split(stat: "functools.partial[Stat]", name: str, side: Side) -> list[Stat]:
    labels = {
        ("small", True): _("Small that earn, median 6 months"),
        ("small", False): _("Small that lose, median 6 months"),
        ("large", True): _("Large that earn, median 6 months"),
        ("large", False): _("Large that lose, median 6 months"),
    }
    median = functools.partial(stat, unit="fraction", signed=True, metric="breadth.by_profit")
    return [
        median(id=f"return_6m.profitable.{name}", label=labels[name, True], value=known(side.split.profitable)),
        median(id=f"return_6m.unprofitable.{name}", label=labels[name, False], value=known(side.split.unprofitable)),
    ]
