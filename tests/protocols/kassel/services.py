"""The Kassel protocols with services of memory around them, on a clock; clients by telnet and by WebSocket."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import Clock

from gameserver.accounts import Account, Accounts
from gameserver.app.games import installed_kinds
from gameserver.config.tree import Limits
from gameserver.edge.relay.relays import Relays
from gameserver.edge.stream import StreamFactory
from gameserver.games.kind import Kind
from gameserver.net.endpoints import Listener
from gameserver.net.websocket import Wire as WebSocketWire
from gameserver.net.websocket import frame
from gameserver.protocols.kassel.channel import KasselChannel
from gameserver.protocols.kassel.config import Kassel, with_seasons
from gameserver.protocols.kassel.part import build
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet_connection import TelnetConnection
from gameserver.sessions.login_delay import LoginDelay
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.context import memory_context, memory_stores
from gameserver.testing.kassel import MemoryMaps, MemoryMatches
from tests.typed import deferred
from tests.wired import Wire, WiredClient

#: Seconds after which a silent node is taken for dead.
SILENCE = 10.0

C = TypeVar("C", bound="Client")


def telnet_factory(listener: Listener) -> StreamFactory:
    """Return what answers where a season listens."""
    assert isinstance(listener.factory, StreamFactory)
    return listener.factory


def telnet_connection(factory: StreamFactory) -> TelnetConnection:
    """Return the server's end of a new connection."""
    made = factory.buildProtocol(None)
    assert isinstance(made, TelnetConnection)
    return made


def section(**keys: Any) -> Kassel:
    """The configuration of the lobbies, with the season of every installed game."""
    return with_seasons(installed_kinds())(**keys)


class Services:
    """Everything the protocols need. ``stores`` of an older services make this one its successor."""

    def __init__(
        self,
        reactor: IReactorTime,
        config: Kassel | None = None,
        limits: Limits | None = None,
        store: MemoryMatches | None = None,
        accounts: MemoryAccounts | None = None,
        seeds: Callable[[], int] | None = None,
        kinds: Mapping[str, Kind[Any]] | None = None,
    ) -> None:
        self.reactor = reactor
        self.store = store or MemoryMatches()
        self.account_store = accounts or MemoryAccounts()
        self.map_store = MemoryMaps()
        self.context = memory_context(
            reactor,
            limits,
            accounts=Accounts(self.account_store, PlainPasswords(), reactor, LoginDelay(reactor, 3, 1.0), shortest=1),
            kinds=kinds or installed_kinds(),
            stores=attrs.evolve(memory_stores(), matches=self.store, maps=self.map_store),
            relays=Relays(reactor, self.store.node, SILENCE),
        )
        self.sessions = self.context.sessions
        self.accounts = self.context.accounts
        self.rooms = self.context.rooms
        self.metrics = self.context.metrics
        # The same games every time.
        self.kassel = build(self.context, config or section(), seeds or itertools.count(1).__next__)
        self.factories = {one.key.partition(".")[2]: telnet_factory(one) for one in self.kassel.listeners}
        self.seasons: dict[str, SeasonShared] = {
            name: telnet_connection(factory).shared for name, factory in self.factories.items()
        }
        shared = self.seasons["ss14"]
        self.matches, self.maps = shared.matches, shared.maps


class ClockServices(Services):
    """Services on a clock of their own."""

    def __init__(
        self,
        config: Kassel | None = None,
        limits: Limits | None = None,
        store: MemoryMatches | None = None,
        accounts: MemoryAccounts | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        if clock is None:
            self.clock.advance(1_400_000_000)
        super().__init__(self.clock, config, limits, store, accounts)
        done = deferred(self.kassel.start())
        while not done.called:
            self.clock.advance(0.001)

    def telnet(self, season: str = "ss14", host: str = "192.0.2.1") -> Telnet:
        wire = Wire(host)
        wire.connect(telnet_connection(self.factories[season]))
        return Telnet(self.clock, wire, self, season)

    def browser(self, season: str = "ss14", *, beating: bool = False) -> Browser:
        channel = KasselChannel(self.seasons[season], "192.0.2.2", beating=beating)
        wire = KeptWire()
        channel.opened(wire)
        return Browser(self, season, channel, wire)

    def register(self, name: str, password: str = "secret", **more: Any) -> None:
        assert deferred(self.accounts.create(name, password, **more)).called

    def user(self, name: str, season: str = "ss14", **more: str) -> Telnet:
        """Return somebody who has logged in by telnet; the account is made if it isn't there."""
        return self.logged_in(self.telnet(season), name, **more)

    def browsing(self, name: str, season: str = "ss14", **more: str) -> Browser:
        """Return somebody who has logged in by WebSocket."""
        return self.logged_in(self.browser(season), name, **more)

    def logged_in(self, client: C, name: str, **more: str) -> C:
        """Log in on a new connection."""
        found: list[Account | None] = []
        deferred(self.accounts.by_name(name)).addCallback(found.append)
        (account,) = found
        if account is None:
            self.register(name, **more)
        client.lines()
        answer = client.ask(f"LOGIN {name} secret")
        assert answer[-1] == "OK", answer
        return client


class Client:
    """What both transports have in common: lines."""

    services: ClockServices

    @property
    def ended(self) -> bool:
        """Whether the server has ended the connection."""
        raise NotImplementedError

    def hang_up(self) -> None:
        """End the connection, from either side."""
        raise NotImplementedError

    def lines(self) -> list[str]:
        """Return the lines that have come since the last time."""
        raise NotImplementedError

    def say(self, line: str) -> None:
        """Send a line."""
        raise NotImplementedError

    def ask(self, line: str) -> list[str]:
        """Send a line and return what comes back at once."""
        self.say(line)
        return self.lines()

    def events(self) -> list[dict[str, str]]:
        """Return the events that have come."""
        return [json.loads(line) for line in self.lines()]

    def order(self, action: str, **arguments: str) -> list[dict[str, str]]:
        """Send a JSON command and return the events that come back at once."""
        entries = [{"key": key, "value": value} for key, value in arguments.items()]
        message: dict[str, Any] = {"@action": action}
        if entries:
            message["properties"] = {"entry": entries}
        return [json.loads(line) for line in self.ask(json.dumps(message))]

    def join(self, game: str, *options: str) -> list[dict[str, str]]:
        """Join a game and return the dump and what came with it."""
        lines = self.ask(" ".join(["JOIN GAME", game, *options]))
        assert lines[0].startswith("SENDING ") and lines[1] == "OK", lines[:2]
        return [json.loads(line) for line in lines[2:]]


@attrs.define(eq=False)
class Telnet(WiredClient, Client):
    """A telnet client on a clock's time."""

    services: ClockServices
    season: str

    def say(self, line: str) -> None:
        self.protocol.dataReceived(line.encode() + b"\r\n")

    def lines(self) -> list[str]:
        data = self.raw()
        assert data == b"" or data.endswith(b"\r\n"), data[-80:]
        lines = data.decode().split("\r\n")[:-1]
        assert all(lines), "an empty line"
        return lines


class KeptWire(WebSocketWire):
    """A WebSocket's way to the client that keeps frames; there is neither an outbox nor a transport."""

    #: Bytes that the client has not read, as a test wants it.
    waiting = 0
    full = False

    def __init__(self) -> None:
        self.data = bytearray()
        #: Code and reason of the close.
        self.closed: tuple[int, str] | None = None

    def send(self, payload: bytes, binary: bool = False) -> None:
        self.write(frame(payload, binary))

    def write(self, data: bytes) -> None:
        if not self.closed:
            self.data += data

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.closed = self.closed or (code, reason)

    def pauseProducing(self) -> None:
        """Read no more."""

    def resumeProducing(self) -> None:
        """Read again."""


@attrs.define(eq=False)
class Browser(Client):
    """A browser on a clock's time."""

    services: ClockServices
    season: str
    channel: KasselChannel
    wire: KeptWire
    gone: bool = False

    def say(self, line: str) -> None:
        self.channel.received(line.encode(), False)

    def lines(self) -> list[str]:
        self.services.clock.advance(0)
        data, found = bytes(self.wire.data), []
        self.wire.data.clear()
        while data:
            size, begin = data[1], 2
            if size == 126:
                size, begin = int.from_bytes(data[2:4], "big"), 4
            elif size == 127:
                size, begin = int.from_bytes(data[2:10], "big"), 10
            found.append(data[begin : begin + size].decode("utf-8", "replace"))
            data = data[begin + size :]
        return found

    @property
    def ended(self) -> bool:
        return self.wire.closed is not None

    def hang_up(self) -> None:
        if not self.gone:
            self.gone = True
            self.channel.ended()
            self.services.clock.advance(0)
