"""What all connections of the protocol share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import Counter, Histogram

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.matches.techmino_rounds import RoundStore
from gameserver.metrics import Metrics
from gameserver.net.deadlines import Deadlines
from gameserver.net.open_connections import OpenConnections
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.lobby import Lobby
from gameserver.protocols.techmino.logins import Logins
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import COMMUNITY, SessionManager

if TYPE_CHECKING:
    from gameserver.protocols.techmino.channel import TechminoChannel

#: The name of the protocol, and of its community when it stays alone.
TECHMINO = "techmino"


class TechminoShared:
    """The services as the connections see it, and who is connected where."""

    def __init__(
        self,
        reactor: Any,
        config: Techmino,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
        store: RoundStore,
    ) -> None:
        self.reactor = reactor
        self.config = config
        self.limits = limits
        self.sessions = sessions
        self.accounts = accounts
        self.rooms = rooms
        self.metrics = metrics
        self.namespace = COMMUNITY if config.community else TECHMINO
        self.logins = Logins(reactor, config, accounts)
        self.lobby = Lobby(reactor, config, store.put)
        #: Who has not said yet who he is.
        self.waiting: Deadlines[TechminoChannel] = Deadlines(
            reactor, config.login_timeout, lambda channel: channel.credentials_are_late()
        )
        self.channels: OpenConnections[TechminoChannel] = OpenConnections()
        self._present: dict[tuple[str, int], TechminoChannel] = {}
        self._counts: dict[tuple[str, type], tuple[Counter, Histogram]] = {}
        self.stopping = False

    def meter(self) -> Meter:
        """Return a fresh meter with the configured rate."""
        return Meter(self.limits.messages_per_second, self.limits.burst, self.reactor.seconds())

    def handled(self, endpoint: str, kind: type, since: float) -> None:
        """Count a message that has been handled; ``since`` is when it began, in seconds."""
        found = self._counts.get((endpoint, kind))
        if found is None:
            # The kinds are our own classes, so there are few.
            labels = (TECHMINO, f"{endpoint}.{kind.__name__}")
            found = self.metrics.messages.labels(*labels), self.metrics.latency.labels(*labels)
            self._counts[endpoint, kind] = found
        count, latency = found
        count.inc()
        latency.observe(self.reactor.seconds() - since)

    def present(self, endpoint: str, uid: int) -> TechminoChannel | None:
        """Return the connection of a player at an endpoint."""
        return self._present.get((endpoint, uid))

    def take_place(self, endpoint: str, uid: int, channel: TechminoChannel) -> None:
        """Make a connection the one of its player at an endpoint."""
        self._present[endpoint, uid] = channel

    def opened(self, channel: TechminoChannel) -> None:
        """Note a new connection."""
        self.channels.add(channel)
        self.metrics.opened.labels(TECHMINO).inc()

    def closed(self, channel: TechminoChannel) -> None:
        """Forget a connection that has ended."""
        self.channels.discard(channel)
        self.waiting.stop(channel)
        if channel.account is not None:
            place = (channel.endpoint.name, channel.account.id)
            if self._present.get(place) is channel:
                del self._present[place]

    async def all_gone(self) -> None:
        """Wait until no connection is open."""
        await self.channels.all_gone()
        self.waiting.close()
