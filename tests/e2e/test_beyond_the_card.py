"""What lies behind the buttons, step after step: pages to the last, forms, alerts saved, copies of copies, the bin."""

import re
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor

from bot import features
from bot.clock import SettableClock
from bot.discord_ui import ids
from bot.features.weekly.request import WeeklyRequest
from bot.request import Request
from tests.conftest import Scene, buttons, said, walk
from tests.e2e.walking import Walker, action_of, posted, presses, proper, public_requests

pytestmark = pytest.mark.simcord(settle_timeout=25)
COUNT = re.compile(r"Page (\d+) of (\d+)\.")
every_card = pytest.mark.parametrize("request_", public_requests(), ids=lambda request: request.feature)


def control(message: Any, wanted: str) -> str:
    """Return the id of the message's control of that action."""
    shown = message.message if hasattr(message, "message") else message
    return next(custom_id for custom_id, _value in presses(shown) if action_of(custom_id) == wanted)


@every_card
@pytest.mark.parametrize("leaf", ["explain", "table"])
async def test_every_page_behind_every_card_is_reached(
    scene: Scene, clock: SettableClock, request_: Request, leaf: str
) -> None:
    walker, card = Walker(scene, clock), await posted(scene, request_)
    if leaf == "table" and "Table" not in buttons(card):
        report = (await scene.bot.reports.get(request_)).report
        assert all(table.place == "csv" or not table.rows for table in report.tables)  # there is none to be shown
        return
    reader = walker.somebody()
    page = (await walker.press(card, control(card, leaf), who=reader)).response
    seen: list[str] = []
    while page is not None:
        assert page.ephemeral
        seen.append(said(page))
        turn = buttons(page).get("Next")
        if turn is None or turn.disabled:
            break
        if len(seen) == 1:
            await scene.env.restart_bot(scene.another())
        clock.set(clock.now() + timedelta(minutes=1))
        assert turn.custom_id
        turned = await reader.click(page, custom_id=turn.custom_id)
        assert turned.response is not None
        assert turned.response.id == page.id
        page = turned.response
    assert len(set(seen)) == len(seen), "every page says something else"
    numbers = [match.groups() for text in seen for match in COUNT.finditer(text)]
    assert numbers == [(str(n), str(len(seen))) for n in range(1, len(seen) + 1)] or len(seen) == 1


def menu(message: Any, act: str) -> discord.SelectMenu:
    """Return the select of alerts that does this."""
    menus = [c for c in walk(message.message.components) if isinstance(c, discord.SelectMenu)]
    return next(one for one in menus if one.custom_id.startswith(f"t1:{act}:"))


@pytest.mark.parametrize("name", ["rotation", "shortinterest", "quote", "when", "risks"])
async def test_an_alert_is_set_from_a_card_through_restarts(
    scene: Scene, clock: SettableClock, ada: MemberActor, name: str
) -> None:
    """Card, list, form, preview, saved: with a restart before each step that is pressed."""
    card = await posted(scene, features.request_type(name)())
    offered = (await ada.click(card, custom_id=control(card, "alert"))).response
    assert offered is not None
    groups = not any(
        c.custom_id.startswith("t1:pick") for c in walk(offered.message.components) if hasattr(c, "options")
    )
    await scene.env.restart_bot(scene.another())
    if groups:  # nothing of this card can be watched: the groups of what can
        first = menu(offered, "group")
        shown = await ada.select(offered, [first.options[0].value], custom_id=first.custom_id)
        assert shown.response is not None
        offered = shown.response
    pick = menu(offered, "pick")
    form = await ada.select(offered, [pick.options[0].value], custom_id=pick.custom_id)
    assert form.modal is not None
    lines = {line["component"]["custom_id"]: line["component"] for line in proper(form.modal)["components"]}
    waiting = next(option["value"] for option in lines["when"]["options"] if option.get("default"))
    clock.set(clock.now() + timedelta(minutes=1))
    filled = {"when": [waiting], "value": lines["value"].get("value") or "", "confirm": "1", "cooldown": "0"}
    if waiting == "changes_state":
        filled["value"] = ""
    preview = await ada.submit_modal(form, filled)
    draft = next(m for m in [preview.response, *preview.followups] if m and "Save" in buttons(m))
    assert "Not saved yet." in said(draft)
    await scene.env.restart_bot(scene.another())
    saved = await ada.click(draft, label="Save")
    assert "Saved." in said(saved.response)
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.rule.indicator == pick.options[0].value
    assert alert.channel_id == scene.channel.id


async def test_funds_are_compared_until_there_are_too_many(scene: Scene, clock: SettableClock) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card: Any = scene.last
    for fund in ("QQQ", "IJR", "VB", "IWO", "IWN", "MAGS", "RSP", "VTI"):
        clock.set(clock.now() + timedelta(minutes=1))
        form = await scene.alice.click(card, label="Compare")
        assert form.modal is not None
        proper(form.modal)
        shown = await scene.alice.submit_modal(form, {"answer": fund})
        assert shown.response is not None
        assert fund in said(shown.response) or "the table has all" in said(shown.response)
        card = shown.response
    form = await scene.alice.click(card, label="Compare")
    refused = await scene.alice.submit_modal(form, {"answer": "TLT"})
    assert refused.ephemeral
    assert said(refused.response) == "That is 11 symbols; I take 10 at most."
    assert "IWO" in said(card), "the card stays as it was"


async def test_an_example_leads_on_from_help_to_the_channel(scene: Scene, clock: SettableClock) -> None:
    await scene.alice.send(scene.channel, "!help")
    copy = await scene.bob.click(scene.last, label="rotation iwn spy 3y")
    assert copy.ephemeral
    await scene.env.restart_bot(scene.another())
    clock.set(clock.now() + timedelta(minutes=1))
    year = await scene.bob.click(copy.response, label="1Y")
    assert year.response is not None
    assert copy.response is not None
    assert year.response.id == copy.response.id, "an own copy changes in place"
    shared = await scene.bob.click(year.response, label="Share")
    assert not shared.ephemeral
    assert "IWN, 1 year" in said(scene.last)


async def test_a_weekly_post_keeps_its_buttons_whatever_alerts_said(scene: Scene) -> None:
    fired = tuple(f"IWM minus SPY over {n} months crosses below 0 points." for n in range(1, 15))
    card = await posted(scene, WeeklyRequest(fired=fired))
    assert {"Explain", "Table", "CSV", "PNG", "Another day"} <= set(buttons(card))
    pressed = await scene.bob.click(card, label="Explain")
    assert pressed.ephemeral
    assert "Sorry" not in said(pressed.response)


# the bin


def bin_of(message: discord.Message) -> str:
    (found,) = [
        c.custom_id for c in walk(message.components) if (getattr(c, "custom_id", None) or "").startswith("b1:")
    ]
    assert found
    return found


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_asker_and_moderators_may_remove_a_card_and_nobody_else(
    scene: Scene, clock: SettableClock, restarted: bool
) -> None:
    moderators = scene.guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
    mia = scene.guild.add_member(scene.env.create_user("mia"), roles=[moderators])
    for person in (scene.alice, mia):
        await scene.alice.slash(scene.channel, "rotation")
        card = scene.last
        if restarted:
            await scene.env.restart_bot(scene.another())
        refused = await scene.bob.click(card, custom_id=bin_of(card))
        assert refused.ephemeral
        assert "Only whoever asked, and moderators, can remove this." in said(refused.response)
        assert scene.last.id == card.id
        await person.click(card, custom_id=bin_of(card))
        assert card.id not in [message.id for message in scene.channel.history()]
        clock.set(clock.now() + timedelta(minutes=2))


async def test_after_the_bin_the_same_question_gets_a_card_again(scene: Scene) -> None:
    await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    await scene.alice.click(card, custom_id=bin_of(card))
    again = await scene.bob.slash(scene.channel, "rotation")
    assert not again.ephemeral
    assert "IWM, 6 months" in said(scene.last)
    assert ids.PATTERN.fullmatch(control(scene.last, "explain"))


async def test_a_post_has_no_bin(scene: Scene) -> None:
    card = await posted(scene, WeeklyRequest())
    assert not [c for c in walk(card.components) if (getattr(c, "custom_id", None) or "").startswith("b1:")]
