"""Days and times of day in every spelling that people use, and none read as something else in silence."""

import itertools
from datetime import time

import pytest
from babel.dates import get_day_names
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.community.records import GuildSettings
from bot.discord_ui.preferences import _count, _quiet
from bot.discord_ui.schedule_options import read_days, read_nth, read_time
from bot.discord_ui.schedule_words import clock_words, days_words
from bot.errors import BadInput

SOME_DAYS = [days for n in range(1, 8) for days in itertools.combinations(range(7), n)]
EVERY_MINUTE = [time(hour, minute) for hour in range(24) for minute in range(60)]
HERE = GuildSettings(guild_id=1, quiet_from=time(22), quiet_to=time(7))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_every_name_the_calendar_has_for_a_day_is_read(language: str, width: str) -> None:
    """As CLDR spells them: “miércoles”, “mié”, “Wed”."""
    for number, name in get_day_names(width, locale=language).items():
        for spelt in (name, name.upper(), name.capitalize(), f" {name}. ", f"{name},"):
            assert read_days(spelt) == (number,), spelt


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_bots_own_words_for_days_are_read_back(language: str) -> None:
    """People copy what they were shown: “Monday, Tuesday, and Friday”, “lunes, martes y viernes”."""
    with i18n.use(language):
        for days in SOME_DAYS:
            assert read_days(days_words(days)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("Mon – Thu", (0, 1, 2, 3)),
        ("lunes a viernes", (0, 1, 2, 3, 4)),
        ("tuesday to thursday", (1, 2, 3)),
        ("sat-mon", (0, 5, 6)),
        ("fri-fri", (4,)),
        ("mon-wed, fri", (0, 1, 2, 4)),
        ("mon/wed/fri", (0, 2, 4)),
        ("mon+thu", (0, 3)),
        ("mon & thu", (0, 3)),
        ("mon; thu", (0, 3)),
        ("fridays", (4,)),
        ("sábados y domingos", (5, 6)),
        ("tues thurs", (1, 3)),
        ("weds", (2,)),
        ("lun mar mie", (0, 1, 2)),
        ("weekdays, sunday", (0, 1, 2, 3, 4, 6)),
    ],
)
def test_days_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize(
    "text", ["monthly", "money", "sunset", "satisfied", "marvel", "fr", "m", "mo tu", "mon-", "-fri", "mon-fri-sun",
             "mon-someday", "fri 16:45", "frito-lay", "a", "and", "1st", "every", "lunes.martes"],
)  # fmt: skip
def test_what_only_begins_like_a_day_is_not_taken_for_one(text: str) -> None:
    """“mon-fri” was once Monday alone, and “monthly” too."""
    with pytest.raises(BadInput):
        read_days(text)


def test_every_minute_of_the_day_is_read_in_every_spelling() -> None:
    for at in EVERY_MINUTE:
        hour, minute = at.hour, at.minute
        half, hour12 = ("am", "pm")[hour // 12], hour % 12 or 12
        spelt = [f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour}.{minute:02}", f"{hour}h{minute:02}"]
        spelt += [
            f"{hour12}:{minute:02}{half}",
            f"{hour12}:{minute:02} {half.upper()}",
            f" {hour12:02}.{minute:02}{half} ",
        ]
        if not minute:
            spelt += [str(hour), f"{hour12}{half}", f"{hour12} {half}"]
        assert {read_time(one) for one in spelt} == {at}, spelt


@pytest.mark.parametrize("language", [*i18n.LANGUAGES, i18n.PSEUDO])
def test_the_bots_own_words_for_a_time_are_read_back(language: str) -> None:
    with i18n.use(language):
        assert all(read_time(clock_words(at)) == at for at in EVERY_MINUTE)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (read_days, read_time):
        refused = ""
        try:
            assert read(text) is not None
        except BadInput as error:
            refused = error.text()
        assert not refused or 10 < len(refused) < 160


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("22:00-07:00", (time(22), time(7))),
        ("22:00 – 7", (time(22), time(7))),
        ("10pm-6:30am", (time(22), time(6, 30))),
        ("off", (None, None)),
        (" OFF ", (None, None)),
        ("-", (None, None)),
        (None, (time(22), time(7))),
    ],
)
def test_quiet_hours_are_read(text: str | None, ends: tuple[time | None, time | None]) -> None:
    assert _quiet(HERE, text) == ends


@pytest.mark.parametrize("text", ["22:00", "22:00-", "22-7-9", "22:00-22:00", "night", "", "25-7", "<@1>-7"])
def test_quiet_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        _quiet(HERE, text)
    assert "<@" not in refused.value.text()


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("1000", 1000), (" 7 ", 7), ("007", 7), ("off", None), ("None", None), ("0", None)]
)
def test_a_number_or_off_is_read_up_to_its_limit(text: str, number: int | None) -> None:
    assert _count("hourly", text, 5, 1000) == number


@pytest.mark.parametrize("text", ["1001", "-1", "1.5", "many", "", "²", "1e3", "9" * 5000])
def test_any_other_number_is_refused_with_the_limit(text: str) -> None:
    """An option may hold 6,000 digits; Python refuses to read more than 4,300 of them as a number."""
    with pytest.raises(BadInput, match="up to 1000"):
        _count("hourly", text, 5, 1000)


@pytest.mark.parametrize(("word", "nth"), [("first", 1), ("fourth", 4), ("last", -1), (None, None), ("", None)])
def test_which_of_the_month_is_read(word: str | None, nth: int | None) -> None:
    assert read_nth(word) == nth
