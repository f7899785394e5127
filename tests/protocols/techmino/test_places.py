"""One connection of a player to an endpoint, at two nodes."""

from __future__ import annotations

import attrs
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.cluster import join
from gameserver.cluster.local import LocalBus
from gameserver.edge.relay.relays import Relays
from gameserver.protocols.techmino.places import REPLACED, TOPIC, Places
from gameserver.testing.context import memory_context
from tests.typed import deferred


@attrs.define(eq=False)
class Client:
    closed: list[tuple[str, str]] = attrs.field(factory=list)

    def close(self, code: str, text: str) -> None:
        self.closed.append((code, text))


class PlacesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        bus = LocalBus(self.clock)
        self.times = {"a": 1000, "b": 1000}
        self.places: dict[str, Places[Client]] = {}
        self.peers = {}
        for node in self.times:
            context = memory_context(self.clock, relays=Relays(self.clock, node, 10.0))
            starting = deferred(join(context, bus, 10.0).start())
            self.clock.pump([0.0, 0.6])
            assert starting.called
            self.peers[node] = context.sessions.peers
            self.places[node] = Places(context.sessions.peers, node, lambda node=node: self.times[node])  # type: ignore[misc]

    def take(self, node: str, uid: int = 7, endpoint: str = "play") -> Client:
        client = Client()
        self.places[node].take(endpoint, uid, client)
        return client

    def turn(self) -> None:
        self.clock.advance(0)

    def test_the_latest_stays_whatever_the_clocks_say(self) -> None:
        self.times["a"] = 9000
        first = self.take("a")
        self.turn()
        second = self.take("b")
        self.turn()
        self.assertEqual((first.closed, second.closed), ([("replaced", REPLACED)], []))
        self.places["a"].give_up("play", 7, first)
        self.assertIsNone(self.places["a"].get("play", 7))
        third = self.take("a")
        self.turn()
        self.assertEqual((len(second.closed), third.closed), (1, []))

    def test_of_two_at_the_same_moment_one_stays(self) -> None:
        clients = [self.take("a"), self.take("b")]
        self.turn()
        self.assertEqual([len(client.closed) for client in clients], [1, 0])

    def test_other_players_and_endpoints_are_left_alone(self) -> None:
        clients = [self.take("a"), self.take("b", 8), self.take("b", 7, "stream")]
        self.turn()
        self.assertEqual([client.closed for client in clients], [[], [], []])
        self.assertEqual([self.places["b"].count(endpoint) for endpoint in ("play", "stream")], [1, 1])

    def test_an_end_that_comes_late_takes_nobodys_place(self) -> None:
        first, second = self.take("a"), self.take("a")
        self.places["a"].give_up("play", 7, first)
        self.assertIs(self.places["a"].get("play", 7), second)

    def test_damage_is_passed_over(self) -> None:
        client = self.take("a")
        self.peers["b"].publish(TOPIC, b"\xff")
        self.turn()
        self.assertEqual(client.closed, [])
