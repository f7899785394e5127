"""A room as an entry of the list (/play 0), for clients of every generation with five sockets."""

from __future__ import annotations

from gameserver.protocols.techmino.rooms.room import Room


def info(room: Room) -> dict[str, str]:
    """Return what clients from 0.15 on call a room by. They join it only if its version is their own.

    A room of older clients, or of another generation, has its name for a version: it is shown, and joined by nobody
    by mistake.
    """
    settings = room.settings
    found = {"name": settings.name, "type": settings.kind, "version": settings.version or room.generation.name}
    return found | {"description": settings.description} if settings.description else found


def listed(room: Room) -> dict[str, object]:
    """Return the entry."""
    settings = room.settings
    return {
        "rid": room.rid,
        "name": settings.name,
        "type": settings.kind,
        "private": bool(room.password),
        "start": room.round is not None,
        "count": len(room.members),
        "capacity": settings.capacity,
        "roomInfo": info(room),
    }
