"""Discord's limits on commands that simcord does not check, asserted on what is really sent at the first start."""

import re
from collections.abc import Iterator
from typing import Any

from bot.discord_ui import limits
from tests.conftest import Scene

NAME = re.compile(r"[-_\w]{1,32}")
OPTIONS = 25
CHARACTERS = 8000  # of all names, descriptions and values of one command
CHOICE = 100


def synced(scene: Scene) -> list[dict[str, Any]]:
    """Return the commands as they were sent to Discord."""
    (request,) = [e for e in scene.env.http_requests if e.method == "PUT" and e.path.endswith("/commands")]
    assert isinstance(request.json, list)
    return request.json


def nested(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from nested(option)


def size(command: dict[str, Any]) -> int:
    texts = [text for part in nested(command) for text in (part["name"], part["description"])]
    choices = [str(text) for part in nested(command) for choice in part.get("choices", ()) for text in choice.values()]
    return sum(map(len, [*texts, *choices]))


async def test_commands_are_few_enough_and_short_enough(scene: Scene) -> None:
    commands = synced(scene)
    assert 3 <= len(commands) <= limits.COMMANDS
    assert all(size(command) <= CHARACTERS for command in commands)
    assert len({command["name"] for command in commands}) == len(commands)


async def test_names_and_descriptions_are_as_discord_wants_them(scene: Scene) -> None:
    for command in synced(scene):
        for part in nested(command):
            assert NAME.fullmatch(part["name"]), part["name"]
            assert part["name"] == part["name"].lower()
            assert 1 <= len(part["description"]) <= limits.DESCRIPTION, part["name"]


async def test_everything_is_described_in_words(scene: Scene) -> None:
    for command in synced(scene):
        for part in nested(command):
            assert part["description"] != "…", f"{command['name']}: {part['name']} is not described"


async def test_options_and_choices_are_few_enough(scene: Scene) -> None:
    for command in synced(scene):
        for part in nested(command):
            assert len(part.get("options", ())) <= OPTIONS
            assert len(part.get("choices", ())) <= limits.OPTIONS
            assert all(1 <= len(choice["name"]) <= CHOICE for choice in part.get("choices", ()))
            assert not (part.get("choices") and part.get("autocomplete")), part["name"]


async def test_required_options_come_first(scene: Scene) -> None:
    for command in synced(scene):
        for part in nested(command):
            required = [bool(option.get("required")) for option in part.get("options", ())]
            assert required == sorted(required, reverse=True)


async def test_the_library_knows_the_same_commands(scene: Scene) -> None:
    known = {command.name for command in scene.bot.tree.walk_commands()}
    assert {command["name"] for command in synced(scene)} <= known


async def test_aliases_do_not_hide_commands(scene: Scene) -> None:
    names = [command.name for command in scene.bot.commands]
    aliases = [alias for command in scene.bot.commands for alias in command.aliases]
    assert len({*names, *aliases}) == len(names) + len(aliases)
    assert all(alias == alias.lower() for alias in aliases)
