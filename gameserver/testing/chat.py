"""A chat client for tests."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from gameserver.testing.clients import TIMEOUT


class ChatClient(Protocol):
    """Sends objects as lines and reads lines, one after the other."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._rest = b""
        self._lines: list[bytes] = []
        self._waiting: Deferred[None] | None = None
        #: Fires when the connection has ended.
        self.lost: Deferred[None] = Deferred()

    def send(self, **keys: object) -> None:
        """Send one object as a line."""
        self.write(json.dumps(keys).encode() + b"\n")

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        transport: Any = self.transport
        transport.write(data)

    async def line(self) -> bytes:
        """Return the next line, with its end. Fails when none comes for some seconds, or ever again."""
        if not self._lines:
            self._waiting = Deferred()
            self._waiting.addTimeout(TIMEOUT, self._reactor)
            await self._waiting
        return self._lines.pop(0)

    async def next(self) -> dict[str, Any]:
        """Return the next object."""
        found: dict[str, Any] = json.loads(await self.line())
        return found

    async def log_in(self, name: str, password: str = "") -> dict[str, Any]:
        """Log in and return the answer."""
        self.send(Command="01", Name=name, Password=password)
        return await self.next()

    async def ended(self) -> None:
        """Wait for the end of the connection."""
        self.lost.addTimeout(TIMEOUT, self._reactor)
        await self.lost

    def drop(self) -> None:
        """End the connection without a word."""
        transport: Any = self.transport
        transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        """Cut what comes into lines."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines += [line + b"\n" for line in lines]
        if self._lines:
            self._wake(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell those who wait."""
        self._wake(Failure(ConnectionDone()))
        if not self.lost.called:
            self.lost.callback(None)

    def _wake(self, failure: Failure | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            if failure is None:
                waiting.callback(None)
            else:
                waiting.errback(failure)
