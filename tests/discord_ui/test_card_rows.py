"""Which controls a card has, read off the question: every one leads somewhere else, none is there in vain."""

from datetime import date
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import features, i18n
from bot.discord_ui import card_rows, ids, limits
from bot.features.rotation.request import RotationRequest
from bot.features.shortinterest.request import ShortinterestRequest
from bot.request import Request, choices_of
from tests.conftest import walk
from tests.discord_ui.reports import DAY, narrow_table, plain_report, wide_table
from tests.e2e.walking import public_requests

ASKER = 2**63 - 1
each = pytest.mark.parametrize("request_", public_requests(), ids=lambda request: request.feature)


def controls(request: Request, report: Any = None, **about: Any) -> dict[str, Any]:
    """Return the buttons and selects of a card by custom id."""
    found = card_rows.rows(request.model_copy(update={"as_of": DAY}), report or plain_report(), ASKER, **about)
    items = [getattr(item, "item", item) for item in walk(found)]
    return {item.custom_id: item for item in items if getattr(item, "custom_id", None)}


def actions(request: Request, report: Any = None, **about: Any) -> set[str]:
    found = controls(request, report, **about)
    return {ids.decode(one).action.partition(".")[0] for one in found if ids.PATTERN.fullmatch(one)}


@each
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_control_fits_and_speaks_of_the_cards_day(request_: Request, language: str) -> None:
    with i18n.use(language):
        rows = card_rows.rows(request_.model_copy(update={"as_of": DAY}), plain_report(), ASKER, alone=True)
        found = controls(request_, alone=True)
    assert all(len(row.children) <= 5 for row in rows)
    assert len(rows) <= 10
    for custom_id, item in found.items():
        assert len(custom_id) <= limits.CUSTOM_ID
        if ids.PATTERN.fullmatch(custom_id):
            pressed = ids.decode(custom_id)
            assert pressed.request.as_of == DAY
            assert pressed.asker == ASKER
        if isinstance(item, ui.Select):
            assert 2 <= len(item.options) <= limits.OPTIONS
            assert sum(option.default for option in item.options) <= 1
        else:
            assert len(item.label or "") <= limits.LABEL


@each
def test_a_press_never_leads_to_the_card_it_stands_on(request_: Request) -> None:
    pinned = request_.model_copy(update={"as_of": DAY})
    for custom_id, item in controls(request_).items():
        if not ids.PATTERN.fullmatch(custom_id):
            continue
        pressed = ids.decode(custom_id)
        if pressed.action == "show":
            assert (pressed.request == pinned) == item.disabled, custom_id


@each
def test_each_choice_of_two_is_a_switch_and_each_of_more_a_select(request_: Request) -> None:
    found = controls(request_)
    for name in type(request_).model_fields:
        choices = choices_of(type(request_), name)
        if len(choices) == 2:
            other = next(one for one in choices if one != getattr(request_, name))
            turned = [ids.decode(one).request for one in found if one.startswith("h1:show")]
            assert any(getattr(one, name, None) == other for one in turned), name
        elif len(choices) > 2:
            (menu,) = [item for one, item in found.items() if one.startswith(f"h1:pick.{name}:")]
            assert [option.value for option in menu.options] == list(choices)


def test_what_is_behind_a_card_has_a_button_and_what_is_not_has_none() -> None:
    request = RotationRequest()
    bare = plain_report(charts=(), tables=())
    assert "png" not in actions(request, bare)
    assert "table" not in actions(request, bare)
    assert "table" in actions(request, plain_report(tables=(narrow_table(3, "page"),)))
    assert "table" not in actions(request, plain_report(tables=(wide_table(3, "csv"),)))
    assert "table" not in actions(request, plain_report(tables=(narrow_table(0, "page"),)))
    assert {"explain", "csv", "asof", "png"} <= actions(request)


def test_share_is_for_what_one_person_sees_and_alerts_for_servers() -> None:
    assert "share" not in actions(RotationRequest())
    assert "share" in actions(RotationRequest(), alone=True)
    assert "alert" in actions(RotationRequest())
    assert "alert" not in actions(RotationRequest(), in_server=False)


def test_a_post_that_belongs_to_nobody_has_no_bin() -> None:
    mine = card_rows.rows(RotationRequest(as_of=DAY), plain_report(), 7)
    nobodys = card_rows.rows(RotationRequest(as_of=DAY), plain_report(), None)
    bins = [[i for i in walk(rows) if str(getattr(i, "custom_id", "")).startswith("b1:")] for rows in (mine, nobodys)]
    assert [len(found) for found in bins] == [1, 0]


def test_what_is_shown_stands_in_the_select_though_it_is_not_usual() -> None:
    found = controls(RotationRequest(small="XLY", large="TSLA"))
    menus = [item for item in found.values() if isinstance(item, ui.Select)]
    assert [[o.value for o in menu.options if o.default] for menu in menus] == [["XLY"], ["TSLA"]]
    assert all(menu.options[0].default for menu in menus), "and first"


SYMBOLS = st.lists(st.from_regex(r"[A-Z]{1,5}", fullmatch=True), min_size=1, max_size=25, unique=True)


@settings(max_examples=50, deadline=None)
@given(SYMBOLS, st.dates(date(2000, 1, 1), date(2039, 12, 31)))
def test_a_question_too_long_for_buttons_says_so_and_no_id_is_ever_cut(symbols: list[str], day: date) -> None:
    try:
        request = ShortinterestRequest(symbols=tuple(symbols), as_of=day)
    except ValueError:
        return  # more than the question takes
    found = card_rows.rows(request, plain_report(feature="shortinterest"), ASKER)
    said = card_rows.remarks(request)
    explain = ids.encode("explain", request, ASKER)
    assert bool(said) == (explain is None)
    for item in walk(found):
        custom_id = str(getattr(item, "custom_id", "") or "")
        if ids.PATTERN.fullmatch(custom_id):
            asked = ids.decode(custom_id).request
            assert isinstance(asked, ShortinterestRequest)
            assert asked.as_of == day
            assert asked.symbols == request.symbols or "symbols" not in type(asked).model_fields


def test_every_choice_on_a_button_is_translated() -> None:
    words = {choice for name in features.names() for field in features.request_type(name).model_fields
             for choice in choices_of(features.request_type(name), field)}  # fmt: skip
    with i18n.use("es"):
        spanish = {choice: card_rows.choice_label(choice) for choice in words}
    english = {choice: card_rows.choice_label(choice) for choice in words}
    same = {choice for choice in words if spanish[choice] == english[choice]}
    assert len(same) <= len(words) / 3, sorted(same)
    assert all("_" not in label for label in english.values())
    assert (english["early"], spanish["early"]) == ("Early close", "Cierre anticipado")
