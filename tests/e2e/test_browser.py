"""The demo's page in a real browser: a person types, presses and reads, on a screen and on a phone."""

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browsing import ARGUMENTS, CHROMIUM, Desk, address

ROOT = Path(__file__).parent.parent.parent
SEEN = """([least, most]) => [...document.images].some(image =>
    image.alt.startsWith("Two lines") && image.naturalWidth > 0
    && image.getBoundingClientRect().width >= least && image.getBoundingClientRect().width <= most)"""
TALL = 1500  # a whole card with its buttons

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and "REQUIRE_BROWSER" not in os.environ, reason="no chromium found"),
]


@contextmanager
def demo() -> Iterator[str]:
    """Start a demo of its own, give its address, end it."""
    command = [sys.executable, "-m", "bot", "demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        try:
            yield address(running.stdout)
        finally:
            running.terminate()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with demo() as address_:
        yield address_


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def desk(browser: Browser, url: str) -> Iterator[Desk]:
    opened = Desk(browser, url, 1200, TALL)
    yield opened
    opened.page.close()


def test_the_first_card_is_there_with_its_picture_and_buttons(desk: Desk) -> None:
    card = desk.answer("Small caps against large caps")
    picture = card.locator("img[alt^='Two lines']")
    expect(picture).to_be_visible()
    desk.page.wait_for_function(SEEN, arg=[1, 1200])
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 675]
    for label in ("1M", "YTD", "1Y", "5Y", "Price only", "Explain", "Table", "CSV"):
        expect(card.get_by_role("button", name=label, exact=True)).to_be_enabled()
    desk.keep("demo", card)


def test_from_a_question_to_an_alert_and_a_file(desk: Desk) -> None:
    """Ask by slash, switch to a year, have it explained, take the figures home, be refused, set an alert as admin."""
    desk.slash("rotation")
    card = desk.answer("IWM, 6 months")
    desk.press(card, "1Y")
    card = desk.answer("IWM, 1 year")
    said = card.inner_text()

    desk.press(card, "Explain")
    explained = desk.answer("Return over a window")
    expect(explained.get_by_text("Only you can see this")).to_be_visible()
    expect(
        explained.get_by_text(re.compile(r"^\d+\.\d\d / 100\.00 − 1 = \+\d+\.\d%, the start set to 100")).first
    ).to_be_visible()
    desk.keep("demo-explain", explained)

    desk.press(card, "CSV")
    offered = desk.answer("figures and tables, with sources")
    desk.keep("demo-csv", offered)
    text = desk.saved(offered, "rotation-2026-07-17.csv")
    rows = list(csv.reader(io.StringIO(text)))
    figures = {row[0]: row[2] for row in rows if len(row) == 7}
    for side, fund in (("small", "IWM"), ("large", "SPY")):
        assert f"{float(figures[f'return.{side}']):+.1%} {fund}, 1 year" in said
    assert ["source", "Yahoo Finance"] in rows

    desk.press(card, "Set an alert")
    refused = desk.answer("Private alerts are switched off here.")
    desk.keep("demo-refused", refused)

    desk.become("Ada")
    desk.press(desk.answer("IWM, 1 year"), "Set an alert")
    offered = desk.answer("rotation.spread.6m")
    desk.choose(offered, "Set an alert on", "rotation.spread.6m")
    form = desk.form()
    expect(form.get_by_text("What it waits for")).to_be_visible()
    desk.keep("demo-alert-form", form.get_by_role("dialog"))
    desk.submit(form, value="-5%")
    preview = desk.answer("Not saved yet.")
    desk.keep("demo-alert", preview)
    desk.press(preview, "Save")
    desk.answer("Saved.")
    desk.write("!alert list")
    desk.answer("−5")


def test_a_typed_command_gets_its_card_and_a_pressed_button_changes_it(desk: Desk) -> None:
    desk.write("!rotation iwn spy 3y")
    desk.press(desk.answer("IWN, 3 years"), "1Y")
    desk.answer("IWN, 1 year")
    expect(desk.page.get_by_text("IWN, 3 years")).to_have_count(0)


def test_what_is_mistyped_is_answered_and_holds_nothing_up(desk: Desk) -> None:
    for typed, answered in (("!rotation xyzq", "I have no data for “XYZQ”."), ("!highs iwmm", "Did you mean IWM?")):
        desk.write(typed)
        desk.answer(answered)
        desk.settled(timeout=10_000)


def test_the_clock_is_moved_by_writing_and_the_weekly_post_arrives(browser: Browser) -> None:
    with demo() as own:
        desk = Desk(browser, own, 1200, TALL)
        desk.answer("Things to try")
        expect(desk.page.get_by_text("the week to 17 Jul 2026")).to_have_count(0)
        desk.write("+1h")
        desk.answer("It is Fri 2026-07-17 17:")
        desk.keep("demo-weekly", desk.answer("Small caps, the week to 17 Jul 2026"))
        desk.page.close()


def test_a_day_nobody_understands_is_asked_for_again(desk: Desk) -> None:
    desk.write("!highs")
    card = desk.answer(re.compile(r"IWM closed .* its record of"))
    desk.press(card, "Another day")
    desk.submit(desk.form(), on="whenever")
    desk.answer("I do not understand “whenever” as a time.")
    desk.press(card, "Another day")
    desk.submit(desk.form(), on="dec 4 2025")
    desk.answer("As of 4 Dec 2025.")


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, url: str) -> None:
    phone = Desk(browser, url, 400, 860)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 400
    phone.page.wait_for_function(SEEN, arg=[200, 400])
    phone.keep("demo-phone")
    phone.page.close()


@pytest.mark.parametrize(
    ("command", "title", "table"),
    [
        ("si", "Short interest of the Russell 2000", "Indices side by side"),
        ("thesis", "The claim: small caps are taking over", "Every claim, its reading and its rule"),
        ("years", "Calendar years: IWM and SPY", "Total return by calendar year"),
    ],
)
def test_tables_can_be_read_on_a_phone(browser: Browser, url: str, command: str, title: str, table: str) -> None:
    phone = Desk(browser, url, 400, TALL)
    phone.write(f"!{command}")
    card = phone.answer(title)
    phone.press(card, "Table")
    page = phone.answer(re.compile(f"Only you can see this.*{table}", re.DOTALL))
    expect(page.get_by_text("Not investment advice.")).to_be_visible()
    wide = page.evaluate("page => [...page.querySelectorAll('pre')].filter(p => p.scrollWidth > p.clientWidth).length")
    assert wide == 0, "a block of code that has to be read sideways"
    phone.page.close()
