"""The chat with everything around it in memory."""

from __future__ import annotations

import json
from typing import Any

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import Clock

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.edge.stream import StreamFactory
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.connection import ChatConnection
from gameserver.protocols.chat.part import PART
from gameserver.sessions.login_delay import LoginDelay
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.context import memory_context
from tests.wired import Wire, WiredClient


class Services:
    """Everything the chat needs, on a clock or a reactor."""

    def __init__(self, reactor: IReactorTime, config: Chat | None = None, limits: Limits | None = None) -> None:
        self.reactor = reactor
        self.passwords = PlainPasswords()
        accounts = Accounts(MemoryAccounts(), self.passwords, reactor, LoginDelay(reactor, 3, 1.0), shortest=1)
        self.context = memory_context(reactor, limits, accounts=accounts)
        self.sessions = self.context.sessions
        self.accounts = self.context.accounts
        self.rooms = self.context.rooms
        self.metrics = self.context.metrics
        self.chat = PART.build(self.context, config or Chat())
        factory = self.chat.listeners[0].factory
        assert isinstance(factory, StreamFactory)
        self.factory = factory
        self.shared = self.connection().shared

    def connection(self) -> ChatConnection:
        """Return the server's end of a new connection."""
        made = self.factory.buildProtocol(None)
        assert isinstance(made, ChatConnection)
        return made

    def metric(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"gameserver_{name}", labels) or 0.0


@attrs.define(eq=False)
class Wired(WiredClient):
    """A client of the chat."""

    def send(self, *objects: dict[str, Any]) -> list[dict[str, Any]]:
        """Send objects as lines and return what comes back at once."""
        return self.write(b"".join(json.dumps(item).encode() + b"\n" for item in objects))

    def write(self, data: bytes) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.raw(data).splitlines()]

    def read(self) -> list[dict[str, Any]]:
        """Return the objects that have come since the last time."""
        return self.write(b"")

    def log_in(self, name: str, password: str = "") -> list[dict[str, Any]]:
        return self.send({"Command": "01", "Name": name, "Password": password})


class ClockServices(Services):
    """A services on a clock of its own."""

    clock: Clock

    def __init__(self, config: Chat | None = None, limits: Limits | None = None) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        super().__init__(self.clock, config, limits)

    def connect(self, host: str = "192.0.2.1") -> Wired:
        wire = Wire(host)
        wire.connect(self.connection())
        return Wired(self.clock, wire)

    def guest(self, name: str) -> Wired:
        """Return somebody who has logged in."""
        client = self.connect()
        answer = client.log_in(name)
        assert answer[0]["Flag"] == 1, answer
        return client

    def register(self, name: str, password: str) -> None:
        done = ensureDeferred(self.accounts.register(name, password))
        assert done.called, "memory is fast"
