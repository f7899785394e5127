"""What all connections of one season share."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.errors import Code, GameError
from gameserver.games.kind import Kind
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.net.deadlines import Deadlines
from gameserver.protocols.kassel.config import Kassel
from gameserver.sessions.limits import Meter

#: The name of the protocol, and of its community when it stays alone.
KASSEL = "kassel"

#: The ``STATE`` of somebody in a game; everybody else is in the lobby, whatever protocol they came in by.
INGAME, LOBBY = "INGAME", "LOBBY"

#: Longest chat message, in characters.
LONGEST_MESSAGE = 8000

#: Seconds the rest of something may take that comes in several lines: of a JSON command, behind the end of an upload.
REST = 0.5

#: Test players of one address: so many at once, and one more each so many seconds. Enough for a class behind one
#: router, not enough to fill a disk.
TESTPLAYERS_BURST, TESTPLAYER_SECONDS = 1000, 2.0

#: Addresses remembered at most.
ADDRESSES = 10_000


class Silent(Protocol):
    """A connection, as far as its silence is concerned."""

    def silence_is_over_long(self) -> None:
        """The client has sent nothing for the time it was greeted with."""


class Unfinished(Protocol):
    """A connection that has sent the beginning of something."""

    def rest_is_late(self) -> None:
        """Nothing has followed."""


class Playing:
    """Who is in a game, at whatever season: asked for every line of every LIST USERS, so it is one look."""

    def __init__(self) -> None:
        self._connections: Counter[str] = Counter()

    def __contains__(self, key: object) -> bool:
        return key in self._connections

    def entered(self, key: str) -> None:
        """A connection of the player with that key has entered a game."""
        self._connections[key] += 1

    def left(self, key: str) -> None:
        """It has left the game or ended."""
        self._connections[key] -= 1
        if not self._connections[key]:
            del self._connections[key]


class Allowance:
    """How many test players one address may still make."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._meters: dict[str, Meter] = {}

    def take(self, address: str) -> None:
        """Count one. Raises ``GameError`` ``too_many_requests``."""
        now = self._clock.seconds()
        if len(self._meters) >= ADDRESSES:
            self._meters.clear()
        meter = self._meters.get(address)
        if meter is None:
            meter = self._meters[address] = Meter(1 / TESTPLAYER_SECONDS, TESTPLAYERS_BURST, now)
        if not meter.pour(now):
            raise GameError(Code.TOO_MANY_REQUESTS, "Too many test players from your address: wait a little.")


@attrs.frozen
class AllSeasons:
    """What the seasons have in common."""

    matches: Matches
    maps: MapLibrary
    achievements: Achievements
    playing: Playing
    testplayers: Allowance


class SeasonShared(Shared):
    """A season, and the times of its own: ``silences`` end, ``rests`` are waited for."""

    def __init__(self, context: Context, config: Kassel, kind: Kind[Any], common: AllSeasons) -> None:
        season = kind.season
        # The encoders depend on the transport as well, so a connection brings its own.
        super().__init__(context, f"kassel-{season.name}", {}, community=config.community, alone=KASSEL)
        self.config = config
        self.kind = kind
        self.season = season
        self.matches = common.matches
        self.maps = common.maps
        self.achievements = common.achievements
        self.playing = common.playing
        self.testplayers = common.testplayers
        self.silences: Deadlines[Silent] = self.deadlines(
            season.timeout_ms / 1000, lambda connection: connection.silence_is_over_long()
        )
        self.rests: Deadlines[Unfinished] = self.deadlines(REST, lambda connection: connection.rest_is_late())
