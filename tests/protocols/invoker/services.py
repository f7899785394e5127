"""The games with everything around them in memory, on a clock's time: what is sent is answered at once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable
from functools import partial
from types import MethodType
from typing import Any, TypeVar

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from gameserver.accounts import Accounts
from gameserver.config.tree import Limits
from gameserver.edge.context import Context
from gameserver.net.websocket import Refusal, Upgrade, Wire
from gameserver.protocols.invoker.channel import InvokerChannel, connect
from gameserver.protocols.invoker.config import Bitcoin, Invoker
from gameserver.protocols.invoker.generated.api_pb2 import WebSocketMessage
from gameserver.protocols.invoker.part import PART
from gameserver.protocols.invoker.protobuf import to_builtins
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.sessions.login_delay import LoginDelay
from gameserver.storage.database import Database
from gameserver.storage.wallet import DatabaseLedger
from gameserver.storage.wallet_players import DatabasePlayers
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.context import memory_context, memory_stores
from gameserver.testing.wallet import MemoryLedger
from gameserver.wallet.offer import DICE
from tests.typed import deferred

T = TypeVar("T")

SEED = "user_random_seed_123"


def now(work: Awaitable[T]) -> T:
    """Return what an asynchronous call gives that has to be done at once."""
    results: list[T | Failure] = []
    deferred(work).addBoth(results.append)
    assert results, "memory is fast"
    result = results[0]
    if isinstance(result, Failure):
        result.raiseException()
    return result


class KeptWire(Wire):
    """A WebSocket's way to the client that keeps frames; there is neither an outbox nor a transport.

    ``frames`` are payload and whether it is binary.
    """

    waiting = 0
    full = False

    def __init__(self) -> None:
        self.frames: list[tuple[bytes, bool]] = []
        self.closed: tuple[int, str] | None = None

    def send(self, payload: bytes, binary: bool = False) -> None:
        if self.closed is None:
            self.frames.append((payload, binary))

    def write(self, data: bytes) -> None:
        length = data[1]
        start = {126: 4, 127: 10}.get(length, 2)
        self.send(data[start:], data[0] == 0x82)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.closed = self.closed or (code, reason)

    def pauseProducing(self) -> None:
        """Nothing comes by itself."""

    def resumeProducing(self) -> None:
        """Nothing has been held back."""


#: A thousand to play with in each currency, and the same limits in all, as ``CURRENCIES`` has them.
BITCOINS = Bitcoin(play_money=1000, default_bet=1, min_bet=0.1, max_bet=10_000, max_profit=100_000)
CONFIG = Invoker(btc=BITCOINS)


class Services:
    """Everything the protocol needs, on a clock or a reactor, in memory or in a database.

    ``joined`` is given the context before the games are built on it.
    """

    def __init__(
        self,
        config: Invoker = CONFIG,
        connections: int = 200,
        reactor: IReactorTime | None = None,
        database: Database | None = None,
        joined: Callable[[Context], None] = lambda _: None,
    ) -> None:
        #: What passes the time where there is no reactor.
        self.clock = Clock()
        self.clock.advance(1_800_000_000)
        time = reactor or self.clock
        self.config = attrs.evolve(config, btc=BITCOINS)
        stores = memory_stores()
        if database is not None:
            stores = attrs.evolve(stores, players=DatabasePlayers(database), ledger=partial(DatabaseLedger, database))
        self.context = memory_context(
            time,
            Limits(connections_per_address=connections, connections=1000),
            accounts=Accounts(MemoryAccounts(), PlainPasswords(), time, LoginDelay(time), shortest=1),
            stores=stores,
            secret=lambda name, size: b"s" * size,
        )
        self.sessions = self.context.sessions
        self.accounts = self.context.accounts
        self.metrics = self.context.metrics
        joined(self.context)
        self.part = PART.build(self.context, self.config)
        self.tell_credits, self.settle_idle, self.refresh_tokens, self.forget_requests = (
            task.run for task in self.part.periodic
        )
        assert isinstance(self.part.stop, MethodType)
        shared = self.part.stop.__self__
        assert isinstance(shared, InvokerShared)
        self.shared = shared
        self.identities = shared.identities
        self.ledger = shared.ledger

    @property
    def store(self) -> MemoryLedger:
        """The books in memory."""
        store = self.shared.store
        assert isinstance(store, MemoryLedger)
        return store

    def token(self, name: str = "alexandra", game: str = DICE, currency: str = "USD") -> str:
        """Return a token of an account, made if it is not there."""
        account = now(self.accounts.by_name(name)) or now(self.accounts.register(name, "secret"))
        return now(self.identities.issue(account, game, currency))[0]

    def open(
        self, query: dict[str, str] | None = None, form: str = "json", subprotocols: tuple[str, ...] = ()
    ) -> Client:
        """Return a connection; raises ``Refusal`` as the upgrade does."""
        upgrade = Upgrade("/v1/ws", query or {}, {}, b"", "192.0.2.1", subprotocols)
        channel = now(connect(self.shared, upgrade)).handler
        assert isinstance(channel, InvokerChannel)
        client = Client(self, channel, KeptWire(), form)
        channel.opened(client.wire)
        return client

    def enter(self, name: str = "alexandra", game: str = DICE, form: str = "json", currency: str = "USD") -> Client:
        """Return a connection that has come in with a token and got its first pushes."""
        client = self.open({"token": self.token(name, game, currency)}, form)
        client.pushes()
        return client

    def balanced(self) -> bool:
        return sum(entry.amount for entry in self.store.entries) == 0


_numbers = itertools.count(1)


@attrs.define(eq=False)
class Client:
    """A client that speaks one of the two forms."""

    services: Services
    channel: InvokerChannel
    wire: KeptWire
    form: str = "json"
    last: bytes = b""

    def send(self, t: str, p: dict[str, Any] | None = None, i: str | None = None) -> str:
        number = i if i is not None else f"msg_{next(_numbers)}"
        if self.form == "json":
            self.channel.received(json.dumps({"i": number, "t": t, "p": p or {}}).encode(), False)
        else:
            self.channel.received(binary(number, t, p or {}), True)
        return number

    def ask(self, t: str, p: dict[str, Any] | None = None, i: str | None = None) -> dict[str, Any]:
        """Send a request and return the answer with the same id; pushes stay for ``pushes``."""
        number = self.send(t, p, i)
        for frame in self.wire.frames:
            message = read(*frame)
            if message["i"] == number:
                self.wire.frames.remove(frame)
                assert frame[1] == (self.form != "json"), "the answer comes in the form of the request"
                self.last = frame[0]
                return message
        raise AssertionError(f"no answer to {t}: {self.wire.frames}")

    def done(self, t: str, p: dict[str, Any] | None = None, i: str | None = None) -> dict[str, Any]:
        """Send a request that must succeed and return the payload of the answer."""
        answer = self.ask(t, p, i)
        assert answer["t"] != "ERROR", answer
        payload: dict[str, Any] = answer["p"]
        return payload

    def refused(self, t: str, p: dict[str, Any] | None = None, i: str | None = None) -> str:
        """Send a request that must be refused and return the code."""
        answer = self.ask(t, p, i)
        assert answer["t"] == "ERROR", answer
        assert answer["p"]["requestId"] == answer["i"]
        json.loads(answer["p"]["details"])
        code: str = answer["p"]["code"]
        return code

    def raw(self, payload: bytes, is_binary: bool = False) -> list[dict[str, Any]]:
        """Send a frame as it is and return what comes back."""
        self.wire.frames.clear()
        self.channel.received(payload, is_binary)
        return self.pushes()

    def pushes(self) -> list[dict[str, Any]]:
        """Return everything that has come and is no answer, oldest first."""
        frames, self.wire.frames = self.wire.frames, []
        return [read(*frame) for frame in frames]

    def told(self, t: str) -> list[dict[str, Any]]:
        """Return the payloads of the pushes of one type; the others are forgotten."""
        return [message["p"] for message in self.pushes() if message["t"] == t]

    def bet(
        self, amount: str = "10.00", i: str | None = None, client_seed: object = SEED, **params: Any
    ) -> dict[str, Any]:
        return self.done("PLACE_BET", bet(amount, client_seed, **params), i)

    def balance(self) -> str:
        balance: str = self.done("GET_BALANCE")["balance"]
        return balance

    def leave(self) -> None:
        self.channel.ended()


def bet(amount: str = "10.00", client_seed: object = SEED, **params: Any) -> dict[str, Any]:
    """Return the payload of a bet: ``dice=(50, "OVER")``, ``mines=(5, "5x5")``, ``keno=[1]``, ``blackjack=True``."""
    given: dict[str, Any] = {}
    if "dice" in params or not params:
        target, condition = params.get("dice", (50, "OVER"))
        given["diceParams"] = {"target": target, "condition": condition}
    if "mines" in params:
        given["minesParams"] = {"minesCount": params["mines"][0], "gridType": params["mines"][1]}
    if "keno" in params:
        given["kenoParams"] = {"selectedNumbers": params["keno"]}
        if "difficulty" in params:
            given["kenoParams"]["difficulty"] = params["difficulty"]
    if "blackjack" in params:
        given["blackjackParams"] = {}
    return {"amount": amount, "gameParams": given, "clientSeed": client_seed}


def binary(i: str, t: str, p: dict[str, Any]) -> bytes:
    """Return a request as a binary frame, made by Google's own converter."""
    from google.protobuf.json_format import ParseDict

    key = "".join(word.capitalize() for word in t.split("_")) + "Request"
    return ParseDict({"i": i, "t": t, key[0].lower() + key[1:]: p}, WebSocketMessage()).SerializeToString()


def read(payload: bytes, is_binary: bool) -> dict[str, Any]:
    """Return a message from the server as plain values."""
    if not is_binary:
        found: dict[str, Any] = json.loads(payload)
        return found
    message = WebSocketMessage.FromString(payload)
    name = message.WhichOneof("payload")
    return {"i": message.id, "t": message.type, "p": to_builtins(getattr(message, name))}


__all__ = ["Client", "Refusal", "Services", "bet", "binary", "now", "read"]
