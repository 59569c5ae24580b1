"""Arranging what fired: pure, so every case is cheap."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.rule import Rule
from bot.alerts.stored import Fire
from bot.community.alert_records import STORM
from bot.community.deliveries import NewDelivery
from bot.community.records import ChannelSettings, GuildSettings, Person
from bot.features.storm.request import MOST_LISTED, StormRequest
from bot.jobs import reasons
from bot.jobs.alert_posts import Around, entry, left_out
from bot.jobs.storms import HOURS_WAITED, arranged
from tests.community.examples import CHANNEL, GUILD, MEMBER, NOW, OTHER_CHANNEL, alert

FRIDAY = date(2026, 7, 17)
HOUR = timedelta(hours=1)
CROWDS = st.lists(st.integers(0, 3), min_size=12, max_size=40)  # drawn lists are short unless they have to be long


def around(**changes: Any) -> Around:
    plain: dict[str, Any] = {
        "settings": GuildSettings(guild_id=GUILD, zone="UTC"), "as_of": FRIDAY, "old": date(2026, 7, 16), "now": NOW,
    }  # fmt: skip
    return Around(**{**plain, **changes})


def fire(**changes: Any) -> Fire:
    plain = {"rule_id": "a", "indicator": "price.close.IWM", "day": FRIDAY, "value": 294.04, "before": 295.59}
    return Fire(**{**plain, **changes})


def fired(name: str, channel: int = CHANNEL, **changes: Any) -> NewDelivery:
    rule = Rule(indicator="price.close.IWM", condition="below", threshold=290.0)
    return entry(alert(id=name, rule=rule, channel_id=channel, **changes), fire(), f"{name} happened.", around())


def arrange(entries: list[NewDelivery], recent: int = 0, **changes: Any) -> list[NewDelivery]:
    settings: dict[str, Any] = {"rarity": {}, "over": 5, "per_hour": 10, "now": NOW, **changes}
    return arranged(entries, recent, **settings)


def test_a_few_are_posted_as_they_are_the_rarest_first() -> None:
    entries = [fired(name) for name in "abc"]
    placed = arrange(entries, rarity={"alert:a": 5.0, "alert:b": 0.5, "alert:c": 2.0})
    assert [one.what for one in placed] == ["alert:b", "alert:c", "alert:a"]
    assert all(one.state == "due" and one.ready_at == NOW for one in placed)


def test_more_than_the_channel_bears_are_one() -> None:
    entries = [fired(f"{n:02}") for n in range(6)] + [fired("other", OTHER_CHANNEL)]
    rarity = {one.what: float(100 - n) for n, one in enumerate(entries)}
    placed = arrange(entries, rarity=rarity)
    (storm,) = (one for one in placed if one.what == STORM)
    assert storm.channel_id == CHANNEL
    assert storm.state == "due"
    request = StormRequest.model_validate(dict(storm.parts[0].request))
    assert [one.per_year for one in request.alerts] == [95.0, 96.0, 97.0, 98.0, 99.0, 100.0]
    assert request.as_of == FRIDAY
    assert all(one.fired_on == FRIDAY for one in request.alerts)
    assert storm.note == "6 alerts at once; the rarest: 05 happened."
    members = [one for one in placed if one.digest_id == storm.id]
    assert len(members) == 6
    assert {(one.state, one.reason) for one in members} == {("skipped", reasons.DIGEST)}
    assert [one.state for one in placed if one.channel_id == OTHER_CHANNEL] == ["due"]


def test_a_server_may_want_them_all() -> None:
    assert not any(one.what == STORM for one in arrange([fired(str(n)) for n in range(8)], over=None))


def test_a_storm_pings_once_if_any_of_them_would() -> None:
    entries = [fired(str(n)) for n in range(6)] + [fired("pings", mention_role_id=7)]
    (storm,) = (one for one in arrange(entries) if one.what == STORM)
    assert (storm.target.mention, storm.target.mention_role_id) == ("role", 7)


def test_a_storm_lists_a_hundred_and_counts_the_rest() -> None:
    (storm,) = (one for one in arrange([fired(f"{n:03}") for n in range(130)]) if one.what == STORM)
    request = StormRequest.model_validate(dict(storm.parts[0].request))
    assert (len(request.alerts), request.more) == (MOST_LISTED, 30)


def test_what_is_left_out_stays_out_of_a_storm() -> None:
    entries = [fired(str(n)) for n in range(5)]
    entries.append(entry(alert(id="z", snoozed_until=NOW + HOUR), fire(), "z", around()))
    placed = arrange(entries)
    assert not any(one.what == STORM for one in placed)
    assert [one.reason for one in placed if one.state == "skipped"] == [reasons.SNOOZED]


def test_beyond_the_hourly_cap_they_wait_and_at_last_stay_away() -> None:
    entries = [fired(f"{n:03}", 7000 + n) for n in range(20)]
    placed = arrange(entries, recent=1, per_hour=2)
    delays = [(one.ready_at - NOW) // HOUR for one in placed if one.state == "due"]
    assert delays == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    left = [one for one in placed if one.state == "skipped"]
    assert {one.reason for one in left} == {reasons.TOO_MANY}
    assert len(left) == 20 - len(delays)
    assert max(delays) == HOURS_WAITED


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), max_size=12) | CROWDS,
    st.integers(0, 20),
    st.integers(1, 12),
    st.sampled_from([None, 1, 5]),
)
def test_nothing_is_lost_and_the_cap_holds(channels: list[int], recent: int, per_hour: int, over: int | None) -> None:
    entries = [fired(f"{n:03}", 8000 + channel) for n, channel in enumerate(channels)]
    placed = arrange(entries, recent=recent, per_hour=per_hour, over=over)
    assert {one.id for one in entries} <= {one.id for one in placed}
    posted = [one for one in placed if one.state == "due"]
    for hour in range(HOURS_WAITED + 1):
        count = sum((one.ready_at - NOW) // HOUR == hour for one in posted)
        assert count <= per_hour - (recent if hour == 0 and recent < per_hour else 0)
    storms = {one.id for one in placed if one.what == STORM}
    assert {one.digest_id for one in placed if one.digest_id} == storms


# single rows


def test_the_row_of_a_fire_asks_for_its_card() -> None:
    made = fired("a")
    assert made.period == "2026-07-17"
    assert made.parts[0].content == "alert"
    assert made.parts[0].request["fired_on"] == "2026-07-17"
    assert made.parts[0].request["as_of"] == "2026-07-17"
    assert made.note == "a happened."


def test_languages_and_looks() -> None:
    looks = {CHANNEL: ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, language="es", theme="light")}
    people = {MEMBER: Person(user_id=MEMBER, language="es")}
    here, private = alert(), alert(user_id=MEMBER)
    assert around().language(here) == "en"
    assert around(looks=looks).language(here) == "es"
    assert around(looks=looks).theme(here) == "light"
    assert around(people=people).language(private) == "es"
    assert around(looks=looks, people=people).theme(private) == "dark"  # a direct channel is no server's channel
    assert around(people={}).language(private) == "en"


def test_symbols_are_found_in_the_indicators_name() -> None:
    blocked = around(blocked=frozenset({"GME", "IWN"}))
    assert left_out(alert(), fire(), blocked) is None
    assert left_out(alert(), fire(indicator="short.days.GME"), blocked) == reasons.BLOCKED
    assert left_out(alert(), fire(indicator="price.spread.6m.IWO/IWN"), blocked) == reasons.BLOCKED


def test_yesterday_is_old() -> None:
    assert left_out(alert(), fire(day=date(2026, 7, 16)), around()) == reasons.OLD_NEWS
    assert left_out(alert(), fire(), around()) is None
