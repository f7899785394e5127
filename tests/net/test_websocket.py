"""WebSockets over real sockets, and the short way for whole frames held to Autobahn's behaviour."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.task import Clock, deferLater
from twisted.internet.tcp import Connection
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.edge.http.site import site, tree
from gameserver.errors import Code, GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade, Wire, frame, websocket_resource
from gameserver.net.websocket.connection import Connections
from gameserver.reactor import IGameReactor
from tests.reactor import listen, reactor


class Echo:
    """A channel that answers every message with itself and keeps what happened."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, bool]] = []
        self.ends = self.dropped = 0
        self.gone: Deferred[None] = Deferred()
        self.wire: Wire | None = None

    def opened(self, wire: Wire) -> None:
        self.wire = wire

    def received(self, payload: bytes, binary: bool) -> None:
        assert self.wire is not None
        self.heard.append((payload, binary))
        if payload == b"close":
            self.wire.close(4001, "as asked")
        else:
            self.wire.send(payload, binary)

    def counted(self) -> bool:
        return True

    def heard_all(self, answered: Callable[[], None]) -> None:
        answered()

    def too_slow(self) -> None:
        self.dropped += 1

    def ended(self) -> None:
        self.ends += 1
        self.gone.callback(None)


class Slow(Echo):
    """A channel that has its answers later."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: Deferred[Callable[[], None]] = Deferred()

    def received(self, payload: bytes, binary: bool) -> None:
        self.heard.append((payload, binary))

    def heard_all(self, answered: Callable[[], None]) -> None:
        self.answered.callback(answered)


def masked(payload: bytes, kind: int = 0x81, mask: bytes = b"\x01\x0e\x05\x0e") -> bytes:
    """Return a client's frame."""
    size = len(payload)
    if size < 126:
        head = bytes((kind, 0x80 | size))
    elif size < 65536:
        head = bytes((kind, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((kind, 0xFF)) + size.to_bytes(8, "big")
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


REQUEST = (
    b"GET /a/b?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n%b"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n%b"
)


class Raw(Protocol):
    """A client made of bytes."""

    transport: Connection

    def __init__(self) -> None:
        self.data = b""
        self.closed: Deferred[None] = Deferred()
        self._until: tuple[bytes, Deferred[bytes]] | None = None

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        self._look()

    def _look(self) -> None:
        if self._until is not None and self._until[0] in self.data:
            (mark, waiting), self._until = self._until, None
            head, self.data = self.data.split(mark, 1)
            waiting.callback(head + mark)

    def until(self, mark: bytes) -> Deferred[bytes]:
        waiting: Deferred[bytes] = Deferred()
        self._until = (mark, waiting)
        self._look()
        return waiting.addTimeout(60, reactor)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.closed.callback(None)


class Server(TestCase):
    """A site with one WebSocket path."""

    def setUp(self) -> None:
        self.echo = Echo()
        self.upgrades: list[Upgrade] = []
        self.answer: Accepted | Exception = Accepted(self.echo, {"content-length": "0"})
        resource = websocket_resource(reactor, self.connect, greeting="A WebSocket.", message_limit=100_000)
        self.port = listen(self, site(tree({"a": resource})))
        self.clients: list[Raw] = []
        self.addCleanup(self.hang_up)

    async def hang_up(self) -> None:
        for client in self.clients:
            client.transport.abortConnection()
            await client.closed
        if self.echo.wire is not None and not self.echo.ends:
            await self.echo.gone

    async def connect(self, upgrade: Upgrade) -> Accepted:
        self.upgrades.append(upgrade)
        await deferLater(reactor, 0)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def client(self) -> Raw:
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        self.clients.append(raw)
        return raw

    async def test_a_body_and_frames_behind_it_in_any_segmentation(self) -> None:
        stream = REQUEST % (b"Content-Length: 4\r\n", b"body") + masked(b"one", 0x82) + masked(b"two" * 50)
        for cut in (len(stream), 1, 7, 60):
            self.echo = Echo()
            self.answer = Accepted(self.echo, {"content-length": "0"})
            client = await self.client()
            for start in range(0, len(stream), cut):
                client.transport.write(stream[start : start + cut])
                if cut < 60:
                    await deferLater(reactor, 0)
            head = await client.until(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 101 "), head)
            self.assertIn(b"\r\ncontent-length: 0\r\n", head)
            self.assertIn(b"lLkj5bEp3Q5UIHPV1JxdMqSfbhU=", head)
            await client.until(frame(b"one", True) + frame(b"two" * 50))
            client.transport.abortConnection()
            await self.echo.gone
            self.assertEqual(self.echo.ends, 1)
        upgrade = self.upgrades[0]
        self.assertEqual((upgrade.path, upgrade.query, upgrade.body), ("/a/b", {"x": "1"}, b"body"))
        self.assertEqual((upgrade.headers["content-length"], upgrade.address), ("4", "127.0.0.1"))

    async def test_our_close_carries_code_and_reason_and_ends_the_connection(self) -> None:
        client = await self.client()
        client.transport.write(REQUEST % (b"", b"") + masked(b"hi") + masked(b"close"))
        await client.until(b"\r\n\r\n" + frame(b"hi") + b"\x88\x0a\x0f\xa1as asked")
        client.transport.write(masked(b"\x0f\xa1", 0x88))
        await client.closed

    async def test_a_wrong_close_frame_is_answered_before_the_end(self) -> None:
        for wrong, code in ((b"\x03\xe7", 1002), (b"\x03\xe8\xff\xfe", 1007), (b"\x07", 1002)):
            self.echo = Echo()
            self.answer = Accepted(self.echo)
            client = await self.client()
            client.transport.write(REQUEST % (b"", b""))
            await client.until(b"\r\n\r\n")
            client.transport.write(masked(wrong, 0x88))
            await client.closed
            self.assertEqual((client.data[:1], client.data[2:4]), (b"\x88", code.to_bytes(2, "big")), wrong)

    async def test_what_was_asked_before_a_close_frame_in_the_same_segment_is_answered(self) -> None:
        for kind, end, code in ((0x88, b"\x03\xe8", 1000), (0x88, b"", 1000), (0x83, b"x", 1002)):
            self.echo = Echo()
            self.answer = Accepted(self.echo)
            client = await self.client()
            client.transport.write(REQUEST % (b"", b""))
            await client.until(b"\r\n\r\n")
            client.transport.write(masked(b"one") + masked(b"two") + masked(end, kind))
            await client.closed
            answers, close = frame(b"one") + frame(b"two"), b"\x03\xea" if code == 1002 else b"\x03\xe8"
            self.assertTrue(client.data.startswith(answers), (kind, client.data))
            self.assertEqual(client.data[len(answers) + 2 :][:2], close)

    async def asked_and_closing(self) -> tuple[Raw, Callable[[], None]]:
        """Return a client that has asked, and said goodbye, and what is to be called when it has been answered."""
        self.echo = slow = Slow()
        self.answer = Accepted(slow)
        client = await self.client()
        client.transport.write(REQUEST % (b"", b""))
        await client.until(b"\r\n\r\n")
        ping = masked(b"", 0x89)
        # What stands behind the Close frame means nothing, whichever way it comes.
        client.transport.write(
            masked(b"one") + masked(b"\x03\xe8", 0x88) + masked(b"two") + masked(b"\x03\xe8", 0x88)
        )
        answered = await slow.answered
        client.transport.write(masked(b"three") + ping)
        await deferLater(reactor, 0.05)
        self.assertEqual((slow.heard, client.data), ([(b"one", False)], b""))
        return client, answered

    async def test_a_close_frame_is_answered_behind_the_answer_to_what_was_asked_before(self) -> None:
        client, answered = await self.asked_and_closing()
        assert self.echo.wire is not None
        self.echo.wire.send(b"the answer")
        answered()
        await client.closed
        self.assertEqual(client.data, frame(b"the answer") + b"\x88\x02\x03\xe8")
        answered()

    async def test_who_has_said_goodbye_is_not_waited_for_when_we_do(self) -> None:
        client, _ = await self.asked_and_closing()
        assert self.echo.wire is not None
        self.echo.wire.close(1001, "stop")
        await client.closed
        self.assertEqual(client.data, b"\x88\x06\x03\xe9stop")

    async def test_a_client_that_ignores_our_close_is_dropped(self) -> None:
        client = await self.client()
        client.transport.write(REQUEST % (b"", b"") + masked(b"close"))
        await client.closed
        await self.echo.gone

    async def test_too_long_a_message_gets_close_code_1009(self) -> None:
        client = await self.client()
        client.transport.write(REQUEST % (b"", b"") + masked(b"x" * 100_001))
        await client.until(b"\x03\xf1")
        await client.closed
        self.assertEqual(self.echo.heard, [])

    async def test_pings_are_answered_and_fragments_joined(self) -> None:
        client = await self.client()
        client.transport.write(
            REQUEST % (b"", b"") + masked(b"a", 0x01) + masked(b"?", 0x89) + masked(b"b", 0x00) + masked(b"c", 0x80)
        )
        await client.until(b"\x8a\x01?" + frame(b"abc"))

    async def test_a_refusal_is_plain_http_with_a_lower_case_length(self) -> None:
        self.answer = Refusal(403, b'{"reason":"no"}')
        client = await self.client()
        client.transport.write(REQUEST % (b"", b""))
        await client.closed
        head, _, body = client.data.partition(b"\r\n\r\n")
        begin = b"HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 15\r\n"
        self.assertTrue(head.startswith(begin), head)
        self.assertEqual(body, b'{"reason":"no"}')
        # Techmino's clients take the first digits of every line with that word in it.
        self.assertEqual(head.count(b"length"), 1)
        self.assertTrue(head.endswith(b"\r\nconnection: close"), head)

    async def test_a_game_error_is_told_and_a_crash_is_not(self) -> None:
        for error, status, code in (
            (GameError(Code.FORBIDDEN, "No."), b"403", "forbidden"),
            (GameError(Code.BUSY, "Later."), b"503", "busy"),
            (ValueError("secret"), b"500", "internal"),
        ):
            self.answer = error
            client = await self.client()
            client.transport.write(REQUEST % (b"", b""))
            await client.closed
            head, _, body = client.data.partition(b"\r\n\r\n")
            self.assertEqual(head.split(b" ")[1], status)
            self.assertEqual(json.loads(body)["code"], code)
            self.assertNotIn(b"secret", client.data)
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    async def test_a_large_body_is_refused_and_a_page_view_told_what_is_here(self) -> None:
        client = await self.client()
        client.transport.write(REQUEST % (b"Content-Length: 65537\r\n", b"x" * 65537))
        await client.closed
        self.assertTrue(client.data.startswith(b"HTTP/1.1 413 "))
        client = await self.client()
        client.transport.write(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await client.closed
        self.assertIn(b"426 Upgrade Required", client.data)
        self.assertTrue(client.data.endswith(b"A WebSocket.\n"))
        client = await self.client()
        client.transport.write(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUpgrade: \xff\r\n\r\n")
        await client.closed
        self.assertIn(b"426 Upgrade Required", client.data)

    async def test_a_browser_is_sent_to_the_page_if_there_is_one(self) -> None:
        resource = websocket_resource(reactor, self.connect, greeting="A WebSocket.", page="/#/there")
        self.port = listen(self, site(tree({"a": resource})))
        for accept, status in (
            (b"text/html,*/*", b"302 Found"),
            (b"*/*", b"426 Upgrade Required"),
            (b"\xff", b"426 Upgrade Required"),
        ):
            client = await self.client()
            client.transport.write(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: %b\r\n\r\n" % accept)
            await client.closed
            self.assertIn(status, client.data)
        self.assertNotIn(b"/#/there", client.data)

    async def test_a_slow_reader_is_dropped(self) -> None:
        client = await self.client()
        client.transport.write(REQUEST % (b"", b"") + masked(b"hi"))
        await client.until(frame(b"hi"))
        client.transport.pauseProducing()
        assert self.echo.wire is not None
        for _ in range(200):
            self.echo.wire.write(frame(b"x" * 90_000, True))
            await deferLater(reactor, 0)
        await self.echo.gone
        self.assertEqual((self.echo.wire.waiting, self.echo.dropped), (0, 1))
        client.transport.resumeProducing()


class Transport(StringTransport):
    """Notes that the connection was dropped."""

    aborted = False

    def setTcpNoDelay(self, enabled: bool) -> None:
        """There is no TCP here."""

    def abortConnection(self) -> None:
        self.aborted = True
        self.loseConnection()


class Difference(SynchronousTestCase):
    """The same bytes, cut at random, through the short way and through Autobahn alone."""

    STREAMS = 2000 if os.environ.get("GAMESERVER_LONG") else 150

    def run_stream(self, pieces: list[bytes], short: bool, utf8: bool) -> tuple[list[tuple[bytes, bool]], bytes]:
        echo = Echo()
        clock = Clock()
        made = Connections(cast(IGameReactor, clock), 70_000, 1 << 22, 0, utf8)
        made.short = 65536 if short else -1
        connection = made.connection(Accepted(echo))
        # Autobahn's timers are the real reactor's, whatever clock it is given.
        connection.closeHandshakeTimeout = 0
        transport = Transport()
        connection.makeConnection(transport)
        connection.dataReceived((REQUEST % (b"", b"")).replace(b"/a/b?x=1", b"/"))
        transport.clear()
        for piece in pieces:
            connection.dataReceived(piece)
        clock.advance(0)
        return echo.heard, transport.value()

    def test_same_messages_same_answers(self) -> None:
        rng = random.Random(4)
        for number in range(self.STREAMS):
            utf8 = number % 2 == 0
            stream = b"".join(self.one(rng) for _ in range(rng.randrange(1, 12)))
            pieces, position = [], 0
            while position < len(stream):
                size = rng.choice((1, 2, 3, 7, 50, 5000, 1 << 20))
                pieces.append(stream[position : position + size])
                position += size
            heard, sent = self.run_stream(pieces, True, utf8)
            expected, answer = self.run_stream(pieces, False, utf8)
            self.assertEqual(heard, expected)
            # Pongs and closes of one turn overtake data in both ways; only whole sums can be compared.
            self.assertEqual(sorted(sent), sorted(answer))

    @staticmethod
    def one(rng: random.Random) -> bytes:
        size = (
            rng.choice((0, 1, 5, 125, 126, 127, 300, 65535, 65536, 70_001))
            if rng.random() < 0.3
            else rng.randrange(90)
        )
        payload, mask = rng.randbytes(size), rng.randbytes(4)
        if rng.random() < 0.7:
            payload = ("\u00e9\u4f60" * size).encode()[:size]
        chance = rng.random()
        if chance < 0.8:
            return masked(payload, rng.choice((0x81, 0x82)), mask)
        if chance < 0.9:
            return masked(payload[:100], rng.choice((0x89, 0x8A)), mask)
        if chance < 0.97:
            return masked(b"x", 0x01, mask) + masked(payload, 0x80, mask)
        return rng.choice((masked(b"", 0x88, mask), b"\x81\x05hello", masked(b"x", 0xC1, mask), rng.randbytes(6)))

    def test_a_text_that_is_none_ends_with_1007_where_the_page_asks_for_that(self) -> None:
        wrong, good = masked(b"\xff\xfe"), masked("\u00e9".encode())
        for pieces in ([wrong], [masked(b"\xc3", 0x01) + masked(b"x", 0x80)], [wrong[:3], wrong[3:]]):
            heard, sent = self.run_stream([good, *pieces], True, True)
            self.assertEqual(heard, [("\u00e9".encode(), False)])
            self.assertRegex(sent, rb"\x88.\x03\xef")
            self.assertEqual(len(self.run_stream([good, *pieces], True, False)[0]), 2)
        heard, _ = self.run_stream([masked(b"\xff\xfe", 0x82)], True, True)
        self.assertEqual(heard, [(b"\xff\xfe", True)])


class Pings(SynchronousTestCase):
    def test_who_is_silent_for_two_intervals_is_given_up(self) -> None:
        clock = Clock()
        made = Connections(cast(IGameReactor, clock), 1000, 1 << 20, 30.0, utf8=True)
        echo = Echo()
        connection = made.connection(Accepted(echo))
        transport = Transport()
        connection.makeConnection(transport)
        connection.dataReceived((REQUEST % (b"", b"")).replace(b"/a/b?x=1", b"/"))
        transport.clear()
        clock.advance(30.1)
        self.assertEqual(transport.value(), b"\x89\x00")
        connection.dataReceived(masked(b"", 0x8A))
        clock.advance(30.1)
        self.assertEqual(transport.value(), b"\x89\x00" * 2)
        clock.advance(30.1)
        self.assertTrue(transport.aborted)
