"""An app that a person installed for themselves: in a server without the bot, in a group, in talks of two.

The whole bot as operators start it; only Discord is pretended, with what it sends in such places.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.discord_ui import ids
from bot.features import names
from tests.standin.interactions import CHANGE, DEFERRED_CHANGE, MESSAGE
from tests.standin.process import running
from tests.standin.whole import Whole, started

FORM, EPHEMERAL = 9, 64
PLACES = ("elsewhere", "group", "talk", "direct")
WITHOUT_FILES = str(discord.Permissions(send_messages=True, embed_links=True).value)
MEMBER = str(discord.Permissions(send_messages=True, attach_files=True).value)
_people = itertools.count(10_000)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running() as standin, started(standin, tmp_path_factory.mktemp("brought")) as whole:
        yield whole
        log = whole.log
        assert whole.stop() == 0
    assert " ERROR " not in log
    assert "Traceback" not in log


def somebody(place: str, locale: str = "en-US", **more: Any) -> dict[str, Any]:
    """Return who does something where: a new person each time, pace is tested elsewhere."""
    return {"place": place, "locale": locale, "person": next(_people), **more}


def inside(components: list[Any]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from inside(one.get("components", []))


def pressable(message: dict[str, Any]) -> dict[str, list[str]]:
    """Return what can be used on a message: custom ids, and for selects what can be chosen."""
    return {
        c["custom_id"]: [option["value"] for option in c.get("options", ()) if not option.get("default")]
        for c in inside(message["components"])
        if c.get("custom_id") and not c.get("disabled")
    }


def text_of(got: dict[str, Any]) -> str:
    texts = [c["content"] for c in inside(got["data"].get("components") or []) if c["type"] == 10]
    return "\n".join([got["data"].get("content") or "", *texts])


def alone(got: dict[str, Any]) -> bool:
    return bool(int(got["data"].get("flags", 0)) & EPHEMERAL)


def action(custom_id: str) -> str:
    return custom_id.split(":")[1].partition(".")[0]


@pytest.mark.parametrize("place", PLACES)
def test_a_question_is_answered_with_card_and_picture_in_the_persons_language(bot: Whole, place: str) -> None:
    english = bot.slash("rotation", window="1y", about=somebody(place))
    spanish = bot.slash("rotation", window="1y", about=somebody(place, "es-ES"))
    assert english["kind"] == spanish["kind"] == MESSAGE
    assert english["pictures"] == spanish["pictures"] == 1
    assert "As of 31 Jul 2026." in text_of(english)
    assert "Datos al 31 jul 2026." in text_of(spanish)
    assert not alone(english)


@pytest.mark.parametrize("place", PLACES)
def test_everything_on_the_card_works_and_nothing_there_needs_a_server(bot: Whole, place: str) -> None:
    asker = somebody(place, "es-ES")
    card = bot.slash("rotation", window="3y", about=asker)["message"]
    controls = pressable(card)
    actions = {action(one) for one in controls if ids.PATTERN.fullmatch(one)}
    assert {"show", "fund", "explain", "table", "csv", "png", "asof", "compare"} <= actions
    assert not actions & {"alert", "share"}
    for custom_id, values in controls.items():
        if not ids.PATTERN.fullmatch(custom_id):
            continue
        somebody_else = somebody(place, "es-ES")
        got = bot.press(card, custom_id, *values[-1:], **somebody_else)
        if got["kind"] == FORM:
            filled = {"asof": "4 dic 2025", "compare": "QQQ"}[action(custom_id)]
            got = bot.fill(card, got["data"], {"answer": filled}, **somebody_else)
        assert got["kind"] == MESSAGE, custom_id
        assert alone(got), f"{custom_id}: others get a copy of their own"
        assert "Lo siento" not in text_of(got), custom_id
        assert got["data"].get("components"), f"{custom_id}: {text_of(got)}"


@pytest.mark.parametrize("place", PLACES)
def test_for_its_asker_the_card_changes_in_place_and_goes_into_the_bin(bot: Whole, place: str) -> None:
    asker = somebody(place)
    card = bot.slash("rotation", window="5y", about=asker)["message"]
    controls = pressable(card)
    one_year = next(c for c in controls if c.endswith("window=1y"))
    changed = bot.press(card, one_year, **asker)
    assert changed["kind"] in {CHANGE, DEFERRED_CHANGE}
    assert changed["pictures"] == 1
    assert "IWM, 1 year" in text_of(changed)
    day = next(c for c in pressable(changed["message"]) if action(c) == "asof")
    form = bot.press(changed["message"], day, **asker)
    answered = bot.fill(changed["message"], form["data"], {"answer": "dec 4 2025"}, **asker)
    assert answered["kind"] == CHANGE
    assert "As of 4 Dec 2025." in text_of(answered)
    the_bin = next(c for c in controls if c.startswith("b1:"))
    assert bot.press(card, the_bin, **somebody(place, rights=MEMBER))["kind"] == MESSAGE, "it is not theirs to bin"
    gone = bot.press(card, the_bin, **asker)
    assert gone["data"].get("deleted")


@pytest.mark.parametrize("place", PLACES)
def test_own_figures_stay_between_the_bot_and_the_asker(bot: Whole, place: str) -> None:
    got = bot.slash("allocation", holdings="SPY 60, IWM 40", about=somebody(place, "es-ES"))
    assert got["pictures"] >= 1
    assert alone(got)
    assert not pressable(got["message"])
    refused = bot.slash("allocation", holdings="nonsense", about=somebody(place))
    assert alone(refused)
    asker = somebody(place, "es-ES")
    form = bot.slash("allocation", about=asker)
    assert form["kind"] == FORM
    filled = bot.fill({}, form["data"], {"answer": "SPY 60,5 %, IWM 39,5 %"}, **asker)
    assert alone(filled)
    assert filled["pictures"] >= 1


@pytest.mark.parametrize("place", PLACES)
def test_what_belongs_to_servers_is_neither_offered_nor_done(bot: Whole, place: str) -> None:
    page = bot.slash("help", about=somebody(place))
    assert alone(page)
    assert "/rotation" in text_of(page)
    for name in ("/schedule", "/settings", "/setup", "/alert "):
        assert name not in text_of(page)
    refused = bot.slash("setup", about=somebody(place))
    assert alone(refused)
    assert text_of(refused).startswith(("This works only in a server.", "Only people with “Manage Server”"))
    window = f"{10 + PLACES.index(place)}w"  # what was just asked would be linked to
    card = bot.slash("rotation", window=window, about=somebody("server"))["message"]
    alert = next(c for c in pressable(card) if action(c) == "alert")
    pressed = bot.press(card, alert, **somebody(place))
    assert alone(pressed)
    assert "only in a server" in text_of(pressed)


@pytest.mark.parametrize("place", ["server", "elsewhere"])
def test_without_the_right_to_attach_the_card_comes_without_its_picture(bot: Whole, place: str) -> None:
    asker = somebody(place, app_permissions=WITHOUT_FILES)
    got = bot.slash("highs", about=asker)  # in talks everything may be attached
    assert got["pictures"] == 0
    assert "below its record" in text_of(got)
    assert "There is no picture: I lack “Attach Files” in this channel." in text_of(got)
    assert not [c for c in inside(got["data"]["components"]) if c["type"] == 12], "an empty gallery is refused"
    for wanted in ("csv", "png"):
        custom_id = next(c for c in pressable(got["message"]) if action(c) == wanted)
        refused = bot.press(got["message"], custom_id, **asker)
        assert alone(refused)
        assert refused["pictures"] == 0
        assert text_of(refused) in {"I lack “Attach Files” in this channel.", "There is no picture on this card."}


def test_discord_is_told_where_each_command_may_be_used(bot: Whole) -> None:
    told = bot.online()
    anywhere = {name for name in told["commands"] if 1 in told["installs"][name]}
    questions = {name for name in names() if name in told["commands"]} - {"alert"}  # its card is for servers alone
    assert len(questions) >= 18
    assert anywhere == {*questions, "help"}
    for name in told["commands"]:
        assert name not in anywhere or told["contexts"][name] == [0, 1, 2], name
    for name in ("schedule", "settings", "setup", "audit", "block", "pause"):
        assert (told["installs"][name], told["contexts"][name]) == ([0], [0]), name
