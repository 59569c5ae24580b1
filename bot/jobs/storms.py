"""Days on which everything fires: one digest for each channel, the rarest first, and so many posts an hour at most."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import i18n
from bot.community.alert_records import STORM
from bot.community.deliveries import NewDelivery, Part, Target
from bot.community.records import new_id
from bot.features.storm.request import MOST_LISTED
from bot.i18n import ngettext
from bot.jobs import reasons

HOURS_WAITED = 6
_HOUR = timedelta(hours=1)


def arranged(
    entries: Sequence[NewDelivery],
    recent: int,
    *,
    rarity: Mapping[str, float],
    over: int | None,
    per_hour: int,
    now: datetime,
) -> list[NewDelivery]:
    """Return a server's new rows with storms merged and the hourly cap kept.

    ``rarity`` says how often a year each rule (by its name in the ledger) fires in its own backtest. More than
    ``over`` rows for one channel become one digest; None never merges. ``recent`` alerts were posted already in this
    hour; what goes beyond the cap waits for the hours after it, at most six.
    """

    def rare(one: NewDelivery) -> tuple[float, str]:
        return rarity.get(one.what, 0.0), one.id

    quiet = [one for one in entries if one.state != "due"]
    ranked = sorted((one for one in entries if one.state == "due"), key=rare)
    by_channel: dict[int, list[NewDelivery]] = defaultdict(list)
    for one in ranked:
        by_channel[one.channel_id].append(one)
    posts: list[NewDelivery] = []
    for found in by_channel.values():
        if over is not None and len(found) > over:
            storm = _storm(found, rarity, now)
            quiet += [replace(one, state="skipped", reason=reasons.DIGEST, digest_id=storm.id) for one in found]
            posts.append(storm)
        else:
            posts += found
    return [*_paced(posts, recent, per_hour), *quiet]


def _storm(found: Sequence[NewDelivery], rarity: Mapping[str, float], now: datetime) -> NewDelivery:
    """Return the digest of a channel's alerts, given rarest first."""
    first = found[0]
    as_of = first.parts[0].request.get("as_of")
    listed = [
        {**{name: value for name, value in one.parts[0].request.items() if name != "as_of"},
         "what": one.what, "per_year": rarity.get(one.what, 0.0)}
        for one in found[:MOST_LISTED]
    ]  # fmt: skip
    pinged = next((one.target for one in found if one.target.mention != "none"), Target())
    with i18n.use(first.language):
        words = ngettext(
            "{n} alert at once; the rarest: {first}", "{n} alerts at once; the rarest: {first}", len(found)
        )
        note = words.format(n=len(found), first=first.note or "")
    return replace(
        first,
        id=new_id(),
        what=STORM,
        period=now.isoformat(),
        parts=(Part("storm", {"as_of": as_of, "alerts": listed, "more": max(0, len(found) - MOST_LISTED)}),),
        target=replace(first.target, mention=pinged.mention, mention_role_id=pinged.mention_role_id),
        due_at=max(one.due_at for one in found),
        ready_at=max(one.ready_at for one in found),
        note=note,
    )


def _paced(posts: Sequence[NewDelivery], recent: int, per_hour: int) -> list[NewDelivery]:
    """Hold back what goes beyond the cap: to the next hours in order, and not at all after six."""
    paced = []
    for place, one in enumerate(posts, start=recent):
        hours = place // max(1, per_hour)
        later = hours * _HOUR
        if hours > HOURS_WAITED:
            paced.append(replace(one, state="skipped", reason=reasons.TOO_MANY))
        else:
            paced.append(replace(one, due_at=one.due_at + later, ready_at=one.ready_at + later))
    return paced
