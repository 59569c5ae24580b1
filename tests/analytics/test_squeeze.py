"""The squeeze score: its ranks, its rescaling when inputs are missing, and its order."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import squeeze

NAN = math.nan
PARTS = list(squeeze.WEIGHTS)


def values(rows: dict[str, list[float]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=PARTS)


def test_the_weights_make_a_hundred() -> None:
    assert dict(squeeze.WEIGHTS) == {
        "short_of_float": 35, "days_to_cover": 25, "short_change": 15, "return_1m": 15, "volume_surge": 10,
    }  # fmt: skip
    assert sum(squeeze.WEIGHTS.values()) == 100


def test_inputs_are_made_from_positions_and_float() -> None:
    members = pd.DataFrame(
        {
            "short": [20.0, 20.0, 20.0],
            "before": [10.0, 10.0, 10.0],
            "split": [False, True, False],
            "float_shares": [100.0, 100.0, NAN],
            "days_to_cover": [3.0, 999.99, 5.0],
            "return_1m": [0.1, NAN, NAN],
            "volume_surge": [NAN, NAN, NAN],
        },
        index=["A", "SPLIT", "NOFLOAT"],
    )
    found = squeeze.inputs(members)
    assert list(found.columns) == PARTS
    assert found.loc["A"].tolist() == pytest.approx([0.2, 3.0, 0.1, 0.1, NAN], nan_ok=True)
    assert found.loc["SPLIT"].tolist() == pytest.approx([0.2, NAN, NAN, NAN, NAN], nan_ok=True)
    assert found.loc["NOFLOAT"].tolist() == pytest.approx([NAN, 5.0, NAN, NAN, NAN], nan_ok=True)


def test_ranks_by_hand() -> None:
    """Two members: the higher ranks 2/2, the lower 1/2; a tie ranks (1 + 2) / 2 / 2 = 3/4 for both."""
    found = squeeze.scores(values({"HIGH": [0.4, 9, 0.1, 0.2, 3], "LOW": [0.1, 2, 0.0, 0.2, 1]}))
    assert found.loc["HIGH", "score"] == pytest.approx(35 + 25 + 15 + 15 * 0.75 + 10)
    assert found.loc["LOW", "score"] == pytest.approx((35 + 25 + 15 + 10) / 2 + 15 * 0.75)
    assert found["confidence"].tolist() == [1.0, 1.0]


def test_a_missing_input_drops_out_and_the_rest_are_rescaled() -> None:
    found = squeeze.scores(values({"A": [0.4, 9, NAN, NAN, NAN], "B": [0.1, 9, NAN, NAN, NAN]}))
    assert found.loc["A", "score"] == pytest.approx((35 * 1.0 + 25 * 0.75) / 60 * 100)
    assert found.loc["B", "score"] == pytest.approx((35 * 0.5 + 25 * 0.75) / 60 * 100)
    assert found["confidence"].tolist() == pytest.approx([0.6, 0.6])


def test_nothing_known_has_no_score() -> None:
    found = squeeze.scores(values({"A": [NAN] * 5, "B": [0.1, 1, 1, 1, 1]}))
    assert math.isnan(found.loc["A", "score"])
    assert found.loc["A", "confidence"] == 0
    assert found.loc["B", "score"] == pytest.approx(100)  # alone, it is the highest of one


maybe = st.one_of(st.none(), st.floats(-1, 100))


@given(st.lists(st.tuples(*[maybe] * 5), min_size=1, max_size=25))
def test_scores_against_plain_loops(rows: list[tuple[float | None, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=PARTS, dtype=float)
    found = squeeze.scores(frame)
    for place, row in enumerate(rows):
        weighted = total = 0.0
        for part, value in zip(PARTS, row, strict=True):
            if value is None:
                continue
            known = [r[PARTS.index(part)] for r in rows if r[PARTS.index(part)] is not None]
            below, equal = sum(k < value for k in known), sum(k == value for k in known)
            rank = (below + (equal + 1) / 2) / len(known)
            weighted += rank * squeeze.WEIGHTS[part]
            total += squeeze.WEIGHTS[part]
        assert found["confidence"].iloc[place] == pytest.approx(total / 100)
        if total:
            assert found["score"].iloc[place] == pytest.approx(weighted / total * 100)
            assert found[PARTS].iloc[place].sum() == pytest.approx(found["score"].iloc[place])
            assert 0 < found["score"].iloc[place] <= 100 + 1e-9
        else:
            assert math.isnan(found["score"].iloc[place])


@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 5), min_size=1, max_size=20))
def test_only_the_order_of_inputs_matters(rows: list[tuple[int, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=PARTS, dtype=float)
    one, other = squeeze.scores(frame), squeeze.scores(np.sqrt(frame) * 7 + 3)
    pd.testing.assert_frame_equal(one, other)


def test_the_most_crowded_come_first_and_doubtful_ones_can_be_kept_out() -> None:
    scored = pd.DataFrame(
        {"score": [90.0, 95.0, 90.0, NAN, 90.0], "confidence": [0.75, 0.25, 0.75, 0.0, 1.0]},
        index=["Z", "LOW", "A", "NONE", "SURE"],
    )
    assert list(squeeze.most_crowded(scored, 10).index) == ["LOW", "SURE", "A", "Z"]
    assert list(squeeze.most_crowded(scored, 2, least_confidence=0.5).index) == ["SURE", "A"]
    assert squeeze.most_crowded(scored.iloc[:0], 5).empty
