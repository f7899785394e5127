"""Servers of the bridge that other nodes have: found in the directory, reached over a relay."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from gameserver.edge.relay.relays import Serve, Served
from gameserver.edge.relayed_channel import RelayedChannel, ServedChannel
from gameserver.errors import Code, GameError
from gameserver.net.websocket import Upgrade
from gameserver.protocols.kwo.admission import from_here
from gameserver.protocols.kwo.announced import CONSOLE
from gameserver.protocols.kwo.bridged import KWO, BridgedServer
from gameserver.protocols.kwo.channel import KwoChannel
from gameserver.protocols.kwo.shared import KwoShared

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Opening(msgspec.Struct, frozen=True):
    """Who wants to come in where. ``machine`` is the one whose own clients they are, "" if they come from outside."""

    server: str
    address: str
    machine: str
    origin: str | None


_encode = msgspec.msgpack.Encoder().encode
_decode_opening = msgspec.msgpack.Decoder(Opening).decode


@cache
def machine() -> str:
    """Return what only this machine is called until it is started again; "" where nobody says."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


def channel_to(shared: KwoShared, name: str, upgrade: Upgrade) -> RelayedChannel | None:
    """Return who serves a client at another node's server; ``None`` if no other node has it."""
    found = shared.context.directory.find(CONSOLE, name)
    if found is None:
        return None
    here = machine() if from_here(upgrade.address, upgrade.headers) else ""
    opening = Opening(name, upgrade.address, here, upgrade.headers.get("origin"))
    return RelayedChannel(shared, upgrade.address, found[0], KWO, _encode(opening))


def service(shared: KwoShared, servers: Mapping[str, BridgedServer]) -> Serve:
    """Return what lets clients of other nodes in to the servers here."""

    def serve(served: Served, payload: bytes) -> ServedChannel:
        opening = _decode_opening(payload)
        server = servers.get(opening.server)
        if server is None:
            raise GameError(Code.NOT_FOUND, "There is no such server.")
        here = bool(opening.machine) and opening.machine == machine()
        plain = server.admission.admit_client(opening.origin, here=here)
        return ServedChannel(shared, served, KwoChannel(shared, server, opening.address, plain=plain))

    return serve
