"""The open matches of all nodes, and who plays there."""

from __future__ import annotations

from collections import Counter

import msgspec
from twisted.internet.interfaces import IReactorTime

from gameserver.edge.directory import Directory
from gameserver.matches.listing import Listing, listing
from gameserver.matches.match import Match
from gameserver.matches.matches import Matches

#: What the directory has: matches by number, and people by key.
MATCH, PLAYING = "match", "playing"

#: Seconds within which the others learn what has changed in a match. That there is one they learn at once.
TOLD_WITHIN = 1.0

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Listing).decode


class Listings:
    """Tells the other nodes of this one's matches. ``look`` is a watcher of the registry."""

    def __init__(self, clock: IReactorTime, matches: Matches, directory: Directory) -> None:
        self._clock = clock
        self._matches = matches
        self._directory = directory
        self._told: set[int] = set()
        self._moved: set[Match] = set()
        matches.watchers.append(self.look)

    def open(self, kind: str) -> list[Listing]:
        """Return the matches of a kind that are not over: those here, oldest first, then the others'."""
        here = [listing(match) for match in self._matches.open(kind)]
        return here + [one for one in self.elsewhere() if one.kind == kind]

    def elsewhere(self) -> list[Listing]:
        """Return the matches of other nodes that are not over, oldest first."""
        # One that has just been taken over may still be listed by who had it.
        here = {match.header.id for match in self._matches.every()}
        there = [_decode(value) for _, _, value in self._directory.elsewhere(MATCH)]
        return sorted((one for one in there if one.id not in here), key=lambda one: one.id)

    def look(self, match: Match) -> None:
        """Let the others know of a match that has begun, moved or ended."""
        if not self._directory.shared:
            return
        number = match.header.id
        if not self._matches.has(match):
            self._told.discard(number)
            self._moved.discard(match)
            self._directory.remove(MATCH, str(number))
        elif number not in self._told:
            self._told.add(number)
            self._put(match)
        else:
            if not self._moved:
                self._clock.callLater(TOLD_WITHIN, self._tell_moved)
            self._moved.add(match)

    def _tell_moved(self) -> None:
        moved, self._moved = self._moved, set()
        for match in moved:
            self._put(match)

    def _put(self, match: Match) -> None:
        self._directory.put(MATCH, str(match.header.id), _encode(listing(match)))


class Playing:
    """Who is in a game, at whatever season and node: asked for every line of every LIST USERS, so it is one look."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._connections: Counter[str] = Counter()

    def __contains__(self, key: object) -> bool:
        return key in self._connections or self._directory.find(PLAYING, str(key)) is not None

    def entered(self, key: str) -> None:
        """A connection of the player with that key has entered a game."""
        self._connections[key] += 1
        if self._connections[key] == 1:
            self._directory.put(PLAYING, key)

    def left(self, key: str) -> None:
        """It has left the game or ended."""
        self._connections[key] -= 1
        if not self._connections[key]:
            del self._connections[key]
            self._directory.remove(PLAYING, key)
