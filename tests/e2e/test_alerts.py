"""``/alert``: previewed, saved, fired, snoozed, changed, ended; by admins for the server, by people for themselves."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.alerts.rule import Rule
from bot.clock import SettableClock
from bot.community.records import By, GuildSettings
from tests.community.examples import alert
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import shown

pytestmark = pytest.mark.simcord(settle_timeout=25)


def evening(day: int) -> datetime:
    """A moment after the close of a day of July 2026."""
    return datetime(2026, 7, day, 21, 30, tzinfo=UTC)


async def at(scene: Scene, clock: SettableClock, day: int) -> None:
    clock.set(evening(day))
    await scene.bot.jobs.catch_up()


def text_of(result: InteractionResult) -> str:
    return "\n".join(said(message) for message in shown(result))


async def press(member: MemberActor, result: InteractionResult, label: str) -> InteractionResult:
    """Press a button of the page somebody was shown."""
    page = next(message for message in reversed(shown(result)) if label in buttons(message))
    return await member.click(page, label=label)


async def added(member: MemberActor, scene: Scene, **wishes: Any) -> InteractionResult:
    preview = await member.slash(scene.channel, "alert add", **wishes)
    return await press(member, preview, "Save")


def posts(scene: Scene) -> list[discord.Message]:
    return [m for m in scene.channel.history() if "About this post" in buttons(m)]


BELOW = {"indicator": "price.close.IWM", "when": "below", "value": "$290"}


async def test_from_ingest_to_message_to_snooze(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    """The whole path: tried, saved, silent for a week, posted on the day, snoozed from the post."""
    preview = await ada.slash(scene.channel, "alert add", **BELOW)
    text = text_of(preview)
    assert "Fires when close of IWM is below $290. " in text
    assert "It would have fired" in text
    assert f"Posted in <#{scene.channel.id}>." in text
    assert "Not saved yet." in text
    assert not await scene.bot.community.alerts.of_guild(scene.guild.id)
    saved = await press(ada, preview, "Save")
    assert "Saved." in text_of(saved)
    for day in (20, 21, 22, 23, 24, 27, 28):
        await at(scene, clock, day)
    assert not posts(scene)
    await at(scene, clock, 29)
    await scene.bot.jobs.catch_up()
    (post,) = posts(scene)
    assert "Close of IWM is below $290: $288.57 on 29 Jul 2026." in said(post)
    assert len(post.attachments) == 1
    assert {"Snooze a week", "Edit", "Pause", "Explain", "Table"} <= set(buttons(post))
    refused = await scene.bob.click(post, label="Snooze a week")
    assert "Only people with “Manage Server”" in text_of(refused)
    snoozed = await ada.click(post, label="Snooze a week")
    until = evening(29) + timedelta(days=7)
    assert f"<t:{int(until.timestamp())}:F>" in text_of(snoozed)
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.snoozed_until == until
    assert "Snoozed until" in text_of(await ada.slash(scene.channel, "alert list"))


async def test_a_post_explains_itself_to_anybody_even_after_a_restart(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await added(ada, scene, **BELOW)
    await at(scene, clock, 29)
    another = scene.another()
    await scene.env.restart_bot(another)
    (post,) = posts(scene)
    explained = await scene.bob.click(post, label="Explain")
    assert "days on which the rule, watching from the indicator's first value on" in text_of(explained)
    table = await scene.bob.click(post, label="Table")
    assert "29 Jul 2026" in text_of(table)
    story = await scene.bob.click(post, label="About this post")
    assert "It shows the close of 29 Jul 2026." in text_of(story)


async def test_a_discarded_preview_leaves_nothing(scene: Scene, ada: MemberActor) -> None:
    preview = await ada.slash(scene.channel, "alert add", **BELOW)
    assert "nothing was changed" in text_of(await press(ada, preview, "Discard"))
    assert "No alerts watch here yet" in text_of(await ada.slash(scene.channel, "alert list"))
    assert "alerts" not in await scene.bot.community.privacy.about_guild(scene.guild.id)


async def test_a_busy_rule_is_calmed_by_a_button(scene: Scene, ada: MemberActor) -> None:
    wishes = {"indicator": "rotation.spread.6m", "when": "crosses_above", "value": "0%"}
    preview = await ada.slash(scene.channel, "alert add", **wishes)
    assert "it would have fired more than 4 times" in text_of(preview)
    calmer = await press(ada, preview, "Confirm over 2 closes")
    assert "on 2 closes in a row" in text_of(calmer)
    assert "it would have fired more than 4 times" not in text_of(calmer)
    saved = await press(ada, calmer, "Save")
    assert "on 2 closes in a row" in text_of(saved)
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.rule.confirmation == 2


async def test_every_restraint_is_taken_and_read_back(scene: Scene, ada: MemberActor) -> None:
    role = scene.guild.create_role("Watchers")
    other = scene.guild.create_text_channel("alerts")
    saved = await added(
        ada, scene, indicator="2-year yield", when="changes_by", value="-50bp", within="3m", confirm=2, back="0.1%",
        cooldown=7, budget=3, quiet="22-7", until="2026-12-31", note="Watch this", channel=other, role=role,
    )  # fmt: skip
    text = text_of(saved)
    assert (
        "Fires when 2-year yield falls by 0.5 points or more within 63 sessions: on 2 closes in a row, again only "
        "after it has come back by 0.1 points, at most once in 7 days, at most 3 times a month, held back between "
        "22:00 and 07:00, and until 31 Dec 2026."
    ) in text.replace("\\", "")
    assert f"Posted in <#{other.id}> with a ping of <@&{role.id}>." in text
    assert "“Watch this”" in text


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"indicator": "rates.yeild_2y", "when": "above", "value": "4%"}, "Did you mean"),
        ({"indicator": "rates.yield_2y", "when": "above", "value": "4"}, "“4” does not work as a value"),
        ({"indicator": "rates.yield_2y", "when": "above"}, "needs a value"),
        ({"indicator": "rates.yield_2y", "value": "4%"}, "Say what it waits for"),
        ({"indicator": "rates.yield_2y", "when": "changes_state"}, "does not fit"),
        ({"indicator": "rotation.regime", "when": "above", "value": "1"}, "it takes changes state"),
        ({"indicator": "rotation.regime", "value": "tiny"}, "it knows large, mixed, and small"),
        ({"indicator": "price.close.NOSUCH", "when": "new_high"}, "NOSUCH"),
        ({"indicator": "rates.yield_2y", "when": "changes_by", "value": "5%"}, "Within what time"),
        ({"indicator": "rates.yield_2y", "when": "enters_band", "value": "low"}, "not a band of percentiles"),
        ({"indicator": "rates.yield_2y", "when": "new_high", "within": "soon"}, "how far back to look"),
        ({"indicator": "squeeze.score.NOSUCH", "when": "above", "value": "80"}, "nothing is stored for"),
        ({**BELOW, "confirm": 99}, "1 to 20"),
        ({**BELOW, "cooldown": 999}, "0 to 366"),
        ({**BELOW, "budget": 99}, "1 to 31"),
        ({**BELOW, "quiet": "night"}, "quiet hours"),
        ({**BELOW, "until": "2020-01-01"}, "already past"),
        ({**BELOW, "back": "-$3"}, "cannot be negative"),
        ({**BELOW, "note": "x" * 201}, "200 characters"),
    ],
)
async def test_wrong_input_is_answered_with_what_works(
    scene: Scene, ada: MemberActor, wishes: dict[str, Any], told: str
) -> None:
    answered = await ada.slash(scene.channel, "alert add", **wishes)
    assert told in text_of(answered)
    assert not await scene.bot.community.alerts.of_guild(scene.guild.id)


async def test_a_member_without_rights_is_refused(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    await added(ada, scene, **BELOW)
    asked = {
        "alert list": {}, "alert add": BELOW, "alert edit": {"alert": "1"}, "alert pause": {"alert": "1"},
        "alert resume": {"alert": "1"}, "alert remove": {"alert": "1"}, "alert test": {"alert": "1"},
        "alert history": {}, "alert settings": {"private": True},
    }  # fmt: skip
    for minute, (name, options) in enumerate(asked.items(), 1):
        clock.set(FRIDAY_EVENING + timedelta(minutes=minute))  # nobody may ask as fast as a test does
        refused = await scene.alice.slash(scene.channel, name, **options)
        assert "Only people with “Manage Server”" in text_of(refused), name
    await scene.alice.send(scene.channel, "!alert remove 1")
    assert "Only people with “Manage Server”" in scene.last.content
    assert len(await scene.bot.community.alerts.of_guild(scene.guild.id)) == 1


async def test_an_admin_role_is_enough_and_text_works_too(scene: Scene) -> None:
    role = scene.guild.create_role("Curators")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[role])
    settings = replace(GuildSettings(guild_id=scene.guild.id), admin_roles=(role.id,))
    await scene.bot.community.guilds.save(settings, By(1, FRIDAY_EVENING))
    await carol.send(scene.channel, "!alert add price.close.IWM when:below value:290")
    assert "Fires when close of IWM is below $290" in said(scene.last)
    refused = await scene.bob.click(scene.last, label="Save")
    assert "Only people with “Manage Server”" in text_of(refused)
    await carol.click(scene.last, label="Save")
    assert len(await scene.bot.community.alerts.of_guild(scene.guild.id)) == 1


async def test_edit_pause_resume_test_history_remove(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    async def ask(name: str, **options: Any) -> InteractionResult:
        clock.set(clock.now() + timedelta(minutes=1))  # nobody may ask as fast as a test does
        return await ada.slash(scene.channel, name, **options)

    await added(ada, scene, **BELOW)
    edited = await ask("alert edit", alert="1", value="$289", cooldown=5)
    assert "below $289" in text_of(edited)
    assert "below $290" in text_of(await ask("alert list"))
    await press(ada, edited, "Save")
    listed = text_of(await ask("alert list"))
    assert "below $289: at most once in 5 days" in listed
    assert "Has not fired yet." in listed
    tested = text_of(await ask("alert test", alert="1"))
    assert "Nothing is posted by this." in tested
    assert "the last time it would have fired" in tested
    assert "Paused: close of IWM is below $289." in text_of(await ask("alert pause", alert="1"))
    await at(scene, clock, 29)
    assert not posts(scene)
    resumed = text_of(await ask("alert resume", alert="1"))
    assert "What is so already is no news" in resumed
    await at(scene, clock, 30)
    await at(scene, clock, 31)
    assert not posts(scene)  # it was below on the 29th already and is back above since
    assert "Nothing has fired yet." in text_of(await ask("alert history"))
    assert "Removed: close of IWM" in text_of(await ask("alert remove", alert="1"))
    assert "There is no alert “1” here" in text_of(await ask("alert pause", alert="1"))


async def test_history_says_what_became_of_each_fire(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    await added(ada, scene, **BELOW)
    await at(scene, clock, 29)
    (post,) = posts(scene)
    for options in ({}, {"alert": "1"}):
        told = text_of(await ada.slash(scene.channel, "alert history", **options))
        assert f"/{post.id})" in told
        assert "$288.57 on 29 Jul 2026" in told


async def test_a_post_is_edited_and_paused_from_its_buttons(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await added(ada, scene, **BELOW)
    await at(scene, clock, 29)
    (post,) = posts(scene)
    form = await ada.click(post, label="Edit")
    preview = await ada.submit_modal(form, {"value": "$285", "within": "", "confirm": "2", "cooldown": "0"})
    assert "below $285: on 2 closes in a row" in text_of(preview)
    await press(ada, preview, "Save")
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert (alert.rule.threshold, alert.rule.confirmation) == (285.0, 2)
    assert "Paused: close of IWM is below $285." in text_of(await ada.click(post, label="Pause"))
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.state == "paused"


async def test_presets_are_added_by_one_select_and_not_twice(scene: Scene, ada: MemberActor) -> None:
    listed = await ada.slash(scene.channel, "alert list")
    chosen = ["record", "regime", "relative_level", "short_interest", "two_year_yield", "gauges"]
    for _again in range(2):
        told = text_of(await ada.select(shown(listed)[-1], values=chosen))
    assert told.count("watches here already") == 8
    alerts = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert {alert.rule.indicator for alert in alerts} == {
        "price.close.IWM", "rotation.regime", "valuation.relative", "shortinterest.weighted.r2000",
        "rates.yield_2y", "risks.slowdown", "risks.financing", "risks.quality",
    }  # fmt: skip
    await ada.send(scene.channel, "!alert")
    refused = await scene.bob.select(scene.last, values=["record"])
    assert "Only people with “Manage Server”" in text_of(refused)


async def test_completions_offer_indicators_and_ones_own_alerts(scene: Scene, ada: MemberActor) -> None:
    await added(ada, scene, **BELOW)
    offered = await ada.autocomplete(scene.channel, "alert add", "indicator", "yield")
    assert {"rates.yield_2y", "rates.yield_10y"} <= {choice["value"] for choice in offered}
    mine = await ada.autocomplete(scene.channel, "alert pause", "alert", "")
    assert [choice["name"] for choice in mine] == ["1 · Close of IWM is below $290"]
    assert not await scene.alice.autocomplete(scene.channel, "alert pause", "alert", "")


async def test_the_list_names_what_is_not_listed_and_says_what_waits(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """An indicator of one company by its name and in its unit; one that is gone, or brings nothing new, waits."""
    rules = [
        Rule(indicator="short.of_float.CAR", condition="above", threshold=0.3),
        Rule(indicator="price.close.GONE", condition="above", threshold=30.0),
        Rule(indicator="price.close.IWM", condition="above", threshold=310.0),
    ]
    for minute, rule in enumerate(rules):
        by = By(ada.id, FRIDAY_EVENING + timedelta(minutes=minute))
        made = alert(rule=rule, guild_id=scene.guild.id, channel_id=scene.channel.id)
        await scene.bot.community.alerts.add(made, by)
    text = text_of(await ada.slash(scene.channel, "alert list"))
    assert "Fires when short interest of CAR, of its float is above 30%." in text
    assert text.count("What it watches is no longer there: it waits.") == 1
    assert text.index("price.close.GONE is above") < text.index("What it watches") < text.index("close of IWM is above")
    assert "Nothing new since" not in text
    clock.set(datetime(2026, 8, 8, 12, tzinfo=UTC))  # eight days after the last close that is known
    text = text_of(await ada.slash(scene.channel, "alert list"))
    assert text.endswith("Has not fired yet. Nothing new since 31 Jul 2026: it waits.")


# indicators


async def test_indicators_are_found_by_group_and_by_words(scene: Scene) -> None:
    listed = await scene.alice.slash(scene.channel, "indicators")
    text = text_of(listed)
    assert "indicators can be watched." in text
    assert "**Risk gauges** · 4" in text
    group = await scene.alice.select(shown(listed)[-1], values=["risks.financing"])
    page = said(group.response or shown(listed)[-1])
    assert "Risk gauge: Slowdown" in page
    assert "**Risk gauge: Short interest**: no values yet" in page  # too few settlements to rank
    found = await scene.alice.slash(scene.channel, "indicators", search="short interest russell")
    assert "shortinterest.weighted.r2000" in text_of(found)
    company = text_of(await scene.alice.slash(scene.channel, "indicators", search="$gme"))
    assert "**Shares of GME sold short**: 55.9M, since 28 May 2026 · FINRA\n-# `short.shares.GME`" in company
    regime = text_of(await scene.alice.slash(scene.channel, "indicators", search="regime"))
    assert regime.index("`rotation.regime`") < regime.index("`style.regime`")
    returns = text_of(await scene.alice.slash(scene.channel, "indicators", search="return spy"))
    assert re.search(r"\*\*Return of SPY, 1 month\*\*: [+−]\d+\.\d\d%, since ", returns)
    nothing = await scene.alice.slash(scene.channel, "indicators", search="weather")
    assert "No indicator is called anything like “weather”" in text_of(nothing)


async def test_an_indicator_is_shown_and_an_alert_set_on_it(scene: Scene, ada: MemberActor) -> None:
    found = await ada.slash(scene.channel, "indicators", search="rates.yield_2y")
    page = shown(found)[-1]
    card = await ada.select(page, custom_id="t1:show::", values=["rates.yield_2y"])
    assert "2-year yield: 4.16% on 17 Jul 2026" in text_of(card)
    form = await ada.select(page, custom_id="t1:pick::", values=["rates.yield_2y"])
    preview = await ada.submit_modal(
        form, {"when": ["crosses_below"], "value": "4%", "within": "", "confirm": "1", "cooldown": "0"}
    )
    assert "Fires when 2-year yield crosses below 4%." in text_of(preview)
    await press(ada, preview, "Save")
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.channel_id == scene.channel.id


async def test_the_indicator_command_answers_like_any_question(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "indicator", indicator="macro.ICSA", window="max")
    assert "Initial jobless claims" in said(scene.last)
    await scene.alice.send(scene.channel, "!indicator rotation.regime")
    assert "Regime of IWM and SPY: small since 24 Dec 2025." in said(scene.last)
