"""The edge's contract over the hub of the KWO bridge, plain and encrypted. Nobody logs in here."""

from __future__ import annotations

import json
from typing import Any

from gameserver.protocols.kwo.channel import KwoChannel
from gameserver.protocols.kwo.config import Kwo, KwoHub
from gameserver.protocols.kwo.crypto import MODE, PackCipher
from gameserver.protocols.kwo.part import PART
from gameserver.testing import contract
from gameserver.testing.clients import Client
from gameserver.testing.driver import Driver, Suite
from gameserver.testing.transports import WebSocket

REQUEST = {"type": "pack", "action": "runcmdrequest", "params": {"cmd": "list", "id": "1"}}


class PlainDriver(Driver):
    part = PART
    connection = KwoChannel
    request = json.dumps(REQUEST).encode()
    endless = b'{"type":"pack","action":"sendtext","params":{"text":"'

    #: A WebSocket is closed with code 1009.
    survives_endless = False
    password = ""

    def section(self, login_timeout: float) -> Kwo:
        return Kwo(hub=KwoHub(password=self.password))

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        # Nothing is said at first; who is answered has been let in.
        client.send(self.request)
        await client.until(self.answered)
        return client

    def read(self, message: bytes) -> dict[str, Any]:
        """Return a pack."""
        found: dict[str, Any] = json.loads(message)
        return found

    def answered(self, message: bytes) -> bool:
        return bool(self.read(message)["cause"] == "runcmdfeedback")

    def too_fast(self, message: bytes) -> bool:
        return self.failed(message, "Too many frames; wait a moment.")

    def crashed(self, message: bytes) -> bool:
        return self.failed(message, "Something went wrong here.")

    def failed(self, message: bytes, text: str) -> bool:
        found = self.read(message)
        return bool(found["cause"] == "decodefailed" and found["params"]["msg"] == text)

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return client.code in (1001, 1008)


class EncryptedDriver(PlainDriver):
    password = "a long Password"
    cipher = PackCipher(password)
    request = json.dumps(
        {"type": "encrypted", "params": {"mode": MODE, "raw": cipher.encrypt(json.dumps(REQUEST).encode())}}
    ).encode()

    def read(self, message: bytes) -> dict[str, Any]:
        return super().read(self.cipher.decrypt(super().read(message)["params"]["raw"]))


class PlainTests(contract.EdgeContract):
    driver = PlainDriver()
    transport = WebSocket("kwo/hub")


class EncryptedTests(contract.EdgeContract):
    driver = EncryptedDriver()
    transport = WebSocket("kwo/hub")


class PortTests(contract.EdgeContract):
    driver = PlainDriver()
    transport = WebSocket("", key="kwo.endpoints")
