"""For the site's page about clients: where they look, whether the visitor's is here, an address to log in with."""

from __future__ import annotations

import msgspec
from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, body
from gameserver.edge.http.people import who
from gameserver.protocols.techmino.releases import RELEASES
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.shared import TechminoShared

#: Most rooms of one answer.
COUNT = 100


class Email(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/techmino/email``; an empty address: none any more."""

    email: str


def client_pages(context: Context, shared: TechminoShared) -> dict[str, JsonResource]:
    """Return the resources by path."""

    async def client(request: Request) -> object:
        """Say where clients look, and whether one from the asker's address is here or was in the last minute."""
        host = address(request)
        context.sessions.check_banned(host)
        releases = [
            {"first": one.first, "last": one.last, "host": one.host, "ports": one.ports, "named": one.named}
            for one in RELEASES
        ]
        return {"address": host, "seen": shared.seen.last(host), "releases": releases}

    async def rooms(_request: Request) -> object:
        """List the rooms of all generations, first those that can be joined."""
        return {"rooms": [_shown(room) for room in shared.listed()[:COUNT]]}

    async def keep_email(request: Request) -> object:
        """Give the asker's account an address, because the clients' login screens insist on one."""
        wanted = body(request, Email)
        account = await who(context, request)
        changed = await context.accounts.change(account.id, {"email": wanted.email or None})
        return {"email": changed.email}

    return {
        "api/techmino/client": JsonResource(GET=client),
        "api/techmino/rooms": JsonResource(GET=rooms),
        "api/techmino/email": JsonResource(POST=keep_email),
    }


def _shown(room: Listing) -> dict[str, object]:
    return {
        "name": room.name,
        "generation": room.generation,
        "version": room.version,
        "private": room.private,
        "started": room.started,
        "capacity": room.capacity,
        "playing": room.playing,
        "watching": room.watching,
    }
