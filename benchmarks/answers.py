"""How fast an answer comes, and how much memory the gateway takes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable

from benchmarks.figure import Figure, reference_seconds, seconds
from bot.clock import SystemClock
from bot.features.rotation.request import RotationRequest
from bot.worker import compute, draw, opened
from bot.workers import Pool, Reports

_RESIDENT = "import psutil; print(psutil.Process().memory_info().rss / 2**20)"
_GATEWAY = """
import importlib, pkgutil
import bot.app, bot.client, cogs
for module in pkgutil.iter_modules(cogs.__path__):
    importlib.import_module("cogs." + module.name)
"""


def _megabytes(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code + _RESIDENT], capture_output=True, text=True, check=True)
    return float(done.stdout)


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
    yield Figure(
        "gateway with every cog imported, resident",
        _megabytes(_GATEWAY), "MB", "importing discord.py alone", _megabytes("import discord\n"),
    )  # fmt: skip
    reference = reference_seconds()
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
