"""Rooms and rounds of the clients from 0.15.0 to 0.17.6, and who may come in where, on a clock."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.protocols.techmino.services import CONFIG, ClockServices, Person, Wired, only

INFO = {"name": "anna's room", "type": "normal", "version": "V1.0", "description": "hello"}

#: Numbers as the client writes them, which must come back as numbers of JSON.
RULES = '{"drop":30,"hurry":1e+99,"nextCount":6,"eventSet":"X"}'


def creating(**more: Any) -> dict[str, Any]:
    return {"capacity": 5, "roomInfo": INFO, "roomData": {"drop": 30}, "config": CONFIG, **more}


class Case(SynchronousTestCase):
    SERVICES: type[ClockServices] = ClockServices

    def setUp(self) -> None:
        self.services = self.SERVICES(self)
        self.anna, self.bert, self.carl = (self.services.person(name) for name in ("anna", "bert", "carl"))

    def room(self, *players: Wired) -> str:
        """Let the first make a room and the others join; everything has been read."""
        rid: str = only(players[0].send(1, **creating()))["data"]["rid"]
        for player in players[1:]:
            self.assertEqual(player.send(2, rid=rid, config=CONFIG, password="")[0]["type"], "Self")
        for player in players:
            player.read()
        return rid

    def stream(self, person: Person, srid: str) -> Wired:
        return person.open("stream", srid=srid)


class RoomTests(Case):
    def test_the_rules_come_back_as_they_were_given(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        text = b'{"action":1,"data":{"capacity":3,"roomInfo":%b,"roomData":%b,"config":"c"}}'
        info = b'{"name":"n","type":"normal","version":"ver A-2"}'
        welcome = only(anna.say(text % (info, RULES.encode())))["data"]
        self.assertEqual(welcome["roomInfo"], {"name": "n", "type": "normal", "version": "ver A-2"})
        self.assertEqual((welcome["capacity"], welcome["count"], welcome["private"]), (3, 1, False))
        raw = self.services.lobby.rooms[welcome["rid"]].settings.data
        self.assertEqual(raw, RULES.encode())
        bert.write([])
        self.assertEqual(welcome["roomData"]["hurry"], 1e99)
        self.assertIsInstance(welcome["players"][0]["mode"], int)

    def test_what_is_no_room_is_refused(self) -> None:
        anna = self.anna.play()
        for more in (
            {"capacity": 0},
            {"capacity": 257},
            {"capacity": "3"},
            {"roomInfo": {"name": "n", "type": "normal"}},
            {"roomInfo": {**INFO, "name": "n" * 65}},
            {"roomInfo": {**INFO, "version": "v" * 65}},
            {"roomInfo": {**INFO, "type": "t" * 65}},
            {"roomInfo": {**INFO, "description": "d" * 257}},
            {"roomData": [1]},
            {"roomData": {"text": "x" * 8192}},
            {"password": "p" * 65},
        ):
            with self.subTest(str(more)[:60]):
                self.assertEqual(only(anna.send(1, **creating(**more)))["type"], "Warn")
        self.assertEqual(self.services.lobby.rooms, {})

    def test_a_private_room_takes_who_knows_the_password(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        rid = only(anna.send(1, **creating(password="pw1")))["data"]["rid"]
        entry = only(only(bert.send(0, begin=0, count=10))["roomList"])
        self.assertEqual((entry["private"], entry["roomInfo"], entry["count"]), (True, INFO, 1))
        self.assertEqual(only(bert.send(2, rid=rid, config=CONFIG))["reason"], "Password is incorrect")
        self.assertEqual(only(bert.send(2, rid=rid, config=CONFIG, password="pw1"))["action"], 2)

    def test_modes_are_told_to_everybody(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        self.room(anna, bert)
        for mode, ready in ((1, True), (2, False), (2, False), (0, False), (2, False), (1, True)):
            told = {"type": "Broadcast", "action": 6, "data": {"uid": self.anna.uid, "ready": ready, "mode": mode}}
            self.assertEqual(only(anna.send(6, mode=mode)), told)
            self.assertEqual(only(bert.read()), told)
        for wrong in ({"mode": 3}, {"mode": -1}, {"mode": True}, {"mode": None}, {}):
            self.assertEqual(only(anna.send(6, **wrong))["type"], "Warn")

    def test_only_spectators_begin_no_round(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        self.room(anna, bert)
        anna.send(6, mode=2)
        bert.send(6, mode=2)
        self.services.wait(5)
        self.assertNotIn(8, [message["action"] for message in anna.read()])
        bert.send(6, mode=1)
        self.services.wait(2.1)
        self.assertEqual([message["action"] for message in anna.read()][-2:], [7, 8])


class RoundTests(Case):
    def begin(self, *people: Person, spectators: tuple[Person, ...] = ()) -> str:
        self.plays = {person: person.play() for person in (*people, *spectators)}
        self.rid = self.room(*self.plays.values())
        for person, play in self.plays.items():
            play.send(6, mode=2 if person in spectators else 1)
        self.services.wait(2.1)
        begins = [play.read()[-1] for play in self.plays.values()]
        self.assertEqual({begin["action"] for begin in begins}, {8})
        srid: str = begins[0]["data"]["srid"]
        return srid

    def test_the_seed_comes_before_the_start_and_who_plays_with_it(self) -> None:
        srid = self.begin(self.anna, self.bert)
        streams = [self.stream(person, srid) for person in (self.anna, self.bert)]
        self.services.wait(1.1)
        told = [stream.read() for stream in streams]
        self.assertEqual([m["type"] for m in told[0]], ["Connect", "Broadcast", "Self", "Server"])
        self.assertEqual(told[0][1]["data"], {"uid": self.bert.uid, "watch": False, "spectate": False})
        # Who is told of somebody twice gets two boards for them: in the broadcast, and here.
        anna = [{"uid": self.anna.uid, "spectate": False}]
        for own, connected, messages in ((self.anna, [], told[0]), (self.bert, anna, told[1])):
            ready, go = messages[-2:]
            self.assertEqual((ready["action"], go["action"]), (2, 0))
            seed = go["data"]["seed"]
            expected = {"uid": own.uid, "seed": seed, "spectate": False, "start": False, "connected": connected}
            self.assertEqual(ready["data"], expected)

    def test_a_spectator_from_the_start_gets_no_board_of_their_own(self) -> None:
        srid = self.begin(self.anna, self.bert, spectators=(self.carl,))
        streams = [self.stream(person, srid) for person in (self.anna, self.bert, self.carl)]
        self.services.wait(1.1)
        ready = streams[2].read()[-2]["data"]
        self.assertEqual((ready["spectate"], ready["start"]), (True, False))
        self.assertIn(ready["uid"], (self.anna.uid, self.bert.uid))
        self.assertEqual({one["uid"] for one in ready["connected"]}, {self.anna.uid, self.bert.uid})
        streams[0].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        result = self.plays[self.carl].read()[-1]
        self.assertEqual([line["uid"] for line in result["data"]["result"]], [self.bert.uid, self.anna.uid])

    def test_a_late_spectator_sees_everything_from_the_start(self) -> None:
        srid = self.begin(self.anna, self.bert)
        streams = [self.stream(person, srid) for person in (self.anna, self.bert)]
        self.services.wait(1.1)
        for piece in ("CQAAAAAA", "CAYAJgAA"):
            streams[0].send(5, stream=piece)
        carl = self.carl.play()
        welcome = only(carl.send(2, rid=self.rid, config=CONFIG, password=""))["data"]
        self.assertEqual((welcome["start"], welcome["srid"]), (True, srid))
        own = next(player for player in welcome["players"] if player["uid"] == self.carl.uid)
        self.assertEqual(own["mode"], 2)
        connect, ready = self.stream(self.carl, welcome["srid"]).read()
        self.assertEqual(connect["type"], "Connect")
        history = [{"uid": self.anna.uid, "stream": piece} for piece in ("CQAAAAAA", "CAYAJgAA")]
        self.assertEqual(ready["data"]["history"], history)
        self.assertEqual((ready["data"]["start"], ready["data"]["spectate"]), (True, True))
        self.assertIn(ready["data"]["uid"], (self.anna.uid, self.bert.uid))

    def test_a_late_spectator_is_told_who_is_dead_in_the_order_of_their_ends(self) -> None:
        dora, emil = self.services.person("dora"), self.services.person("emil")
        people = (self.anna, self.bert, self.carl)
        srid = self.begin(*people)
        streams = [self.stream(person, srid) for person in people]
        self.services.wait(1.1)
        early = dora.play()
        early.send(2, rid=self.rid, config=CONFIG, password="")
        self.assertEqual([message.get("action") for message in self.stream(dora, srid).read()], [None, 2])
        for seconds, stream in ((2, streams[1]), (1, streams[0])):
            self.services.wait(seconds)
            stream.send(4, score=0, survivalTime=0)
        late = emil.play()
        late.send(2, rid=self.rid, config=CONFIG, password="")
        _, ready, *dead = self.stream(emil, srid).read()
        self.assertTrue(ready["data"]["start"])
        self.assertEqual({message["type"] for message in dead}, {"Broadcast"})
        expected = [(4, self.bert.uid, 2), (4, self.anna.uid, 3)]
        told = [(one["action"], one["data"]["uid"], one["data"]["survivalTime"]) for one in dead]
        self.assertEqual(told, expected)

    def test_who_connects_twice_before_the_start_is_told_of_nobody_twice(self) -> None:
        srid = self.begin(self.anna, self.bert)
        anna = self.stream(self.anna, srid)
        self.stream(self.bert, srid)
        bert = self.stream(self.bert, srid)
        self.services.wait(1.1)
        self.assertEqual([message.get("action") for message in anna.read()], [None, 2, 2, 0])
        ready = bert.read()[-2]["data"]
        self.assertEqual(ready["connected"], [{"uid": self.anna.uid, "spectate": False}])

    def test_a_dead_player_who_comes_back_looks_on(self) -> None:
        srid = self.begin(self.anna, self.bert, self.carl)
        streams = [self.stream(person, srid) for person in (self.anna, self.bert, self.carl)]
        self.services.wait(1.1)
        streams[0].send(5, stream="CQAAAAAA")
        streams[0].send(4, score=0, survivalTime=0)
        streams[0].hang_up()
        back = self.stream(self.anna, srid)
        connect, ready = back.read()
        self.assertEqual(connect["type"], "Connect")
        self.assertEqual((ready["data"]["spectate"], ready["data"]["start"]), (True, True))
        self.assertIn(ready["data"]["uid"], (self.bert.uid, self.carl.uid))

    def test_a_replay_says_by_which_rules_it_was_played(self) -> None:
        srid = self.begin(self.anna, self.bert)
        streams = [self.stream(person, srid) for person in (self.anna, self.bert)]
        self.services.wait(1.1)
        streams[0].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        (record,) = self.services.result(self.services.store.rounds_of(self.anna.uid, 0, 9))
        self.assertEqual((record.type, record.version, record.rules), ("normal", "V1.0", '{"drop":30}'))

    def test_modes_are_nobodys_when_the_result_is_told(self) -> None:
        srid = self.begin(self.anna, self.bert, spectators=(self.carl,))
        for person in (self.anna, self.bert, self.carl):
            self.stream(person, srid)
        self.services.wait(1.1)
        self.plays[self.bert].send(3)
        self.services.wait(3.1)
        result = self.plays[self.carl].read()[-1]
        self.assertEqual((result["action"], result["data"]["start"]), (9, False))
        room = self.services.lobby.rooms[self.rid]
        self.assertEqual([member.watching or member.ready for member in room.members.values()], [False, False])
        told = only(self.plays[self.carl].send(6, mode=2))["data"]
        self.assertEqual(told["mode"], 2, "whoever has watched says so again at once")
        self.plays[self.anna].send(6, mode=1)
        self.services.wait(2.1)
        self.assertEqual(self.plays[self.anna].read()[-1]["action"], 8)


class GenerationTests(Case):
    def test_everybody_sees_all_rooms_with_what_they_need(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        anna.send(1, type="solo", name="old", config=CONFIG)
        self.services.wait(0.001)
        bert.send(1, **creating())
        listed = only(self.carl.play().send(0))["roomList"]
        keys = {"rid", "name", "type", "private", "start", "count", "capacity", "roomInfo"}
        self.assertEqual([set(room) for room in listed], [keys, keys])
        self.assertEqual([room["roomInfo"]["version"] for room in listed], ["V1.0", "Techmino 0.14"])

    def test_who_has_shown_their_version_reads_why_they_cannot_come_in(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        rids = []
        for version in ("V1.0", "ver A-2"):
            rids.append(only(anna.send(1, **creating(roomInfo={**INFO, "version": version})))["data"]["rid"])
            if version == "V1.0":
                bert.send(1, type="solo", config=CONFIG)
                refused = only(bert.send(2, rid=rids[0], config=CONFIG))
                self.assertEqual(refused["reason"], "Can only subscribe one room")
                bert.send(3)
                refused = only(bert.send(2, rid=rids[0], config=CONFIG))
                self.assertEqual(refused["type"], "Warn")
                self.assertIn("Techmino 0.15 to 0.17.6, version V1.0", refused["reason"])
                anna.send(3)
        bert = self.bert.play()
        bert.send(1, **creating())
        bert.send(3)
        self.assertIn("version ver A-2", only(bert.send(2, rid=rids[1], config=CONFIG))["reason"])

    def test_a_client_that_shows_another_generation_in_a_room_is_put_out_and_told(self) -> None:
        for make, ready in (({"type": "classic", "config": CONFIG}, {"mode": 1}), (creating(), {"ready": True})):
            anna, bert = self.anna.play(), self.bert.play()
            rid = only(anna.send(1, **make))["data"]["rid"]
            bert.send(2, rid=rid, config=CONFIG)
            anna.read()
            left, warning = bert.send(6, **ready)
            self.assertEqual(left, {"type": "Self", "action": 3, "data": {}})
            self.assertIn("This room is for Techmino 0.1", warning["reason"])
            self.assertEqual(only(anna.read())["action"], 3)
            self.assertEqual(only(bert.send(2, rid=rid, config=CONFIG))["type"], "Warn", "it is known by now")
            anna.hang_up()
            bert.hang_up()
            self.services.wait(3)

    def test_a_room_of_0148_is_ready_in_the_older_words(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        info = {**INFO, "version": "V0.14.8"}
        rid = only(anna.send(1, **creating(roomInfo=info)))["data"]["rid"]
        bert.send(2, rid=rid, config=CONFIG)
        anna.read()
        self.assertEqual(only(bert.send(6, ready=True))["data"], {"uid": self.bert.uid, "ready": True, "mode": 1})


class Generation1Tests(Case):
    def test_0147_makes_a_room_by_capacity_and_without_a_type(self) -> None:
        anna = self.anna.play()
        anna.send(1, name="anna's room", capacity=2, roomData={"_": 0}, config=CONFIG)
        entry = only(only(anna.send(0))["roomList"])
        self.assertEqual((entry["name"], entry["type"], entry["capacity"]), ("anna's room", "classic", 2))
        self.bert.play().send(2, rid=entry["rid"], config=CONFIG)
        refused = only(self.carl.play().send(2, rid=entry["rid"], config=CONFIG))
        self.assertEqual(refused["reason"], "Room is full")

    def test_the_button_ffa_leads_into_a_room_that_is_always_there(self) -> None:
        anna, bert = self.anna.play(), self.bert.play()
        self.assertEqual(only(anna.send(2, rid="ffa", config=CONFIG))["data"]["rid"], "ffa")
        self.assertEqual(only(bert.send(2, rid="ffa", config=CONFIG))["data"]["sid"], 1)
        entry = only(only(self.carl.play().send(0))["roomList"])
        self.assertEqual((entry["name"], entry["count"], entry["capacity"]), ("ffa", 2, 99))
        anna.send(3)
        bert.send(3)
        self.assertEqual(self.services.lobby.rooms, {})
        self.assertEqual(only(anna.send(2, rid="ffa", config=CONFIG))["data"]["sid"], 0)
        self.assertEqual(only(bert.send(2, config=CONFIG))["type"], "Warn", "0.15.0 sends no number at all")
