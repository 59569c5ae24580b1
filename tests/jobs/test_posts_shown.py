"""What a post says about itself, in any language, within Discord's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from discord import ui

from bot.community.deliveries import Delivery, Target
from bot.discord_ui.limits import COMPONENTS, TEXT
from bot.discord_ui.posts import mention_text, post_card, remarks, story
from bot.i18n import PSEUDO, use
from bot.jobs.publishing import Ping, Post
from bot.workers import Rendered, Task
from tests.jobs.support import FRIDAY, Computing, picture

POST_ID = "0123456789abcdef"


def _rendered(feature: str = "rotation", headline: str = "Small caps lead.") -> Rendered:
    report = Computing().report(Task(feature, "{}", date(2026, 7, 17), "sample", "en", "dark"))
    return Rendered(replace(report, headline=headline), {"lines": picture()})


def _post(*parts: Rendered, **changes: Any) -> Post:
    return Post(id=POST_ID, guild_id=1, channel_id=2, parts=parts or (_rendered(),), **changes)


def _texts(view: ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]


def _ids(view: ui.LayoutView) -> list[str]:
    return [str(item.custom_id) for item in view.walk_children() if hasattr(item, "custom_id")]


def test_a_single_post_is_the_reports_card_with_buttons_of_nobody() -> None:
    view, files = post_card(_post())
    assert len(files) == 1
    assert "Small caps lead." in "\n".join(_texts(view))
    assert f"p1:{POST_ID}" in _ids(view)
    others = [i for i in _ids(view) if i.startswith("h1:")]
    assert others
    assert all(i.split(":")[3] == "" for i in others)  # nobody may change it in place


def test_what_is_usual_is_not_remarked_on() -> None:
    assert remarks(_post()) == []


def test_late_and_corrected_are_said() -> None:
    late, corrected = FRIDAY, FRIDAY + timedelta(days=1)
    said = remarks(_post(late=late, corrected=corrected))
    assert said == [
        f"Late: this was due <t:{int(late.timestamp())}:f>.",
        f"Corrected <t:{int(corrected.timestamp())}:f>: the data behind it has been put right since.",
    ]
    view, _files = post_card(_post(late=late))
    assert f"-# {said[0]}" in "\n".join(_texts(view))


@pytest.mark.parametrize(("ping", "words"), [(Ping(77), "<@&77>"), (Ping(), "@everyone")])
def test_a_ping_is_the_first_thing_said(ping: Ping, words: str) -> None:
    view, _files = post_card(_post(ping=ping))
    assert _texts(view)[0] == mention_text(ping) == words


@pytest.mark.parametrize("count", [2, 10, 25])
def test_a_digest_fits_however_much_it_holds(count: int) -> None:
    parts = [_rendered(headline=f"Headline {n}. " + "Small caps and large caps. " * 20) for n in range(count)]
    view, files = post_card(_post(*parts, ping=Ping(77)))
    texts = _texts(view)
    assert files == []
    assert sum(map(len, texts)) <= TEXT
    assert view.total_children_count <= COMPONENTS
    assert f"{count} reports at once" in "\n".join(texts)
    assert f"p1:{POST_ID}" in _ids(view)


def _delivery(**changes: Any) -> Delivery:
    plain: dict[str, Any] = {
        "id": POST_ID, "what": "schedule:a", "guild_id": 1, "channel_id": 2, "period": "2026-07-17", "due_at": FRIDAY,
        "ready_at": FRIDAY, "parts": (), "target": Target(), "language": "en", "theme": "dark", "state": "sent",
    }  # fmt: skip
    return Delivery(**{**plain, **changes})


def test_the_story_of_a_post() -> None:
    stamp = int(FRIDAY.timestamp())
    assert story(_delivery()) == f"Due <t:{stamp}:f>."
    told = story(
        _delivery(sent_at=FRIDAY, as_of=date(2026, 7, 17), attempt=3, corrected_at=datetime(2026, 7, 18, tzinfo=UTC))
    )
    assert told == (
        f"Due <t:{stamp}:f>. Posted <t:{stamp}:f>. It shows the close of 17 Jul 2026. It took 3 attempts. "
        "Corrected <t:1784332800:f>."
    )


def test_every_word_of_ours_is_translated() -> None:
    with use(PSEUDO):
        assert story(_delivery(sent_at=FRIDAY, attempt=2, as_of=date(2026, 7, 17))).count("⟦") == 4
    view, _files = post_card(_post(_rendered(), _rendered(), language=PSEUDO, late=FRIDAY))
    texts = "\n".join(_texts(view))
    assert "### ⟦2 reports at once⟧" in texts
    assert "-# ⟦Late: this was due" in texts
