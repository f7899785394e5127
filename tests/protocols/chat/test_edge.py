"""The edge's contract over the chat's transports."""

from __future__ import annotations

import json

from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.connection import ChatConnection
from gameserver.protocols.chat.part import PART
from gameserver.testing import contract
from gameserver.testing.clients import Client
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted, Suite
from gameserver.testing.transports import Memory, Tcp, Tls


def line(**keys: object) -> bytes:
    return json.dumps(keys).encode()


class ChatDriver(Driver):
    part = PART
    connection = ChatConnection

    #: The one command whose refusal says why.
    request = line(Command="02", Name="x", Password="x")

    endless = b'{"Command":"05","Message":"'

    #: Each part of it that is longer than an object may be is garbage, and of that only repetition ends a connection.
    survives_endless = False

    def section(self, login_timeout: float) -> Chat:
        return Chat(heartbeat=0, login_timeout=login_timeout)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        client.send(line(Command="01", Name=name, Password=PASSWORD))
        if json.loads(await client.next())["Flag"] != 1:
            raise NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return b"A name has" in message

    def too_fast(self, message: bytes) -> bool:
        return b"Too many messages" in message

    def crashed(self, message: bytes) -> bool:
        return b"Internal error" in message

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return line(Command="32", Speaker="admin", Message=text) in [json.dumps(json.loads(m)).encode() for m in last]


class TcpTests(contract.PlayerContract):
    driver = ChatDriver()
    transport = Tcp("chat.tcp")


class TlsTests(contract.PlayerContract):
    driver = ChatDriver()
    transport = Tls("chat.tls")


class MemoryTests(contract.PlayerContract):
    driver = ChatDriver()
    transport = Memory("chat.tcp")
