"""The process that posts is killed at random points; every channel has exactly one message in the end."""

import pytest

from tests.jobs.killing import Chaos, Plan
from tests.standin.process import StandIn

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_200_posts_and_10_kills(migrated_url: str, standin: StandIn) -> None:
    outcome = Chaos(migrated_url, standin, Plan(posts=200, kills=10, faults=0.03, seed=7)).run()
    assert outcome.wrong == []
    assert (outcome.kills, outcome.counts["created"], outcome.counts["channels"]) == (10, 200, 200)
    assert outcome.pretended >= 3600
    assert outcome.counts["history"] > 0
    assert sum(n for name, n in outcome.counts.items() if name.startswith("fault_")) > 0


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
def test_two_processes_dropped_connections_and_faults_at_once(migrated_url: str, standin: StandIn) -> None:
    plan = Plan(posts=200, kills=10, processes=2, faults=0.03, drop_connections=True, seed=11)
    outcome = Chaos(migrated_url, standin, plan).run()
    assert outcome.wrong == []
    assert (outcome.kills, outcome.counts["created"], outcome.counts["channels"]) == (10, 200, 200)
    assert outcome.drops > 0
