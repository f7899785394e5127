"""Clients that know no protocol: they send messages, and keep what comes until somebody asks for it."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any

from autobahn.twisted.websocket import WebSocketClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IReactorTime, ISSLTransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

#: Seconds a test waits for something that must come.
TIMEOUT = 60.0


class Client:
    """A client's end of a connection, whatever carries it.

    ``messages`` have come and have not been asked for, ``over`` says whether the connection has ended, ``code`` is
    that of the server's Close frame where there are such, ``reason`` what it says.
    """

    transport: Any

    def __init__(self, reactor: IReactorTime) -> None:
        super().__init__()
        self._clock = reactor
        self._waiting: Deferred[None] | None = None
        self.messages: deque[bytes] = deque()
        self.over = False
        self.code: int | None = None
        self.reason = ""

    @abstractmethod
    def send(self, message: bytes) -> None:
        """Send one whole message."""

    @abstractmethod
    def close_write(self) -> None:
        """Say that nothing more will be sent, and go on reading."""

    def write(self, data: bytes) -> None:
        """Send bytes that are no message, or a part of one."""
        self.transport.write(data)

    def stop_reading(self) -> None:
        """Take nothing from the network any more."""
        self.transport.pauseProducing()

    def drop(self) -> None:
        """End the connection without a word."""
        if not self.over:
            self.transport.abortConnection()

    async def next(self) -> bytes:
        """Return the next message. Raises ``ConnectionDone`` when none comes any more."""
        while not self.messages:
            if self.over:
                raise ConnectionDone
            await self._something()
        return self.messages.popleft()

    async def until(self, wanted: Callable[[bytes], bool]) -> list[bytes]:
        """Return what comes, the first message that is wanted last. Raises ``ConnectionDone`` if there is none."""
        found = [await self.next()]
        while not wanted(found[-1]):
            found.append(await self.next())
        return found

    async def rest(self, seconds: float = TIMEOUT) -> list[bytes]:
        """Wait for the end, at most so many seconds, and return what came before it."""
        while not self.over:
            await self._something(seconds)
        found = list(self.messages)
        self.messages.clear()
        return found

    async def _something(self, seconds: float = TIMEOUT) -> None:
        self._waiting = Deferred()
        self._waiting.addTimeout(seconds, self._clock)
        await self._waiting

    def _came(self, *messages: bytes) -> None:
        self.messages.extend(messages)
        self._wake()

    def _ended(self) -> None:
        self.over = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            waiting.callback(None)


class LineClient(Client, Protocol):
    """A client over a stream: a message is a line, without its end. What is left at the end is a line, too."""

    def __init__(self, reactor: IReactorTime) -> None:
        super().__init__(reactor)
        self._rest = b""

    def send(self, message: bytes) -> None:
        """See ``Client``."""
        self.write(message + b"\r\n")

    def close_write(self) -> None:
        """See ``Client``. Over TLS this is the client's goodbye, which ends its own direction only."""
        if self.over:
            return
        if ISSLTransport.providedBy(self.transport):
            self.transport.loseConnection()
        else:
            self.transport.loseWriteConnection()

    def dataReceived(self, data: bytes) -> None:
        """Cut what comes into lines; called by Twisted."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._came(*[line.removesuffix(b"\r") for line in lines])

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Note the end; called by Twisted."""
        if self._rest:
            self.messages.append(self._rest)
        self._ended()


class FrameClient(Client, WebSocketClientProtocol):  # type: ignore[misc]
    """A client over a WebSocket. ``binary`` is the kind of its frames; ``ready`` fires when it is open or refused."""

    def __init__(self, reactor: IReactorTime, *, binary: bool = False) -> None:
        super().__init__(reactor)
        self._binary = binary
        self.ready: Deferred[None] = Deferred()

    def send(self, message: bytes) -> None:
        """See ``Client``; after the end, or a Close frame, nothing is sent."""
        if self.state == self.STATE_OPEN:
            self.sendMessage(message, self._binary)

    def close_write(self) -> None:
        """See ``Client``: a Close frame; what was asked before may still be answered."""
        self.sendClose()

    def onOpen(self) -> None:
        """Note that the connection is open; called by Autobahn."""
        self.ready.callback(None)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Keep a message; called by Autobahn."""
        self._came(payload)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Note the end; called by Autobahn."""
        self.code, self.reason = code, reason or ""
        if not self.ready.called:
            self.ready.callback(None)
        self._ended()
