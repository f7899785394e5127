"""The section of the JSON chat. An empty list of endpoints closes the protocol."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import listeners, on_port
from gameserver.config.option import option


@attrs.frozen
class Chat:
    """The JSON chat."""

    tcp: tuple[str, ...] = listeners(on_port(4004), "where it listens without TLS")
    tls: tuple[str, ...] = listeners(on_port(4399), "where it listens behind TLS, with the server's own certificate")
    community: bool = option(True, "whether the chat shares players and public room with the other protocols")
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
