"""TCP connections that are accepted a few at a time, and read together, as far as their address has a share."""

from __future__ import annotations

import socket
from typing import Any

from twisted.internet import tcp
from twisted.internet.interfaces import IListeningPort
from twisted.python.failure import Failure

from gameserver.net.batches import NESTED, batches_of
from gameserver.net.eager import EagerTransport
from gameserver.net.turns import Turns, turns_of
from gameserver.reactor import IGameReactor
from gameserver.sessions.addresses import network_of

#: Connections that a port accepts in one turn of the reactor. Twisted would take hundreds.
ACCEPTED = 8

#: More than can wait in the kernel's queue.
WAITING_AT_MOST = 65536


class FairServer(EagerTransport):
    """Reads when there is a share for it: what is not read now makes the reactor ask again at once."""

    _network = ""
    _turns: Turns | None = None

    #: Whether it is read, be it with the others or, while something waits to be written, by the reactor: so it is one
    #: poll that says what has become of a connection.
    _reads = False

    def startReading(self) -> None:
        """Read when something comes; called by Twisted."""
        self._reads = True
        if self._waits or not NESTED:
            super().startReading()
        else:
            batches_of(self.reactor).add(self)

    def stopReading(self) -> None:
        """Read no more; called by Twisted."""
        self._reads = False
        if self._waits or not NESTED:
            super().stopReading()
        else:
            batches_of(self.reactor).remove(self)

    def startWriting(self) -> None:
        """See ``EagerTransport``."""
        if self._reads and not self._waits and NESTED:
            batches_of(self.reactor).remove(self)
            super().startReading()
        super().startWriting()

    def stopWriting(self) -> None:
        """See ``EagerTransport``."""
        reads = self._reads and self._waits and NESTED
        if reads:
            super().stopReading()
        super().stopWriting()
        if reads:
            batches_of(self.reactor).add(self)

    def readConnectionLost(self, reason: Failure) -> None:
        """Read no more, because nothing will come; called by the reactor."""
        self.stopReading()
        super().readConnectionLost(reason)

    def doRead(self) -> Any:
        """Read what has come, on the share of the peer's address; called by the reactor."""
        turns = self._turns
        if turns is None:
            reactor: Any = self.reactor
            turns = self._turns = turns_of(reactor)
            self._network = network_of(str(self.client[0]))
        if not turns.may_read(self._network, self):
            return None
        return turns.run(self._network, tcp.Server.doRead, self)


class FairPort(tcp.Port):
    """Twisted's, except that a rush of connections is let in bit by bit."""

    transport = FairServer

    def doRead(self) -> None:
        """Accept some connections; called by the reactor."""
        self.numberAccepts = ACCEPTED
        super().doRead()

    def let_in_all(self) -> None:
        """Accept everybody whose connection waits in the kernel: to close the port would reset them."""
        self.numberAccepts = WAITING_AT_MOST
        super().doRead()


class SharedPort(FairPort):
    """One that other processes of the same user listen on as well: the kernel spreads the connections."""

    def createInternetSocket(self) -> socket.socket:
        """Make the socket; called by Twisted."""
        made: socket.socket = super().createInternetSocket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return made


class FairReactor:
    """A reactor whose ports are ``FairPort``, or ``SharedPort``; in everything else it is the one it is made of."""

    def __init__(self, reactor: IGameReactor, shared: bool = False) -> None:
        self._reactor = reactor
        self._port = SharedPort if shared else FairPort

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> IListeningPort:
        """Listen as the reactor does. Raises ``CannotListenError``."""
        made = self._port(port, factory, backlog, interface, self._reactor)
        made.startListening()
        listening: IListeningPort = made
        return listening


def make_fair(port: IListeningPort) -> None:
    """Do the same for a port that somebody else has made, systemd's for example; how it accepts stays as it is.

    Twisted's port makes its connections of a class that is one of its attributes, so nothing else in the process
    changes. Other ports than Twisted's of TCP stay what they are.
    """
    if isinstance(port, tcp.Port) and port.transport is tcp.Server:
        port.transport = FairServer
