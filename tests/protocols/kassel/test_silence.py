"""Who is silent, or says nothing whole, and for how long."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.protocols.kassel.services import ClockServices, Telnet, section


class SilenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.services = ClockServices()

    def typing(self, client: Telnet, seconds: int) -> None:
        """Send a byte every two seconds."""
        for _ in range(seconds // 2):
            if client.ended:
                return
            client.raw(b"x")
            self.services.clock.advance(2)

    def test_bytes_do_not_put_off_the_end_of_who_has_not_logged_in(self) -> None:
        client = self.services.telnet("ss14")
        self.typing(client, 598)
        self.assertFalse(client.ended)
        self.typing(client, 4)
        self.assertTrue(client.ended)
        self.assertIn("Nobody has logged in", client.raw().decode())

    def test_neither_do_whole_lines(self) -> None:
        client = self.services.telnet("ss14")
        for _ in range(61):
            client.say("HELP")
            self.services.clock.advance(10)
        self.assertTrue(client.ended)

    def test_half_a_line_is_silence_before_the_login(self) -> None:
        self.services = ClockServices(section(login_timeout=0))
        half, whole = self.services.telnet("ss12"), self.services.telnet("ss12")
        self.services.clock.advance(300)
        whole.say("NOOP")
        self.typing(half, 302)
        self.assertEqual((half.ended, whole.ended), (True, False))

    def test_who_has_logged_in_may_take_their_time_over_a_line(self) -> None:
        anne = self.services.user("anne", "ss12")
        self.typing(anne, 1200)
        self.assertFalse(anne.ended)
        self.services.clock.advance(601)
        self.assertTrue(anne.ended)
