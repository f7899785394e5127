"""CREATE, UPDATE, DELETE and LIST ACHIEVEMENTS of server 1.0.4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gameserver.protocols.kassel.help import offered

if TYPE_CHECKING:
    from gameserver.protocols.kassel.connection import Connection


def _arguments(connection: Connection, command: str, rest: str) -> tuple[str, str]:
    name, _, condition = rest.partition(" ")
    season = connection.shared.season
    if not name:
        raise offered(season)[command].usage_error(season, "The name is missing.")
    return name, condition.strip(" \t")


async def create(connection: Connection, rest: str) -> list[str]:
    """CREATE ACHIEVEMENT."""
    name, condition = _arguments(connection, "CREATE ACHIEVEMENT", rest)
    await connection.shared.achievements.create(connection.player, name, condition)
    return []


async def update(connection: Connection, rest: str) -> list[str]:
    """UPDATE ACHIEVEMENT."""
    name, condition = _arguments(connection, "UPDATE ACHIEVEMENT", rest)
    await connection.shared.achievements.update(connection.player, name, condition)
    return []


async def delete(connection: Connection, rest: str) -> list[str]:
    """DELETE ACHIEVEMENT."""
    name, _ = _arguments(connection, "DELETE ACHIEVEMENT", rest)
    await connection.shared.achievements.delete(connection.player, name)
    return []


async def list_all(connection: Connection, _rest: str) -> list[str]:
    """LIST ACHIEVEMENTS."""
    found = await connection.shared.achievements.listed(connection.player)
    lines = [
        f"ACHIEVEMENT NAME={one.name} CREATOR={one.creator} REACHED={'true' if reached else 'false'}"
        f" CONDITION={one.condition}"
        for one, reached in found
    ]
    return lines or ["NO ACHIEVEMENTS"]
