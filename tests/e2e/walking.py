"""Walking from a card: what can be pressed on a message, and what Discord asks of the forms that open."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot import features
from bot.clock import SettableClock
from bot.discord_ui import ids
from bot.discord_ui.card import card_view
from bot.discord_ui.card_rows import rows
from bot.errors import BotError
from bot.request import Request
from tests.conftest import FRIDAY_EVENING, Scene, walk

FORMS = {"asof": "dec 4 2025", "compare": "QQQ"}  # what is typed into the form that a button opens
FORM_TEXT, PLACEHOLDER, LINES = 45, 100, 5


def public_requests() -> list[Request]:
    """Return the default question of every feature that may be asked in public."""
    kinds = [features.request_type(name) for name in features.names()]
    return [k() for k in kinds if not k.private and not any(f.is_required() for f in k.model_fields.values())]


def presses(message: discord.Message) -> Iterator[tuple[str, str | None]]:
    """Give each control of the card that can be used: its id, and for selects each value but the present one."""
    for component in walk(message.components):
        if not ids.PATTERN.fullmatch(getattr(component, "custom_id", None) or ""):
            continue
        if isinstance(component, discord.Button) and component.custom_id and not component.disabled:
            yield component.custom_id, None
        elif isinstance(component, discord.SelectMenu):
            yield from ((component.custom_id, option.value) for option in component.options if not option.default)


def action_of(custom_id: str) -> str:
    """Return what a control does, without what it does it to."""
    return custom_id.split(":")[1].partition(".")[0]


def proper(form: dict[str, Any]) -> dict[str, Any]:
    """Return a form as it was sent. Asserts what Discord asks of forms."""
    assert 1 <= len(form["title"]) <= FORM_TEXT
    assert 1 <= len(form["components"]) <= LINES
    for line in form["components"]:
        assert 1 <= len(line["label"]) <= FORM_TEXT
        assert not line["label"].endswith("…"), line["label"]
        assert len(line["component"].get("placeholder") or "") <= PLACEHOLDER
        assert len(line["component"].get("options", ())) <= 25
    return form


class Walker:
    """Presses as somebody new each time, a minute apart: pace is tested elsewhere."""

    def __init__(self, scene: Scene, clock: SettableClock) -> None:
        self.scene, self.clock, self.count = scene, clock, 0

    def somebody(self, *roles: Any) -> MemberActor:
        """Return somebody who has not pressed anything yet."""
        self.count += 1
        self.clock.set(FRIDAY_EVENING + timedelta(minutes=self.count))
        return self.scene.guild.add_member(self.scene.env.create_user(f"presser{self.count}"), roles=list(roles))

    async def press(
        self, message: Any, custom_id: str, value: str | None = None, who: MemberActor | None = None
    ) -> InteractionResult:
        """Use a control, and fill in the form where one opens."""
        who = who or self.somebody()
        if value is not None:
            return await who.select(message, [value], custom_id=custom_id)
        result = await who.click(message, custom_id=custom_id)
        if result.modal is not None:
            proper(result.modal)
            return await who.submit_modal(result, {"answer": FORMS[action_of(custom_id)]})
        return result


async def posted(scene: Scene, request: Request) -> discord.Message:
    """Post a card that belongs to nobody, as schedules do."""
    try:
        rendered = await scene.bot.reports.get(request)
    except BotError as error:
        raise AssertionError(f"{request.feature}: {error}") from error
    pinned = scene.bot.answers.pinned(request)
    view, files = card_view(rendered, controls=rows(pinned, rendered.report, None))
    channel = scene.bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send(view=view, files=files)
