"""What all connections of the protocol share."""

from __future__ import annotations

from typing import Any

from gameserver.config.tree import Limits
from gameserver.metrics import Metrics
from gameserver.net.open_connections import OpenConnections
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import SessionManager

#: The name of the protocol, and of the hub's community when it stays alone.
KWO = "kwo"


class KwoShared:
    """The services as the connections see it."""

    def __init__(self, reactor: Any, limits: Limits, sessions: SessionManager, metrics: Metrics) -> None:
        self.reactor = reactor
        self.limits = limits
        self.sessions = sessions
        self.metrics = metrics
        self._connections: OpenConnections[object] = OpenConnections()

    def meter(self) -> Meter:
        """Return a fresh meter with the configured rate."""
        return Meter(self.limits.messages_per_second, self.limits.burst, self.reactor.seconds())

    def opened(self, connection: object) -> None:
        """Note a new connection."""
        self._connections.add(connection)
        self.metrics.opened.labels(KWO).inc()

    def closed(self, connection: object) -> None:
        """Forget a connection that has ended."""
        self._connections.discard(connection)

    def dropped(self) -> None:
        """Count a client that did not read."""
        self.metrics.dropped.labels(KWO).inc()

    async def all_gone(self) -> None:
        """Wait until no connection is open."""
        await self._connections.all_gone()
