"""What holds for every question, whoever wrote it: found by name, asked on the bundled sample."""

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, note, settings
from PIL import Image

from bot import features, i18n
from bot.errors import UserError
from bot.market.dataset import Dataset
from bot.report import Report, as_json
from bot.request import Request
from bot.shown import as_text
from bot.worker import compute, draw, opened
from docs.make import NEEDED
from tests.features.leaks import any_day, assert_same_without_the_future, everything, sessions_of_files

DAYS = [date(2026, 7, 31), date(2026, 7, 17), date(2025, 12, 4), date(2020, 3, 23), date(2001, 3, 2)]
BANNED = re.compile(r"!|\b(should|buy|sell|guaranteed|squeezable|moon)\b", re.IGNORECASE)


def request_of(name: str) -> Request:
    return features.request_type(name).model_validate(NEEDED.get(name, {}))


def answered(name: str, day: date, language: str = "en") -> Report:
    with i18n.use(language):
        return compute(request_of(name), opened("sample").at(day))


@pytest.mark.parametrize("name", features.names())
def test_it_answers_on_the_samples_last_day(name: str) -> None:
    report = answered(name, DAYS[0])
    assert report.feature == name
    assert report.as_of == DAYS[0]
    assert report.headline.rstrip()[-1] in ".?"
    assert len(report.headline) <= 220
    assert 0 < len(report.figures) <= 6
    assert report.version == opened("sample").version
    assert report.sources
    body = as_json(report)
    json.dumps(body, allow_nan=False)
    assert all(stat["source"] for stat in body["stats"])
    assert all(stat["as_of"] is None or stat["as_of"] <= "2026-07-31" for stat in body["stats"])
    assert as_text(report)


@pytest.mark.parametrize("name", features.names())
@pytest.mark.parametrize("day", DAYS[1:], ids=str)
def test_it_answers_for_any_day_or_says_what_is_missing(name: str, day: date) -> None:
    refused, report = None, None
    try:
        report = answered(name, day)
    except UserError as error:
        refused = error.text()
    if report is None:
        assert refused
        assert len(refused) > 20
    else:
        assert report.as_of <= day
        assert all(s.as_of is None or s.as_of <= day for s in report.stats)


@pytest.mark.parametrize("name", features.names())
def test_headlines_rally_nobody(name: str) -> None:
    report = answered(name, DAYS[0])
    assert not BANNED.search(report.headline.replace("not a list to buy", "")), report.headline


@pytest.mark.parametrize("name", features.names())
def test_pictures_say_in_words_what_they_show(name: str) -> None:
    for chart in answered(name, DAYS[0]).charts:
        assert re.search(r"\d", chart.alt)
        assert 20 < len(chart.alt) <= 1024


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", features.names())
def test_pictures_are_small_pngs(name: str, theme: str) -> None:
    for picture in draw(answered(name, DAYS[0]), theme).values():
        assert picture.startswith(b"\x89PNG")
        with Image.open(io.BytesIO(picture)) as image:
            assert image.width == 1200
            assert len(picture) < 40_000 * image.height / 675


@pytest.mark.parametrize("name", features.names())
def test_the_same_question_has_the_same_answer(name: str) -> None:
    first, second = answered(name, DAYS[0]), answered(name, DAYS[0])
    assert as_json(first) == as_json(second)


def outside_brackets(text: str) -> str:
    """Return what of a pseudo-translated text was not translated."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        if depth == 0 and sign not in "⟦⟧":
            left.append(sign)
    return "".join(left)


UNTRANSLATED = re.compile(r"\b[a-z]{3,}\b")
NAMES = re.compile(r"iShares|Yahoo Finance|[A-Z][\w.&'’-]*( [A-Z0-9][\w.&'’-]*)*")


@pytest.mark.parametrize("name", features.names())
def test_all_words_go_through_the_catalogues(name: str) -> None:
    report = answered(name, DAYS[0], i18n.PSEUDO)
    texts = [report.title, report.headline, *report.notes, *(c.alt for c in report.charts)]
    texts += (
        [s.label for s in report.stats]
        + [s.shown or "" for s in report.stats]
        + [s.working or "" for s in report.stats]
    )
    texts += [t.title for t in report.tables] + [c.label for t in report.tables for c in t.columns]
    for text in texts:
        left = NAMES.sub("", outside_brackets(text))
        assert not UNTRANSLATED.search(left), text


def test_a_dataset_knows_nothing_after_its_day() -> None:
    early: Dataset = opened("sample").at(date(2025, 12, 4))
    assert early.as_of == date(2025, 12, 4)
    assert early.closes("IWM").index[-1].date() == date(2025, 12, 4)


def assert_no_answer_knows_the_future(day: date, asked: dict[str, dict[str, Any]]) -> None:
    for name, options in asked.items():
        note(f"{name} {options} on {day}")
        assert_same_without_the_future(name, day, **options)


@settings(max_examples=6, deadline=None)
@given(day=any_day, asked=everything())
def test_no_answer_of_a_random_day_knows_what_came_after(day: date, asked: dict[str, dict[str, Any]]) -> None:
    assert_no_answer_knows_the_future(day, asked)


@settings(max_examples=4, deadline=None)
@given(day=sessions_of_files, asked=everything())
def test_nor_does_one_of_a_day_with_members_estimates_and_positions(
    day: date, asked: dict[str, dict[str, Any]]
) -> None:
    assert_no_answer_knows_the_future(day, asked)
