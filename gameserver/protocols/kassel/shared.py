"""What all connections of one season share."""

from __future__ import annotations

from typing import Any, Protocol

import attrs

from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.games.kind import Kind
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.net.deadlines import Deadlines
from gameserver.protocols.kassel.config import Kassel
from gameserver.protocols.kassel.listings import Listings, Playing
from gameserver.sessions.limits import RateLimit

#: The name of the protocol, and of its community when it stays alone.
KASSEL = "kassel"

#: The ``STATE`` of somebody in a game; everybody else is in the lobby, whatever protocol they came in by.
INGAME, LOBBY = "INGAME", "LOBBY"

#: Longest chat message, in characters.
LONGEST_MESSAGE = 8000

#: Seconds without a byte after which a refused upload is over that has no end mark.
REFUSED_UPLOAD = 5.0

#: Seconds the rest of something may take that comes in several lines: of a JSON command, behind the end of an upload.
REST = 0.5


#: Seconds of silence after which a browser that takes part in the heartbeat is asked for a sign of life, and seconds
#: it has for that: after the sum it counts as gone.
BEAT, ANSWER = 4.0, 6.0


class Beating(Protocol):
    """A connection that takes part in the heartbeat."""

    def beat(self) -> None:
        """The client has said nothing for a moment."""

    def nobody_answers(self) -> None:
        """It has not answered either."""


class Silent(Protocol):
    """A connection, as far as its silence is concerned."""

    def silence_is_over_long(self) -> None:
        """The client has sent nothing for the time it was greeted with."""


class Unfinished(Protocol):
    """A connection that has sent the beginning of something."""

    def rest_is_late(self) -> None:
        """Nothing has followed."""


class Refused(Protocol):
    """A connection that has announced an upload which is not taken."""

    def refused_upload_is_over(self) -> None:
        """Nothing more has come of it."""


@attrs.frozen
class AllSeasons:
    """What the seasons have in common."""

    matches: Matches
    listings: Listings
    maps: MapLibrary
    achievements: Achievements
    playing: Playing
    #: What people may do above their limit who wait for each answer.
    waiting: RateLimit
    #: How many uploads they may begin.
    uploads: RateLimit


class SeasonShared(Shared):
    """A season, and the times of its own: ``silences`` end, ``rests`` and ``refused_uploads`` are waited for,
    ``beats`` and ``unanswered`` are those of the heartbeat.
    """

    def __init__(self, context: Context, config: Kassel, kind: Kind[Any], common: AllSeasons) -> None:
        season = kind.season
        # The encoders depend on the transport as well, so a connection brings its own.
        super().__init__(
            context,
            f"kassel-{season.name}",
            {},
            community=config.community,
            alone=KASSEL,
            login_timeout=config.login_timeout,
        )
        self.config = config
        self.kind = kind
        self.season = season
        self.matches = common.matches
        self.listings = common.listings
        self.maps = common.maps
        self.achievements = common.achievements
        self.playing = common.playing
        self.waiting = common.waiting
        self.uploads = common.uploads
        self.silences: Deadlines[Silent] = self.deadlines(
            season.timeout_ms / 1000, lambda connection: connection.silence_is_over_long()
        )
        self.beats: Deadlines[Beating] = self.deadlines(BEAT, lambda connection: connection.beat())
        self.unanswered: Deadlines[Beating] = self.deadlines(ANSWER, lambda connection: connection.nobody_answers())
        self.rests: Deadlines[Unfinished] = self.deadlines(REST, lambda connection: connection.rest_is_late())
        self.refused_uploads: Deadlines[Refused] = self.deadlines(
            REFUSED_UPLOAD, lambda connection: connection.refused_upload_is_over()
        )
