import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.alerts.spans import band_written, parse_band, parse_span
from bot.alerts.threshold import (
    Amount,
    distance_written,
    examples,
    level_text,
    parse_change,
    parse_distance,
    parse_level,
    written,
)
from bot.errors import BadInput
from bot.report import Unit

UNITS: list[Unit] = ["fraction", "percentage_points", "ratio", "usd", "score", "basis_points", "count", "days"]


@pytest.mark.parametrize(
    ("typed", "unit", "raw"),
    [
        ("5.5%", "fraction", 0.055),
        ("5.5 %", "fraction", 0.055),
        ("5.5 percent", "fraction", 0.055),
        ("25bp", "fraction", 0.0025),
        ("25 bps", "fraction", 0.0025),
        ("-25 basis points", "fraction", -0.0025),
        ("−0.5%", "fraction", -0.005),
        ("0", "fraction", 0.0),
        ("٥%", "fraction", 0.05),
        ("2 points", "percentage_points", 0.02),
        ("1 pp", "percentage_points", 0.01),
        ("0.70", "ratio", 0.7),
        ("0.7x", "ratio", 0.7),
        ("$280", "usd", 280.0),
        ("280", "usd", 280.0),
        ("280.00 USD", "usd", 280.0),
        ("$1,200.50", "usd", 1200.5),
        ("-$3", "usd", None),
        ("1.5B", "usd", 1.5e9),
        ("$20m", "usd", 2e7),
        ("250k", "count", 250_000.0),
        ("250,000", "count", 250_000.0),
        ("80", "score", 80.0),
        ("10 days", "days", 10.0),
        ("55", "basis_points", 55.0),
        ("55bp", "basis_points", 55.0),
        ("0.25%", "basis_points", 25.0),
        ("5,5 %", "fraction", 0.055),
        ("-0.5pp", "fraction", -0.005),
        ("2 pts", "percentage_points", 0.02),
        ("5.5 per cent", "fraction", 0.055),
        ("５％", "fraction", 0.05),
        (".7", "ratio", 0.7),
        ("0,700", "ratio", 0.7),
        ("$240", "usd", 240.0),
        ("240 $", "usd", 240.0),
        ("US$240", "usd", 240.0),
        ("1.200,5", "usd", 1200.5),
        ("1.5 billion", "usd", 1.5e9),
        ("1.2k", "count", 1200.0),
        ("1,2k", "count", 1200.0),
        ("250 000", "count", 250_000.0),
    ],
)
def test_levels_as_people_write_them(typed: str, unit: Unit, raw: float | None) -> None:
    assert parse_level(typed, unit) == (-3.0 if raw is None else raw)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("5.5", "fraction"),  # 5.5% or 550%?
        ("5,5,5%", "fraction"),
        ("1,20,000", "count"),
        ("0,700,000", "count"),
        (".", "ratio"),
        ("5%.", "fraction"),
        (">5%", "fraction"),
        ("70%", "ratio"),
        ("$5%", "usd"),
        ("25bp", "usd"),
        ("5%", "usd"),
        ("1m", "ratio"),
        ("$80", "score"),
        ("1e5", "count"),
        ("nan", "ratio"),
        ("inf", "ratio"),
        ("", "usd"),
        ("%", "fraction"),
        ("5.5.5%", "fraction"),
        ("--5%", "fraction"),
        ("9" * 50, "count"),
        ("@everyone", "usd"),
    ],
)
def test_what_has_no_single_reading_is_asked_back_with_examples(typed: str, unit: Unit) -> None:
    with pytest.raises(BadInput) as caught:
        parse_level(typed, unit)
    assert examples(unit) in caught.value.text()
    assert "“@everyone" not in caught.value.text()


def test_numbers_follow_the_language() -> None:
    with i18n.use("es"):
        assert parse_level("5,5 %", "fraction") == 0.055
        assert parse_level("1.200,50", "usd") == 1200.5
        assert parse_level("0,70", "ratio") == 0.7
        assert parse_level("25 pb", "fraction") == 0.0025
        assert parse_level("55 puntos básicos", "basis_points") == 55.0
        assert parse_level("2 puntos", "percentage_points") == 0.02
        assert parse_level("5.5%", "fraction") == 0.055
        assert parse_level("240 dólares", "usd") == 240.0
        assert parse_level("5 por ciento", "fraction") == 0.05
        assert parse_level("1.200", "count") == 1200.0
        assert parse_level("1,200", "ratio") == 1.2
        with pytest.raises(BadInput, match="5,5%"):
            parse_level("5.5", "fraction")
    assert parse_level("1,200", "count") == 1200.0
    assert parse_level("1.200", "ratio") == 1.2


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("unit", UNITS)
def test_every_example_given_is_one_that_works(unit: Unit, language: str) -> None:
    with i18n.use(language):
        for example in re.split(r" or | o |, ", examples(unit)):
            parse_level(example, unit)
            assert parse_change(example, unit).value > 0


@pytest.mark.parametrize(
    ("typed", "unit", "amount"),
    [
        ("-50bp", "fraction", Amount(0.005, False, "down")),
        ("+50bp", "fraction", Amount(0.005, False, "up")),
        ("50bp", "fraction", Amount(0.005, False, "either")),
        ("down 50 bp", "fraction", Amount(0.005, False, "down")),
        ("falls by 50bp", "fraction", Amount(0.005, False, "down")),
        ("up 3 points", "percentage_points", Amount(0.03, False, "up")),
        ("-10%", "usd", Amount(0.1, True, "down")),
        ("10%", "ratio", Amount(0.1, True, "either")),
        ("-$20", "usd", Amount(20.0, False, "down")),
        ("+25bp", "basis_points", Amount(25.0, False, "up")),
        ("baja 5", "score", Amount(5.0, False, "down")),
    ],
)
def test_changes(typed: str, unit: Unit, amount: Amount) -> None:
    assert parse_change(typed, unit) == amount


@pytest.mark.parametrize("typed", ["0bp", "down -5%", "5", "up", "-"])
def test_changes_of_nothing_or_two_minds(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_change(typed, "fraction")


def test_a_distance_is_not_negative() -> None:
    assert parse_distance("0.2%", "fraction") == 0.002
    with pytest.raises(BadInput, match="negative"):
        parse_distance("-0.2%", "fraction")


@pytest.mark.parametrize(
    ("typed", "band"),
    [
        ("0-5", (0.0, 0.05)),
        ("under 5", (0.0, 0.05)),
        ("below 5th percentile", (0.0, 0.05)),
        ("over 95%", (0.95, 1.0)),
        ("> 95", (0.95, 1.0)),
        ("40 to 60", (0.4, 0.6)),
        ("2.5–10", (0.025, 0.1)),
        ("2,5-10", (0.025, 0.1)),
        ("between 40 and 60", (0.4, 0.6)),
        ("menos de 5", (0.0, 0.05)),
        ("por encima de 95 %", (0.95, 1.0)),
        ("entre 40 y 60", (0.4, 0.6)),
    ],
)
def test_bands(typed: str, band: tuple[float, float]) -> None:
    assert parse_band(typed) == band


@pytest.mark.parametrize("typed", ["", "5", "60-40", "5-5", "over 100", "90-110", "low", "-5 to 5", "1,5-10,5,5"])
def test_no_bands(typed: str) -> None:
    with pytest.raises(BadInput, match="band of percentiles"):
        parse_band(typed)


@pytest.mark.parametrize(
    ("typed", "cadence", "observations"),
    [
        ("63", "session", 63),
        ("63 sessions", "session", 63),
        ("3m", "session", 63),
        ("1y", "session", 252),
        ("2 weeks", "session", 10),
        ("ever", "session", None),
        ("record", "week", None),
        ("3m", "week", 12),
        ("6w", "week", 6),
        ("1y", "settlement", 24),
        ("2", "month", 2),
        ("1 month", "month", 1),
        ("3 meses", "session", 63),
        ("1 año", "session", 252),
        ("6 semanas", "week", 6),
        ("63 sesiones", "session", 63),
        ("12 observations", "settlement", 12),
    ],
)
def test_spans_count_observations(typed: str, cadence: Any, observations: int | None) -> None:
    assert parse_span(typed, cadence) == observations


@pytest.mark.parametrize(
    ("typed", "cadence"), [("0", "session"), ("3d", "week"), ("2w", "month"), ("ytd", "session"), ("99y", "session")]
)
def test_no_spans(typed: str, cadence: Any) -> None:
    with pytest.raises(BadInput, match="how far back"):
        parse_span(typed, cadence)


@given(
    st.sampled_from(["fraction", "percentage_points", "basis_points"]), st.integers(0, 10**6), st.integers(0, 4),
    st.sampled_from([",", "."]), st.sampled_from(["en", "es"]), st.sampled_from(["%", " %", "bp", " percent"]),
)  # fmt: skip
def test_a_decimal_mark_is_one_in_every_language(
    unit: Unit, whole: int, digits: int, mark: str, language: str, suffix: str
) -> None:
    """Two decimals or one are never a group of thousands."""
    text = f"{whole}{mark}{digits % 100:02}"
    with i18n.use(language):
        read = parse_level(f"{text}{suffix}", unit)
    percent = (whole + digits % 100 / 100) / (100 if suffix == "bp" else 1)
    assert read == pytest.approx(percent * 100 if unit == "basis_points" else percent / 100, rel=1e-12)


@given(st.text(max_size=45), st.sampled_from(UNITS))
def test_whatever_is_typed_is_read_or_refused_with_an_example(text: str, unit: Unit) -> None:
    refusals = []
    for read in (parse_level, parse_change):
        try:
            read(text, unit)
        except BadInput as refused:
            refusals.append(refused.text())
    assert all(examples(unit) in said for said in refusals)


@given(st.sampled_from(UNITS), st.floats(-1e9, 1e9), st.sampled_from(["en", "es"]))
def test_where_something_stands_can_be_typed_back(unit: Unit, value: float, language: str) -> None:
    """What a form is prefilled with is taken, and is the value as rounded as it is shown."""
    with i18n.use(language):
        again = parse_level(level_text(value, unit), unit)
        assert level_text(again, unit) == level_text(value, unit)
    assert again == pytest.approx(value, abs=0.5 if unit in {"count", "days"} else 0.051)


@given(st.sampled_from(UNITS), st.integers(-(10**9), 10**9), st.integers(0, 6), st.sampled_from(["en", "es"]))
def test_what_is_written_is_read_back_as_the_same_number(unit: Unit, digits: int, places: int, language: str) -> None:
    raw = digits / 10**places
    with i18n.use(language):
        shown = written(raw, unit)
        assert parse_level(shown, unit) == raw, shown


def test_words() -> None:
    assert written(0.055, "fraction") == "5.5%"
    assert written(0.07, "fraction") == "7%"
    assert written(280.0, "usd") == "$280"
    assert written(-0.0025, "fraction") == f"{i18n.MINUS}0.25%"
    assert distance_written(0.005, "fraction") == "0.5 points"
    assert distance_written(0.01, "percentage_points") == "1 point"
    assert distance_written(0.1, "usd", relative=True) == "10%"
    assert band_written(0.0, 0.05) == "the lowest 5% of its history"
    assert band_written(0.95, 1.0) == "the highest 5% of its history"
    assert band_written(0.4, 0.6) == "percentiles 40 to 60 of its history"
