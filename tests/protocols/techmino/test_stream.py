"""/stream: rounds, on a clock."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, TimeoutError, ensureDeferred, fail
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.matches.techmino_rounds import RoundRecord
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.replays import Replays
from gameserver.protocols.techmino.rooms.seat import SLICE, Seat, recorded
from gameserver.testing.techmino import compact, frame
from tests.protocols.techmino.services import CONFIG, ClockServices, Person, Wired, only


class Turns(Clock):
    """Counts the reactor turns that somebody has asked for."""

    turns = 0

    def callLater(self, delay: float, callable: Any, *args: object, **kw: object) -> Any:
        self.turns += 1
        return super().callLater(delay, callable, *args, **kw)


class Rounds(SynchronousTestCase):
    """Three people, and ways to bring them into a round."""

    SERVICES: type[ClockServices] = ClockServices

    def setUp(self) -> None:
        self.services = self.SERVICES(self)
        self.people = [self.services.person(name) for name in ("alice", "bob", "carl")]
        self.plays: dict[int, Wired] = {}
        self.streams: dict[int, Wired] = {}
        self.rid = ""
        self.room = ""

    def begin(self, *people: Person) -> str:
        """Let people make a room and be ready; return the stream's rid."""
        for person in people:
            play = self.plays[person.uid] = person.play()
            if person is people[0]:
                self.room = only(play.send(1, config=CONFIG))["data"]["rid"]
            else:
                play.send(2, rid=self.room, config=CONFIG)
        return self.ready(*people)

    def ready(self, *people: Person) -> str:
        for person in people:
            self.plays[person.uid].send(6, ready=True)
        self.services.wait(2.05)
        begins = [self.plays[person.uid].read()[-1] for person in people]
        self.assertEqual({begin["action"] for begin in begins}, {8})
        self.rid = begins[0]["data"]["rid"]
        return self.rid

    def enter(self, *people: Person) -> None:
        for person in people:
            self.streams[person.uid] = person.open("stream", rid=self.rid)

    def start(self, *people: Person) -> int:
        """Begin a round and return its seed; everything has been read."""
        self.begin(*people)
        return self.go(*people)

    def go(self, *people: Person) -> int:
        self.enter(*people)
        self.services.wait(1.05)
        seeds = [self.streams[person.uid].read()[-1] for person in people]
        self.assertEqual({(seed["type"], seed["action"]) for seed in seeds}, {("Server", 0)})
        (seed,) = {answer["data"]["seed"] for answer in seeds}
        return int(seed)

    def result(self, person: Person) -> list[dict[str, int]]:
        answer = self.plays[person.uid].read()[-1]
        self.assertEqual((answer["type"], answer["action"], answer["data"]["start"]), ("Server", 9, False))
        return list(answer["data"]["result"])

    def places(self, person: Person) -> dict[int, int]:
        return {line["uid"]: line["place"] for line in self.result(person)}


class RoundTests(Rounds):
    def test_connecting(self) -> None:
        alice, bob, _ = self.people
        self.begin(alice, bob)
        self.enter(alice)
        connect = only(self.streams[alice.uid].read())
        self.assertEqual(connect, {"type": "Connect", "data": {"connected": [], "watch": False}})
        self.enter(bob)
        connect = only(self.streams[bob.uid].read())
        self.assertEqual(connect["data"]["connected"], [alice.uid])
        told = {"type": "Broadcast", "action": 2, "data": {"uid": bob.uid, "watch": False}}
        self.assertEqual(only(self.streams[alice.uid].read()), told)
        self.services.wait(0.9)
        self.assertEqual(self.streams[alice.uid].read(), [])
        self.services.wait(0.2)
        seeds = [only(self.streams[person.uid].read()) for person in (alice, bob)]
        self.assertEqual(seeds[0], seeds[1])
        self.assertTrue(0 <= seeds[0]["data"]["seed"] < 10**8)

    def test_pieces_go_to_the_others_only_and_deaths_too(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.assertEqual(self.streams[alice.uid].send(5, stream="EgA="), [])
        piece = {"type": "Broadcast", "action": 5, "data": {"uid": alice.uid, "stream": "EgA="}}
        for person in (bob, carl):
            self.assertEqual(only(self.streams[person.uid].read()), piece)
        self.assertEqual(self.streams[alice.uid].send(4, score=12, survivalTime=3), [])
        death = {"type": "Broadcast", "action": 4, "data": {"uid": alice.uid, "score": 12, "survivalTime": 3}}
        self.assertEqual(only(self.streams[bob.uid].read()), death)
        self.assertEqual(self.streams[alice.uid].send(5, stream="AQA="), [])
        self.assertEqual(only(self.streams[bob.uid].read())["data"]["stream"], "AQA=", "the dead send the rest")

    def test_two_rounds_of_two(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        for turn in range(2):
            loser, winner = (alice, bob) if turn == 0 else (bob, alice)
            if turn:
                self.ready(alice, bob)
                self.go(alice, bob)
            self.streams[loser.uid].send(4, score=0, survivalTime=0)
            self.streams[winner.uid].read()
            self.services.wait(2.9)
            self.assertEqual(self.streams[winner.uid].read(), [])
            self.services.wait(0.2)
            self.assertEqual(only(self.streams[winner.uid].read()), {"type": "Server", "action": 1})
            self.assertEqual(self.places(alice), {winner.uid: 1, loser.uid: 2})
            self.plays[bob.uid].read()
            self.assertFalse(only(self.plays[bob.uid].send(0))["roomList"][0]["start"])
            for stream in self.streams.values():
                stream.close()

    def test_the_result_has_scores_and_survival_times(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.services.wait(5)
        self.streams[carl.uid].send(4, score=7, survivalTime=5)
        self.services.wait(5)
        self.streams[alice.uid].send(4, score=9, survivalTime=10)
        self.services.wait(3.1)
        result = self.result(bob)
        self.assertEqual(
            result,
            [
                {"uid": bob.uid, "place": 1, "score": 0, "survivalTime": 13},
                {"uid": alice.uid, "place": 2, "score": 9, "survivalTime": 10},
                {"uid": carl.uid, "place": 3, "score": 7, "survivalTime": 5},
            ],
        )

    def test_who_is_cut_off_gets_the_next_place_and_the_others_are_told(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.streams[bob.uid].hang_up()
        self.plays[bob.uid].hang_up()
        told = {"type": "Server", "action": 3, "data": {"uid": bob.uid}}
        self.assertEqual(only(self.streams[alice.uid].read()), told)
        self.services.wait(4)
        self.assertEqual(self.streams[alice.uid].read(), [], "two are left")
        self.streams[carl.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(alice), {alice.uid: 1, carl.uid: 2, bob.uid: 3})

    def test_a_cut_off_player_comes_back_and_plays_on(self) -> None:
        alice, bob, _ = self.people
        seed = self.start(alice, bob)
        self.streams[bob.uid].send(5, stream="BBBB")
        self.streams[bob.uid].hang_up()
        self.services.wait(2.5)
        self.enter(bob)
        connect, go = self.streams[bob.uid].read()
        self.assertEqual(connect["data"]["histories"], [{"uid": bob.uid, "stream": "BBBB"}])
        self.assertEqual((connect["data"]["watch"], go["data"]["seed"]), (False, seed))
        self.services.wait(3)
        self.assertEqual([a["action"] for a in self.streams[alice.uid].read()], [5, 3, 2], "the end is called off")
        self.streams[alice.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(bob), {bob.uid: 1, alice.uid: 2})

    def test_a_half_dead_connection_is_replaced_and_the_seat_kept(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        old = self.streams[bob.uid]
        self.enter(bob)
        self.assertEqual(old.closed, 1008)
        old.hang_up()
        self.assertEqual([a["action"] for a in self.streams[alice.uid].read()], [2])
        self.streams[bob.uid].send(5, stream="EgA=")
        self.assertEqual(only(self.streams[alice.uid].read())["data"]["stream"], "EgA=")
        self.services.wait(5)
        self.assertEqual(self.streams[alice.uid].read(), [])

    def test_who_leaves_the_room_is_out_for_good(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.plays[bob.uid].send(3)
        self.assertEqual(only(self.streams[alice.uid].read())["action"], 3)
        self.plays[bob.uid].send(2, rid=self.room, config=CONFIG)
        self.enter(bob)
        self.assertTrue(only(self.streams[bob.uid].read())["data"]["watch"], "who comes again watches")
        self.streams[carl.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(alice), {alice.uid: 1, carl.uid: 2, bob.uid: 3})

    def test_the_stream_of_a_leaver_is_closed_after_the_answer_to_leaving(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.assertEqual(only(self.plays[bob.uid].send(3)), {"type": "Self", "action": 3, "data": {}})
        self.assertEqual(self.streams[bob.uid].send(5, stream="EgA="), [], "their client still plays for a moment")
        self.assertEqual(self.streams[bob.uid].send(4, score=0, survivalTime=0), [])
        self.services.wait(2.9)
        self.assertIsNone(self.streams[bob.uid].closed)
        self.services.wait(0.2)
        self.assertEqual(self.streams[bob.uid].closed, 1000)
        self.assertEqual([told["action"] for told in self.streams[alice.uid].read()], [3])

    def test_a_loser_who_says_no_time_has_the_one_measured_here(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        self.services.wait(7.5)
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.assertEqual(only(self.streams[alice.uid].read())["data"]["survivalTime"], 7)
        self.services.wait(3.1)
        self.assertEqual(
            {line["uid"]: line["survivalTime"] for line in self.result(alice)}, {alice.uid: 10, bob.uid: 7}
        )

    def test_all_leave(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        for person in (alice, bob):
            self.streams[person.uid].hang_up()
            self.plays[person.uid].hang_up()
        self.services.wait(6)
        self.assertEqual((self.services.lobby.rounds, self.services.lobby.rooms), ({}, {}))
        (record,) = self.services.result(self.services.store.rounds_of(alice.uid, 0, 9))
        self.assertEqual([(player.uid, player.place) for player in record.players], [(bob.uid, 1), (alice.uid, 2)])

    def test_a_lone_player_plays_until_they_die(self) -> None:
        alice = self.people[0]
        self.start(alice)
        self.services.wait(20)
        self.assertEqual(self.streams[alice.uid].read(), [])
        self.streams[alice.uid].send(4, score=5, survivalTime=20)
        self.services.wait(3.1)
        self.assertEqual(self.places(alice), {alice.uid: 1})

    def test_nobody_connects(self) -> None:
        alice, bob, _ = self.people
        self.begin(alice, bob)
        self.services.wait(9.9)
        self.assertEqual(self.plays[alice.uid].read(), [])
        self.services.wait(0.2)
        self.assertEqual(self.result(alice), [])
        self.assertEqual(self.services.result(self.services.store.rounds_of(alice.uid, 0, 9)), [])

    def test_who_does_not_connect_is_waited_for_ten_seconds(self) -> None:
        alice, bob, carl = self.people
        self.begin(alice, bob, carl)
        self.enter(alice, bob)
        for person in (alice, bob):
            self.streams[person.uid].read()
        self.services.wait(9.9)
        self.assertEqual(self.streams[alice.uid].read(), [])
        self.services.wait(0.2)
        self.assertEqual(only(self.streams[alice.uid].read())["action"], 0)
        self.enter(carl)
        self.assertTrue(only(self.streams[carl.uid].read())["data"]["watch"])
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(carl), {alice.uid: 1, bob.uid: 2})

    def test_who_leaves_before_the_start_is_not_waited_for(self) -> None:
        alice, bob, carl = self.people
        self.begin(alice, bob, carl)
        self.enter(alice, bob)
        self.plays[carl.uid].send(3)
        self.plays[bob.uid].send(3)
        self.services.wait(1.1)
        self.assertEqual([a.get("action") for a in self.streams[alice.uid].read()], [None, 2, 3, 0])
        self.plays[alice.uid].send(3)
        self.services.wait(3.1)
        self.assertEqual(self.services.lobby.rounds, {})

    def test_all_leave_before_the_start(self) -> None:
        alice, bob, _ = self.people
        self.begin(alice, bob)
        self.enter(alice)
        for person in (alice, bob):
            self.plays[person.uid].send(3)
        self.assertEqual((self.services.lobby.rounds, self.services.lobby.rooms), ({}, {}))

    def test_who_is_gone_at_the_start_does_not_play(self) -> None:
        alice, bob, _ = self.people
        self.begin(alice, bob)
        self.enter(alice, bob)
        self.streams[bob.uid].hang_up()
        self.services.wait(1.1)
        self.streams[alice.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(alice), {alice.uid: 1})

    def test_a_late_joiner_watches_with_histories_and_has_no_place(self) -> None:
        alice, bob, carl = self.people
        seed = self.start(alice, bob)
        self.streams[alice.uid].send(5, stream="AAAA")
        self.streams[bob.uid].send(5, stream="BB\\n,")
        self.streams[alice.uid].send(5, stream="CCCC")
        play = self.plays[carl.uid] = carl.play()
        joined = only(play.send(2, rid=self.room, config=CONFIG))["data"]
        self.assertEqual((joined["start"], joined["srid"]), (True, self.rid))
        for rid in (self.rid, self.room):
            self.rid = rid
            self.enter(carl)
            data = only(self.streams[carl.uid].read())["data"]
            self.assertEqual(
                data,
                {
                    "connected": [alice.uid, bob.uid],
                    "watch": True,
                    "seed": seed,
                    "histories": [
                        {"uid": alice.uid, "stream": "AAAA"},
                        {"uid": alice.uid, "stream": "CCCC"},
                        {"uid": bob.uid, "stream": "BB\\n,"},
                    ],
                },
            )
        told = self.streams[alice.uid].read()[-1]
        self.assertEqual(told, {"type": "Broadcast", "action": 2, "data": {"uid": carl.uid, "watch": True}})
        watching = {"type": "Warn", "reason": "You are watching"}
        self.assertEqual(only(self.streams[carl.uid].send(5, stream="x")), watching)
        self.assertEqual(only(self.streams[carl.uid].send(4, score=0, survivalTime=0)), watching)
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual([a["action"] for a in self.streams[carl.uid].read()], [4, 1])
        self.assertEqual(self.places(carl), {alice.uid: 1, bob.uid: 2})

    def test_histories_are_what_was_sent_whatever_it_was(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob)
        pieces = ["", '"', 'a","b', "\n", "\\n", "},{", 'x"},{"uid":3,"stream":"', "\u0000\u2028é\U0001d11e", "\\"]
        for piece in pieces:
            self.streams[alice.uid].send(5, stream=piece)
        self.plays[carl.uid] = carl.play()
        self.plays[carl.uid].send(2, rid=self.room, config=CONFIG)
        self.enter(carl)
        histories = only(self.streams[carl.uid].read())["data"]["histories"]
        self.assertEqual(histories, [{"uid": alice.uid, "stream": piece} for piece in pieces])

    def test_a_watcher_who_goes_changes_nothing(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob)
        self.plays[carl.uid] = carl.play()
        self.plays[carl.uid].send(2, rid=self.room, config=CONFIG)
        self.enter(carl)
        self.streams[carl.uid].hang_up()
        self.assertEqual([a["action"] for a in self.streams[alice.uid].read()], [2, 3])
        self.services.wait(4)
        self.assertEqual(self.streams[alice.uid].read(), [])

    def test_refusals(self) -> None:
        alice, bob, carl = self.people
        self.begin(alice, bob)
        stranger = carl.open("stream", rid=self.rid)
        # Other nodes may know them.
        self.services.wait(1.3)
        stranger.settle()
        self.assertEqual(stranger.answers.status, 403, "not in the room")
        self.assertEqual(alice.open("stream", rid="nowhere").answers.status, 404)
        self.enter(alice)
        self.streams[alice.uid].read()
        early = {"type": "Warn", "reason": "Not started yet"}
        self.assertEqual(only(self.streams[alice.uid].send(5, stream="x")), early)
        self.assertEqual(only(self.streams[alice.uid].send(4, score=0, survivalTime=0)), early)
        self.go(alice, bob)
        stream = self.streams[alice.uid]
        wrong: list[dict[str, Any]] = [{"score": -1, "survivalTime": 0}, {"score": 1.5, "survivalTime": 0}]
        for death in [*wrong, {"score": 1}, {}]:
            self.assertEqual(only(stream.send(4, **death))["type"], "Warn")
        for piece in (5, None, "x" * 16383):
            self.assertEqual(only(stream.send(5, stream=piece))["type"], "Warn")
        self.assertEqual(stream.send(4, score=0, survivalTime=0), [])
        dead = {"type": "Warn", "reason": "You are dead already"}
        self.assertEqual(only(stream.send(4, score=0, survivalTime=0)), dead)
        self.services.wait(3.1)
        stream.read()
        self.assertEqual(stream.send(4, score=0, survivalTime=0), [], "on its way when the end came")
        self.assertEqual(alice.open("stream", rid=self.rid).answers.status, 404)
        self.services.wait(3.1)
        self.assertEqual(stream.closed, 1000)

    def test_what_a_survivor_sends_before_they_hear_of_the_end_is_no_mistake(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.streams[alice.uid].send(5, stream="kept")
        self.services.wait(3.1)
        for person in (alice, bob):
            self.assertEqual(self.streams[person.uid].read()[-1], {"type": "Server", "action": 1})
        self.assertEqual(self.streams[alice.uid].send(5, stream="late"), [])
        self.assertEqual(self.streams[alice.uid].send(4, score=0, survivalTime=0), [])
        self.assertEqual(self.streams[bob.uid].read(), [])
        self.assertEqual(self.places(bob), {alice.uid: 1, bob.uid: 2})

    def test_the_server_stops_in_the_middle(self) -> None:
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        self.streams[carl.uid].send(4, score=0, survivalTime=0)
        for person in self.people:
            self.plays[person.uid].read()
        stopping = ensureDeferred(self.services.shared.stop())
        self.services.wait(0.5)
        told = [self.plays[person.uid].read() for person in self.people]
        for person, answers in zip(self.people, told, strict=True):
            goodbye = ["Error"] if person.services is self.services else ["Self", "Warn"]
            types = [answer["type"] for answer in answers]
            self.assertEqual(types, ["Server", *goodbye], "those who go together are not told of each other")
        answers = told[0]
        places = {line["uid"]: line["place"] for line in answers[0]["data"]["result"]}
        self.assertEqual(places, {alice.uid: 1, bob.uid: 1, carl.uid: 3})
        self.assertTrue(self.plays[alice.uid].hung_up)
        self.services.hang_up_all()
        self.successResultOf(stopping)
        self.assertEqual(len(self.services.result(self.services.store.rounds_of(bob.uid, 0, 9))), 1)

    def test_a_round_that_begins_while_the_server_waits_for_another_ends_too(self) -> None:
        alice, bob, carl = self.people
        self.start(alice)
        kept: Deferred[None] = Deferred()

        async def keep(record: Any) -> None:
            await kept

        (begun,) = self.services.lobby.rounds.values()
        begun._keep = keep
        plays = [person.play() for person in (carl, bob)]
        rid = only(plays[0].send(1, config=CONFIG))["data"]["rid"]
        plays[1].send(2, rid=rid, config=CONFIG)
        stopping = ensureDeferred(self.services.shared.stop())
        for play in plays:
            play.send(6, ready=True)
        self.services.wait(2.1)
        self.assertEqual([play.read()[-1]["action"] for play in plays], [8, 8])
        kept.callback(None)
        self.services.wait(0.1)
        for person, play in zip((carl, bob), plays, strict=True):
            here = person.services is self.services
            self.assertEqual([a.get("action") for a in play.read()], [9, None] if here else [9, 3, None])
            self.assertEqual(play.hung_up, here)
        self.services.hang_up_all()
        self.successResultOf(stopping)
        self.assertEqual(self.services.lobby.rounds, {})

    def test_the_result_is_told_even_if_it_cannot_be_kept_but_not_before_it_is(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)
        kept: list[Any] = []

        async def keep(record: Any) -> None:
            kept.append(record)
            self.assertNotIn(9, [a["action"] for a in self.plays[alice.uid].read()])
            await fail(OSError("the disk is full"))

        (begun,) = self.services.lobby.rounds.values()
        begun._keep = keep
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertEqual(self.places(alice), {alice.uid: 1, bob.uid: 2})
        self.assertEqual(len(kept), 1)
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)

    def test_a_store_that_does_not_answer_holds_the_result_up_for_five_seconds_at_most(self) -> None:
        alice, bob, _ = self.people
        self.start(alice, bob)

        async def keep(record: Any) -> None:
            await Deferred()

        (begun,) = self.services.lobby.rounds.values()
        begun._keep = keep
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.assertNotIn(9, [a["action"] for a in self.plays[alice.uid].read()])
        self.services.wait(5)
        self.assertEqual(self.places(alice), {alice.uid: 1, bob.uid: 2})
        self.assertEqual(len(self.flushLoggedErrors(TimeoutError)), 1)


class ReplayTests(Rounds):
    def test_a_round_is_kept_with_everything_its_players_sent(self) -> None:
        alice, bob, carl = self.people
        seed = self.start(alice, bob)
        for number in range(20):
            self.streams[alice.uid].send(5, stream=f"A{number}")
        self.streams[bob.uid].send(5, stream='quote " and \u00e9')
        self.streams[bob.uid].send(4, score=3, survivalTime=2)
        self.services.wait(3.1)
        replays = Replays(self.services.clock, self.services.store)
        (listed,) = self.services.result(replays.listed(alice.uid, 0, 10))
        self.assertEqual((listed["seed"], listed["type"], listed["room"]), (seed, "classic", "classic room"))
        self.assertEqual([(p["uid"], p["place"]) for p in listed["players"]], [(alice.uid, 1), (bob.uid, 2)])
        working = ensureDeferred(replays.whole(listed["id"], alice.uid))
        self.services.wait(0.5)
        whole = msgspec.json.decode(msgspec.json.encode(self.successResultOf(working)))
        self.assertEqual([p["stream"] for p in whole["players"]], [[f"A{n}" for n in range(20)], ['quote " and é']])
        self.assertTrue(all(p["whole"] for p in whole["players"]))
        self.assertIsNone(self.services.result(replays.whole(listed["id"], carl.uid)))

    def test_keeping_a_long_round_never_takes_long_within_one_reactor_turn(self) -> None:
        seat = Seat(1, "alice", watch=False)
        for _ in range(64):
            seat.keep(b'"%b"' % (b"x" * 16000), 1 << 20)
        clock = Turns()
        keeping = ensureDeferred(recorded(clock, RoundRecord(0, "AB", "r", "solo", 1, 0, 0, ()), [seat]))
        clock.advance(0)
        (player,) = self.successResultOf(keeping).players
        self.assertEqual(zlib.decompress(player.stream), seat.recorded())
        self.assertGreaterEqual(clock.turns, len(seat.record) // SLICE)

    def test_what_is_kept_of_one_player_is_limited(self) -> None:
        self.services = ClockServices(self, Techmino(replay_bytes=100))
        self.people = [self.services.person(name) for name in ("alice", "bob")]
        alice, bob = self.people
        self.start(alice, bob)
        for _ in range(10):
            self.streams[alice.uid].send(5, stream="x" * 20)
        self.assertEqual(len(self.streams[bob.uid].read()), 10, "everything is passed on")
        self.streams[bob.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        (record,) = self.services.result(self.services.store.rounds_of(alice.uid, 0, 9))
        self.assertEqual([player.whole for player in record.players], [False, True])

    def test_what_is_kept_of_all_players_is_limited(self) -> None:
        self.services = ClockServices(self, Techmino(round_bytes=100))
        self.people = [self.services.person(name) for name in ("alice", "bob", "carl")]
        alice, bob, carl = self.people
        self.start(alice, bob, carl)
        for person in (alice, alice, bob, carl, bob):
            self.streams[person.uid].send(5, stream="x" * 20)
        for person in (bob, carl):
            self.streams[person.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        (record,) = self.services.result(self.services.store.rounds_of(alice.uid, 0, 9))
        whole = {player.uid: player.whole for player in record.players}
        self.assertEqual(whole, {alice.uid: True, bob.uid: False, carl.uid: True})

    def test_old_rounds_are_forgotten(self) -> None:
        alice = self.people[0]
        self.start(alice)
        self.streams[alice.uid].send(4, score=0, survivalTime=0)
        self.services.wait(3.1)
        self.services.hang_up_all()
        for days, left in ((364, 1), (2, 0)):
            self.services.clock.advance(days * 86400)
            sweep, _ = self.services.techmino.periodic
            self.services.result(sweep.run())
            self.assertEqual(len(self.services.result(self.services.store.rounds_of(alice.uid, 0, 9))), left)


class LargeRoundTests(Rounds):
    def test_in_a_large_round_everything_arrives_once_and_in_order(self) -> None:
        self.people = [self.services.person(f"p{number}") for number in range(12)]
        for person in self.people:
            play = self.plays[person.uid] = person.play()
            data = {"type": "r49"} if person is self.people[0] else {"rid": self.room}
            answer = play.send(1 if person is self.people[0] else 2, config=CONFIG, **data)[0]
            self.room = self.room or answer["data"]["rid"]
        self.ready(*self.people)
        self.go(*self.people)
        expected: dict[int, list[Any]] = {person.uid: [] for person in self.people}
        for number in range(5):
            for sender in self.people[: 1 + number * 2]:
                stream = f"{sender.name}:{number}" * 20
                self.streams[sender.uid].write(frame(compact({"action": 5, "data": {"stream": stream}})))
                for person in self.people:
                    if person is not sender:
                        expected[person.uid].append((5, sender.uid, stream))
            if number == 3:
                dying = self.people[-1]
                death = {"action": 4, "data": {"score": 0, "survivalTime": 0}}
                self.streams[dying.uid].write(frame(compact(death)))
                for person in self.people[:-1]:
                    expected[person.uid].append((4, dying.uid, None))
            self.services.clock.advance(0.004)
        self.services.clock.advance(0.01)
        for person in self.people:
            got = [
                (message["action"], message["data"]["uid"], message["data"].get("stream"))
                for message in self.streams[person.uid].read()
            ]
            self.assertEqual(got, expected[person.uid])
