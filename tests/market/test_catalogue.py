import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market import archive, calendar
from bot.market.catalogue import Catalogue, File
from bot.market.dataset import Dataset
from bot.market.version import files_of
from tests.market.small import bars, instrument, tables_of

KNOWN = Catalogue.load("sample")
FULL = Dataset.open("sample")


def test_it_is_read_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from bot.market.catalogue import Catalogue; Catalogue.load('sample');"
        "print(sorted({'pandas', 'numpy', 'exchange_calendars', 'sqlalchemy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_says_what_the_dataset_holds() -> None:
    assert (KNOWN.version, KNOWN.last_session) == (FULL.version, FULL.last)
    assert KNOWN.first_session == FULL.sessions[0].date()
    assert list(KNOWN.symbols) == list(FULL.symbols())
    for symbol, facts in KNOWN.symbols.items():
        series = FULL.closes(symbol) if facts.basis == "level" else FULL.total_return(symbol)
        assert (facts.first, facts.last) == (series.index[0].date(), series.index[-1].date())
        assert (facts.name, facts.basis) == (FULL.name(symbol), FULL.basis(symbol))
    assert list(KNOWN.fomc) == [stamp.date() for stamp in FULL.fomc_meetings()]
    assert set(FULL.short_interest().frame.index) >= {"GME", "NA", "BRKB"} <= set(KNOWN.listed)


def test_its_calendar_is_the_exchanges() -> None:
    ahead = KNOWN.last_session + timedelta(days=400)
    expected = calendar.sessions(KNOWN.first_session, ahead)
    assert KNOWN.sessions == tuple(session.day for session in expected)
    assert KNOWN.early_closes == {session.day: session.close for session in expected if session.early}
    assert all(KNOWN.close(session.day) == session.close for session in expected)
    assert KNOWN.settlements[date(2026, 7, 31)] == calendar.publication_date(date(2026, 7, 31))
    assert KNOWN.settlements[date(2026, 5, 15)] == date(2026, 5, 28)


@pytest.mark.parametrize(
    ("moment", "session"),
    [
        (datetime(2026, 7, 17, 19, 59, tzinfo=UTC), date(2026, 7, 16)),  # a minute before the close
        (datetime(2026, 7, 17, 20, 0, tzinfo=UTC), date(2026, 7, 17)),
        (datetime(2026, 7, 18, 12, 0, tzinfo=UTC), date(2026, 7, 17)),  # Saturday
        (datetime(2026, 7, 20, 3, 0, tzinfo=UTC), date(2026, 7, 17)),  # still Sunday in New York
        (datetime(2025, 11, 28, 18, 0, tzinfo=UTC), date(2025, 11, 28)),  # an early close
        (datetime(2025, 11, 28, 17, 59, tzinfo=UTC), date(2025, 11, 26)),
        (datetime(2026, 9, 1, 0, 0, tzinfo=UTC), date(2026, 7, 31)),  # the data ends before
    ],
)
def test_the_last_session_known_at_a_moment(moment: datetime, session: date) -> None:
    assert KNOWN.last_known(moment) == session


def test_the_next_session() -> None:
    assert KNOWN.next_session(KNOWN.sessions[-1]) is None
    assert KNOWN.next_session(date(2026, 7, 2)) == date(2026, 7, 6)


@settings(deadline=None)
@given(st.dates(date(1998, 1, 2), date(2027, 8, 31)))
def test_sessions_agree_with_the_worker_side(day: date) -> None:
    found = KNOWN.session_on_or_before(day)
    assert found == calendar.session_on_or_before(day)
    assert KNOWN.is_session(day) == (found == day)


def test_the_newest_file_known_on_a_day() -> None:
    assert KNOWN.latest("short_interest", date(2026, 7, 26)) == File(date(2026, 6, 30), date(2026, 7, 13))
    assert KNOWN.latest("short_interest", date(2026, 7, 27)) == File(date(2026, 7, 15), date(2026, 7, 27))
    assert KNOWN.latest("short_interest", date(2026, 5, 27)) is None
    assert KNOWN.latest("holdings:IWM", date(2026, 7, 31)) == File(date(2026, 5, 5), date(2026, 5, 5))
    assert KNOWN.latest("holdings:QQQ", date(2026, 7, 31)) is None
    assert [file.day for file in KNOWN.files["snapshots"]] == [date(2026, 6, 19), date(2026, 7, 2)]


def test_suggestions_and_completion() -> None:
    assert KNOWN.nearest("IWMM") == ("IWM",)
    assert "GME" in KNOWN.nearest("GMEE")
    assert KNOWN.nearest("!!!!") == ()
    assert [symbol for symbol, _name in KNOWN.matching("iw")] == ["IWB", "IWM", "IWN", "IWO"]
    assert "GME" not in dict(KNOWN.matching("gamestop"))
    assert KNOWN.matching("gamestop", listed=True)[0] == ("GME", "GameStop Corp.")
    assert dict(KNOWN.matching("brk.b", listed=True))["BRKB"] == "BERKSHIRE HATHAWAY INC CLASS B"
    assert len(KNOWN.matching("a", listed=True)) == 25


def test_names() -> None:
    assert KNOWN.name("IWM") == "iShares Russell 2000 ETF"
    assert KNOWN.name("brk-b") == "BERKSHIRE HATHAWAY INC CLASS B"
    assert KNOWN.name("XXXXX") == "XXXXX"


def test_every_published_version_has_one(tmp_path: Path) -> None:
    rows = bars("AAA", date(2025, 12, 1), [1.0, 2.0])
    version = archive.publish(tmp_path, files_of(tables_of(instruments=[instrument("AAA")], bars=rows), label="small"))
    known = Catalogue.load(tmp_path)
    assert (known.version, known.last_session) == (version, date(2025, 12, 2))
    assert known.files["snapshots"] == ()
    assert Catalogue.load(tmp_path / version) == known
    with pytest.raises(FileNotFoundError):
        Catalogue.load(tmp_path / "nowhere")
