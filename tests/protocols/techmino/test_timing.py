"""How long a client may wait for a byte, and how a connection ends that its reader must survive, on a clock."""

from __future__ import annotations

import json

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

    def make_room(self, play: Wired, version: str) -> None:
        info = {"name": "n", "type": "normal", "version": version}
        play.send(1, capacity=9, roomInfo=info, roomData={}, config=CONFIG)

    def kicked(self, *clients: Wired) -> list[int | None]:
        """Let everybody be kicked, and return the codes of the Close frames."""
        for client in clients:
            client.read()
        self.services.sessions.disconnect(self.services.sessions, "kicked", "Be nice.")
        for client in clients:
            told = client.read()
            if client.closed is None:
                self.assertEqual(only(told), {"type": "Error", "reason": "Be nice."})
                self.assertTrue(client.hung_up)
            else:
                self.assertEqual(told, [])
                self.assertEqual(json.loads(client.answers.reason), {"type": "Error", "reason": "Be nice."})
        return [client.closed for client in clients]

    def log_in(self) -> Wired:
        return self.services.open("user", {"email": "alice@x.org", "password": "pw"})

    def test_the_version_of_a_room_shows_who_reads_a_close_frame(self) -> None:
        for version, code in (
            ("V0.14.8", None),
            ("V0.15.0", None),
            ("V0.15.2", None),
            ("V0.15.3", 1008),
            ("V1.0", 1008),
            ("ver A-7", 1008),
        ):
            user, play = self.log_in(), self.alice.play()
            self.make_room(play, version)
            self.assertEqual(self.kicked(user, play), [code, code], version)
            self.services.wait(3)

    def test_so_does_a_password_with_a_mode(self) -> None:
        self.make_room(self.services.person("bob").play(), "V0.15.0")
        (rid,) = self.services.lobby.rooms
        for name, password, ready, code in (
            ("carl", {"password": ""}, {"mode": 0}, 1008),
            ("dora", {}, {"mode": 0}, None),
            ("emil", {"password": ""}, {"ready": False}, None),
        ):
            person = self.services.person(name)
            play = person.play()
            play.send(2, rid=rid, config=CONFIG, **password)
            play.send(6, **ready)
            person.play()
            play.read()
            self.assertEqual((play.closed, play.gone), (code, code is None), name)

    def test_so_does_keeping_data_and_the_next_connection_of_that_client(self) -> None:
        user = self.log_in()
        user.send(3, sections=[1])
        play = self.alice.play()
        self.assertEqual(self.kicked(user, play), [1008, 1008])

    def test_the_same_player_at_another_computer_is_another_client(self) -> None:
        user = self.log_in()
        user.send(3, sections=[1])
        body = {"uid": self.alice.uid, "accessToken": self.alice.access}
        play = self.services.open("play", body, host="192.0.2.2")
        again = self.services.open("user", {"email": "alice@x.org", "password": "pw"}, host="192.0.2.2")
        user.read()
        self.assertEqual(user.closed, 1008)
        self.assertEqual(self.kicked(play, again), [None, None])

    def test_a_browser_gets_the_close_frame_of_the_document(self) -> None:
        path = f"play?uid={self.alice.uid}&accessToken={self.alice.access}"
        browser = self.services.browse(path)
        self.assertEqual(only(browser.read())["type"], "Connect")
        self.alice.open("play").read()
        self.assertEqual(only(browser.read())["type"], "Error")
        self.assertEqual(browser.closed, 1008)
