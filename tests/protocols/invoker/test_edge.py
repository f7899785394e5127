"""The edge's contract over the games' WebSocket, in both forms."""

from __future__ import annotations

import json
from typing import Any

from gameserver.errors import GameError
from gameserver.protocols.invoker.books import opened_books
from gameserver.protocols.invoker.channel import InvokerChannel
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.part import PART
from gameserver.sessions.manager import DuplicateLogin
from gameserver.testing import contract
from gameserver.testing.clients import Client
from gameserver.testing.driver import Driver, NotAdmitted, Suite
from gameserver.testing.transports import WebSocket
from gameserver.wallet.offer import DICE
from tests.protocols.invoker.services import binary, read


class JsonDriver(Driver):
    part = PART
    connection = InvokerChannel
    request = b'{"i":"r","t":"GET_BALANCE","p":{}}'
    endless = b'{"i":"r","t":"PLACE_BET","p":{"amount":"'

    #: A WebSocket is closed with code 1009.
    survives_endless = False
    duplicate = DuplicateLogin.KEEP

    def section(self, login_timeout: float) -> Invoker:
        limits = contract.LIMITS
        return Invoker(
            login_timeout=login_timeout, messages_per_second=limits.messages_per_second, burst=limits.burst
        )

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        account = await suite.context.accounts.by_name(name)
        assert account is not None
        # The same books as the part's: they are made of the context.
        books = opened_books(suite.context, self.section(0))
        try:
            token, _ = await books.identities.issue(account, DICE, "USD")
        except GameError as error:
            # Who is banned gets no token to come in with.
            raise NotAdmitted(error.text) from None
        client = await suite.connect(host, path=f"v1/ws?token={token}")
        # In JSON, whatever comes later, until the first request says otherwise.
        await client.until(lambda message: b"INITIALIZATION_COMPLETE" in message)
        return client

    def read(self, message: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(message)
        return found

    def answered(self, message: bytes) -> bool:
        return "balance" in self.read(message)["p"]

    def too_fast(self, message: bytes) -> bool:
        return self.refused(message, "RATE_LIMITED")

    def crashed(self, message: bytes) -> bool:
        return self.refused(message, "INTERNAL_ERROR")

    def refused(self, message: bytes, word: str) -> bool:
        found = self.read(message)
        return bool(found["t"] == "ERROR" and found["p"]["code"] == word and found["i"] == "r")

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return client.code in (1001, 1008)


class ProtobufDriver(JsonDriver):
    request = binary("r", "GET_BALANCE", {})
    endless = b"\x0a\x80\x80\x80\x80\x01"

    def read(self, message: bytes) -> dict[str, Any]:
        return read(message, True)


class JsonTests(contract.PlayerContract):
    driver = JsonDriver()
    transport = WebSocket("v1/ws")


class ProtobufTests(contract.PlayerContract):
    driver = ProtobufDriver()
    transport = WebSocket("v1/ws", binary=True)


class PortTests(contract.PlayerContract):
    driver = JsonDriver()
    transport = WebSocket("v1/ws", key="invoker.endpoints")
