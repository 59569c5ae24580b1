"""For those who hear a card: what a picture shows in numbers, and everything in the order in which it is understood."""

import re
from itertools import pairwise

import discord
import pytest
from discord import ui

from bot import features, i18n
from bot.discord_ui import card_rows
from bot.discord_ui.card import alternative, card_view
from bot.discord_ui.limits import ALT
from bot.report import Report
from bot.shown import disclaimer
from bot.worker import opened
from tests.conftest import walk
from tests.discord_ui.reports import extreme_report, rendered
from tests.test_every_feature import answered

LANGUAGES = i18n.LANGUAGES
NAMES = sorted(features.names())


def report(name: str, language: str) -> Report:
    return answered(name, opened("sample").last, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_told_whole_and_in_numbers(name: str, language: str) -> None:
    found = report(name, language)
    for chart in found.charts:
        assert 0 < len(chart.alt) <= ALT, f"{name}: {len(chart.alt)} characters"
        assert re.search(r"\d", chart.alt), chart.alt
        assert "{" not in chart.alt
        assert "nan" not in chart.alt.lower().split()
    with i18n.use(language):
        view, files = card_view(rendered(found))
    told = [item.description for gallery in walk(view.children) if isinstance(gallery, ui.MediaGallery)
            for item in gallery.items]  # fmt: skip
    assert told == [file.description for file in files] == [chart.alt for chart in found.charts]


def test_what_is_too_long_to_tell_ends_with_a_whole_sentence_or_word() -> None:
    view, files = card_view(rendered(extreme_report()))
    assert all(file.description and len(file.description) <= ALT for file in files)
    assert all(str(file.description).endswith(("…", ".")) for file in files)
    assert view.total_children_count


def test_a_chart_that_is_not_known_is_told_by_the_headline() -> None:
    found = report("rotation", "en")
    assert alternative(found, "another") == found.headline
    assert alternative(found, found.charts[0].id) == found.charts[0].alt


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_heard_from_the_title_to_the_buttons(name: str, language: str) -> None:
    found = report(name, language)
    request = features.request_type(name)
    with i18n.use(language):
        controls = (
            []
            if request.private or any(f.is_required() for f in request.model_fields.values())
            else card_rows.rows(request(as_of=found.as_of), found, 7)
        )
        view, _files = card_view(rendered(found), controls=controls)
        last_words = disclaimer()
    (container,) = view.children
    order = [_rank(item, found, last_words) for item in container.children]  # type: ignore[attr-defined]  # a container
    assert order[0] == 0, "the title and the headline come first"
    assert all(one <= other for one, other in pairwise(order)), order
    assert order.count(3) == 1, "the day and the source are said once"


def _rank(item: object, found: Report, last_words: str) -> int:
    """Return the place of a part: head 0, figures 1, pictures, tables and remarks 2, foot 3, controls 4."""
    if isinstance(item, ui.TextDisplay):
        if item.content.startswith(f"-# {found.title[:20]}"):
            return 0
        if item.content.endswith(last_words):
            return 3
        shown = [stat.label for stat in found.figures]
        return 1 if shown and len(item.content.splitlines()) == len(shown) and shown[0] in item.content else 2
    return 2 if isinstance(item, ui.MediaGallery) else 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_control_says_what_it_does(name: str, language: str) -> None:
    found = report(name, language)
    request = features.request_type(name)
    if request.private or any(f.is_required() for f in request.model_fields.values()):
        return
    with i18n.use(language):
        rows = card_rows.rows(request(as_of=found.as_of), found, 7, alone=True)
    for item in walk(rows):
        control = getattr(item, "item", item)
        if isinstance(control, ui.Button):
            assert control.label or control.emoji
        if isinstance(control, ui.Select):
            assert control.placeholder or any(option.default for option in control.options)
            assert all(option.label.strip() for option in control.options)
            assert len({option.label for option in control.options}) == len(control.options)
    labels = [i.item.label for i in walk(rows) if isinstance(getattr(i, "item", None), ui.Button) and i.item.label]
    assert len(set(labels)) == len(labels), "two buttons that sound alike"
    assert not any(isinstance(i, discord.ui.TextDisplay) for i in walk(rows))
