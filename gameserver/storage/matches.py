"""Matches in the database: what each starts from, its command log, which node hosts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec
import sqlalchemy as sa

from gameserver.errors import Code, GameError
from gameserver.games.api import Options
from gameserver.matches.command_log import Header
from gameserver.matches.store import Elsewhere, Holding, LogLine, Summary, check_open_games
from gameserver.storage.database import Database, now_ms
from gameserver.storage.schema.kassel import match_log, matches
from gameserver.storage.schema.nodes import nodes

#: The owner of a match that has been given up.
NOBODY = ""

#: Digits of a number that is no match's any more.
LONGEST_NUMBER = 10

#: Matches that a node takes in one go; the rest comes with its next look.
SHARE = 200


class DatabaseMatches:
    """The ``MatchStore`` on a ``Database``.

    ``node`` names the process: several may share a database. ``silence`` is the seconds after which another one is
    taken for gone; 0: this one is alone, and no match is another's.
    """

    def __init__(self, database: Database, node: str, silence: float = 0.0) -> None:
        self._database = database
        self._node = node
        self._silence = silence

    async def create(self, header: Header, most: int) -> int:
        """See ``MatchStore``."""
        values = {
            "owner": self._node,
            "epoch": 0,
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
            mine = sa.and_(matches.c.creator == header.creator, matches.c.finished_ms.is_(None))
            check_open_games(connection.execute(sa.select(sa.func.count()).where(mine)).scalar_one(), most)
            try:
                key = connection.execute(matches.insert().values(values)).inserted_primary_key
            except sa.exc.IntegrityError:
                raise GameError(Code.GAME_EXISTS, f"GAME {header.options.name} already exists.") from None
            assert key is not None
            return int(key[0])

        return await self._database.run("matches.create", insert)

    async def append(self, lines: Sequence[LogLine]) -> frozenset[int]:
        """See ``MatchStore``."""
        numbers = sorted({line.match for line in lines})

        def insert(connection: sa.Connection) -> frozenset[int]:
            # The hottest statements of all: the driver's own way costs a fourth of Core's.
            mark, locked = ("?", "") if connection.dialect.name == "sqlite" else ("%s", " FOR SHARE")
            # Nobody takes one of them over between this look and the commit.
            places = ", ".join([mark] * len(numbers))
            sql = f"SELECT id, epoch FROM matches WHERE id IN ({places}) ORDER BY id{locked}"
            epochs = {row[0]: row[1] for row in connection.exec_driver_sql(sql, tuple(numbers))}
            # A match that is not there any more must not keep the lines of all others from the disk.
            rows = [
                (line.match, line.number, line.at_ms, line.text)
                for line in lines
                if epochs.get(line.match) == line.epoch
            ]
            if rows:
                values = ", ".join([mark] * 4)
                sql = f'INSERT INTO match_log ("match", number, at_ms, text) VALUES ({values}) ON CONFLICT DO NOTHING'
                connection.exec_driver_sql(sql, rows)
            return frozenset(line.match for line in lines if epochs.get(line.match, 0) > line.epoch)

        return await self._database.run("matches.append", insert)

    async def finish(self, header: Header, at_ms: int, winner: str, players: Sequence[str]) -> None:
        """See ``MatchStore``."""
        values = {"finished_ms": at_ms, "winner": winner, "players": msgspec.json.encode(list(players)).decode()}

        def update(connection: sa.Connection) -> None:
            connection.execute(matches.update().where(*_still(header)).values(values))

        await self._database.run("matches.finish", update)

    async def discard(self, header: Header) -> None:
        """See ``MatchStore``."""

        def delete(connection: sa.Connection) -> None:
            connection.execute(matches.delete().where(*_still(header)))

        await self._database.run("matches.discard", delete)

    async def take_own(self) -> list[Header]:
        """See ``MatchStore``."""

        def take(connection: sa.Connection) -> list[Header]:
            ours = sa.and_(matches.c.owner == self._node, matches.c.finished_ms.is_(None))
            connection.execute(matches.update().where(ours).values(epoch=matches.c.epoch + 1))
            query = sa.select(matches).where(ours).order_by(matches.c.id)
            return [_header(row) for row in connection.execute(query).mappings()]

        return await self._database.run("matches.take_own", take)

    async def lost(self, headers: Sequence[Header]) -> frozenset[int]:
        """See ``MatchStore``."""
        if not self._silence or not headers:
            return frozenset()

        def select(connection: sa.Connection) -> frozenset[int]:
            query = sa.select(matches.c.id, matches.c.epoch).where(
                matches.c.id.in_([header.id for header in headers])
            )
            epochs = {row[0]: row[1] for row in connection.execute(query)}
            return frozenset(header.id for header in headers if epochs.get(header.id, 0) > header.epoch)

        return await self._database.run("matches.lost", select)

    async def take_over(self, kind: str, name: str) -> Header | None:
        """See ``MatchStore``."""
        if not self._silence:
            return None

        def take(connection: sa.Connection) -> Header | None:
            # The lock on the row lets one node look at a time.
            asked = sa.and_(matches.c.kind == kind, matches.c.name == name, matches.c.finished_ms.is_(None))
            row = connection.execute(sa.select(matches).where(asked).with_for_update()).mappings().first()
            if row is None or row["owner"] == self._node:
                return None
            since = now_ms(connection) - int(self._silence * 1000)
            there = sa.select(nodes.c.name).where(nodes.c.name == row["owner"], nodes.c.heard_ms >= since)
            if connection.execute(there).first() is not None:
                raise Elsewhere(name, row["owner"])
            epoch = row["epoch"] + 1
            same = matches.c.id == row["id"]
            connection.execute(matches.update().where(same).values(owner=self._node, epoch=epoch))
            return attrs.evolve(_header(row), epoch=epoch)

        return await self._database.run("matches.take_over", take)

    async def take_orphans(self) -> list[Header]:
        """See ``MatchStore``."""
        if not self._silence:
            return []

        def take(connection: sa.Connection) -> list[Header]:
            since = now_ms(connection) - int(self._silence * 1000)
            heard = sa.select(nodes.c.name, nodes.c.draining).where(nodes.c.heard_ms >= since)
            living = {row.name: bool(row.draining) for row in connection.execute(heard)}
            # A node that has just begun has not been heard yet.
            heirs = sorted({name for name, draining in living.items() if not draining} | {self._node})
            share = sa.and_(
                matches.c.finished_ms.is_(None),
                matches.c.owner.not_in([*living, self._node]),
                matches.c.id % len(heirs) == heirs.index(self._node),
            )
            query = sa.select(matches).where(share).order_by(matches.c.id).limit(SHARE)
            rows = connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
            if rows:
                ours = matches.c.id.in_([row["id"] for row in rows])
                connection.execute(matches.update().where(ours).values(owner=self._node, epoch=matches.c.epoch + 1))
            return [attrs.evolve(_header(row), epoch=row["epoch"] + 1) for row in rows]

        return await self._database.run("matches.take_orphans", take)

    async def give_up(self) -> int:
        """See ``MatchStore``."""
        if not self._silence:
            return 0

        def give(connection: sa.Connection) -> int:
            ours = sa.and_(matches.c.owner == self._node, matches.c.finished_ms.is_(None))
            return connection.execute(matches.update().where(ours).values(owner=NOBODY)).rowcount

        return await self._database.run("matches.give_up", give)

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

    async def search(self, text: str, limit: int) -> list[Summary]:
        """See ``MatchStore``."""
        called = sa.func.lower(matches.c.name).contains(text.lower(), autoescape=True)
        if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER:
            called = sa.or_(called, matches.c.id == int(text))
        query = sa.select(matches).where(called).order_by(matches.c.id.desc()).limit(limit)

        def select(connection: sa.Connection) -> list[Summary]:
            return [_summary(row) for row in connection.execute(query).mappings()]

        return await self._database.run("matches.search", select)

    async def holding(self, match: int) -> Holding | None:
        """See ``MatchStore``."""
        log = sa.select(sa.func.count(), sa.func.max(match_log.c.at_ms)).where(match_log.c.match == match)

        def select(connection: sa.Connection) -> Holding | None:
            row = connection.execute(sa.select(matches).where(matches.c.id == match)).mappings().first()
            return Holding(_summary(row), row["owner"], *connection.execute(log).one()) if row else None

        return await self._database.run("matches.holding", select)

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
    return Header(row["id"], row["kind"], options, row["seed"], row["creator"], row["created_ms"], row["epoch"])


def _still(header: Header) -> tuple[sa.ColumnElement[bool], ...]:
    """Say which row a match is in as long as nobody else has taken it over."""
    return matches.c.id == header.id, matches.c.epoch == header.epoch


def _summary(row: Any) -> Summary:
    players = tuple(msgspec.json.decode(row["players"]))
    return Summary(_header(row), row["finished_ms"], row["winner"], players)
