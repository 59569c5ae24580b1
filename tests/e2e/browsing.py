"""The demo's page as a person uses it: types, presses, fills in forms, becomes somebody else, saves files."""

import io
import os
import re
import shutil
import time
from collections import deque
from pathlib import Path
from typing import IO

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from bot.discord_ui.pace import PER_CHANNEL, PER_PERSON

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("HANDOFF_PICTURES")  # a folder: then what was seen is kept
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 30_000
COLOURS = 128
FIRST_CARD = "Small caps against large caps"
ON_THE_WAY = 2.0  # seconds that what was typed may take to arrive: what left apart may arrive together

_asked: deque[float] = deque(maxlen=max(PER_PERSON[0], PER_CHANNEL[0]))  # when; of all pages, which share a channel


def unhurried() -> None:
    """Wait as long as the bot asks people to wait, so that no question is refused for having come too fast."""
    for most, seconds in (PER_PERSON, PER_CHANNEL):
        if len(_asked) >= most:
            time.sleep(max(0.0, _asked[-most] + seconds + ON_THE_WAY - time.monotonic()))
    _asked.append(time.monotonic())


def address(output: IO[str]) -> str:
    """Return the address that a starting demo prints."""
    for line in output:
        if match := re.search(r"http://127\.0\.0\.1:\d+/#\S+", line):
            return match[0]
    raise AssertionError("the demo ended without a page")


class Desk:
    """A page of the demo, as wide and high as a screen."""

    def __init__(self, browser: Browser, url: str, width: int, height: int) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page.goto(url)
        expect(self.page.get_by_text(FIRST_CARD).last).to_be_visible()

    def settled(self, timeout: int = PATIENCE) -> None:
        """Wait until the page has nothing under way: what is done before is lost to it."""
        self.page.wait_for_function("() => window.simcordPreview.ready", timeout=timeout)

    def _act(self) -> None:
        unhurried()
        self.settled()

    def become(self, name: str) -> None:
        """Look at the channel as somebody else."""
        self.page.get_by_label("Viewing as").select_option(label=name)
        expect(self.page.locator("#send-message")).to_be_enabled()

    def write(self, text: str) -> None:
        """Write a message."""
        self.page.locator("#channel-composer-input").fill(text)
        self._send()

    def slash(self, command: str) -> None:
        """Type a slash command and take the first one offered."""
        self.page.locator("#channel-composer-input").press_sequentially(f"/{command}")
        self.page.locator("#command-picker-listbox").get_by_role("option").first.click()
        self._send()

    def _send(self) -> None:
        self._act()
        expect(self.page.locator("#send-message")).to_be_enabled()
        self.page.locator("#send-message").click()

    def answer(self, words: str | re.Pattern[str]) -> Locator:
        """Wait for the last message that says this, and return it: itself, whatever else says so later."""
        found = self.page.locator("#channel-message-list article").filter(has_text=words).last
        jump = self.page.locator("#new-messages")
        expect(found.or_(jump).first).to_be_visible()
        if jump.is_visible():
            jump.click()
        expect(found).to_be_visible()
        key = found.locator("[data-control-key^='message:']").first.get_attribute("data-control-key") or ""
        own = ":".join(key.split(":")[:2])
        return self.page.locator(f"#channel-message-list article:has([data-control-key^='{own}'])")

    def press(self, message: Locator, label: str) -> None:
        """Press a button of a message, as soon as the page allows it."""
        button = message.get_by_role("button", name=label, exact=True).last
        expect(button).not_to_have_attribute("aria-disabled", "true")
        self._act()
        button.click()

    def choose(self, message: Locator, placeholder: str, value: str) -> None:
        """Choose from the select of a message that shows this."""
        select = message.locator(".preview-select").filter(has_text=placeholder).last
        self._act()
        select.get_by_role("combobox").click()
        self.settled()
        select.get_by_role("option").filter(has_text=value).first.click()

    def form(self) -> Locator:
        """Wait for the form that a press opened."""
        root = self.page.locator("#modal-root")
        expect(root.get_by_role("button", name="Submit")).to_be_visible()
        return root

    def submit(self, form: Locator, **filled: str) -> None:
        """Fill in fields of a form by their labels' beginnings, and submit it."""
        for label, text in filled.items():
            form.get_by_label(re.compile(rf"^{label}", re.IGNORECASE)).first.fill(text)
        self._act()
        form.get_by_role("button", name="Submit").click()
        expect(self.page.locator("#modal-root")).to_be_hidden()

    def saved(self, message: Locator, name: str) -> str:
        """Save a file of a message as the browser does, and return its text."""
        with self.page.expect_download() as waiting:
            message.get_by_role("button", name=f"Download {name}").click()
        assert waiting.value.suggested_filename == name
        return Path(waiting.value.path()).read_text(encoding="utf-8-sig")

    def keep(self, name: str, part: Locator | None = None) -> None:
        """Keep what is seen, the page or a part of it, for the docs, once the pictures in it are there."""
        if PICTURES:
            for image in part.locator("img").all() if part else ():
                image.scroll_into_view_if_needed()
                self.page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=image.element_handle())
            seen = part.screenshot() if part else self.page.screenshot()
            with Image.open(io.BytesIO(seen)) as image:
                image.convert("RGB").quantize(COLOURS).save(Path(PICTURES) / f"{name}.png", optimize=True)
