"""What all connections of the chat protocol share."""

from __future__ import annotations

from typing import Any, Protocol

from prometheus_client import Counter, Histogram

from gameserver.accounts import Accounts
from gameserver.config.chat import Chat
from gameserver.config.tree import Limits
from gameserver.metrics import Metrics
from gameserver.net.deadlines import Deadlines
from gameserver.net.open_connections import OpenConnections
from gameserver.protocols.chat.messages import Login, Logout, Malformed, Register, Say, Tell, Unknown
from gameserver.protocols.chat.pacing import PacedOutbox
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import COMMUNITY, SessionManager

#: The name of the protocol, and of its community when it stays alone.
CHAT = "chat"

#: The topic of everybody who gets heartbeats.
HEARTBEATS = "chat/heartbeats"

#: Seconds a TLS handshake may take.
HANDSHAKE_TIMEOUT = 10.0

#: What the metrics call the messages.
_KINDS: dict[type, str] = {
    Login: "login",
    Register: "register",
    Logout: "logout",
    Tell: "tell",
    Say: "say",
    Malformed: "malformed",
    Unknown: "unknown",
}


class Connection(Protocol):
    """One client, as far as the clock is concerned."""

    def half_object_is_late(self) -> None:
        """The rest of an object has not come."""

    def login_is_late(self) -> None:
        """The time to log in is over."""

    def handshake_is_late(self) -> None:
        """The TLS handshake has not ended."""


class ChatShared:
    """The services as the connections see it, and the times that run for them."""

    def __init__(
        self,
        reactor: Any,
        config: Chat,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
    ) -> None:
        self.reactor = reactor
        self.config = config
        self.limits = limits
        self.sessions = sessions
        self.accounts = accounts
        self.rooms = rooms
        self.metrics = metrics
        self.namespace = COMMUNITY if config.community else CHAT
        #: Who waits until the gap after his last object is over.
        self.gaps: Deadlines[PacedOutbox] = Deadlines(reactor, config.pace_ms / 1000, PacedOutbox.gap_over)
        self.halves: Deadlines[Connection] = Deadlines(
            reactor, config.partial_timeout, lambda connection: connection.half_object_is_late()
        )
        self.logins: Deadlines[Connection] = Deadlines(
            reactor, config.login_timeout, lambda connection: connection.login_is_late()
        )
        self.handshakes: Deadlines[Connection] = Deadlines(
            reactor, HANDSHAKE_TIMEOUT, lambda connection: connection.handshake_is_late()
        )
        self._connections: OpenConnections[Connection] = OpenConnections()
        self._counts: dict[type, tuple[Counter, Histogram]] = {
            kind: (metrics.messages.labels(CHAT, name), metrics.latency.labels(CHAT, name))
            for kind, name in _KINDS.items()
        }

    def meter(self) -> Meter:
        """Return a fresh meter with the configured rate."""
        return Meter(self.limits.messages_per_second, self.limits.burst, self.reactor.seconds())

    def handled(self, kind: type, since: float) -> None:
        """Count a message that has been handled; ``since`` is when it began, in seconds."""
        count, latency = self._counts[kind]
        count.inc()
        latency.observe(self.reactor.seconds() - since)

    def opened(self, connection: Connection) -> None:
        """Note a new connection."""
        self._connections.add(connection)
        self.logins.start(connection)
        self.metrics.opened.labels(CHAT).inc()

    def closed(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        self._connections.discard(connection)
        for deadlines in (self.halves, self.logins, self.handshakes):
            deadlines.stop(connection)

    async def all_gone(self) -> None:
        """Wait until no connection is open, then let no time run any more."""
        await self._connections.all_gone()
        for deadlines in (self.halves, self.logins, self.handshakes):
            deadlines.close()
        self.gaps.close()
