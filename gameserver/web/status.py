"""``/api/status``: which protocols there are and who is here, for the index page and for anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from twisted.web.server import Request

from gameserver.edge.directory import Directory
from gameserver.edge.http.json_resource import JsonResource
from gameserver.sessions.manager import COMMUNITY, SessionManager
from gameserver.sessions.players import Player

#: What the directory has: by community and key of a player, the protocols they are at.
HERE = "here"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[str]).decode


class ProtocolStatus(msgspec.Struct, frozen=True):
    """One open endpoint: its configuration key, its text, and the line to try it."""

    key: str
    endpoint: str
    hint: str


class PlayerStatus(msgspec.Struct, frozen=True, rename={"protocols": "doors"}):
    """One person online, once, with the protocols they came in by, at whatever process."""

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
    name: str,
    sessions: SessionManager,
    directory: Directory,
    state: Callable[[], str],
    protocols: Callable[[], list[ProtocolStatus]],
) -> JsonResource:
    """Return the resource; ``protocols`` is asked each time, so that it may be filled later."""

    async def get(_request: Request) -> Status:
        return Status(name, state(), protocols(), people(sessions, directory))

    return JsonResource(GET=get)


def announce(directory: Directory, namespace: str, player: Player, protocols: list[str]) -> None:
    """Let the other processes know by which protocols somebody is at this one."""
    if protocols:
        directory.put(HERE, f"{namespace}/{player.key}", _encode(protocols))
    else:
        directory.remove(HERE, f"{namespace}/{player.key}")


def people(sessions: SessionManager, directory: Directory) -> list[PlayerStatus]:
    """Return everybody online in any community, each person once."""
    found: dict[tuple[str, str], PlayerStatus] = {}

    def note(namespace: str, player: Player, protocols: Iterable[str]) -> None:
        status = found.setdefault((namespace, player.key), PlayerStatus(player.name, player.guest, player.team, []))
        status.protocols.extend(protocol for protocol in protocols if protocol not in status.protocols)

    for session in sessions:
        if session.player is not None:
            note(session.namespace, session.player, (session.protocol,))
    for player in sessions.peers.players(COMMUNITY):
        at = directory.find(HERE, f"{COMMUNITY}/{player.key}")
        note(COMMUNITY, player, () if at is None else _decode(at[1]))
    return list(found.values())
