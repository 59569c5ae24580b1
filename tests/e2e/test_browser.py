"""The demo's page in a real browser: a person types, presses and reads, on a screen and on a phone."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("HANDOFF_PICTURES")  # a folder: then what was seen is kept
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 30_000
SEEN = """([least, most]) => [...document.images].some(image =>
    image.alt.startsWith("Two lines") && image.naturalWidth > 0
    && image.getBoundingClientRect().width >= least && image.getBoundingClientRect().width <= most)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and "REQUIRE_BROWSER" not in os.environ, reason="no chromium found"),
]


def address(output: IO[str]) -> str:
    for line in output:
        if match := re.search(r"http://127\.0\.0\.1:\d+/#\S+", line):
            return match[0]
    raise AssertionError("the demo ended without a page")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    command = [sys.executable, "-m", "bot", "demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        try:
            yield address(running.stdout)
        finally:
            running.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def opened(browser: Browser, url: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(url)
    expect(page.get_by_text("Small caps against large caps").last).to_be_visible()
    return page


def kept(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def typed(page: Page, text: str) -> None:
    page.locator("#channel-composer-input").fill(text)
    send(page)


def send(page: Page) -> None:
    expect(page.locator("#send-message")).to_be_enabled()
    page.locator("#send-message").click()


@pytest.fixture
def desk(browser: Browser, url: str) -> Iterator[Page]:
    page = opened(browser, url, 1200, 1000)
    yield page
    page.close()


def test_the_first_card_is_there_with_its_picture_and_buttons(desk: Page) -> None:
    card = desk.locator("#channel-message-list article").last
    picture = card.locator("img[alt^='Two lines']")
    expect(picture).to_be_visible()
    desk.wait_for_function(SEEN, arg=[1, 1200])
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 675]
    for label in ("1M", "YTD", "1Y", "5Y", "Price only", "Explain", "Table", "CSV"):
        expect(desk.get_by_role("button", name=label, exact=True).last).to_be_enabled()
    kept(desk, "card")


def test_a_typed_command_gets_its_card_and_a_pressed_button_changes_it(desk: Page) -> None:
    typed(desk, "!rotation iwn spy 3y")
    expect(desk.get_by_text("IWN, 3 years").last).to_be_visible()
    desk.get_by_role("button", name="1Y", exact=True).last.click()
    expect(desk.get_by_text("IWN, 1 year").last).to_be_visible()
    kept(desk, "switched")


def test_a_slash_command_gets_its_card(desk: Page) -> None:
    desk.locator("#channel-composer-input").press_sequentially("/highs")
    desk.locator("#command-picker-listbox").get_by_role("option").first.click()
    send(desk)
    expect(desk.get_by_text(re.compile(r"IWM closed .* its record of")).last).to_be_visible()
    kept(desk, "slash")


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, url: str) -> None:
    page = opened(browser, url, 400, 860)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.wait_for_function(SEEN, arg=[200, 400])
    kept(page, "phone")
    page.close()
