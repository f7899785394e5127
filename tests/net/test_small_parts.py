"""The HTTP sniffer, deadlines, TCP options, certificates."""

from __future__ import annotations

import os
import stat

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from twisted.internet.base import DelayedCall
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from gameserver.net.deadlines import SLICE, Deadlines
from gameserver.net.http import HttpSniffer, http_refusal
from gameserver.net.tcp_options import set_tcp_options
from gameserver.net.tls import CertificateError, Certificates, make_certificate
from tests.directories import temporary_directory


class SnifferTests(SynchronousTestCase):
    def test_a_request_is_recognised_in_one_packet_or_in_bytes(self) -> None:
        for request in (b"GET / HTTP/1.1\r\n", b"POST /x", b"OPTIONS *", b"PRI * HTTP/2.0\r\n", b"CONNECT h:1"):
            self.assertIsNone(HttpSniffer().feed(request), request)
            sniffer = HttpSniffer()
            answers = [sniffer.feed(request[at : at + 1]) for at in range(request.index(b" ") + 1)]
            self.assertEqual(answers, [b""] * (len(answers) - 1) + [None])

    def test_a_rare_method_is_recognised_by_its_whole_line(self) -> None:
        for request in (b"PROPFIND / HTTP/1.1\r\n", b"M-SEARCH * HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertIsNone(HttpSniffer().feed(request), request)
        for data in (b"MESSAGE all HTTP\r\n", b"HELP\r\nMESSAGE all / HTTP/1.1\r\n", b"MESSAGE all about HTTP/1.1"):
            self.assertEqual(HttpSniffer().feed(data), data)

    def test_everything_else_goes_on_with_nothing_lost(self) -> None:
        for data in (b'{"Command":"01"}', b"GETTER", b"get / HTTP/1.1", b"\xef\xbb\xbf{", b"PING", b"\x16\x03\x01"):
            self.assertEqual(HttpSniffer().feed(data), data)
        sniffer = HttpSniffer()
        self.assertEqual([sniffer.feed(b"P"), sniffer.feed(b"U"), sniffer.feed(b"X")], [b"", b"", b"PUX"])

    def test_the_refusal_is_a_whole_response_that_is_not_200(self) -> None:
        head, _, body = http_refusal("No.").partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 400 "))
        self.assertIn(b"Content-Length: 4", head)
        self.assertEqual(body, b"No.\n")


class DeadlinesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.over: list[int] = []
        self.deadlines: Deadlines[int] = Deadlines(self.clock, 10, self.over.append)

    def test_each_is_called_at_its_time_unless_stopped_or_begun_anew(self) -> None:
        self.deadlines.start(1)
        self.clock.advance(4)
        self.deadlines.start(2)
        self.deadlines.start(3)
        self.clock.advance(4)
        self.deadlines.start(2)
        self.deadlines.stop(3)
        self.clock.pump([2])
        self.assertEqual(self.over, [1])
        self.clock.pump([4, 4])
        self.assertEqual((self.over, len(self.deadlines)), ([1, 2], 0))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_thousands_are_served_in_slices_with_one_timer(self) -> None:
        for number in range(SLICE * 2 + 1):
            self.deadlines.start(number)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        served: list[int] = []
        fire = self.deadlines._fire

        def counted() -> None:
            fire()
            served.append(len(self.over))

        self.patch(self.deadlines, "_fire", counted)
        (timer,) = self.clock.getDelayedCalls()
        assert isinstance(timer, DelayedCall)
        timer.func = counted
        self.clock.advance(10)
        self.assertEqual(served, [SLICE, SLICE * 2, SLICE * 2 + 1])
        self.assertEqual(self.over, list(range(SLICE * 2 + 1)))

    def test_an_earlier_one_may_stop_a_later_one_of_the_same_slice(self) -> None:
        def over(item: int) -> None:
            deadlines.stop(2)
            self.over.append(item)

        deadlines: Deadlines[int] = Deadlines(self.clock, 1, over)
        deadlines.start(1)
        deadlines.start(2)
        self.clock.advance(1)
        self.assertEqual(self.over, [1])

    def test_one_that_begins_anew_when_it_is_over_delays_nobody(self) -> None:
        times: list[tuple[int, float]] = []

        def again(item: int) -> None:
            times.append((item, self.clock.seconds()))
            deadlines.start(item)

        deadlines: Deadlines[int] = Deadlines(self.clock, 10, again)
        deadlines.start(1)
        self.clock.advance(4)
        deadlines.start(2)
        self.clock.pump([1] * 22)
        self.assertEqual(times, [(1, 10), (2, 14), (1, 20), (2, 24)])

    def test_a_span_of_nothing_switches_it_off_and_closing_forgets_all(self) -> None:
        off: Deadlines[int] = Deadlines(self.clock, 0, self.over.append)
        off.start(1)
        self.assertNotIn(1, off)
        self.deadlines.start(1)
        self.deadlines.close()
        self.assertEqual((self.clock.getDelayedCalls(), self.over), ([], []))


class TcpOptionsTests(SynchronousTestCase):
    def test_a_transport_that_is_not_tcp_stays_as_it_is(self) -> None:
        set_tcp_options(StringTransport())


class CertificateTests(SynchronousTestCase):
    def test_a_certificate_is_made_once_and_readable_by_its_owner_only(self) -> None:
        directory = temporary_directory()
        paths = make_certificate(directory)
        before = [path.read_bytes() for path in paths]
        self.assertEqual(make_certificate(directory), paths)
        self.assertEqual([path.read_bytes() for path in paths], before)
        self.assertEqual({stat.S_IMODE(path.stat().st_mode) for path in paths}, {0o600})
        self.assertEqual(sorted(os.listdir(directory)), sorted(path.name for path in paths))

    def test_a_certificate_of_ours_has_a_key_on_p_256_and_signs_itself(self) -> None:
        path, _ = make_certificate(temporary_directory())
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        self.assertEqual(key.curve.name, "secp256r1")
        certificate.verify_directly_issued_by(certificate)

    def test_what_is_no_certificate_is_refused_and_the_old_one_stays(self) -> None:
        certificate, key = make_certificate(temporary_directory())
        other, _ = make_certificate(temporary_directory())
        with self.assertRaises(CertificateError):
            Certificates(other, key)
        kept = Certificates(certificate, key)
        context = kept._context
        certificate.write_text("nonsense")
        with self.assertRaises(CertificateError):
            kept.reload()
        self.assertIs(kept._context, context)
        certificate.unlink()
        with self.assertRaises(CertificateError):
            kept.reload()
