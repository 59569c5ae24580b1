"""500 posts at ten times Discord's pace, kept to ten times its limits."""

import pytest

from tests.jobs.rush import CONTENTS, due_everywhere, rush, set_up
from tests.jobs.support import Computing
from tests.standin.process import StandIn

POSTS = 500


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_500_at_once(migrated_url: str, standin: StandIn) -> None:
    await set_up(migrated_url, POSTS)
    standin.set(channels=due_everywhere(POSTS), limits={"per_second": 500, "per_channel": 5})
    pool = Computing()
    measured = await rush(migrated_url, standin, POSTS, pool, per_second=470)
    assert (measured.counts["created"], measured.counts["channels"], measured.counts["most"]) == (POSTS, POSTS, 1)
    assert len(pool.tasks) == len(CONTENTS)  # one report for each content, whoever gets it
    assert measured.counts["requests"] <= 1.1 * POSTS  # hardly ever sent too early
    assert measured.counts.get("channel_429", 0) == 0
    assert measured.lag_median < 0.05
    assert measured.cpu_each < 1 / 47  # one core keeps up with what Discord allows, however busy the machine is
    assert measured.memory_after - measured.memory_early < 30
