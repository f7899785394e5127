"""The heartbeat of browsers that have asked for it, and the codes their connections end with."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.websocket.upgrade import Refusal, Upgrade
from gameserver.protocols.kassel.channel import accept
from tests.protocols.kassel.services import Browser, ClockServices


class HeartbeatTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()

    def beats(self, client: Browser) -> int:
        """Return how often the client has been asked for a sign of life."""
        return sum('"@prop":"BEAT"' in line for line in client.lines())

    def test_a_silent_browser_is_asked_and_an_empty_line_is_answer_enough(self) -> None:
        anne = self.services.logged_in(self.services.browser(beating=True), "anne")
        for _ in range(5):
            self.services.clock.advance(3.9)
            self.assertEqual(self.beats(anne), 0)
            self.services.clock.advance(0.2)
            self.assertEqual(self.beats(anne), 1)
            self.services.clock.advance(5)
            self.assertEqual(anne.ask(""), [])
        self.assertIsNone(anne.wire.closed)

    def test_who_gives_no_sign_of_life_is_gone_after_ten_seconds(self) -> None:
        bob = self.services.user("bob")
        bob.ask("CREATE GAME table -maxPlayers 2")
        anne = self.services.logged_in(self.services.browser(beating=True), "anne")
        anne.join("table")
        match = self.services.matches.every()[0]
        self.services.clock.advance(4)
        self.services.clock.advance(5.9)
        seat = match.seat_of("anne")
        assert seat is not None
        self.assertIsNotNone(seat.receiver)
        self.services.clock.advance(0.2)
        self.assertEqual(anne.wire.closed, (4003, "Nothing was heard of you."))
        self.assertIsNone(seat.receiver)

    def test_nobody_else_is_asked(self) -> None:
        anne, bob = self.services.browsing("anne"), self.services.user("bob")
        self.services.clock.advance(60)
        self.assertEqual((anne.lines(), bob.lines()), ([], []))
        self.assertIsNone(anne.wire.closed)

    def test_nothing_is_waited_for_when_the_browser_has_gone(self) -> None:
        anne = self.services.logged_in(self.services.browser(beating=True), "anne")
        anne.hang_up()
        shared = self.services.seasons["ss14"]
        self.assertEqual((len(shared.beats), len(shared.unanswered)), (0, 0))

    def test_the_first_subprotocol_that_is_known_is_taken(self) -> None:
        def chosen(*offered: str) -> str | None:
            upgrade = Upgrade("/kassel/ss14", {}, {}, b"", "192.0.2.1", offered)
            return accept(self.services.seasons["ss14"], upgrade).subprotocol

        self.assertEqual(chosen("kassel.beat", "kassel"), "kassel.beat")
        self.assertEqual(chosen("else", "kassel"), "kassel")
        self.assertIsNone(chosen())
        self.assertRaises(Refusal, chosen, "else")

    def test_what_is_refused_in_the_lobby_has_its_code_in_front_for_pages_only(self) -> None:
        anne = self.services.logged_in(self.services.browser(beating=True), "anne")
        bob = self.services.user("bob")
        (told,) = anne.ask("JOIN GAME none")
        self.assertTrue(told.startswith("ERROR: [no_game] "), told)
        self.assertEqual(bob.ask("JOIN GAME none"), [told.replace("[no_game] ", "")])

    def test_codes_say_whether_to_come_back(self) -> None:
        anne = self.services.browsing("anne")
        anne.ask("CREATE GAME table -maxPlayers 2")
        anne.join("table")
        again = self.services.browsing("anne")
        again.join("table")
        self.assertEqual(anne.wire.closed and anne.wire.closed[0], 4000)
        for code, word in ((4001, "kicked"), (4002, "banned")):
            client = self.services.browsing(word)
            self.services.sessions.disconnect(self.services.sessions.everywhere(word), word, "Out.")
            self.assertEqual(client.wire.closed and client.wire.closed[0], code)
