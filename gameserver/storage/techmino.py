"""Rounds of Techmino in the database."""

from __future__ import annotations

import attrs
import sqlalchemy as sa

from gameserver.matches.techmino_rounds import PlayerRecord, RoundRecord
from gameserver.storage.database import Database
from gameserver.storage.schema.techmino import techmino_players as players
from gameserver.storage.schema.techmino import techmino_rounds as rounds

_ROUND = ("rid", "room", "type", "seed", "started_ms", "ended_ms", "version", "rules")


class DatabaseRounds:
    """The ``RoundStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_round(self, record: RoundRecord) -> int:
        """See ``RoundStore``."""

        def put(connection: sa.Connection) -> int:
            values = {name: _storable(getattr(record, name)) for name in _ROUND}
            key = connection.execute(rounds.insert().values(values)).inserted_primary_key
            assert key is not None
            number: int = key[0]
            if record.players:
                rows = [{"round": number, **attrs.asdict(player)} for player in record.players]
                connection.execute(players.insert(), rows)
            return number

        return await self._database.run("techmino.put", put)

    async def rounds_of(self, uid: int, begin: int, count: int) -> list[RoundRecord]:
        """See ``RoundStore``."""

        def select(connection: sa.Connection) -> list[RoundRecord]:
            own = sa.select(players.c.round).where(players.c.uid == uid)
            query = sa.select(rounds).where(rounds.c.id.in_(own)).order_by(rounds.c.id.desc())
            found = connection.execute(query.offset(begin).limit(count)).mappings().all()
            light = [column for column in players.c if column.name != "stream"]
            return [_record(connection, row, light) for row in found]

        return await self._database.run("techmino.rounds_of", select)

    async def get(self, number: int, uid: int) -> RoundRecord | None:
        """See ``RoundStore``."""

        def select(connection: sa.Connection) -> RoundRecord | None:
            own = sa.select(players.c.round).where(players.c.uid == uid, players.c.round == number)
            row = connection.execute(sa.select(rounds).where(rounds.c.id.in_(own))).mappings().first()
            return _record(connection, row, list(players.c)) if row else None

        return await self._database.run("techmino.get", select)

    async def delete_before(self, at_ms: int) -> int:
        """See ``RoundStore``."""

        def delete(connection: sa.Connection) -> int:
            return connection.execute(rounds.delete().where(rounds.c.ended_ms < at_ms)).rowcount

        return await self._database.run("techmino.delete_before", delete)


def _record(connection: sa.Connection, row: sa.RowMapping, columns: list[sa.Column[object]]) -> RoundRecord:
    query = sa.select(*columns).where(players.c.round == row["id"]).order_by(players.c.place, players.c.uid)
    found = connection.execute(query).mappings()
    names = [column.name for column in columns if column.name != "round"]
    members = tuple(PlayerRecord(**{name: player[name] for name in names}) for player in found)
    return RoundRecord(id=row["id"], **{name: row[name] for name in _ROUND}, players=members)


def _storable(value: object) -> object:
    # PostgreSQL takes no NUL byte in a text; the name of a room may have one.
    return value.replace("\x00", " ") if isinstance(value, str) else value
