"""From a card to an alert on what it shows: every card offers indicators, the form stands where they stand."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor

from bot import features
from bot.request import Request
from tests.conftest import Scene, walk
from tests.e2e.conftest import shown
from tests.e2e.test_alerts import press, text_of
from tests.e2e.test_every_control import posted, public_requests

pytestmark = pytest.mark.simcord(settle_timeout=25)
OWN = {
    "rotation": "rotation.regime", "highs": "highs.drawdown", "breadth": "breadth.at_high.small",
    "valuation": "valuation.discount.pe_fy1.profitable", "earnings": "earnings.revisions", "risks": "risks.financing",
    "rates": "rates.yield_2y", "shortinterest": "shortinterest.weighted.r2000", "style": "style.regime",
    "thesis": "thesis.valuation",
}  # fmt: skip


async def offered(scene: Scene, ada: MemberActor, request: Request) -> dict[str, str]:
    """Press the button of a card; return what can be picked, as titles by id."""
    card = await posted(scene, request)
    page = shown(await ada.click(card, label="Set an alert"))[-1]
    message = page.message if hasattr(page, "message") else page
    selects = [c for c in walk(message.components) if isinstance(c, discord.SelectMenu)]
    pick = next((s for s in selects if s.custom_id == "t1:pick::"), selects[0])
    return {option.value: option.label for option in pick.options}


@pytest.mark.parametrize("request_", public_requests(), ids=lambda request: request.feature)
async def test_every_card_leads_to_alerts(scene: Scene, ada: MemberActor, request_: Request) -> None:
    found = await offered(scene, ada, request_)
    assert found
    if request_.feature in OWN:
        assert OWN[request_.feature] in found


def asked(feature: str, **fields: Any) -> Request:
    request: Request = features.request_type(feature)(**fields)
    return request


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        (asked("shortinterest", symbols=("CAR",)), "short.shares.CAR"),
        (asked("shortinterest", symbols=("CAR", "GME")), "short.shares.CAR"),
        (asked("quote", symbol="GME"), "short.shares.GME"),
    ],
    ids=["one", "two", "quote"],
)
async def test_a_companys_card_offers_its_positions(
    scene: Scene, ada: MemberActor, request_: Request, first: str
) -> None:
    found = await offered(scene, ada, request_)
    assert next(iter(found)) == first
    for symbol in getattr(request_, "symbols", ("GME",)):
        assert f"short.of_shares.{symbol}" in found
    assert "short.shares.IWM" not in found


async def test_a_screen_offers_the_scores_of_those_it_names(scene: Scene, ada: MemberActor) -> None:
    request = asked("squeeze")
    table = (await scene.bot.reports.get(request)).report.table("squeeze")
    found = await offered(scene, ada, request)
    for row in table.rows[:4]:
        assert found[f"squeeze.score.{row[0]}"] == f"Squeeze score of {row[0]}"


async def test_the_form_begins_where_the_indicator_stands(scene: Scene, ada: MemberActor) -> None:
    card = await posted(scene, asked("shortinterest", symbols=("CAR",)))
    page = shown(await ada.click(card, label="Set an alert"))[-1]
    form = await ada.select(page, values=["short.of_float.CAR"], custom_id="t1:pick::")
    assert form.modal is not None
    fields = {label["component"]["custom_id"]: label["component"] for label in form.modal["components"]}
    now = fields["value"]["value"]
    assert now.endswith("%")
    typed = {"when": ["above"], "value": now, "within": "", "confirm": "1", "cooldown": "7"}
    preview = await ada.submit_modal(form, typed)
    assert f"Fires when short interest of CAR, of its float is above {now}: at most once in 7 days." in text_of(preview)
    assert "Saved." in text_of(await press(ada, preview, "Save"))
    (alert,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    assert alert.rule.indicator == "short.of_float.CAR"


async def test_alerts_on_squeeze_scores_ping_nobody(scene: Scene, ada: MemberActor) -> None:
    role = scene.guild.create_role("Watchers")
    table = (await scene.bot.reports.get(asked("squeeze"))).report.table("squeeze")
    symbol = table.rows[0][0]
    wishes = {"indicator": f"squeeze.score.{symbol}", "when": "above", "value": "90"}
    refused = await ada.slash(scene.channel, "alert add", **wishes, role=role)
    assert "ping nobody" in text_of(refused)
    preview = await ada.slash(scene.channel, "alert add", **wishes)
    assert f"Fires when squeeze score of {symbol} is above 90." in text_of(preview)
    assert "too little to say how often it fires" in text_of(preview)
