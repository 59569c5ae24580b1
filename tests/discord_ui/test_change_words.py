"""Changes in words: what people read in /audit, in the log channel and before a setup is taken over."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot import i18n
from bot.alerts.rule import Rule
from bot.community.alert_records import Alert, AlertSettings
from bot.community.plain import as_plain
from bot.community.records import AuditEntry, Cadence, ChannelSettings, Destination, GuildSettings, Schedule
from bot.community.schedules import settings_of
from bot.community.setup_file import Setup
from bot.community.transfer import differences
from bot.discord_ui.change_words import difference_words, entry_words, field_words, subject_words, value_words

NOW = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)
FRIDAYS = Cadence(kind="weekly", weekdays=(4,), at=time(16, 45))
WEEKLY = Schedule(guild_id=1, content="weekly", cadence=FRIDAYS, destinations=(Destination(channel_id=5, pin=True),))
RULE = Rule(indicator="rotation.spread.6m", condition="above", threshold=0.05)


def entry(subject: str, before: object = None, after: object = None, **more: object) -> AuditEntry:
    action = "added" if before is None else "removed" if after is None else "changed"
    plain = {"id": 1, "guild_id": 1, "at": NOW, "user_id": 7, "action": action, "subject": subject}
    return AuditEntry(**{**plain, "before": before, "after": after, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("zone", "America/New_York", r"America/New\_York"),
        ("hourly_cap", None, "–"),
        ("hourly_cap", 30, "30"),
        ("hourly_cap", 0, "0"),
        ("allowed_channels", [1, 2], "<#1> and <#2>"),
        ("allowed_channels", [], "–"),
        ("log_channel_id", 5, "<#5>"),
        ("admin_roles", [9], "<@&9>"),
        ("mention_role_id", 9, "<@&9>"),
        ("owner_user_id", 7, "<@7>"),
        ("blocked", 7, "<@7>"),
        ("blocked", "GME", "GME"),
        ("private_allowed", True, "yes"),
        ("private_allowed", False, "no"),
        ("paused_until", "2026-07-17T20:30:00Z", "<t:1784320200:f>"),
        ("quiet_from", "22:00:00", "22:00"),
        ("request", {"window": "1y", "small": "IWN"}, "window:1y small:IWN"),
        ("request", {}, "–"),
        ("cadence", as_plain(FRIDAYS), "every Friday at 16:45"),
        ("cadence", {"kind": "of an older version"}, "kind:of an older version"),
        ("destinations", [as_plain(WEEKLY.destinations[0])], "<#5> (pinned)"),
        ("rule", RULE.plain(), "rotation.spread.6m is above 0.05"),
        ("content", "**x** <@1>", r"\*\*x\*\* <@1>"),
    ],
)
def test_stored_values_are_shown_as_discord_shows_them(name: str, value: object, words: str) -> None:
    assert value_words(name, value) == words


def test_long_values_are_short() -> None:
    assert len(value_words("content", "x" * 500)) <= 80


def test_every_field_that_admins_set_has_a_name_of_its_own() -> None:
    records = (GuildSettings(guild_id=1), ChannelSettings(guild_id=1, channel_id=2), AlertSettings(guild_id=1))
    fields = {name for record in records for name in as_plain(record)} | set(settings_of(WEEKLY))
    unnamed = {name for name in fields if field_words(name) == name.replace("_", " ")}
    assert unnamed <= {"guild_id", "left_at", "id"}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_names_are_in_the_readers_language(language: str) -> None:
    with i18n.use(language):
        assert field_words("zone") == {"en": "Time zone", "es": "Zona horaria"}[language]


@pytest.mark.parametrize(
    ("subject", "plain", "words"),
    [
        ("channel:5", None, "<#5>"),
        ("block:7", None, "block of <@7>"),
        ("block:GME", None, "block of GME"),
        ("block:?", None, "block of ?"),
        ("settings", None, "settings"),
        ("alert_settings", None, "what alerts may do"),
        ("schedule:00ff", settings_of(WEEKLY), "schedule weekly · every Friday at 16:45"),
        ("schedule:00ff", {"content": "of old"}, "schedule 00ff"),
        ("schedule:00ff", None, "schedule 00ff"),
        ("alert:00ff", {"rule": RULE.plain()}, "alert rotation.spread.6m is above 0.05"),
        ("alert:00ff", None, "alert 00ff"),
    ],
)
def test_what_was_changed_has_a_name(subject: str, plain: dict[str, object] | None, words: str) -> None:
    assert subject_words(subject, plain) == words


def test_an_entry_says_who_did_what_when_and_what_changed() -> None:
    before, after = settings_of(WEEKLY), settings_of(replace(WEEKLY, cadence=replace(FRIDAYS, at=time(18))))
    assert entry_words(entry("schedule:00ff", before, after)).split("\n") == [
        "<t:1784320200:f> <@7> changed **schedule weekly · every Friday at 18:00**",
        "-# When: every Friday at 16:45 → every Friday at 18:00",
    ]
    added = entry_words(entry("block:GME", None, {"blocked": "GME"}))
    assert added == "<t:1784320200:f> <@7> added **block of GME**"
    alone = entry_words(entry("settings", {"hourly_cap": None}, {"hourly_cap": 9}, user_id=None, action="undone"))
    assert alone == "<t:1784320200:f> I myself took back **settings**\n-# Public answers an hour: – → 9"


def test_raw_data_is_never_shown() -> None:
    everything = [
        entry("schedule:00ff", None, settings_of(WEEKLY)),
        entry("schedule:00ff", settings_of(WEEKLY), settings_of(replace(WEEKLY, state="paused", reason="refused"))),
        entry("settings", as_plain(GuildSettings(guild_id=1)), as_plain(GuildSettings(guild_id=1, log_channel_id=5))),
        entry("channel:5", {"command_mode": "public"}, {"command_mode": "off", "allowed_commands": ["highs"]}),
    ]
    for one in everything:
        assert not set("{}[]") & set(entry_words(one))


def test_a_difference_names_what_comes_and_goes_in_a_line_each() -> None:
    settings = GuildSettings(guild_id=1)
    watching = Alert(guild_id=1, channel_id=5, rule=RULE)
    before = Setup(settings=settings, alert_settings=AlertSettings(guild_id=1), schedules=(WEEKLY,), alerts=(watching,))
    moved = replace(watching, channel_id=6)
    after = replace(
        before,
        settings=replace(settings, zone="Europe/Madrid"),
        schedules=(replace(WEEKLY, id="f" * 16, content="highs"),),
        alerts=(moved,),
        blocked_symbols=("GME",),
    )
    assert difference_words(differences(before, after)).split("\n") == [
        r"- settings: Time zone: America/New\_York → Europe/Madrid",
        "- removed: schedule weekly · every Friday at 16:45 · <#5> (pinned)",
        "- added: schedule highs · every Friday at 16:45 · <#5> (pinned)",
        "- alert rotation.spread.6m is above 0.05: Channel: <#5> → <#6>",
        "- added: block of GME",
    ]
    assert difference_words(differences(before, before)) == "Nothing would change."
