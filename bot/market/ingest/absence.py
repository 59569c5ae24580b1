"""Symbols that a vendor no longer has: an error on the first days, then marked as ended and rarely asked for.

An error that never goes away is soon no longer read. So what the vendor says in so many words, on separate days and
while the other symbols are answered, is believed in the end: the history stays, the operator hears of it once, and the
symbol is asked for now and then in case it comes back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot import i18n
from bot.i18n import gettext as _
from bot.market import calendar
from bot.market.ingest.job import Job, Outcome
from bot.market.sources.faults import Gone
from bot.market.sources.vendor import YAHOO
from bot.market.store import state
from bot.market.store.state import Absence
from bot.market.validation import LATE_SESSIONS

DAYS = 5  # on so many separate days the vendor has to say so
AGAIN = timedelta(days=7)  # how often a symbol that has ended is asked for
ANSWERED = 0.75  # of all symbols asked for in a run: where more are gone at once, it is the vendor that fails


def resting(absences: Mapping[str, Absence], symbol: str, today: date) -> bool:
    """Tell whether a symbol has ended and is not to be asked for yet."""
    found = absences.get(symbol)
    return found is not None and found.ended is not None and today - found.asked < AGAIN


def is_silent(last: date | None, newest: date, final: date) -> bool:
    """Tell whether an answer has nothing after what is stored, for longer than a bar is ever late.

    ``last`` is the answer's last day, None for one without bars; ``newest`` the day stored last.
    """
    return (last is None or last <= newest) and len(calendar.session_days(newest, final)) - 1 > LATE_SESSIONS


def judge(job: Job, outcome: Outcome, gone: Mapping[str, Gone], answered: Collection[str]) -> None:
    """Note which symbols the vendor said are gone: an error each, but for those that have ended.

    ``answered``: the symbols that came as they should. One that comes again is as it was before.
    """
    known = state.absences(job.store)
    back = [symbol for symbol in known if symbol in answered]
    outcome.news += [_back(symbol) for symbol in back if known[symbol].ended is not None]
    believed = len(answered) >= outcome.asked * ANSWERED
    noted = {symbol: _noted(known.get(symbol), symbol, error, job.today, believed) for symbol, error in gone.items()}
    state.note_absences(job.store, [one for one in noted.values() if one is not None], back)
    for symbol, error in gone.items():
        now, before = noted[symbol] or known.get(symbol), known.get(symbol)
        if now is None or now.ended is None:
            outcome.failed(symbol, error)
        elif before is None or before.ended is None:
            outcome.news.append(_ended(job, now))


def _noted(before: Absence | None, symbol: str, error: Gone, today: date, believed: bool) -> Absence | None:
    """Return what to remember of a symbol that is gone; None where this run tells nothing new of it."""
    if before is not None and before.ended is not None:
        return replace(before, asked=today, reason=error.detail)
    if not believed or (before is not None and before.asked == today):
        return None
    days = 1 if before is None else before.days + 1
    since = today if before is None else before.since
    return Absence(symbol, error.detail, days, since, today, today if days >= DAYS else None)


def ended(absences: Iterable[Absence]) -> set[str]:
    """Return the symbols that are marked as ended."""
    return {one.symbol for one in absences if one.ended is not None}


def _ended(job: Job, one: Absence) -> str:
    last = job.store.newest("bars", symbol=one.symbol)
    told = _(
        "{symbol} is marked as ended: {vendor} had nothing under that name on {n} days. It is asked for once a week."
    ).format(symbol=one.symbol, vendor=YAHOO, n=one.days)
    return told + (" " + _("Its history to {day} stays.").format(day=i18n.day(last)) if last else "")


def _back(symbol: str) -> str:
    return _("{symbol} is back at {vendor} and no longer marked as ended.").format(symbol=symbol, vendor=YAHOO)
