"""Forms of cards and alerts in Spanish: nothing in them cut, filled in with Spanish numbers, answered in Spanish.

The whole bot with Discord pretended, as the in-memory one knows people with English alone.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_brought_along import action, alone, pressable, somebody, text_of
from tests.e2e.walking import proper
from tests.standin.gateway import CHANNEL
from tests.standin.interactions import MESSAGE
from tests.standin.process import running
from tests.standin.whole import Whole, started

FORM = 9
_places = itertools.cycle((CHANNEL, CHANNEL + 1, CHANNEL + 2))


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running() as standin, started(standin, tmp_path_factory.mktemp("spanish")) as whole:
        yield whole
        assert "Traceback" not in whole.log


def admin() -> dict[str, Any]:
    """Return a Spanish admin in one of three channels: a busy channel is slowed down."""
    return somebody("server", "es-ES", channel=next(_places))


def fields(form: dict[str, Any]) -> dict[str, str]:
    """Return what stands in a form's lines, by their ids."""
    return {line["component"]["custom_id"]: line["component"].get("value") or "" for line in proper(form)["components"]}


@pytest.fixture(scope="module")
def offered(bot: Whole) -> dict[str, Any]:
    """Give the page that an alert from a card begins with."""
    card = bot.slash("rotation", about=admin())["message"]
    alert = next(c for c in pressable(card) if action(c) == "alert")
    page: dict[str, Any] = bot.press(card, alert, **admin())["message"]
    return page


@pytest.mark.parametrize(
    ("indicator", "when", "value", "words"),
    [
        ("rotation.rs_vs_200d", "crosses_above", "5,5 %", "5,5%"),
        ("rotation.rs_vs_200d", "below", "-0,25%", "−0,25%"),
        ("rotation.spread.6m", "above", "4,5 puntos", "4,5 puntos"),
        ("price.close.IWM", "crosses_above", "$1.285,50", "1285,5"),
        ("price.close.IWM", "crosses_below", "$285,5", "285,5"),
    ],
)
def test_an_alert_takes_numbers_as_spaniards_write_them(
    bot: Whole, offered: dict[str, Any], indicator: str, when: str, value: str, words: str
) -> None:
    pick = next(c for c in pressable(offered) if c.startswith("t1:pick"))
    form = bot.press(offered, pick, indicator, **admin())
    assert form["kind"] == FORM
    assert form["data"]["title"].startswith("Alerta: ")
    assert set(fields(form["data"])) == {"when", "value", "within", "confirm", "cooldown"}
    preview = bot.fill(offered, form["data"], {"when": when, "value": value}, **admin())
    assert preview["kind"] in {MESSAGE, 7}
    assert alone(preview)
    assert words in text_of(preview).replace("\u00a0", " ").replace(".", ""), text_of(preview)


def test_what_a_form_was_filled_in_with_by_the_bot_is_read_back(bot: Whole, offered: dict[str, Any]) -> None:
    pick = next(c for c in pressable(offered) if c.startswith("t1:pick"))
    for indicator in ("rotation.rs_vs_200d", "rotation.spread.12m", "price.close.SPY", "price.from_record.IWM"):
        form = bot.press(offered, pick, indicator, **admin())["data"]
        assert "," in fields(form)["value"], "written as in Spanish"
        preview = bot.fill(offered, form, {"when": "above"}, **admin())
        assert "No entiendo" not in text_of(preview)
        assert fields(form)["value"].strip("$-").split()[0].rstrip("%0") in text_of(preview)


@pytest.mark.parametrize("value", ["5.5.5", "cinco", "5,5,5 %", "12 % 13"])
def test_what_is_no_number_is_said_in_spanish(bot: Whole, offered: dict[str, Any], value: str) -> None:
    pick = next(c for c in pressable(offered) if c.startswith("t1:pick"))
    form = bot.press(offered, pick, "rotation.rs_vs_200d", **admin())["data"]
    refused = bot.fill(offered, form, {"when": "above", "value": value}, **admin())
    assert alone(refused)
    assert text_of(refused).strip() == f"“{value}” no sirve aquí como valor: se escribe como 5,5% o 25bp."


def test_another_day_is_written_in_spanish(bot: Whole) -> None:
    card = bot.slash("highs", about=admin())["message"]
    day = next(c for c in pressable(card) if action(c) == "asof")
    for typed, words in (("4 de diciembre de 2025", "4 dic 2025"), ("10.12.2025", "10 dic 2025")):
        form = bot.press(card, day, **admin())["data"]
        assert fields(form) == {"answer": ""}
        assert f"Datos al {words}." in text_of(bot.fill(card, form, {"answer": typed}, **admin()))
