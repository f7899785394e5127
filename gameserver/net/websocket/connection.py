"""One WebSocket: Autobahn does handshake, control frames, fragments, closing and everything unusual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from autobahn.twisted.util import peer2str
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.logger import Logger

from gameserver.net.deadlines import Deadlines
from gameserver.net.nobody import nobody
from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options
from gameserver.net.turns import Reading, Share, turns_of
from gameserver.net.websocket import frames
from gameserver.net.websocket.upgrade import Accepted
from gameserver.net.websocket.wire import Wire
from gameserver.reactor import IGameReactor
from gameserver.sessions.addresses import network_of

#: Seconds a client gets to answer our Close frame.
CLOSE_TIMEOUT = 2

#: Frames that cost their senders as much as a message does: parts of one, Pings, Pongs.
COUNTED = (0, 9, 10)

#: Whole frames up to this many bytes take the short way.
SHORT = 65536


class _Quiet:
    """Autobahn's log. It tells of every mistake of every client, twice, which is for who looks for just that."""

    def __init__(self, log: Logger) -> None:
        self.trace = self.debug = self.info = self.warn = log.debug
        self.error = log.error
        self.failure = log.failure


class Connections(WebSocketServerFactory):
    """Makes the connections of one path."""

    noisy = False

    def __init__(
        self,
        reactor: IGameReactor,
        message_limit: int,
        outbox_bytes: int,
        ping_interval: float,
        utf8: bool,
        reading_seconds: float = 30.0,
        silence: float = 60.0,
    ) -> None:
        super().__init__(server="gameserver", reactor=reactor)
        self.setProtocolOptions(maxMessagePayloadSize=message_limit)
        self.short = min(SHORT, message_limit)
        self.utf8 = utf8
        self.outbox_bytes = outbox_bytes
        self.reading_seconds = reading_seconds
        self.pings: Deadlines[Connection] = Deadlines(reactor, ping_interval, Connection.ping_is_due)
        #: Pings that may stay without an answer.
        self.unanswered = max(1, int(silence / ping_interval) - 1) if ping_interval else 1

    def connection(self, accepted: Accepted) -> Connection:
        """Return the connection for a request that has been accepted."""
        made = Utf8Connection(accepted) if self.utf8 else Connection(accepted)
        made.factory = self
        return made


class Connection(WebSocketServerProtocol):
    """Whole unfragmented data frames go straight to the handler; everything else goes through Autobahn.

    Options stand on the class, so that an idle connection does not carry copies of them.
    """

    versions = (13,)
    webStatus = False
    utf8validateIncoming = False
    requireMaskedClientFrames = True
    maskServerFrames = False
    applyMask = True
    autoFragmentSize = 0
    failByDrop = False
    echoCloseCodeReason = False
    openHandshakeTimeout = 0
    closeHandshakeTimeout = CLOSE_TIMEOUT
    tcpNoDelay = True
    serveFlashSocketPolicy = False
    autoPingInterval = 0

    log = _Quiet(Logger())

    wire: Wire | None = None
    closeHandshakeTimeoutCall: Any = None

    def __init__(self, accepted: Accepted) -> None:
        super().__init__()
        self._accepted = accepted
        #: Pings since anything was heard.
        self._unheard = 0
        #: Answers the client's Close frame; there while what was asked before it is being answered.
        self._closing: Callable[[], bool | None] | None = None
        #: What waits for a later turn, ``None`` when nothing does.
        self._held: bytes | None = None
        self._share: Share | None = None
        #: Whether the frame that is being read is within the limit of its sender's messages.
        self._within_limit = True

    def connectionMade(self) -> None:
        """Begin the handshake; called by Twisted.

        Autobahn's own would ask TLS for channel bindings first, which are for WAMP; our ``TlsConnection`` has none.
        """
        self.peer = peer2str(self.transport)
        host = getattr(self.transport.getPeer(), "host", None) or ""
        self._share = Share(turns_of(self.factory.reactor), network_of(host))
        self._reading = Reading(self.transport)
        self._connectionMade()

    def onConnect(self, request: object) -> tuple[str | None, Mapping[str, str]]:
        """Answer the handshake as the protocol has decided."""
        return self._accepted.subprotocol, self._accepted.headers

    def onOpen(self) -> None:
        """Hand the connection to its channel."""
        made = self.factory
        set_tcp_options(self.transport)
        outbox = Outbox(
            self.transport,
            made.reactor,
            made.outbox_bytes,
            self._accepted.handler.too_slow,
            made.reading_seconds,
        )
        self.wire = Wire(outbox, self._reading, self)
        made.pings.start(self)
        self._accepted.handler.opened(self.wire)

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes; what comes behind a Close frame means nothing."""
        self._unheard = 0
        if self._held is not None:
            self._held += data
        elif self._closing is None:
            self._take(data)

    def _take(self, data: bytes) -> None:
        if self.state == self.STATE_OPEN and not (self.data or self.inside_message or self.current_frame):
            data = self._short_way(data)
            if not data:
                return
        self._dataReceived(data)

    def _short_way(self, data: bytes) -> bytes:
        """Deliver the whole frames that ``data`` begins with; return the rest."""
        position, longest, handler = 0, self.factory.short, self._accepted.handler
        while self.state == self.STATE_OPEN:
            if position and self._is_put_off(data[position:]):
                return b""
            found = frames.read(data, position, longest)
            if found is None:
                break
            payload, binary, behind = found
            if self.utf8validateIncoming and not binary and not frames.is_utf8(payload):
                # Autobahn fails the connection.
                break
            position = behind
            handler.received(payload, binary)
        return data[position:] if position else data

    def _is_put_off(self, data: bytes = b"") -> bool:
        """Say whether the rest has to wait for a later turn; ``data`` is what Autobahn does not have yet."""
        if self._held is None and self._share is not None and self._share.over:
            self._held = data
            self._reading.hold()
            self._share.later(self._go_on)
        return self._held is not None

    def _go_on(self) -> None:
        data, self._held = self._held or b"", None
        if self.state == self.STATE_CLOSED:
            return
        self._reading.release()
        if self._closing is None:
            self._take(data)

    def processData(self) -> bool:
        """Go one step on with a frame and return whether there is more; called by Autobahn."""
        return bool(super().processData()) and not self._is_put_off()

    def onFrameBegin(self) -> None:
        """Count a frame that is no message of its own; called by Autobahn."""
        super().onFrameBegin()
        if self.current_frame.opcode in COUNTED:
            self._within_limit = self._accepted.handler.counted()

    def onPing(self, payload: bytes) -> None:
        """Answer a Ping, unless there are too many: then those behind it are answered (RFC 6455, 5.5.3)."""
        if self._within_limit:
            super().onPing(payload)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Deliver a message that came the long way."""
        if self._closing is None:
            self._accepted.handler.received(payload, isBinary)

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> bool | None:
        """Answer a Close frame when everything that was asked before it is answered.

        Returns whether the connection has failed, as far as that is known by then.
        """
        if self._closing is not None:
            return None
        if self.wire is None or self.state != self.STATE_OPEN:
            return self._answer_close(code, reasonRaw)
        failed: list[bool | None] = []
        self._closing = partial(self._answer_close, code, reasonRaw)
        self._accepted.handler.heard_all(lambda: failed.append(self._finish_closing()))
        return failed[0] if failed else None

    def _answer_close(self, code: int | None, reason: bytes | None) -> bool | None:
        failed: bool | None = super().onCloseFrame(code, reason)
        return failed

    def _finish_closing(self) -> bool | None:
        answer, self._closing = self._closing, None
        return answer() if answer is not None else None

    def ping_is_due(self) -> None:
        """Ask a client whether it is there, or give it up when nothing has come for too long.

        Whom we do not listen to cannot answer; if they do not read either, the outbox ends that.
        """
        if self._unheard >= self.factory.unanswered and not (self.wire is not None and self.wire.paused):
            self.transport.abortConnection()
            return
        self._unheard += 1
        self.sendPing()
        self.factory.pings.start(self)

    def say_goodbye(self, code: int, reason: str) -> None:
        """Begin the closing handshake; a client that does not answer is dropped."""
        # Not ``sendClose``: that refuses the codes of RFC 6455 that servers need, 1001, 1008, 1011.
        self.sendCloseFrame(code, reason.encode() or None)
        # Where the client has said goodbye already, this is the answer.
        self._finish_closing()

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        """Send a Close frame behind everything that was said before: after it nothing else reaches the client."""
        if self.wire is not None:
            self.wire.hand_over()
        super().sendCloseFrame(code, reasonUtf8, isReply)

    def _closeConnection(self, abort: bool = False) -> None:
        """End the connection; in order, so that our Close frame arrives, once the client's has come.

        Autobahn aborts then, which takes the answer to a Close frame with a wrong code or reason away.
        """
        super()._closeConnection(abort and not self.wasClean)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Tell the channel that the connection has ended."""
        if self.closeHandshakeTimeoutCall is not None:
            # Autobahn would wait for an answer to our Close frame even now.
            self.closeHandshakeTimeoutCall.cancel()
            self.closeHandshakeTimeoutCall = None
        if self.wire is None:
            return
        pings = self.factory.pings
        pings.stop(self)
        if not len(pings):
            pings.close()
        self.wire.end()
        self._accepted.handler.ended()
        # What is over must not refer to itself: it would stay until the garbage is collected.
        self.wire, self.data, self._held = None, b"", None
        self.message_data = self.frame_data = self.control_frame_data = None
        # It fired with the connection itself.
        self.is_closed.addCallback(nobody)


class Utf8Connection(Connection):
    """A connection that fails with 1007 when a text is not UTF-8 (RFC 6455, 8.1)."""

    utf8validateIncoming = True
