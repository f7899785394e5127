"""One community over several nodes, on a clock's time."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.cluster.bus import Receive
from gameserver.cluster.community import SIGNS, TOPIC, Community
from gameserver.cluster.local import LocalBus
from gameserver.errors import GameError
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.events import (
    DirectMessage,
    PlayerOffline,
    PlayerOnline,
    RoomMessage,
    ServerNotice,
    TeamMessage,
)
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.manager import COMMUNITY, SessionManager, presence_topic
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoders, Session
from gameserver.testing.sinks import RecordingSink
from tests.typed import the

#: Seconds of silence, and between two signs of life.
DEAD = 10.0
ALIVE = DEAD / SIGNS

ENCODERS: Encoders = {
    PlayerOnline: lambda event: b"+" + event.player.name.encode(),
    PlayerOffline: lambda event: b"-" + event.player.name.encode(),
    RoomMessage: lambda event: f"{event.speaker.name}: {event.text}".encode(),
    DirectMessage: lambda event: f"{event.sender.name} to {event.recipient}: {event.text}".encode(),
    TeamMessage: lambda event: f"{event.speaker.name} to team {event.team}: {event.text}".encode(),
    ServerNotice: lambda event: f"notice: {event.text}".encode(),
}


class LossyBus(LocalBus):
    """Loses what ``loses`` says."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.loses: Callable[[bytes], bool] = lambda _: False

    def publish(self, topic: str, payload: bytes) -> None:
        if not self.loses(payload):
            super().publish(topic, payload)


class Node:
    """One process, without protocols and stores."""

    def __init__(self, clock: Clock, bus: LocalBus, name: str) -> None:
        self.clock = clock
        self.sessions = SessionManager(clock, ConnectionCount(100, 100))
        self.rooms = Rooms(self.sessions, clock)
        self.community = Community(clock, bus, self.sessions, self.rooms, DEAD, name)
        self.sessions.peers = self.community
        self.sessions.topics.listeners.append(self.community.published)

    def start(self) -> None:
        starting = ensureDeferred(self.community.start())
        self.clock.pump([0.0, 0.6, 0.0, 0.0])
        assert starting.called

    def come(self, player: Player, protocol: str = "chat") -> tuple[Session, RecordingSink]:
        sink = RecordingSink()
        session = self.sessions.open(protocol, "", sink, ENCODERS)
        self.sessions.login(session, player)
        self.sessions.topics.subscribe(session, presence_topic(COMMUNITY))
        self.rooms.room(COMMUNITY).enter(session)
        self.clock.pump([0.0, 0.0, 0.0])
        return session, sink

    def online(self) -> list[str]:
        return [player.name for player in self.sessions.online()]


class CommunityTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.bus = LossyBus(self.clock)
        self.a, self.b = Node(self.clock, self.bus, "a"), Node(self.clock, self.bus, "b")
        self.a.start()
        self.b.start()

    def turn(self, seconds: float = 0.0) -> None:
        self.clock.pump([seconds, 0.0, 0.0, 0.0])

    def heard(self, sink: RecordingSink) -> list[str]:
        said = [payload.decode() for payload in sink.payloads]
        sink.payloads.clear()
        return said

    def test_everybody_sees_who_is_online_anywhere_and_each_coming_and_going_once(self) -> None:
        _, ann = self.a.come(Player("anne"))
        bob_session, bob = self.b.come(Player("Bob"))
        self.assertEqual(self.heard(ann), ["+Bob"])
        self.assertEqual((self.a.online(), self.b.online()), (["anne", "Bob"], ["Bob", "anne"]))
        self.assertEqual(self.b.sessions.player("ANNE"), Player("anne"))
        self.b.sessions.close(bob_session)
        self.turn()
        self.assertEqual((self.heard(ann), self.heard(bob)), (["-Bob"], []))
        self.assertEqual((self.a.online(), self.b.online()), (["anne"], ["anne"]))

    def test_who_is_at_two_nodes_is_online_until_the_last_session_ends(self) -> None:
        bob = Player("bob", 7)
        _, ann = self.a.come(Player("anne"))
        first, _ = self.a.come(bob, "kassel")
        second, _ = self.b.come(bob, "chat")
        self.assertEqual(self.heard(ann), ["+bob"])
        self.assertEqual(self.b.online(), ["bob", "anne"])
        self.a.sessions.close(first)
        self.turn()
        self.assertEqual((self.heard(ann), self.a.online()), ([], ["anne", "bob"]))
        self.b.sessions.close(second)
        self.turn()
        self.assertEqual(self.heard(ann), ["-bob"])

    def test_a_second_login_at_the_same_door_replaces_the_first_at_another_node(self) -> None:
        _, ann = self.b.come(Player("anne"))
        _, first = self.a.come(Player("bob", 7))
        self.b.come(Player("bob", 7))
        self.assertEqual(the(first.closed)[0], "replaced")
        self.assertEqual(
            (self.heard(ann), self.a.online(), self.b.online()), (["+bob"], ["anne", "bob"], ["anne", "bob"])
        )

    def test_a_guests_name_is_taken_everywhere(self) -> None:
        self.a.come(Player("anne"))
        for player in (Player("ANNE"), Player("anne", 3)):
            with self.assertRaises(GameError) as caught:
                self.b.come(player)
            self.assertEqual(caught.exception.code, "name_taken")

    def test_of_two_who_take_a_name_at_the_same_moment_one_stays(self) -> None:
        for first, second, stays in (
            (Player("anne"), Player("anne"), "first"),
            (Player("anne"), Player("anne", 3), "second"),
            (Player("anne", 3), Player("anne"), "first"),
        ):
            with self.subTest(first=first, second=second):
                sinks = RecordingSink(), RecordingSink()
                sessions = []
                for node, player, sink in ((self.a, first, sinks[0]), (self.b, second, sinks[1])):
                    session = node.sessions.open("chat", "", sink, ENCODERS)
                    node.sessions.login(session, player)
                    sessions.append((node, session))
                self.turn()
                self.assertEqual(sinks[0].closed is None, stays == "first")
                self.assertEqual(sinks[1].closed is None, stays == "second")
                self.assertEqual((self.a.online(), self.b.online()), (["anne"], ["anne"]))
                for node, session in sessions:
                    node.sessions.close(session)
                self.turn()
                self.assertEqual((self.a.online(), self.b.online()), ([], []))

    def test_the_public_room_direct_and_team_messages_and_notices_reach_everybody(self) -> None:
        _, ann = self.a.come(Player("anne", 1, team="Red"))
        _, bob = self.b.come(Player("bob", 2, team="Red"))
        self.heard(ann)
        self.a.rooms.say(COMMUNITY, Player("anne", 1), "hello")
        self.assertTrue(self.a.rooms.tell(COMMUNITY, Player("anne", 1), "BOB", "psst"))
        self.assertFalse(self.a.rooms.tell(COMMUNITY, Player("anne", 1), "carl", "psst"))
        self.a.rooms.tell_team(COMMUNITY, Player("anne", 1), "red", "we")
        self.a.sessions.topics.publish(presence_topic(COMMUNITY), ServerNotice("soon"))
        self.turn()
        self.assertEqual(self.heard(ann), ["anne: hello", "anne to team red: we", "notice: soon"])
        self.assertEqual(
            self.heard(bob), ["anne: hello", "anne to bob: psst", "anne to team red: we", "notice: soon"]
        )
        self.assertEqual([said.text for said in self.b.rooms.room(COMMUNITY).history], ["hello"])

    def test_rooms_of_one_door_stay_where_they_are(self) -> None:
        self.a.rooms.say(COMMUNITY, Player("anne"), "x", "classic")
        self.turn()
        self.assertEqual(len(self.b.rooms.room(COMMUNITY, "classic").history), 0)

    def test_who_starts_later_learns_who_is_there(self) -> None:
        self.a.come(Player("anne"))
        late = Node(self.clock, self.bus, "c")
        late.start()
        self.assertEqual((late.online(), late.community.size), (["anne"], 2))

    def test_a_node_that_stops_takes_its_players_with_it(self) -> None:
        _, ann = self.a.come(Player("anne"))
        self.b.come(Player("bob"))
        ensureDeferred(self.b.community.stop())
        self.turn()
        self.assertEqual((self.heard(ann), self.a.online(), self.a.community.size), (["+bob", "-bob"], ["anne"], 0))

    def test_a_node_that_dies_is_noticed_by_its_silence(self) -> None:
        _, ann = self.a.come(Player("anne"))
        self.b.come(Player("bob"))
        self.b.community._beats.stop()
        self.turn(ALIVE)
        self.assertEqual(self.a.online(), ["anne", "bob"])
        self.clock.pump([ALIVE] * int(DEAD / ALIVE + 1))
        self.assertEqual((self.heard(ann), self.a.community.size), (["+bob", "-bob"], 0))
        self.b.community._beats.start(ALIVE)
        self.turn()
        self.assertEqual(self.heard(ann), ["+bob"])

    def test_what_was_lost_on_the_way_is_made_good(self) -> None:
        _, ann = self.a.come(Player("anne"))
        self.bus.loses = lambda payload: b"came" in payload or b"went" in payload
        bob, _ = self.b.come(Player("bob"))
        self.assertEqual(self.heard(ann), [])
        self.turn(ALIVE)
        self.assertEqual(self.heard(ann), ["+bob"])
        self.b.sessions.close(bob)
        self.b.come(Player("carl"))
        self.bus.loses = lambda _: False
        self.clock.advance(1)
        self.b.come(Player("dora"))
        self.turn()
        self.assertEqual(sorted(self.heard(ann)), ["+carl", "+dora", "-bob"])
        self.assertEqual(sorted(self.a.online()), ["anne", "carl", "dora"])

    def test_damage_and_other_versions_are_passed_over(self) -> None:
        for payload in (b"", b"\xff\xff", msgspec.msgpack.encode({"type": "future", "node": "x"})):
            self.bus.publish(TOPIC, payload)
        self.turn()
        self.a.come(Player("anne"))
        self.assertEqual(self.b.online(), ["anne"])

    def test_what_fails_here_is_logged_and_the_next_message_is_taken_in(self) -> None:
        self.a.come(Player("anne"))
        self.patch(self.b.rooms, "hear", lambda *_: 1 / 0)
        self.a.rooms.say(COMMUNITY, Player("anne"), "x")
        self.turn()
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.a.come(Player("bob"))
        self.assertEqual(self.b.online(), ["anne", "bob"])


class Silent(LocalBus):
    """A bus without a connection."""

    connected = False

    def subscribe(self, topic: str, receive: Receive, gap: Callable[[], None]) -> None:
        """Nobody is there."""


class StartTests(SynchronousTestCase):
    def test_a_node_without_the_others_goes_on_alone(self) -> None:
        clock = Clock()
        sessions = SessionManager(clock, ConnectionCount(1, 1))
        community = Community(clock, Silent(clock), sessions, Rooms(sessions, clock))
        sessions.peers = community
        starting = ensureDeferred(community.start())
        clock.pump([0.05] * 99)
        self.assertFalse(starting.called)
        clock.pump([0.05] * 5)
        self.successResultOf(starting)
