"""Public answers counted by the hour: in the database, so that restarts forget nothing and processes share a count."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.database import Database
from bot.community.records import new_id
from bot.community.tables import guilds, public_answers

HOUR = timedelta(hours=1)


class PublicAnswers:
    """How many answers a server has seen in the last hour. Says nothing about who asked or what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, guild_id: int, most: int, now: datetime) -> str | None:
        """Take one of a server's ``most`` public answers of an hour; returns its id, None where there is none left."""

        async def work(connection: AsyncConnection) -> str | None:
            # Whoever counts holds the server's row until the answer is in: two at once cannot both be the last one.
            await connection.execute(select(guilds.c.guild_id).where(guilds.c.guild_id == guild_id).with_for_update())
            theirs = public_answers.c.guild_id == guild_id
            await connection.execute(delete(public_answers).where(theirs, public_answers.c.at <= now - HOUR))
            seen = select(func.count()).select_from(public_answers).where(theirs)
            if (await connection.scalar(seen) or 0) >= most:
                return None
            taken = new_id()
            await connection.execute(insert(public_answers).values(id=taken, guild_id=guild_id, at=now))
            return taken

        return await self._database.insist(work)

    async def give_back(self, taken: str) -> None:
        """Give an answer back that was never posted."""
        async with self._database.write() as connection:
            await connection.execute(delete(public_answers).where(public_answers.c.id == taken))
