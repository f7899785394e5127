"""What people say to each other."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.rooms.room import HISTORY
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.events import DirectMessage, RoomMessage, TeamMessage
from gameserver.sessions.limits import ConnectionCount
from gameserver.sessions.manager import COMMUNITY, DuplicateLogin, SessionManager
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoders, Session
from gameserver.testing.sinks import RecordingSink

ENCODERS: Encoders = {
    RoomMessage: lambda event: f"{event.speaker.name}: {event.text}".encode(),
    DirectMessage: lambda event: f"{event.sender.name} to {event.recipient}: {event.text}".encode(),
    TeamMessage: lambda event: f"{event.speaker.name} to team {event.team}: {event.text}".encode(),
}


class RoomsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.sessions = SessionManager(self.clock, ConnectionCount(100, 100))
        self.rooms = Rooms(self.sessions, self.clock)
        self.ann, self.bob = Player("anne", 1, team="Red"), Player("Bob", 2, team="red")

    def come(
        self, player: Player, protocol: str = "chat", encoders: Encoders = ENCODERS
    ) -> tuple[Session, RecordingSink]:
        sink = RecordingSink()
        session = self.sessions.open(protocol, "", sink, encoders)
        self.sessions.login(session, player, DuplicateLogin.KEEP)
        return session, sink

    def test_a_room_tells_everybody_in_it_and_remembers_the_last(self) -> None:
        (one, ann), (_, outside) = self.come(self.ann), self.come(self.bob)
        room = self.rooms.room(COMMUNITY)
        room.enter(one)
        for number in range(HISTORY + 3):
            self.rooms.say(COMMUNITY, self.bob, str(number))
        self.assertEqual((ann.payloads[-1], outside.payloads), (f"Bob: {HISTORY + 2}".encode(), []))
        self.assertEqual([message.text for message in room.history], [str(n) for n in range(3, HISTORY + 3)])
        room.leave(one)
        self.rooms.say(COMMUNITY, self.bob, "alone")
        self.assertEqual(len(ann.payloads), HISTORY + 3)

    def test_whose_client_shows_by_itself_what_they_say_does_not_hear_it_again(self) -> None:
        (here, ann), (elsewhere, at_kassel), (other, bob) = (
            self.come(self.ann),
            self.come(self.ann, "kassel"),
            self.come(self.bob),
        )
        for session in (here, elsewhere, other):
            self.rooms.room(COMMUNITY).enter(session)
        self.rooms.say(COMMUNITY, self.ann, "hello", unheard_by=here)
        self.assertEqual((ann.payloads, at_kassel.payloads, bob.payloads), ([], [b"anne: hello"], [b"anne: hello"]))

    def test_a_room_may_be_full_of_people_each_counted_once(self) -> None:
        room = self.rooms.room(COMMUNITY, "small", 1)
        one, _ = self.come(self.ann)
        again, _ = self.come(self.ann, "kassel")
        other, _ = self.come(self.bob)
        room.enter(one)
        room.enter(one)
        with self.assertRaises(GameError) as caught:
            room.enter(other)
        self.assertEqual((caught.exception.code, room.count), ("room_full", 1))
        self.assertIs(self.rooms.room(COMMUNITY, "small"), room)
        self.sessions.close(again)

    def test_a_direct_message_reaches_every_door_that_has_words_for_it(self) -> None:
        _, chat = self.come(self.bob)
        _, lobby = self.come(self.bob, "kassel")
        _, mute = self.come(self.bob, "invoker", {})
        self.assertTrue(self.rooms.tell(COMMUNITY, self.ann, "BOB", "hi"))
        self.assertEqual((chat.payloads, lobby.payloads, mute.payloads), ([b"anne to Bob: hi"],) * 2 + ([],))
        self.assertFalse(self.rooms.tell(COMMUNITY, self.ann, "nobody", "hi"))
        self.come(Player("carl"), "invoker", {})
        self.assertFalse(self.rooms.tell(COMMUNITY, self.ann, "carl", "hi"))

    def test_a_team_hears_what_is_said_to_it(self) -> None:
        (_, ann), (_, bob), (_, carl) = self.come(self.ann), self.come(self.bob), self.come(Player("carl"))
        self.assertEqual(self.rooms.tell_team(COMMUNITY, self.ann, "RED", "we"), 2)
        self.assertEqual((ann.payloads, bob.payloads, carl.payloads), ([b"anne to team RED: we"],) * 2 + ([],))

    def test_whoever_is_muted_says_nothing_anywhere(self) -> None:
        self.rooms.muted = lambda player: player.name == "anne"
        for speak in (
            lambda: self.rooms.say(COMMUNITY, self.ann, "x"),
            lambda: self.rooms.tell(COMMUNITY, self.ann, "Bob", "x"),
            lambda: self.rooms.tell_team(COMMUNITY, self.ann, "Red", "x"),
        ):
            with self.assertRaises(GameError) as caught:
                speak()
            self.assertEqual(caught.exception.code, "muted")
