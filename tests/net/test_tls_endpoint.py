"""What an ``ssl:`` text may say, and what else is refused because its TLS would not be ours."""

from __future__ import annotations

from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.app.listening import Ports, PortTaken
from gameserver.config.option import ConfigError
from gameserver.net.endpoints import EndpointText, Listener, listen, on_port
from gameserver.net.tls import make_certificate
from gameserver.net.tls_endpoint import wrong_with
from tests.configuration import load
from tests.directories import temporary_directory
from tests.reactor import reactor


class TlsEndpointTests(TestCase):
    def setUp(self) -> None:
        self.certificate, self.key = make_certificate(temporary_directory())
        self.files = f"privateKey={self.key}:certKey={self.certificate}"

    def test_what_it_may_say(self) -> None:
        both = self.key.with_name("both.pem")
        both.write_bytes(self.key.read_bytes() + self.certificate.read_bytes())
        for text in (
            f"ssl:0:{self.files}",
            f"ssl:port=0:{self.files}:interface=127.0.0.1:backlog=7",
            rf"ssl:65535:{self.files}:interface=\:\:1",
            f"ssl:0:privateKey={both}",
        ):
            self.assertEqual(wrong_with(text), "", text)

    def test_what_cannot_be_honoured_is_refused_in_one_line(self) -> None:
        for text, reason in (
            (f"ssl:0:{self.files}:sslmethod=TLSv1_METHOD", "sslmethod cannot be set here"),
            (f"ssl:0:{self.files}:dhParameters=dh.pem", "dhParameters cannot be set here"),
            (f"ssl:0:{self.files}:extraCertChain=a.pem", "extraCertChain cannot be set here"),
            (f"ssl:0:privateKey={self.key}:certKey=/nowhere.pem", "No such file"),
            (f"ssl:0:privateKey={self.key}", "are no certificate and its key"),
            (f"ssl:65536:{self.files}", "a port is 0 to 65535"),
            (f"ssl:x:{self.files}", "expected ssl:PORT"),
            (f"ssl:{self.files}", "expected ssl:PORT"),
            (f"ssl:0:{self.files}:backlog=x", "expected ssl:PORT"),
            (f"ssl:0:{self.key}:{self.certificate}", "expected ssl:PORT"),
            ("ssl:0", "expected ssl:PORT"),
            ("tls:/etc/letsencrypt/live:443", "its TLS is not that of the other ports"),
            (f"haproxy:ssl:0:{self.files}", "its TLS is not that of the other ports"),
            (r"autobahn:tls\:0:url=ws\://localhost", "its TLS is not that of the other ports"),
        ):
            with self.subTest(text), self.assertRaises(ConfigError) as caught:
                load(settings=[f'chat.tcp=["{text}"]'.replace("\\", "\\\\")])
            self.assertIn(reason, str(caught.exception), text)
            self.assertNotIn("\n", str(caught.exception))

    async def test_a_certificate_that_has_gone_since_is_told_when_the_port_opens(self) -> None:
        self.certificate.unlink()
        with self.assertRaises(PortTaken) as caught:
            Ports(reactor).open([Listener("chat.tcp", f"ssl:0:{self.files}", Factory())])
        self.assertIn("chat.tcp = ssl:0:", str(caught.exception))

    async def test_it_listens_where_it_says(self) -> None:
        ports = Ports(reactor)
        ports.open([Listener("k", rf"ssl:0:{self.files}:interface=\:\:1", Factory())])
        self.assertEqual(getattr(ports._ports[0][1].getHost(), "host", ""), "::1")
        self.assertEqual([one.certificate for one in ports.certificates], [self.certificate])
        ports.accept()
        await ports.close()

    def test_its_hint_says_that_it_is_encrypted(self) -> None:
        (one,) = listen("web.endpoints", (f"ssl:443:{self.files}",), Factory(), "http://{address}, ws://{address}")
        self.assertEqual(one.hint, "https://127.0.0.1:443, wss://127.0.0.1:443")
        self.assertTrue(EndpointText.parse(rf"ssl:1:{self.files}:interface=\:\:1").local)


class PortOfNone(SynchronousTestCase):
    def test_a_port_that_was_0_is_written_into_the_text(self) -> None:
        for text, wanted in (
            ("tcp:0:interface=127.0.0.1", "tcp:81:interface=127.0.0.1"),
            ("haproxy:tcp:0", "haproxy:tcp:81"),
            ("tcp:port=0", "tcp:port=81"),
            (r"ssl:0:privateKey=/a\:0:interface=\:\:1", r"ssl:81:privateKey=/a\:0:interface=\:\:1"),
            ("tcp:4004:backlog=5", "tcp:4004:backlog=5"),
        ):
            self.assertEqual(on_port(text, 81), wanted)
