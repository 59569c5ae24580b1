"""What servers and people have configured, and what was posted for them."""

from bot.community.core import without_orm

without_orm()
