"""Spacing of requests and the breaker."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.sources.faults import CircuitOpen, Offline, RateLimited
from bot.market.sources.pace import LONGEST_PAUSE, Breaker, Pacer, Timing
from tests.vendors.fixtures import Hours


def starts(pacer: Pacer, hours: Hours, count: int) -> list[float]:
    found = []
    for _ in range(count):
        pacer.wait()
        found.append(hours.elapsed)
    return found


def test_requests_are_spaced(hours: Hours) -> None:
    assert starts(Pacer(2.0, hours.timing), hours, 5) == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_no_limit_means_no_waiting(hours: Hours) -> None:
    assert starts(Pacer(None, hours.timing), hours, 100)[-1] == 0.0
    assert hours.slept == []


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50), st.floats(0.1, 20))
def test_chance_only_ever_slows_down(chances: list[float], rate: float) -> None:
    hours = Hours()
    remaining = iter([*chances, 0.0])
    timing = Timing(hours.clock, lambda: hours.elapsed, hours.sleep, lambda: next(remaining))
    found = starts(Pacer(rate, timing), hours, len(chances))
    assert all(later - earlier >= 1 / rate - 1e-9 for earlier, later in itertools.pairwise(found))


def test_threads_share_one_pace(hours: Hours) -> None:
    lock, slots = threading.Lock(), []

    def sleep(seconds: float) -> None:
        with lock:
            slots.append(round(seconds, 6))

    pacer = Pacer(4.0, Timing(hours.clock, lambda: 0.0, sleep, lambda: 0.0))
    threads = [threading.Thread(target=pacer.wait) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slots) == [0.25 * n for n in range(1, 9)]


def test_what_a_vendor_demands_holds_for_all(hours: Hours) -> None:
    pacer = Pacer(None, hours.timing)
    pacer.hold(30)
    assert starts(pacer, hours, 2) == [30.0, 30.0]


def fail(breaker: Breaker, times: int, retry_after: float | None = None) -> None:
    for _ in range(times):
        breaker.check()
        breaker.failed(Offline("FRED", "", retry_after))


def test_the_breaker_opens_lets_one_through_and_closes(hours: Hours) -> None:
    breaker = Breaker("FRED", 3, 60, hours.timing)
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert breaker.state == "open"
    with pytest.raises(CircuitOpen) as caught:
        breaker.check()
    assert caught.value.retry_after == 60
    hours.sleep(60)
    assert breaker.state == "half-open"
    breaker.check()
    with pytest.raises(CircuitOpen):  # one tries, the others wait for the outcome
        breaker.check()
    breaker.succeeded()
    assert breaker.state == "closed"
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_pauses_double_up_to_a_limit(hours: Hours) -> None:
    breaker = Breaker("FRED", 1, 60, hours.timing)
    pauses = []
    for _ in range(6):
        breaker.check()
        breaker.failed(Offline("FRED"))
        with pytest.raises(CircuitOpen) as caught:
            breaker.check()
        pauses.append(caught.value.retry_after)
        hours.sleep(caught.value.retry_after or 0)
    assert pauses == [60, 120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_success_in_between_starts_the_count_again(hours: Hours) -> None:
    breaker = Breaker("FRED", 3, 60, hours.timing)
    for _ in range(5):
        fail(breaker, 2)
        breaker.succeeded()
    assert breaker.state == "closed"


def test_a_long_retry_after_opens_at_once(hours: Hours) -> None:
    breaker = Breaker("FRED", 5, 60, hours.timing, patience=120)
    breaker.failed(RateLimited("FRED", "", 120))
    assert breaker.state == "closed"
    breaker.failed(RateLimited("FRED", "", 3600))
    hours.sleep(3599)
    assert breaker.state == "open"
    hours.sleep(1)
    assert breaker.state == "half-open"


def test_a_probe_that_vanishes_is_given_back(hours: Hours) -> None:
    breaker = Breaker("FRED", 1, 60, hours.timing)
    fail(breaker, 1)
    hours.sleep(60)
    breaker.check()
    breaker.released()
    breaker.check()


def test_requests_under_way_when_it_opens_make_its_pause_no_longer(hours: Hours) -> None:
    """Eight threads fail together: that is one failure of the vendor, not eight."""
    breaker = Breaker("FRED", 5, 60, hours.timing)
    for _ in range(8):
        breaker.check()
    for _ in range(8):
        breaker.failed(Offline("FRED"))
    assert breaker.left == 60
    hours.sleep(60)
    assert breaker.state == "half-open"
    breaker.failed(Offline("FRED"))  # one more of them, late
    breaker.check()
    breaker.failed(Offline("FRED"))
    assert breaker.left == 120


def test_what_a_late_answer_demands_counts_all_the_same(hours: Hours) -> None:
    breaker = Breaker("FRED", 1, 60, hours.timing)
    breaker.failed(Offline("FRED"))
    breaker.failed(RateLimited("FRED", "", 300))
    assert breaker.left == 300
