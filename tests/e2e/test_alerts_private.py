"""Private alerts: allowed by the server, set by its members, told by direct message, nobody else's business."""

from datetime import timedelta
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.clock import SettableClock
from bot.community.alert_records import AlertSettings
from bot.community.records import By
from bot.jobs import reasons
from tests.community.examples import alert
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.test_alerts import BELOW, added, at, posts, press, text_of

pytestmark = pytest.mark.simcord(settle_timeout=25)


@pytest.fixture
async def allowed(scene: Scene) -> None:
    settings = AlertSettings(guild_id=scene.guild.id, private_allowed=True)
    await scene.bot.community.alerts.save_settings(settings, By(1, FRIDAY_EVENING))


class Asking:
    """Asks a minute apart: nobody may ask as fast as a test does."""

    def __init__(self, scene: Scene, clock: SettableClock) -> None:
        self.scene, self.clock = scene, clock

    async def __call__(self, who: MemberActor, name: str, **options: Any) -> InteractionResult:
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        return await who.slash(self.scene.channel, name, **options)


@pytest.fixture
def ask(scene: Scene, clock: SettableClock) -> Asking:
    return Asking(scene, clock)


async def test_private_alerts_are_off_until_an_admin_allows_them(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    refused = await scene.alice.slash(scene.channel, "alert mine add", **BELOW)
    assert "Private alerts are switched off here." in text_of(refused)
    told = text_of(await ada.slash(scene.channel, "alert settings", private=True, hourly=5))
    assert told == "Members may have private alerts. 5 alerts an hour at most."
    await scene.alice.send(scene.channel, "!alert mine add price.close.IWM when:below value:290")
    assert "You are told by direct message." in said(scene.last)
    stranger = await scene.bob.click(scene.last, label="Save")
    assert "Only people with" in text_of(stranger)
    await scene.alice.click(scene.last, label="Save")
    assert "below $290" in text_of(await scene.alice.slash(scene.channel, "alert mine list"))
    assert "You have no private alerts" in text_of(await scene.bob.slash(scene.channel, "alert mine list"))
    assert "No alerts watch here yet" in text_of(await ada.slash(scene.channel, "alert list"))
    await at(scene, clock, 29)
    assert not posts(scene)
    (row,) = await scene.bot.community.ledger.history(scene.guild.id)
    assert (row.state, row.channel_id == scene.channel.id) == ("sent", False)
    await scene.alice.slash(scene.channel, "alert mine pause", alert="1")
    assert "Paused." in text_of(await scene.alice.slash(scene.channel, "alert mine list"))
    await scene.alice.slash(scene.channel, "alert mine resume", alert="1")
    await scene.alice.slash(scene.channel, "alert mine remove", alert="1")
    assert "You have no private alerts" in text_of(await scene.alice.slash(scene.channel, "alert mine list"))


async def test_private_alerts_have_a_limit(scene: Scene) -> None:
    alerts, by = scene.bot.community.alerts, By(scene.alice.id, FRIDAY_EVENING)
    await alerts.save_settings(AlertSettings(guild_id=scene.guild.id, private_allowed=True), by)
    for _n in range(10):
        await alerts.add(alert(guild_id=scene.guild.id, user_id=scene.alice.id), by)
    full = await scene.alice.slash(scene.channel, "alert mine add", **BELOW)
    assert "You have 10 private alerts already" in text_of(full)


@pytest.mark.usefixtures("allowed")
async def test_a_private_alert_is_edited_tried_and_looked_back_on(
    scene: Scene, clock: SettableClock, ask: Asking
) -> None:
    alice = scene.alice
    await press(alice, await ask(alice, "alert mine add", **BELOW), "Save")
    edited = await ask(alice, "alert mine edit", alert="1", value="$289", cooldown=3, note="mind the gap")
    assert "below $289: at most once in 3 days" in text_of(edited)
    assert "You are told by direct message." in text_of(edited)
    assert "below $290" in text_of(await ask(alice, "alert mine list"))
    await press(alice, edited, "Save")
    (changed,) = await scene.bot.community.alerts.of_person(alice.id)
    assert (changed.rule.threshold, changed.rule.cooldown_days, changed.rule.note) == (289.0, 3, "mind the gap")
    tried = text_of(await ask(alice, "alert mine test", alert="1"))
    assert "Nothing is posted by this." in tried
    assert "the last time it would have fired" in tried
    assert "Nothing has fired yet." in text_of(await ask(alice, "alert mine history"))
    await at(scene, clock, 29)
    for options in ({}, {"alert": "1"}):
        assert "$288.57 on 29 Jul 2026" in text_of(await ask(alice, "alert mine history", **options))


@pytest.mark.usefixtures("allowed")
async def test_another_series_needs_a_value_of_its_own(scene: Scene, ask: Asking) -> None:
    await press(scene.alice, await ask(scene.alice, "alert mine add", **BELOW), "Save")
    refused = await ask(scene.alice, "alert mine edit", alert="1", indicator="rates.yield_2y")
    assert "needs a value" in text_of(refused)
    regime = await ask(scene.alice, "alert mine edit", alert="1", indicator="rotation.regime", when="changes_state")
    await press(scene.alice, regime, "Save")
    (changed,) = await scene.bot.community.alerts.of_person(scene.alice.id)
    assert (changed.rule.indicator, changed.rule.threshold) == ("rotation.regime", None)


@pytest.mark.usefixtures("allowed")
async def test_what_is_private_stays_private(scene: Scene, clock: SettableClock, ada: MemberActor, ask: Asking) -> None:
    """Neither another member nor an admin sees, changes or finds in the server's history what somebody watches."""
    await press(scene.alice, await ask(scene.alice, "alert mine add", **BELOW), "Save")
    await added(ada, scene, indicator="price.close.IWM", when="below", value="$289")
    (mine,) = await scene.bot.community.alerts.of_person(scene.alice.id)
    for name in ("edit", "pause", "resume", "remove", "test", "history"):
        for who in (scene.bob, ada):
            for which in ("1", mine.id):
                refused = text_of(await ask(who, f"alert mine {name}", alert=which))
                assert f"There is no alert “{which}” here" in refused, (name, which)
        refused = text_of(await ask(ada, f"alert {name}", alert=mine.id))
        assert f"There is no alert “{mine.id}” here" in refused, name
    await at(scene, clock, 29)
    assert len(posts(scene)) == 1
    everything = text_of(await ask(ada, "alert history"))
    assert "below $289" in everything
    assert "below $290" not in everything
    own = text_of(await ask(scene.alice, "alert mine history"))
    assert "below $290" in own
    assert "below $289" not in own
    assert "Nothing has fired yet." in text_of(await ask(scene.bob, "alert mine history"))


@pytest.mark.usefixtures("allowed")
async def test_switched_off_later_nothing_new_is_added(scene: Scene, ada: MemberActor, ask: Asking) -> None:
    await press(scene.alice, await ask(scene.alice, "alert mine add", **BELOW), "Save")
    await ask(ada, "alert settings", private=False)
    assert "Private alerts are switched off here." in text_of(await ask(scene.alice, "alert mine add", **BELOW))
    assert "below $290" in text_of(await ask(scene.alice, "alert mine list"))  # hers to see and to remove
    assert "Removed" in text_of(await ask(scene.alice, "alert mine remove", alert="1"))


async def test_it_comes_in_the_language_it_was_set_up_in(scene: Scene, allowed: None, ask: Asking) -> None:
    people, alice = scene.bot.community.people, scene.alice.id
    assert (await people.get(alice)).language is None
    await ask(scene.alice, "alert mine add", **BELOW)
    assert (await people.get(alice)).language == "en"
    await scene.bot.community.privacy.forget_person(alice)
    assert (await people.get(alice)).language is None


@pytest.mark.usefixtures("allowed")
async def test_closed_direct_messages_pause_it_and_the_list_says_why(
    scene: Scene, clock: SettableClock, ask: Asking
) -> None:
    """Three refusals in a row: nothing is posted anywhere else, and opening the door again is all it takes."""
    falls = {"indicator": "price.close.IWM", "when": "new_low", "within": "1"}
    await press(scene.alice, await ask(scene.alice, "alert mine add", **falls), "Save")
    scene.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=50)
    for day in range(20, 32):
        await at(scene, clock, day)
    rows = await scene.bot.community.ledger.history(scene.guild.id)
    assert [(row.state, row.reason) for row in rows] == [("failed", reasons.DM_CLOSED)] * 3
    assert not posts(scene)
    listed = text_of(await ask(scene.alice, "alert mine list"))
    assert "Paused. Your direct messages are closed to me. Allow direct messages in this server's privacy" in listed
    assert "then resume with /alert mine resume." in listed
    assert "Resumed:" in text_of(await ask(scene.alice, "alert mine resume", alert="1"))
    (mine,) = await scene.bot.community.alerts.of_person(scene.alice.id)
    assert (mine.state, mine.reason, mine.notice_pending) == ("active", None, False)


@pytest.mark.usefixtures("allowed")
async def test_every_button_of_a_direct_message_works_there(scene: Scene, clock: SettableClock, ask: Asking) -> None:
    await press(scene.alice, await ask(scene.alice, "alert mine add", **BELOW), "Save")
    await at(scene, clock, 29)
    alice = scene.alice.user
    post = alice.dm_channel.last_message
    assert "Close of IWM is below $290: $288.57 on 29 Jul 2026." in said(post)

    async def pressed(label: str) -> InteractionResult:
        clock.set(clock.now() + timedelta(minutes=1))
        return await alice.click(post, label=label)

    assert "/alert mine resume ends the snooze." in text_of(await pressed("Snooze a week"))
    assert "It would have fired 4 times before" in text_of(await pressed("Explain"))
    assert "2026" in text_of(await pressed("Table"))
    form = await pressed("Edit")
    preview = await alice.submit_modal(form, {"value": "5%", "within": "", "confirm": "1", "cooldown": "0"})
    assert "“5%” does not work as a value here: write it like $280 or $1.5B." in text_of(preview)
    form = await pressed("Edit")
    preview = await alice.submit_modal(form, {"value": "$285", "within": "", "confirm": "2", "cooldown": "0"})
    assert "below $285: on 2 closes in a row. You are told by direct message." in text_of(preview)
    assert "/alert mine resume goes on." in text_of(await pressed("Pause"))
    page = next(message for message in reversed([*preview.followups]) if "Save" in buttons(message))
    saved = text_of(await alice.click(page, label="Save"))
    assert "Saved." in saved
    assert "Paused." in saved  # a change does not wake what rests
    (changed,) = await scene.bot.community.alerts.of_person(alice.id)
    assert (changed.rule.threshold, changed.state) == (285.0, "paused")
