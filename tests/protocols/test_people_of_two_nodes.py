"""Limits belong to people, whatever node they come to."""

from __future__ import annotations

import json

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts import Accounts
from gameserver.app.cluster import join
from gameserver.cluster.limit_news import EVERY
from gameserver.config.tree import Limits
from gameserver.edge.stream import StreamFactory
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.part import PART as CHAT
from gameserver.sessions.limits import Meters
from gameserver.sessions.login_delay import LoginDelay
from gameserver.testing.accounts import PlainPasswords
from gameserver.testing.kassel import MemoryMatches
from tests.protocols.kassel.services import SILENCE, ClockServices
from tests.protocols.kassel.two_nodes import Bus, TwoNodes
from tests.wired import Wire, WiredClient

LIMITS = Limits(messages_per_second=10, burst=20, address_factor=3, logins=5, logins_per_second=0.1)


class ChatClient(WiredClient):
    def log_in(self, name: str, **more: str) -> bool:
        """Log in and return whether that was granted."""
        found = self.raw(json.dumps({"Command": "01", "Name": name, **more}).encode() + b"\n")
        return b'"Flag":1' in found

    def speak(self, times: int) -> int:
        """Say something so many times and return how often it was heard."""
        return self.raw(b'{"Command":"05","Message":"x"}\n' * times).count(b'"Command":"32"')


class PeopleOfTwoNodes(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = TwoNodes(limits=LIMITS)
        self.factories = {}
        for node in (self.nodes, self.nodes.other):
            factory = CHAT.build(node.context, Chat()).listeners[0].factory
            assert isinstance(factory, StreamFactory)
            self.factories[node] = factory

    def connect(self, node: ClockServices, host: str = "192.0.2.3") -> ChatClient:
        wire = Wire(host)
        wire.connect(self.factories[node].buildProtocol(None))
        return ChatClient(self.nodes.clock, wire)

    def exchange(self) -> None:
        """Let so much time pass that each node has told the other what it has counted."""
        self.nodes.clock.pump([EVERY, 0.0, 0.0])

    def test_what_somebody_has_said_at_one_node_they_cannot_say_at_the_other(self) -> None:
        anne, elsewhere = self.connect(self.nodes), self.connect(self.nodes.other)
        self.assertTrue(anne.log_in("anne"))
        self.assertEqual(anne.speak(30), 20)
        anne.hang_up()
        self.exchange()
        self.assertTrue(elsewhere.log_in("anne"))
        self.assertEqual(elsewhere.speak(3), 0)
        self.nodes.clock.advance(0.25)
        self.assertEqual(elsewhere.speak(5), 2)

    def test_with_the_bus_gone_each_node_counts_for_itself(self) -> None:
        self.nodes.bus.loses = lambda topic: topic == "limits"
        anne = self.connect(self.nodes)
        self.assertTrue(anne.log_in("anne"))
        self.assertEqual(anne.speak(30), 20)
        anne.hang_up()
        self.exchange()
        again = self.connect(self.nodes.other)
        self.assertTrue(again.log_in("anne"))
        self.assertEqual(again.speak(30), 20)

    def test_who_comes_and_comes_again_is_let_in_as_often_as_at_one_node(self) -> None:
        granted = 0
        for number in range(10):
            client = self.connect((self.nodes, self.nodes.other)[number % 2])
            granted += client.log_in("anne")
            client.hang_up()
            self.exchange()
        self.assertEqual(granted, 5)

    def test_open_games_of_one_creator_are_counted_at_both(self) -> None:
        most = 50
        anne, elsewhere = self.nodes.user("anne"), self.nodes.other.user("anne", "ss13")
        for number in range(most):
            client, how = ((anne, "-maxPlayers"), (elsewhere, "-maxPlayers"))[number % 2]
            self.assertEqual(client.ask(f"CREATE GAME g{number} {how} 2"), ["OK"], number)
            self.nodes.clock.advance(2)
        for client in (anne, elsewhere):
            self.assertEqual(client.ask("CREATE GAME more -maxPlayers 2")[0][:27], "ERROR: You have 50 open gam")


class AccountsOfTwoNodes(SynchronousTestCase):
    def setUp(self) -> None:
        first = ClockServices()
        self.clock = first.clock
        other = ClockServices(None, None, MemoryMatches("b", first.store), first.account_store, first.clock)
        bus = Bus(self.clock)
        self.accounts = []
        for node in (first, other):
            accounts = Accounts(
                first.account_store,
                PlainPasswords(),
                self.clock,
                LoginDelay(self.clock),
                registrations=Meters(0.001, 2),
                shortest=1,
            )
            self.accounts.append(accounts)
            starting = ensureDeferred(join(attrs.evolve(node.context, accounts=accounts), bus, SILENCE).start())
            self.clock.pump([0.0, 0.6])
            assert starting.called

    def test_wrong_passwords_at_both_nodes_wait_as_at_one(self) -> None:
        waited = []
        for number in range(7):
            since = self.clock.seconds()
            asked = ensureDeferred(self.accounts[number % 2].authenticate("anne", "x", "192.0.2.7"))
            failed: list[object] = []
            asked.addErrback(failed.append)
            while not failed:
                self.clock.advance(0.0625)
            waited.append(self.clock.seconds() - since)
            self.clock.pump([EVERY, 0.0, 0.0])
        # At one node they wait for 0.5, 1, 2 and 4 seconds, with those in between; three here and four there for 0.5.
        self.assertGreater(sum(waited), 6)

    def test_registrations_of_one_address_are_counted_at_both(self) -> None:
        made = 0
        for number in range(4):
            asked = ensureDeferred(self.accounts[number % 2].register(f"anne{number}", "secret", address="192.0.2.7"))
            refused: list[object] = []
            asked.addErrback(refused.append)
            self.clock.pump([EVERY, 0.0, 0.0])
            made += asked.called and not refused
        self.assertEqual(made, 2)
