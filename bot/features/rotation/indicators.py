"""What can be watched about the rotation, always on IWM, SPY and total returns."""

import functools
from typing import TYPE_CHECKING

from bot.analytics.returns import rolling_return, year_to_date
from bot.analytics.rotation import above_long_mean, regimes, relative_strength
from bot.features.sides import Sides, both
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.windows import Window

if TYPE_CHECKING:
    import pandas as pd

PAIR = Sides("IWM", "SPY")


def indicators() -> tuple[Indicator, ...]:
    """Return what can be watched: spreads, relative strength against its mean, the regime."""
    source = "Yahoo Finance"
    spread = functools.partial(Indicator, unit="percentage_points", cadence="session", source=source)
    return (
        *(
            spread(
                id=f"rotation.spread.{months}m",
                title=_("IWM minus SPY over {window}").format(window=Window(f"{months}m").words()),
                series=functools.partial(_spread_series, months=months),
            )
            for months in (1, 3, 6, 12)
        ),
        spread(id="rotation.spread.ytd", title=_("IWM minus SPY, year to date"), series=_spread_this_year),
        Indicator(
            "rotation.rs_vs_200d",
            _("IWM/SPY against its 200-session mean"),
            "fraction",
            "session",
            source,
            _strength_series,
            signed=True,
        ),
        Indicator("rotation.regime", _("Regime of IWM and SPY"), "count", "session", source, _regime_series, _states()),
    )


def _states() -> tuple[str, ...]:
    """Name the regimes in the order of ``bot.analytics.rotation.STATES``."""
    return _("large"), _("mixed"), _("small")


def _spread_series(dataset: Dataset, months: int) -> "pd.Series[float]":
    small, large = both(PAIR, "total", dataset)
    return rolling_return(small, months) - rolling_return(large, months)


def _spread_this_year(dataset: Dataset) -> "pd.Series[float]":
    small, large = both(PAIR, "total", dataset)
    return year_to_date(small) - year_to_date(large)


def _strength_series(dataset: Dataset) -> "pd.Series[float]":
    return above_long_mean(relative_strength(*both(PAIR, "total", dataset))).dropna()


def _regime_series(dataset: Dataset) -> "pd.Series[float]":
    """Return 0 large, 1 mixed, 2 small: places in the tuple of states."""
    return regimes(relative_strength(*both(PAIR, "total", dataset)))["code"] + 1
