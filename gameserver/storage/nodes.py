"""The nodes that share a database: each says from time to time that it is there, and what it has."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable

import attrs
import sqlalchemy as sa

from gameserver.storage.database import Database, now_ms
from gameserver.storage.schema.kassel import matches
from gameserver.storage.schema.nodes import nodes


@attrs.frozen
class NodeState:
    """A node as it was when it was last heard of, and the matches it owns. ``silent`` and ``age`` are in seconds.

    ``draining``: it is to end, and lets nobody in any more.
    """

    name: str
    process: str
    version: str
    sessions: int
    matches: int
    silent: float
    age: float
    draining: bool


class DatabaseNodes:
    """``node`` is the name of this one, ``sessions`` says how many connections it has."""

    def __init__(self, database: Database, node: str, version: str, sessions: Callable[[], int]) -> None:
        self._database = database
        self._node = node
        self._version = version
        self._sessions = sessions
        self._started_ms = 0

    async def beat(self, draining: bool = False) -> bool:
        """Say that this node is there, and whether it is about to end; return whether it is to.

        Raises ``Unavailable``.
        What has been asked of the process before is forgotten with the first beat.
        """
        # Not before: a daemon has another number than the process that began.
        process, sessions = f"{platform.node()}:{os.getpid()}", self._sessions()

        def put(connection: sa.Connection) -> tuple[int, bool]:
            now = now_ms(connection)
            us = nodes.c.name == self._node
            values = {
                "heard_ms": now,
                "process": process,
                "version": self._version,
                "started_ms": self._started_ms or now,
                "sessions": sessions,
            }
            if draining or not self._started_ms:
                values["draining"] = int(draining)
            if not connection.execute(nodes.update().where(us).values(values)).rowcount:
                connection.execute(nodes.insert().values(name=self._node, **values))
            return now, bool(connection.execute(sa.select(nodes.c.draining).where(us)).scalar_one())

        now, asked = await self._database.run("nodes.beat", put)
        self._started_ms = self._started_ms or now
        return asked


def ask_to_drain(connection: sa.Connection, name: str) -> None:
    """Ask a node to end; it hears of it with its next beat."""
    connection.execute(nodes.update().where(nodes.c.name == name).values(draining=1))


def every_node(connection: sa.Connection) -> list[NodeState]:
    """Return all nodes that have ever been, the one heard of last first."""
    now = now_ms(connection)
    owned = sa.select(sa.func.count()).where(matches.c.owner == nodes.c.name, matches.c.finished_ms.is_(None))
    query = sa.select(nodes, owned.scalar_subquery().label("matches")).order_by(nodes.c.heard_ms.desc(), nodes.c.name)
    return [
        NodeState(
            row["name"],
            row["process"],
            row["version"],
            row["sessions"],
            row["matches"],
            (now - row["heard_ms"]) / 1000,
            (now - row["started_ms"]) / 1000,
            bool(row["draining"]),
        )
        for row in connection.execute(query).mappings()
    ]
