"""What players of Techmino keep, in the database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from gameserver.storage.database import Database
from gameserver.storage.schema.techmino import techmino_saves as saves


class DatabaseSaves:
    """The ``SaveStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_sections(self, uid: int, sections: Mapping[int, str]) -> None:
        """See ``SaveStore``."""
        rows = [{"uid": uid, "section": section, "data": data} for section, data in sections.items()]

        def put(connection: sa.Connection) -> None:
            if rows:
                connection.execute(saves.delete().where(saves.c.uid == uid, saves.c.section.in_(list(sections))))
                connection.execute(saves.insert(), rows)

        await self._database.run("techmino.keep_sections", put)

    async def sections_of(self, uid: int) -> dict[int, str]:
        """See ``SaveStore``."""

        def select(connection: sa.Connection) -> dict[int, str]:
            query = sa.select(saves.c.section, saves.c.data).where(saves.c.uid == uid).order_by(saves.c.section)
            return {row.section: row.data for row in connection.execute(query)}

        return await self._database.run("techmino.sections_of", select)
