"""Evenings of people who do anything at any time: every round ends with a sound result, and nothing is left over."""

from __future__ import annotations

import os
import random
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.testing.techmino import compact, frame
from tests.protocols.techmino.services import CONFIG, ClockServices, Person, Wired

EVENINGS = 400 if os.environ.get("GAMESERVER_LONG") == "1" else 12

#: What somebody does, and how often.
DEEDS = {
    "everybody_plays": 5,
    "connect": 2,
    "hang_up": 1,
    "goodbye": 1,
    "create": 5,
    "join": 15,
    "leave": 2,
    "ready": 20,
    "stream": 6,
    "break_off": 4,
    "die": 6,
    "chunk": 10,
    "kicked": 1,
    "wait": 15,
}


class Evening:
    """Some people, what they are connected with, and the rooms and rounds they have heard of."""

    def __init__(self, case: SynchronousTestCase, seed: int, services: type[ClockServices]) -> None:
        self.case = case
        self.chance = random.Random(seed)
        self.services = services(case, limits=Limits(messages_per_second=1e6, burst=1_000_000))
        self.people = [self.services.person(f"p{number}") for number in range(self.chance.choice((2, 3, 4, 10)))]
        #: Those with a client of generation 2: nobody, everybody, or every other.
        self.later = {person.uid for person in self.people[:: 1 + (seed % 3 == 2)]} if seed % 3 else set()
        #: The boards that each of them has on a stream, until it starts.
        self.boards: dict[Wired, list[int]] = {}
        self.plays: dict[int, Wired] = {}
        self.streams: dict[int, Wired] = {}
        self.room = self.round = ""
        self.results = 0

    def do(self) -> None:
        """Let somebody do something, and look at what everybody is told."""
        person = self.chance.choice(self.people)
        (deed,) = self.chance.choices(list(DEEDS), list(DEEDS.values()))
        getattr(self, deed)(person)
        for other in self.people:
            self.look(other)

    def play(self, person: Person) -> Wired:
        wired = self.plays.get(person.uid)
        if wired is None or wired.gone or wired.closed is not None:
            wired = self.plays[person.uid] = person.open("play")
        return wired

    def on_play(self, person: Person, action: int, **data: Any) -> None:
        self.play(person).write(frame(compact({"action": action, "data": data})))

    def on_stream(self, person: Person, action: int, **data: Any) -> None:
        if person.uid in self.streams:
            self.streams[person.uid].write(frame(compact({"action": action, "data": data})))

    def everybody_plays(self, _person: Person) -> None:
        for person in self.people:
            if self.room not in self.services.all_rooms():
                self.on_play(person, 3)
                self.create(person)
                self.look(person)
            self.join(person)
        for person in self.people:
            self.on_play(person, 6, **({"mode": 1} if person.uid in self.later else {"ready": True}))
        self.services.wait(2.1)
        for person in self.people:
            self.look(person)
        self.services.wait(1.1)

    def connect(self, person: Person) -> None:
        self.plays[person.uid] = person.open("play")

    def hang_up(self, person: Person) -> None:
        self.play(person).hang_up()

    def goodbye(self, person: Person) -> None:
        self.play(person).close()

    def create(self, person: Person) -> None:
        room: dict[str, Any] = {"type": "r49"}
        if person.uid in self.later:
            info = {"name": "a room", "type": "normal", "version": "ver A-2"}
            room = {"capacity": 49, "roomInfo": info, "roomData": {"drop": 30}}
        self.on_play(person, 1, config=CONFIG, **room)

    def join(self, person: Person) -> None:
        self.on_play(person, 2, rid=self.room, config=CONFIG)

    def leave(self, person: Person) -> None:
        self.on_play(person, 3)

    def ready(self, person: Person) -> None:
        if person.uid in self.later:
            self.on_play(person, 6, mode=self.chance.choices((0, 1, 2), (5, 85, 10))[0])
        else:
            self.on_play(person, 6, ready=self.chance.random() < 0.95)

    def stream(self, person: Person) -> None:
        wired = person.open("stream", rid=self.chance.choice((self.round, self.room)))
        if wired.answers.status == 101:
            self.streams[person.uid] = wired

    def break_off(self, person: Person) -> None:
        if person.uid in self.streams:
            self.streams[person.uid].hang_up()

    def die(self, person: Person) -> None:
        self.on_stream(person, 4, score=1, survivalTime=1)

    def chunk(self, person: Person) -> None:
        self.on_stream(person, 5, stream=person.name)

    def kicked(self, person: Person) -> None:
        self.services.kick(person.name)

    def wait(self, _person: Person) -> None:
        self.services.wait(self.chance.choice((0.1, 0.5, 1, 2.1, 3, 5)))

    def look(self, person: Person) -> None:
        """Read what somebody has been told, act as the real client would, and check what would harm it."""
        for message in self.plays[person.uid].read() if person.uid in self.plays else ():
            data: Any = message.get("data")
            match message["type"], message.get("action"):
                case "Server", 8:
                    self.round = data["rid"]
                    if self.chance.random() < 0.9:
                        self.stream(person)
                case "Server", 9:
                    self.results += 1
                    places = [line["place"] for line in data["result"]]
                    self.case.assertEqual(places, list(range(1, len(places) + 1)))
                    self.case.assertEqual(len({line["uid"] for line in data["result"]}), len(places))
                case "Self", 2:
                    self.room = data["rid"]
                    uids, sids = ([player[key] for player in data["players"]] for key in ("uid", "sid"))
                    self.case.assertEqual((len(set(uids)), len(set(sids))), (len(uids), len(sids)))
                    self.case.assertIn(person.uid, uids)
                case "Broadcast", 2 | 3:
                    self.case.assertNotEqual(data["uid"], person.uid)
        for message in self.streams[person.uid].read() if person.uid in self.streams else ():
            self.case.assertFalse(message.get("action") == 5 and message["data"]["uid"] == person.uid)
            if person.uid in self.later:
                self.look_at_boards(self.streams[person.uid], message)

    def look_at_boards(self, stream: Wired, message: dict[str, Any]) -> None:
        """Make a board where the real client does, and see that nobody has two when it starts."""
        boards, data = self.boards.setdefault(stream, []), message.get("data", {})
        match message["type"], message.get("action"):
            case "Broadcast", 2:
                boards += [data["uid"]] * (not data["spectate"])
            case "Self", 2:
                boards += [one["uid"] for one in data["connected"] if not one["spectate"]]
                boards += [data["uid"]] * (not data["spectate"] or data["uid"] not in boards)
                self.case.assertEqual(sorted(boards), sorted(set(boards)))
                # What comes from now on is no board any more.
                self.boards[stream] = []
            case _:
                self.case.assertIn(message["type"], ("Connect", "Broadcast", "Server", "Error", "Warn"))

    def end(self) -> None:
        """Let everybody stop playing, or go, or the server stop."""
        how = self.chance.randrange(3)
        if how == 0:
            stopping = ensureDeferred(self.services.shared.stop())
            self.services.wait(0.1)
            self.services.hang_up_all()
            # At another node rounds go on and end by themselves.
            self.services.wait(25)
            self.case.successResultOf(stopping)
            return
        if how == 1:
            for wired in self.streams.values():
                wired.hang_up()
            self.services.wait(25)
            self.case.assertEqual(self.services.all_rounds(), {}, "a round always ends")
        self.services.hang_up_all()
        self.services.wait(25)


class AnyOrderTests(SynchronousTestCase):
    SERVICES: type[ClockServices] = ClockServices

    def test_every_round_ends_and_nothing_is_left_over(self) -> None:
        results = 0
        for seed in range(EVENINGS):
            with self.subTest(seed=seed):
                evening = Evening(self, seed, self.SERVICES)
                for _ in range(150):
                    evening.do()
                evening.end()
                evening.services.assert_nothing_is_left(self)
                results += evening.results
        self.assertGreater(results, EVENINGS)
