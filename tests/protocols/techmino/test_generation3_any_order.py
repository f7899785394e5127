"""Evenings of people with clients of generation 3 who do anything at any time.

Each client is followed by a model of what the real one knows: it would stumble over news of somebody it has not seen
coming, over a start in the moment after it has come in, and over an end without a start.
"""

from __future__ import annotations

import os
import random
from typing import Any

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from tests.protocols.techmino.generation3 import Generation3Services, Message, Player

EVENINGS = 400 if os.environ.get("GAMESERVER_LONG") == "1" else 12

#: What somebody does, and how often.
DEEDS = {
    "everybody_plays": 4,
    "connect": 2,
    "hang_up": 2,
    "create": 4,
    "join": 15,
    "leave": 3,
    "ready": 20,
    "unready": 2,
    "watch": 4,
    "group": 3,
    "say": 3,
    "configure": 2,
    "piece": 15,
    "lose": 8,
    "kick": 2,
    "host": 2,
    "password": 1,
    "dissolve": 1,
    "banish": 1,
    "wait": 15,
}

#: Seconds after coming in during which the client hears nothing of its room.
DEAF = 0.5


@attrs.define
class Known:
    """A room as one client knows it."""

    joined_at: float
    players: dict[int, dict[str, Any]]
    playing: bool


class Evening:
    """Some people, and what their clients know."""

    def __init__(self, case: SynchronousTestCase, seed: int, services: type[Generation3Services]) -> None:
        self.case = case
        self.chance = random.Random(seed)
        self.services = services(case, limits=Limits(messages_per_second=1e6, burst=1_000_000))
        self.people = [self.services.player(f"p{number}") for number in range(self.chance.choice((2, 3, 4, 10)))]
        self.known: dict[int, Known] = {}
        self.room = ""
        self.begun = self.ended = 0

    def do(self) -> None:
        """Let somebody do something, and look at what everybody is told."""
        person = self.chance.choice(self.people)
        (deed,) = self.chance.choices(list(DEEDS), list(DEEDS.values()))
        if person.wired.gone or person.wired.closed is not None:
            self.connect(person)
        getattr(self, deed)(person)
        self.look_at_all()
        self.compare()

    def ask(self, person: Player, action: int, data: object = ...) -> None:
        self.look(person, person.ask(action, data))

    def everybody_plays(self, _person: Player) -> None:
        for person in self.people:
            if person.wired.gone or person.wired.closed is not None:
                self.connect(person)
        for person in self.people:
            if self.room not in self.services.all_rooms():
                self.leave(person)
                self.create(person)
            self.join(person)
            self.ready(person)
        for _ in range(4):
            self.services.wait(1.01)
            self.look_at_all()

    def connect(self, person: Player) -> None:
        self.known.pop(person.uid, None)
        person.connect()

    def hang_up(self, person: Player) -> None:
        person.wired.hang_up()
        self.known.pop(person.uid, None)

    def create(self, person: Player) -> None:
        info = {"name": "x", "type": "normal", "version": "ver A-13"}
        capacity = self.chance.choice((2, 3, 99))
        self.ask(person, 1301, {"capacity": capacity, "info": info, "data": {}})

    def join(self, person: Player) -> None:
        self.ask(person, 1306, {"roomId": self.room})

    def leave(self, person: Player) -> None:
        self.ask(person, 1308)
        self.known.pop(person.uid, None)

    def ready(self, person: Player) -> None:
        self.ask(person, 1207, "Gamer")
        self.ask(person, 1203, True)

    def unready(self, person: Player) -> None:
        self.ask(person, 1203, False)

    def watch(self, person: Player) -> None:
        self.ask(person, 1207, "Spectator")

    def group(self, person: Player) -> None:
        self.ask(person, 1202, self.chance.randrange(3))

    def say(self, person: Player) -> None:
        self.ask(person, 1300, {"message": "hello"})

    def configure(self, person: Player) -> None:
        self.ask(person, 1200, "{}")

    def piece(self, person: Player) -> None:
        self.ask(person, 1206, "CQAAAAAA")

    def lose(self, person: Player) -> None:
        self.ask(person, 1201, {"reason": self.chance.choice(("lose", "desync"))})

    def kick(self, person: Player) -> None:
        self.ask(person, 1307, {"playerId": self.chance.choice(self.people).uid})

    def host(self, person: Player) -> None:
        self.ask(person, 1204, {"playerId": self.chance.choice(self.people).uid, "role": "Admin"})

    def password(self, person: Player) -> None:
        self.ask(person, 1310, {"password": ""})

    def dissolve(self, person: Player) -> None:
        self.ask(person, 1311, [])

    def banish(self, person: Player) -> None:
        """An operator puts somebody out."""
        self.services.kick(person.name)
        self.look(person, person.heard())
        self.case.assertEqual(person.wired.closed, 1008)
        self.known.pop(person.uid, None)

    def wait(self, _person: Player) -> None:
        for _ in range(self.chance.choice((1, 2, 6))):
            self.services.wait(self.chance.choice((0.1, 0.5, 1)))
            self.look_at_all()

    def look_at_all(self) -> None:
        for person in self.people:
            if not person.wired.gone:
                self.look(person, person.heard())

    def look(self, person: Player, messages: list[Message]) -> None:
        for message in messages:
            if message["errno"]:
                self.case.assertNotIn("internalError", message["message"])
                continue
            self.take(person, message["action"], message.get("data"))

    def take(self, person: Player, action: int, data: Any) -> None:
        """Follow one message as the real client would."""
        case, known = self.case, self.known.get(person.uid)
        now = self.services.clock.seconds()
        if action in (1301, 1306) and "players" in data:
            self.room = data["roomId"]
            players = {player["playerId"]: player for player in data["players"]}
            case.assertEqual(len(players), len(data["players"]))
            case.assertIn(person.uid, players)
            playing = data["state"] == "Playing"
            case.assertEqual("seed" in data, playing)
            if playing:
                # A player would have a board of their own.
                case.assertEqual(players[person.uid]["type"], "Spectator")
            self.known[person.uid] = Known(now, players, playing)
            return
        if action == 1200 and isinstance(data, str):
            return
        if known is None:
            # Of a room that has been left; the client is at another screen, and a leaver hears of it once.
            case.assertIn(action, (1308, 1309, 1000))
            return
        if action == 1102:
            case.assertGreater(now - known.joined_at, DEAF)
            case.assertFalse(known.playing)
            known.playing = True
            self.begun += 1
        elif action == 1100:
            case.assertTrue(known.playing)
            known.playing = False
            self.ended += 1
        elif action == 1306:
            case.assertNotIn(data["playerId"], known.players)
            known.players[data["playerId"]] = data
        elif action == 1311 or (action == 1307 and data["playerId"] == person.uid):
            del self.known[person.uid]
        elif action in (1307, 1308):
            case.assertIn(data["playerId"], known.players)
            del known.players[data["playerId"]]
        elif action != 1101:
            self.change(person, known, action, data)

    def change(self, person: Player, known: Known, action: int, data: Any) -> None:
        case = self.case
        case.assertIn(data["playerId"], known.players)
        player = known.players[data["playerId"]]
        keys = {1202: "group", 1204: "role", 1207: "type", 1200: "config"}
        if action in keys:
            player[keys[action]] = data[keys[action]]
        elif action == 1203:
            case.assertEqual(player["type"], "Gamer")
        elif action == 1206:
            case.assertTrue(known.playing)
            case.assertNotEqual(data["playerId"], person.uid)
        elif action == 1201:
            case.assertTrue(known.playing)
        else:
            case.assertIn(action, (1300, 1310))

    def compare(self) -> None:
        """Check that each client knows what is so."""
        case = self.case
        rooms = self.services.all_rooms().values()
        members = {uid: member for room in rooms for uid, member in room.members.items()}
        for person in self.people:
            member = members.get(person.uid)
            known = self.known.get(person.uid)
            case.assertEqual(member is None, known is None, person.name)
            if member is None or known is None:
                continue
            room = member.room
            case.assertEqual(set(room.members), set(known.players))
            for uid, other in room.members.items():
                shown = known.players[uid]
                case.assertEqual(shown["type"], "Spectator" if other.watching else "Gamer")
                case.assertEqual(shown["role"], "Admin" if other is room.host else "Normal")
                case.assertEqual(shown["group"], other.group)
            case.assertEqual(room.round is not None, known.playing)

    def end(self) -> None:
        """Let everybody go, or the server stop."""
        if self.chance.random() < 0.5:
            stopping = ensureDeferred(self.services.shared.stop())
            self.services.wait(0.1)
            self.services.hang_up_all()
            self.services.wait(25)
            self.case.successResultOf(stopping)
            return
        self.services.hang_up_all()
        self.services.wait(25)


class AnyOrderTests(SynchronousTestCase):
    SERVICES: type[Generation3Services] = Generation3Services

    def test_every_round_ends_and_every_client_knows_what_is_so(self) -> None:
        begun = ended = 0
        for seed in range(EVENINGS):
            with self.subTest(seed=seed):
                evening = Evening(self, seed, self.SERVICES)
                for _ in range(150):
                    evening.do()
                evening.end()
                evening.services.assert_nothing_is_left(self)
                begun, ended = begun + evening.begun, ended + evening.ended
        self.assertGreater(begun, EVENINGS)
        self.assertGreater(ended, EVENINGS // 2)
