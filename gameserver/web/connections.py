"""The connections of people, at all nodes, for those who may see them."""

from __future__ import annotations

from typing import Any

import msgspec

from gameserver.edge.context import Context
from gameserver.edge.relay.asking import answering, ask_all
from gameserver.reactor import wall
from gameserver.sessions.players import name_key

SERVICE = "connections"


def serve_connections(context: Context) -> None:
    """Let the other nodes ask for those of this one; the question is the key of a player, or empty: all of them."""

    async def answer(question: bytes) -> bytes:
        return msgspec.json.encode(_here(context, question.decode()))

    context.relays.serve(SERVICE, answering(answer))


async def connections(context: Context, name: str = "") -> list[dict[str, Any]]:
    """Return the connections of a player, or of all, at this node and then at the others.

    Only those of others say at which one (``node``). What a node has that does not answer is missing.
    """
    key = name_key(name)
    found = _here(context, key)
    others = await ask_all(context.relays, context.reactor, context.directory, SERVICE, key.encode())
    for node, answer in others:
        found += [{**one, "node": node} for one in msgspec.json.decode(answer, type=list[dict[str, Any]])]
    return found


def _here(context: Context, key: str) -> list[dict[str, Any]]:
    now = wall(context.reactor)
    return [
        {
            "id": session.id,
            "door": session.protocol,
            "address": session.address,
            "player": session.player.name if session.player else None,
            "state": session.state,
            "seconds": max(0, int(now - session.opened_at)),
        }
        for session in context.sessions
        if not key or (session.player is not None and session.player.key == key)
    ]
