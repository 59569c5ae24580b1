"""A Discord message as text for a terminal: what the card says, without its markup."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

_ROW, _BUTTON, _TEXT, _GALLERY, _FILE = 1, 2, 10, 12, 13
_MARKUP = re.compile(r"^(?:-# |#{1,3} )|\*\*|^```$", re.MULTILINE)


def message_text(message: discord.Message, components: Sequence[Mapping[str, Any]]) -> str:
    """Return everything that can be read in a message, its pictures by their alternative text, its buttons in a row."""
    lines = [message.content] if message.content else []
    lines += _lines(components)
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _lines(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for component in components:
        kind = component["type"]
        if kind == _TEXT:
            yield _MARKUP.sub("", component["content"]).replace("\\", "")
        elif kind == _GALLERY:
            for item in component["items"]:
                yield f"[{_file_name(item['media'])}: {item.get('description') or ''}]"
        elif kind == _FILE:
            yield f"[{_file_name(component['file'])}]"
        elif kind == _ROW:
            yield " ".join(f"({_label(one)})" for one in component["components"] if one["type"] == _BUTTON)
        else:
            yield from _lines(component.get("components", ()))


def _file_name(media: Mapping[str, Any]) -> str:
    return str(media["url"]).rsplit("/", 1)[-1].removeprefix("attachment://")


def _label(button: Mapping[str, Any]) -> str:
    return str(button.get("label") or button["emoji"]["name"])
