"""What is drawn is seen: no line of a picture runs out of its panel, however long the window."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.features.answers import ask, drawn

TWELVE = ("IWM", "IWO", "IWN", "IJR", "RSP", "QQQ", "MAGS", "VB", "KRE", "XLY", "NVDA", "TSLA")
ASKED: list[tuple[str, str | None, dict[str, Any]]] = [
    *(("breadth", None, {"window": window}) for window in ("1w", "6m", "10y", "max", "2011-06-01")),
    ("breadth", "2013-03-01", {"window": "max"}), ("breadth", "2025-12-04", {"window": "max"}),
    *(("quote", None, {"symbol": symbol, "window": "max"}) for symbol in ("IWM", "RUT", "NVDA", "VIX", "MAGS")),
    ("quote", "2001-03-02", {"window": "max"}), ("quote", "2000-05-30", {}),
    ("valuation", None, {}), ("valuation", "2000-05-30", {}),
    ("rrg", None, {"symbols": TWELVE}), ("rrg", "2020-03-23", {"symbols": TWELVE}),
    ("rrg", None, {"symbols": ("IWM",)}),
    ("shortinterest", None, {}), ("shortinterest", None, {"symbols": ("GME",)}),
]  # fmt: skip


def runs_out(figure: Figure) -> list[str]:
    """Return the labels of lines with a point beyond the limits of their axes."""
    found = []
    for axes in figure.axes:
        (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        slack = 1e-9 * max(1.0, abs(high - low))
        for line in axes.lines:
            x, y = (np.asarray(values, dtype=float) for values in line.get_data())
            known = np.isfinite(x) & np.isfinite(y)
            beyond = (x < left - slack) | (x > right + slack) | (y < low - slack) | (y > high + slack)
            if (known & beyond).any():
                found.append(str(line.get_label()))
    return found


@pytest.mark.parametrize(("feature", "day", "options"), ASKED)
def test_no_line_leaves_its_panel(feature: str, day: str | None, options: dict[str, Any]) -> None:
    for name, figure in drawn(ask(feature, day, **options)).items():
        assert runs_out(figure) == [], name
