"""Matches of the past and of now, and their public event streams, for the site's lists and replays."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.internet.interfaces import IPullProducer
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET, Request
from zope.interface import implementer

from gameserver.edge.http.json_resource import JsonResource, answer, argument
from gameserver.errors import Code, GameError
from gameserver.matches.listing import Listing
from gameserver.matches.matches import Matches
from gameserver.matches.public import public_events
from gameserver.matches.store import MatchStore, Summary
from gameserver.protocols.kassel.listings import Listings

#: Matches a list shows at most.
LISTED = 50

#: Seconds of work for one stream before everybody else has a turn.
SLICE = 0.005

#: Streams at the same time; each plays a whole match again.
STREAMS = 4


class MatchPages(JsonResource):
    """``/api/matches?season=ss14&state=over|open``, ``/api/matches/<id>``, ``/api/matches/<id>/events``.

    ``seasons`` names the kind of game of each season.
    """

    _log = Logger()

    def __init__(self, matches: Matches, listings: Listings, store: MatchStore, seasons: Mapping[str, str]) -> None:
        super().__init__(GET=self._get)
        self._matches = matches
        self._listings = listings
        self._store = store
        self._seasons = dict(seasons)
        self._season_of = {kind: season for season, kind in seasons.items()}
        self._streams = 0

    async def _get(self, request: Request) -> object:
        path = [part.decode("utf-8", "replace") for part in request.postpath or () if part]
        if not path:
            return {"matches": await self._list(argument(request, "season"), argument(request, "state", "over"))}
        return self._shown(await self._one(path[0]))

    async def _list(self, season: str, state: str) -> list[dict[str, Any]]:
        if season not in self._seasons:
            raise GameError(Code.BAD_REQUEST, f"season must be one of {', '.join(self._seasons)}.")
        kind = self._seasons[season]
        if state == "over":
            return [self._shown(found) for found in await self._store.recent(kind, LISTED)]
        if state != "open":
            raise GameError(Code.BAD_REQUEST, "state must be over or open.")
        return [self._shown_open(found) for found in self._listings.open(kind)[:LISTED]]

    async def _one(self, number: str) -> Summary:
        found = await self._store.summary(int(number)) if number.isdecimal() and len(number) < 10 else None
        if found is None:
            raise GameError(Code.NOT_FOUND, "There is no such match.")
        return found

    def _shown(self, found: Summary) -> dict[str, Any]:
        options = found.header.options
        return {
            "id": found.header.id,
            "season": self._season_of.get(found.header.kind, ""),
            "name": options.name,
            "map": options.map_name,
            "test_game": options.test_game,
            "turn_seconds": options.turn_seconds,
            "players": list(found.players),
            "winner": found.winner,
            "started_ms": found.header.created_ms,
            "ended_ms": found.finished_ms,
        }

    def _shown_open(self, found: Listing) -> dict[str, Any]:
        return {
            "id": found.id,
            "season": self._season_of.get(found.kind, ""),
            "name": found.name,
            "map": found.map_name,
            "test_game": found.test_game,
            "players": found.players,
            "running": found.running,
            "playing": len(found.seated),
            "capacity": found.capacity,
            "winner": "",
            "started_ms": found.created_ms,
            "ended_ms": None,
        }

    def render(self, request: Request) -> int | bytes:
        """Answer; the events of a match come piece by piece."""
        path = [part for part in request.postpath or () if part]
        if len(path) == 2 and path[1] == b"events" and request.method == b"GET":
            ensureDeferred(self._begin(request, path[0].decode("utf-8", "replace"))).addErrback(self._failed, request)
            return NOT_DONE_YET
        if len(path) > 1:
            return answer(request, 404, {"code": "not_found", "text": "There is no such page."})
        return super().render(request)

    async def _begin(self, request: Request, number: str) -> None:
        gone: list[object] = []
        request.notifyFinish().addBoth(gone.append)
        found = await self._one(number)
        if gone:
            return
        if self._streams >= STREAMS:
            raise GameError(Code.BUSY, "Too many replays at the moment; please try again.")
        self._streams += 1
        streams: list[Stream] = []
        request.notifyFinish().addBoth(self._ended, streams)
        lines = await self._store.lines(found.header.id)
        if gone:
            return
        request.setHeader(b"Content-Type", b"application/json; charset=utf-8")
        request.setHeader(b"Cache-Control", b"no-store")
        stream = Stream(request, public_events(found.header, self._matches.kind(found.header.kind), lines))
        streams.append(stream)
        request.registerProducer(stream, False)

    def _ended(self, _result: object, streams: list[Stream]) -> None:
        self._streams -= 1
        for stream in streams:
            stream.stopProducing()

    def _failed(self, failure: Failure, request: Request) -> None:
        error = failure.value
        status, value = 500, {"code": "internal", "text": "Something went wrong here."}
        if isinstance(error, GameError):
            status = {Code.NOT_FOUND: 404, Code.BUSY: 503}.get(error.code, 400)
            value = {"code": error.code, "text": error.text}
        else:
            self._log.failure("{path}", failure, path=request.path)
        if not request.finished and not getattr(request, "_disconnected", False):
            request.write(answer(request, status, value))
            request.finish()


@implementer(IPullProducer)
class Stream:
    """Writes ``{"events":[...]}`` as fast as it is read, a slice of work at a time."""

    _log = Logger()

    def __init__(self, request: Request, pieces: Iterator[list[bytes]]) -> None:
        self._request = request
        self._pieces: Iterator[list[bytes]] | None = pieces
        self._lead = b'{"events":['

    def resumeProducing(self) -> None:
        """Write some more."""
        if self._pieces is None:
            return
        lines: list[bytes] = []
        end = time.monotonic() + SLICE
        over = False
        try:
            while not over and time.monotonic() < end:
                piece = next(self._pieces, None)
                over = piece is None
                lines += piece or ()
        except Exception:
            # What has been told so far stays true; the rest is cut off, and the log says why.
            self._log.failure("a replay was cut off")
            over = True
        if lines:
            self._request.write(self._lead + b",".join(lines))
            self._lead = b","
        elif not over:
            # A producer that writes nothing is not asked to go on.
            self._request.write(b"\n")
        if over:
            self._pieces = None
            self._request.write(b"]}" if self._lead == b"," else self._lead + b"]}")
            self._request.unregisterProducer()
            self._request.finish()

    def stopProducing(self) -> None:
        """Stop: nobody reads any more."""
        self._pieces = None
