"""What is served for Prometheus: real answers counted, the ledger's rows, and a port that is taken."""

import asyncio
import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config import MetricsSettings
from bot.errors import ConfigError, UnknownSymbol
from bot.features.rotation.request import RotationRequest
from bot.prometheus import exposed
from tests.conftest import Scene


def read(port: int) -> dict[tuple[str, ...], float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.simcord(settle_timeout=20)
async def test_answers_are_counted_by_how_they_came(scene: Scene) -> None:
    request = RotationRequest(window="2y")
    with exposed(MetricsSettings(), scene.bot) as port:
        before = await asyncio.to_thread(read, port)
        assert ("handoff_answers_total", "computed", "rotation") not in before
        for _time in range(3):
            await scene.bot.reports.get(request)
        with pytest.raises(UnknownSymbol):
            await scene.bot.reports.get(RotationRequest(small="ZZZZ"))
        seen = await asyncio.to_thread(read, port)
    assert seen["handoff_answers_total", "computed", "rotation"] == 1
    assert seen["handoff_answers_total", "kept", "rotation"] == 2
    assert seen["handoff_answers_total", "refused", "rotation"] == 1
    assert seen["handoff_answer_seconds_count", "rotation"] == 4
    assert seen["handoff_servers",] == 1
    assert seen["handoff_data_timestamp_seconds",] == 1_785_528_000  # 2026-07-31 16:00 in New York
    assert seen["process_resident_memory_bytes",] > 1e7


@pytest.mark.simcord(settle_timeout=20)
async def test_posts_are_counted_by_state(scene: Scene) -> None:
    await scene.bot.jobs.catch_up()
    with exposed(MetricsSettings(), scene.bot) as port:
        seen = await asyncio.to_thread(read, port)
    counts = await scene.bot.ledger.counts()
    assert {state: n for (name, *rest), n in seen.items() if name == "handoff_posts" for state in rest} == counts


@pytest.mark.simcord(settle_timeout=20)
async def test_a_port_that_is_taken_is_a_fault_of_the_settings(scene: Scene) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(ConfigError, match=r"^metrics\.port: "),
            exposed(MetricsSettings(port=taken.getsockname()[1]), scene.bot),
        ):
            pass
