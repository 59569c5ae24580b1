"""What is not in yet: during a session, in the evening before the day's bar, at a weekend."""

from datetime import date, datetime, timedelta

from discord.utils import format_dt

from bot import i18n
from bot.i18n import gettext as _
from bot.market.catalogue import NEW_YORK, Catalogue

LANDING = timedelta(minutes=20)  # from the closing bell until the day's bar is stored, usually


def missing_session(catalogue: Catalogue, last: date, now: datetime) -> str | None:
    """Say which close is the last one and when the next bar lands; None on the evening it has landed."""
    if now.astimezone(NEW_YORK).date() <= last:
        return None
    day = _("{weekday}, {day}").format(weekday=i18n.weekday(last), day=i18n.day(last))
    following = catalogue.next_session(last)
    lands = catalogue.close(following) + LANDING if following else None
    if following is None or lands is None or lands <= now:
        return _("Last close: {day}. Newer closes have not arrived yet.").format(day=day)
    return _("Last close: {day}. The next bar lands about {moment} ({session} in New York).").format(
        day=day, moment=format_dt(lands, "f"), session=i18n.day(following)
    )
