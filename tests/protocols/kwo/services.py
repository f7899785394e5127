"""The KWO protocol as the composition root joins it, with a chat protocol beside it and everything else in memory."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from gameserver.accounts import Accounts
from gameserver.app.kwo import add_bridge
from gameserver.app.parts import Parts
from gameserver.config import load
from gameserver.consoles.console import Console
from gameserver.metrics import Metrics
from gameserver.moderation import Moderation
from gameserver.protocols.chat.service import ChatService
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.limits import ConnectionCount, LoginDelay
from gameserver.sessions.manager import SessionManager
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.chat import ChatClient, connect_in_memory
from gameserver.testing.kwo import KwoClient, connect
from gameserver.testing.moderation import MemoryModeration
from gameserver.web.people import TOKEN
from gameserver.web.site import site, tree
from tests.consoles.supervised import command, printed
from tests.directories import temporary_directory

RULES = [
    {"event": "join", "pattern": r"(?P<sender>\w+) came"},
    {"event": "left", "pattern": r"(?P<sender>\w+) went"},
    {"event": "chat", "pattern": r"<(?P<sender>\w+)> (?P<text>.*)"},
    {"event": "plantext", "pattern": r"note: (?P<text>.*)"},
]


def toml(value: Any) -> str:
    """Return a value as TOML has it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return json.dumps(value)


def program(*options: str, **keys: Any) -> dict[str, Any]:
    """Return the section of a server that runs the tests' program; answers end soon after the output."""
    section = {
        "command": command(*options),
        "rules": RULES,
        "restart": "never",
        "settle": 0.1,
        "answer_first": 20.0,
        "answer_quiet": 0.1,
        "answer_longest": 40.0,
        "stop_within": 20.0,
        "term_within": 10.0,
    }
    return section | keys


class Services:
    """Everything in one process; ``ports`` are by server name, ``site_port`` is the site's."""

    def __init__(self, reactor: Any, servers: dict[str, dict[str, Any]] | None = None, **keys: Any) -> None:
        self.reactor = reactor
        settings = [f"kwo.servers.{name}={toml(section)}" for name, section in (servers or {}).items()]
        settings += [f"{key.replace('__', '.')}={toml(value)}" for key, value in keys.items()]
        self.config = load(settings=settings, data_dir=temporary_directory())
        limits = self.config.limits
        self.sessions = SessionManager(reactor, ConnectionCount(limits.connections_per_address, limits.connections))
        self.accounts = Accounts(MemoryAccounts(), PlainPasswords(), reactor, LoginDelay(reactor, 3, 1.0))
        self.rooms = Rooms(self.sessions, reactor)
        self.metrics = Metrics()
        self.store = MemoryModeration()
        self.moderation = Moderation(self.sessions, self.rooms, self.store, reactor)
        self.chat = ChatService(
            reactor, self.config.chat, limits, self.sessions, self.accounts, self.rooms, self.metrics
        )
        self.web_connections = ConnectionCount(limits.connections_per_address, limits.connections)
        services: Any = SimpleNamespace(**vars(self))
        self.parts = Parts(matches=[lambda: [{"id": 7, "game": "carcassonne", "players": ["anne"]}]])
        add_bridge(services, self.parts)
        self.service: Any = self.parts.protocols[0]
        self.consoles: dict[str, Console] = {console.name: console for console, _ in self.service._consoles}
        self._listening: list[Any] = []
        self.ports: dict[str, int] = {}
        self.clients: list[KwoClient] = []
        self.people: list[ChatClient] = []

    async def start(self) -> Services:
        await self.service.start()
        for name, console in self.consoles.items():
            if console.state == "running":
                await self.printed(name, "ready")
        self.site_port = self._listen(site(tree(self.parts.pages)))
        for listener in self.parts.listeners:
            self.ports[listener.key] = self._listen(listener.factory)
        return self

    def _listen(self, factory: Any) -> int:
        port = self.reactor.listenTCP(0, factory, interface="127.0.0.1")
        self._listening.append(port)
        return int(port.getHost().port)

    async def stop(self) -> None:
        for port in self._listening:
            await port.stopListening()
        for client in self.people:
            client.drop()
        await self.service.stop()
        for bot in self.clients:
            await bot.hang_up()
        await self.chat.stop()

    async def bot(self, name: str = "hub", **options: Any) -> KwoClient:
        """Return a bot at ``/kwo/<name>`` of the site."""
        client = await connect(self.reactor, self.site_port, f"/kwo/{name}", **options)
        self.clients.append(client)
        return client

    async def bot_at(self, key: str, path: str = "/", **options: Any) -> KwoClient:
        """Return a bot at a port of a server's own."""
        client = await connect(self.reactor, self.ports[key], path, **options)
        self.clients.append(client)
        return client

    async def person(self, name: str) -> ChatClient:
        """Return somebody who has come in by the chat protocol."""
        client = ChatClient(self.reactor)
        protocol = self.chat.factory().buildProtocol(None)  # type: ignore[arg-type]
        connect_in_memory(self.reactor, protocol, client)
        self.people.append(client)
        answer = await client.log_in(name)
        assert answer["Flag"] == 1, answer
        return client

    async def printed(self, name: str, line: str) -> None:
        """Wait until a program has printed a line; ``ready`` is its first."""
        await printed(self.reactor, self.consoles[name], line)

    async def token(self, name: str, role: str) -> str:
        """Return a token of the site for a new account."""
        account = await self.accounts.create(name, "secret", role=role)
        return await self.accounts.issue_token(account.id, TOKEN, 60.0)
