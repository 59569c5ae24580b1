"""The handful of jobs that run by the clock: the only module that knows APScheduler."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

_GRACE = 3600  # seconds; the default of one second drops a run whenever the loop was busy


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs every so often, never twice at a time; a fault is logged and the next run comes."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Scheduler:
    """Runs jobs while it is entered. Nothing is stored: what has to survive stands in the database."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = {job.name: job for job in jobs}
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE},
            timezone=UTC,
        )

    async def __aenter__(self) -> "Scheduler":
        for job in self._jobs.values():
            self._scheduler.add_job(
                self.run, IntervalTrigger(seconds=job.every.total_seconds()), args=[job.name], id=job.name,
                next_run_time=datetime.now(UTC),
            )  # fmt: skip
        self._scheduler.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._scheduler.shutdown(wait=False)

    async def run(self, name: str) -> None:
        """Run one job now. KeyError where there is none of that name; the job's own faults are logged."""
        job = self._jobs[name]
        try:
            await job.run()
        except asyncio.CancelledError:  # the process ends; the library would log this as a fault
            log.info("job %s was stopped", name)
        except Exception:
            log.exception("job %s failed; it runs again in %s", name, job.every)

    async def run_all(self) -> None:
        """Run every job once, in order: at start, or where time was moved by hand."""
        for name in self._jobs:
            await self.run(name)
