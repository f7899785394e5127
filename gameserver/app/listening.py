"""Opening the ports: all of them or none, and nobody is let in before the services is ready."""

from __future__ import annotations

from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.python.failure import Failure

#: Connections that may wait in the kernel until we take them in; Twisted's 50 make a rush wait a second and more.
BACKLOG = 1024


class PortTaken(Exception):
    """A port that cannot be opened; the text is one line naming key, endpoint and reason."""


@attrs.frozen
class Listener:
    """One endpoint: the configuration key it comes from, its text, what answers there, the line to try it."""

    key: str
    endpoint: str
    factory: IProtocolFactory
    hint: str = ""


class Ports:
    """The open ports of the process."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._ports: list[IListeningPort] = []

    def open(self, listeners: list[Listener]) -> None:
        """Bind every endpoint without accepting anybody yet. Raises ``PortTaken``; then none is open."""
        for listener in listeners:
            try:
                self._bind(listener)
            except PortTaken:
                self.close()
                raise

    def _bind(self, listener: Listener) -> None:
        try:
            listening = serverFromString(self._reactor, with_backlog(listener.endpoint)).listen(listener.factory)
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise PortTaken(f"{listener.key} = {listener.endpoint}: not an endpoint: {error}") from None
        result: list[Any] = []
        listening.addBoth(result.append)
        if not result:
            raise PortTaken(f"{listener.key} = {listener.endpoint}: this kind of endpoint cannot be used")
        if isinstance(result[0], Failure):
            raise PortTaken(f"{listener.key} = {listener.endpoint}: cannot listen: {_reason(result[0].value)}")
        port = result[0]
        self._ports.append(port)
        # Bound but not read: who connects now waits in the kernel until ``accept``.
        stop_reading = getattr(port, "stopReading", None)
        if stop_reading is not None:
            stop_reading()

    def accept(self) -> None:
        """Let those in who are waiting, and everybody after them."""
        for port in self._ports:
            start_reading = getattr(port, "startReading", None)
            if start_reading is not None:
                start_reading()

    def close(self) -> Deferred[Any]:
        """Stop listening; open connections stay."""
        ports, self._ports = self._ports, []
        return DeferredList([maybeDeferred(port.stopListening) for port in ports], consumeErrors=True)


def with_backlog(endpoint: str) -> str:
    """Return an endpoint text with our backlog, unless it has its own or is of a kind that has none."""
    kind = endpoint.partition(":")[0]
    return endpoint if kind not in ("tcp", "tcp6") or "backlog=" in endpoint else f"{endpoint}:backlog={BACKLOG}"


def _reason(error: BaseException | None) -> str:
    if isinstance(error, CannotListenError):
        inner = error.socketError
        return getattr(inner, "strerror", None) or str(inner)
    return str(error)
