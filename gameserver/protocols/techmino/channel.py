"""One WebSocket of the protocol: messages in order to its endpoint's handlers, refusals, and every way to end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from twisted.logger import Logger

from gameserver.accounts import Account
from gameserver.errors import Code, GameError
from gameserver.net.guard import Guard
from gameserver.net.inbox import Inbox, Queue
from gameserver.net.websocket import Wire
from gameserver.protocols.techmino import encoders
from gameserver.protocols.techmino.credentials import close_code, identity_of, merged, parsed
from gameserver.protocols.techmino.endpoint import Client, Endpoint
from gameserver.protocols.techmino.logins import Identity
from gameserver.protocols.techmino.messages import Credentials, decode
from gameserver.protocols.techmino.shared import TECHMINO, TechminoShared
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import DuplicateLogin
from gameserver.sessions.session import Session

#: Messages that may wait behind one that waits for the database, before reading stops.
WAITING = 64

#: Close codes by why the server ends a session; 1008 for everything else.
_CLOSE_CODES = {"shutdown": 1001, "over": 1000, "left": 1000}

#: Ends after which nobody's place is kept for him.
_FOR_GOOD = frozenset({"kicked", "banned", "shutdown"})


def _nothing(_payload: bytes) -> None:
    """Deliver nothing: the connection is not open yet."""


class TechminoChannel:
    """A connection. Who it is stands in ``identity``, or comes with the first message."""

    _log = Logger()

    def __init__(
        self, shared: TechminoShared, endpoint: Endpoint, address: str, identity: Identity | None, asked: Credentials
    ) -> None:
        self.shared = shared
        self.endpoint = endpoint
        self.address = address
        self.account: Account | None = None
        self.client: Client | None = None
        self.session: Session | None = None
        #: Sends framed bytes; the wire's own method, so that a broadcast to many costs one call each.
        self.deliver: Callable[[bytes], None] = _nothing
        self._identity = identity
        self._asked = asked
        self._wire: Wire | None = None
        self._guard = Guard(TECHMINO, self._refused, self._crashed, shared.metrics)
        self._inbox: Inbox[bytes] | None = None
        self._meter = shared.meter()
        self._patience: Meter | None = None
        self._leaving = False
        self._for_good = False

    def opened(self, wire: Wire) -> None:
        """Open a session and say Connect, or wait for the credentials."""
        self._wire = wire
        self.deliver = wire.write
        self._queue: Queue[bytes] = Queue()
        self._inbox = Inbox(self._handle, self._guard, wire, self._queue, WAITING)
        self.shared.opened(self)
        self._guard.run(self._open)

    def _open(self) -> None:
        shared = self.shared
        session = shared.sessions.open(TECHMINO, self.address, self, self.endpoint.encoders, shared.namespace)
        session.state = self.endpoint.name
        self.session = session
        self._guard.session_id = session.id
        if self._identity is not None or self.endpoint.identify is None:
            self._enter(self._identity)
        else:
            shared.waiting.start(self)

    def _enter(self, identity: Identity | None) -> None:
        older = None
        if identity is not None:
            assert self.session is not None
            self.shared.sessions.login(self.session, identity.account.player, DuplicateLogin.KEEP)
            self.account = identity.account
            older = self.shared.present(self.endpoint.name, identity.account.id)
        self.client = self.endpoint.enter(self, identity, older.client if older is not None else None)
        if identity is not None:
            self.shared.take_place(self.endpoint.name, identity.account.id, self)
        if older is not None:
            older.close("replaced", "You have connected again from somewhere else.")

    def received(self, payload: bytes, binary: bool) -> None:
        """Take in a message; text and binary frames carry the same."""
        if self._inbox is not None and not self._leaving:
            self._queue.put(payload)
            self._inbox.run()

    def _handle(self, payload: bytes) -> Awaitable[None] | None:
        if self._leaving:
            return None
        now: float = self.shared.reactor.seconds()
        if not self._meter.pour(now):
            self._hurried(now)
            raise GameError(Code.TOO_FAST, "Too many messages; wait a moment")
        if self.client is None:
            return self._identify(payload)
        message = decode(self.endpoint.decoder, payload)
        kind = type(message)
        work = None
        try:
            work = self.endpoint.handlers[kind](self.client, message)
        finally:
            if work is None:
                self.shared.handled(self.endpoint.name, kind, now)
        return None if work is None else self._timed(kind, work, now)

    async def _timed(self, kind: type[msgspec.Struct], work: Awaitable[None], now: float) -> None:
        try:
            await work
        finally:
            self.shared.handled(self.endpoint.name, kind, now)

    async def _identify(self, payload: bytes) -> None:
        """Take the first message for the credentials."""
        self.shared.waiting.stop(self)
        asked = merged(self._asked, parsed(payload))
        identity = await identity_of(self.shared, self.endpoint, asked, self.address)
        if not self._leaving:
            self._enter(identity)

    def credentials_are_late(self) -> None:
        """End a connection that does not say who it is."""
        self._refused(GameError(Code.WRONG_FIELDS, "Wrong format: credentials needed"))

    def _hurried(self, now: float) -> None:
        """Note a message above the limit; who goes on and on with that is put out."""
        if self._patience is None:
            self._patience = self.shared.meter()
        if not self._patience.pour(now):
            self._log.info("techmino session {id}: far too many messages", id=self._guard.session_id)
            self.close("too_fast", "Too many messages.")

    def _refused(self, error: GameError) -> None:
        if self.client is None:
            self._end(close_code(error), error.text)
        elif error.code == Code.NO_ACCOUNT:
            self.deliver(encoders.error(error.text))
        else:
            self.deliver(encoders.warn(error.text))

    def _crashed(self) -> None:
        self._end(1011, "Internal server error")

    def close(self, code: str, text: str) -> None:
        """End the connection from the server's side."""
        self._for_good = self._for_good or code in _FOR_GOOD
        if code in ("over", "left"):
            # The player has asked for this end, or waits for it: no error.
            self._leave(1000, text)
        else:
            self._end(_CLOSE_CODES.get(code, 1008), text)

    def _end(self, code: int, text: str) -> None:
        """Say Error, then close."""
        if not self._leaving:
            self.deliver(encoders.error(text))
        self._leave(code, text)

    def _leave(self, code: int, text: str) -> None:
        """Close session and connection. A second time changes nothing."""
        self._forget()
        if self._wire is not None:
            self._wire.close(code, text)

    def ended(self) -> None:
        """Forget a connection that has ended."""
        self._forget()
        self.shared.closed(self)

    def _forget(self) -> None:
        if self._leaving:
            return
        self._leaving = True
        if self._inbox is not None:
            self._inbox.close()
        self._guard.run(self._leave_endpoint)
        if self.session is not None:
            self.shared.sessions.close(self.session)

    def _leave_endpoint(self) -> None:
        if self.client is not None:
            self.client.leave(self._for_good)
