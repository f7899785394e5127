"""Uploaded maps and achievements in the database."""

from __future__ import annotations

import attrs
import sqlalchemy as sa

from gameserver.matches.store import Achievement, StoredMap
from gameserver.storage.database import Database
from gameserver.storage.schema.kassel import achievements, achievements_reached, maps


class DatabaseMaps:
    """The ``MapStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[StoredMap]:
        """See ``MapStore``."""

        def select(connection: sa.Connection) -> list[StoredMap]:
            length = sa.func.length(maps.c.picture)
            columns = (maps.c.kind, maps.c.name, maps.c.owner, maps.c.version, maps.c.text, length)
            rows = connection.execute(sa.select(*columns).order_by(maps.c.kind, maps.c.name))
            return [StoredMap(*row[:5], picture_bytes=row[5]) for row in rows]

        return await self._database.run("maps.all", select)

    async def names(self) -> set[tuple[str, str]]:
        """See ``MapStore``."""

        def select(connection: sa.Connection) -> set[tuple[str, str]]:
            return {(row[0], row[1]) for row in connection.execute(sa.select(maps.c.kind, maps.c.name))}

        return await self._database.run("maps.names", select)

    async def picture(self, kind: str, name: str) -> bytes:
        """See ``MapStore``."""

        def select(connection: sa.Connection) -> bytes:
            query = sa.select(maps.c.picture).where(maps.c.kind == kind, maps.c.name == name)
            return bytes(connection.execute(query).scalar() or b"")

        return await self._database.run("maps.picture", select)

    async def remove(self, kind: str, name: str) -> bool:
        """See ``MapStore``."""

        def remove(connection: sa.Connection) -> bool:
            same = sa.and_(maps.c.kind == kind, maps.c.name == name)
            return connection.execute(maps.delete().where(same)).rowcount > 0

        return await self._database.run("maps.remove", remove)

    async def put(self, stored: StoredMap, by: str, now_ms: int) -> None:
        """See ``MapStore``."""
        kept = attrs.asdict(stored, filter=attrs.filters.exclude("picture_bytes"))
        values = kept | {"uploaded_by": by, "uploaded_ms": now_ms}

        def put(connection: sa.Connection) -> None:
            same = sa.and_(maps.c.kind == stored.kind, maps.c.name == stored.name)
            connection.execute(maps.delete().where(same))
            connection.execute(maps.insert().values(values))

        await self._database.run("maps.put", put)


class DatabaseAchievements:
    """The ``AchievementStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Achievement]:
        """See ``AchievementStore``."""

        def select(connection: sa.Connection) -> list[Achievement]:
            columns = (achievements.c.name, achievements.c.condition, achievements.c.creator, achievements.c.team)
            query = sa.select(*columns).order_by(achievements.c.created_ms, achievements.c.name)
            return [Achievement(*row) for row in connection.execute(query)]

        return await self._database.run("achievements.all", select)

    async def put(self, achievement: Achievement, now_ms: int) -> None:
        """See ``AchievementStore``."""

        def put(connection: sa.Connection) -> None:
            connection.execute(achievements.delete().where(achievements.c.name == achievement.name))
            connection.execute(achievements.insert().values(attrs.asdict(achievement) | {"created_ms": now_ms}))

        await self._database.run("achievements.put", put)

    async def remove(self, name: str) -> bool:
        """See ``AchievementStore``."""

        def remove(connection: sa.Connection) -> bool:
            return connection.execute(achievements.delete().where(achievements.c.name == name)).rowcount > 0

        return await self._database.run("achievements.remove", remove)

    async def reach(self, name: str, nickname: str, match: int, now_ms: int) -> bool:
        """See ``AchievementStore``."""

        def reach(connection: sa.Connection) -> bool:
            there = sa.select(achievements.c.name).where(achievements.c.name == name)
            same = sa.and_(achievements_reached.c.name == name, achievements_reached.c.nickname == nickname)
            done = sa.select(achievements_reached.c.name).where(same)
            if connection.execute(there).first() is None or connection.execute(done).first() is not None:
                return False
            values = {"name": name, "nickname": nickname, "match": match, "at_ms": now_ms}
            connection.execute(achievements_reached.insert().values(values))
            return True

        return await self._database.run("achievements.reach", reach)

    async def reached(self, nickname: str) -> set[str]:
        """See ``AchievementStore``."""

        def select(connection: sa.Connection) -> set[str]:
            query = sa.select(achievements_reached.c.name).where(achievements_reached.c.nickname == nickname)
            return set(connection.execute(query).scalars())

        return await self._database.run("achievements.reached", select)
