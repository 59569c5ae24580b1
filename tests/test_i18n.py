import asyncio
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.1264, "+12.6%"), (-0.031, "−3.1%"), (0.0, "0.0%"), (-0.0001, "0.0%"), (12.5, "+1,250.0%")],
)
def test_signed_percent(value: float, shown: str) -> None:
    assert i18n.percent(value, signed=True) == shown


def test_unsigned_percent_has_no_plus_but_keeps_its_minus() -> None:
    assert i18n.percent(0.076) == "7.6%"
    assert i18n.percent(-0.076) == "−7.6%"


@pytest.mark.parametrize(
    ("value", "signed", "english", "spanish"),
    [
        (999.994, False, "99,999.4%", "99.999,4%"),
        (-999.994, True, "−99,999.4%", "−99.999,4%"),
        (826_925.43, False, "82.7M%", "82,7\xa0M%"),
        (4_501.23, True, "+450.1K%", "+450,1\xa0mil%"),
        (-4_501.23, True, "−450.1K%", "−450,1\xa0mil%"),
    ],
)
def test_a_share_beyond_all_use_stays_short(value: float, signed: bool, english: str, spanish: str) -> None:
    """Else a picture has no room for it, and what it shows of it is another number."""
    assert i18n.percent(value, signed=signed) == english
    with i18n.use("es"):
        assert i18n.percent(value, signed=signed) == spanish


@pytest.mark.parametrize(
    ("value", "shown"), [(0.041, "+4.1 points"), (-0.087, "−8.7 points"), (0.0, "0.0 points"), (0.01, "+1.0 points")]
)
def test_points_always_carry_their_sign(value: float, shown: str) -> None:
    assert i18n.points(value) == shown


def test_one_whole_point_is_singular() -> None:
    assert i18n.points(0.01, 0) == "+1 point"
    assert i18n.points(-0.01, 0) == "−1 point"


def test_money_and_counts() -> None:
    assert i18n.money(1234.5) == "$1,234.50"
    assert i18n.money(123456.7) == "$123,457"
    assert i18n.money(4.12e9) == "$4.1B"
    assert i18n.money(-4.12e9) == "−$4.1B"
    assert i18n.compact(55_400_000) == "55.4M"
    assert i18n.basis_points(55.0) == "+55 bp"


def test_days_have_their_month_in_letters() -> None:
    assert i18n.day(date(2025, 12, 4)) == "4 Dec 2025"
    assert i18n.weekday(date(2025, 12, 4)) == "Thursday"
    assert i18n.moment(datetime(2025, 12, 4, 21, tzinfo=UTC)) == "4 Dec 2025, 21:00 UTC"


def test_numbers_follow_the_language() -> None:
    with i18n.use("es"):
        assert i18n.percent(0.1264, signed=True) == "+12,6%"
        assert i18n.day(date(2025, 12, 4)) == "4 dic 2025"
        assert i18n.all_of(["IWM", "SPY"]) == "IWM y SPY"
    assert i18n.all_of(["IWM", "SPY", "QQQ"]) == "IWM, SPY, and QQQ"
    assert i18n.one_of(["IWM", "SPY"]) == "IWM or SPY"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-US", "en"), ("es-ES", "es"), ("es_419", "es"), ("ja", "en"), ("", "en"), (None, "en"), ("en_XA", "en_XA")],
)
def test_any_tag_maps_to_a_language_there_is(tag: str | None, language: str) -> None:
    assert i18n.supported(tag) == language


def test_the_pseudo_language_brackets_what_was_translated() -> None:
    with i18n.use(i18n.PSEUDO):
        assert i18n.gettext("Small caps lead") == "⟦Small caps lead⟧"
        assert i18n.ngettext("{n} week", "{n} weeks", 2) == "⟦{n} weeks⟧"
    assert i18n.gettext("Small caps lead") == "Small caps lead"


async def test_two_tasks_speak_two_languages() -> None:
    async def speak(language: str) -> str:
        with i18n.use(language):
            await asyncio.sleep(0)
            return i18n.percent(0.5)

    assert await asyncio.gather(speak("en"), speak("es")) == ["50.0%", "50,0%"]


@pytest.mark.parametrize("hostile", ["@everyone", "<@123>", "**bold**", "[a](http://b)", "`x`", "> quote", "# head"])
def test_peoples_words_lose_their_force(hostile: str) -> None:
    shown = i18n.plain(hostile)
    for sign in "@*[]()`><#":
        assert shown.count(sign) == shown.count("\\" + sign)


@given(st.text(max_size=3000))
def test_repeated_words_are_short_and_printable(text: str) -> None:
    shown = i18n.plain(text, 40)
    assert len(shown) <= 80
    assert all(c.isprintable() or c.isspace() for c in shown if c not in "\u2028\u2029")
    assert "\n" not in shown


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_numbers_read_back(value: float, digits: int) -> None:
    shown = i18n.number(value, digits, signed=True)
    back = float(shown.replace(",", "").replace(i18n.MINUS, "-"))
    assert back == pytest.approx(value, abs=10**-digits)


def test_a_catalogue_compiled_elsewhere_reads_as_the_source_does() -> None:
    program = (
        "import sys; from bot import i18n; i18n.install('es', sys.stdin.buffer.read())\n"
        "with i18n.use('es'): print(i18n.gettext('yes'), 'babel.messages.pofile' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=i18n.compiled("es"), cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == ["sí", "False"]


def test_english_needs_no_catalogue() -> None:
    assert i18n.compiled("en") == b""


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("12,000", 12_000, 12_000), ("12.000", 12.0, 12_000), ("12.000,50", 12_000.5, 12_000.5),
        ("12,000.50", 12_000.5, 12_000.5), ("1.234.567", 1_234_567, 1_234_567), ("0,5", 0.5, 0.5), ("0.5", 0.5, 0.5),
        ("0.125", 0.125, 0.125), ("0,125", 0.125, 0.125), ("5,55", 5.55, 5.55), (".5", 0.5, 0.5), (" 7 ", 7.0, 7.0),
        ("-3,5", -3.5, -3.5), ("1234,5", 1234.5, 1234.5), ("1234.567", 1234.567, 1234.567),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, english: float, spanish: float) -> None:
    for language, expected in (("en", english), ("es", spanish)):
        with i18n.use(language):
            assert i18n.parsed_number(text) == expected


@pytest.mark.parametrize("text", ["", "abc", "1.5.2", "1,2,3", "1e5", "nan", "inf", "1.234,567.8", "12 000", "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        i18n.parsed_number(text)


@given(st.floats(0, 1e9), st.sampled_from([0, 1, 2]), st.sampled_from(i18n.LANGUAGES))
def test_a_number_that_was_shown_is_read_back(value: float, digits: int, language: str) -> None:
    with i18n.use(language):
        assert i18n.parsed_number(i18n.number(value, digits)) == pytest.approx(round(value, digits))
