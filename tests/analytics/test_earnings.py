"""Growth in three forms and revisions in three forms, by hand, as laws, and where they mean nothing."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import earnings

NAN = math.nan


def members(rows: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    """One row an issuer: EPS this year, EPS next year, shares; all of equal weight."""
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["eps_fy1", "eps_fy2", "shares"])
    return frame.astype(float).assign(weight=1 / max(1, len(rows)))


def test_three_forms_by_hand() -> None:
    found = earnings.growth(members({"A": (1, 1.1, 100), "B": (2, 2.6, 50), "LOSS": (-1, 0.5, 60)}))
    assert found.aggregate == pytest.approx((110 + 130 + 30) / (100 + 100 - 60) - 1)
    assert found.positive_base == pytest.approx(240 / 200 - 1)
    assert found.median == pytest.approx((0.1 + 0.3) / 2)
    assert found.base == pytest.approx(140 / 260)
    assert found.loss_share == pytest.approx(1 / 3)
    assert found.positive_members == 2
    assert found.contributors == (
        ("LOSS", pytest.approx(90 / 140)), ("B", pytest.approx(30 / 140)), ("A", pytest.approx(10 / 140)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "meaningful"),
    [(-81.0, True), (-82.0, False), (-100.0, False), (-150.0, False)],
)
def test_growth_from_a_thin_or_negative_base_means_nothing(loss: float, meaningful: bool) -> None:
    """100 - 81 over 100 + 81 is 10.5% of the absolute sum, 100 - 82 over 182 is 9.9%."""
    found = earnings.growth(members({"A": (1, 1.1, 100), "LOSS": (loss, 1, 1)}))
    assert math.isnan(found.aggregate) is not meaningful
    assert found.positive_base == pytest.approx(0.1)


def test_members_without_an_input_drop_out() -> None:
    found = earnings.growth(members({"A": (1, 1.2, 10), "B": (1, NAN, 10), "C": (NAN, 2, 10), "D": (1, 9, NAN)}))
    assert found.aggregate == pytest.approx(0.2)
    assert (found.coverage.matched, found.coverage.members) == (1, 4)
    assert found.coverage.weight == pytest.approx(0.25)


def test_only_losers() -> None:
    found = earnings.growth(members({"A": (-1, -0.5, 10), "B": (-2, 1, 10)}))
    assert math.isnan(found.aggregate)
    assert math.isnan(found.positive_base)
    assert math.isnan(found.median)
    assert found.loss_share == 1.0
    assert [name for name, _ in found.contributors] == ["B", "A"]


def test_zero_earnings_are_no_base() -> None:
    found = earnings.growth(members({"A": (0, 1, 10)}))
    assert math.isnan(found.aggregate)
    assert found.positive_members == 0
    assert found.contributors == ()
    assert found.loss_share == 0.0


def test_no_members() -> None:
    found = earnings.growth(members({}))
    assert math.isnan(found.aggregate)
    assert found.coverage.members == 0
    assert found.contributors == ()


def test_at_most_five_contributors_and_ties_by_name() -> None:
    found = earnings.growth(members(dict.fromkeys("GFEDCBA", (1, 2, 10))))
    assert [name for name, _ in found.contributors] == list("ABCDE")


per_share = st.floats(-20, 20).map(lambda dollars: round(dollars, 4))  # what is published, not 5e-324
eps = st.tuples(per_share, per_share, st.floats(1, 1e6))


@given(st.lists(eps, min_size=1, max_size=20), st.floats(0.1, 1000))
def test_growth_does_not_depend_on_the_number_of_shares_a_company_is_cut_into(
    rows: list[tuple[float, float, float]], factor: float
) -> None:
    frame = members({str(i): row for i, row in enumerate(rows)})
    cut = frame.assign(
        eps_fy1=frame["eps_fy1"] / factor, eps_fy2=frame["eps_fy2"] / factor, shares=frame["shares"] * factor
    )
    one, other = earnings.growth(frame), earnings.growth(cut)
    for name in ("positive_base", "median", "base"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, nan_ok=True)


@given(st.lists(st.tuples(st.floats(0.01, 20), st.floats(-20, 20), st.floats(1, 1e6)), min_size=1, max_size=20))
def test_without_losers_the_aggregate_is_the_positive_base(rows: list[tuple[float, float, float]]) -> None:
    found = earnings.growth(members({str(i): row for i, row in enumerate(rows)}))
    assert found.aggregate == pytest.approx(found.positive_base)
    assert found.base == pytest.approx(1.0)


def revised(rows: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    """One row an issuer: revisions up, revisions down, market cap; estimates that have moved in 90 days."""
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["revisions_up_30d", "revisions_down_30d", "market_cap"]
    )
    moving = {"eps_fy1": 1.0, "eps_fy1_90d_ago": 0.9, "eps_fy2": 2.0, "eps_fy2_90d_ago": 2.0, "weight": 1 / len(rows)}
    return frame.astype(float).assign(**moving)


def test_revision_breadth_in_three_forms() -> None:
    found = earnings.revisions(revised({"A": (10, 0, 100), "B": (1, 3, 300), "C": (2, 2, 100), "D": (0, 1, NAN)}))
    assert found.counts == pytest.approx((13 - 6) / 19)
    assert found.companies == pytest.approx(1 / 4 - 2 / 4)
    assert found.cap_weighted == pytest.approx((100 - 300) / 500)
    assert (found.up, found.down, found.set_aside) == (13, 6, 0)


def test_missing_counts_drop_out() -> None:
    found = earnings.revisions(revised({"A": (1, 0, 100), "B": (NAN, NAN, 100)}))
    assert found.counts == 1.0
    assert (found.coverage.matched, found.coverage.members, found.coverage.weight) == (1, 2, 0.5)


def test_nobody_revised() -> None:
    found = earnings.revisions(revised({"A": (0, 0, 100)}))
    assert math.isnan(found.counts)
    assert found.companies == 0.0


def test_estimates_that_stood_still_are_set_aside() -> None:
    frame = revised({"A": (1, 0, 100), "STILL": (0, 0, 100), "BUSY": (1, 1, 100)})
    frame.loc[["STILL", "BUSY"], "eps_fy1_90d_ago"] = 1.0
    found = earnings.revisions(frame)
    assert found.set_aside == 1  # BUSY was revised both ways and came back to where it stood
    assert found.coverage.matched == 2
    assert found.companies == pytest.approx(1 / 2)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.floats(1, 1e6)), min_size=1, max_size=20))
def test_turning_every_revision_around_turns_the_sign(rows: list[tuple[int, int, float]]) -> None:
    frame = revised({str(i): row for i, row in enumerate(rows)})
    around = frame.rename(columns={"revisions_up_30d": "revisions_down_30d", "revisions_down_30d": "revisions_up_30d"})
    one, other = earnings.revisions(frame), earnings.revisions(around)
    for name in ("counts", "companies", "cap_weighted"):
        assert getattr(one, name) == pytest.approx(-getattr(other, name), nan_ok=True)
        assert math.isnan(one.counts) or -1 <= getattr(one, name) <= 1


def test_between_two_files_rises_are_set_against_falls_without_rolls() -> None:
    before = pd.DataFrame({"eps_fy1": [1.0, 1.0, 1.0, 2.0], "eps_fy2": [2.0, 2.0, 2.0, 3.0]}, index=list("ABCR"))
    now = pd.DataFrame(
        {
            "eps_fy1": [1.1, 0.9, 1.0, 2.95, 5.0],
            "eps_fy2": [2.0, 2.0, 2.0, 4.0, 6.0],
            "market_cap": [300.0, 100.0, 100.0, 100.0, 100.0],
            "weight": 0.2,
        },
        index=list("ABCRN"),
    )
    found = earnings.revisions_between(now, before)
    assert (found.up, found.down, found.set_aside) == (1, 1, 1)
    assert found.counts == 0.0
    assert found.companies == 0.0
    assert found.cap_weighted == pytest.approx((300 - 100) / 500)
    assert found.coverage.matched == 3  # R went on to its next fiscal year, N is new


def test_a_fiscal_year_roll_is_nearer_to_last_years_next() -> None:
    before = pd.DataFrame({"eps_fy1": [1.0, 1.0], "eps_fy2": [2.0, 2.0]}, index=["A", "B"])
    now = pd.DataFrame({"eps_fy1": [1.9, 1.3]}, index=["A", "B"])
    assert earnings.rolled(now, before).tolist() == [True, False]
