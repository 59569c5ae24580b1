"""Portfolios on the sample. Risk was worked out again with numpy from recorded prices, as the comments say."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, MissingData, UnknownSymbol
from bot.features.allocation.request import AllocationRequest, Holding, parse_holdings
from bot.market import universe
from tests.charts.legibility import words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

EXAMPLE = "SPY 60, IWM 20, NVDA 20"
TODAY = ask("allocation", holdings=EXAMPLE)


def mix(report: object, view: str) -> dict[str, float]:
    return {r["part"]: r["portfolio"] for r in rows(report, "cap_mix") if r["view"] == view}  # type: ignore[arg-type]


class TestReading:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (EXAMPLE, [("SPY", 60, "percent"), ("IWM", 20, "percent"), ("NVDA", 20, "percent")]),
            ("spy 60 iwm 20 nvda 20", [("SPY", 60, "percent"), ("IWM", 20, "percent"), ("NVDA", 20, "percent")]),
            ("60% SPY and 40% IWM", [("SPY", 60, "percent"), ("IWM", 40, "percent")]),
            ("SPY 80, IWM 20%", [("SPY", 80, "percent"), ("IWM", 20, "percent")]),
            ("$NVDA 20; DE: 80", [("NVDA", 20, "percent"), ("DE", 80, "percent")]),
            ("SPY 60 M 40", [("SPY", 60, "percent"), ("M", 40, "percent")]),
            ("brk.b = 50\nBRK/B 50", [("BRK.B", 50, "percent"), ("BRK/B", 50, "percent")]),
            ("IWM 30, IWM 20, SPY 50", [("IWM", 50, "percent"), ("SPY", 50, "percent")]),
            ("IWM 100 shares, SPY $1,000", [("IWM", 100, "shares"), ("SPY", 1000, "dollars")]),
            ("100 shares of IWM + $10k SPY", [("IWM", 100, "shares"), ("SPY", 10_000, "dollars")]),
            ("SPY 1.5m, IWM 500k", [("SPY", 1_500_000, "dollars"), ("IWM", 500_000, "dollars")]),
            (
                "$5000 IWM, 10 shares GME, cash 2,000",
                [("IWM", 5000, "dollars"), ("GME", 10, "shares"), ("CASH", 2000, "dollars")],
            ),
            ("SPY 90%, cash 10", [("SPY", 90, "percent"), ("CASH", 10, "percent")]),
            ("SPY 1,234,567 usd", [("SPY", 1_234_567, "dollars")]),
            ("SPY 99.7", [("SPY", 99.7, "percent")]),
            ("^RUT 100", [("RUT", 100, "percent")]),
            ("SPY 100, IWM 0", [("SPY", 100, "percent")]),
        ],
    )
    def test_as_people_write(self, text: str, found: list[tuple[str, float, str]]) -> None:
        assert [(h.symbol, h.amount, h.unit) for h in parse_holdings(text)] == found

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("SPY 60,5 %, IWM 39,5 %", [("SPY", 60.5, "percent"), ("IWM", 39.5, "percent")]),
            ("60,5 % de SPY y 39,5 % de IWM", [("SPY", 60.5, "percent"), ("IWM", 39.5, "percent")]),
            ("SPY 60 por ciento, IWM 40", [("SPY", 60, "percent"), ("IWM", 40, "percent")]),
            ("1.000 acciones de IWM, SPY 1 acción", [("IWM", 1000, "shares"), ("SPY", 1, "shares")]),
            ("IWM 12.000,50 dólares + SPY $1.000", [("IWM", 12_000.5, "dollars"), ("SPY", 1000, "dollars")]),
            ("SPY 33,333%, IWM 66,667%", [("SPY", 33.333, "percent"), ("IWM", 66.667, "percent")]),
            ("SPY 33.333%, IWM 66.667%", [("SPY", 33.333, "percent"), ("IWM", 66.667, "percent")]),
            ("SPY 50,IWM 30,NVDA 20", [("SPY", 50, "percent"), ("IWM", 30, "percent"), ("NVDA", 20, "percent")]),
        ],
    )
    def test_as_people_write_in_spanish(self, text: str, found: list[tuple[str, float, str]]) -> None:
        with i18n.use("es"):
            assert [(h.symbol, h.amount, h.unit) for h in parse_holdings(text)] == found

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("SPY 1.2.3", "do not understand"),
            ("SPY 1,2,3", "do not understand"),
            (" ", "nothing in this portfolio"),
            ("IWM 0", "nothing in this portfolio"),
            ("SPY 0, IWM 0", "nothing in this portfolio"),
            ("SPY 200, IWM 100", "add up to 300, not to 100"),
            ("SPY 10.5, IWM 20", "add up to 30.5, not to 100"),
            ("SPY -5", "do not understand"),
            ("spy60,iwm40", "do not understand"),
            ("hello", "do not understand"),
            ("SPY 50% , IWM $100", "not both"),
            ("SPY 100 shares, IWM 20", "IWM has no unit where others have one"),
            ("$5k SPY, IWM 20", "IWM has no unit where others have one"),
            ("IWM 10%, IWM $5", "not both"),
            (", ".join(f"A{chr(65 + n)} 4" for n in range(25)), "25 holdings; I take 20"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, text: str, says: str) -> None:
        with pytest.raises(BadInput, match=says):
            parse_holdings(text)
        with pytest.raises(BadInput, match=says):
            AllocationRequest(holdings=text)

    def test_holdings_left_out_are_still_to_be_asked_for(self) -> None:
        assert AllocationRequest().holdings == ""
        with pytest.raises(BadInput, match="nothing in this portfolio"):
            ask("allocation")

    def test_the_unit_of_plain_numbers_can_be_chosen(self) -> None:
        assert parse_holdings("SPY 300", "shares") == (Holding("SPY", 300, "shares"),)
        assert AllocationRequest(holdings="SPY 300", unit="dollars").parsed()[0].unit == "dollars"

    @given(st.dictionaries(st.sampled_from(["SPY", "IWM", "NVDA", "QQQ"]), st.integers(1, 99), min_size=1))
    def test_percentages_in_any_order_of_words(self, held: dict[str, int]) -> None:
        named = ", ".join(f"{symbol} {n}%" for symbol, n in held.items())
        turned = " and ".join(f"{n}% {symbol}" for symbol, n in held.items())
        if sum(held.values()) == 100:
            assert parse_holdings(named) == parse_holdings(turned)
            assert {h.symbol: h.amount for h in parse_holdings(named)} == held
        else:
            with pytest.raises(BadInput):
                parse_holdings(turned)


class TestRisk:
    def test_against_numpy_on_the_recorded_prices(self) -> None:
        """252 daily simple returns to 31 July 2026, Ledoit-Wolf shrinkage 0.0238 written out from the paper."""
        found = values(TODAY)
        assert found["volatility"] == pytest.approx(0.1656834, abs=1e-7)
        assert found["diversification_ratio"] == pytest.approx(1.1524912, abs=1e-7)
        assert found["beta.small"] == pytest.approx(0.6825257, abs=1e-7)
        assert found["beta.large"] == pytest.approx(1.2210820, abs=1e-7)
        parts = {row["symbol"]: row["contribution"] for row in rows(TODAY, "risk_contribution")}
        assert parts == pytest.approx({"SPY": 0.4507490, "IWM": 0.1842742, "NVDA": 0.3649768}, abs=1e-7)
        assert sum(parts.values()) == pytest.approx(1)

    def test_the_past_and_a_shift_of_a_tenth(self) -> None:
        """30 July 2021 to 31 July 2026, weights restored daily: +163.58%, low of 14 October 2022 at -34.14%."""
        as_it_is, shifted = rows(TODAY, "shift")
        assert as_it_is["return"] == pytest.approx(1.6358423, abs=1e-7)
        assert as_it_is["max_drawdown"] == pytest.approx(-0.3413994, abs=1e-7)
        assert as_it_is["max_drawdown_day"] == date(2022, 10, 14)
        assert shifted["return"] == pytest.approx(1.4843472, abs=1e-7)
        assert shifted["max_drawdown"] == pytest.approx(-0.3346357, abs=1e-7)
        assert values(TODAY)["max_drawdown"] == as_it_is["max_drawdown"]

    def test_one_fund_is_its_own_risk(self) -> None:
        found = values(ask("allocation", holdings="IWM 100"))
        assert found["beta.small"] == pytest.approx(1)
        assert found["diversification_ratio"] == pytest.approx(1)

    def test_cash_lowers_risk_in_proportion(self) -> None:
        whole, half = (values(ask("allocation", holdings=text)) for text in ("IWM 100", "IWM 50, CASH 50"))
        assert half["volatility"] == pytest.approx(whole["volatility"] / 2)
        assert half["beta.large"] == pytest.approx(whole["beta.large"] / 2)

    def test_a_mix_of_nothing_known_is_not_drawn(self) -> None:
        assert [c.id for c in ask("allocation", "2025-12-04", holdings=EXAMPLE).charts] == ["risk"]

    def test_cash_alone_has_none(self) -> None:
        report = ask("allocation", holdings="CASH 100")
        assert values(report)["volatility"] is None
        assert mix(report, "size")["cash"] == 1
        assert [c.id for c in report.charts] == ["cap_mix"]

    @settings(max_examples=8, deadline=None)
    @given(st.lists(st.integers(1, 50), min_size=2, max_size=5))
    def test_dollars_of_any_scale_give_the_same_risk(self, amounts: list[int]) -> None:
        symbols = ("SPY", "IWM", "NVDA", "QQQ", "IWN")
        small = ", ".join(f"{s} ${n}" for s, n in zip(symbols, amounts, strict=False))
        large = ", ".join(f"{s} ${n}000" for s, n in zip(symbols, amounts, strict=False))
        one, other = (values(ask("allocation", holdings=text)) for text in (small, large))
        assert one["volatility"] == pytest.approx(other["volatility"])
        assert one["diversification_ratio"] >= 1 - 1e-9


class TestMix:
    def test_the_whole_market_is_both_indices_by_cap(self) -> None:
        pair = universe.pair(sample())
        small, large = (side.frame["market_cap"].sum() for side in (pair.small, pair.large))
        report = ask("allocation", holdings="VTI 100")
        assert mix(report, "index") == pytest.approx(
            {"R2000": small / (small + large), "R1000": large / (small + large), "neither": 0, "cash": 0, "unknown": 0}
        )
        for row in rows(report, "cap_mix"):
            assert row["portfolio"] == pytest.approx(row["market"])
        assert values(report)["share.small"] == pytest.approx(values(report)["share.small.market"])

    def test_sizes_in_plain_counting(self) -> None:
        """IWM by its weights: every member with a cap goes to its size, the rest are scaled away."""
        frame = universe.members(sample(), "R2000").frame
        known = frame[frame["market_cap"] > 0]
        mid = known[(known["market_cap"] >= 2e9) & (known["market_cap"] < 10e9)]["weight"].sum() / known["weight"].sum()
        assert mix(ask("allocation", holdings="IWM 100"), "size")["mid"] == pytest.approx(mid)

    def test_companies_by_their_own_cap_and_index(self) -> None:
        """GME: 10.1 bn at the cap of July 2026, Russell 1000 since the reconstitution; NVDA is mega."""
        found = ask("allocation", holdings="NVDA 70, GME 30")
        assert mix(found, "index")["R1000"] == pytest.approx(1)
        assert mix(found, "size")["mega"] == pytest.approx(0.7)
        cap = universe.members(sample(), "R1000").frame.loc["GME", "market_cap"]
        assert mix(found, "size")["large" if cap >= 10e9 else "mid"] == pytest.approx(0.3)

    def test_a_member_without_a_cap_is_said(self) -> None:
        report = ask("allocation", holdings="BRK.B 100")
        assert mix(report, "index")["R1000"] == 1
        assert mix(report, "size")["unknown"] == 1
        assert "No market cap is stored for BRKB." in report.notes

    def test_a_fund_known_by_its_largest_holdings_alone(self) -> None:
        report = ask("allocation", holdings="QQQ 100")
        largest = sum(h["weight"] for h in sample().fund_facts("QQQ").values["top_holdings"])
        assert mix(report, "index")["unknown"] == pytest.approx(1 - largest)
        assert any("Of QQQ only the largest holdings are stored, 47% of it" in note for note in report.notes)
        assert "as far as 47% of it can tell" in report.headline

    def test_stand_ins_are_named(self) -> None:
        assert any("Members of SPY are not stored" in note and "IWB" in note for note in TODAY.notes)
        assert mix(ask("allocation", holdings="IWO 50, IWN 50"), "index")["R2000"] == pytest.approx(1)

    def test_the_seven_are_mega(self) -> None:
        assert mix(ask("allocation", holdings="MAGS 100"), "size")["mega"] == pytest.approx(1)

    def test_views_sum_to_one(self) -> None:
        report = ask("allocation", holdings="SPY 20, IWM 10, QQQ 20, KRE 20, GME 10, CASH 20")
        for view in ("index", "size"):
            assert sum(mix(report, view).values()) == pytest.approx(1)


class TestShares:
    def test_at_the_last_close(self) -> None:
        """10 shares of IWM at 291.20 and 2 of SPY at 747.03: 2,912.00 and 1,494.06 dollars."""
        report = ask("allocation", holdings="IWM 10 shares, SPY 2 shares")
        assert values(report)["value"] == pytest.approx(10 * 291.200012 + 2 * 747.030029)
        weights = {row["symbol"]: row["weight"] for row in rows(report, "risk_contribution")}
        assert weights["IWM"] == pytest.approx(2912.00012 / 4406.060178)

    def test_of_companies_at_the_newest_stored_price(self) -> None:
        report = ask("allocation", holdings="GME 20 shares, IWM $100")
        assert any("Shares of GME are counted at its price of" in note for note in report.notes)
        held = sample().holdings("IWB").frame.set_index("symbol")["price"]
        assert values(report)["value"] == pytest.approx(20 * held["GME"] + 100)

    def test_without_any_price(self) -> None:
        with pytest.raises(MissingData):
            ask("allocation", holdings="IWO 20 shares")


class TestMissing:
    def test_companies_without_daily_prices(self) -> None:
        report = ask("allocation", holdings="SPY 60, GME 40")
        assert values(report)["coverage.weight"] == pytest.approx(0.6)
        assert any("No daily prices are stored for GME" in note and "60%" in note for note in report.notes)
        assert values(report)["volatility"] == pytest.approx(
            values(ask("allocation", holdings="SPY 100"))["volatility"]
        )

    def test_no_prices_at_all(self) -> None:
        report = ask("allocation", holdings="GME 100")
        assert values(report)["volatility"] is None
        assert values(report)["max_drawdown"] is None
        assert report.headline.endswith("of the whole market, 4%.")
        assert "No daily prices are stored for GME: there is neither risk nor past to show." in report.notes

    @pytest.mark.parametrize(
        ("holdings", "told"),
        [
            ("CASH 100", "Cash alone has neither risk nor past to show."),
            ("GME 50, CASH 50", "No daily prices are stored for GME: there is neither risk nor past to show."),
        ],
    )
    def test_cash_and_nothing_else_with_prices(self, holdings: str, told: str) -> None:
        report = ask("allocation", holdings=holdings)
        assert told in report.notes
        assert not any("the other 0%" in note for note in report.notes)

    def test_unknown_symbols(self) -> None:
        with pytest.raises(UnknownSymbol):
            ask("allocation", holdings="ZZZZZ 100")

    def test_before_members_were_known(self) -> None:
        report = ask("allocation", "2020-02-28", holdings="SPY 50, IWM 50")
        assert report.headline.startswith("What these holdings are made of is not stored for this day")
        assert values(report)["share.small"] is None
        assert values(report)["beta.small"] is not None

    def test_a_fund_listed_yesterday(self) -> None:
        report = ask("allocation", "2023-04-12", holdings="SPY 50, MAGS 50")
        assert values(report)["volatility"] is None
        assert any("Risk takes 252 common daily returns" in note for note in report.notes)
        assert any("MAGS is younger than the window" in note for note in report.notes)

    def test_the_start_of_1998(self) -> None:
        report = ask("allocation", "1998-01-02", holdings="SPY 60, IWM 40")
        assert values(report)["max_drawdown"] is None
        assert any("No daily prices are stored for IWM" in note for note in report.notes)

    def test_no_small_caps_to_shift_to_yet(self) -> None:
        report = ask("allocation", "1999-12-31", holdings="SPY 100", window="1y")
        assert len(rows(report, "shift")) == 1
        assert any("no shift to it can be shown" in note for note in report.notes)


def test_the_card() -> None:
    assert TODAY.headline == (
        "20% of this is in small caps of the Russell 2000; of the whole market, 4%. SPY carries 45% of the risk with "
        "60% of the money."
    )
    assert len(TODAY.figures) == 6
    assert any("40 companies in both are counted in IWB alone" in note for note in TODAY.notes)


def test_one_holding_says_so() -> None:
    assert ask("allocation", holdings="IWM 100").headline.endswith("All of the risk is IWM.")


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2026, 6, 10), date(2026, 7, 17)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    assert_nothing_leaks("allocation", day, holdings="SPY 50, IWM 20, GME 20, CASH 10")


TWELVE = "SPY 10, IWM 10, NVDA 10, QQQ 10, IWO 10, IWN 10, KRE 5, XLY 5, XLP 5, TLT 5, AAPL 10, MAGS 10"


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("holdings", [EXAMPLE, TWELVE, "IWM 100", "CASH 100", "QQQ 50, GME 30, CASH 20"])
def test_pictures_are_legible(holdings: str, theme: Theme) -> None:
    drawn(ask("allocation", holdings=holdings), theme)


def test_pictures_show_the_numbers() -> None:
    figures = drawn(TODAY)
    assert {"45%", "60%", "36%", "SPY", "NVDA"} <= set(words(figures["risk"]))
    assert {"mega", "56%", "57%", "This portfolio"} <= set(words(figures["cap_mix"]))
    assert "5 others" in words(drawn(ask("allocation", holdings=TWELVE))["risk"])


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("allocation", holdings="SPY 50, GME 20, QQQ 30")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.label.startswith("⟦") for stat in report.stats)
