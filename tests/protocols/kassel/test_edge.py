"""The edge's contract over the transports of a Kassel season; all seasons are the same connections."""

from __future__ import annotations

from typing import Any

from gameserver.edge.connection import Connection
from gameserver.protocols.kassel.channel import KasselChannel
from gameserver.protocols.kassel.config import Kassel
from gameserver.protocols.kassel.part import PART
from gameserver.protocols.kassel.telnet_connection import TelnetConnection
from gameserver.sessions.manager import DuplicateLogin
from gameserver.testing import contract
from gameserver.testing.clients import Client
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted, Suite
from gameserver.testing.transports import Memory, Tcp, WebSocket
from tests.protocols.kassel.services import section


class TelnetDriver(Driver):
    part = PART
    connection: type[Connection[Any, Any]] = TelnetConnection
    request = b"NOOP"
    endless = b"MSG ALL "

    #: A half-dead connection blocks nobody anyway: a seat goes to whoever joins last.
    duplicate = DuplicateLogin.KEEP

    def section(self, login_timeout: float) -> Kassel:
        return section(login_timeout=login_timeout)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        client.send(f"LOGIN {name} {PASSWORD}".encode())
        last = await client.until(lambda line: line == b"OK" or line.startswith(b"ERROR"))
        if last[-1] != b"OK":
            raise NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return message == b"OK"

    def too_fast(self, message: bytes) -> bool:
        return message == b"ERROR: FLOOD DETECTED! Too many commands; wait a moment."

    def crashed(self, message: bytes) -> bool:
        return message == b"ERROR: Internal error."

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return f'MSG FROM SERVER TO YOU: "{text}"'.encode() in last


class FrameDriver(TelnetDriver):
    connection = KasselChannel

    #: A WebSocket is closed with code 1009.
    survives_endless = False


class TelnetTests(contract.PlayerContract):
    driver = TelnetDriver()
    transport = Tcp("kassel.ss14")


class MemoryTests(contract.PlayerContract):
    driver = TelnetDriver()
    transport = Memory("kassel.ss14")


class WebSocketTests(contract.PlayerContract):
    driver = FrameDriver()
    transport = WebSocket("kassel/ss14")
