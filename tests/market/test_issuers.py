from datetime import date
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.issuers import _parts, grouped, share_classes

FULL = Dataset.open("sample")
NAN = float("nan")


def classes(*rows: tuple[str, str, float]) -> dict[str, str]:
    frame = pd.DataFrame(rows, columns=["symbol", "name", "shares"]).set_index("symbol")
    return share_classes(frame)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("ALPHABET INC CLASS C", "ALPHABET"),
        ("Alphabet Inc.", "ALPHABET"),
        ("NEWS CORP CLASS B", "NEWS"),
        ("News Corporation", "NEWS"),
        ("LIBERTY MEDIA FORMULA ONE SERIES A", "LIBERTY MEDIA FORMULA ONE"),
        ("ATLANTA BRAVES HOLDINGS INC SERIES", "ATLANTA BRAVES HOLDINGS"),
        ("U HAUL NON VOTING SERIES N", "U HAUL"),
        ("HEICO CORP CLASS A", "HEICO"),
        ("Wiley (John) & Sons, Inc.", "WILEY JOHN SONS"),
    ],
)
def test_the_stem_of_a_name(name: str, short: str) -> None:
    assert _parts(name)[0] == short


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("GOOGL", "ALPHABET INC CLASS A", 12.20e9), ("GOOG", "ALPHABET INC CLASS C", 12.20e9)),
        (("FOXA", "FOX CORP CLASS A", 419.9e6), ("FOX", "FOX CORP CLASS B", 419.9e6)),
        (("BRKB", "BERKSHIRE HATHAWAY INC CLASS B", NAN), ("BRKA", "BERKSHIRE HATHAWAY INC CLASS A", NAN)),
        (("HEIA", "HEICO CORP CLASS A", NAN), ("HEI", "HEICO CORP", 139.7e6)),
        (("UHALB", "U HAUL NON VOTING SERIES N", NAN), ("UHAL", "U HAUL HOLDING", 190.0e6)),
        (("BELFB", "BEL FUSE INC CLASS B", 13.8e6), ("BELFA", "BEL FUSE INC CLASS A", 12.4e6)),  # the vendor errs
        (("CENTA", "CENTRAL GARDEN AND PET CLASS A", 62.57e6), ("CENT", "CENTRAL GARDEN AND PET", 62.57e6)),
        (("SATS", "EchoStar Corporation", 289.81e6), ("ECHO", "EchoStar Corporation", 289.81e6)),  # renamed
    ],
)
def test_classes_of_one_company(first: tuple[str, str, float], second: tuple[str, str, float]) -> None:
    assert classes(first, second) == {first[0]: first[0], second[0]: first[0]}
    assert set(classes(second, first).values()) == {second[0]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("FBNC", "FIRST BANCORP", 41.4e6), ("FBP", "FIRST BANCORP", 154.7e6)),
        (("FBNC", "FIRST BANCORP", 41.4e6), ("FNLC", "FIRST BANCORP INC", 11.3e6)),
        (("IBCP", "INDEPENDENT BANK CORP", 20.6e6), ("INDB", "INDEPENDENT BANK CORP", 48.2e6)),
        (("IBCP", "INDEPENDENT BANK CORP", NAN), ("INDB", "INDEPENDENT BANK CORP", NAN)),
        (("GHC", "GRAHAM HOLDINGS COMPANY CLASS B", NAN), ("GHM", "GRAHAM CORP", NAN)),
        (("MRBK", "MERIDIAN CORP", NAN), ("MRDN", "MERIDIAN HOLDINGS INC", NAN)),
        (("AAA", "", NAN), ("AAB", "", NAN)),
    ],
)
def test_companies_that_share_a_name(first: tuple[str, str, float], second: tuple[str, str, float]) -> None:
    assert classes(first, second) == {first[0]: first[0], second[0]: second[0]}


def test_three_classes_are_one_company_and_the_first_stands_for_it() -> None:
    rows = [("XB", "Acme Inc Class B", NAN), ("XK", "Acme Inc Class K", 5e6), ("XA", "Acme Inc Class A", 5e6)]
    assert grouped(classes(*rows)) == {"XB": ("XB", "XK", "XA")}


@given(st.permutations(["FOXA", "FOX", "FBNC", "FBP", "GOOG", "GOOGL", "FNLC"]))
def test_the_order_changes_only_who_stands_for_whom(order: list[str]) -> None:
    known = {
        "FOXA": ("Fox Corp Class A", 4.2e8), "FOX": ("Fox Corp Class B", 4.2e8), "FBNC": ("First Bancorp", 4.1e7),
        "FBP": ("First Bancorp", 1.5e8), "GOOG": ("Alphabet C", 1.2e10), "GOOGL": ("Alphabet C", 1.2e10),
        "FNLC": ("The First Bancorp Inc", 1.1e7),
    }  # fmt: skip
    found = grouped(classes(*((symbol, *known[symbol]) for symbol in order)))
    companies = [("FOX", "FOXA"), ("GOOG", "GOOGL"), ("FBNC",), ("FBP",), ("FNLC",)]
    assert {frozenset(symbols) for symbols in found.values()} == {frozenset(symbols) for symbols in companies}
    assert all(owner == min(symbols, key=order.index) for owner, symbols in found.items())


def sample_classes(index: str) -> dict[str, tuple[str, ...]]:
    members = universe.members(FULL, index)
    return {issuer: symbols for issuer, symbols in members.classes().items() if len(symbols) > 1}


def test_the_share_classes_among_the_small() -> None:
    assert {frozenset(symbols) for symbols in sample_classes("R2000").values()} == {
        frozenset(pair)
        for pair in [
            ("BATRA", "BATRK"), ("BELFA", "BELFB"), ("CENT", "CENTA"), ("GEF", "GEFB"), ("LILA", "LILAK"),
            ("RUSHA", "RUSHB"),
        ]
    }  # fmt: skip


def test_the_share_classes_among_the_large() -> None:
    assert {frozenset(symbols) for symbols in sample_classes("R1000").values()} == {
        frozenset(pair)
        for pair in [
            ("GOOG", "GOOGL"), ("BFA", "BFB"), ("FOX", "FOXA"), ("HEI", "HEIA"), ("LBRDA", "LBRDK"), ("LBTYA", "LBTYK"),
            ("LEN", "LENB"), ("LLYVA", "LLYVK"), ("FWONA", "FWONK"), ("NWS", "NWSA"), ("UHAL", "UHALB"), ("Z", "ZG"),
        ]
    }  # fmt: skip


def test_vendors_give_every_class_the_whole_company_as_shares() -> None:
    caps = universe.market_caps(FULL.at(date(2026, 7, 2)))["shares"]
    for symbols in (*sample_classes("R2000").values(), *sample_classes("R1000").values()):
        known = [caps[symbol] for symbol in symbols if symbol in caps.index and "BELF" not in symbol]
        assert all(one == pytest.approx(other, rel=0.001) for one, other in combinations(known, 2))
