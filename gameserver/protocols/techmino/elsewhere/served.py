"""A client of another node in a room that is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs
from twisted.logger import Logger

from gameserver.accounts import Account
from gameserver.edge.relay.relays import Served
from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.protocols.techmino.elsewhere.messages import (
    Done,
    GoesOnAfterCloseFrames,
    Left,
    Opening,
    Unseated,
    decode_asked,
    decode_opening,
    encode,
)
from gameserver.protocols.techmino.identities import Identity
from gameserver.protocols.techmino.rooms.room import Member
from gameserver.protocols.techmino.shared import TECHMINO, Handlers, RoomClient, TechminoShared
from gameserver.sessions.players import Player


class Requests(Protocol):
    """What the clients of an endpoint ask, and how they are refused."""

    def read(self, payload: bytes) -> tuple[str, Callable[[Any, Any], Any], Any]:
        """Return what the metrics call a request, the function that serves it, and what it is given.

        Raises ``GameError``.
        """

    def refusal(self, error: GameError) -> bytes:
        """Return how what was read last is refused."""


class GuestHandlers(Handlers, Protocol):
    """What an endpoint does for a client of another node."""

    @property
    def carried(self) -> bytes:
        """See ``Returning``."""


@attrs.frozen
class ServedEndpoint:
    """An endpoint for clients of other nodes.

    ``make`` returns the handlers of one, given what its connection has shown so far, and raises ``GameError`` for who
    cannot be served. ``seats``: they take their seat by what they ask, and are served until they have none.
    """

    make: Callable[[RoomClient, bytes], GuestHandlers]
    requests: Callable[[], Requests]
    seats: bool


class Guests:
    """All clients of other nodes; ``serve`` is the service for relays."""

    def __init__(self, shared: TechminoShared, endpoints: Mapping[str, ServedEndpoint]) -> None:
        self._shared = shared
        self._endpoints = endpoints
        #: Who sits here, or may.
        self._seated: dict[int, ServedClient] = {}
        shared.lobby.left.append(self._left)

    def serve(self, served: Served, payload: bytes) -> ServedClient:
        """See ``edge.relay.relays.Serve``."""
        opening = decode_opening(payload)
        endpoint = self._endpoints.get(opening.endpoint)
        if endpoint is None or self._shared.stopping:
            raise GameError(Code.BUSY, "The server of this room is stopping; please try again.")
        guest = ServedClient(self._shared, served, opening, endpoint, self._seated)
        guest.begin(opening.first)
        served.entered()
        return guest

    def _left(self, member: Member) -> None:
        guest = self._seated.get(member.uid)
        if guest is not None:
            guest.look()


class ServedClient:
    """A ``RoomClient`` of the endpoint's handlers, and a ``Guest`` of ``edge.relay``.

    Who they are has been found out by the node they came in by. ``seated`` are those who may sit here, by uid.
    """

    log = Logger()

    def __init__(
        self,
        shared: TechminoShared,
        served: Served,
        opening: Opening,
        endpoint: ServedEndpoint,
        seated: dict[int, ServedClient],
    ) -> None:
        self.shared = shared
        self.deliver: Callable[[bytes], None] = served.tell
        self.identity = Identity(_account(opening.player), rid=opening.rid)
        self._uid = self.identity.account.id
        self._served = served
        self._seats = endpoint.seats
        self._seated = seated
        self._requests = endpoint.requests()
        self._guard = Guard(TECHMINO, self._refused, self._crashed, shared.metrics)
        #: Whether something is being done for them, after which it is told anyway whether they sit here.
        self._busy = False
        self._over = False
        self._handlers = endpoint.make(self, opening.carried)
        shared.guests.add(self)
        if self._seats:
            seated[self._uid] = self

    def begin(self, first: bytes) -> None:
        """Do what they ask first, or look whether the seat is there that they have come back to."""
        if first:
            self._do(first, awaited=True)
        else:
            self.look()

    def asked(self, message: bytes) -> None:
        """See ``Guest``."""
        asked = decode_asked(message)
        if isinstance(asked, Left):
            self._handlers.disconnected(for_good=True)
            return
        self._do(asked.payload, awaited=asked.awaited)

    def _do(self, payload: bytes, *, awaited: bool) -> None:
        self._busy = awaited
        self._guard.run(self._handle, payload)
        self._busy = False
        if awaited and not self._over:
            self._served.note(encode(Done(self._sits, self._handlers.carried)))

    def _handle(self, payload: bytes) -> None:
        kind, handler, request = self._requests.read(payload)
        since = self.shared.reactor.seconds()
        try:
            handler(self._handlers, request)
        finally:
            self.shared.handled(kind, since)

    @property
    def _sits(self) -> bool:
        return not self._seats or self.shared.lobby.sits(self._uid, self)

    def look(self) -> None:
        """Tell the other node if they have no seat here any more."""
        if not self._busy and not self._sits:
            self._served.note(encode(Unseated(self._handlers.carried)))

    def _refused(self, error: GameError) -> None:
        self.deliver(self._requests.refusal(error))

    def _crashed(self) -> None:
        self.close(Code.INTERNAL, "Internal server error")

    def gone(self) -> None:
        """See ``Guest``; a seat is kept as after a lost connection."""
        if self._over:
            return
        self._over = True
        self.shared.guests.discard(self)
        if self._seated.get(self._uid) is self:
            del self._seated[self._uid]
        self._guard.run(self._leave)

    def _leave(self) -> None:
        self._handlers.disconnected(for_good=False)

    # What the handlers see.

    def close(self, code: str, text: str) -> None:
        """Serve the client no more, saying why."""
        self._served.end(code, text)
        self.gone()

    def goes_on_after_close_frames(self) -> None:
        """Let the client's own node know it."""
        self._served.note(encode(GoesOnAfterCloseFrames()))


def _account(player: Player) -> Account:
    """Return what has to be known here of somebody's account."""
    if player.account is None:
        raise GameError(Code.NO_ACCOUNT, "This is for accounts only.")
    return Account(player.account, player.name, None, player.role, player.team)
