"""Sanctions and the audit log in the database."""

from __future__ import annotations

import attrs
import sqlalchemy as sa

from gameserver.moderation.store import AuditEntry, Sanction
from gameserver.storage.database import Database
from gameserver.storage.schema.accounts import audit, sanctions


class DatabaseModeration:
    """The ``ModerationStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, sanction: Sanction) -> None:
        """See ``ModerationStore``."""

        def put(connection: sa.Connection) -> None:
            same = sa.and_(sanctions.c.kind == sanction.kind, sanctions.c.subject == sanction.subject)
            connection.execute(sanctions.delete().where(same))
            connection.execute(sanctions.insert().values(attrs.asdict(sanction)))

        await self._database.run("moderation.put", put)

    async def remove(self, kind: str, subject: str) -> bool:
        """See ``ModerationStore``."""

        def remove(connection: sa.Connection) -> bool:
            same = sa.and_(sanctions.c.kind == kind, sanctions.c.subject == subject)
            return connection.execute(sanctions.delete().where(same)).rowcount > 0

        return await self._database.run("moderation.remove", remove)

    async def all(self) -> list[Sanction]:
        """See ``ModerationStore``."""

        def select(connection: sa.Connection) -> list[Sanction]:
            rows = connection.execute(sa.select(sanctions).order_by(sanctions.c.since_ms)).mappings()
            return [Sanction(**row) for row in rows]

        return await self._database.run("moderation.all", select)

    async def note(self, entry: AuditEntry) -> None:
        """See ``ModerationStore``."""

        def note(connection: sa.Connection) -> None:
            connection.execute(audit.insert().values(attrs.asdict(entry)))

        await self._database.run("moderation.note", note)

    async def log(self, limit: int) -> list[AuditEntry]:
        """See ``ModerationStore``."""

        def select(connection: sa.Connection) -> list[AuditEntry]:
            rows = connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(limit)).mappings()
            return [AuditEntry(*[row[field.name] for field in attrs.fields(AuditEntry)]) for row in rows]

        return await self._database.run("moderation.log", select)
