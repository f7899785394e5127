"""The ``PersonalData`` of a ``Database``."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from gameserver.accounts.personal_data import Sections
from gameserver.storage.database import Database
from gameserver.storage.former_players import forget_in_matches, forget_person, matches_to_look_at
from gameserver.storage.person import sections_of
from gameserver.storage.schema.accounts import former_names

#: Matches that are looked through in one transaction.
SLICE = 25


class DatabasePersonalData:
    """See ``PersonalData``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, number: int, latest: int | None = None) -> Sections | None:
        """See ``PersonalData``. Encoded in the database's thread: of a busy player it is a lot."""

        def select(connection: sa.Connection) -> dict[str, msgspec.Raw] | None:
            found = sections_of(connection, number, latest)
            return None if found is None else {name: msgspec.Raw(text) for name, text in found}

        return await self._database.run("personal_data.export", select)

    async def forget_former(self) -> bool:
        """See ``PersonalData``."""
        query = sa.select(former_names).where(former_names.c.remains > 0).order_by(former_names.c.account)

        def select(connection: sa.Connection) -> list[sa.Row[tuple[object, ...]]]:
            return list(connection.execute(query))

        left = False
        for row in await self._database.run("personal_data.former", select):
            left = await self._forget(row) or left
        return left

    async def _forget(self, row: sa.Row[tuple[object, ...]]) -> bool:
        """Take one name out, in small transactions that keep nobody waiting; say whether it is left somewhere."""
        name, account = row.name, row.account
        query = matches_to_look_at(row.removed_ms, everything=row.remains > 1)
        last, left = 0, False
        while True:

            def slice_(connection: sa.Connection, after: int = last) -> tuple[int, bool]:
                numbers = list(connection.execute(query.limit(SLICE), {"after": after}).scalars())
                return (numbers[-1], forget_in_matches(connection, name, numbers)) if numbers else (0, False)

            last, open_here = await self._database.run("personal_data.forget_in_matches", slice_)
            left = left or open_here
            if not last:
                break

        def finish(connection: sa.Connection) -> None:
            # After the matches: none that has the name is counted any more.
            forget_person(connection, account, name)
            mine = former_names.c.account == account
            connection.execute(former_names.update().where(mine).values(remains=1 if left else 0))

        await self._database.run("personal_data.forget_person", finish)
        return left
