"""Ports at which proxies for TCP connect: who may, what they may say, and who a connection is from then on."""

from __future__ import annotations

import socket
import struct
from typing import Any, cast

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.app.listening import Ports, PortTaken
from gameserver.config.option import ConfigError
from gameserver.edge.http.json_resource import JsonResource, address
from gameserver.edge.http.site import site, tree
from gameserver.net.endpoints import EndpointText, Listener
from gameserver.net.proxied import HEADER_TIME, ProxiedConnection, ProxiedFactory, named_by
from gameserver.net.proxy_header import BINARY, LONGEST_BINARY, BadProxyHeader, ProxyHeader, read_header
from gameserver.sessions.addresses import Proxies
from tests.configuration import load
from tests.reactor import listen, reactor
from tests.web.test_site import PATIENCE, Raw

PROXY, STRANGER, CLIENT = "192.0.2.1", "198.51.100.7", "203.0.113.9"

TEXT = f"PROXY TCP4 {CLIENT} 192.0.2.2 56324 443\r\n".encode()


def binary(command: int = 1, family: int = 0x11, body: bytes = b"", length: int | None = None) -> bytes:
    return BINARY + struct.pack("!BBH", 0x20 | command, family, len(body) if length is None else length) + body


def four(host: str = CLIENT) -> bytes:
    return socket.inet_aton(host) + socket.inet_aton("192.0.2.2") + struct.pack("!HH", 56324, 443)


def six(host: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6, host) * 2 + struct.pack("!HH", 56324, 443)


GOOD = (
    (TEXT, CLIENT, 56324),
    (b"PROXY TCP6 2001:DB8::1 2001:db8::2 1 65535\r\n", "2001:db8::1", 1),
    (b"PROXY UNKNOWN\r\n", "", 0),
    (b"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", "", 0),
    (binary(body=four()), CLIENT, 56324),
    (binary(body=four() + b"\x04\x00\x03abc"), CLIENT, 56324),
    (binary(family=0x21, body=six("2001:db8::1")), "2001:db8::1", 56324),
    (binary(family=0x12, body=four()), CLIENT, 56324),
    (binary(command=0, family=0, body=b""), "", 0),
    (binary(command=0, body=four()), "", 0),
    (binary(family=0, body=b"whatever"), "", 0),
    (binary(family=0x31, body=b"/run/a".ljust(108, b"\0") * 2), "", 0),
)

BAD = (
    b"GET / HTTP/1.1\r\n",
    b'{"Command":"01","Name":"a"}\n',
    b"\x16\x03\x01",
    b"PROXY\r\n",
    b"PROXY TCP4 203.0.113.9 192.0.2.2 1\r\n",
    b"PROXY TCP4 203.0.113.9 192.0.2.2 1 2 3\r\n",
    b"PROXY TCP4 203.0.113.9 192.0.2.2 -1 2\r\n",
    b"PROXY TCP4 203.0.113.9 192.0.2.2 1 65536\r\n",
    b"PROXY TCP4 203.0.113.9 192.0.2.2 \xd9\xa1 2\r\n",
    b"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
    b"PROXY TCP6 203.0.113.9 192.0.2.2 1 2\r\n",
    b"PROXY TCP4 localhost 192.0.2.2 1 2\r\n",
    b"PROXY TCP4 \xff\xff 192.0.2.2 1 2\r\n",
    b"PROXY TCP5 203.0.113.9 192.0.2.2 1 2\r\n",
    b"PROXY UNKNOWN " + b"x" * 100,
    BINARY + b"\x11",
    binary(command=2),
    binary(family=0x41, body=four()),
    binary(family=0x13, body=four()),
    binary(body=four()[:-1]),
    binary(family=0x21, body=four()),
    binary(length=LONGEST_BINARY + 1),
)


class HeaderTests(SynchronousTestCase):
    def test_what_is_understood_whole_or_byte_by_byte(self) -> None:
        for data, host, port in GOOD:
            self.assertEqual(read_header(data + b"rest"), ProxyHeader(len(data), host, port), data)
            for end in range(len(data)):
                self.assertIsNone(read_header(data[:end]), data[:end])

    def test_what_is_refused(self) -> None:
        for data in BAD:
            with self.subTest(data), self.assertRaises(BadProxyHeader):
                read_header(data)


class Heard(Protocol):
    """Keeps what it hears and from whom it came at its first moment."""

    def __init__(self) -> None:
        self.peer: IAddress | None = None
        self.got = b""
        self.lost: Failure | None = None

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.peer = self.transport.getPeer()

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = reason


class _Wire(StringTransportWithDisconnection):
    """One that can be aborted, and notes whether it has ended."""

    def abortConnection(self) -> None:
        self.loseConnection()


class ProxiedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.made: list[Heard] = []
        inner = Factory.forProtocol(self._make)
        self.factory = ProxiedFactory(inner, Proxies([PROXY]), self.clock)

    def _make(self) -> Heard:
        self.made.append(Heard())
        return self.made[-1]

    def connect(self, host: str) -> tuple[ProxiedConnection, _Wire]:
        connection = self.factory.buildProtocol(None)
        wire = _Wire(peerAddress=IPv4Address("TCP", host, 40000))
        wire.protocol = cast("Any", connection)
        connection.makeConnection(cast("Any", wire))
        return connection, wire

    def test_a_client_is_who_a_proxy_of_ours_names_from_its_first_moment(self) -> None:
        for data, host, _ in GOOD:
            for pieces in ([data + b"hello"], [bytes([byte]) for byte in data + b"hello"]):
                connection, wire = self.connect(PROXY)
                for piece in pieces:
                    connection.dataReceived(piece)
                heard = self.made[-1]
                self.assertEqual((cast("Any", heard.peer).host, heard.got), (host or PROXY, b"hello"), data)
                wire.loseConnection()
                self.assertIsNotNone(heard.lost)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_a_proxy_elsewhere_calls_this_machine_is_not_ours(self) -> None:
        for data in (
            b"PROXY TCP4 127.0.0.1 192.0.2.2 1 2\r\n",
            b"PROXY TCP6 ::1 ::1 1 2\r\n",
            b"PROXY TCP6 ::ffff:127.0.0.1 ::1 1 2\r\n",
            binary(body=four("127.9.9.9")),
        ):
            connection, wire = self.connect(PROXY)
            connection.dataReceived(data)
            self.assertEqual(cast("Any", self.made[-1].peer).host, PROXY, data)
            wire.loseConnection()
        self.assertEqual(named_by("127.0.0.1", "127.0.0.1"), "127.0.0.1")
        self.assertEqual(named_by("127.0.0.1", CLIENT), CLIENT)

    def test_a_stranger_is_put_out_before_a_byte_is_read(self) -> None:
        connection, wire = self.connect(STRANGER)
        self.assertFalse(wire.connected)
        connection.dataReceived(TEXT)
        self.assertEqual((self.made, wire.value(), self.clock.getDelayedCalls()), ([], b"", []))

    def test_a_header_that_is_none_ends_the_connection_without_a_word(self) -> None:
        for data in BAD:
            connection, wire = self.connect(PROXY)
            connection.dataReceived(data)
            # What is behind it is nobody's.
            connection.dataReceived(TEXT)
            self.assertEqual((wire.connected, wire.value(), self.made), (False, b"", []), data)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_header_that_does_not_come_or_comes_in_drops_has_an_end(self) -> None:
        for data in (b"", b"P", TEXT[:-1], binary(length=LONGEST_BINARY)):
            connection, wire = self.connect(PROXY)
            for byte in data[:3]:
                self.clock.advance(HEADER_TIME / 4)
                connection.dataReceived(bytes([byte]))
            self.assertTrue(wire.connected)
            self.clock.advance(HEADER_TIME)
            self.assertFalse(wire.connected)
        self.assertEqual(self.made, [])

    def test_the_log_has_one_line_a_minute_whoever_knocks_how_often(self) -> None:
        lines: list[str] = []

        class Log:
            def warn(self, _text: str, host: str, what: str) -> None:
                lines.append(host)

        self.patch(ProxiedFactory, "_log", Log())
        for _ in range(100):
            self.connect(STRANGER)
        self.clock.advance(61)
        self.connect("198.51.100.8")
        self.assertEqual(lines, [STRANGER, "198.51.100.8"])


class PortTests(TestCase):
    async def test_a_site_behind_a_proxy_knows_its_clients_and_answers_half_closed_ones(self) -> None:
        async def who(request: Any) -> object:
            return {"host": address(request)}

        inner = site(tree({"api/who": JsonResource(GET=who)}))
        port = listen(self, cast("Any", ProxiedFactory(inner, Proxies(["127.0.0.1"]), reactor)))
        request = b"GET /api/who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"
        self.assertIn(f'"host":"{CLIENT}"'.encode(), await self.ask(port, TEXT + request))
        inner.protocol = Heard  # type: ignore[assignment]
        self.assertEqual(await self.ask(port, TEXT), b"")

    async def ask(self, port: int, data: bytes) -> bytes:
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), raw)
        raw.transport.write(data)
        raw.transport.loseWriteConnection()
        answer: Deferred[bytes] = raw.ended.addTimeout(PATIENCE, reactor)
        return await answer

    async def test_a_port_for_proxies_needs_their_names(self) -> None:
        with self.assertRaises(PortTaken) as caught:
            Ports(reactor).open([Listener("chat.tcp", "haproxy:tcp:0:interface=127.0.0.1", Factory())])
        self.assertIn("name the proxies that connect in web.proxies", str(caught.exception))

    def test_what_its_text_may_say(self) -> None:
        load(settings=['chat.tcp=["haproxy:tcp:4004:interface=127.0.0.1"]'])
        for text in (
            "haproxy:unix:/tmp/a",
            "haproxy:",
            "haproxy:haproxy:tcp:1",
            "haproxy:tcp:x",
            "haproxy:tcp:65536",
        ):
            with self.subTest(text), self.assertRaises(ConfigError):
                load(settings=[f'chat.tcp=["{text}"]'])
        parsed = EndpointText.parse("haproxy:tcp:4004:interface=127.0.0.1")
        # Whoever comes by a proxy may come from anywhere, so a weak password is not good enough there.
        self.assertEqual((parsed.port, parsed.local, parsed.text), (4004, False, "tcp:4004:interface=127.0.0.1"))
