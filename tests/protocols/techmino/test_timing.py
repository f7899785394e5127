"""How long a client may wait for a byte, and how a connection ends that its reader must survive, on a clock."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.testing.techmino import PONG, Answers, frame
from tests.protocols.techmino.services import CONFIG, ClockServices, Wired, only


class SilenceTests(SynchronousTestCase):
    """0.14.7 gives up after 30 seconds in which it has read nothing, 0.16 and later after 18."""

    def setUp(self) -> None:
        self.services = ClockServices(self)

    def quiet(self, clients: list[Wired], seconds: float) -> float:
        """Let time pass and return the longest stretch in which one of them had nothing to read."""
        clock, longest = self.services.clock, 0.0
        last = dict.fromkeys(clients, clock.seconds())
        for _ in range(int(seconds * 4)):
            clock.advance(0.25)
            for client in clients:
                if data := client.raw():
                    last[client] = clock.seconds()
                    client.answers.feed(data)
            longest = max(longest, clock.seconds() - min(last.values()))
        return longest

    def test_at_every_endpoint_something_is_read_in_time(self) -> None:
        alice = self.services.person("alice")
        play = alice.play()
        play.send(1, config=CONFIG)
        play.send(6, ready=True)
        self.services.wait(2.1)
        rid = play.read()[-1]["data"]["rid"]
        stream = alice.open("stream", rid=rid)
        user = self.services.open("user", {"email": "alice@x.org", "password": "pw"})
        clients = [play, stream, user, self.services.open("app"), alice.open("chat")]
        self.services.wait(2)
        self.assertLess(self.quiet(clients, 120), 6.0)
        self.assertEqual([client.gone for client in clients], [False] * 5, "idle clients are kept")

    def test_a_client_that_answers_nothing_is_given_up_after_a_minute(self) -> None:
        wired = self.services.open("app")
        wired.read()
        wired.answers = Answers(lambda _payload: None)
        self.services.wait(58)
        wired.settle()
        self.assertFalse(wired.gone)
        self.services.wait(8)
        wired.settle()
        self.assertTrue(wired.gone)

    def test_pongs_that_nobody_has_asked_for_do_no_harm(self) -> None:
        wired = self.services.open("app")
        wired.read()
        for _ in range(20):
            self.services.wait(6)
            wired.write(frame(b"", PONG))
        self.assertEqual(only(wired.send(1))["action"], 1)


class EndTests(SynchronousTestCase):
    """After a Close frame the clients up to 0.15.2 read nothing any more at that endpoint."""

    def setUp(self) -> None:
        self.services = ClockServices(self)
        self.alice = self.services.person("alice")

    def test_a_stop_says_why_and_ends_tcp(self) -> None:
        play, app = self.alice.play(), self.services.open("app")
        app.read()
        stopping = ensureDeferred(self.services.shared.stop())
        for wired in (play, app):
            self.assertEqual(only(wired.read()), {"type": "Error", "reason": "The server is stopping."})
            self.assertTrue(wired.hung_up)
        self.services.hang_up_all()
        self.successResultOf(stopping)

    def test_who_is_replaced_reads_why_and_no_close_frame(self) -> None:
        play = self.alice.play()
        self.alice.open("play").read()
        self.assertEqual(only(play.read())["type"], "Error")
        self.assertTrue(play.hung_up)

    def test_a_browser_gets_the_close_frame_of_the_document(self) -> None:
        path = f"play?uid={self.alice.uid}&accessToken={self.alice.access}"
        browser = self.services.browse(path)
        self.assertEqual(only(browser.read())["type"], "Connect")
        self.alice.open("play").read()
        self.assertEqual(only(browser.read())["type"], "Error")
        self.assertEqual(browser.closed, 1008)
