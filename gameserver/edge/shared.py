"""What all connections of a protocol share: counts, times that run for them, and the orderly stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from gameserver.edge.context import Context
from gameserver.metrics import Tally
from gameserver.net.deadlines import Deadlines
from gameserver.net.open_connections import OpenConnections
from gameserver.reactor import wall
from gameserver.sessions.manager import COMMUNITY
from gameserver.sessions.session import Encoders

T = TypeVar("T")

#: Seconds a TLS handshake may take.
HANDSHAKE_TIMEOUT = 10.0

#: What clients are told when the server stops.
GOODBYE = "The server is stopping."


class TimedConnection(Protocol):
    """One connection, as far as the clock is concerned."""

    def login_is_late(self) -> None:
        """The time to log in is over."""


class Handshaking(Protocol):
    """A connection behind TLS."""

    def handshake_is_late(self) -> None:
        """The TLS handshake has not ended."""


class Shared:
    """One of these a protocol, or a listener of one.

    ``protocol`` is the name in sessions, metrics and log; ``community`` says whether the people here belong to
    everybody's community or stay among themselves, in a namespace called ``alone`` (the protocol's name by
    default). ``encoders`` are those of a new connection. ``login_timeout`` are the seconds in which somebody has to
    log in, 0 for ever.
    """

    def __init__(
        self,
        context: Context,
        protocol: str,
        encoders: Encoders,
        *,
        community: bool = True,
        alone: str = "",
        login_timeout: float = 0.0,
    ) -> None:
        self.context = context
        self.protocol = protocol
        self.encoders = encoders
        self.namespace = COMMUNITY if community else alone or protocol
        self.reactor = context.reactor
        self.limits = context.limits
        self.metrics = context.metrics
        self.sessions = context.sessions
        self.accounts = context.accounts
        self.rooms = context.rooms
        #: How many messages people may send; one limit for all protocols, unless one has its own.
        self.messages = context.messages
        #: Whether the goodbyes have begun.
        self.stopping = False
        self.connections: OpenConnections[TimedConnection] = OpenConnections()
        self._deadlines: list[Deadlines[Any]] = []
        self.logins: Deadlines[TimedConnection] = self.deadlines(
            login_timeout, lambda connection: connection.login_is_late()
        )
        self.handshakes: Deadlines[Handshaking] = self.deadlines(
            HANDSHAKE_TIMEOUT, lambda connection: connection.handshake_is_late()
        )
        self._tallies: dict[str, Tally] = {}
        self._opened = self.metrics.opened.labels(protocol)
        self._dropped = self.metrics.dropped.labels(protocol)

    def deadlines(self, seconds: float, expired: Callable[[T], None]) -> Deadlines[T]:
        """Return times of a fixed length for the connections; they end with them and with the protocol."""
        made: Deadlines[T] = Deadlines(self.reactor, seconds, expired)
        self._deadlines.append(made)
        return made

    @property
    def now_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return int(wall(self.reactor) * 1000)

    def handled(self, kind: str, since: float) -> None:
        """Count a message that has been handled.

        ``kind`` is out of a fixed set, never a client's own word: labels must stay few. ``since`` is when it began,
        in the reactor's seconds.
        """
        tally = self._tallies.get(kind)
        if tally is None:
            tally = self._tallies[kind] = self.metrics.messages(self.protocol, kind)
        tally.note(self.reactor.seconds() - since)

    def dropped(self) -> None:
        """Count a client that did not read."""
        self._dropped.inc()

    def opened(self, connection: TimedConnection) -> None:
        """Note a new connection; its time to log in begins."""
        self.connections.add(connection)
        self.logins.start(connection)
        self._opened.inc()

    def closed(self, connection: TimedConnection) -> None:
        """Forget a connection that has ended."""
        self.connections.discard(connection)
        for deadlines in self._deadlines:
            deadlines.stop(connection)

    async def stop(self) -> None:
        """Say goodbye to every client, wait until all connections have ended, and let no time run any more."""
        self.stopping = True
        ours = [session for session in self.sessions if session.protocol == self.protocol]
        for session in ours:
            # Those who go together are not told of each other's going.
            self.sessions.topics.leave_all(session)
        self.sessions.disconnect(ours, "shutdown", GOODBYE)
        await self.connections.all_gone()
        for deadlines in self._deadlines:
            deadlines.close()
