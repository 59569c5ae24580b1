from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bot.errors import MissingData
from bot.i18n import use
from bot.market import caps, universe
from bot.market.dataset import Dataset
from bot.market.frames import Frame
from tests.market.small import bars, dataset_of, instrument

FULL = Dataset.open("sample")
NAN = float("nan")


def caps_frame(**rows: tuple[float, float]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["market_cap", "price"])
    return frame.assign(shares=frame["market_cap"] / frame["price"], cap_date=pd.Timestamp("2026-07-02"))


def listed(**rows: tuple[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["name", "weight"])
    return frame.assign(sector="Industrials")


def members_of(*groups: tuple[str, ...]) -> universe.Members:
    frame = pd.DataFrame({"symbols": pd.Series({group[0]: group for group in groups}, dtype=object)})
    return universe.Members("R2000", "IWM", date(2026, 5, 5), "iShares", frame)


# the pure parts


def test_classes_are_added_up_into_one_row() -> None:
    rows = listed(AAB=("Acme Class B", 0.03), AAA=("Acme Class A", 0.01), CCC=("Other", 0.02))
    frame = universe.by_issuer(
        rows, caps_frame(AAA=(900.0, 9.0), CCC=(50.0, 5.0)), {"AAB": "AAB", "AAA": "AAB", "CCC": "CCC"}
    )
    assert frame["symbols"].to_dict() == {"AAB": ("AAB", "AAA"), "CCC": ("CCC",)}
    assert frame["weight"].to_dict() == pytest.approx({"AAB": 0.04, "CCC": 0.02})
    assert frame.loc["AAB", ["market_cap", "price", "shares"]].tolist() == [900.0, 9.0, 100.0]  # the class that has one


def test_an_issuer_without_a_cap_stays_and_is_empty() -> None:
    frame = universe.by_issuer(listed(AAA=("Acme", 1.0)), caps_frame(CCC=(1.0, 1.0)), {"AAA": "AAA"})
    assert frame.loc["AAA", ["market_cap", "price", "shares"]].isna().all()
    assert pd.isna(frame.loc["AAA", "cap_date"])


def test_figures_of_all_classes_are_summed() -> None:
    members = members_of(("GOOGL", "GOOG"), ("FOXA", "FOX"), ("NEW",))
    short = pd.Series({"GOOGL": 10.0, "GOOG": 5.0, "FOX": 2.0, "OTHER": 99.0})
    assert universe.add_up(members, short)[:2].tolist() == [15.0, 2.0]
    assert np.isnan(universe.add_up(members, short)["NEW"])


def test_the_first_class_with_a_value_speaks_for_the_company() -> None:
    members = members_of(("HEIA", "HEI"), ("FOXA", "FOX"), ("NEW",))
    market = pd.DataFrame({"eps": {"HEIA": NAN, "HEI": 4.5, "FOXA": 3.0, "FOX": 9.0}, "sector": {"HEI": "Industrials"}})
    found = universe.attach(members, market, ["eps", "sector"])
    assert found["eps"].tolist()[:2] == [4.5, 3.0]
    assert np.isnan(found.loc["NEW", "eps"])
    assert "eps" not in members.frame


def test_missing_texts_are_empty() -> None:
    market = pd.DataFrame({"sector": pd.Series({"AAA": "Energy"}, dtype="str")})
    assert universe.attach(members_of(("AAA",), ("BBB",)), market, ["sector"])["sector"].tolist() == ["Energy", ""]


def cap_file(day: str, **rows: tuple[float, float]) -> Frame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["market_cap", "price"])
    return Frame(date.fromisoformat(day), frame, "Yahoo Finance")


def test_caps_are_those_of_the_nearest_file_of_two_as_near_the_later() -> None:
    files = [cap_file("2026-07-02", A=(30.0, 3.0)), cap_file("2026-06-30", A=(20.0, 2.0), B=(5.0, 1.0)),
             cap_file("2026-05-20", A=(10.0, 1.0), C=(7.0, 1.0))]  # fmt: skip
    near = {
        day: caps.nearest_caps(files, date.fromisoformat(day)) for day in ("2026-07-31", "2026-07-01", "2026-05-15")
    }
    assert near["2026-07-31"]["market_cap"].to_dict() == {"A": 30.0, "B": 5.0, "C": 7.0}
    assert near["2026-07-01"].loc["A", "market_cap"] == 30.0
    assert near["2026-05-15"].loc["A", ["market_cap", "shares"]].tolist() == [10.0, 10.0]
    assert near["2026-07-31"].loc["C", "cap_date"] == pd.Timestamp("2026-05-20")


def test_caps_older_than_ninety_days_are_unknown() -> None:
    file = cap_file("2026-04-30", A=(10.0, 1.0))
    assert list(caps.nearest_caps([file], date(2026, 7, 29)).index) == ["A"]
    assert caps.nearest_caps([file], date(2026, 7, 30)).empty


def test_caps_of_nought_are_none_and_a_cap_without_a_price_is_the_last_resort() -> None:
    priced = [cap_file("2026-06-09", A=(10.0, 1.0), B=(0.0, 1.0), C=(5.0, NAN))]
    bare = [cap_file("2026-07-31", A=(99.0, NAN), B=(8.0, NAN))]
    found = caps.nearest_caps(priced, date(2026, 7, 31), bare)
    assert found["market_cap"].to_dict() == {"A": 10.0, "B": 8.0}
    assert np.isnan(found.loc["B", "shares"])
    assert caps.nearest_caps([], date(2026, 7, 31)).empty


def test_ranks_count_companies_and_weigh_by_cap() -> None:
    market = pd.DataFrame({"name": ["Acme Class A", "Acme Class B", "Big", "Mid", "Uncapped"], "sector": ""},
                          index=["AAA", "AAB", "BIG", "MID", "ZZZ"])  # fmt: skip
    known = caps_frame(AAA=(60.0, 6.0), AAB=(50.0, 5.0), BIG=(100.0, 1.0), MID=(20.0, 1.0))
    assert universe.by_rank(market, known, 1, 2)["weight"].to_dict() == pytest.approx(
        {"BIG": 100 / 160, "AAA": 60 / 160}
    )
    assert list(universe.by_rank(market, known, 3, 9).index) == ["MID"]
    assert universe.by_rank(market, known, 4, 9).empty


# on the sample


def test_the_members_of_the_sample() -> None:
    small, large = universe.members(FULL, "R2000"), universe.members(FULL, "R1000")
    assert (len(small), len(large)) == (1916 - 6, 1023 - 12)  # six and twelve second classes
    assert (small.fund, small.date, large.date) == ("IWM", date(2026, 5, 5), date(2026, 7, 17))
    assert small.frame["weight"].sum() == pytest.approx(FULL.holdings("IWM").frame["weight"].sum())
    assert (small.frame["market_cap"].dropna() > 0).all()
    alphabet = large.frame.loc["GOOGL"]
    assert alphabet["symbols"] == ("GOOGL", "GOOG")
    snapshot = FULL.snapshot().frame
    assert alphabet["market_cap"] == snapshot.loc["GOOGL", "market_cap"]
    assert alphabet["shares"] == pytest.approx(
        snapshot.loc["GOOG", "market_cap"] / snapshot.loc["GOOG", "price"], rel=1e-6
    )


def test_issuers_in_lists_of_two_epochs_count_in_the_later_one_alone() -> None:
    pair = universe.pair(FULL)
    both = set(FULL.holdings("IWM").frame["symbol"]) & set(FULL.holdings("IWB").frame["symbol"])
    assert pair.between == date(2026, 6, 26)
    assert set(pair.small.handed_over) == both
    assert len(both) == 40
    assert "BE" in both
    assert len(pair.small) == 1910 - 40
    assert len(pair.large) == 1011
    assert not set(pair.small.frame.index) & set(pair.large.frame.index)
    said = universe.words(pair)
    assert said is not None
    assert "26 Jun 2026" in said
    assert "40 companies" in said
    assert "IWB alone" in said


def test_the_order_of_a_pair_does_not_matter() -> None:
    one, other = universe.pair(FULL), universe.pair(FULL, "R1000", "R2000")
    pd.testing.assert_frame_equal(one.small.frame, other.large.frame)
    pd.testing.assert_frame_equal(one.large.frame, other.small.frame)
    assert universe.words(one) == universe.words(other)


def test_lists_of_one_epoch_keep_all_their_members(tmp_path: Path) -> None:
    def held(fund: str, day: date, *symbols: str) -> list[dict[str, object]]:
        return [{"fund": fund, "day": day, "symbol": s, "name": f"{s} Inc", "weight": 0.5} for s in symbols]

    def lists(folder: str, first: date, second: date) -> universe.Pair:
        data = dataset_of(
            tmp_path / folder, instruments=[instrument("IWM")], bars=bars("IWM", date(2026, 7, 1), [1.0] * 20),
            holdings=[*held("IWM", first, "ONE", "TWO"), *held("IWB", second, "TWO", "SIX")],
        )  # fmt: skip
        return universe.pair(data)

    same = lists("same", date(2026, 7, 1), date(2026, 7, 2))
    assert same.between is None
    assert universe.words(same) is None
    assert (list(same.small.frame.index), list(same.large.frame.index)) == (["ONE", "TWO"], ["SIX", "TWO"])
    earlier_large = lists("large", date(2026, 7, 1), date(2026, 5, 1))
    assert (list(earlier_large.small.frame.index), list(earlier_large.large.frame.index)) == (["ONE", "TWO"], ["SIX"])
    assert earlier_large.large.handed_over == ("TWO",)


def test_before_a_list_is_known_ranks_stand_in_and_say_so() -> None:
    seen = FULL.at(date(2026, 7, 10))
    pair = universe.pair(seen)
    assert (pair.small.by_rank, pair.large.by_rank) == (False, True)
    assert pair.large.date == date(2026, 7, 2)
    assert not set(pair.small.frame.index) & set(pair.large.frame.index)
    assert len(pair.large) + len(pair.large.handed_over) == 1000
    assert "ranks 1 to 1,000" in str(universe.words(pair))
    assert universe.indices(seen) == ("R2000", "MAG7")


def test_without_list_and_snapshot_the_members_are_missing() -> None:
    for day, index in [(date(2026, 6, 10), "R1000"), (date(2026, 5, 4), "R2000"), (date(2026, 7, 31), "NDX"),
                       (date(2026, 7, 31), "SP500")]:  # fmt: skip
        with pytest.raises(MissingData):
            universe.members(FULL.at(day), index)
    with pytest.raises(KeyError):
        universe.members(FULL, "DAX")


def test_the_seven_are_equally_weighted_issuers() -> None:
    seven = universe.members(FULL, "MAG7")
    assert set(seven.frame.index) == {"AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA"}
    assert seven.frame["weight"].tolist() == pytest.approx([1 / 7] * 7)
    assert universe.pair(FULL, "R2000", "MAG7").between is None


def test_caps_follow_the_day_asked_for() -> None:
    now, then = universe.market_caps(FULL), universe.market_caps(FULL, date(2026, 5, 15))
    assert now.loc["AA", "cap_date"] == pd.Timestamp("2026-07-02")
    assert then.loc["AA", "cap_date"] == pd.Timestamp("2026-06-09")
    assert then.loc["AA", "price"] == 67.27
    on_the_day = universe.market_caps(FULL.at(date(2026, 6, 10)))
    assert set(on_the_day["cap_date"]) == {pd.Timestamp("2026-06-09")}
    assert universe.market_caps(FULL.at(date(2026, 6, 8))).empty


def test_the_short_interest_of_may_as_published() -> None:
    """7.6% of market cap, the median stock 5.2%: with the market's caps of June, on three quarters of the weight."""
    members = universe.members(FULL, "R2000", near=date(2026, 5, 15))
    dated = members.frame[members.frame["cap_date"] == pd.Timestamp("2026-06-09")]
    short = universe.add_up(members, FULL.short_interest(date(2026, 5, 15)).frame["short_shares"]).reindex(dated.index)
    known = dated[short.notna()]
    assert (short * known["price"]).sum() / known["market_cap"].sum() == pytest.approx(0.076, abs=0.001)
    assert (short / known["shares"]).median() == pytest.approx(0.0524, abs=0.0005)
    assert len(known) == pytest.approx(1424, abs=10)
    assert known["weight"].sum() == pytest.approx(0.75, abs=0.01)


def test_what_a_caller_does_to_members_stays_with_him() -> None:
    taken = universe.members(FULL, "R2000").frame
    taken["weight"] = 0.0
    assert universe.members(FULL, "R2000").frame["weight"].max() > 0


def test_the_sentence_is_translated() -> None:
    with use("en_XA"):
        said = universe.words(universe.pair(FULL))
    assert said is not None
    assert said.startswith("⟦")
    assert said.endswith("⟧")
