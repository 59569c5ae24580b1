"""The headline figures of the questions on members, counted once more from the recorded files in plain loops."""

import itertools
import math
from collections.abc import Callable
from datetime import date

import pytest

from bot.market import universe
from tests.features import recount
from tests.features.answers import ask, rows, sample, values
from tests.features.recount import column, first_of, middle, ranks

LAST, JULY = date(2026, 7, 31), date(2026, 7, 17)
DAYS = pytest.mark.parametrize("day", [LAST, JULY], ids=str)
SMALL, LARGE = recount.sides()
BOTH = (("small", SMALL), ("large", LARGE))
Companies = dict[str, tuple[str, ...]]


def test_the_companies_are_those_of_the_vendors_files() -> None:
    pair = universe.pair(sample())
    assert pair.small.classes() == SMALL
    assert pair.large.classes() == LARGE


# short interest


def measured(companies: Companies, day: date) -> list[tuple[float, float, float, float]]:
    """Return (short, shares, price, before) of each company with a position and a cap near the settlement date."""
    if day == LAST:
        near = date(2026, 7, 15)
        file = recount.positions()
        short = {symbol: row["short"] for symbol, row in file.items()}
        before = {symbol: math.nan if row["split"] else row["before"] for symbol, row in file.items()}
    else:
        near = date(2026, 6, 30)
        there = [row for row in recount.rows_of("short_interest") if row["settlement"] == near]
        short, before = {row["symbol"]: row["short_shares"] for row in there}, {}
    known = recount.caps(near, day)
    found = []
    for symbols in companies.values():
        sold = [short[s] for s in symbols if s in short]
        cap = first_of(symbols, known)
        if sold and cap is not None:
            earlier = sum(before.get(s, math.nan) for s in symbols if s in short)
            found.append((sum(sold), cap[0] / cap[1], cap[1], earlier))
    return found


@DAYS
def test_short_interest_by_every_weighting(day: date) -> None:
    report = ask("shortinterest", sample().at(day))
    card, table = values(report), {row["index"]: row for row in rows(report, "indices")}
    for companies, name in ((SMALL, "Russell 2000"), (LARGE, "Russell 1000")):
        found = measured(companies, day)
        dollars = math.fsum(short * price for short, _shares, price, _before in found)
        caps = math.fsum(shares * price for _short, shares, price, _before in found)
        parts = [short / shares for short, shares, _price, _before in found]
        assert table[name]["weighted_share_of_cap"] == pytest.approx(dollars / caps, rel=1e-9)
        assert table[name]["median_share_of_shares"] == pytest.approx(middle(parts), rel=1e-9)
        assert table[name]["mean_share_of_shares"] == pytest.approx(math.fsum(parts) / len(parts), rel=1e-9)
        assert table[name]["notional_usd"] == pytest.approx(dollars, rel=1e-9)
        assert table[name]["members"] == len(found)
    assert card["weighted_share_of_cap"] == table["Russell 2000"]["weighted_share_of_cap"]


def test_the_change_is_one_of_positions_alone() -> None:
    moved = [(s, n, p, b) for s, n, p, b in measured(SMALL, LAST) if not math.isnan(b)]
    caps = math.fsum(shares * price for _s, shares, price, _b in moved)
    gained = math.fsum((short - before) * price for short, _n, price, before in moved)
    assert values(ask("shortinterest"))["change"] == pytest.approx(gained / caps, rel=1e-6)


# estimates: growth, revisions, forward multiples


ESTIMATES = (
    "eps_fy1", "eps_fy2", "eps_fy1_90d_ago", "eps_fy2_90d_ago", "revisions_up_30d", "revisions_down_30d",
)  # fmt: skip


def expected(companies: Companies, day: date) -> list[dict[str, float]]:
    """Return the estimates of each company in dollars, with its cap and shares; missing ones are NaN."""
    file, known = recount.latest("estimates", day), recount.caps(day, day)
    columns = {name: column(file, name) for name in ESTIMATES}
    found = []
    for issuer, symbols in companies.items():
        cap = first_of(symbols, known)
        row = {"cap": cap[0] if cap else math.nan, "shares": cap[0] / cap[1] if cap else math.nan}
        for name, there in columns.items():
            value = first_of(symbols, there)
            row[name] = math.nan if value is None or issuer in recount.FOREIGN else value
        found.append(row)
    return found


@DAYS
def test_eps_growth_in_three_forms(day: date) -> None:
    card = values(ask("earnings", sample().at(day)))
    for side, companies in BOTH:
        there = [r for r in expected(companies, day) if not math.isnan(r["eps_fy1"] + r["eps_fy2"] + r["shares"])]
        earning = [r for r in there if r["eps_fy1"] > 0]

        def grown(rows: list[dict[str, float]]) -> float:
            first = math.fsum(r["eps_fy1"] * r["shares"] for r in rows)
            return math.fsum(r["eps_fy2"] * r["shares"] for r in rows) / first - 1

        assert card[f"eps_growth.{side}"] == pytest.approx(grown(there), rel=1e-9)
        assert card[f"eps_growth.{side}.positive_base"] == pytest.approx(grown(earning), rel=1e-9)
        growths = [r["eps_fy2"] / r["eps_fy1"] - 1 for r in earning]
        assert card[f"eps_growth.{side}.median"] == pytest.approx(middle(growths), rel=1e-9)
        assert card[f"coverage.members.{side}"] == len(there)


@DAYS
def test_revision_breadth_in_three_forms(day: date) -> None:
    card = values(ask("earnings", sample().at(day)))
    for side, companies in BOTH:
        up = down = rising = falling = 0.0
        nets: list[float] = []
        caps = 0.0
        for r in expected(companies, day):
            ups, downs = r["revisions_up_30d"], r["revisions_down_30d"]
            still = r["eps_fy1"] == r["eps_fy1_90d_ago"] and r["eps_fy2"] == r["eps_fy2_90d_ago"]
            if math.isnan(ups + downs) or (still and ups + downs == 0):
                continue
            up, down, cap = up + ups, down + downs, 0.0 if math.isnan(r["cap"]) else r["cap"]
            nets.append(ups - downs)
            caps += cap
            rising += cap * (ups > downs)
            falling += cap * (ups < downs)
        assert card[f"revision_breadth.{side}"] == pytest.approx((up - down) / (up + down), rel=1e-9)
        by_company = (sum(net > 0 for net in nets) - sum(net < 0 for net in nets)) / len(nets)
        assert card[f"revision_breadth.{side}.companies"] == pytest.approx(by_company, rel=1e-9)
        assert card[f"revision_breadth.{side}.cap_weighted"] == pytest.approx((rising - falling) / caps, rel=1e-9)


@DAYS
@pytest.mark.parametrize("year", ["fy1", "fy2"])
def test_forward_multiples_with_and_without_losers(day: date, year: str) -> None:
    table = {(r["multiple"], r["companies"]): r for r in rows(ask("valuation", sample().at(day)), "multiples")}
    for side, companies in BOTH:
        there = [
            (r["cap"], r[f"eps_{year}"] * r["shares"])
            for r in expected(companies, day)
            if not math.isnan(r["cap"] + r[f"eps_{year}"])
        ]
        for choice, kept in (("all", there), ("profitable", [(c, e) for c, e in there if e > 0])):
            multiple = math.fsum(cap for cap, _e in kept) / math.fsum(e for _c, e in kept)
            assert table[f"pe_{year}", choice][side] == pytest.approx(multiple, rel=1e-9)
            assert table[f"pe_{year}", choice][f"members_{side}"] == len(kept)


def test_trailing_multiples_and_losers() -> None:
    """Net margin times sales, sales out of cap and price to sales; a profit above the cap is another currency."""
    report = ask("valuation")
    card, file = values(report), recount.latest("fundamentals", LAST)
    facts = [column(file, name) for name in ("net_margin", "price_to_sales", "market_cap")]
    earnings = values(ask("earnings"))
    for side, companies in BOTH:
        there = []
        for symbols in companies.values():
            margin, multiple, cap = (first_of(symbols, known) for known in facts)
            if margin is None or not multiple or not cap or multiple < 0:
                continue
            if abs(margin / multiple) <= 1:
                there.append((cap, margin * cap / multiple))
        gains = [(cap, income) for cap, income in there if income > 0]
        for choice, kept in (("all", there), ("profitable", gains)):
            multiple = math.fsum(cap for cap, _i in kept) / math.fsum(income for _c, income in kept)
            assert card[f"pe_trailing.{choice}.{side}"] == pytest.approx(multiple, rel=1e-9)
        lost = sum(income < 0 for _cap, income in there) / len(there)
        assert card[f"loss_share.{side}"] == pytest.approx(lost, rel=1e-9)
        assert earnings[f"loss_share.{side}"] == pytest.approx(lost, rel=1e-9)


# breadth


@DAYS
def test_shares_above_averages_and_at_highs(day: date) -> None:
    card, file = values(ask("breadth", sample().at(day))), recount.latest("snapshots", day)
    tests: dict[str, tuple[str, Callable[[float, float], bool]]] = {
        "above_50": ("average_50d", lambda price, at: price > at),
        "above_200": ("average_200d", lambda price, at: price > at),
        "at_high": ("high_52w", lambda price, at: price >= at),
        "near_high": ("high_52w", lambda price, at: price >= 0.98 * at),
    }
    prices = column(file, "price")
    for key, (name, holds) in tests.items():
        limits = column(file, name)
        for side, companies in BOTH:
            there = [
                (price, at)
                for symbols in companies.values()
                if (price := first_of(symbols, prices)) is not None and (at := first_of(symbols, limits))
            ]
            share = sum(holds(price, at) for price, at in there) / len(there)
            assert card[f"{key}.{side}"] == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize(("day", "start"), [(LAST, date(2026, 1, 30)), (date(2025, 12, 4), date(2025, 6, 4))])
def test_equal_weight_and_small_caps_over_six_months(day: date, start: date) -> None:
    """RSP and MAGS are kept adjusted; SPY and IWM by close and dividend, reinvested here one by one."""

    def gain(symbol: str) -> float:
        bars = [r for r in recount.rows_of("bars") if r["symbol"] == symbol and start <= r["day"] <= day]
        grown = 1.0
        for before, now in itertools.pairwise(bars):
            paid = 0.0 if math.isnan(now["dividend"]) else now["dividend"]
            grown *= (now["close"] + paid) / before["close"]
        assert bars[0]["day"] == start
        return grown - 1

    card = values(ask("breadth", sample().at(day)))
    assert card["equal_vs_cap"] == pytest.approx(gain("RSP") - gain("SPY"), rel=1e-9)
    assert card["small_vs_seven"] == pytest.approx(gain("IWM") - gain("MAGS"), rel=1e-9)


# the squeeze screen


@pytest.mark.parametrize(("index", "companies"), [("IWM", SMALL), ("IWB", LARGE)])
def test_every_score_from_positions_floats_and_caps(index: str, companies: Companies) -> None:
    """All fifty rows: each component's rank among the members over both floors, weighed and rescaled."""
    file, known = recount.positions(), recount.caps(date(2026, 7, 15), LAST)
    floats = column(recount.latest("market", LAST), "float_shares")
    parts: dict[str, dict[str, float]] = {"short_of_float": {}, "days_to_cover": {}, "short_change": {}}
    for issuer, symbols in companies.items():
        there, cap = [file[s] for s in symbols if s in file], first_of(symbols, known)
        short, volume = (sum(row[name] for row in there) for name in ("short", "volume"))
        if not there or cap is None or cap[0] < 300e6 or volume * cap[1] < 2e6:
            continue
        days = there[0]["days"] if len(symbols) == 1 else max(1.0, short / volume)
        if days < 999.99:
            parts["days_to_cover"][issuer] = days
        floating = first_of(symbols, floats)
        if floating:
            parts["short_of_float"][issuer] = short / floating
            if not any(row["split"] for row in there):
                parts["short_change"][issuer] = (short - sum(row["before"] for row in there)) / floating
    placed = {name: ranks({k: v for k, v in part.items() if not math.isnan(v)}) for name, part in parts.items()}
    weights = {"short_of_float": 35, "days_to_cover": 25, "short_change": 15}
    scores = {}
    for issuer in parts["short_of_float"]:
        present = [name for name in weights if issuer in placed[name]]
        total = sum(weights[name] for name in present)
        scores[issuer] = sum(weights[name] * placed[name][issuer] for name in present) / total * 100
    table = rows(ask("squeeze", index=index, n=50), "squeeze")
    assert [row["symbol"] for row in table] == sorted(scores, key=lambda s: (-scores[s], s))[:50]
    for row in table:
        assert row["score"] == pytest.approx(scores[row["symbol"]], rel=1e-9)
