"""Answers that are no cards: settings, lists, confirmations. Text, rows of controls, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.discord_ui.limits import TEXT, Block, checked, fitted
from bot.discord_ui.posts import Card


@dataclass(frozen=True, slots=True)
class Page:
    """``text`` is Markdown, ``rows`` stand beneath it; ``card`` is a message shown ahead of it, such as a preview.

    ``alone``: for nobody but whoever asked; a text command is answered by direct message.
    """

    text: str
    rows: Sequence[ui.ActionRow[Any]] = ()
    files: Sequence[discord.File] = ()
    card: Card | None = None
    alone: bool = False


def page_view(page: Page) -> ui.LayoutView:
    """Return the message of a page; a text that is too long loses its last lines."""
    (body,) = fitted([Block(page.text.split("\n"), 1)], TEXT - 10)
    view = ui.LayoutView(timeout=None)
    attached = [ui.File[Any](file) for file in page.files]
    view.add_item(ui.Container(ui.TextDisplay(body.text()), *attached, *page.rows))
    return checked(view, page.files)
