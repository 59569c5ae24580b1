"""The verdict rules of the scoreboard: what supports a claim, what contradicts it, on numbers alone.

Every rule takes readings as fractions (rates in basis points, gauges from 0 to 100) and returns a verdict, or
None where a reading is missing (None or NaN). Supported and contradicted at once is mixed, as is neither.
"""

import math
from collections.abc import Sequence
from typing import Literal

Verdict = Literal["supports", "mixed", "contradicts"]

RECENT_SESSIONS = 63
DEEP_DRAWDOWN = -0.10
LOW_PERCENTILE = 0.10
MEDIAN_PERCENTILE = 0.50
CHEAP_DISCOUNT = 0.15
MOVE_BP = 25.0
BP_DECIMALS = 6  # 4.50% less 4.25% is 25 bp, not what binary fractions make of it
CLOSE_CALL = 0.005  # half a percentage point of market cap
SHARE_DECIMALS = 9  # 2.5% less 2% is half a point, not what binary fractions make of it
HOT_GAUGE = 80.0
CONFIRMED_SESSIONS = 63


def _judged(*, supports: bool, contradicts: bool) -> Verdict:
    if supports == contradicts:
        return "mixed"
    return "supports" if supports else "contradicts"


def _missing(*readings: float | None) -> bool:
    return any(reading is None or math.isnan(reading) for reading in readings)


def records(sessions_since_record: float | None, drawdown: float | None) -> Verdict | None:
    """Claim 1: a record close within 63 sessions, against a drawdown beyond 10%."""
    if sessions_since_record is None or drawdown is None or _missing(sessions_since_record, drawdown):
        return None
    return _judged(supports=sessions_since_record <= RECENT_SESSIONS, contradicts=drawdown < DEEP_DRAWDOWN)


def outrunning(spread_6m: float | None, spread_12m: float | None) -> Verdict | None:
    """Claim 2: small minus large above 0 over 6 and 12 months, against below 0 over both."""
    return _both_sides(spread_6m, spread_12m)


def comeback(this_year: float | None, full_years: Sequence[float]) -> Verdict | None:
    """Claim 3: spread of the year so far, and of the last three full years: ahead now and in at least two of them."""
    if this_year is None or _missing(this_year, *full_years) or len(full_years) != 3:
        return None
    ahead = sum(spread > 0 for spread in full_years)
    behind = sum(spread < 0 for spread in full_years)
    return _judged(supports=this_year > 0 and ahead >= 2, contradicts=this_year < 0 and behind >= 2)


def breadth(equal_over_cap: float | None, small_over_mega: float | None) -> Verdict | None:
    """Claim 4: over 6 months equal weight ahead of cap weight and small ahead of the seven, against both behind."""
    return _both_sides(equal_over_cap, small_over_mega)


def earnings(aggregate_gap: float | None, median_gap: float | None) -> Verdict | None:
    """Claim 5: EPS growth, small minus large, above 0 in the aggregate and at the median, against below 0 in both."""
    return _both_sides(aggregate_gap, median_gap)


def revisions(small: float | None, large: float | None) -> Verdict | None:
    """Claim 6: counts breadth of small above 0 and above large, against 0 or below."""
    if small is None or large is None or _missing(small, large):
        return None
    return _judged(supports=small > 0 and small > large, contradicts=small <= 0)


def valuation(percentile: float | None, discount: float | None) -> Verdict | None:
    """Claim 7: relative price in its lowest tenth and at least 15% cheaper, against above its median or no discount."""
    if percentile is None or discount is None or _missing(percentile, discount):
        return None
    return _judged(
        supports=percentile <= LOW_PERCENTILE and discount >= CHEAP_DISCOUNT,
        contradicts=percentile > MEDIAN_PERCENTILE or discount <= 0,
    )


def rates(expected_change_bp: float | None) -> Verdict | None:
    """Claim 8: at least 25 bp lower priced for 12 months ahead, against at least 25 bp higher."""
    if expected_change_bp is None or _missing(expected_change_bp):
        return None
    return _judged(supports=expected_change_bp <= -MOVE_BP, contradicts=expected_change_bp >= MOVE_BP)


def shorts(small: float | None, others: Sequence[float]) -> Verdict | None:
    """Claim 9: weighted short interest highest of the stored indices; within half a point of the next is mixed."""
    if small is None or not others or _missing(small, *others):
        return None
    lead = round(small - max(others), SHARE_DECIMALS)
    return _judged(supports=lead > CLOSE_CALL, contradicts=lead < -CLOSE_CALL)


def risks(gauges: Sequence[float | None]) -> Verdict | None:
    """Claim 10: no gauge above 80, against two or more. Gauges that cannot be read count as missing readings."""
    if not gauges or _missing(*gauges):
        return None
    hot = sum(gauge is not None and gauge > HOT_GAUGE for gauge in gauges)
    return _judged(supports=hot == 0, contradicts=hot >= 2)


def cycle(regime: str | None, sessions_confirmed: int | None) -> Verdict | None:
    """Claim 13: regime small and confirmed for 63 sessions, against regime large."""
    if regime is None or sessions_confirmed is None:
        return None
    return _judged(
        supports=regime == "small" and sessions_confirmed >= CONFIRMED_SESSIONS, contradicts=regime == "large"
    )


def _both_sides(first: float | None, second: float | None) -> Verdict | None:
    if first is None or second is None or _missing(first, second):
        return None
    return _judged(supports=first > 0 and second > 0, contradicts=first < 0 and second < 0)
