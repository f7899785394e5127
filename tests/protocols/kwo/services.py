"""The KWO protocol as the composition root joins it, with a chat protocol beside it and everything else in memory."""

from __future__ import annotations

import json
import secrets
from typing import Any

import attrs

from gameserver.accounts import Accounts
from gameserver.accounts.tokens import LOGIN
from gameserver.edge.http.site import site, tree
from gameserver.edge.relay.relays import Relays
from gameserver.moderation import Moderation
from gameserver.protocols.chat.part import PART as CHAT_PART
from gameserver.protocols.kwo.part import PART
from gameserver.protocols.kwo.programs import Programs
from gameserver.sessions.login_delay import LoginDelay
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.chat import ChatClient
from gameserver.testing.context import memory_context
from gameserver.testing.kwo import KwoClient, connect
from gameserver.testing.memory_transport import connect_in_memory
from gameserver.testing.moderation import MemoryModeration
from tests.configuration import load
from tests.consoles.supervised import command, printed
from tests.directories import temporary_directory

RULES = [
    {"event": "join", "pattern": r"(?P<sender>\w+) came"},
    {"event": "left", "pattern": r"(?P<sender>\w+) went"},
    {"event": "chat", "pattern": r"<(?P<sender>\w+)> (?P<text>.*)"},
    {"event": "plantext", "pattern": r"note: (?P<text>.*)"},
]


#: Seconds after which a silent node is taken for dead.
SILENCE = 10.0


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
        accounts = Accounts(MemoryAccounts(), PlainPasswords(), reactor, LoginDelay(reactor, 3, 1.0), shortest=1)
        self.store = MemoryModeration()
        context = memory_context(reactor, self.config.limits, accounts=accounts)
        self.moderation = Moderation(context.sessions, self.store, accounts, reactor)
        context.rooms.muted = self.moderation.muted
        self.stops: list[str] = []
        self.context = attrs.evolve(
            context,
            moderation=self.moderation,
            relays=Relays(reactor, secrets.token_hex(4), SILENCE),
            site_endpoints=self.config.web.endpoints,
            open_matches=lambda: [{"id": 7, "game": "carcassonne", "players": ["anne"]}],
            shutdown=lambda: self.stops.append("stop"),
        )
        self.sessions, self.accounts, self.rooms = context.sessions, context.accounts, context.rooms
        self.metrics = context.metrics
        PART.check(self.config, self.config.kwo)
        self.chat = CHAT_PART.build(self.context, self.config.chat)
        self.part = PART.build(self.context, self.config.kwo)
        programs: Programs = self.part.start.__self__  # type: ignore[attr-defined]
        self.consoles = programs.consoles
        self._listening: list[Any] = []
        self.ports: dict[str, int] = {}
        self.clients: list[KwoClient] = []
        self.people: list[ChatClient] = []

    async def start(self) -> Services:
        await self.part.start()
        for name, console in self.consoles.items():
            if console.state == "running":
                await self.printed(name, "ready")
        self.site_port = self._listen(site(tree(self.part.pages)))
        for listener in self.part.listeners:
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
        await self.part.stop()
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
        protocol = self.chat.listeners[0].factory.buildProtocol(None)  # type: ignore[arg-type]
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
        return await self.accounts.tokens.issue(account, LOGIN, 60.0)
