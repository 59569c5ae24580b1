"""What Discord accepts in one message, and how a card is made to fit: the only place that knows these numbers."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from discord import File
from discord.ui import LayoutView

COMPONENTS = 40
TEXT = 4000
PINGING = 40  # characters of a post that are kept for the words that ping
CUSTOM_ID = 100
LABEL = 80
OPTIONS = 25
OPTION_TEXT = 100
TITLE = 45  # of a form, and of each line in it
PLACEHOLDER = 150
ALT = 1024  # of a picture; the library still speaks of 256
FILES = 10
DESCRIPTION = 100
MESSAGE = 2000
UPLOAD_BYTES = 10 * 1024 * 1024
COMMANDS = 100
THREAD_NAME = 100

MORE = "…"
_LINE = 700
_FENCE = "```"
_SENTENCE = re.compile(r"[.?](?= [^a-z0-9])")


@dataclass(slots=True)
class Block:
    """Lines shown together. Blocks of the least ``weight`` lose their last lines first; ``code`` is monospaced.

    ``apart``: a line is drawn above it.
    """

    lines: list[str]
    weight: int
    code: bool = False
    apart: bool = False
    shortened: bool = field(default=False, init=False)

    def text(self) -> str:
        """Return the block as Markdown."""
        lines = [*self.lines, MORE] if self.shortened else self.lines
        body = "\n".join(lines)
        return f"{_FENCE}\n{body}\n{_FENCE}" if self.code and body else body


def cut(text: str, limit: int) -> str:
    """Return the text, or as many whole words of it as fit, and an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - len(MORE)]
    at_word = kept.rsplit(" ", 1)[0] if " " in kept[limit // 2 :] else kept
    return at_word.rstrip(" ,;.") + MORE


def cut_at_sentence(text: str, limit: int) -> str:
    """Return the text, or as many whole sentences of it as fit; of a first one that is too long, whole words."""
    if len(text) <= limit:
        return text
    ends = [end.start() + 1 for end in _SENTENCE.finditer(text) if end.start() < limit]
    return text[: ends[-1]] if ends else cut(text, limit)


def fitted(blocks: Sequence[Block], limit: int = TEXT - PINGING) -> list[Block]:
    """Return the blocks that are not empty, shortened until together they fit."""
    kept = [block for block in blocks if block.lines]
    for block in kept:
        block.lines = [cut(line, _LINE) for line in block.lines]
    while sum(len(block.text()) for block in kept) > limit:
        least = min(kept, key=lambda block: block.weight)
        least.lines.pop()
        least.shortened = True
        if not least.lines:
            kept.remove(least)
    return kept


def checked(view: LayoutView, files: Sequence[File] = ()) -> LayoutView:
    """Return the view. Raises ValueError where Discord would refuse it with these files, naming the limit."""
    if len(files) > FILES:
        raise ValueError(f"{len(files)} files, {FILES} are allowed")
    for file in files:
        if (size := file.fp.seek(0, io.SEEK_END)) > UPLOAD_BYTES:
            raise ValueError(f"{file.filename}: {size} bytes, {UPLOAD_BYTES} are allowed")
        file.reset(seek=True)
    if view.total_children_count > COMPONENTS:
        raise ValueError(f"{view.total_children_count} components, {COMPONENTS} are allowed")
    if view.content_length() > TEXT:
        raise ValueError(f"{view.content_length()} characters of text, {TEXT} are allowed")
    for item in view.walk_children():
        custom_id = getattr(item, "custom_id", None)
        if custom_id is not None and len(custom_id) > CUSTOM_ID:
            raise ValueError(f"a custom id of {len(custom_id)} characters, {CUSTOM_ID} are allowed")
    return view
