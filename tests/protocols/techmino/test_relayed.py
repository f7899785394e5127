"""Players whose connection is at one node and whose room at another: who serves them, and a lost link."""

from __future__ import annotations

from typing import Any

from msgspec import DecodeError, structs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.edge.relay.messages import Told
from gameserver.edge.relay.relays import UNREACHABLE
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.elsewhere.away import ANSWERED_WITHIN
from gameserver.protocols.techmino.elsewhere.messages import SERVICE, Opening, encode
from gameserver.protocols.techmino.rooms.other_nodes import NODE, ROOM, SEAT
from gameserver.protocols.techmino.shared import PARTED
from gameserver.sessions.players import Player
from gameserver.testing.techmino import compact, frame, request
from gameserver.testing.techmino_generation3 import asked
from tests.protocols.techmino import test_stream
from tests.protocols.techmino.generation3 import actions, inner, refusals
from tests.protocols.techmino.services import CONFIG, Person, only
from tests.protocols.techmino.two_nodes import TwoNodes
from tests.typed import deferred


class Relayed(test_stream.Rounds):
    """Alice and Carl are at the first node, Bob and Dora at the other one."""

    services: TwoNodes
    SERVICES = TwoNodes

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob, self.carl = self.people
        self.dora = self.services.person("dora")
        self.other = self.services.other

    def test_what_several_hear_goes_once_and_a_turn_is_one_message(self) -> None:
        emil = self.services.person("emil")
        fred = self.services.person("fred")
        self.begin(self.alice, self.bob, self.dora, fred)
        self.assertEqual([emil.services, fred.services], [self.services, self.other])
        self.services.bus.published.clear()
        self.plays[self.alice.uid].send(4, message="hello")
        self.plays[self.alice.uid].write(
            [b"".join(frame(compact({"action": 4, "data": {"message": str(n)}}))) for n in range(3)]
        )
        first, second = self.services.bus.frames("node/second")
        self.assertEqual([len(entry.relays) for entry in first.entries if isinstance(entry, Told)], [3])
        self.assertEqual([len(entry.relays) for entry in second.entries if isinstance(entry, Told)], [3, 3, 3])
        said = [message["data"]["message"] for message in self.plays[fred.uid].read()]
        self.assertEqual(said, ["hello", "0", "1", "2"])

    def test_requests_that_come_in_one_write_are_done_in_order_wherever_they_lead(self) -> None:
        play, bob = self.alice.play(), self.bob.play()
        rid = only(play.send(1, config=CONFIG))["data"]["rid"]
        asked = [
            {"action": 2, "data": {"rid": rid, "config": CONFIG}},
            {"action": 4, "data": {"message": "hello"}},
            {"action": 0},
            {"action": 3},
            {"action": 4, "data": {"message": "nobody hears"}},
            {"action": 1, "data": {"config": CONFIG, "name": "mine"}},
            {"action": 0},
        ]
        bob.write([b"".join(piece for one in asked for piece in frame(compact(one)))])
        answers = bob.read()
        told = [(answer["type"], answer.get("action")) for answer in answers]
        here, there = ("Self", 0), ("Self", 2)
        self.assertEqual(told, [there, ("Broadcast", 4), here, ("Self", 3), ("Warn", None), there, here])
        self.assertEqual([room["name"] for room in answers[-1]["roomList"]], ["mine", "classic room"])
        self.assertEqual(len(self.other.lobby.rooms), 1)
        self.assertEqual([message["action"] for message in play.read()], [2, 4, 3])
        self.services.check_relays(self)

    def test_who_comes_back_at_another_node_has_their_seat(self) -> None:
        self.begin(self.alice, self.bob)
        for services in (self.services, self.other, self.services):
            self.plays[self.bob.uid].hang_up()
            self.bob.services = services
            play = self.plays[self.bob.uid] = self.bob.open("play")
            place = {"rid": self.room, "sid": 1}
            self.assertEqual(only(play.read()), {"type": "Connect", "action": 0, "data": place})
            self.services.wait(3)
            self.assertEqual(only(play.send(4, message="back"))["data"]["message"], "back")
        self.assertNotIn(3, [message["action"] for message in self.plays[self.alice.uid].read()])

    def test_a_connection_at_another_node_replaces_the_first(self) -> None:
        self.begin(self.alice, self.bob)
        first, self.bob.services = self.plays[self.bob.uid], self.services
        again = self.bob.open("play")
        self.assertEqual(only(again.read())["data"]["sid"], 1)
        self.assertTrue(first.hung_up)
        self.services.wait(3)
        self.assertEqual(only(again.send(2, rid=self.room, config=CONFIG))["data"]["sid"], 1)

    def test_who_has_come_back_may_go_elsewhere_at_another_node(self) -> None:
        self.begin(self.alice, self.bob)
        self.plays[self.alice.uid].read()
        self.plays[self.bob.uid].hang_up()
        play = self.bob.open("play")
        play.read()
        self.assertEqual(only(play.send(1, config=CONFIG))["data"]["sid"], 0)
        self.assertEqual(len(self.other.lobby.rooms), 1)
        self.assertEqual([message["action"] for message in self.plays[self.alice.uid].read()], [3])

    def test_two_who_ask_for_a_standing_room_at_once_come_into_one(self) -> None:
        rooms = {f"room{number}": 9 for number in range(8)}
        services = TwoNodes(self, Techmino(standing_rooms=rooms))
        plays, made = [services.person(name).play() for name in ("anna", "bert")], list[bool]()
        for rid in rooms:
            with self.subTest(rid):
                join = compact({"action": 2, "data": {"rid": rid, "config": CONFIG}})
                for play in plays:
                    for piece in frame(join):
                        play.protocol.dataReceived(piece)
                services.wait(0.01)
                sids = sorted(play.read()[0]["data"]["sid"] for play in plays)
                self.assertEqual(sids, [0, 1])
                made.append(rid in services.lobby.rooms)
                for play in plays:
                    play.send(3)
        self.assertEqual(set(made), {True, False}, "each makes some of them")

    def test_a_room_whose_node_is_lost_is_told_as_left_and_others_can_be_played_in(self) -> None:
        self.start(self.alice, self.bob)
        self.services.bus.loses = lambda topic: topic == "node/second"
        self.plays[self.alice.uid].send(4, message="lost")
        self.services.bus.loses = lambda _: False
        self.plays[self.alice.uid].send(4, message="seen to be missing")
        put_out, warned = self.plays[self.bob.uid].read()
        self.assertEqual(put_out, {"type": "Self", "action": 3, "data": {}})
        self.assertEqual(warned, {"type": "Warn", "reason": UNREACHABLE})
        stream = self.streams[self.bob.uid]
        self.assertIsNone(stream.closed)
        # As after any lost connection: the next place, and the seat is kept for a moment.
        self.assertIn({"type": "Server", "action": 3, "data": {"uid": self.bob.uid}}, self.stream_of(self.alice))
        again = only(self.plays[self.bob.uid].send(2, rid=self.room, config=CONFIG))
        self.assertEqual((again["type"], again["data"]["sid"]), ("Self", 1))
        self.services.wait(3.1)
        self.assertEqual(stream.closed, 1008)
        self.assertEqual(self.places(self.alice), {self.alice.uid: 1, self.bob.uid: 2})

    def stream_of(self, person: Person) -> list[dict[str, Any]]:
        return self.streams[person.uid].read()

    def test_a_node_that_is_silent_is_out_of_reach_and_forgotten(self) -> None:
        self.begin(self.alice, self.bob)
        dora = self.dora.play()
        silent = ("node/second", "directory", "community")
        self.services.bus.loses = silent.__contains__
        # Nobody hangs while it is not known yet.
        self.assertEqual(dora.send(2, rid=self.room, config=CONFIG), [])
        self.services.wait(ANSWERED_WITHIN + 0.1)
        self.assertEqual(only(dora.read()), {"type": "Warn", "reason": UNREACHABLE})
        for _ in range(6):
            self.services.beat(self.other)
        self.assertEqual([told["type"] for told in self.plays[self.bob.uid].read()], ["Self", "Warn"])
        self.assertEqual(only(dora.send(0))["roomList"], [])
        self.assertEqual(only(dora.send(2, rid=self.room, config=CONFIG))["reason"], "Room not found")
        self.assertEqual(only(self.plays[self.bob.uid].send(1, config=CONFIG))["type"], "Self")

    def test_of_a_seat_that_is_lost_before_it_is_asked_for_nobody_is_told(self) -> None:
        self.begin(self.alice, self.bob)
        self.plays[self.bob.uid].hang_up()
        play = self.bob.open("play")
        self.assertEqual(only(play.read())["data"]["rid"], self.room)
        self.other.context.relays.gap()
        self.assertEqual(play.read(), [])
        self.assertEqual(only(play.send(4, message="x"))["reason"], "Room not subscribed")

    def test_a_node_that_has_answered_once_is_waited_for(self) -> None:
        self.begin(self.alice, self.bob)
        play = self.plays[self.bob.uid]
        self.services.bus.loses = lambda topic: topic == "node/second"
        self.assertEqual(play.send(4, message="x"), [])
        self.services.wait(ANSWERED_WITHIN + 0.1)
        self.assertEqual(play.read(), [])
        self.services.bus.loses = lambda _: False
        self.services.beat(*self.services.nodes)
        self.assertEqual([told["type"] for told in play.read()], ["Self", "Warn"])

    def test_many_late_watchers_of_a_long_round_are_let_in_one_after_the_other(self) -> None:
        watchers = [self.services.person(f"w{number}") for number in range(12)][::2]
        self.assertEqual({watcher.services for watcher in watchers}, {self.services})
        players = [self.bob, self.dora]
        self.plays = {person.uid: person.play() for person in (*players, *watchers)}
        first, *others = self.plays.values()
        self.room = only(first.send(1, type="r49", config=CONFIG))["data"]["rid"]
        others.pop(0).send(2, rid=self.room, config=CONFIG)
        self.ready(*players)
        self.go(*players)
        for person in players:
            for _ in range(60):
                self.streams[person.uid].send(5, stream="x" * 16000)
        for play in others:
            self.assertEqual(only(play.send(2, rid=self.room, config=CONFIG))["type"], "Self")
        streams = [self.services.connect([]) for _ in watchers]
        for watcher, stream in zip(watchers, streams, strict=True):
            body = {"uid": watcher.uid, "accessToken": watcher.access, "rid": self.room}
            stream.protocol.dataReceived(b"".join(request("stream", body)))
        (link,) = self.services.context.relays._fronts.values()
        self.services.wait(0.01)
        for stream in streams:
            self.assertEqual(len(stream.read()[0]["data"]["histories"]), 120)
        self.assertEqual(list(self.services.context.relays._fronts.values()), [link])

    def test_without_the_bus_local_rooms_go_on(self) -> None:
        rid = only(self.alice.play().send(1, config=CONFIG))["data"]["rid"]
        bob, dora = self.bob.play(), self.dora.play()
        self.services.bus.connected = False
        refused = {"type": "Warn", "reason": UNREACHABLE}
        self.assertEqual(only(bob.send(2, rid=rid, config=CONFIG)), refused)
        mine = only(bob.send(1, config=CONFIG))["data"]["rid"]
        self.assertEqual(only(dora.send(2, rid=mine, config=CONFIG))["data"]["sid"], 1)

    def test_a_failure_at_the_other_node_ends_the_connection_as_one_here(self) -> None:
        self.begin(self.alice, self.bob)
        room = self.services.lobby.rooms[self.room]
        self.patch(room, "say", None)
        told = self.plays[self.bob.uid].send(4, message="x")
        self.assertEqual(only(told), {"type": "Error", "reason": "Internal server error"})
        self.assertTrue(self.plays[self.bob.uid].hung_up)
        self.assertEqual(len(self.flushLoggedErrors(TypeError)), 1)

    def test_a_stream_that_is_not_there_any_more_is_refused_behind_the_upgrade(self) -> None:
        self.begin(self.alice, self.bob)
        stream = self.bob.open("stream", rid="nowhere")
        self.assertEqual(only(stream.read()), {"type": "Error", "reason": "Room not found"})
        self.assertEqual(stream.closed, 1008)

    def test_a_stream_waits_until_it_is_known_where_the_seat_is(self) -> None:
        self.begin(self.alice, self.bob)
        place = self.services.context.directory.here[SEAT][str(self.bob.uid)]
        self.other.context.directory.learn("first", SEAT, str(self.bob.uid), None)
        stream = self.bob.open("stream", rid=self.rid)
        self.services.wait(0.1)
        self.assertEqual(stream.answers.status, 0)
        self.other.context.directory.learn("first", SEAT, str(self.bob.uid), place)
        self.services.wait(0.1)
        self.assertEqual(only(stream.read())["type"], "Connect")

    def test_counts_are_those_of_all_nodes(self) -> None:
        for person in self.people:
            person.play()
        chat = self.bob.open("chat")
        chat.send(1, rid="global")
        self.services.tell_counts()
        for node in self.services.nodes:
            app = node.open("app")
            app.read()
            counts = only(app.send(3))["data"]
            self.assertEqual(counts, {"User": 0, "Play": 3, "Stream": 0, "Chat": 1})
        rooms = only(self.alice.open("chat").send(0)[1:])["roomList"]
        self.assertEqual({room["rid"]: room["count"] for room in rooms}["global"], 1)

    def test_a_node_that_runs_empty_makes_no_standing_rooms(self) -> None:
        for node, here in zip(self.services.nodes, (self.alice, self.bob), strict=True):
            node.sessions.draining = False
            other = next(one for one in self.services.nodes if one is not node)
            other.sessions.draining = True
            self.services.tell_counts()
            play = here.play()
            play.send(2, rid="ffa", config=CONFIG)
            self.assertIn("ffa", node.lobby.rooms)
            play.send(3)
            other.sessions.draining = False

    def test_a_release_that_shows_itself_to_the_other_node_is_known_here(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        info = {"name": "n", "type": "normal", "version": "ver A-2"}
        rid = only(alice.send(1, config=CONFIG, capacity=3, roomInfo=info))["data"]["rid"]
        bob.send(2, rid=rid, config=CONFIG, password="")
        bob.send(6, mode=1)
        self.services.kick("bob")
        self.assertEqual(bob.closed, 1008)

    def test_a_room_of_another_version_of_this_program_is_passed_over(self) -> None:
        self.services.context.directory.put(ROOM, "new", b"\x91\xa3new")
        self.services.context.directory.put(NODE, "first", b"\x90")
        self.bob.play().send(1, config=CONFIG)
        self.assertEqual(len(only(self.dora.play().send(0))["roomList"]), 1)
        self.assertEqual(self.other.shared.count("play"), 2)

    def test_damage_between_the_nodes_is_logged_and_serves_nobody(self) -> None:
        guest = Opening("play", Player("eve"), "", b"", b"")
        relays, told = self.other.context.relays, []
        for opening in (b"", encode(guest), encode(structs.replace(guest, endpoint="new"))):
            client = Recorder()
            relays.open("first", SERVICE, opening, client)
            self.services.wait(0.01)
            told.append(client.ends)
        self.assertEqual(told, [["internal"], ["no_account"], ["busy"]])
        self.assertEqual(len(self.flushLoggedErrors(DecodeError)), 1)


class Recorder:
    """A ``Fronted`` that keeps the codes it has ended with."""

    def __init__(self) -> None:
        self.ends: list[str] = []

    def told(self, payload: bytes) -> None:
        """Nobody is told anything."""

    def noted(self, message: bytes) -> None:
        """Nothing is noted."""

    def ended(self, code: str, text: str) -> None:
        self.ends.append(code)


class Generation3Relayed(SynchronousTestCase):
    """Anna is at the first node, Bert at the other one."""

    def setUp(self) -> None:
        self.services = TwoNodes(self)
        self.anna, self.bert = self.services.player("anna"), self.services.player("bert")
        self.room = self.anna.create()
        self.bert.join(self.room)
        self.anna.heard()

    def test_who_is_put_out_plays_on_at_their_own_node(self) -> None:
        for act, data in ((1307, {"playerId": self.bert.uid}), (1311, ...)):
            with self.subTest(act):
                self.anna.ask(act, data)
                self.assertEqual(actions(self.bert.heard()), [act])
                self.services.check_relays(self)
                self.bert.create()
                self.assertEqual(len(self.services.other.lobby.rooms), 1)
                self.bert.ask(1308)
                if self.room in self.services.lobby.rooms:
                    self.assertEqual(actions(self.bert.join(self.room)), [1306])

    def test_a_lost_node_is_a_room_that_is_gone(self) -> None:
        self.services.other.context.relays.gap()
        gone, why = self.bert.heard()
        self.assertEqual((gone["action"], why["message"]), (1311, UNREACHABLE))
        self.services.wait(0.01)
        # A seat of this generation goes with the link.
        self.assertEqual(actions(self.anna.heard()), [1308])
        self.assertEqual(actions(self.bert.join(self.room)), [1306])

    def test_a_node_that_stops_parts_them(self) -> None:
        stopping = deferred(self.services.shared.stop())
        self.assertEqual(refusals(self.bert.heard()), [PARTED])
        self.assertFalse(self.bert.wired.ended)
        self.assertEqual(inner(self.bert.ask(1309, {"pageIndex": 0})), [[]])
        self.services.hang_up_all()
        self.successResultOf(stopping)

    def test_how_they_play_goes_with_them(self) -> None:
        self.bert.ask(1200, '{"das":7}')
        self.bert.ask(1308)
        self.anna.heard()
        self.bert.join(self.room)
        self.assertEqual(inner(self.anna.heard())[0]["config"], '{"das":7}')
        self.services.other.context.relays.gap()
        self.bert.heard()
        self.bert.join(self.room)
        self.assertEqual(inner(self.anna.heard())[-1]["config"], '{"das":7}')

    def test_pieces_are_passed_on_one_behind_the_other(self) -> None:
        for player in (self.anna, self.bert):
            player.ready()
        self.services.pass_time(3.01, self.anna, self.bert)
        self.anna.heard()
        pieces = [asked(1206, str(number)) for number in range(5)]
        self.bert.wired.write([b"".join(b"".join(piece) for piece in pieces)])
        self.assertEqual([data["data"] for data in inner(self.anna.heard())], ["0", "1", "2", "3", "4"])
