"""A room as an entry of the list (/play 0), for clients of every generation with five sockets."""

from __future__ import annotations

from gameserver.protocols.techmino.rooms.listing import Listing


def info(room: Listing) -> dict[str, str]:
    """Return what clients from 0.15 on call a room by. They join it only if its version is their own.

    A room of older clients, or of another generation, has its name for a version: it is shown, and joined by nobody
    by mistake.
    """
    found = {"name": room.name, "type": room.kind, "version": room.version or room.generation}
    return found | {"description": room.description} if room.description else found


def listed(room: Listing) -> dict[str, object]:
    """Return the entry."""
    return {
        "rid": room.rid,
        "name": room.name,
        "type": room.kind,
        "private": room.private,
        "start": room.started,
        "count": room.count,
        "capacity": room.capacity,
        "roomInfo": info(room),
    }
