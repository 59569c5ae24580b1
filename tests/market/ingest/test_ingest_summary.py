"""How a run is summed up: what counts as failed, which error is told, what the diary keeps."""

from datetime import UTC, datetime

import pytest

from bot.market.ingest.job import Outcome, Status
from bot.market.ingest.summary import DETAILS, PartSummary, RunSummary, detail
from bot.market.sources.faults import BadAnswer, CircuitOpen, NotFound, Offline, SourceError
from bot.market.sources.vendor import FRED, YAHOO
from bot.market.store import Written

NOW = datetime(2026, 7, 31, 22, tzinfo=UTC)
DOWN, OPEN = Offline(YAHOO, "HTTP 500"), CircuitOpen(YAHOO, "circuit open", 60)


def outcome(
    asked: int,
    errors: dict[str, SourceError] | None = None,
    refused: dict[str, str] | None = None,
    late: list[str] | None = None,
) -> Outcome:
    return Outcome(Written(), errors or {}, refused or {}, late or [], asked)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (outcome(0), "done"),
        (outcome(3), "done"),
        (outcome(3, late=["IWM"]), "waiting"),
        (outcome(3, {"IWM": DOWN}), "partial"),
        (outcome(3, {"IWM": DOWN}, late=["SPY"]), "partial"),
        (outcome(3, refused={"IWM": "no bars"}), "partial"),
        (outcome(3, {"IWM": DOWN}, refused={"SPY": "no bars"}), "partial"),
        (outcome(2, {"IWM": DOWN}, refused={"SPY": "no bars"}), "failed"),
        (outcome(2, {"IWM": DOWN, "SPY": OPEN}), "failed"),
        (outcome(1, {"snapshot": OPEN}), "failed"),
    ],
)
def test_a_part_of_which_nothing_came_has_failed(found: Outcome, status: Status) -> None:
    assert found.status == status


def test_the_cause_is_told_not_what_followed() -> None:
    assert outcome(3, {"IWM": OPEN, "SPY": DOWN, "QQQ": OPEN}).telling is DOWN
    assert outcome(3, {"IWM": OPEN}).telling is OPEN
    assert outcome(3, late=["IWM"]).telling is None


def test_the_first_error_of_a_symbol_stays() -> None:
    found = outcome(1)
    found.failed("IWM", DOWN)
    found.failed("IWM", OPEN)
    assert found.errors == {"IWM": DOWN}


def test_the_diary_names_causes_and_gathers_what_followed() -> None:
    found = outcome(
        5, {"IWM": DOWN, "SPY": OPEN, "QQQ": OPEN}, refused={"RSP": "a day appears twice"}, late=["VB", "VTI"]
    )
    assert detail(found).splitlines() == [
        "IWM: Offline: HTTP 500",
        "refused: RSP: a day appears twice",
        "not asked, the breaker being open: SPY, QQQ",
        "not there yet: VB, VTI",
    ]
    assert detail(outcome(3)) == ""


@pytest.mark.parametrize("count", [DETAILS, DETAILS + 1, 3 * DETAILS])
def test_the_diary_stays_readable_whatever_went_wrong(count: int) -> None:
    names = [f"S{n:03d}" for n in range(count)]
    lines = detail(outcome(count, dict.fromkeys(names, DOWN))).splitlines()
    assert len(lines) == DETAILS + (count > DETAILS)
    assert lines[-1] == (f"and {count - DETAILS} more" if count > DETAILS else f"{names[-1]}: Offline: HTTP 500")
    [gathered] = detail(outcome(count, dict.fromkeys(names, OPEN))).splitlines()
    assert gathered.count("S0") == DETAILS
    assert gathered.endswith(f" and {count - DETAILS} more") is (count > DETAILS)


def part(name: str, vendor: str, status: Status, error: SourceError | None = None, requests: int = 0) -> PartSummary:
    return PartSummary(name, vendor, status, requests, Written(new=2), error)


def test_one_sentence_for_each_vendor_the_cause_before_the_breaker() -> None:
    summary = RunSummary(
        (
            part("prices", YAHOO, "failed", OPEN),
            part("snapshot", YAHOO, "failed", DOWN, 3),
            part("funds", YAHOO, "failed", BadAnswer(YAHOO, "cut short"), 2),
            part("macro", FRED, "partial", NotFound(FRED, "DGS2"), 14),
        ),
        None,
    )
    assert summary.sentences() == ("Yahoo Finance could not be reached.", "FRED has nothing under “DGS2”.")
    assert (summary.ok, summary.exit_code, summary.waiting, summary.requests) == (False, 1, False, 19)
    assert summary.part("funds").requests == 2
    with pytest.raises(KeyError):
        summary.part("holdings")


@pytest.mark.parametrize(
    ("statuses", "ok", "waiting"),
    [
        (("done", "off"), True, False),
        (("done", "waiting"), True, True),
        (("done", "partial"), False, False),
        (("failed", "waiting"), False, True),
    ],
)
def test_what_is_not_published_yet_is_no_failure(statuses: tuple[Status, ...], ok: bool, waiting: bool) -> None:
    parts = tuple(part(f"part{n}", YAHOO, status) for n, status in enumerate(statuses))
    summary = RunSummary(parts, None)
    assert (summary.ok, summary.exit_code, summary.waiting) == (ok, int(not ok), waiting)
