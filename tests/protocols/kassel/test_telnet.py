"""Telnet's bytes: line ends, corrections, options, damage, and what is no telnet at all."""

from __future__ import annotations

import random
import time

from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.lines import Damage
from gameserver.protocols.kassel.connection import LONGEST_LINE
from gameserver.protocols.kassel.telnet import TelnetLines
from tests.protocols.kassel.services import ClockServices

IAC, DONT, DO, WONT, WILL, SB, SE = (bytes([code]) for code in (255, 254, 253, 252, 251, 250, 240))


def read(*pieces: bytes, longest: int = 1000) -> tuple[list[object], bytes]:
    answers = bytearray()
    lines = TelnetLines(longest, answers.extend)
    found: list[object] = []
    for piece in pieces:
        lines.feed(piece)
        while (item := lines.next()) is not None:
            found.append(item)
    return found, bytes(answers)


class Lines(SynchronousTestCase):
    def test_every_line_end(self) -> None:
        self.assertEqual(read(b"a\nb\r\nc\r\x00d\n")[0], ["a", "b", "c", "d"])
        self.assertEqual(read(b"a\r", b"\nb", b"c\r", b"\x00")[0], ["a", "bc"])

    def test_a_bare_cr_ends_a_line_too(self) -> None:
        # Clients that read lines the Java way would take one line with a CR in it for two.
        self.assertEqual(read(b"MSG ALL hi\rOK\nNOOP\n\rID\n\r")[0], ["MSG ALL hi", "OK", "NOOP", "", "ID"])
        self.assertEqual(read(b"NOOP\r\r\nID\r" + IAC + b"\xf1\n")[0], ["NOOP", "", "ID", ""])

    def test_control_characters_are_left_out(self) -> None:
        self.assertEqual(read(b"\x00MSG\tALL \x1b[2J\x07hi\x0b\n")[0], ["MSG\tALL [2Jhi"])
        self.assertEqual(read("a\x9b2Jb\x85c\n".encode())[0], ["a2Jbc"])
        self.assertEqual(read(b"\xef\xbb\xbfNOOP\n")[0], ["NOOP"])

    def test_many_commands_and_long_lines_take_no_time(self) -> None:
        lines = TelnetLines(1 << 17, lambda _answer: None)
        began = time.process_time()
        lines.feed((b"x" * 3 + IAC + b"\xf1") * 20000 + IAC)
        self.assertIsNone(lines.next())
        for _ in range(3000):
            lines.feed(DO + b"\x01" + IAC)
            self.assertIsNone(lines.next())
        lines.feed(b"\xf1\n")
        self.assertEqual(lines.next(), "x" * 60000)
        self.assertLess(time.process_time() - began, 3)

    def test_corrections(self) -> None:
        self.assertEqual(read(b"NOX\x08OP\n")[0], ["NOOP"])
        self.assertEqual(read(b"NOX\x7fOP\r\n")[0], ["NOOP"])
        self.assertEqual(read(b"\x08\x7fab\x08\x08\x08NOOP\n")[0], ["NOOP"])
        self.assertEqual(read(b"wrong\x15NOOP\n")[0], ["NOOP"])
        self.assertEqual(read("xü\x08y\n".encode())[0], ["xy"])

    def test_options_are_refused_without_a_line_end(self) -> None:
        found, answers = read(IAC + DO + b"\x01" + IAC + WILL + b"\x1f" + IAC + DONT + b"\x03" + IAC + WONT + b"\x03")
        self.assertEqual((found, answers), ([], IAC + WONT + b"\x01" + IAC + DONT + b"\x1f"))

    def test_options_inside_lines(self) -> None:
        stream = b"NO" + IAC + SB + b"\x1f\x00\x50\x00\x18" + IAC + SE + b"OP\r\n" + IAC + b"\xf9ID\n"
        self.assertEqual(read(stream), (["NOOP", "ID"], b""))
        self.assertEqual(read(b"NOOPX" + IAC + b"\xf7\n")[0], ["NOOP"])
        self.assertEqual(read(b"wrong" + IAC + b"\xf8NOOP\n")[0], ["NOOP"])

    def test_however_the_stream_is_cut(self) -> None:
        stream = (
            b"one\r\n" + IAC + DO + b"\x18two\x08\r\x00" + IAC + SB + b"\x18\x01" + IAC + SE + "drei ü\n".encode()
        )
        whole = read(stream)
        chance = random.Random(7)
        for _ in range(200):
            cuts = sorted(chance.sample(range(1, len(stream)), 4))
            pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
            self.assertEqual(read(*pieces), whole)
        self.assertEqual(read(*(stream[n : n + 1] for n in range(len(stream)))), whole)

    def test_a_line_that_is_too_long_is_followed_to_its_end(self) -> None:
        self.assertEqual(read(b"x" * 30, b"y" * 30, b"\nNOOP\n", longest=20)[0], [Damage.TOO_LONG, "NOOP"])
        self.assertEqual(read(b"x" * 30 + b"\nNOOP\n", longest=20)[0], [Damage.TOO_LONG, "NOOP"])

    def test_uploads(self) -> None:
        lines = TelnetLines(100, self.fail)
        lines.feed(b"UPLOAD MAP x\nab\nEOT\r\nNOOP\n")
        self.assertEqual(lines.next(), "UPLOAD MAP x")
        lines.expect_upload(50)
        self.assertEqual(lines.next(), b"ab\n")
        self.assertEqual(lines.next(), "NOOP")
        lines.expect_upload(50)
        lines.feed(b"no EOT\r\nhere\r\n" * 10)
        self.assertIsNone(lines.next())
        lines.feed(b"EOT\nNOOP\n")
        self.assertEqual((lines.next(), lines.next()), (Damage.TOO_LONG, "NOOP"))

    def test_an_upload_that_only_looks_over(self) -> None:
        for data in (b"PK\x03\x04no zip file", b"0,0\n0,15"):
            lines = TelnetLines(100, self.fail)
            lines.expect_upload(50)
            lines.feed(data + b"EOT\r")
            self.assertFalse(lines.upload_may_be_over)
            lines.feed(b"\n")
            self.assertIsNone(lines.next())
            self.assertTrue(lines.upload_may_be_over)
            lines.end_upload()
            self.assertEqual(lines.next(), data)
            self.assertFalse(lines.upload_may_be_over)


class Connections(SynchronousTestCase):
    def test_no_option_is_offered_and_the_greeting_comes_first(self) -> None:
        client = ClockServices().telnet()
        data = client.raw()
        self.assertTrue(data.startswith(b"SE1-Server 1.0,"))
        self.assertNotIn(255, data)

    def test_a_telnet_program_that_negotiates(self) -> None:
        client = ClockServices().telnet()
        client.raw()
        answer = client.raw(IAC + DO + b"\x03" + IAC + WILL + b"\x18")
        self.assertEqual(answer, IAC + WONT + b"\x03" + IAC + DONT + b"\x18")
        self.assertEqual(client.raw(b"nox\x08ox\x08p\r\x00"), b"OK\r\n")

    def test_a_client_that_only_listens_any_more_gets_its_answers(self) -> None:
        client = ClockServices().telnet()
        client.raw()
        client.protocol.dataReceived(b"NOOP\nHELP NOOP\nNOOP")
        client.protocol.readConnectionLost()
        self.assertEqual(client.lines().count("OK"), 3)
        self.assertTrue(client.ended)

    def test_an_upload_is_over_when_the_client_sends_nothing_more(self) -> None:
        client = ClockServices().user("anne", "ss12")
        client.protocol.dataReceived(b"UPLOAD MAP map_x\nPK\x03\x04 this is no zip file\nEOT\r\n")
        self.assertEqual(client.lines(), ["READY send the map, then a line EOT"])
        client.protocol.readConnectionLost()
        self.assertTrue(client.lines()[0].startswith("ERROR: The zip"))
        self.assertTrue(client.ended)

    def test_a_tls_hello_ends_the_connection(self) -> None:
        client = ClockServices().telnet()
        client.raw()
        self.assertEqual(client.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), b"")
        self.assertTrue(client.ended)

    def test_http_is_refused(self) -> None:
        for request in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /kassel HTTP/1.0\r\n\r\n"):
            services = ClockServices()
            client = services.telnet()
            client.raw()
            answer = client.raw(request)
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
            services.clock.advance(1)
            self.assertTrue(client.ended)

    def test_long_lines_and_bytes_that_are_no_text(self) -> None:
        services = ClockServices()
        client = services.user("anne")
        self.assertEqual(client.raw(b"x" * (LONGEST_LINE + 1) + b"\n"), b"ERROR: This line is too long.\r\n")
        self.assertTrue(client.raw(b"\xc3\x28\x00\n").startswith(b"ERROR: unknown command"))
        self.assertEqual(client.raw(b"MSG " + b"y" * 8000 + b"\n")[-4:], b"OK\r\n")
        self.assertTrue(client.raw(b"MSG " + b"y" * 8001 + b"\n").startswith(b"ERROR: A message has"))

    def test_long_wrong_words_cost_no_time(self) -> None:
        client = ClockServices().telnet()
        client.raw()
        began = time.process_time()
        for word in ("X" * 100_000, "LIST " + "USERS" * 20_000, "HELP " + "Y" * 100_000):
            answer = client.raw(word.encode() + b"\n")
            self.assertTrue(answer.startswith(b"ERROR: unknown command"), answer[:80])
            self.assertLess(len(answer), 400)
        self.assertLess(time.process_time() - began, 0.5)

    def test_random_bytes_never_hurt(self) -> None:
        chance = random.Random(11)
        words = [
            b"LOGIN anne secret",
            b"JOIN GAME g",
            b'{"@action":"START_GAME"}',
            b"MSG",
            b"HELP",
            b"\r\n",
            b"\n",
            b"CREATE GAME g -maxPlayers 2",
            b"UPLOAD MAP map_x",
            b"EOT",
            b"\xff",
            b"{",
            b'"',
            b" ",
            b"\x08",
            b'{"@action":"MESSAGE","properties":{"entry":',
            b"}",
            b"LOGOUT",
        ]
        for _ in range(60):
            services = ClockServices()
            services.register("anne")
            client = services.telnet()
            for _ in range(40):
                if client.ended:
                    break
                piece = chance.choice(words) if chance.random() < 0.8 else chance.randbytes(5)
                client.raw(piece)
            if not client.ended:
                services.clock.advance(1)
                client.raw(b"\nEOT\nEOT\r\n")
            client.hang_up()
            self.assertEqual(len(services.sessions), 0)
            self.assertEqual(
                services.metrics.registry.get_sample_value(
                    "gameserver_errors_total", {"protocol": "kassel-ss14", "code": "internal"}
                ),
                None,
            )
