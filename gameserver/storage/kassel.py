"""Matches, maps and achievements in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec
import sqlalchemy as sa

from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.matches.store import Achievement, LogLine, StoredMap, Summary
from gameserver.storage.database import Database
from gameserver.storage.schema.kassel import achievements, achievements_reached, maps, match_log, matches


class DatabaseMatches:
    """The ``MatchStore`` on a ``Database``. ``host`` names the process: several may share a database."""

    def __init__(self, database: Database, host: str) -> None:
        self._database = database
        self._host = host

    async def create(self, header: Header) -> int:
        """See ``MatchStore``."""
        values = {
            "host": self._host,
            "kind": header.kind,
            "name": header.options.name,
            "options": msgspec.json.encode(attrs.asdict(header.options)).decode(),
            "seed": header.seed,
            "creator": header.creator,
            "created_ms": header.created_ms,
            "winner": "",
            "players": "[]",
        }

        def insert(connection: sa.Connection) -> int:
            key = connection.execute(matches.insert().values(values)).inserted_primary_key
            assert key is not None
            return int(key[0])

        return await self._database.run("matches.create", insert)

    async def append(self, lines: Sequence[LogLine]) -> None:
        """See ``MatchStore``."""
        rows = [(line.match, line.number, line.at_ms, line.text, line.match) for line in lines]

        def insert(connection: sa.Connection) -> None:
            # The hottest statement of all: the driver's own way costs a fourth of Core's.
            # A match that is not there any more must not keep the lines of all others from the disk.
            mark = "?" if connection.dialect.name == "sqlite" else "%s"
            values = f"SELECT {mark}, {mark}, {mark}, {mark} WHERE EXISTS (SELECT 1 FROM matches WHERE id = {mark})"
            sql = f'INSERT INTO match_log ("match", number, at_ms, text) {values} ON CONFLICT DO NOTHING'
            connection.exec_driver_sql(sql, rows)

        await self._database.run("matches.append", insert)

    async def finish(self, match: int, at_ms: int, winner: str, players: Sequence[str]) -> None:
        """See ``MatchStore``."""
        values = {"finished_ms": at_ms, "winner": winner, "players": msgspec.json.encode(list(players)).decode()}

        def update(connection: sa.Connection) -> None:
            connection.execute(matches.update().where(matches.c.id == match).values(values))

        await self._database.run("matches.finish", update)

    async def discard(self, match: int) -> None:
        """See ``MatchStore``."""

        def delete(connection: sa.Connection) -> None:
            connection.execute(matches.delete().where(matches.c.id == match))

        await self._database.run("matches.discard", delete)

    async def unfinished(self) -> list[Header]:
        """See ``MatchStore``."""

        def select(connection: sa.Connection) -> list[Header]:
            ours = sa.and_(matches.c.host == self._host, matches.c.finished_ms.is_(None))
            query = sa.select(matches).where(ours).order_by(matches.c.id)
            return [_header(row) for row in connection.execute(query).mappings()]

        return await self._database.run("matches.unfinished", select)

    async def summary(self, match: int) -> Summary | None:
        """See ``MatchStore``."""

        def select(connection: sa.Connection) -> Summary | None:
            row = connection.execute(sa.select(matches).where(matches.c.id == match)).mappings().first()
            return _summary(row) if row else None

        return await self._database.run("matches.summary", select)

    async def recent(self, kind: str, limit: int) -> list[Summary]:
        """See ``MatchStore``."""

        def select(connection: sa.Connection) -> list[Summary]:
            over = sa.and_(matches.c.kind == kind, matches.c.finished_ms.is_not(None))
            query = sa.select(matches).where(over).order_by(matches.c.finished_ms.desc(), matches.c.id.desc())
            return [_summary(row) for row in connection.execute(query.limit(limit)).mappings()]

        return await self._database.run("matches.recent", select)

    async def lines(self, match: int) -> list[LogLine]:
        """See ``MatchStore``."""

        def select(connection: sa.Connection) -> list[LogLine]:
            query = sa.select(match_log).where(match_log.c.match == match).order_by(match_log.c.number)
            return [LogLine(*row) for row in connection.execute(query)]

        return await self._database.run("matches.lines", select)

    async def prune(self, before_ms: int) -> int:
        """See ``MatchStore``."""

        def delete(connection: sa.Connection) -> int:
            return connection.execute(matches.delete().where(matches.c.finished_ms < before_ms)).rowcount

        return await self._database.run("matches.prune", delete)


def _header(row: Any) -> Header:
    # Headers from before editions were counted say nothing of theirs: it is the first.
    options = Options(**{"rules": 1, **msgspec.json.decode(row["options"])})
    return Header(row["id"], row["kind"], options, row["seed"], row["creator"], row["created_ms"])


def _summary(row: Any) -> Summary:
    players = tuple(msgspec.json.decode(row["players"]))
    return Summary(_header(row), row["finished_ms"], row["winner"], players)


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
