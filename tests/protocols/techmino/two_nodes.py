"""Two nodes in one process; of the people every second one comes in at the other node."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import ensureDeferred

from gameserver.app.cluster import join
from gameserver.cluster.community import SIGNS
from gameserver.cluster.local import LocalBus
from gameserver.config.tree import Limits
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.room import Room
from gameserver.protocols.techmino.rooms.round import Round
from tests.protocols.kassel.two_nodes import Bus
from tests.protocols.techmino.generation3 import Generation3Services, Player
from tests.protocols.techmino.services import SILENCE, Person, Services
from tests.typed import deferred


class Joined(Services):
    """A node on a reactor."""

    def __init__(self, reactor: Any, config: Techmino, bus: LocalBus, beside: Services | None = None) -> None:
        self._bus = bus
        super().__init__(reactor, config, beside=beside)

    def join(self) -> None:
        self.member = join(self.context, self._bus, SILENCE)
        # Nobody waits for who else there might be, but for its end.
        self.started = ensureDeferred(self.member.community.start())


class Node(Generation3Services):
    """One of them, joined to the others on a bus."""

    def __init__(
        self, case: Any, config: Techmino | None, limits: Limits | None, bus: Bus | None, beside: Node | None = None
    ) -> None:
        self._bus = bus
        super().__init__(case, config, limits, beside)

    def join(self) -> None:
        self.bus = self._bus or Bus(self.clock)
        self.member = join(self.context, self.bus, SILENCE)
        starting = deferred(self.member.start())
        self.clock.pump([0.0, 0.6])
        assert starting.called


class TwoNodes(Node):
    """The first node; ``other`` is the second one."""

    def __init__(self, case: Any, config: Techmino | None = None, limits: Limits | None = None) -> None:
        # Behind the end of all connections.
        case.addCleanup(self.check_relays, case)
        super().__init__(case, config, limits, None)
        self.other = Node(case, config, limits, self.bus, self)
        self.nodes: tuple[Node, Node] = (self, self.other)
        self.seen = 0
        self.tell_counts()

    def check_relays(self, case: Any) -> None:
        """Nobody is served by another node who is not there any more."""
        case.assertEqual([len(node.context.relays) for node in self.nodes], [0, 0])

    def tell_counts(self) -> None:
        super().tell_counts()
        self.other.tell_counts()

    def all_rooms(self) -> dict[str, Room]:
        return super().all_rooms() | self.other.all_rooms()

    def all_rounds(self) -> dict[str, Round]:
        return super().all_rounds() | self.other.all_rounds()

    def hang_up_all(self) -> None:
        for node in self.nodes:
            Generation3Services.hang_up_all(node)

    def kick(self, name: str) -> None:
        super().kick(name)
        self.other.kick(name)

    def _next(self) -> Node:
        self.seen += 1
        return self.nodes[(self.seen + 1) % 2]

    def person(self, name: str) -> Person:
        return Person(self._next(), self.register(name))

    def player(self, name: str) -> Player:
        return Player(self._next(), name).connect()

    def beat(self, *nodes: Node) -> None:
        """Let so much time pass that a sign of life is due, and these nodes give it."""
        self.clock.advance(SILENCE / SIGNS)
        for node in nodes:
            deferred(node.member.beat())
        self.clock.advance(0)
