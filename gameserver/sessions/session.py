"""One connection as the rest of the house sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs

from gameserver.sessions.players import Player

#: Turns one event into the bytes a door sends for it, or ``None`` if the door has no words for it.
Encoder = Callable[[Any], bytes | None]

#: A door's encoders by event class. The mapping is shared by all sessions in the same state of the same door.
Encoders = Mapping[type, Encoder]


class Sink(Protocol):
    """What a door gives: a way to one client."""

    def deliver(self, payload: bytes) -> None:
        """Send bytes that an encoder of this door has made. Never raises, never blocks."""

    def close(self, code: str, text: str) -> None:
        """End the connection, telling the client why where the protocol can."""


@attrs.define(eq=False, slots=True)
class Session:
    """One connection: never looked up by its socket, always by id or player.

    ``realm`` is the community the session belongs to: doors that stay alone have one of their own. ``encoders``
    may be exchanged when the door changes its language (the Kassel lobby turns into a JSON stream).
    """

    id: int
    door: str
    realm: str
    address: str
    sink: Sink
    encoders: Encoders
    opened_at: float
    player: Player | None = None
    state: str = ""
    topics: set[str] = attrs.field(factory=set)
    open: bool = True

    def emit(self, event: object) -> bool:
        """Tell this session one event; return whether its door had words for it."""
        encoder = self.encoders.get(type(event))
        payload = encoder(event) if encoder is not None and self.open else None
        if payload is None:
            return False
        self.sink.deliver(payload)
        return True
