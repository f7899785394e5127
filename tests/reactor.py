"""The reactor the tests run on, and ports on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from twisted.internet import reactor as installed
from twisted.internet.interfaces import IProtocolFactory
from twisted.trial.unittest import TestCase

from gameserver.net.eager import make_eager
from gameserver.reactor import IGameReactor

if TYPE_CHECKING:
    from twisted.internet.protocol import ServerFactory
    from twisted.internet.tcp import Port


#: Twisted declares less of it than the server needs, and it has.
reactor = cast(IGameReactor, installed)


def open_port(factory: IProtocolFactory) -> Port:
    """Listen on a free port of 127.0.0.1, with the transport that the server has."""
    # Any factory will do; Twisted's own declaration asks for more than its reactors need.
    port = cast("Port", reactor.listenTCP(0, cast("ServerFactory", factory), interface="127.0.0.1"))
    make_eager(port)
    return port


def listen(case: TestCase, factory: IProtocolFactory) -> int:
    """Listen on a free port of 127.0.0.1 until the test ends, and return its number."""
    port = open_port(factory)
    case.addCleanup(port.stopListening)
    number: int = port.getHost().port
    return number
