import io
import json
import logging

import pytest

from bot import log

FAKE_TOKEN = ".".join(["MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "GabcDe", "abcdefghijklmnopqrstuvwxyz0123456789_-"])


def test_text_lines_carry_moment_level_origin_and_traceback() -> None:
    stream = io.StringIO()
    log.configure("INFO", "text", stream)
    log.origin.set("guild 1 /rotation")
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        logging.getLogger("bot.x").exception("error abc")
    log.origin.set("")
    text = stream.getvalue()
    assert "ERROR   bot.x [guild 1 /rotation]: error abc" in text
    assert "ZeroDivisionError" in text
    assert "+00:00" in text


def test_json_lines_are_json() -> None:
    stream = io.StringIO()
    log.configure("INFO", "json", stream)
    logging.getLogger("bot.x").warning("it is %s", "late")
    logging.getLogger("bot.x").debug("not shown")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "it is late"
    assert json.loads(line)["level"] == "WARNING"


@pytest.mark.parametrize("style", ["text", "json"])
def test_tokens_and_passwords_never_reach_the_log(style: str) -> None:
    stream = io.StringIO()
    log.configure("INFO", style, stream)
    logging.getLogger("bot.x").info("token %s url %s", FAKE_TOKEN, "postgresql://handoff:hunter2@db/handoff")
    assert FAKE_TOKEN not in stream.getvalue()
    assert "hunter2" not in stream.getvalue()
    assert "postgresql://handoff:***@db/handoff" in stream.getvalue()
