"""CREATE, UPDATE, DELETE and LIST ACHIEVEMENTS of server 1.0.4."""

from __future__ import annotations

from gameserver.protocols.kassel.lobby.client import Client, Lines
from gameserver.protocols.kassel.lobby.commands import offered


def _arguments(client: Client, command: str, rest: str) -> tuple[str, str]:
    name, _, condition = rest.partition(" ")
    season = client.shared.season
    if not name:
        raise offered(season)[command].usage_error(season, "The name is missing.")
    return name, condition.strip(" \t")


async def create_achievement(client: Client, rest: str) -> Lines:
    """CREATE ACHIEVEMENT."""
    name, condition = _arguments(client, "CREATE ACHIEVEMENT", rest)
    await client.shared.achievements.create(client.require_player(), name, condition)
    return []


async def update_achievement(client: Client, rest: str) -> Lines:
    """UPDATE ACHIEVEMENT."""
    name, condition = _arguments(client, "UPDATE ACHIEVEMENT", rest)
    await client.shared.achievements.update(client.require_player(), name, condition)
    return []


async def delete_achievement(client: Client, rest: str) -> Lines:
    """DELETE ACHIEVEMENT."""
    name, _ = _arguments(client, "DELETE ACHIEVEMENT", rest)
    await client.shared.achievements.delete(client.require_player(), name)
    return []


async def list_achievements(client: Client, _rest: str) -> Lines:
    """LIST ACHIEVEMENTS."""
    found = await client.shared.achievements.listed(client.require_player())
    lines = [
        f"ACHIEVEMENT NAME={one.name} CREATOR={one.creator} REACHED={'true' if reached else 'false'}"
        f" CONDITION={one.condition}"
        for one, reached in found
    ]
    return lines or ["NO ACHIEVEMENTS"]
