"""The reactor the tests run on, and ports on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from twisted.internet import reactor as installed
from twisted.internet.interfaces import IProtocolFactory
from twisted.trial.unittest import TestCase

from gameserver.net.fair_transport import FairReactor
from gameserver.reactor import IGameReactor

if TYPE_CHECKING:
    from twisted.internet.tcp import Port


#: Twisted declares less of it than the server needs, and it has.
reactor = cast(IGameReactor, installed)


def open_port(factory: IProtocolFactory) -> Port:
    """Listen on a free port of 127.0.0.1, as the server does."""
    # Thousands of clients come at once, and the port lets in a few a turn: whom the kernel has no place for waits for
    # seconds before it tries again.
    return cast("Port", FairReactor(reactor).listenTCP(0, factory, backlog=4096, interface="127.0.0.1"))


def listen(case: TestCase, factory: IProtocolFactory) -> int:
    """Listen on a free port of 127.0.0.1 until the test ends, and return its number."""
    port = open_port(factory)
    case.addCleanup(port.stopListening)
    number: int = port.getHost().port
    return number
