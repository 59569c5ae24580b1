"""A report as a Discord message: one look for every answer, in Components V2."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.limits import ALT, FILES, Block, checked, cut, cut_at_sentence, fitted
from bot.discord_ui.tables import in_columns, in_words
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.report import Report, Stat, Table
from bot.shown import MISSING, disclaimer, stat_shown
from bot.workers import Rendered

ACCENT = {"small": 0xFFB000, "large": 0x56B4F5, "neutral": 0xAAB4C2}  # the charts' colours of the two sides
# What is kept longest where space is short: what a card may never miss comes last.
_NOTES, _TABLE, _FIGURES, _HEAD, _FOOT = 2, 3, 8, 9, 10
_REMARKS = 4  # on a card that leads to the others
_TITLE_LENGTH, _HEADLINE_LENGTH, _FIGURE_LENGTH, _NOTE_LENGTH, _ORIGIN_LENGTH = 200, 600, 160, 400, 250


def card_view(
    rendered: Rendered, *, notes: Sequence[str] = (), controls: Iterable[ui.ActionRow[Any]] = ()
) -> tuple[ui.LayoutView, list[discord.File]]:
    """Return the message of a report and the pictures it refers to.

    ``notes`` are sentences on how the question was read; ``controls`` rows of buttons and selects. Long texts are
    shortened until Discord takes the message. Files can be sent once: a retry needs a new card.
    """
    report = rendered.report
    controls = list(controls)
    texts = card_texts(report, notes, more=bool(controls))
    files = [_file(report, chart, png) for chart, png in list(rendered.images.items())[:FILES]]
    above, below = texts[: texts.index(None)], texts[texts.index(None) + 1 :]
    children: list[ui.Item[Any]] = [ui.TextDisplay(text) for text in above if text]
    pictures = [discord.MediaGalleryItem(file, description=file.description) for file in files]
    children += [ui.MediaGallery(picture) for picture in pictures]  # together, Discord would crop each to a tile
    children += [ui.TextDisplay(text) for text in below if text]
    children += controls
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=ACCENT[report.tone]))
    return checked(view, files), files


def card_texts(report: Report, notes: Sequence[str] = (), *, more: bool = False) -> list[str | None]:
    """Return a card's texts from top to bottom; None marks the place of the picture.

    With ``more`` there is a button that leads to all remarks: the card keeps the first of them.
    """
    title, headline = cut(report.title, _TITLE_LENGTH), cut(report.headline, _HEADLINE_LENGTH)
    head = Block([f"-# {title}", f"### {headline}"], _HEAD)
    figures = Block([cut(_figure(stat), _FIGURE_LENGTH) for stat in report.figures], _FIGURES)
    tables = [block for table in report.tables if table.place == "card" for block in _table(table)]
    remarks = Block([f"-# {cut(note, _NOTE_LENGTH)}" for note in (*notes, *_remarks(report, more))], _NOTES)
    foot = Block([f"-# {cut(_origin(report), _ORIGIN_LENGTH)} {disclaimer()}"], _FOOT)
    kept = fitted([head, figures, *tables, remarks, foot])
    above = [block.text() for block in kept if block in (head, figures)]
    return [*above, None, *(block.text() for block in kept if block not in (head, figures))]


def alternative(report: Report, chart_id: str) -> str:
    """Return what a chart shows, in numbers, for those who do not see it."""
    return next((chart.alt for chart in report.charts if chart.id == chart_id), report.headline)


def _remarks(report: Report, more: bool) -> tuple[str, ...]:
    if not more or len(report.notes) <= _REMARKS + 1:
        return report.notes
    left = len(report.notes) - _REMARKS
    further = ngettext("{n} more remark: Explain.", "{n} more remarks: Explain.", left).format(n=left)
    return (*report.notes[:_REMARKS], further)


def _figure(stat: Stat) -> str:
    """Put the number first; a figure in words reads better after its name."""
    if stat.unit == "text":
        return f"{stat.label}: **{stat_shown(stat)}**"
    return f"**{stat_shown(stat)}** {stat.label}"


def _origin(report: Report) -> str:
    sources = i18n.all_of(report.sources) if report.sources else MISSING
    return _("As of {day}. Source: {sources}.").format(day=i18n.day(report.as_of), sources=sources)


def _table(table: Table) -> list[Block]:
    columns = in_columns(table)
    rows = Block(columns, _TABLE, code=True) if columns else Block(in_words(table), _TABLE)
    return [Block([f"**{cut(table.title, _TITLE_LENGTH)}**"], _TABLE + 1), rows]


def _file(report: Report, chart_id: str, png: bytes) -> discord.File:
    name = f"{report.feature}-{report.as_of.isoformat()}-{chart_id}.png".replace(" ", "-")
    return discord.File(io.BytesIO(png), name, description=cut_at_sentence(alternative(report, chart_id), ALT))
