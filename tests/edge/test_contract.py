"""The edge's contract over a protocol that does nothing but what the edge does for it."""

from __future__ import annotations

from gameserver.testing import contract
from gameserver.testing.transports import Memory, Tcp, Tls, WebSocket
from tests.edge.smallest import SmallestChannel, SmallestDriver


class FrameDriver(SmallestDriver):
    connection = SmallestChannel

    #: A WebSocket is closed with code 1009.
    survives_endless = False


class TcpTests(contract.PlayerContract):
    driver = SmallestDriver()
    transport = Tcp("smallest.tcp")


class TlsTests(contract.PlayerContract):
    driver = SmallestDriver()
    transport = Tls("smallest.tls")


class MemoryTests(contract.PlayerContract):
    driver = SmallestDriver()
    transport = Memory("smallest.tcp")


class WebSocketTests(contract.PlayerContract):
    driver = FrameDriver()
    transport = WebSocket("smallest")
