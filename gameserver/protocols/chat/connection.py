"""One connection of the chat protocol: bytes in, objects in order to the handlers, bytes out, and every way to end.

The same class serves TCP, TLS and a transport in memory. What comes behind a login waits until its password has
been checked. Nothing that a client sends raises here, and of bad input only repetition ends a connection.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol, IHandshakeListener, ISSLTransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from gameserver.errors import GameError
from gameserver.net.guard import Guard
from gameserver.net.http_refusal import READING_TIME, TLS_HANDSHAKE, HttpSniffer, http_refusal
from gameserver.net.inbox import Inbox
from gameserver.net.json_objects import Damage, JsonObjects
from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options
from gameserver.protocols.chat import encoders
from gameserver.protocols.chat.handlers import Client, handle, refusal
from gameserver.protocols.chat.messages import Message, Undecodable, Unknown, decode
from gameserver.protocols.chat.pacing import PacedOutbox
from gameserver.protocols.chat.shared import CHAT, ChatShared
from gameserver.sessions.events import ServerNotice
from gameserver.sessions.limits import Meter

#: Objects of one connection that may wait behind a login before reading stops.
WAITING = 16

_NOTHING = Unknown()

HTTP_ANSWER = http_refusal("This port speaks JSON chat, one object a line, not HTTP.")


@implementer(IHandshakeListener, IHalfCloseableProtocol)
class ChatProtocol(Protocol):
    """A connection. ``client`` is there once it has been let in."""

    log = Logger()

    client: Client | None = None

    def __init__(self, shared: ChatShared) -> None:
        self._shared = shared
        self._sniffer: HttpSniffer | None = HttpSniffer()
        self._objects = JsonObjects(shared.config.object_bytes, shared.config.depth)
        self._in_hand: Message = Unknown()
        self._garbage = 0
        self._meter = shared.meter()
        self._patience: Meter | None = None
        self._leaving = False
        self._timer: Any = None

    def connectionMade(self) -> None:
        """Open a session, or say that there is no room for it."""
        shared = self._shared
        transport: Any = self.transport
        set_tcp_options(transport)
        limit = shared.limits.outbox_bytes
        self._outbox = Outbox(transport, shared.reactor, limit, self._too_slow)
        self._paced = PacedOutbox(self._outbox, shared.gaps, limit, self._too_slow)
        self._bare = True
        self._send: Callable[[bytes], None] = self._paced.write
        self._guard = Guard(CHAT, self._refused, self._crashed, shared.metrics)
        self._inbox: Inbox[bytes | Damage | None] = Inbox(self._handle, self._guard, transport, WAITING)
        shared.opened(self)
        if ISSLTransport.providedBy(transport):
            shared.handshakes.start(self)
        self._guard.run(self._enter)

    def _enter(self) -> None:
        shared = self._shared
        address = getattr(self.transport.getPeer(), "host", None) or ""  # type: ignore[union-attr]
        try:
            session = shared.sessions.open(CHAT, address, self, encoders.ENCODERS, shared.namespace)
        except GameError as error:
            # There is nothing else to say no with before a login.
            shared.metrics.error(CHAT, error.code)
            self._send(encoders.LOGIN_REFUSED)
            self._leave_soon()
            return
        self.client = Client(shared, session, self.deliver, self._leave)
        self._guard.session_id = session.id

    def handshakeCompleted(self) -> None:
        """Note that TLS is up; called by Twisted."""
        self._shared.handshakes.stop(self)

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes."""
        self._guard.run(self._receive, data)

    def _receive(self, data: bytes) -> None:
        if self._leaving:
            return
        if self._sniffer is not None:
            if data.startswith(TLS_HANDSHAKE):
                # TLS on the plain port: nothing we could say would be understood, and the client waits.
                self._leave()
                return
            rest = self._sniffer.feed(data)
            if rest is None:
                self._send(HTTP_ANSWER)
                self._leave_soon()
                return
            if not rest:
                return
            self._sniffer, data = None, rest
        objects, halves = self._objects, self._shared.halves
        received = objects.feed(data)
        if self._bare and objects.lines:
            self._bare = False
            self._paced.release()
            self._send = self._outbox.write
        for item in received:
            self._inbox.put(item)
        if objects.pending and not self._leaving:
            if received or self not in halves:
                halves.start(self)
        else:
            halves.stop(self)

    def _handle(self, item: bytes | Damage | None) -> Awaitable[None] | None:
        """Handle one object of the stream, or its end (``None``); called by the inbox, one at a time."""
        client, shared = self.client, self._shared
        if client is None or self._leaving:
            return None
        if item is None:
            self._leave()
            return None
        now = shared.reactor.seconds()
        fits = self._meter.pour(now)
        try:
            message = None if isinstance(item, Damage) else decode(item)
        except Undecodable:
            message = None
        self._in_hand = message or _NOTHING
        if message is None:
            self._garbled(now, fits)
            return None
        self._garbage = 0
        if not fits:
            self._hurried(now)
            raise GameError("too_fast", "Too many messages; wait a moment.")
        return handle(client, message, now)

    def _garbled(self, now: float, fits: bool) -> None:
        self._shared.metrics.error(CHAT, "undecodable")
        self._garbage += 1
        if self._garbage >= self._shared.config.garbage:
            self.log.info("chat session {id}: repeated garbage", id=self._guard.session_id)
            self._leave()
        elif not fits:
            self._hurried(now)

    def _hurried(self, now: float) -> None:
        """Note a message above the limit; who goes on and on with that is put out."""
        if self._patience is None:
            self._patience = self._shared.meter()
        if not self._patience.pour(now):
            self.log.info("chat session {id}: far too many messages", id=self._guard.session_id)
            self._leave()

    def _refused(self, error: GameError) -> None:
        self._answer_no(error.text)

    def _crashed(self) -> None:
        self._answer_no("Internal error.")

    def _answer_no(self, reason: str) -> None:
        answer = refusal(self.client, self._in_hand, reason) if self.client is not None else None
        if answer is not None:
            self._send(answer)

    def deliver(self, payload: bytes) -> None:
        """Send bytes that one of the protocol's encoders has made."""
        self._send(payload)

    def close(self, code: str, text: str) -> None:
        """End the connection from the server's side, saying why in the room's voice to who has logged in."""
        if self.client is not None and self.client.greeted:
            self._send(encoders.announced(ServerNotice(text)))
        self._leave()

    def _leave(self) -> None:
        """Close the session, send what waits, and end the connection. A second time changes nothing."""
        self._leaving = True
        self._inbox.close()
        self._close_session()
        self._paced.release()
        self._outbox.close()

    def _leave_soon(self) -> None:
        """End the connection when the client has had time to read why; what it sends is ignored."""
        self._leaving = True
        self._inbox.close()
        self._timer = self._shared.reactor.callLater(READING_TIME, self._leave)

    def half_object_is_late(self) -> None:
        """Throw half an object away, so that it can't spoil the next one."""
        self._objects.forget()
        self._inbox.put(Damage.CUT_OFF)

    def login_is_late(self) -> None:
        """End a connection that nobody has ever used."""
        if self.client is None or not self.client.greeted:
            self._leave()

    def handshake_is_late(self) -> None:
        """End a connection that does not speak TLS."""
        self._outbox.abort()

    def readConnectionLost(self) -> None:
        """Take a client that will say nothing more for gone, once what it has said is answered.

        Called by Twisted for a half-closed TCP connection: ``printf … | nc``.
        """
        self._inbox.put(None)

    def writeConnectionLost(self) -> None:
        """Called by Twisted when only our half is closed, which we never ask for."""

    def _too_slow(self) -> None:
        self.log.warn("chat session {id} dropped: it does not read", id=self._guard.session_id)
        self._shared.metrics.dropped.labels(CHAT).inc()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection; the others hear of it if somebody was logged in."""
        self._leaving = True
        self._inbox.close()
        self._paced.forget()
        self._outbox.connection_lost()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._shared.closed(self)
        self._guard.run(self._close_session)

    def _close_session(self) -> None:
        if self.client is not None:
            self._shared.sessions.close(self.client.session)
