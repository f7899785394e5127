"""A telnet connection: bytes to lines, lines in order to the connection's state machine, and every way to end."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from gameserver.errors import GameError
from gameserver.net.guard import Guard
from gameserver.net.http import READING_TIME, HttpSniffer, http_refusal
from gameserver.net.outbox import Outbox
from gameserver.net.tcp_options import set_tcp_options
from gameserver.protocols.kassel.connection import Connection, Languages
from gameserver.protocols.kassel.events import Framing, crlf
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import TelnetLines

#: Longest line in bytes: a command with a message of 8,000 characters, each escaped, fits several times.
LONGEST_LINE = 131072

#: Bytes that may wait behind a command that is being handled before reading stops.
WAITING = 262144

#: Bytes that wait for a client that count as being behind.
CLOGGED = 65536

HTTP_ANSWER = http_refusal("This port speaks telnet: try telnet with this host and port, then HELP. It is not HTTP.")

#: One pair of languages for all telnet connections, so that an event is encoded once for all of them.
LANGUAGES = Languages(crlf)


@implementer(IHalfCloseableProtocol)
class TelnetProtocol(Protocol):
    """One connection; ``connection`` is there once it has been let in."""

    log = Logger()

    framing: Framing = staticmethod(crlf)
    connection: Connection | None = None

    def __init__(self, shared: SeasonShared) -> None:
        self._shared = shared
        self._sniffer: HttpSniffer | None = HttpSniffer()
        self._lines = TelnetLines(LONGEST_LINE)
        self._busy = False
        self._paused = False
        self._leaving = False
        self._silent = False
        self._timer: Any = None

    def connectionMade(self) -> None:
        """Let the client in and speak first."""
        transport: Any = self.transport
        set_tcp_options(transport)
        self._outbox = Outbox(transport, self._shared.reactor, self._shared.limits.outbox_bytes, self._too_slow)
        self._guard = Guard(self._shared.name, self._refused, self._crashed, self._shared.metrics)
        self._shared.opened(self)
        self._guard.run(self._enter)

    def _enter(self) -> None:
        address = getattr(self.transport.getPeer(), "host", None) or ""  # type: ignore[union-attr]
        try:
            connection = Connection(self._shared, self, LANGUAGES, address)
        except GameError as error:
            self._shared.metrics.error(self._shared.name, error.code)
            self.write(crlf(f"ERROR: {error.text}".encode()))
            self.close()
            return
        self.connection = connection
        self._guard.session_id = connection.session.id
        connection.greet()

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes."""
        self._guard.run(self._receive, data)

    def _receive(self, data: bytes) -> None:
        if self._leaving:
            return
        self._shared.silences.start(self)
        if self._sniffer is not None:
            rest = self._sniffer.feed(data)
            if rest is None:
                self.write(HTTP_ANSWER)
                self._leave_soon()
                return
            if not rest:
                return
            self._sniffer, data = None, rest
        self._lines.feed(data)
        self._pump()
        if self._lines.upload_may_be_over:
            self._shared.rests.start(self)

    def _pump(self) -> None:
        connection = self.connection
        while not self._busy and not self._leaving and connection is not None:
            item = self._lines.next()
            if self._lines.answers:
                self._outbox.write(bytes(self._lines.answers))
                self._lines.answers.clear()
            if item is None:
                if self._silent:
                    connection.leave()
                break
            running = self._guard.run(connection.handle, item)
            if running is not None and not running.called:
                self._busy = True
                running.addCallback(self._go_on)
        self._regulate()

    def _go_on(self, _result: object) -> None:
        self._busy = False
        self._guard.run(self._pump)

    def _regulate(self) -> None:
        """Stop reading while too much waits behind a command."""
        transport: Any = self.transport
        full = self._busy and len(self._lines) > WAITING
        if full and not self._paused:
            self._paused = True
            transport.pauseProducing()
        elif self._paused and not full and not self._leaving:
            self._paused = False
            transport.resumeProducing()

    def _refused(self, error: GameError) -> None:
        if self.connection is not None:
            self.connection.refused(error)

    def _crashed(self) -> None:
        if self.connection is not None:
            self.connection.crashed()

    def write(self, data: bytes) -> None:
        """Send bytes that are framed already."""
        self._outbox.write(data)

    def write_raw(self, data: bytes) -> None:
        """Send the bytes of a file."""
        self._outbox.write(data)

    def expect_upload(self, longest: int) -> None:
        """Take what comes next for the bytes of a file."""
        self._lines.expect_upload(longest)

    @property
    def backlog(self) -> bool:
        """Whether the client has sent more than what is being handled."""
        return len(self._lines) > 0

    @property
    def clogged(self) -> bool:
        """Whether the client is behind with reading."""
        return self._outbox.waiting > CLOGGED

    def close(self) -> None:
        """Send what waits and end the connection."""
        self._leaving = True
        self._outbox.close()

    def _leave_soon(self) -> None:
        """End the connection when the client has had time to read why."""
        self._leaving = True
        self._timer = self._shared.reactor.callLater(READING_TIME, self._outbox.close)

    def silent(self) -> None:
        """See ``protocol.Connection``."""
        if self.connection is not None:
            self.connection.silent()
        else:
            self.close()

    def rest_is_late(self) -> None:
        """Take an upload that nothing has followed for complete; the state machine asks for its own times."""
        if self._lines.upload_may_be_over and not self._leaving:
            self._lines.end_upload()
            self._guard.run(self._pump)

    def readConnectionLost(self) -> None:
        """Take a client that will say nothing more for gone, once what it has said is answered.

        Called by Twisted for a half-closed TCP connection: ``printf … | nc``.
        """
        self._silent = True
        self._lines.feed(b"\n")
        self._guard.run(self._pump)

    def writeConnectionLost(self) -> None:
        """Called by Twisted when only our half is closed, which we never ask for."""

    def _too_slow(self) -> None:
        self.log.warn("kassel session {id} dropped: it does not read", id=self._guard.session_id)
        self._shared.metrics.dropped.labels(self._shared.name).inc()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection; a seat in a game is kept for a while."""
        self._leaving = True
        self._outbox.connection_lost()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._shared.closed(self)
        if self.connection is not None:
            self._guard.run(self.connection.ended)


class TelnetFactory(Factory):
    """Makes a protocol for each connection."""

    noisy = False

    def __init__(self, shared: SeasonShared) -> None:
        self._shared = shared

    def buildProtocol(self, addr: Any) -> TelnetProtocol:
        """Return the protocol of a new connection."""
        return TelnetProtocol(self._shared)
