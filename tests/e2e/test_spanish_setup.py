"""``/setup``, ``/schedule`` and ``/settings`` by a Spanish admin: forms filled in in Spanish, answered in Spanish.

The whole bot with Discord pretended, as the in-memory one knows people with English alone.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.discord_ui.setup_draft import Draft, read_draft
from tests.e2e.test_brought_along import alone, inside, pressable, text_of
from tests.e2e.test_spanish_forms import FORM, admin
from tests.e2e.walking import proper
from tests.standin.interactions import CHANGE, MESSAGE, SLASH
from tests.standin.process import running
from tests.standin.whole import Whole, started

TEXT = 3
LEFT_IN_ENGLISH = re.compile(r"\b(the|is|are|every|next|posted|choose|here|shall)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running() as standin, started(standin, tmp_path_factory.mktemp("setup")) as whole:
        yield whole
        assert "Traceback" not in whole.log


@pytest.fixture(scope="module")
def form(bot: Whole) -> dict[str, Any]:
    """Give the form as it opens: who asks often is slowed down."""
    page: dict[str, Any] = bot.slash("setup", about=admin())["message"]
    return page


def control(message: dict[str, Any], name: str) -> str:
    (found,) = [custom_id for custom_id in pressable(message) if custom_id.startswith(f"s1:{name}:")]
    return found


def draft_of(message: dict[str, Any]) -> Draft:
    return read_draft(control(message, "see"))[1]


def shown(got: dict[str, Any]) -> str:
    """Return what an admin alone was shown, all of it in Spanish."""
    text = text_of(got)
    assert not LEFT_IN_ENGLISH.search(re.sub(r"[/!]\S+|\w+:\S+|“[^”]*”", "", text)), text
    return text


def verb(bot: Whole, group: str, name: str, **options: str) -> dict[str, Any]:
    given = [{"name": option, "type": TEXT, "value": value} for option, value in options.items()]
    inner = {"name": name, "type": 1, "options": given}
    data = {"id": "1", "name": group, "type": 1, "options": [inner]}
    got = bot.interact(SLASH, data, **admin())
    assert alone(got)
    return got


def asked_for(bot: Whole, form: dict[str, Any], name: str) -> dict[str, Any]:
    """Choose the last line of a select, which opens a form of one line."""
    opened = bot.press(form, control(form, name), "other", **admin())
    assert opened["kind"] == FORM
    proper(opened["data"])
    return opened


@pytest.mark.parametrize(
    ("name", "written", "field", "value"),
    [
        ("zone", "Ciudad de México", "zone", "America/Mexico_City"),
        ("zone", "españa", "zone", "Europe/Madrid"),
        ("zone", "Nueva York", "zone", "America/New_York"),
        ("time", "5 p. m.", "at", "17:00:00"),
        ("time", "17.30", "at", "17:30:00"),
        ("time", "22h", "at", "22:00:00"),
    ],
)
def test_what_no_select_lists_is_written_in_spanish(
    bot: Whole, form: dict[str, Any], name: str, written: str, field: str, value: str
) -> None:
    opened = asked_for(bot, form, name)
    assert opened["data"]["title"] in {"Zona horaria", "Hora del día", "Hora"}
    filled = bot.fill(form, opened["data"], {"answer": written}, **admin())
    assert filled["kind"] == CHANGE
    assert "¿Cuándo y dónde se publica?" in shown(filled)
    assert str(getattr(draft_of(filled["message"]), field)) == value


@pytest.mark.parametrize(
    ("name", "written", "words"),
    [
        ("zone", "Atlántida", "No conozco la zona horaria “Atlántida”."),
        ("zone", "UTC+2", "no conoce el horario de verano"),
        ("time", "25:00", "no es una hora del día. Se escribe como 16:45."),
        ("time", "mediodía", "“mediodía” no es una hora del día."),
    ],
)
def test_what_makes_no_sense_is_said_in_spanish_and_the_form_stays(
    bot: Whole, form: dict[str, Any], name: str, written: str, words: str
) -> None:
    opened = asked_for(bot, form, name)
    refused = bot.fill(form, opened["data"], {"answer": written}, **admin())
    assert refused["kind"] == MESSAGE
    assert alone(refused)
    assert words in shown(refused).replace("\\", "")


def test_from_the_form_to_the_first_post(bot: Whole) -> None:
    form = bot.slash("setup", about=admin())
    assert alone(form)
    days = next(c for c in inside(form["message"]["components"]) if c.get("custom_id", "").startswith("s1:days:"))
    assert [option["label"] for option in days["options"]][:3] == ["lunes", "martes", "miércoles"]
    form = bot.press(form["message"], control(form["message"], "days"), "1", "3", **admin())
    form = bot.press(form["message"], control(form["message"], "what"), "rotation", **admin())
    preview = bot.press(form["message"], control(form["message"], "see"), **admin())
    assert "cada martes y jueves a las" in shown(preview)
    done = bot.press(preview["message"], control(preview["message"], "go"), **admin())
    assert "### Listo" in shown(done)
    assert "rotation" in shown(verb(bot, "schedule", "list"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"days": "todos los viernes", "at": "5 p. m."}, "cada viernes a las 17:00"),
        ({"report": "breadth", "days": "lunes y jueves"}, "cada lunes y jueves"),
        ({"report": "highs", "days": "primer lunes"}, "every:monthly nth:first days:mon"),
        ({"report": "highs", "every": "session", "days": "lunes"}, "solo va con every:weekly o monthly"),
        ({"report": "nada"}, "No hay ningún informe “nada”"),
    ],
)
def test_schedules_are_taken_as_spaniards_write_them(bot: Whole, options: dict[str, str], words: str) -> None:
    assert words in shown(verb(bot, "schedule", "add", **options)).replace("\\", "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"quiet": "22:00 a 7:00"}, "Horario de silencio: **22:00–07:00**"),
        ({"quiet": "22h-7h"}, "Horario de silencio: **22:00–07:00**"),
        ({"zone": "Londres"}, "Europe/London"),
        ({"quiet": "siempre"}, "El horario de silencio se escribe como 22:00-07:00"),
        ({"hourly": "muchas"}, "hourly es un número"),
    ],
)
def test_settings_are_taken_and_refused_in_spanish(bot: Whole, options: dict[str, str], words: str) -> None:
    assert words in shown(verb(bot, "settings", "change", **options))
