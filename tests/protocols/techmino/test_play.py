"""/play: rooms, seats, readiness. The superset of replies is what keeps real clients from crashing."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.protocols.techmino.config import Techmino
from tests.protocols.techmino.services import CONFIG, ClockServices, Wired, only


class PlayCase(SynchronousTestCase):
    SERVICES: type[ClockServices] = ClockServices

    def setUp(self) -> None:
        self.services = self.SERVICES(self)
        self.people = [self.services.person(name) for name in ("alice", "bob", "carl")]
        self.alice, self.bob, self.carl = self.people

    def room(self, *players: Wired, **data: Any) -> str:
        """Make a room by the first, let the others join, and return its rid."""
        answer = only(players[0].send(1, config=CONFIG, **data))
        rid: str = answer["data"]["rid"]
        for player in players[1:]:
            player.send(2, rid=rid, config=CONFIG)
        for player in players:
            player.read()
        # So that it is known at every node which room is newer.
        self.services.wait(0.001)
        return rid


class PlayTests(PlayCase):
    def test_connect(self) -> None:
        self.assertEqual(only(self.alice.open("play").read()), {"type": "Connect", "action": 0})

    def test_creating_answers_as_joining_with_the_creator_in_players(self) -> None:
        alice = self.alice.play()
        answer = only(alice.send(1, type="solo", name="alice's room", config=CONFIG))
        data = answer["data"]
        self.assertEqual((answer["type"], answer["action"]), ("Self", 2))
        own = {"sid": 0, "uid": self.alice.uid, "username": "alice", "config": CONFIG, "ready": False}
        self.assertEqual(data["players"], [own])
        self.assertEqual((data["sid"], data["ready"], data["histories"]), (0, False, []))
        listed = only(alice.send(0))["roomList"]
        self.assertEqual(
            listed,
            [
                {
                    "rid": data["rid"],
                    "name": "alice's room",
                    "type": "solo",
                    "private": False,
                    "start": False,
                    "count": 1,
                    "capacity": 2,
                    "roomInfo": {"name": "alice's room", "type": "solo", "version": "Techmino 0.14"},
                }
            ],
        )

    def test_defaults_of_a_new_room(self) -> None:
        alice = self.alice.play()
        alice.send(1, config="{}")
        room = only(alice.send(0))["roomList"][0]
        shown = (room["name"], room["type"], room["private"], room["capacity"])
        self.assertEqual(shown, ("classic room", "classic", False, 5))

    def test_joining_tells_the_joiner_everything_and_the_others_of_them(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice)
        alice.send(4, message="hello")
        answer = only(bob.send(2, rid=rid, config="other"))
        self.assertEqual((answer["type"], answer["action"], answer["data"]["sid"]), ("Self", 2, 1))
        self.assertEqual([player["uid"] for player in answer["data"]["players"]], [self.alice.uid, self.bob.uid])
        self.assertEqual([entry["message"] for entry in answer["data"]["histories"]], ["hello"])
        data = {"sid": 1, "uid": self.bob.uid, "username": "bob", "config": "other", "ready": False}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 2, "data": data})

    def test_leaving_has_data_without_uid_for_the_leaver_and_sid_for_the_others(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice, bob)
        self.assertEqual(only(bob.send(3)), {"type": "Self", "action": 3, "data": {}})
        data = {"sid": 1, "uid": self.bob.uid, "username": "bob"}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 3, "data": data})
        self.assertEqual(only(bob.send(2, rid=rid, config=CONFIG))["data"]["sid"], 1, "the lowest free number")
        alice.send(3)
        bob.send(3)
        self.assertEqual(only(bob.send(0))["roomList"], [], "the room goes with the last one")

    def test_chat_comes_back_and_ten_messages_are_kept(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice)
        for number in range(12):
            data = only(alice.send(4, message=str(number)))["data"]
            self.assertEqual(set(data), {"uid", "username", "time", "message"})
        histories = only(bob.send(2, rid=rid, config=CONFIG))["data"]["histories"]
        self.assertEqual([entry["message"] for entry in histories], [str(number) for number in range(2, 12)])
        alice.read()
        self.assertEqual(only(alice.send(4, message="x" * 8001))["type"], "Warn")
        self.services.rooms.muted = lambda player: True
        self.assertEqual(only(bob.send(4, message="x"))["type"], "Warn")

    def test_a_configuration_goes_to_the_others_as_it_came(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        self.assertEqual(bob.send(5, config='{"ghost":0.3}"\\'), [])
        data = {"uid": self.bob.uid, "config": '{"ghost":0.3}"\\'}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 5, "data": data})

    def test_the_list_is_filtered_by_type_without_case_and_cut(self) -> None:
        players = [person.play() for person in self.people]
        for player, kind in zip(players, ("solo", "Classic", "solo"), strict=True):
            player.send(1, type=kind, name=f"{kind} of {player.uid}", config=CONFIG)
            self.services.wait(0.001)
        asker = self.services.person("dora").play()

        def names(**data: Any) -> list[str]:
            return [room["name"] for room in only(asker.send(0, **data))["roomList"]]

        one, two, three = (f"{kind} of {p.uid}" for kind, p in zip(("solo", "Classic", "solo"), players, strict=True))
        self.assertEqual(names(), [three, two, one], "the newest first")
        self.assertEqual(names(type="Solo"), [three, one])
        self.assertEqual(names(message="solo"), [three, one])
        self.assertEqual(names(type="solo", begin=1), [one])
        self.assertEqual(names(begin=1, count=1), [two])
        self.assertEqual(names(type="nothing"), [])
        self.assertEqual(names(begin=10), [])
        self.assertEqual(names(count=0), [])

    def test_the_list_begins_with_what_can_be_joined(self) -> None:
        full, started, locked, old, new = (self.services.person(f"p{number}").play() for number in range(5))
        self.room(full, type="solo", name="full")
        self.alice.play().send(2, rid=only(full.send(0))["roomList"][0]["rid"], config=CONFIG)
        self.room(started, name="started")
        self.room(locked, name="locked", password="secret")
        self.room(old, name="old")
        self.room(new, name="new")
        started.send(6, ready=True)
        self.services.wait(2.1)
        listed = only(self.bob.play().send(0))["roomList"]
        self.assertEqual([room["name"] for room in listed], ["new", "old", "locked", "started", "full"])

    def test_the_list_shows_ten_unless_asked_for_more(self) -> None:
        for number in range(12):
            self.services.person(f"p{number}").play().send(1, config=CONFIG)
        alice = self.alice.play()
        self.assertEqual(len(only(alice.send(0))["roomList"]), 10)
        self.assertEqual(len(only(alice.send(0, count=15))["roomList"]), 12)

    def test_refusals_are_warnings_and_the_connection_stays(self) -> None:
        alice, bob, carl = (person.play() for person in self.people)
        rid = self.room(alice, type="solo", name="mine", password="secret")
        self.assertTrue(only(bob.send(0))["roomList"][0]["private"])
        for client, action, data, reason in (
            (bob, 2, {"rid": "nothing", "config": CONFIG}, "Room not found"),
            (bob, 2, {"rid": rid, "config": CONFIG}, "Password is incorrect"),
            (bob, 2, {"rid": rid, "config": CONFIG, "password": "x"}, "Password is incorrect"),
            (alice, 2, {"rid": rid, "config": CONFIG}, "Can only subscribe one room"),
            (alice, 1, {"config": CONFIG}, "Can only subscribe one room"),
            (bob, 1, {"config": CONFIG, "type": "duo"}, "Type not found"),
            (bob, 1, {"config": CONFIG, "name": "x" * 65}, "A room name has at most 64 characters"),
            (bob, 1, {"config": CONFIG, "password": "x" * 65}, "A room password has at most 64 characters"),
            (bob, 1, {"config": "x" * 8193}, "A config has at most 8192 bytes"),
            (bob, 2, {"rid": rid, "password": "secret", "config": "é" * 4097}, "A config has at most 8192 bytes"),
            (bob, 3, {}, "Room not subscribed"),
            (bob, 4, {"message": "x"}, "Room not subscribed"),
            (bob, 5, {"config": "x"}, "Room not subscribed"),
            (bob, 6, {"ready": True}, "Room not subscribed"),
        ):
            with self.subTest(reason=reason):
                self.assertEqual(only(client.send(action, **data)), {"type": "Warn", "reason": reason})
        self.assertEqual(only(bob.send(2, rid=rid, config=CONFIG, password="secret"))["action"], 2)
        full = only(carl.send(2, rid=rid, config=CONFIG, password="secret"))
        self.assertEqual(full, {"type": "Warn", "reason": "Room is full"})

    def test_the_number_of_rooms_is_limited(self) -> None:
        services = ClockServices(self, Techmino(rooms=1))
        alice, bob = services.person("alice").play(), services.person("bob").play()
        alice.send(1, config=CONFIG)
        self.assertEqual(only(bob.send(1, config=CONFIG)), {"type": "Warn", "reason": "Too many rooms"})

    def test_all_ready_is_watched_two_seconds_and_then_begins(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        ready = {"type": "Broadcast", "action": 6, "data": {"uid": self.alice.uid, "ready": True}}
        self.assertEqual((only(alice.send(6, ready=True)), only(bob.read())), (ready, ready))
        answers = bob.send(6, ready=True)
        self.assertEqual([(a["type"], a["action"]) for a in answers], [("Broadcast", 6), ("Server", 7)])
        self.assertEqual(answers[1], {"type": "Server", "action": 7})
        self.services.wait(1.9)
        self.assertEqual(bob.read(), [])
        self.services.wait(0.2)
        begin = only(bob.read())
        self.assertEqual((begin["type"], begin["action"], set(begin["data"])), ("Server", 8, {"rid"}))
        self.assertTrue(only(bob.send(0))["roomList"][0]["start"])
        (room,) = self.services.lobby.rooms.values()
        self.assertEqual({member.ready for member in room.members.values()}, {False})

    def test_all_who_are_ready_when_a_round_ends_begin_the_next(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        for player in (alice, bob):
            player.send(6, ready=True)
        self.services.wait(2.1)
        for player in (alice, bob):
            player.send(6, ready=True)
        bob.read()
        (room,) = self.services.lobby.rooms.values()
        room.finished([])
        self.assertEqual([answer["action"] for answer in bob.read()], [9, 7])
        self.services.wait(2.1)
        self.assertEqual([answer["action"] for answer in bob.read()], [8])

    def test_who_is_not_ready_any_more_or_comes_in_ends_the_watch_silently(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice)
        alice.send(6, ready=True)
        self.services.wait(1)
        self.assertEqual([a["action"] for a in alice.send(6, ready=False)], [6])
        self.services.wait(3)
        self.assertEqual(alice.read(), [])
        alice.send(6, ready=True)
        bob.send(2, rid=rid, config=CONFIG)
        self.services.wait(3)
        self.assertEqual([a["action"] for a in alice.read()], [2])

    def test_the_last_unready_one_who_leaves_lets_the_others_begin(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        alice.send(6, ready=True)
        bob.send(3)
        self.assertEqual([a["action"] for a in alice.read()], [3, 7])
        self.services.wait(2.1)
        self.assertEqual(only(alice.read())["action"], 8)

    def test_a_room_types_capacity_comes_from_the_configuration(self) -> None:
        services = ClockServices(self, Techmino(room_types={"classic": 2, "Trio": 3}))
        alice = services.person("alice").play()
        alice.send(1, type="trio", config=CONFIG)
        room = only(alice.send(0, type="TRIO"))["roomList"][0]
        self.assertEqual((room["type"], room["capacity"], room["name"]), ("Trio", 3, "Trio room"))

    def test_operators_see_the_rooms(self) -> None:
        self.room(self.alice.play(), self.bob.play())
        shown = only(self.services.techmino.open_matches())
        self.assertEqual((shown["game"], shown["players"]), ("techmino", ["alice", "bob"]))
        self.assertEqual(self.services.metric("techmino_rooms"), 1)


class ReconnectTests(PlayCase):
    def test_a_second_connection_closes_the_first_and_keeps_the_seat(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice, bob)
        bob.send(6, ready=True)
        alice.read()
        again = self.bob.open("play")
        connect = only(again.read())
        self.assertEqual(connect, {"type": "Connect", "action": 0, "data": {"rid": rid, "sid": 1}})
        self.assertTrue(bob.hung_up)
        bob.hang_up()
        self.services.wait(5)
        self.assertEqual(alice.read(), [], "nobody has left")
        alice.send(4, message="there?")
        self.assertEqual(only(again.read())["data"]["message"], "there?")
        self.assertEqual(only(again.send(4, message="yes"))["data"]["message"], "yes")
        self.assertEqual(only(again.send(2, rid=rid, config=CONFIG))["type"], "Warn")

    def test_who_has_come_back_may_ask_for_their_room_again(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice, bob)
        again = self.bob.open("play")
        again.read()
        answer = only(again.send(2, rid=rid, config='{"arr":2,"RS":"TRS","das":10}'))
        self.assertEqual((answer["type"], answer["data"]["sid"], len(answer["data"]["players"])), ("Self", 1, 2))
        self.assertEqual(alice.read(), [], "the same configuration, its keys in another order")

    def test_who_comes_back_with_another_configuration_leaves_and_comes_for_the_others(self) -> None:
        # A change of the configuration (5) before the first round in a room crashes clients of release 0.14.5.
        for config in ('{"das":9,"arr":2,"RS":"TRS"}', "no JSON", "[" * 2000):
            with self.subTest(config=config[:20]):
                alice, bob = self.alice.play(), self.bob.play()
                rid = self.room(alice, bob)
                again = self.bob.open("play")
                again.read()
                answer = only(again.send(2, rid=rid, config=config))
                self.assertEqual([player["config"] for player in answer["data"]["players"]], [CONFIG, config])
                left, came = alice.read()
                self.assertEqual(left["data"], {"sid": 1, "uid": self.bob.uid, "username": "bob"})
                self.assertEqual(
                    came["data"],
                    {"sid": 1, "uid": self.bob.uid, "username": "bob", "config": config, "ready": False},
                )
                self.assertEqual((left["action"], came["action"], again.read()), (3, 2, []))
                for client in (alice, again):
                    client.send(3)
                    client.close()

    def test_in_a_round_another_configuration_is_only_a_change(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        rid = self.room(alice, bob)
        alice.send(6, ready=True)
        bob.send(6, ready=True)
        self.services.wait(2.1)
        alice.read()
        again = self.bob.open("play")
        again.read()
        again.send(2, rid=rid, config="new")
        self.assertEqual(only(alice.read())["data"], {"uid": self.bob.uid, "config": "new"})

    def test_who_has_come_back_may_go_elsewhere(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        again = self.bob.open("play")
        again.read()
        self.assertEqual(only(again.send(1, config=CONFIG))["action"], 2)
        self.assertEqual(only(alice.read())["action"], 3)

    def test_a_lost_connection_keeps_the_seat_for_a_moment(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        bob.hang_up()
        self.services.wait(1.5)
        self.assertEqual(alice.read(), [])
        again = self.bob.open("play")
        self.assertEqual(only(again.read())["data"]["sid"], 1)
        self.services.wait(3)
        self.assertEqual(alice.read(), [])
        again.close()
        self.services.wait(2.1)
        data = {"sid": 1, "uid": self.bob.uid, "username": "bob"}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 3, "data": data})

    def test_who_is_lost_is_not_ready(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        bob.send(6, ready=True)
        alice.send(6, ready=True)
        alice.read()
        bob.hang_up()
        data = {"uid": self.bob.uid, "ready": False}
        self.assertEqual(only(alice.read()), {"type": "Broadcast", "action": 6, "data": data})
        self.services.wait(1.9)
        self.assertEqual(alice.read(), [])
        self.services.wait(0.2)
        self.assertEqual([a["action"] for a in alice.read()], [3, 7])

    def test_who_is_kicked_loses_their_seat_at_once(self) -> None:
        alice, bob = self.alice.play(), self.bob.play()
        self.room(alice, bob)
        self.services.kick("bob")
        self.assertEqual(only(alice.read())["action"], 3)
