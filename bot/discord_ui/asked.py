"""Which question a card answers, read from the ids of its buttons."""

from typing import Any

import discord

from bot.discord_ui import ids


def question_of(card: discord.Message) -> ids.Pressed | None:
    """Return what a card shows, None where it is no card or of another version."""
    for component in _walk(card.components):
        custom_id = getattr(component, "custom_id", None)
        if custom_id and ids.PATTERN.fullmatch(custom_id):
            try:
                pressed = ids.decode(custom_id)
            except ids.Outdated:
                continue
            if pressed.action == "explain":
                return pressed
    return None


def _walk(components: Any) -> list[Any]:
    found = []
    for component in components:
        found += [component, *_walk(getattr(component, "children", ()))]
    return found
