"""The sections of the doors. An empty list of endpoints closes a door.

Endpoints are Twisted endpoint texts; ``{listen}`` in them stands for the ``listen`` key.
"""

from __future__ import annotations

import attrs

from gameserver.config.option import option, section, tables


def _tcp(port: int) -> tuple[str, ...]:
    return (f"tcp:{port}:interface={{listen}}",)


@attrs.frozen
class Web:
    """The site: pages, /healthz, /metrics and every WebSocket path."""

    endpoints: tuple[str, ...] = option(_tcp(8080), "where the site listens")


@attrs.frozen
class Chat:
    """The JSON chat."""

    tcp: tuple[str, ...] = option(_tcp(4004), "where the plain door listens")
    tls: tuple[str, ...] = option(_tcp(4399), "where the door with the server's own certificate listens")
    community: bool = option(True, "whether the door shares players and public room with the other doors")
    heartbeat: float = option(60.0, "seconds between heartbeats; 0: none", minimum=0)
    pace_ms: int = option(40, "milliseconds between objects to a client without newlines", minimum=0, maximum=10000)
    message_length: int = option(8000, "longest Message in characters", minimum=1)
    object_bytes: int = option(
        131072, "longest JSON object in bytes; an escaped character of a Message takes up to 12", minimum=1024
    )
    depth: int = option(32, "deepest nesting of a JSON object", minimum=1, maximum=500)
    garbage: int = option(50, "undecodable inputs in a row that end a connection", minimum=1)
    login_timeout: float = option(600.0, "seconds a connection may stay without a login; 0: no limit", minimum=0)
    partial_timeout: float = option(30.0, "seconds half an object may wait for its rest; 0: no limit", minimum=0)


@attrs.frozen
class Kassel:
    """The Kassel lobby; a listener is a season."""

    ss14: tuple[str, ...] = option(_tcp(5000), "where the Carcassonne season listens")
    ss13: tuple[str, ...] = option(_tcp(5013), "where the Settlers season listens")
    ss12: tuple[str, ...] = option(_tcp(5012), "where the CreepSmash season listens")
    community: bool = option(True, "whether the door shares players and public room with the other doors")
    grace: float = option(120.0, "seconds a seat is kept after a lost connection", minimum=0)


@attrs.frozen
class Techmino:
    """The five WebSocket endpoints of Techmino."""

    endpoints: tuple[str, ...] = option(_tcp(10026), "where the client looks for its server")
    community: bool = option(True, "whether the door shares players and public room with the other doors")


@attrs.frozen
class Invoker:
    """The provably fair mini-games."""

    endpoints: tuple[str, ...] = option(_tcp(8001), "where the games listen besides the site")
    community: bool = option(True, "whether the door shares players with the other doors")


@attrs.frozen
class KwoServer:
    """One supervised console program."""

    command: tuple[str, ...] = option((), "the program and its arguments")


@attrs.frozen
class Kwo:
    """The WebSocket bridge to console game servers."""

    endpoints: tuple[str, ...] = option(_tcp(8123), "where the first server listens on any path")
    community: bool = option(True, "whether the hub shares players and public room with the other doors")
    servers: dict[str, KwoServer] = tables(KwoServer, "the supervised programs by name")


__all__ = ["Chat", "Invoker", "Kassel", "Kwo", "KwoServer", "Techmino", "Web", "section"]
