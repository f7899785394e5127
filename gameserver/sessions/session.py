"""One connection as the rest of the server sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs

from gameserver.sessions.players import Player

#: Turns one event into the bytes a protocol sends for it, or ``None`` if the protocol has no words for it.
Encoder = Callable[[Any], bytes | None]

#: A protocol's encoders by event class. The mapping is shared by all sessions in the same state of the same protocol.
Encoders = Mapping[type, Encoder]


class Sink(Protocol):
    """What a protocol gives: a way to one client."""

    def deliver(self, payload: bytes) -> None:
        """Send bytes that an encoder of this protocol has made. Never raises, never blocks."""

    def close(self, code: str, text: str) -> None:
        """End the connection, telling the client why where the protocol can."""


class _Ended:
    """Where there is no client any more."""

    def deliver(self, payload: bytes) -> None:
        """Nobody reads it."""

    def close(self, code: str, text: str) -> None:
        """It has ended."""


#: The sink of a session whose connection is no more.
ENDED: Sink = _Ended()


@attrs.define(eq=False, slots=True)
class Session:
    """One connection: never looked up by its socket, always by id or player.

    ``namespace`` is the community the session belongs to: protocols that stay alone have one of their own.
    ``epoch`` is the account's at the login: when the account comes into a later one, the session ends.
    ``encoders`` may be exchanged when the protocol changes its language (the Kassel lobby turns into a JSON stream).
    """

    id: int
    protocol: str
    namespace: str
    address: str
    sink: Sink
    encoders: Encoders
    opened_at: float
    player: Player | None = None
    epoch: int = 0
    state: str = ""
    topics: set[str] = attrs.field(factory=set)
    open: bool = True

    def emit(self, event: object) -> bool:
        """Tell this session one event; return whether its protocol had words for it."""
        encoder = self.encoders.get(type(event))
        payload = encoder(event) if encoder is not None and self.open else None
        if payload is None:
            return False
        self.sink.deliver(payload)
        return True
