"""Commands of admins by text: verbs in any case and language, options by name, what is no verb said to be none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.actors import MemberActor

from bot.discord_ui.verbs import Group, in_order
from tests.conftest import Scene, said
from tests.e2e.conftest import direct, typed, with_rights

simcord = pytest.mark.simcord(settle_timeout=25)
NAMES = ("person", "about", "since")


@pytest.fixture
def ada(scene: Scene) -> MemberActor:
    return with_rights(scene, "ada", manage_guild=True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("  schedule  ", "schedule"),
        ("since:7d", "7d"),
        ("since: 7d", "7d"),
        ("SINCE:7d about:schedule", "schedule 7d"),
        ("about:schedule since:3 days", "schedule 3 days"),
        ("schedule since:7d", "schedule 7d"),
        ("<@1> since:7d about:alert", "<@1> alert 7d"),
        ("no:such since:7d", "no:such 7d"),
        ("notsince:7d", "notsince:7d"),
        ("since:7d since:8d", "8d"),
        ("since:", ""),
    ],
)
def test_options_by_name_come_in_their_order(written: str, read: str) -> None:
    assert in_order(written, NAMES) == read


@given(st.permutations(NAMES), st.tuples(*[st.text("az09<@>", min_size=1, max_size=8)] * 3))
def test_in_whatever_order_they_are_written_they_are_read_alike(order: list[str], values: tuple[str, ...]) -> None:
    chosen = dict(zip(NAMES, values, strict=True))
    written = " ".join(f"{name}:{chosen[name]}" for name in order)
    assert in_order(written, NAMES) == " ".join(values)


@simcord
async def test_verbs_are_read_in_any_case_and_language(scene: Scene, ada: MemberActor) -> None:
    for text, words in (
        ("!schedule ADD rotation", "Added."),
        ("!Schedule List", "rotation · every Friday"),
        ("!programación lista", "rotation · every Friday"),
        ("!programacion pausar 1", "Paused: rotation"),
        ("!schedule Pausar schedule:1", "Paused: rotation"),
        ("!programación reanudar\n1", "Resumed: rotation"),
        ("!schedule PAUSE\n\nschedule:1", "Paused: rotation"),
        ("!ajustes", "Time zone:"),
        ("!bloquear lista", "Nobody and nothing is blocked here."),
        ("!schedule eliminar 1", "Removed: rotation"),
    ):
        assert words in await typed(scene, ada, text), text


@simcord
async def test_every_group_says_what_it_does_not_do_and_does_nothing(scene: Scene, ada: MemberActor) -> None:
    """A list or the settings in answer to a change that was mistyped would look as if it had been made."""
    groups = [one for one in scene.bot.walk_commands() if isinstance(one, Group) and not one.clean_params]
    assert {one.qualified_name for one in groups} == {"schedule", "settings", "block", "alert", "alert mine"}
    for group in groups:
        text = await typed(scene, ada, f"!{group.qualified_name} xyzzy 1")
        assert text.startswith("I do not understand “xyzzy” here. Did you mean ")
        assert {f"`!{one.qualified_name}`" in text for one in group.commands} == {True}
        assert f"`!{group.qualified_name} {group.fallback}`" in text
    assert not await scene.bot.community.audit.entries(scene.guild.id)


@simcord
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("!schedule puase 1", "`!schedule pause`?"),
        ("!schedule ad rotation", "`!schedule add`?"),
        ("!settings quiet:22-7", "`!settings change`,"),
        ("!block GME", "`!block ticker`?"),
        ("!alert mine lst", "`!alert mine list`?"),
        ("!settings **x**", "“\\*\\*x\\*\\*” here."),
        ("!schedule list extra", "“extra” here. Did you mean `!schedule list`?"),
        ("!programación LISTA 1", "“1” here. Did you mean `!schedule list`?"),
        ("!alert mine list x", "“x” here. Did you mean `!alert mine list`?"),
        ("!privacy me now", "“now” here. Did you mean `!privacy delete`"),
        ("!privacy export me now", "“now” here. Did you mean `!privacy export`?"),
    ],
)
async def test_a_mistyped_verb_is_named_with_what_was_meant(
    scene: Scene, ada: MemberActor, text: str, hint: str
) -> None:
    assert hint in await typed(scene, ada, text)


@simcord
async def test_what_lifts_a_block_is_found_by_its_usual_name(scene: Scene, ada: MemberActor) -> None:
    for text in ("!unblock gme", "!Desbloquear gme"):
        assert await typed(scene, ada, text) == "Did you mean `!block lift`?"


@simcord
async def test_who_may_not_ask_is_told_that_and_nothing_else(scene: Scene) -> None:
    for text in ("!schedule xyzzy", "!schedule add since:7d", "!settings change zone:madrid", "!audit since:7d"):
        assert (await typed(scene, scene.bob, text)).startswith("Only people with “Manage Server”"), text


@simcord
async def test_options_are_named_as_behind_the_slash(scene: Scene, ada: MemberActor) -> None:
    for text, words in (
        ("!block ticker symbol:GME", "GME is not shown here any more"),
        ("!schedule add report:rotation", "Added."),
        ("!schedule runs schedule:1", "rotation · every Friday"),
        ("!schedule history schedule: 1", "Nothing has fallen due yet."),
        ("!audit since:7d about:block", "added **block of GME**"),
        ("!audit about:settings", "In charge"),
        (f"!audit person:<@{ada.id}> about:block", "added **block of GME**"),
        (f"!audit person:<@{scene.bob.id}>", "No change matches that."),
        ("!block lift symbol:gme", "Lifted."),
        ("!pause length:3d", "Nothing is posted before"),
        ('!pause all "3 days"', "Nothing is posted before"),
        ('!audit settings since:"7d"', "Everything paused until"),
        ("!resume what:all", "Posting goes on."),
        ("!settings clone server:12", "I am in no server with that id."),
    ):
        assert words in await typed(scene, ada, text), text


@simcord
async def test_what_is_stored_is_exported_whose_name_is_written_either_way(scene: Scene, ada: MemberActor) -> None:
    await typed(scene, ada, "!settings change zone:madrid")
    for text in ("!privacy about:server", "!privacy server", "!privacy export about:server", "!privacy export server"):
        assert "by direct message" in await typed(scene, ada, text), text
        assert "stored about this server" in said(direct(ada)[-1])
    assert "“them” is none of the choices" in await typed(scene, ada, "!privacy export about:them")
