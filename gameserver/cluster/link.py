"""One connection to a Redis that comes back whenever it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.application.internet import ClientService, backoffPolicy
from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from gameserver.cluster.address import RedisAddress
from gameserver.reactor import IGameReactor

#: Seconds between our questions whether it is still there, and for its answer.
PING, ANSWER_TIMEOUT = 10.0, 5.0


class _Client(Factory):
    """Makes the library's protocol; its reconnecting, which gives up after a refused password, is not used."""

    noisy = False
    isLazy = False

    def __init__(self, link: Link, protocol: Callable[..., Any], address: RedisAddress) -> None:
        self._link = link
        self._protocol = protocol
        self._address = address

    def buildProtocol(self, addr: object) -> Any:
        address = self._address
        made = self._protocol(
            charset=None,
            password=address.password,
            username=address.user,
            dbid=address.database or None,
            convertNumbers=False,
        )
        made.factory = self
        made.whenConnected().addCallback(self._link._ready)
        made.whenDisconnected().addCallback(self._link._lost)
        return made

    def stopTrying(self) -> None:
        """Called by the library when it has been refused; we go on trying."""

    def connectionError(self, why: str) -> None:
        """Called by the library when it has been refused."""
        self._link._log.error("{why}", why=why)


class Link:
    """Keeps one connection. ``protocol`` is the library's, ``None`` while there is no connection.

    ``ready`` is called each time the connection stands.
    """

    _log = Logger()

    def __init__(
        self, reactor: IGameReactor, address: RedisAddress, protocol: Callable[..., Any], ready: Callable[[Any], None]
    ) -> None:
        self._reactor = reactor
        self._address = address
        self._ready_callback = ready
        self.protocol: Any = None
        self._service = ClientService(
            HostnameEndpoint(reactor, address.host.encode(), address.port, timeout=ANSWER_TIMEOUT),
            _Client(self, protocol, address),
            retryPolicy=backoffPolicy(0.2, 5.0),
            clock=reactor,
        )
        self._pings = LoopingCall(self._ping)
        self._pings.clock = reactor

    def start(self) -> None:
        """Begin to connect."""
        self._service.startService()
        self._pings.start(PING, now=False)

    def stop(self) -> Deferred[None]:
        """End the connection; fires when it has ended."""
        if self._pings.running:
            self._pings.stop()
        return self._service.stopService() or succeed(None)

    def _ready(self, protocol: Any) -> None:
        # The library may say so while the connection is still being made.
        self._reactor.callLater(0, self._stands, protocol)

    def _stands(self, protocol: Any) -> None:
        if protocol.connected:
            self.protocol = protocol
            self._log.info("connected to Redis at {host}:{port}", host=self._address.host, port=self._address.port)
            self._ready_callback(protocol)

    def _lost(self, protocol: Any) -> None:
        if self.protocol is protocol:
            self.protocol = None
            self._log.warn("lost Redis at {host}:{port}", host=self._address.host, port=self._address.port)

    def _ping(self) -> None:
        protocol = self.protocol
        if protocol is None:
            return
        answer: Deferred[object] = protocol.ping()
        answer.addTimeout(ANSWER_TIMEOUT, self._reactor)
        answer.addErrback(lambda _: protocol.transport.abortConnection())
