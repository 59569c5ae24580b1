"""The builder on a folder laid out like the recorded one: real files where there are any, a few rows elsewhere."""

import gzip
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bot.errors import MissingData
from bot.market.archive import Archive
from bot.market.catalogue import Catalogue
from bot.market.dataset import Dataset
from bot.market.sample import build, recorded

DATA = Path(__file__).parents[1] / "data"
FULL = Dataset.open("sample")
FACTS = {
    "ticker": "IWM", "longName": "iShares Russell 2000 ETF", "category": "Small Blend", "fundFamily": "iShares",
    "totalAssets": 71915577344, "expenseRatio": 0.19, "yield": 0.010199999, "fundInceptionDate": 958953600,
    "navPrice": 279.42856, "beta3Year": 1.32, "topHoldings": [], "fetchedAt": "2026-05-03T22:16:21.144086",
}  # fmt: skip
SNAPSHOT = (
    "symbol,name,sector,market_cap,price,return_1m,return_3m,return_6m,return_ytd,return_1y,high_52w,low_52w,"
    "average_50d,average_200d,pe_trailing,pe_forward_fy2,eps_fy2,price_to_book,revenue_fy,net_margin\n"
)
TEXTS = {
    "prices/VB.csv": "date,adjusted_close\n2025-12-30,260.1\n2025-12-31,258.7\n",
    "prices/VIX.csv": "date,close\n2025-12-25,14.0\n2025-12-26,13.6\n",  # Christmas is no session
    "prices/NVDA.csv": "date,adjusted_close\n2025-12-31,186.5\n",
    "ohlc/IWM.csv": "date,open,high,low,close,volume\n2025-12-31,248.1,248.9,246.2,246.3,22503800\n",
    "ohlc/NVDA.csv": "date,open,high,low,close\n2025-12-31,186.1,188.0,185.9,186.5\n",
    "macro/DGS2.csv": "observation_date,DGS2\n2025-12-24,3.53\n2025-12-25,\n2025-12-26,3.46\n",
    "macro/ICSA.csv": "observation_date,ICSA\n2025-12-20,214000\n",
    "macro/fomc_meetings.csv": "decision_date\n2025-12-10\n2026-01-28\n",
    "macro/fed_target_changes.csv": "decision_date,lower,upper\n2025-10-29,3.75,4.00\n2025-12-10,3.50,3.75\n",
    "macro/fed_funds_futures.csv": "date,contract,close\n2025-12-31,202612,96.815\n",
    "market/snapshot_2025-12-30.csv": SNAPSHOT
    + "NVDA,NVIDIA Corporation,Technology,4550000000000,186.9,,2.5,12.25,,40,212.2,86.6,,,46.4,,,,1.3e11,0.53\n",
    "market/estimates_2025-12-30.csv": (
        "symbol,price,analysts,eps_fy1,eps_fy1_30d_ago,eps_fy1_90d_ago,eps_fy2,eps_fy2_90d_ago,revisions_up_30d,"
        "revisions_down_30d,short_shares,short_share_of_float,days_to_cover\n"
        "BRK-B,498.5,5,21.1,21.0,20.9,20.75045,20.5,3,0,10963479,0.0079,2.2\n"
    ),
    "market/fundamentals_2025-12-30.csv": (
        "symbol,sector,market_cap,enterprise_value,ev_to_sales,ev_to_ebitda,price_to_sales,price_to_book,pe_trailing,"
        "pe_forward_fy2,net_margin,operating_margin,return_on_equity,total_debt,total_cash,beta,short_share_of_float\n"
        "NA,,1000000.0,,,,,,,,0.0,0.0,,,,,\n"
    ),
    "market/market_2025-12-30.csv": "symbol,price,market_cap,float_shares,low_52w,high_52w\nNA,3.1,1e6,90000,1,9\n",
    "market/short_interest_2026-05-15.csv": "symbol,short_shares\nBRKB,10963479\nNA,1093000\n",
    "market/funds/IWM.meta.json": json.dumps(FACTS),
}


_REAL = ("ishares/IWM_holdings_2026-05-05.csv", "ishares/IWB_holdings_2026-07-17.csv", "finra/shrt20260715.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the folder out."""
    place = tmp_path_factory.mktemp("recorded")
    for name, body in TEXTS.items():
        path = place / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
    shutil.copy(DATA / "market" / "IWM_2021-12-31_2025-12-31.csv", place / "sample" / "prices" / "IWM.csv")
    for name in _REAL:
        target = place / "raw" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.decompress((DATA / "vendors" / f"{name}.gz").read_bytes()))
    return place


@pytest.fixture(scope="module")
def built(folder: Path) -> Path:
    target = folder / "sample.zip"
    assert build.build(folder, target).startswith("sample-2025-12-31-")
    return target


def test_the_same_folder_gives_the_same_bytes(folder: Path, built: Path) -> None:
    build.build(folder, folder / "again.zip")
    assert (folder / "again.zip").read_bytes() == built.read_bytes()


def test_prices_of_each_basis(built: Path) -> None:
    data = Dataset.open(built)
    assert {symbol: data.basis(symbol) for symbol in data.symbols()} == {
        "IWM": "price", "NVDA": "adjusted", "VB": "adjusted", "VIX": "level",
    }  # fmt: skip
    assert data.closes("IWM").equals(FULL.closes("IWM")["2021-12-31":"2025-12-31"])
    assert data.closes("VIX").to_dict() == {pd.Timestamp("2025-12-26"): 13.6}
    assert data.name("NVDA") == "NVIDIA Corporation"
    assert data.ohlc("IWM")["volume"].tolist() == [22503800]
    assert data.ohlc("NVDA")["volume"].isna().all()


def test_numbers_in_percent_become_fractions_and_blanks_stay_blank(built: Path) -> None:
    data = Dataset.open(built)
    yields = data.macro_known("DGS2")
    assert yields["value"].to_dict() == {pd.Timestamp("2025-12-24"): 0.0353, pd.Timestamp("2025-12-26"): 0.0346}
    assert yields["known"].tolist() == [pd.Timestamp("2025-12-26"), pd.Timestamp("2025-12-29")]
    nvidia = data.snapshot().frame.loc["NVDA"]
    assert (nvidia["return_3m"], nvidia["return_6m"], nvidia["return_1y"]) == (0.025, 0.1225, 0.4)
    assert np.isnan(nvidia["return_1m"])
    assert data.fed_changes()["upper"].tolist() == [0.04, 0.0375]


def test_the_symbol_na_is_one_and_share_classes_lose_their_hyphen(built: Path) -> None:
    data = Dataset.open(built)
    assert list(data.fundamentals().frame.index) == ["NA"]
    assert data.fundamentals().frame["sector"].tolist() == [""]
    assert list(data.estimates().frame.index) == ["BRKB"]


def test_members_and_positions_are_those_of_the_real_files(built: Path) -> None:
    ours, sample = Archive(built), Archive("sample")
    for table in ("holdings",):
        for column in ("symbol", "name"):
            np.testing.assert_array_equal(ours.texts(table, column), sample.texts(table, column))
        for column in ("weight", "shares", "price", "market_value"):
            np.testing.assert_array_equal(ours.column(table, column), sample.column(table, column))
    july = np.datetime64("2026-07-15")
    kept = [version.column("short_interest", "settlement") == july for version in (ours, sample)]
    for column in ("short_shares", "previous_shares", "average_volume", "days_to_cover", "published"):
        mine, theirs = (v.column("short_interest", column)[k] for v, k in zip((ours, sample), kept, strict=True))
        np.testing.assert_array_equal(mine, theirs)


def test_files_dated_after_the_last_price_wait_for_their_day(built: Path) -> None:
    data = Dataset.open(built)
    for ask in (lambda: data.holdings("IWM"), data.short_interest, lambda: data.fund_facts("IWM")):
        with pytest.raises(MissingData) as missing:
            ask()
        assert missing.value.first in {date(2026, 5, 5), date(2026, 5, 28), date(2026, 5, 3)}


def test_facts_are_under_our_own_names(built: Path) -> None:
    facts = json.loads(Archive(built).texts("fund_facts", "facts")[0])
    assert facts["expense_ratio"] == 0.0019
    assert (facts["assets"], facts["nav"], facts["inception"]) == (71915577344, 279.42856, "2000-05-22")
    assert "top_holdings" not in facts  # an empty list says nothing
    assert "fiftyTwoWeekHigh" not in facts


def test_names_come_from_the_best_source(folder: Path, built: Path) -> None:
    names = recorded.companies(folder)
    assert names["NVDA"] == "NVIDIA Corporation"  # the snapshot's, not FINRA's
    assert names["IWM"] == "iShares Russell 2000 ETF"
    assert names["BRKB"] == "BERKSHIRE HATHAWAY Class B"  # FINRA's, whole
    assert names["BE"].startswith("Bloom Energy")
    assert Catalogue.load(built).listed["NVDA"] == "NVIDIA Corporation"


def test_the_command_writes_beside_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--help"]) == 2
    assert "FOLDER" in capsys.readouterr().err
