"""Who is connected, as whom, and who is told."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.errors import GameError
from gameserver.sessions.events import PlayerOffline, PlayerOnline
from gameserver.sessions.limits import ConnectionCount, RateLimit
from gameserver.sessions.manager import COMMUNITY, DuplicateLogin, SessionManager, presence_topic
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoders, Session
from gameserver.testing.sinks import RecordingSink
from tests.typed import the

ENCODERS: Encoders = {
    PlayerOnline: lambda event: b"+" + event.player.name.encode(),
    PlayerOffline: lambda event: b"-" + event.player.name.encode(),
}


class ManagerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.sessions = SessionManager(self.clock, ConnectionCount(5, 8))
        self.watcher = RecordingSink()
        watching = self.sessions.open("watch", "", self.watcher, ENCODERS)
        self.sessions.topics.subscribe(watching, presence_topic(COMMUNITY))

    def come(
        self,
        player: Player,
        protocol: str = "chat",
        again: DuplicateLogin = DuplicateLogin.REPLACE,
        namespace: str = COMMUNITY,
    ) -> tuple[Session, RecordingSink]:
        sink = RecordingSink()
        session = self.sessions.open(protocol, "10.0.0.1", sink, ENCODERS, namespace)
        self.sessions.login(session, player, again)
        return session, sink

    def heard(self) -> list[bytes]:
        said = list(self.watcher.payloads)
        self.watcher.payloads.clear()
        return said

    def refused(self, code: str, player: Player) -> None:
        with self.assertRaises(GameError) as caught:
            self.come(player)
        self.assertEqual(caught.exception.code, code)

    def test_coming_and_going_are_told_once_however_many_doors(self) -> None:
        chat, _ = self.come(Player("anne", 1))
        lobby, _ = self.come(Player("anne", 1), "kassel")
        self.assertEqual((self.heard(), self.sessions.online()), ([b"+anne"], [Player("anne", 1)]))
        self.assertEqual(self.sessions.find("ANNE"), [chat, lobby])
        self.sessions.close(chat)
        self.assertEqual(self.heard(), [])
        self.sessions.close(lobby)
        self.sessions.close(lobby)
        self.assertEqual((self.heard(), self.sessions.find("anne"), len(self.sessions)), ([b"-anne"], [], 1))

    def test_a_new_session_replaces_or_stands_beside_the_old_as_the_door_says(self) -> None:
        first, old = self.come(Player("anne", 1))
        second, _ = self.come(Player("anne", 1))
        self.assertEqual((the(old.closed)[0], first.open, self.heard()), ("replaced", False, [b"+anne"]))
        third, _ = self.come(Player("anne", 1), again=DuplicateLogin.KEEP)
        self.assertEqual(self.sessions.find("anne"), [second, third])

    def test_who_comes_and_comes_again_is_refused_and_nobody_is_told(self) -> None:
        limit = RateLimit.by_factor(1.0, 3, 2)
        self.sessions = SessionManager(self.clock, ConnectionCount(100, 100), self.sessions.topics, limit)
        for _ in range(3):
            self.sessions.close(self.come(Player("anne"))[0])
        self.assertEqual(self.heard(), [b"+anne", b"-anne"] * 3)
        self.refused("too_fast", Player("ANNE"))
        # Somebody else from there still has a place, until the address has none.
        for name in ("bob", "carl", "dora"):
            self.come(Player(name))
        self.refused("too_fast", Player("emil"))
        self.assertEqual(self.heard(), [b"+bob", b"+carl", b"+dora"])
        self.clock.advance(1)
        self.come(Player("anne"))
        self.assertEqual(self.heard(), [b"+anne"])

    def test_a_name_is_one_persons(self) -> None:
        self.come(Player("anne"))
        self.refused("name_taken", Player("Anne"))
        self.refused("name_taken", Player("ANNE", 3))
        self.come(Player("bob", 2))
        self.refused("name_taken", Player("bob"))

    def test_another_community_is_another_world(self) -> None:
        self.come(Player("anne"))
        self.come(Player("anne"), namespace="techmino")
        self.assertEqual(self.heard(), [b"+anne"])
        self.assertEqual([player.name for player in self.sessions.online("techmino")], ["anne"])

    def test_connections_are_counted_by_address_and_in_all(self) -> None:
        taken = [self.sessions.open("chat", "10.0.0.9", RecordingSink(), {}) for _ in range(5)]
        for address in ("10.0.0.9",):
            with self.assertRaises(GameError) as caught:
                self.sessions.open("chat", address, RecordingSink(), {})
            self.assertEqual(caught.exception.code, "too_many_connections")
        self.sessions.close(taken[0])
        self.sessions.open("chat", "10.0.0.9", RecordingSink(), {})
        for _ in range(2):
            self.sessions.open("chat", "10.0.0.8", RecordingSink(), {})
        with self.assertRaises(GameError):
            self.sessions.open("chat", "", RecordingSink(), {})

    def test_a_session_has_one_player_until_it_logs_out(self) -> None:
        session, _ = self.come(Player("anne"))
        with self.assertRaises(GameError) as caught:
            self.sessions.login(session, Player("bob"))
        self.assertEqual(caught.exception.code, "already_logged_in")
        self.sessions.logout(session)
        self.sessions.login(session, Player("bob"))
        self.assertEqual(self.heard(), [b"+anne", b"-anne", b"+bob"])
        self.sessions.close(session)
        with self.assertRaises(GameError) as caught:
            self.sessions.login(session, Player("carl"))
        self.assertEqual(caught.exception.code, "closed")

    def test_a_goodbye_that_fails_keeps_nobody_from_his(self) -> None:
        first, broken = self.come(Player("anne"))
        second, sink = self.come(Player("bob"))
        self.patch(broken, "close", lambda code, text: 1 / 0)
        self.assertEqual(self.sessions.disconnect([first, second, first], "shutdown", "Bye."), 2)
        self.assertEqual(sink.closed, ("shutdown", "Bye."))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertIsNone(self.sessions.session(first.id))
