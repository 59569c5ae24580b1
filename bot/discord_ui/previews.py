"""A post as it would be if it were due now: for those who set it up."""

from dataclasses import replace

from bot.community.deliveries import Delivery, Part, Target
from bot.community.records import Schedule, new_id
from bot.discord_ui.desk import Desk
from bot.discord_ui.posts import Card, post_card
from bot.jobs.content import Contents
from bot.jobs.publishing import Post


async def preview_card(desk: Desk, schedule: Schedule) -> Card:
    """Return the message a schedule would post to its first place now. Raises the bot's own errors.

    It knows what that channel was told last, and pings nobody.
    """
    place, settings = schedule.destinations[0], await desk.settings()
    look = await desk.community.guilds.channel(desk.guild.id, place.channel_id)
    now = desk.bot.clock.now()
    due = Delivery(
        id=new_id(),
        what=schedule.what,
        guild_id=desk.guild.id,
        channel_id=place.channel_id,
        period="",
        due_at=now,
        ready_at=now,
        parts=(Part(schedule.content, dict(schedule.request)),),
        target=Target(kind=place.kind),
        language=look.language or settings.language,
        theme=look.theme or settings.theme,
        state="due",
    )
    community = desk.community
    (request,) = await Contents(community.ledger, community.posts, community.guilds).requests(due)
    rendered = await desk.bot.reports.get(request, language=due.language, theme=due.theme)
    post = Post(id=due.id, guild_id=due.guild_id, channel_id=due.channel_id, parts=(rendered,), language=due.language)
    return post_card(replace(post, target=due.target))
