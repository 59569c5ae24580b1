"""What people chose for themselves, and the public answers they may take away."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import delete, select

from bot.community.database import Database, upsert
from bot.community.records import Person, Reply
from bot.community.tables import people, replies


class People:
    """Persons' own choices. Who chose nothing has no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: int) -> Person:
        """Return what somebody chose."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(people).where(people.c.user_id == user_id))).mappings().first()
        return Person(user_id=user_id) if row is None else Person(**row)

    async def save(self, person: Person) -> None:
        """Store somebody's choices; choosing nothing leaves no row."""
        async with self._database.write() as connection:
            if person == Person(user_id=person.user_id):
                await connection.execute(delete(people).where(people.c.user_id == person.user_id))
            else:
                await upsert(connection, people, {f.name: getattr(person, f.name) for f in fields(person)})


class Replies:
    """Public answers that go by themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reply: Reply) -> None:
        """Remember an answer."""
        async with self._database.write() as connection:
            await upsert(connection, replies, {f.name: getattr(reply, f.name) for f in fields(reply)})

    async def expired(self, now: datetime, limit: int = 100) -> list[Reply]:
        """Return answers whose time is over, oldest first."""
        query = select(replies).where(replies.c.delete_at <= now).order_by(replies.c.delete_at).limit(limit)
        async with self._database.read() as connection:
            return [Reply(**row) for row in (await connection.execute(query)).mappings()]

    async def forget(self, message_ids: list[int]) -> None:
        """Forget answers that were deleted."""
        async with self._database.write() as connection:
            await connection.execute(delete(replies).where(replies.c.message_id.in_(message_ids)))

    async def forget_older(self, message_id: int) -> int:
        """Forget answers older than this snowflake that stay for good; returns how many."""
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(replies).where(replies.c.message_id < message_id, replies.c.delete_at.is_(None))
            )
            return gone.rowcount
