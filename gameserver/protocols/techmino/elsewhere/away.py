"""Somebody who is connected here and has their seat at another node."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from twisted.internet.defer import Deferred, TimeoutError

from gameserver.edge.relay.relays import LOST, UNREACHABLE, Relay
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.elsewhere.messages import (
    SERVICE,
    Done,
    GoesOnAfterCloseFrames,
    Left,
    Opening,
    Request,
    decode_noted,
    encode,
)
from gameserver.protocols.techmino.shared import RoomClient

#: Seconds for the first word of the other node. Between nodes that can reach each other it takes milliseconds.
ANSWERED_WITHIN = 3.0

#: Ends that are the node's and not the client's: it goes on, but not there.
_OUT_OF_REACH = frozenset({LOST, "shutdown", Code.BUSY, Code.NOT_FOUND})


class Returning(Protocol):
    """The handlers of a client here, as far as its seat may be elsewhere."""

    @property
    def carried(self) -> bytes:
        """What the connection has shown so far and an owner has to know, in the endpoint's own form."""

    def back(self, carried: bytes) -> None:
        """Learn that what the client asks is served here again, and what it has shown meanwhile."""

    def put_out(self, text: str) -> None:
        """Learn, and tell the client, that its seat is out of reach. What it asks is served here again."""


class Away:
    """A ``Fronted`` of ``edge.relay``: what the client asks goes to ``node``, until it has no seat there any more.

    ``rid`` is the stream that is asked for, or the room. ``returned``: the seat is one of an earlier connection, of
    which the client need not know.
    """

    _relay: Relay

    def __init__(
        self,
        client: RoomClient,
        handlers: Returning,
        node: str,
        endpoint: str,
        rid: str,
        first: bytes = b"",
        *,
        returned: bool = False,
    ) -> None:
        """Open the relay. Raises ``GameError`` ``busy`` for a node that cannot be reached."""
        self.rid = rid
        self.returned = returned
        self._client = client
        self._handlers = handlers
        #: Whether there is a seat that can be lost: without ``first`` there is one already.
        self._seated = not first
        self._done: Deferred[None] | None = None
        #: Whether the node has said anything. From then on the signs of life on the link say whether it is there.
        self._heard = False
        self._over = False
        opening = Opening(endpoint, client.identity.account.player, rid, handlers.carried, first)
        self._relay = client.shared.context.relays.open(node, SERVICE, encode(opening), self)

    async def answered(self) -> None:
        """Wait until the other node has done what was asked last. Raises ``GameError`` ``busy``."""
        if self._over:
            return
        self._done = done = Deferred[None]()
        if not self._heard:
            done.addTimeout(ANSWERED_WITHIN, self._client.shared.reactor)
        try:
            await done
        except TimeoutError:
            self._done = None
            self._leave()
            raise GameError(Code.BUSY, UNREACHABLE) from None

    def ask(self, payload: bytes) -> Awaitable[None]:
        """Let the other node do what the client asks; done when that says so."""
        self.returned = False
        self._relay.ask(encode(Request(payload, True)))
        return self.answered()

    def pass_on(self, payload: bytes) -> None:
        """Let the other node do what the client asks, which does not wait for it."""
        self._relay.ask(encode(Request(payload, False)))

    def end(self, *, for_good: bool) -> None:
        """Say that the client has gone; ``for_good``: it does not come back to its place."""
        self._over = True
        if for_good:
            self._relay.ask(encode(Left()))
        self._relay.end()
        self._wake()

    # What the owner says.

    def told(self, payload: bytes) -> None:
        """See ``Fronted``."""
        self._heard = True
        self._client.deliver(payload)

    def noted(self, message: bytes) -> None:
        """See ``Fronted``."""
        self._heard = True
        note = decode_noted(message)
        if isinstance(note, GoesOnAfterCloseFrames):
            self._client.goes_on_after_close_frames()
            return
        if isinstance(note, Done):
            self._seated = note.seated
        else:
            # The answer to what is asked at this moment says more.
            self._seated = False
        if not self._seated and (isinstance(note, Done) or self._done is None):
            self._leave(note.carried)
        if isinstance(note, Done):
            self._wake()

    def _leave(self, carried: bytes | None = None) -> None:
        self._over = True
        self._relay.end()
        self._handlers.back(self._handlers.carried if carried is None else carried)

    def _wake(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            done.callback(None)

    def ended(self, code: str, text: str) -> None:
        """See ``Fronted``."""
        self._over = True
        if code not in _OUT_OF_REACH:
            self._client.close(code, text)
        elif self._seated and not self.returned:
            self._handlers.put_out(text)
        else:
            # To the client there is nothing that it could lose.
            self._handlers.back(self._handlers.carried)
        done, self._done = self._done, None
        if done is not None:
            if self._seated:
                done.callback(None)
            else:
                done.errback(GameError(Code.BUSY, text))
