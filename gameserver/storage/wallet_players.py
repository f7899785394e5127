"""The players of the games, and operators' sessions, in the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gameserver.storage.database import Database
from gameserver.storage.schema.wallet import wallet_players, wallet_sessions, wallet_signatures
from gameserver.wallet.rows import PlayerRow


class DatabasePlayers:
    """The ``PlayerStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure_player(self, aggregator: str, external: str, name: str) -> PlayerRow:
        """See ``PlayerStore``."""
        found = sa.select(wallet_players).where(
            wallet_players.c.aggregator == aggregator, wallet_players.c.external == external
        )

        def put(connection: sa.Connection) -> PlayerRow:
            values = {"aggregator": aggregator, "external": external, "name": name}
            if connection.execute(found).first() is None:
                connection.execute(_insert(connection, wallet_players).values(values).on_conflict_do_nothing())
            return PlayerRow(*connection.execute(found).one())

        return await self._database.run("wallet.put_player", put)

    async def player_by_id(self, number: int) -> PlayerRow | None:
        """See ``PlayerStore``."""

        def select(connection: sa.Connection) -> PlayerRow | None:
            row = connection.execute(sa.select(wallet_players).where(wallet_players.c.id == number)).first()
            return None if row is None else PlayerRow(*row)

        return await self._database.run("wallet.player", select)

    async def open_session(self, session: str, player: int, game: str, expires_ms: int) -> list[str]:
        """See ``PlayerStore``."""
        older = sa.and_(wallet_sessions.c.player == player, wallet_sessions.c.game == game, wallet_sessions.c.open)

        def put(connection: sa.Connection) -> list[str]:
            replaced = list(connection.execute(sa.select(wallet_sessions.c.id).where(older)).scalars())
            connection.execute(wallet_sessions.update().where(older).values(open=False))
            values = {"id": session, "player": player, "game": game, "expires_ms": expires_ms, "open": True}
            connection.execute(wallet_sessions.insert().values(values))
            return replaced

        return await self._database.run("wallet.open_session", put)

    async def session_open(self, session: str, now_ms: int) -> bool:
        """See ``PlayerStore``."""

        def select(connection: sa.Connection) -> bool:
            query = sa.select(wallet_sessions.c.id).where(
                wallet_sessions.c.id == session, wallet_sessions.c.open, wallet_sessions.c.expires_ms > now_ms
            )
            return connection.execute(query).first() is not None

        return await self._database.run("wallet.session_open", select)

    async def note_signature(self, signature: str, now_ms: int, window_ms: int) -> bool:
        """See ``PlayerStore``."""

        def note(connection: sa.Connection) -> bool:
            connection.execute(wallet_signatures.delete().where(wallet_signatures.c.at_ms < now_ms - window_ms))
            values = {"signature": signature, "at_ms": now_ms}
            inserted = _insert(connection, wallet_signatures).values(values).on_conflict_do_nothing()
            return connection.execute(inserted.returning(wallet_signatures.c.at_ms)).first() is None

        return await self._database.run("wallet.seen", note)


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
