"""Who is connected, and when nobody is."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.open_connections import OpenConnections


class OpenConnectionsTests(SynchronousTestCase):
    def test_nobody_is_gone_at_once(self) -> None:
        self.successResultOf(Deferred.fromCoroutine(OpenConnections[str]().all_gone()))

    def test_all_who_wait_hear_of_the_last_to_go(self) -> None:
        connections: OpenConnections[str] = OpenConnections()
        for name in ("anne", "bob", "anne"):
            connections.add(name)
        self.assertEqual((len(connections), sorted(connections)), (2, ["anne", "bob"]))
        waiting = [Deferred.fromCoroutine(connections.all_gone()) for _ in range(2)]
        connections.discard("anne")
        connections.discard("nobody")
        for one in waiting:
            self.assertNoResult(one)
        connections.discard("bob")
        connections.discard("bob")
        for one in waiting:
            self.successResultOf(one)
        self.assertNotIn("bob", connections)
