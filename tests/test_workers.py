"""The pool and the reports on it, with real worker processes on the bundled sample."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SettableClock
from bot.errors import DateInFuture, NoCloses, Unavailable, UnknownSymbol, UserError, WithId
from bot.features.highs.request import HighsRequest
from bot.features.rotation.request import RotationRequest
from bot.features.weekly.request import WeeklyRequest
from bot.market.store import migrate
from bot.pool import Pool
from bot.workers import Rendered, Reports

FRIDAY_EVENING = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)  # half an hour after the close


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    async with Pool("sample", workers=2, timeout=20) as started:
        yield started


def reports_on(pool: Pool, moment: datetime = FRIDAY_EVENING, **options: int) -> Reports:
    return Reports(pool, SettableClock(moment), lambda: "sample", **options)


async def test_all_workers_are_there_before_the_first_question(pool: Pool) -> None:
    assert pool._executor is not None
    before = set(pool._executor._processes or {})
    assert len(before) == 2
    pids = await asyncio.gather(*(pool.run("tests.worker_tasks:pid") for _n in range(20)))
    assert set(pids) <= before
    assert set(pool._executor._processes or {}) == before


async def test_a_worker_that_dies_is_replaced_and_the_question_still_answered(pool: Pool, tmp_path: Path) -> None:
    assert await pool.run("tests.worker_tasks:die_once", str(tmp_path / "marker")) == "answered"


async def test_work_that_always_kills_its_worker_is_given_up_and_the_next_one_works(pool: Pool) -> None:
    with pytest.raises(Unavailable):
        await pool.run("tests.worker_tasks:die")
    assert await pool.run("tests.worker_tasks:pid") != os.getpid()


async def test_work_that_hangs_is_given_up_and_the_next_one_works(pool: Pool) -> None:
    with pytest.raises(Unavailable):
        await pool.run("tests.worker_tasks:hang", seconds=0.3)
    assert await pool.run("tests.worker_tasks:pid") != os.getpid()


async def test_questions_under_way_survive_another_ones_death(pool: Pool, tmp_path: Path) -> None:
    reports = reports_on(pool)
    answers = await asyncio.gather(
        reports.get(RotationRequest(window="2y")),
        pool.run("tests.worker_tasks:die_once", str(tmp_path / "marker")),
        reports.get(RotationRequest(window="4y")),
    )
    assert answers[1] == "answered"
    assert isinstance(answers[0], Rendered)
    assert isinstance(answers[2], Rendered)


async def test_idle_workers_that_were_killed_do_not_cost_an_answer(pool: Pool) -> None:
    assert pool._executor is not None
    for process in list((pool._executor._processes or {}).values()):
        os.kill(process.pid or 0, signal.SIGKILL)
    assert (await reports_on(pool).get(RotationRequest())).images


async def test_the_same_question_is_computed_once(pool: Pool) -> None:
    reports = reports_on(pool)
    first, *others = await asyncio.gather(*(reports.get(RotationRequest()) for _n in range(50)))
    assert all(other is first for other in others)
    assert await reports.get(RotationRequest()) is first
    assert await reports.get(RotationRequest(window="1y")) is not first
    assert await reports.get(RotationRequest(), theme="light") is not first


async def test_the_day_is_resolved_by_the_clock(pool: Pool) -> None:
    reports = reports_on(pool)
    assert reports.today() == date(2026, 7, 17)
    assert (await reports.get(RotationRequest())).report.as_of == date(2026, 7, 17)
    before_the_close = reports_on(pool, datetime(2026, 7, 17, 19, 30, tzinfo=UTC))
    assert before_the_close.today() == date(2026, 7, 16)
    long_after = reports_on(pool, datetime(2027, 1, 1, tzinfo=UTC))
    assert long_after.today() == date(2026, 7, 31)


async def test_a_day_without_trading_means_the_session_before(pool: Pool) -> None:
    answer = await reports_on(pool).get(RotationRequest(as_of=date(2025, 12, 25)))
    assert answer.report.as_of == date(2025, 12, 24)


async def test_a_day_ahead_is_refused(pool: Pool) -> None:
    with pytest.raises(DateInFuture):
        await reports_on(pool).get(RotationRequest(as_of=date(2026, 7, 20)))


async def test_users_errors_come_back_as_they_are_and_are_not_kept(pool: Pool) -> None:
    reports = reports_on(pool)
    for _attempt in range(2):
        with pytest.raises(NoCloses) as caught:
            await reports.get(HighsRequest(fund="VB"))
        assert caught.value.symbol == "VB"
    with pytest.raises(UnknownSymbol):
        await reports.get(RotationRequest(small="ZZZZ"))


async def test_our_faults_become_an_apology_with_an_id_that_is_in_the_log(
    pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Pool):
        async def run(self, function: str, *arguments: object, seconds: float | None = None) -> object:
            return await pool.run("tests.worker_tasks:fail")

    with caplog.at_level(logging.ERROR), pytest.raises(WithId) as caught:
        await reports_on(Broken("sample")).get(RotationRequest())
    assert caught.value.error_id in caplog.text
    assert "a fault of ours" in caplog.text
    assert "a fault of ours" not in caught.value.text()


async def test_the_cache_keeps_to_its_limit(pool: Pool) -> None:
    reports = reports_on(pool, cache_bytes=100_000)
    for months in range(1, 13):
        await reports.get(RotationRequest(window=f"{months}m"))
    assert reports._cached_bytes <= 100_000
    assert reports._cached_bytes == sum(map(len, reports._cache.values()))


async def test_usual_answers_are_there_before_anybody_asks(pool: Pool) -> None:
    reports = reports_on(pool)
    await reports.prepare()
    kept = len(reports._cache)
    assert kept >= 10
    assert (await reports.get(RotationRequest())).images
    assert len(reports._cache) == kept


async def test_what_only_changes_words_is_told_beside_a_picture_drawn_once(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three channels with different pasts share the weekly picture; their words differ."""
    asked: list[str] = []
    run = pool.run

    async def noting(function: str, *arguments: Any, seconds: float | None = None) -> Any:
        asked.append(function)
        return await run(function, *arguments, seconds=seconds)

    monkeypatch.setattr(pool, "run", noting)
    reports = reports_on(pool)
    usual, fired, since = await asyncio.gather(
        reports.get(WeeklyRequest()),
        reports.get(WeeklyRequest(fired=("IWM closed at a record.",))),
        reports.get(WeeklyRequest(since=date(2026, 7, 2))),
    )
    assert sorted(asked) == ["bot.worker:packed", "bot.worker:retold", "bot.worker:retold"]
    assert usual.images["week"] == fired.images["week"] == since.images["week"]
    assert any("IWM closed at a record." in note for note in fired.report.notes)
    assert "IWM closed at a record." not in "".join([*usual.report.notes, *since.report.notes])
    assert "2 Jul 2026" in "".join(since.report.notes)
    assert since.report.request["since"] == "2026-07-02"
    await reports.get(WeeklyRequest(fired=("IWM closed at a record.",)))
    assert len(asked) == 3


async def test_a_picture_that_cannot_be_drawn_fails_the_telling_too(pool: Pool) -> None:
    long_ago = WeeklyRequest(as_of=date(1999, 6, 1), fired=("x",))
    for _again in range(2):
        with pytest.raises(UserError):
            await reports_on(pool).get(long_ago)


async def test_a_new_version_is_switched_to_at_once(pool: Pool) -> None:
    where = ["sample"]
    reports = Reports(pool, SettableClock(FRIDAY_EVENING), lambda: where[0])
    assert not reports.refresh()
    assert reports.catalogue.last_session == date(2026, 7, 31)


async def test_how_vendors_stand_is_asked_where_the_store_may_be_opened(pool: Pool, tmp_path: Path) -> None:
    assert await reports_on(pool).standings() == ()
    url = f"sqlite:///{tmp_path}/market.db"
    migrate(url)
    reports = Reports(pool, SettableClock(FRIDAY_EVENING), lambda: "sample", store_url=url, switched_off=("FINRA",))
    assert [(one.vendor, one.enabled) for one in await reports.standings()] == [
        ("Yahoo Finance", True), ("FINRA", False), ("iShares", True), ("FRED", True),
    ]  # fmt: skip
