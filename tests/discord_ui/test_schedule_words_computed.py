"""What a schedule says of itself against when it really falls due: every cadence, holiday policy, zone and language."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names

from bot import i18n
from bot.community.records import Cadence, HolidayPolicy
from bot.discord_ui.schedule_words import cadence_words, local_now, runs_words
from bot.jobs.due import next_dues
from bot.market.catalogue import Catalogue

CALENDAR = Catalogue.load()
AFTER = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Madrid", "Asia/Kathmandu", "Pacific/Auckland", "America/Santiago", "UTC")
POLICIES: tuple[HolidayPolicy, ...] = ("skip", "before", "after")
TIMES = (time(0), time(2, 30), time(16, 45), time(23, 59))
NTHS = {
    "en": {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"},
    "es": {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", -1: "último"},
}
both = pytest.mark.parametrize("language", i18n.LANGUAGES)
everywhere = pytest.mark.parametrize("zone", ZONES)


def said(cadence: Cadence, language: str) -> str:
    with i18n.use(language):
        return cadence_words(cadence)


def local(cadence: Cadence, zone: str, count: int = 12) -> list[tuple[date, datetime]]:
    """Return the next times: the day that names each, and its local moment."""
    found = next_dues(cadence, ZoneInfo(zone), CALENDAR, AFTER, count)
    assert len(found) == count
    return [(date.fromisoformat(due.period), due.at.astimezone(ZoneInfo(zone))) for due in found]


@both
@everywhere
@pytest.mark.parametrize("holidays", POLICIES)
def test_weekly_words_name_the_days_and_the_time_at_which_it_comes(
    language: str, zone: str, holidays: HolidayPolicy
) -> None:
    names = get_day_names("wide", locale=language)
    for days, at in itertools.product([(4,), (0, 3), (5, 6), tuple(range(7))], TIMES):
        cadence = Cadence(kind="weekly", weekdays=days, at=at, holidays=holidays)
        words = said(cadence, language)
        named = {number for number, name in names.items() if name in words}
        dues = local(cadence, zone)
        assert named == set(days) == {day.weekday() for day, _moment in dues} | named
        assert all(day.weekday() in named for day, _moment in dues)
        for day, moment in dues:
            assert at.strftime("%H:%M") in words
            moved = moment.date() - day
            assert not moved if holidays == "skip" else abs(moved) <= timedelta(days=4)
            assert moved >= timedelta(0) or holidays == "before"
            gap = timedelta(hours=1)  # where clocks skip the hour it comes as much later
            assert moment.time() == at or abs(datetime.combine(day, moment.time()) - datetime.combine(day, at)) <= gap


@both
@everywhere
@pytest.mark.parametrize("nth", [1, 2, 3, 4, -1])
def test_monthly_words_name_the_nth_day_on_which_it_comes(language: str, zone: str, nth: int) -> None:
    names = get_day_names("wide", locale=language)
    for weekday in range(7):
        cadence = Cadence(kind="monthly", weekdays=(weekday,), nth=nth, at=time(8, 5), holidays="after")
        words = said(cadence, language)
        assert names[weekday] in words
        assert NTHS[language][nth] in words
        assert "08:05" in words
        for day, _moment in local(cadence, zone, 6):
            assert day.weekday() == weekday
            assert (day.day - 1) // 7 + 1 == nth if nth > 0 else (day + timedelta(weeks=1)).month != day.month


@both
@everywhere
@pytest.mark.parametrize("kind", ["session", "finra", "fomc"])
def test_words_after_the_close_count_the_minutes_after_it(language: str, zone: str, kind: str) -> None:
    for delay in (0, 1, 30, 720):
        cadence = Cadence(kind=kind, delay_minutes=delay)  # type: ignore[arg-type]
        assert str(delay) in said(cadence, language).split()
        for day, moment in local(cadence, zone, 3):
            assert CALENDAR.is_session(day)
            assert moment == CALENDAR.close(day) + timedelta(minutes=delay)
    for at in TIMES:
        cadence = Cadence(kind=kind, at=at)  # type: ignore[arg-type]
        assert at.strftime("%H:%M") in said(cadence, language)
        for day, moment in local(cadence, zone, 3):
            assert timedelta(0) <= moment - CALENDAR.close(day) <= timedelta(hours=25)


@both
def test_no_two_cadences_say_the_same_in_a_language(language: str) -> None:
    every = [Cadence(kind="weekly", weekdays=days, at=at) for days in [(0,), (1,), (0, 1)] for at in TIMES]
    every += [Cadence(kind="monthly", weekdays=(day,), nth=nth, at=time(9)) for day in (0, 4) for nth in NTHS["en"]]
    for kind in ("session", "finra", "fomc"):
        every += [Cadence(kind=kind, delay_minutes=delay) for delay in (0, 30)]  # type: ignore[arg-type]
        every += [Cadence(kind=kind, at=at) for at in TIMES]  # type: ignore[arg-type]
    words = [said(cadence, language) for cadence in every]
    assert len(set(words)) == len(every) > 30
    assert not any("{" in one or "None" in one for one in words)


@both
@everywhere
def test_the_next_times_are_the_computed_moments(language: str, zone: str) -> None:
    dues = next_dues(Cadence(kind="weekly", weekdays=(4,), at=time(16, 45)), ZoneInfo(zone), CALENDAR, AFTER, 5)
    with i18n.use(language):
        lines = runs_words(dues).split("\n")
    assert [int(line.split(":")[1]) for line in lines] == [int(due.at.timestamp()) for due in dues]
    assert all(earlier.at < later.at for earlier, later in itertools.pairwise(dues))


@everywhere
def test_the_time_there_now_is_the_zones_own(zone: str) -> None:
    for hours in range(0, 24 * 365, 997):
        now = AFTER + timedelta(hours=hours)
        offset = ZoneInfo(zone).utcoffset(now.astimezone(ZoneInfo(zone)))
        assert offset is not None
        assert local_now(zone, now) == f"{zone}, {(now + offset).strftime('%H:%M')}"
