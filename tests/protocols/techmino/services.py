"""The Techmino protocol with everything else in memory, and clients without a network on a clock's time."""

from __future__ import annotations

from typing import Any

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts import Account, Accounts
from gameserver.config.tree import Limits
from gameserver.edge.context import Context
from gameserver.edge.http.site import site, tree
from gameserver.edge.relay.relays import Relays
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.generation3.tokens import Tokens
from gameserver.protocols.techmino.part import PART
from gameserver.protocols.techmino.rooms.room import Room
from gameserver.protocols.techmino.rooms.round import Round
from gameserver.protocols.techmino.shared import TechminoShared
from gameserver.sessions.limits import Meters
from gameserver.sessions.login_delay import LoginDelay
from gameserver.testing.accounts import MemoryAccounts, PlainPasswords
from gameserver.testing.context import memory_context
from gameserver.testing.techmino import CLOSE, PONG, Answers, browser_request, compact, frame, request
from tests.wired import Wire, WiredClient

#: Seconds after which a node of which nothing is heard is taken for dead.
SILENCE = 10.0

CONFIG = '{"das":10,"arr":2,"RS":"TRS"}'


class Services:
    """Everything the protocol needs, on a clock or a reactor.

    ``beside`` is another node with the same accounts and stores.
    """

    def __init__(
        self,
        reactor: Any,
        config: Techmino | None = None,
        limits: Limits | None = None,
        beside: Services | None = None,
    ) -> None:
        self.reactor = reactor
        self.passwords = PlainPasswords()
        changes: dict[str, Any] = {"relays": Relays(reactor, "first" if beside is None else "second", SILENCE)}
        if beside is None:
            self.accounts = Accounts(
                MemoryAccounts(),
                self.passwords,
                reactor,
                LoginDelay(reactor),
                registrations=Meters(0.1, 10),
                shortest=1,
            )
        else:
            self.accounts, changes["stores"] = beside.accounts, beside.context.stores
        self.context: Context = memory_context(reactor, limits, accounts=self.accounts, **changes)
        self.join()
        self.sessions, self.rooms = self.context.sessions, self.context.rooms
        self.metrics = self.context.metrics
        self.store: Any = self.context.stores.rounds
        self.techmino = PART.build(self.context, config or Techmino())
        self.shared: TechminoShared = self.techmino.stop.__self__  # type: ignore[attr-defined]
        self.lobby = self.shared.lobby
        self.tokens3 = Tokens(self.shared.identities)
        self.factory: Any = site(tree(self.techmino.pages))

    def join(self) -> None:
        """Join other nodes, if there are any, before the protocol is built."""

    def metric(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"gameserver_{name}", labels) or 0.0


@attrs.define(eq=False)
class Wired(WiredClient):
    """A client of Techmino."""

    answers: Answers
    uid: int = 0

    def write(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            if piece and not self.gone:
                self.protocol.dataReceived(piece)
        self.settle()

    def settle(self) -> None:
        if data := self.raw():
            self.answers.feed(data)
        if self.ended and not self.gone:
            self.hang_up()

    def send(self, action: int, **data: Any) -> list[dict[str, Any]]:
        """Send a request and return what comes back at once."""
        return self.say({"action": action, "data": data} if data else {"action": action})

    def say(self, message: Any, opcode: int = 2) -> list[dict[str, Any]]:
        payload = message if isinstance(message, bytes) else compact(message)
        self.write(frame(payload, opcode))
        return self.read()

    def read(self) -> list[dict[str, Any]]:
        """Return the messages since the last time."""
        self.settle()
        messages = list(self.answers.messages)
        self.answers.messages.clear()
        return messages

    @property
    def closed(self) -> int | None:
        """The code the server has closed with."""
        self.settle()
        return self.answers.closed

    @property
    def hung_up(self) -> bool:
        """Whether the server has ended the connection without a Close frame."""
        self.settle()
        return self.gone and self.answers.closed is None

    def close(self) -> None:
        """Say goodbye."""
        self.write(frame(b"", CLOSE))


class ClockServices(Services):
    """The same on a clock of its own, or on that of the node ``beside``."""

    clock: Clock

    def __init__(
        self,
        case: Any,
        config: Techmino | None = None,
        limits: Limits | None = None,
        beside: ClockServices | None = None,
    ) -> None:
        if beside is None:
            self.clock = Clock()
            self.clock.advance(1_700_000_000)
        else:
            self.clock = beside.clock
        super().__init__(self.clock, config, limits, beside)
        self._wired: list[Wired] = []
        case.addCleanup(self.hang_up_all)

    def all_rooms(self) -> dict[str, Room]:
        """Return the open rooms by number."""
        return dict(self.shared.lobby.rooms)

    def all_rounds(self) -> dict[str, Round]:
        """Return the rounds that are being played, by number."""
        return dict(self.shared.lobby.rounds)

    def assert_nothing_is_left(self, case: SynchronousTestCase) -> None:
        """Fail unless all rooms and rounds are over, no time runs any more, and nothing has gone wrong."""
        case.assertEqual((self.all_rounds(), self.all_rooms()), ({}, {}))
        calls: Any = self.clock.getDelayedCalls()
        left = [repr(call.func) for call in calls]
        case.assertEqual([call for call in left if "techmino" in call], [], "no time runs any more")
        case.assertEqual(case.flushLoggedErrors(), [])

    def kick(self, name: str) -> None:
        """Put somebody out."""
        self.sessions.disconnect(self.sessions.find(name), "kicked", "Go.")

    def tell_counts(self) -> None:
        """Let the other nodes know how many are here."""
        self.result(self.shared.tell_counts())
        self.clock.advance(0)

    def hang_up_all(self) -> None:
        for wired in self._wired:
            wired.hang_up()

    def connect(self, pieces: list[bytes], host: str = "192.0.2.1") -> Wired:
        """Send a request and return the connection that came of it."""
        wire = Wire(host)
        protocol = self.factory.buildProtocol(wire.getPeer())
        # No timeouts of twisted.web's on the real reactor.
        protocol.timeOut = None
        wire.connect(protocol)
        wired = Wired(self.clock, wire, Answers(lambda payload: wired.write(frame(payload, PONG))))
        self._wired.append(wired)
        wired.write(pieces)
        return wired

    def open(self, endpoint: str, body: Any = None, host: str = "192.0.2.1") -> Wired:
        """Connect as the real client does."""
        return self.connect(request(endpoint, body), host)

    def browse(self, path: str) -> Wired:
        """Connect as a browser does."""
        return self.connect(browser_request(path))

    def register(self, name: str) -> Account:
        done = ensureDeferred(self.accounts.register(name, "pw", f"{name}@x.org"))
        account: Account = self.result(done)
        return account

    def result(self, done: Any) -> Any:
        results: list[Any] = []
        ensureDeferred(done).addBoth(results.append)
        assert results, "memory is fast"
        if isinstance(results[0], Failure):
            results[0].raiseException()
        return results[0]

    def token(self, account: Account | int, kind: str = "techmino-access") -> str:
        """Return a fresh token of an account, or of the account of that number."""
        found = self.result(self.accounts.by_id(account)) if isinstance(account, int) else account
        return str(self.result(self.shared.identities.new_token(found, kind)))

    def person(self, name: str) -> Person:
        """Return somebody with an account."""
        return Person(self, self.register(name))

    def wait(self, seconds: float) -> None:
        """Let time pass in small steps."""
        steps = max(1, int(seconds / 0.05))
        for _ in range(steps):
            self.clock.advance(seconds / steps)


class Person:
    """Somebody with an account and an accessToken."""

    def __init__(self, services: ClockServices, account: Account) -> None:
        self.services = services
        self.uid = account.id
        self.name = account.name
        self.account = account
        self.access = services.token(account)

    def open(self, endpoint: str, **more: Any) -> Wired:
        """Connect with the accessToken."""
        body = {"uid": self.uid, "accessToken": self.access, **more}
        wired = self.services.open(endpoint, body)
        wired.uid = self.uid
        return wired

    def play(self) -> Wired:
        """Connect to /play; Connect has been read."""
        wired = self.open("play")
        answers = wired.read()
        assert [answer["type"] for answer in answers] == ["Connect"], (answers, wired.answers.body)
        return wired


def only(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the one message there is."""
    assert len(messages) == 1, messages
    return messages[0]
