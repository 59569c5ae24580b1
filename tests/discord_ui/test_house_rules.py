"""House rules as plain data: which question is answered where, to whom, in which way."""

import pytest

from bot.community.records import Blocks, ChannelSettings, GuildSettings
from bot.discord_ui.house import House, NotAnsweredHere
from bot.errors import BadInput
from bot.features.quote.request import QuoteRequest
from bot.features.squeeze.request import SqueezeRequest

HERE, OTHER, ASKER = 5, 6, 7


def house(*, allowed: tuple[int, ...] = (), users: frozenset[int] = frozenset(), **channel: object) -> House:
    settings = GuildSettings(guild_id=1, allowed_channels=allowed)
    own = ChannelSettings(guild_id=1, channel_id=HERE, **channel)  # type: ignore[arg-type]
    return House(settings, own, Blocks(users, frozenset({"GME"})))


@pytest.mark.parametrize("by_text", [True, False])
@pytest.mark.parametrize(
    "rules",
    [
        House(),
        house(),
        house(allowed=(HERE,)),
        house(allowed=(OTHER, HERE)),
        house(command_mode="thread"),
        house(allowed_commands=("rotation", "highs")),
        house(users=frozenset({8})),
    ],
)
def test_what_is_answered(rules: House, by_text: bool) -> None:
    rules.admit("rotation", HERE, ASKER, by_text=by_text)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (house(users=frozenset({ASKER})), "You may not use this here."),
        (house(allowed=(OTHER,)), "Questions are answered in <#6>."),
        (house(allowed=(OTHER, 8)), "Questions are answered in <#6> or <#8>."),
        (house(command_mode="off"), "Questions are not answered in this channel."),
        (house(allowed_commands=("highs",)), "In this channel only /highs is answered."),
        (house(users=frozenset({ASKER}), allowed=(OTHER,), command_mode="off"), "You may not use this here."),
    ],
)
@pytest.mark.parametrize("by_text", [True, False])
def test_what_is_refused_with_what_is_possible(rules: House, words: str, by_text: bool) -> None:
    with pytest.raises(NotAnsweredHere) as refused:
        rules.admit("rotation", HERE, ASKER, by_text=by_text)
    assert refused.value.text() == words


def test_answers_for_the_asker_alone_are_refused_by_text_only() -> None:
    rules = house(command_mode="ephemeral")
    rules.admit("rotation", HERE, ASKER, by_text=False)
    with pytest.raises(NotAnsweredHere) as refused:
        rules.admit("rotation", HERE, ASKER, by_text=True)
    assert "use /rotation" in refused.value.text()


def test_blocked_symbols_are_refused_by_name_and_left_out_of_lists() -> None:
    rules = house()
    with pytest.raises(BadInput) as refused:
        rules.spared(QuoteRequest(symbol="GME"))
    assert refused.value.text() == "This server has decided not to show GME."
    assert rules.spared(QuoteRequest(symbol="AAPL")) == QuoteRequest(symbol="AAPL")
    assert rules.spared(SqueezeRequest()).without == ("GME",)


@pytest.mark.parametrize(
    ("rules", "language", "theme"),
    [
        (House(), None, None),
        (House(GuildSettings(guild_id=1)), None, None),  # nobody has chosen anything: not English by decision
        (House(GuildSettings(guild_id=1, language="es")), "es", "dark"),
        (
            House(GuildSettings(guild_id=1, language="es"), ChannelSettings(guild_id=1, channel_id=5, theme="light")),
            "es",
            "light",
        ),
        (House(GuildSettings(guild_id=1), ChannelSettings(guild_id=1, channel_id=5, language="es")), "es", None),
    ],
)
def test_the_channel_comes_before_the_server(rules: House, language: str | None, theme: str | None) -> None:
    assert (rules.language, rules.theme) == (language, theme)
