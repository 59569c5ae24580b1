"""The stand-in behaves as Discord is documented to: what deliveries rely on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.standin.odd import HTML
from tests.standin.process import StandIn, _standin_process, standin

__all__ = ["_standin_process", "standin"]
CHANNEL = 10
MESSAGE = {"content": "hello", "nonce": "abc", "enforce_nonce": True}


@pytest.fixture
async def session(standin: StandIn) -> AsyncIterator[aiohttp.ClientSession]:
    standin.set(channels=[{"id": CHANNEL}])
    async with aiohttp.ClientSession() as opened:
        yield opened


async def _post(session: aiohttp.ClientSession, standin: StandIn, data: Any) -> tuple[int, Any, Any]:
    async with session.post(f"{standin.base}/channels/{CHANNEL}/messages", json=data) as answer:
        return answer.status, await answer.json(), answer.headers


async def test_answers_have_the_exact_content_type_the_library_looks_for(
    standin: StandIn, session: aiohttp.ClientSession
) -> None:
    status, _message, headers = await _post(session, standin, MESSAGE)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("5", "4")


async def test_a_nonce_is_remembered_for_a_while_and_in_its_channel(
    standin: StandIn, session: aiohttp.ClientSession
) -> None:
    standin.set(nonce_seconds=60)
    _status, first, _headers = await _post(session, standin, MESSAGE)
    assert (await _post(session, standin, MESSAGE))[1]["id"] == first["id"]
    assert (await _post(session, standin, {**MESSAGE, "enforce_nonce": False}))[1]["id"] != first["id"]
    standin.set(ahead=61)
    assert (await _post(session, standin, MESSAGE))[1]["id"] != first["id"]
    assert standin.counts()["deduplicated"] == 1


async def test_a_channel_takes_five_in_five_seconds(standin: StandIn, session: aiohttp.ClientSession) -> None:
    standin.set(limits={"per_second": 100, "per_channel": 2, "channel_seconds": 0.3})
    answers = [await _post(session, standin, {"content": str(n)}) for n in range(3)]
    assert [status for status, _data, _headers in answers] == [200, 200, 429]
    _status, limited, headers = answers[2]
    assert (limited["global"], headers["Via"]) == (False, "1.1 google")
    assert 0 < limited["retry_after"] <= 0.3
    await asyncio.sleep(limited["retry_after"] + 0.01)
    assert (await _post(session, standin, {"content": "later"}))[0] == 200


async def test_everybody_is_shut_out_beyond_so_many_a_second(standin: StandIn, session: aiohttp.ClientSession) -> None:
    standin.set(limits={"per_second": 3, "per_channel": 100})
    answers = [await _post(session, standin, {"content": str(n)}) for n in range(4)]
    assert [status for status, _data, _headers in answers] == [200, 200, 200, 429]
    assert answers[3][1]["global"] is True


async def test_pages_of_history_are_discords(standin: StandIn, session: aiohttp.ClientSession) -> None:
    ids = [standin.say(CHANNEL, str(n)) for n in range(7)]

    async def page(**query: int) -> list[int]:
        async with session.get(f"{standin.base}/channels/{CHANNEL}/messages", params=query) as answer:
            return [int(message["id"]) for message in await answer.json()]

    assert await page(limit=3) == ids[:3:-1]
    assert await page(limit=3, after=ids[1]) == [ids[4], ids[3], ids[2]]
    assert await page(limit=3, before=ids[2]) == [ids[1], ids[0]]
    standin.set(channels=[{"id": CHANNEL, "history": False}])
    assert await page(limit=3) == []


async def test_files_come_as_a_form_and_are_counted(standin: StandIn, session: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content": "x", "attachments": [{"id": 0, "filename": "a.png"}]}')
    form.add_field("files[0]", b"12345", filename="a.png", content_type="application/octet-stream")
    async with session.post(f"{standin.base}/channels/{CHANNEL}/messages", data=form) as answer:
        assert answer.status == 200
    assert standin.messages(CHANNEL)[0]["files"] == [["a.png", 5]]
    assert (await _post(session, standin, {"content": "x", "attachments": [{"id": 0}]}))[0] == 400
    assert (await _post(session, standin, {"content": ""}))[0] == 400
    assert (await _post(session, standin, {**MESSAGE, "nonce": "n" * 26}))[0] == 400


async def test_a_message_opens_an_archived_thread_unless_it_is_locked(
    standin: StandIn, session: aiohttp.ClientSession
) -> None:
    """As Discord documents it (developers/topics/threads): archived ones open by themselves, locked ones do not."""
    standin.set(channels=[{"id": CHANNEL, "kind": 11, "archived": True}])
    assert (await _post(session, standin, MESSAGE))[0] == 200
    assert standin.channel(CHANNEL)["archived"] is False
    standin.set(channels=[{"id": CHANNEL, "archived": True, "locked": True}])
    assert (await _post(session, standin, {"content": "again"}))[0] == 403
    assert standin.channel(CHANNEL)["archived"] is True


async def test_odd_answers_are_given_word_for_word_and_as_often_as_asked(
    standin: StandIn, session: aiohttp.ClientSession
) -> None:
    page = {"status": 403, "kind": HTML, "body": "<html>"}
    standin.set(odd=[{**page, "where": "GET"}, {**page, "after_the_deed": True, "times": 2}])
    for _n in range(2):
        async with session.post(f"{standin.base}/channels/{CHANNEL}/messages", json={"content": "x"}) as answer:
            assert (answer.status, answer.headers["Content-Type"], await answer.text()) == (403, HTML, "<html>")
    assert (await _post(session, standin, {"content": "y"}))[0] == 200
    assert standin.counts()["created"] == 3
