"""What admins write into options of schedules: days, times, zones, lengths; what is read and what is refused."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot import features, i18n
from bot.discord_ui.calm import read_length
from bot.discord_ui.schedule_options import (
    NOT_POSTED,
    ReportParameter,
    postable,
    read_days,
    read_time,
    usual_time,
)
from bot.discord_ui.zones import LIKELY_ZONES, matching_zones, read_zone
from bot.errors import BadInput

HOSTILE = ["`@everyone`", "<@&1> **x**", "[a](http://b)", "```\n", "\u202e", "x" * 4000]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("fri", (4,)),
        ("Friday", (4,)),
        ("mon, thu", (0, 3)),
        ("thu mon", (0, 3)),
        ("sun,sun", (6,)),
        ("weekdays", (0, 1, 2, 3, 4)),
        ("daily", (0, 1, 2, 3, 4)),
        ("weekdays sat", (0, 1, 2, 3, 4, 5)),
        ("viernes", (4,)),
        ("miércoles y".removesuffix(" y"), (2,)),
        ("SÁB, dom", (5, 6)),
        ("fridays", (4,)),
        ("every friday", (4,)),
        ("on Mondays and Wednesdays", (0, 2)),
        ("cada viernes", (4,)),
        ("todos los lunes y jueves", (0, 3)),
        ("every day", (0, 1, 2, 3, 4)),
        ("everyday", (0, 1, 2, 3, 4)),
        ("todos los días", (0, 1, 2, 3, 4)),
    ],
)
def test_days_are_read(text: str, days: tuple[int, ...]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["1st monday", "last fri", "the 2nd tue".removeprefix("the "), "primer lunes"])
def test_one_of_a_months_days_is_pointed_to_how_it_is_written(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_days(text)
    assert "every:monthly nth:first days:mon" in refused.value.text()


@pytest.mark.parametrize("text", ["", " ", ",", "someday", "5", "fri, never", "every", "los", *HOSTILE])
def test_what_is_no_day_is_refused_in_words_that_hold_no_markup(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_days(text)
    assert_tame(refused.value.text(), text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("16:45", time(16, 45)),
        ("9", time(9)),
        ("09:05", time(9, 5)),
        ("9.30", time(9, 30)),
        ("17h15", time(17, 15)),
        ("4:45pm", time(16, 45)),
        ("4:45 PM", time(16, 45)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30 am", time(0, 30)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("  8:00  ", time(8)),
        ("22h", time(22)),
        ("5 p.m.", time(17)),
        ("9:30 a. m.", time(9, 30)),
    ],
)
def test_times_are_read(text: str, at: time) -> None:
    assert read_time(text) == at


@pytest.mark.parametrize(
    "text", ["", "24:00", "16:60", "16:5", "13pm", "0am", "noon", "-1", "9:00:00", "13 p.m.", "9:", "5 m", *HOSTILE]
)
def test_what_is_no_time_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_time(text)
    assert "16:45" in refused.value.text()
    assert_tame(refused.value.text(), text)


def assert_tame(words: str, typed: str) -> None:
    """What was typed is repeated in short and without effect: every mark in it is escaped."""
    assert len(words) < 200
    assert "\u202e" not in words
    said = words.split("“")[1].split("”", maxsplit=1)[0] if typed.strip() and "“" in words else ""
    assert not re.search(r"(?<!\\)[<>*`\[\]_@]", said)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("1 W", timedelta(weeks=1)),
        ("90d", timedelta(days=90)),
        ("3 days", timedelta(days=3)),
        ("for 2 hours", timedelta(hours=2)),
        ("1 week", timedelta(weeks=1)),
        ("30 minutes", timedelta(minutes=30)),
        ("2 días", timedelta(days=2)),
        ("durante 24 horas", timedelta(hours=24)),
        ("2 semanas", timedelta(weeks=2)),
    ],
)
def test_lengths_are_read(text: str, length: timedelta) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "0h", "24", "h", "91d", "2161h", "-1d", "1.5h", "1y", "1 month", "for days", "3 dayss", "9999999w", *HOSTILE],
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_length(text)
    assert "24h, 3d or 1w: 90 days" in refused.value.text()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("madrid", "Europe/Madrid"),
        ("Europe/Madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        ("new york", "America/New_York"),
        ("bogota", "America/Bogota"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("kathm", "Asia/Kathmandu"),
        ("EST", "America/New_York"),  # not five hours all year: nobody who writes it means that
        ("et", "America/New_York"),
        ("Pacific time", "America/Los_Angeles"),
        ("cest", "Europe/Paris"),
        ("CET", "CET"),
        ("Nueva York", "America/New_York"),
        ("Ciudad de México", "America/Mexico_City"),
        ("londres", "Europe/London"),
        ("Spain", "Europe/Madrid"),
        ("ESPAÑA", "Europe/Madrid"),
        ("india", "Asia/Kolkata"),
        ("Brasil", "America/Sao_Paulo"),
        ("Perú", "America/Lima"),
        ("Estados Unidos", "America/New_York"),
        ("york", "America/New_York"),
    ],
)
def test_a_city_means_its_zone(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone


@pytest.mark.parametrize("typed", ["atlantis", "UTC+25", "../etc/passwd", "America/New_York2", *HOSTILE])
def test_what_is_no_zone_is_refused_with_what_to_try(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_zone(typed)
    assert "Try a large city nearby" in refused.value.text()
    assert_tame(refused.value.text(), typed)


@pytest.mark.parametrize("typed", ["UTC+2", "gmt-5", "+02:00", "UTC +5:30", "-0330"])
def test_a_distance_is_no_place(typed: str) -> None:
    """Posts would come an hour off for half of the year."""
    with pytest.raises(BadInput) as refused:
        read_zone(typed)
    assert "knows no summer time. Try a large city nearby" in refused.value.text()


def test_every_zone_is_found_by_its_name_and_every_country_of_ours_by_its_own() -> None:
    for zone in LIKELY_ZONES:
        assert read_zone(zone) == zone
    countries = {
        "Canada": "America/Toronto", "Colombia": "America/Bogota", "Argentina": "America/Argentina/Buenos_Aires",
        "Portugal": "Europe/Lisbon", "Alemania": "Europe/Berlin", "Sudáfrica": "Africa/Johannesburg",
        "Singapur": "Asia/Singapore", "Japón": "Asia/Tokyo", "Australia": "Australia/Sydney",
        "México": "America/Mexico_City", "Grecia": "Europe/Athens", "France": "Europe/Paris",
    }  # fmt: skip
    assert {name: read_zone(name) for name in countries} == countries


def test_the_inside_of_a_word_is_no_place() -> None:
    """Freetown has no time of its own by the name of et, nor Lusaka of usa."""
    for typed, zone in (("et", "Africa/Freetown"), ("usa", "Africa/Lusaka"), ("india", "America/Indiana/Knox")):
        assert zone not in matching_zones(typed)[:1]
    with pytest.raises(BadInput):
        read_zone("adrid")


def test_whatever_is_offered_is_a_zone_and_at_most_what_discord_shows() -> None:
    known = available_timezones()
    for typed in ("", "a", "america", "new", "europe/m", "z"):
        offered = matching_zones(typed)
        assert 0 < len(offered) <= 25
        assert len(set(offered)) == len(offered)
        assert set(offered) <= known


ODD_ZONES = ("Pacific/Auckland", "Europe/Moscow", "Pacific/Kiritimati", "Pacific/Pago_Pago")


@pytest.mark.parametrize("near", [date(2026, 1, 5), date(2026, 3, 25), date(2026, 7, 17), date(2026, 10, 28)])
@pytest.mark.parametrize("zone", [*LIKELY_ZONES, *ODD_ZONES])
def test_the_usual_time_is_after_fridays_close_in_every_week_of_a_year(zone: str, near: date) -> None:
    """By an independent way: in New York that moment is after 16:00 on a Friday, and not later than Saturday noon."""
    (day,), at = usual_time(ZoneInfo(zone), near)
    first = near + timedelta(days=(day - near.weekday()) % 7)
    for week in range(52):
        moment = datetime.combine(first + timedelta(weeks=week), at, ZoneInfo(zone))
        there = moment.astimezone(ZoneInfo("America/New_York"))
        hours = (there.weekday() - 4) * 24 + there.hour + there.minute / 60
        assert 16.5 < hours < 36, moment


def test_every_report_but_what_answers_somebody_can_be_posted() -> None:
    names = set(features.names())
    private = {name for name in names if features.request_type(name).private}
    assert set(postable()) == names - NOT_POSTED - private
    assert postable()[0] == "weekly"
    assert {"allocation", "position"} <= private


@pytest.mark.parametrize(
    ("typed", "name"), [("rotation", "rotation"), ("/Weekly", "weekly"), ("!short interest", "shortinterest")]
)
def test_reports_are_read_as_people_write_them(typed: str, name: str) -> None:
    assert ReportParameter().read(typed) == name


@pytest.mark.parametrize("typed", ["nonsense", "allocation", "position", "alert", "", *HOSTILE])
def test_what_cannot_be_posted_is_refused_with_what_can(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        ReportParameter().read(typed)
    assert i18n.all_of(postable()) in refused.value.text()
