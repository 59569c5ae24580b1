"""Definitions: events, what followed them, spells of leadership."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_PRICES = ("Yahoo Finance",)


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (_declustered(), _forward(), _cycles(), _rallies())


def _declustered() -> Metric:
    return Metric(
        "events.declustered",
        _("Events"),
        _("days of one kind, none within 21 sessions after the last one that was kept"),
        (_("closes for records; total-return indices of both sides; decisions on the target"),),
        ("Yahoo Finance", "Federal Reserve"),
        (_("Under five events the words are: too few to say."),),
    )


def _forward() -> Metric:
    return Metric(
        "events.forward",
        _("What followed"),
        _("return over 21, 63, 126 and 252 sessions from each event: median and share above zero, beside the same of "
          "all sessions of the span; interval = 5th to 95th percentile of the median over 2,000 circular draws of "
          "blocks of ceil(horizon / 21) events"),
        (_("total-return index of the fund, or its ratio to the other side"),),
        _PRICES,
        (
            _("Horizons that are not over are left out."),
            _("With no more events than a block holds, the interval has no width and says nothing."),
            _("What followed before is a count, not a forecast."),
        ),
    )  # fmt: skip


def _rallies() -> Metric:
    return Metric(
        "events.rallies",
        _("Most shorted in rallies"),
        _("median return of the tenth of members with the largest share of their shares short, beside that of all "
          "others, from the session 21 before the fund's gain in a month passed the mark to that session"),
        (_("total-return index of the fund; members, positions and snapshots as known when each rally began"),),
        ("Yahoo Finance", "FINRA", "iShares"),
        (
            _("Members' returns are of prices between two snapshots, at most a week off, without dividends."),
            _("Under five rallies the words are: too few to say more."),
        ),
    )  # fmt: skip


def _cycles() -> Metric:
    return Metric(
        "events.cycles",
        _("Spells of leadership"),
        _("from the session that confirmed a regime to the last one it was in force; gain = leader / other side − 1"),
        (_("total-return indices of both sides"),),
        _PRICES,
        (_("Counted from the confirmation, which comes late: a short spell loses by construction."),),
    )
