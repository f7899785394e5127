"""The nodes that share a database: each says from time to time that it is there."""

from __future__ import annotations

import sqlalchemy as sa

from gameserver.storage.database import Database, now_ms
from gameserver.storage.schema.nodes import nodes


class DatabaseNodes:
    """``node`` is the name of this one."""

    def __init__(self, database: Database, node: str) -> None:
        self._database = database
        self._node = node

    async def beat(self) -> None:
        """Say that this node is there. Raises ``Unavailable``."""

        def put(connection: sa.Connection) -> None:
            heard = {"heard_ms": now_ms(connection)}
            if not connection.execute(nodes.update().where(nodes.c.name == self._node).values(heard)).rowcount:
                connection.execute(nodes.insert().values(name=self._node, **heard))

        await self._database.run("nodes.beat", put)
