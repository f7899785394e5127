"""The site: what every answer carries, how long a body may be, what the tree serves."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.internet.tcp import Connection
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase
from twisted.web.server import Request

from gameserver.edge.http import channel as channel_module
from gameserver.edge.http.json_resource import JsonResource, address
from gameserver.edge.http.site import BODY_LIMIT, site, tree
from gameserver.errors import Code, GameError
from gameserver.net.http import safe_headers
from gameserver.net.websocket import Accepted, Upgrade, websocket_resource
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import ConnectionCount
from gameserver.web.static_files import static_tree
from tests.reactor import listen, reactor
from tests.typed import the

#: Seconds an answer may take; much more than it needs, for machines that do other things too.
PATIENCE = 60


class Raw(Protocol):
    """Sends bytes and keeps everything that comes until the end."""

    transport: Connection

    def __init__(self) -> None:
        self.got = b""
        self.ended: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended.callback(self.got)


class SiteTests(TestCase):
    def setUp(self) -> None:
        self.bodies: list[int] = []

        async def count(request: Request) -> object:
            self.bodies.append(len(the(request.content).read()))
            return {"ok": True}

        index, static = static_tree("the house")

        async def who(request: Request) -> object:
            return {"host": address(request)}

        def nobody(_upgrade: Upgrade) -> Accepted:
            raise GameError(Code.FORBIDDEN, "Nobody.")

        pages = {
            "api/count": JsonResource(POST=count),
            "api/who": JsonResource(GET=who),
            "static": static,
            "ws": websocket_resource(reactor, nobody, greeting="A WebSocket."),
        }
        self.site = site(tree(pages, index))
        self.port = listen(self, self.site)

    async def ask(self, *parts: bytes) -> bytes:
        """Send a request that ends the connection and return the whole answer."""
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        for part in parts:
            raw.transport.write(part)
        raw.ended.addTimeout(PATIENCE, reactor)
        return await raw.ended

    async def post(self, headers: bytes, *body: bytes) -> bytes:
        head = b"POST /api/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + b"\r\n\r\n"
        return await self.ask(head, *body)

    async def test_the_index_page_and_its_files_are_served_with_safe_headers(self) -> None:
        page = await self.ask(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(b"HTTP/1.1 200 OK", page)
        self.assertIn(b"<!doctype html>", page)
        self.assertIn(b"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';", page)
        self.assertIn(b"<title>the house</title>", page)
        style = await self.ask(b"GET /static/style.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(b"text/css", style)
        for path in (b"/static/../site.py", b"/static/%2e%2e/site.py", b"/static/", b"/nothing"):
            answer = await self.ask(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(b"HTTP/1.1 404", answer, path)

    async def test_every_answer_has_the_safe_headers_and_none_says_what_version_runs(self) -> None:
        upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        answers = {
            b" 200 ": [b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
            b" 404 ": [b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
            b" 405 ": [b"PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
            b" 400 ": [b"GET / HTTP/1.1\r\n\r\n"],
            b" 431 ": [b"GET / HTTP/1.1\r\nX: " + b"x" * 20000 + b"\r\n"],
            b" 403 ": [b"GET /ws HTTP/1.1\r\nHost: x\r\n" + upgrade + b"Connection: close\r\n\r\n"],
            b" 413 ": [b"POST /api/count HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"],
        }
        for status, parts in answers.items():
            head = (await self.ask(*parts)).partition(b"\r\n\r\n")[0]
            self.assertIn(status, head[:20])
            for name, value in safe_headers(0).items():
                found = [
                    line for line in head.split(b"\r\n") if line.lower().startswith(name.lower().encode() + b":")
                ]
                self.assertEqual(len(found), 1, (status, name))
                wanted = b"frame-ancestors 'none'" if name == "Content-Security-Policy" else value.encode()
                self.assertTrue(found[0].endswith(wanted), found)
            self.assertNotIn(b"Twisted", head)
            self.assertNotIn(b"Strict-Transport-Security", head)

    async def test_only_who_came_over_tls_is_told_to_come_over_tls(self) -> None:
        async def told(*lines: bytes) -> bool:
            head = b"".join(line + b"\r\n" for line in (b"GET / HTTP/1.1", b"Host: x", b"Connection: close", *lines))
            return b"\r\nStrict-Transport-Security: max-age=77\r\n" in await self.ask(head + b"\r\n")

        self.site.hsts = 77
        https = b"X-Forwarded-Proto: https"
        self.assertEqual((await told(), await told(https)), (False, False))
        self.site.proxies = Proxies(["127.0.0.1"])
        self.assertEqual((await told(), await told(https)), (False, True))
        # What stands before the proxy's own word anybody may have written.
        self.assertEqual(
            (await told(https, b"X-Forwarded-Proto: http"), await told(https + b", http")), (False, False)
        )
        self.assertEqual(
            (await told(b"X-Forwarded-Proto: HTTPS"), await told(b"X-Forwarded-Proto: \xff")), (True, False)
        )
        self.site.hsts = 0
        self.assertFalse(await told(https))

    async def test_scripts_may_connect_to_where_they_came_from_and_nowhere_else(self) -> None:
        own = {
            b"play.example.org": b"connect-src 'self' ws://play.example.org wss://play.example.org;",
            b"127.0.0.1:8080": b"connect-src 'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080;",
            b"[2001:db8::1]:80": b"connect-src 'self' ws://[2001:db8::1]:80 wss://[2001:db8::1]:80;",
        }
        odd = (b"x; script-src *", b"a b", b"", b"\xff", b"x" * 300, b"x:y", b"*")
        for host, source in (own | dict.fromkeys(odd, b"connect-src 'self';")).items():
            page = await self.ask(b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
            (policy,) = [line for line in page.split(b"\r\n") if line.startswith(b"Content-Security-Policy:")]
            self.assertIn(source, policy)
            self.assertIn(b"script-src 'self';", policy)

    async def test_pages_are_only_read_and_have_nothing_below_them(self) -> None:
        for method in (b"PUT", b"DELETE", b"OPTIONS", b"POST", b"FOO"):
            for path in (b"/", b"/static/style.css"):
                answer = await self.ask(method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                self.assertTrue(answer.startswith(b"HTTP/1.1 405 "), answer[:60])
                self.assertIn(b"Allow: GET, HEAD\r\n", answer)
        for path in (b"//etc/passwd", b"/static/style.css/x"):
            answer = await self.ask(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 404 "), answer[:60])

    async def test_an_address_has_only_so_many_connections_and_gets_them_back(self) -> None:
        self.site.connections = connections = ConnectionCount(2, 3)
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", self.port)
        held = [await connectProtocol(endpoint, Raw()) for _ in range(2)]
        answer = await self.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer)
        self.assertTrue(answer.endswith(b"\r\n\r\nToo many connections from your address.\n"), answer)
        # A reverse proxy stands for many.
        self.site.proxies = Proxies(["127.0.0.1"])
        self.assertIn(b"200 OK", await self.ask(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        for raw in held:
            raw.transport.loseConnection()
            await raw.ended
        while connections.all:
            await deferLater(reactor, 0.01)

    async def test_a_request_that_comes_in_drops_has_an_end(self) -> None:
        self.patch(channel_module, "REQUEST_TIME", 0.2)
        for request in (b"GET / HTTP/1.1\r\n", b"POST /api/count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"):
            self.assertEqual(await self.ask(request, b"x"), b"")
        # One connection for many requests is another thing.
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        for number in range(1, 5):
            raw.transport.write(b"GET /api/who HTTP/1.1\r\nHost: x\r\n\r\n")
            await deferLater(reactor, 0.1)
            while raw.got.count(b"200 OK") < number and not raw.ended.called:
                await deferLater(reactor, 0.01)
            self.assertEqual(raw.got.count(b"200 OK"), number)
        raw.transport.loseConnection()
        await raw.ended

    async def test_the_bounds_are_the_documented_ones(self) -> None:
        self.assertEqual((BODY_LIMIT, channel_module.REQUEST_TIME, self.site.timeOut), (1 << 20, 60, 60))

    async def test_tls_is_closed_at_once(self) -> None:
        self.assertEqual(await self.ask(b"\x16\x03\x01\x02"), b"")

    async def test_a_body_up_to_the_limit_arrives(self) -> None:
        answer = await self.post(b"Content-Length: %d" % BODY_LIMIT, b"x" * BODY_LIMIT)
        self.assertIn(b"HTTP/1.1 200", answer)
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        answer = await self.post(b"Transfer-Encoding: chunked", chunk * 32, b"0\r\n\r\n")
        self.assertIn(b"HTTP/1.1 200", answer)
        self.assertEqual(self.bodies, [BODY_LIMIT, BODY_LIMIT])

    async def test_an_announced_body_over_the_limit_is_refused_at_once(self) -> None:
        for length in (BODY_LIMIT + 1, 10**15):
            answer = await self.post(b"Expect: 100-continue\r\nContent-Length: %d" % length)
            self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)
            self.assertTrue(answer.endswith(b"\r\n\r\nThe body is too large.\n"), answer)
        self.assertEqual(self.bodies, [])

    async def test_a_body_that_turns_out_to_be_over_the_limit_is_refused_too(self) -> None:
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        for end in (b"", b"0\r\n\r\n", b"0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            answer = await self.post(b"Transfer-Encoding: chunked", chunk * 40, end)
            self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:100])
            self.assertEqual(answer.count(b"HTTP/1.1"), 1)
        self.assertEqual(self.bodies, [])

    async def test_whoever_goes_before_the_end_leaves_nothing_behind(self) -> None:
        self.patch(channel_module, "READING_TIME", 60)
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        raw.transport.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nx")
        while not raw.got:
            waiting: Deferred[None] = Deferred()
            reactor.callLater(0.01, waiting.callback, None)
            await waiting
        raw.transport.loseConnection()
        await raw.ended

    async def test_only_a_proxy_of_ours_may_say_who_asks(self) -> None:
        async def who(*headers: bytes) -> bytes:
            lines = b"".join(b"X-Forwarded-For: " + header + b"\r\n" for header in headers)
            answer = await self.ask(b"GET /api/who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + lines + b"\r\n")
            return answer.partition(b'"host":"')[2].partition(b'"')[0]

        self.assertEqual(await who(b"10.0.0.1"), b"127.0.0.1")
        self.site.proxies = Proxies(["127.0.0.1", "10.9.9.9"])
        self.assertEqual(await who(b"10.0.0.1"), b"10.0.0.1")
        self.assertEqual(await who(b"6.6.6.6, 10.0.0.1", b"10.9.9.9"), b"10.0.0.1")
        self.assertEqual(await who(b"6.6.6.6, 2001:db8::1"), b"2001:db8::1")
        for nothing in ((), (b"",), (b"unknown",), (b"<script>",), (b"10.9.9.9",)):
            self.assertEqual(await who(*nothing), b"127.0.0.1")
