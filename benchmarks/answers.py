"""How fast an answer comes, and how much memory the gateway takes."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from benchmarks.figure import Figure, reference_seconds, seconds
from bot.clock import SystemClock
from bot.features.rotation.request import RotationRequest
from bot.pool import Pool
from bot.worker import compute, draw, opened
from bot.workers import Reports
from tests.standin.gateway import CHANNEL
from tests.standin.process import running
from tests.standin.whole import started

_RESIDENT = "import psutil; print(psutil.Process().memory_info().rss / 1e6)"


def _megabytes(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code + _RESIDENT], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _whole() -> dict[str, float]:
    """Start the bot as an operator does, twice, with Discord pretended; memory in MB, seconds as Discord sees them."""
    taken = {}
    with tempfile.TemporaryDirectory() as folder, running() as standin:
        for name in ("first start", "start"):
            with started(standin, Path(folder)) as bot:
                bot.until(lambda: "housekeeping" in bot.log, "the first round of jobs")
                taken[name] = psutil.Process(bot.process.pid).memory_info().rss / 1e6
                if name == "start":
                    taken["slash"] = bot.slash("rotation", window="2y")["noticed"]
                    taken["kept"] = bot.slash("rotation", CHANNEL + 1, window="2y")["noticed"]
            (Path(folder) / "log.txt").unlink()
    return taken


async def _answers() -> dict[str, float]:
    taken = {}
    async with Pool("sample") as pool:
        reports = Reports(pool, SystemClock(), lambda: "sample")
        for name, request in (
            ("first", RotationRequest()),
            ("repeated", RotationRequest()),
            ("another", RotationRequest(window="1y")),
        ):
            start = time.perf_counter()
            await reports.get(request)
            taken[name] = time.perf_counter() - start
        start = time.perf_counter()
        await asyncio.gather(*(reports.get(RotationRequest(window="3y")) for _n in range(1000)))
        taken["thousand"] = time.perf_counter() - start
        start = time.perf_counter()
        await asyncio.gather(*(reports.get(RotationRequest(window=f"{n}m")) for n in range(1, 25)))
        taken["each of 24 different"] = (time.perf_counter() - start) / 24
    return taken


def run() -> Iterable[Figure]:
    """Measure memory of the gateway, first, repeated and concurrent answers, and where the time goes."""
    whole = _whole()
    alone = _megabytes("import discord\n")
    for name in ("first start", "start"):
        words = f"gateway, connected, before any command ({name}), resident"
        yield Figure(words, whole[name], "MB", "importing discord.py alone", alone)
    reference = reference_seconds()
    for name, words in (
        ("slash", "first /rotation, as Discord sees it"),
        ("kept", "a kept answer, as Discord sees it"),
    ):
        yield Figure(words, whole[name], "s", "a million squares", reference)
    taken = asyncio.run(_answers())
    for name, words in (
        ("first", "first /rotation after start"),
        ("repeated", "the same again"),
        ("another", "/rotation over another window"),
        ("thousand", "a thousand people asking the same at once, together"),
        ("each of 24 different", "each of 24 different questions at once"),
    ):
        yield Figure(words, taken[name], "s", "a million squares", reference)
    dataset = opened("sample").at(None)
    report = compute(RotationRequest(), dataset)
    yield Figure(
        "computing /rotation",
        seconds(lambda: compute(RotationRequest(), dataset)), "s", "drawing it", seconds(lambda: draw(report, "dark")),
    )  # fmt: skip
