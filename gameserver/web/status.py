"""``/api/status``: which protocols there are and who is here, for the index page and for anybody."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from twisted.web.server import Request

from gameserver.edge.http.json_resource import JsonResource
from gameserver.sessions.manager import COMMUNITY, SessionManager


class ProtocolStatus(msgspec.Struct, frozen=True):
    """One open endpoint: its configuration key, its text, and the line to try it."""

    key: str
    endpoint: str
    hint: str


class PlayerStatus(msgspec.Struct, frozen=True, rename={"protocols": "doors"}):
    """One person online, once, with the protocols they came in by; none if they are at another process."""

    name: str
    guest: bool
    team: str
    protocols: list[str]


class Status(msgspec.Struct, frozen=True, rename={"protocols": "doors"}):
    """The whole answer."""

    name: str
    state: str
    protocols: list[ProtocolStatus]
    online: list[PlayerStatus]


def status_resource(
    name: str, sessions: SessionManager, state: Callable[[], str], protocols: Callable[[], list[ProtocolStatus]]
) -> JsonResource:
    """Return the resource; ``protocols`` is asked each time, so that it may be filled later."""

    async def get(_request: Request) -> Status:
        return Status(name, state(), protocols(), people(sessions))

    return JsonResource(GET=get)


def people(sessions: SessionManager) -> list[PlayerStatus]:
    """Return everybody online in any community, each person once."""
    found: dict[tuple[str, str], PlayerStatus] = {}
    for session in sessions:
        player = session.player
        if player is None:
            continue
        key = (session.namespace, player.key)
        if key not in found:
            found[key] = PlayerStatus(player.name, player.guest, player.team, [])
        if session.protocol not in found[key].protocols:
            found[key].protocols.append(session.protocol)
    for player in sessions.peers.players(COMMUNITY):
        found.setdefault((COMMUNITY, player.key), PlayerStatus(player.name, player.guest, player.team, []))
    return list(found.values())
