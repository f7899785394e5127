"""What all connections of one season share."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.metrics import Metrics
from gameserver.net.deadlines import Deadlines
from gameserver.net.open_connections import OpenConnections
from gameserver.protocols.kassel.allowance import Allowance
from gameserver.protocols.kassel.config import Kassel
from gameserver.protocols.kassel.seasons import Season
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import COMMUNITY, SessionManager

#: The community of the Kassel protocols when they stay alone.
KASSEL = "kassel"

#: Seconds the rest of a JSON command may take when it comes in several lines.
REST = 0.5


class Connection(Protocol):
    """One client, as far as the clock is concerned."""

    def silent(self) -> None:
        """The client has sent nothing for the time it was greeted with."""

    def rest_is_late(self) -> None:
        """The rest of a JSON command has not come."""


class Playing:
    """Who is in a game, at whatever season: asked for every line of every LIST USERS, so it is one look."""

    def __init__(self) -> None:
        self._connections: Counter[str] = Counter()

    def __contains__(self, key: object) -> bool:
        return key in self._connections

    def begin(self, key: str) -> None:
        """A connection of the player with that key has entered a game."""
        self._connections[key] += 1

    def end(self, key: str) -> None:
        """It has left the game or ended."""
        self._connections[key] -= 1
        if not self._connections[key]:
            del self._connections[key]


class SeasonShared:
    """The services as the connections of a season see it, and the times that run for them."""

    def __init__(
        self,
        season: Season,
        reactor: Any,
        config: Kassel,
        limits: Limits,
        sessions: SessionManager,
        accounts: Accounts,
        rooms: Rooms,
        metrics: Metrics,
        matches: Matches,
        maps: MapLibrary,
        achievements: Achievements,
        playing: Playing,
        testplayers: Allowance,
    ) -> None:
        self.season = season
        self.playing = playing
        self.testplayers = testplayers
        self.reactor = reactor
        self.config = config
        self.limits = limits
        self.sessions = sessions
        self.accounts = accounts
        self.rooms = rooms
        self.metrics = metrics
        self.matches = matches
        self.maps = maps
        self.achievements = achievements
        self.namespace = COMMUNITY if config.community else KASSEL
        self.silences: Deadlines[Connection] = Deadlines(
            reactor, season.timeout_ms / 1000, lambda connection: connection.silent()
        )
        self.rests: Deadlines[Connection] = Deadlines(reactor, REST, lambda connection: connection.rest_is_late())
        self._connections: OpenConnections[Connection] = OpenConnections()

    @property
    def name(self) -> str:
        """The name of the protocol."""
        return self.season.protocol

    @property
    def now_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return int(self.reactor.seconds() * 1000)

    def handled(self, kind: str, since: float) -> None:
        """Count a command that has been handled; ``since`` is when it began, in seconds."""
        self.metrics.message(self.name, kind, self.reactor.seconds() - since)

    def opened(self, connection: Connection) -> None:
        """Note a new connection."""
        self._connections.add(connection)
        self.silences.start(connection)
        self.metrics.opened.labels(self.name).inc()

    def closed(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        self._connections.discard(connection)
        self.silences.stop(connection)
        self.rests.stop(connection)

    async def all_gone(self) -> None:
        """Wait until no connection is open, then let no time run any more."""
        await self._connections.all_gone()
        self.silences.close()
        self.rests.close()
