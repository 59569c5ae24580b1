"""Alerts at their longest, in every language: posts with their own buttons, previews, lists, forms, pictures.

The rules are the longest that the catalogue allows: the longest title, every restraint, a note of full length.
"""

import functools
import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot import features, i18n
from bot.alerts import catalogue
from bot.alerts.presets import presets
from bot.alerts.rule import MAX_NOTE, Condition, Rule, Watched
from bot.alerts.spans import band_text
from bot.charts.render import png
from bot.charts.theme import DARK
from bot.community.alert_records import PREFIX, STORM
from bot.discord_ui import details, indicator_pages
from bot.discord_ui.alert_controls import draft_rows, preset_rows
from bot.discord_ui.alert_forms import EditForm, NewForm, starting_value, written_value
from bot.discord_ui.alert_words import full_words, listed
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.posts import post_card
from bot.features.alert.request import AlertRequest
from bot.features.storm.request import MOST_LISTED, FiredAlert, StormRequest
from bot.jobs.publishing import Ping, Post
from bot.report import Report
from bot.shown import disclaimer
from bot.worker import compute, opened
from bot.workers import Rendered
from tests.community.examples import CHANNEL, GUILD, alert
from tests.discord_ui.test_extremes import LANGUAGES, MEGABYTES, taken_by_discord

DAY = date(2026, 7, 31)
LATE = datetime(2026, 7, 31, 20, 30, tzinfo=UTC)
POST_ID = "f" * 16
NOTE = ("*_~`|>#@everyone <@&123> " * 20)[:MAX_NOTE]
RIDERS: dict[str, Any] = {
    "confirmation": 20, "cooldown_days": 366, "monthly_budget": 31, "quiet_from": time(22, 30),
    "quiet_to": time(7, 45), "expires": date(2027, 12, 31), "note": NOTE,
}  # fmt: skip
spoken = pytest.mark.parametrize("language", LANGUAGES)


@functools.cache
def indicators(language: str) -> tuple[Watched, ...]:
    with i18n.use(language):
        return catalogue.listing(opened("sample").at(DAY))


def longest(language: str) -> Watched:
    """The indicator with a history that has the longest title."""
    return max((one for one in indicators(language) if one.first and not one.states), key=lambda one: len(one.title))


def rule_on(watched: Watched, **changes: Any) -> Rule:
    plain = {"condition": "changes_by", "threshold": 123.456789, "within": 2600, "direction": "either", **RIDERS}
    return Rule(indicator=watched.id, **{**plain, **changes})


def shapes(watched: Watched) -> list[Rule]:
    """One rule of each condition that fits an indicator."""
    if watched.states:
        return [rule_on(watched, condition="changes_state", state=0, threshold=None, within=None)]
    level = {"threshold": -123.456789, "within": None}
    kinds: tuple[Condition, ...] = ("above", "below", "crosses_above", "crosses_below")
    return [
        rule_on(watched),
        *(rule_on(watched, condition=kind, hysteresis=12.5, **level) for kind in kinds),
        *(rule_on(watched, condition=kind, threshold=None) for kind in ("new_high", "new_low")),
        rule_on(watched, condition="enters_band", threshold=None, within=None, low=0.025, high=0.975),
    ]


def post_of(report: Report, what: str, language: str) -> Post:
    """A post with everything unusual about it: late, stale, corrected, with a ping."""
    pictures = {chart.id: b"png" for chart in report.charts}
    return Post(
        id=POST_ID, guild_id=GUILD, channel_id=CHANNEL, parts=(Rendered(report, pictures),), language=language,
        what=what, late=LATE, missing=DAY, corrected=LATE, ping=Ping(2**63 - 1),
    )  # fmt: skip


@functools.cache
def fired(language: str) -> Report:
    """The longest alert on a day it can have fired: a quarter's worth of numbers with six digits."""
    watched = longest(language)
    request = AlertRequest.of(rule_on(watched), fired=watched.last, as_of=DAY)
    with i18n.use(language):
        return compute(request, opened("sample").at(DAY))


@functools.cache
def storm(language: str) -> Report:
    names = sorted((one for one in indicators(language) if one.first), key=lambda one: -len(one.title))[:MOST_LISTED]
    rules = [shapes(watched)[n % len(shapes(watched))] for n, watched in enumerate(names)]
    alerts = [
        FiredAlert(**AlertRequest.of(rule, fired=one.last).model_dump(), what=PREFIX + POST_ID, per_year=99.9)
        for rule, one in zip(rules, names, strict=True)
    ]
    with i18n.use(language):
        return compute(StormRequest(as_of=DAY, alerts=tuple(alerts), more=99_999), opened("sample").at(DAY))


@spoken
@pytest.mark.parametrize("which", ["alert", "storm"])
def test_a_post_is_taken_with_its_buttons_and_all_that_is_unusual_about_it(which: str, language: str) -> None:
    report = fired(language) if which == "alert" else storm(language)
    view, files = post_card(post_of(report, STORM if which == "storm" else PREFIX + POST_ID, language))
    payload = view.to_components()
    texts = taken_by_discord(payload)
    said = "\n".join(texts)
    with i18n.use(language):
        assert texts[-1].endswith(disclaimer())
    assert report.headline in said
    assert said.startswith(f"<@&{2**63 - 1}>")
    assert said.count("<t:") == 2  # late and corrected
    assert not re.search(r"(?<!\\)@everyone|<@&123>", said), "the note is escaped"
    rows = [part for part in payload[-1]["components"] if part["type"] == 1]
    acts = [button["custom_id"].split(":")[1] for row in rows for button in row["components"]]
    changing = [] if which == "storm" else ["snooze", "edit", "pause"]
    assert acts == [*changing, "why", "table", POST_ID]
    assert len(files) == len(report.charts)


@spoken
@pytest.mark.parametrize("told", [details.explanation, details.tables])
def test_what_is_behind_its_buttons_is_taken(told: Any, language: str) -> None:
    for report in (fired(language), storm(language)):
        with i18n.use(language):
            pages = details.pages_of(told(report))
            taken_by_discord(details.page_view(report, pages[:1], 0, []).to_components())
        assert 1 <= len(pages) <= 30


@spoken
def test_previews_and_lists_are_taken(language: str) -> None:
    """A list says each of its rules whole; the longest leave room for four on a page."""
    for watched in [longest(language), *(one for one in indicators(language) if one.states)]:
        for rule in shapes(watched):
            made = alert(rule=rule, mention_role_id=2**63 - 1, per_year=12_345.6, snoozed_until=LATE)
            with i18n.use(language):
                words = full_words(made, watched)
                lines = listed(50, made, {watched.id: watched}, LATE)
                rows = [
                    *draft_rows(made, [("confirmation", 20), ("cooldown_days", 31)]),
                    *indicator_pages.found_page([watched]).rows,
                ]
                texts = taken_by_discord(page_view(Page(words, rows)).to_components())
            assert texts[0] == words
            assert len(lines) < 950, lines
    with i18n.use(language):
        taken_by_discord(page_view(Page("x", preset_rows(presets()))).to_components())


@spoken
def test_every_page_of_indicators_is_taken_and_says_every_line(language: str) -> None:
    known = indicators(language)
    with i18n.use(language):
        taken_by_discord(page_view(indicator_pages.groups_page(known)).to_components())
        for member in {one.group: one.id for one in known}.values():
            group = [one for one in known if one.group == next(k.group for k in known if k.id == member)]
            for start in range(0, len(group), 25):
                page = indicator_pages.group_page(known, member, start)
                (text,) = taken_by_discord(page_view(page).to_components())
                assert all(f"`{one.id}`" in text for one in group[start : start + 25])


@spoken
def test_every_form_is_taken_and_its_values_fit(language: str) -> None:
    of_one = [one for one in indicators(language) if not one.id.startswith("price.") or one.id.endswith("GOOGL/SPY")]
    for watched in of_one:
        with i18n.use(language):
            forms = [NewForm(watched)]
            values = [starting_value(watched)]
            for rule in shapes(watched):
                made = alert(rule=rule)
                forms.append(EditForm(made, watched))  # type: ignore[arg-type]
                values.append(written_value(made, watched))
            for form, value in zip(forms, values, strict=True):
                _form_is_taken(form.to_dict(), value)


def _form_is_taken(form: dict[str, Any], value: str) -> None:
    assert 1 <= len(form["title"]) <= 45
    assert 1 <= len(form["components"]) <= 5
    for label in form["components"]:
        assert 1 <= len(label["label"]) <= 45
        field = label["component"]
        assert len(field.get("placeholder") or "") <= 100
        if "options" in field:
            assert 1 <= len(field["options"]) <= 25
            assert all(1 <= len(option["label"]) <= 100 for option in field["options"])
        elif field["custom_id"] == "value":
            assert (field.get("value") or "") == value, "cut, it would be read as another number"
            assert len(value) <= field["max_length"]


def test_a_band_of_many_digits_is_typed_in_full() -> None:
    assert band_text(0.025, 0.975) == "2.5-97.5"


@spoken
def test_pictures_are_small_enough_to_upload(language: str) -> None:
    """The picture of the longest title and of the most fires."""
    report = fired(language)
    with i18n.use(language):
        (chart,) = report.charts
        image = png(features.chart_module("alert").draw(chart.data, DARK))
    assert image.startswith(b"\x89PNG")
    assert len(image) < MEGABYTES * 2**20 / 10
    assert len(chart.alt) <= 1024
