"""One community over several nodes, on a clock's time."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from gameserver.cluster.bus import Receive
from gameserver.cluster.community import ON_ITS_WAY, SIGNS, TOPIC, Community
from gameserver.cluster.guest_names import UNUSED
from gameserver.cluster.local import LocalBus
from gameserver.cluster.questions import ANSWERED_WITHIN
from gameserver.errors import GameError, Unavailable
from gameserver.rooms.rooms import Rooms, told
from gameserver.sessions.events import (
    DirectMessage,
    PlayerOffline,
    PlayerOnline,
    RoomMessage,
    ServerNotice,
    TeamMessage,
)
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.manager import COMMUNITY, RIGHTS, SessionManager, presence_topic
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
        if player.guest:
            # As every protocol does before a guest's login.
            failures: list[Failure] = []
            ensureDeferred(self.sessions.hold_name(COMMUNITY, player)).addErrback(failures.append)
            for failure in failures:
                failure.raiseException()
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

    def tell(self, name: str) -> Deferred[bool]:
        return ensureDeferred(told(self.a.rooms.tell(COMMUNITY, Player("anne", 1), name, "psst")))

    def hold(self, node: Node, name: str = "anne") -> Deferred[None]:
        return ensureDeferred(node.sessions.hold_name(COMMUNITY, Player(name)))

    def stand_still(self, node: Node) -> None:
        """Let a node neither hear nor say anything until the others take it for dead."""
        node.community._running = False
        node.community._beats.stop()
        self.clock.pump([ALIVE] * int(DEAD / ALIVE + 1))

    def go_on(self, node: Node) -> None:
        node.community._running = True
        node.community._beats.start(ALIVE)
        self.turn()

    def test_of_two_guests_who_ask_for_a_name_at_the_same_moment_one_gets_it(self) -> None:
        first, second = self.hold(self.a), self.hold(self.b)
        self.successResultOf(first)
        self.assertEqual(self.failureResultOf(second, GameError).value.code, "name_taken")
        # A login that never came gives the name back.
        self.clock.pump([ALIVE] * int(UNUSED / ALIVE + 2))
        self.successResultOf(self.hold(self.b))

    def test_a_name_is_free_when_its_guest_has_gone_or_their_node_is_dead(self) -> None:
        session, _ = self.a.come(Player("anne"))
        self.a.sessions.close(session)
        self.turn()
        self.b.come(Player("anne"))
        self.stand_still(self.b)
        _, sink = self.a.come(Player("anne"))
        self.go_on(self.b)
        self.turn(ALIVE)
        self.assertIsNone(sink.closed)
        self.assertEqual((self.a.online(), self.b.online()), (["anne"], ["anne"]))
        self.assertEqual(self.b.sessions.find("anne"), [])

    def test_a_node_that_stood_still_gives_up_what_others_have_by_now(self) -> None:
        _, lost = self.a.come(Player("anne"))
        _, kept = self.a.come(Player("bob"))
        self.stand_still(self.a)
        _, taken = self.b.come(Player("anne"))
        self.go_on(self.a)
        self.assertEqual((the(lost.closed)[0], kept.closed, taken.closed), ("name_taken", None, None))

    def test_without_the_others_a_new_name_is_refused_and_who_is_in_stays(self) -> None:
        _, sink = self.a.come(Player("anne"))

        async def nobody(*_: object) -> bool:
            raise Unavailable("gone")

        self.patch(self.bus, "hold", nobody)
        self.patch(self.bus, "lease", nobody)
        self.failureResultOf(self.hold(self.a, "bob"), Unavailable)
        self.clock.pump([ALIVE] * 10)
        self.assertIsNone(sink.closed)

    def test_a_receipt_says_what_happened(self) -> None:
        self.a.come(Player("anne", 1))
        session, bob = self.b.come(Player("bob"))
        shown = self.tell("bob")
        self.assertNoResult(shown)
        self.turn()
        self.assertTrue(self.successResultOf(shown))
        self.assertEqual(self.heard(bob), ["anne to bob: psst"])
        session.encoders = {}
        shown = self.tell("bob")
        self.turn()
        self.assertFalse(self.successResultOf(shown))
        self.bus.loses = lambda payload: b"told" in payload
        shown = self.tell("bob")
        self.turn(ANSWERED_WITHIN)
        self.assertFalse(self.successResultOf(shown))
        self.bus.connected = False
        self.assertFalse(self.successResultOf(self.tell("bob")))

    def test_who_has_come_a_moment_ago_is_found(self) -> None:
        self.a.come(Player("anne", 1))
        session = self.b.sessions.open("chat", "", RecordingSink(), ENCODERS)
        self.b.sessions.login(session, Player("bob"))
        shown = self.tell("bob")
        self.turn(ON_ITS_WAY)
        self.turn()
        self.assertTrue(self.successResultOf(shown))

    def test_a_kick_ends_sessions_at_every_node(self) -> None:
        _, here = self.a.come(Player("bob", 7))
        _, there = self.b.come(Player("bob", 7), "kassel")
        self.assertFalse(self.b.community.has("carl"))
        self.assertTrue(self.a.community.has("bob"))
        ended = ensureDeferred(self.a.community.kick("bob", "Enough."))
        self.turn()
        self.assertEqual(self.successResultOf(ended), 1)
        self.assertEqual((here.closed, there.closed), (None, ("kicked", "Enough.")))

    def test_of_two_logins_of_an_account_at_the_same_moment_one_stays(self) -> None:
        sinks = []
        for node in (self.a, self.b):
            sink = RecordingSink()
            node.sessions.login(node.sessions.open("chat", "", sink, ENCODERS), Player("bob", 7))
            sinks.append(sink)
        self.turn()
        self.assertEqual([sink.closed is None for sink in sinks], [False, True])
        # Whatever the clocks say, the one who comes after the other was known is the later one.
        self.b.community._stamp += 1_000_000
        _, older = self.b.come(Player("bob", 7))
        _, latest = self.a.come(Player("bob", 7))
        self.turn()
        self.assertIsNone(latest.closed)
        self.assertEqual(the(older.closed)[0], "replaced")

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
                # Of two guests the one whose node holds the name.
                self.successResultOf(self.hold(self.a))
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
        shown = [self.tell("BOB"), self.tell("carl")]
        self.a.rooms.tell_team(COMMUNITY, Player("anne", 1), "red", "we")
        self.a.sessions.topics.publish(presence_topic(COMMUNITY), ServerNotice("soon"))
        self.turn(ON_ITS_WAY)
        self.assertEqual([self.successResultOf(each) for each in shown], [True, False])
        self.assertEqual(self.heard(ann), ["anne: hello", "anne to team red: we", "notice: soon"])
        self.assertEqual(
            self.heard(bob), ["anne: hello", "anne to bob: psst", "anne to team red: we", "notice: soon"]
        )
        self.assertEqual([said.text for said in self.b.rooms.room(COMMUNITY).history], ["hello"])

    def test_rooms_of_one_door_are_the_same_everywhere(self) -> None:
        self.a.rooms.say(COMMUNITY, Player("anne"), "x", "english")
        self.turn()
        self.assertEqual([said.text for said in self.b.rooms.room(COMMUNITY, "english").history], ["x"])
        self.assertEqual(len(self.b.rooms.room(COMMUNITY).history), 0)

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

    def test_what_concerns_one_subject_comes_to_its_subscribers_at_the_others(self) -> None:
        heard: list[tuple[str, bytes]] = []
        self.a.community.subscribe("games", lambda payload: heard.append(("a", payload)))
        self.b.community.subscribe("games", lambda payload: heard.append(("b", payload)))
        self.turn(ALIVE)
        self.a.community.publish("games", b"one")
        self.a.community.publish("others", b"two")
        self.turn()
        self.assertEqual(heard, [("b", b"one")])

    def test_nothing_is_published_where_nobody_is(self) -> None:
        sent: list[bytes] = []
        self.stand_still(self.b)
        self.patch(self.bus, "publish", lambda _topic, payload: sent.append(payload))
        self.a.community.publish("games", b"one")
        self.assertEqual(sent, [])

    def test_the_others_are_told_that_rights_have_changed(self) -> None:
        heard: list[bytes] = []
        self.b.community.subscribe(RIGHTS, heard.append)
        self.turn(ALIVE)
        self.a.sessions.end_older(1, 2)
        self.turn()
        self.assertEqual(heard, [b""])

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
