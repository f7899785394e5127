"""What an HTTP connection owes, and what a request may cost the others."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import connectionDone
from twisted.internet.task import Clock, deferLater
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import TestCase
from twisted.web.server import Request
from twisted.web.test.requesthelper import DummyRequest

from gameserver.accounts.tokens import LOGIN
from gameserver.edge.http.channel import REQUEST_TIME, SiteChannel
from gameserver.edge.http.json_resource import JsonResource, address
from gameserver.edge.http.page import Page
from gameserver.edge.http.site import site, tree
from gameserver.net.http import wanted
from gameserver.net.turns import Share
from gameserver.sessions.addresses import Proxies
from gameserver.sessions.limits import Meters
from gameserver.testing.context import memory_context
from gameserver.web.content import Content
from gameserver.web.health import FRESH, MetricsPage
from gameserver.web.static_files import StaticFile
from tests.reactor import listen, reactor
from tests.web.test_site import PATIENCE, Raw

#: Milliseconds of work of the page that costs something.
WORK = 2


class Working(Page):
    """A page whose answer costs some milliseconds, as /metrics does."""

    def render_GET(self, request: Request) -> bytes:
        until = time.perf_counter() + WORK / 1000
        while time.perf_counter() < until:
            pass
        return b"x" * 30_000


class HttpTests(TestCase):
    def setUp(self) -> None:
        self.gate: Deferred[None] = Deferred()
        self.asked: list[str] = []
        self.waits: list[Callable[[], bool]] = []
        pages = {
            "work": Working(),
            "slow": JsonResource(GET=self.slow),
            "api/who": JsonResource(GET=self.who, POST=self.form),
            "file": StaticFile(Content(b"content", b"text/plain")),
        }
        self.site = site(tree(pages))
        self.port = listen(self, self.site)

    async def slow(self, request: Request) -> object:
        self.waits.append(wanted(request))
        await self.gate
        return {"slow": True}

    async def who(self, request: Request) -> object:
        self.asked.append(request.method.decode())
        return {"host": address(request)}

    async def form(self, request: Request) -> object:
        assert request.content is not None
        return {"arguments": sorted(request.args or {}), "bytes": len(request.content.read())}

    async def connect(self) -> Raw:
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        self.addCleanup(self.gone, raw)
        return raw

    async def gone(self, raw: Raw) -> None:
        raw.transport.loseConnection()
        raw.transport.resumeProducing()
        await raw.ended

    async def ask(self, request: bytes, half: bool = False) -> bytes:
        """Return everything that comes until the server ends the connection."""
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        raw.transport.write(request)
        if half:
            raw.transport.loseWriteConnection()
        raw.ended.addTimeout(PATIENCE, reactor)
        return await raw.ended

    async def get(self, target: str, *headers: str) -> bytes:
        head = [f"GET {target} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
        return await self.ask("\r\n".join(head).encode("latin-1"))

    async def until(self, true: Any) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            self.assertLess(time.monotonic(), end)
            await deferLater(reactor, 0.01)

    async def test_requests_that_come_at_once_leave_everybody_else_a_turn_between_two(self) -> None:
        attacker = await self.connect()
        attacker.transport.write(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n" * 300)
        await self.until(lambda: attacker.got)
        waits = []
        for _ in range(5):
            began = time.perf_counter()
            self.assertIn(b"200 OK", await self.get("/api/who"))
            waits.append(time.perf_counter() - began)
        # Without turns the first answer would wait for all 300, more than half a second.
        self.assertLess(min(waits), 0.25, waits)
        await self.until(lambda: attacker.got.count(b"200 OK") == 300)

    async def test_an_address_that_asks_in_a_flood_is_told_to_wait(self) -> None:
        self.site.requests = Meters(1.0, 20)
        raw = await self.connect()
        raw.transport.write(b"GET /api/who HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        await self.until(lambda: b" 429 " in raw.got)
        answer = await self.get("/api/who")
        self.assertIn(b"HTTP/1.1 429 Too Many Requests\r\n", answer)
        self.assertIn(b"\r\nRetry-After: 1\r\n", answer)
        self.assertLess(len(self.asked), 30)
        # Files cost a tenth, but they cost.
        self.site.requests = Meters(0.001, 1)
        found = [(await self.get("/static/style.css"))[9:12] for _ in range(11)]
        self.assertEqual(found, [b"404"] * 10 + [b"429"])

    async def test_heads_and_bodies_that_come_line_by_line_over_many_turns(self) -> None:
        # As if every share were used up at once.
        self.patch(Share, "over", True)
        head = b"POST /api/who HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        body = b"1\r\nx\r\n" * 3000 + b"0\r\n\r\n"
        plain = b"POST /api/who HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + bytes(9000)
        last = b"GET /api/who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        many = b"".join(b"X-%d: y\r\n" % number for number in range(100))
        answers = await self.ask(head + many + b"\r\n" + body + plain + head + b"\r\n" + body + last)
        self.assertEqual(re.findall(rb'"bytes":(\d+)|"host"', answers), [b"3000", b"9000", b"3000", b""])

    async def test_what_stands_behind_damage_is_no_request(self) -> None:
        self.patch(Share, "over", True)
        for damage in (b"\0\r\n", b"GET / HTTP/1.1 x\r\n", b"GET /\r\n", b"POST / HTTP/9.9\r\n"):
            answer = await self.ask(damage + b"\r\nHost: x\r\n\r\n" * 50)
            self.assertIn(answer.count(b"HTTP/1.1 "), (0, 1), damage)
        self.assertEqual(self.flushLoggedErrors(), [])

    async def test_who_a_proxy_names_is_counted_and_not_the_proxy(self) -> None:
        self.site.requests, self.site.proxies = Meters(0.001, 3), Proxies(["127.0.0.1"])
        for _ in range(5):
            self.assertIn(b" 200 ", await self.get("/api/who"))
        found = [await self.get("/api/who", "X-Forwarded-For: 192.0.2.1") for _ in range(4)]
        self.assertEqual([answer[9:12] for answer in found], [b"200"] * 3 + [b"429"])
        self.assertIn(b" 200 ", await self.get("/api/who", "X-Forwarded-For: 192.0.2.2"))

    async def test_who_does_not_read_is_answered_no_further(self) -> None:
        attacker = await self.connect()
        attacker.transport.pauseProducing()
        rendered: list[int] = []

        def render(_page: Working, _request: Request) -> bytes:
            rendered.append(1)
            return b"x" * 100_000

        self.patch(Working, "render_GET", render)
        attacker.transport.write(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n" * 2000)
        await self.until(lambda: rendered)
        settled = 0
        while settled != len(rendered):
            settled = len(rendered)
            await deferLater(reactor, 0.3)
        # What fits into the sockets' buffers and one of Twisted's, not 200 MB.
        self.assertLess(settled, 200)
        self.patch(attacker, "dataReceived", lambda data: None)
        attacker.transport.resumeProducing()
        await self.until(lambda: len(rendered) == 2000)

    async def test_no_more_is_read_while_so_much_waits(self) -> None:
        held = []
        heard = SiteChannel.dataReceived

        def hear(channel: SiteChannel, data: bytes) -> None:
            heard(channel, data)
            held.append(len(channel._buffer))

        self.patch(SiteChannel, "dataReceived", hear)
        raw = await self.connect()
        # Each is answered at once, so a turn reads what is a hundred requests for each that it answers.
        request = b"GET /nothing HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 600 + b"\r\n\r\n"
        raw.transport.write(request * 2000)
        await self.until(lambda: raw.got.count(b"HTTP/1.1 404") == 2000)
        self.assertLess(max(held), 2 * 65536)

    async def test_requests_cut_anywhere_are_answered_in_order(self) -> None:
        raw = await self.connect()
        data = b"".join(b"GET /api/who?%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(30))
        for start in range(0, len(data), 7):
            raw.transport.write(data[start : start + 7])
            await deferLater(reactor, 0)
        await self.until(lambda: raw.got.count(b"200 OK") == 30)

    async def test_a_client_that_closes_its_half_gets_its_answers(self) -> None:
        request = b"GET /api/who HTTP/1.1\r\nHost: x\r\n\r\n"
        for count in (1, 5):
            self.assertEqual((await self.ask(request * count, half=True)).count(b"200 OK"), count)
        self.assertEqual(await self.ask(request[:-5], half=True), b"")
        self.assertEqual((await self.ask(request + request[:-5], half=True)).count(b"200 OK"), 1)
        post = b"POST /api/who HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
        self.assertEqual((await self.ask(post, half=True)).count(b"200 OK"), 1)
        waiting = self.ask(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + request, half=True)
        answer = Deferred.fromCoroutine(waiting)
        await deferLater(reactor, 0.1)
        self.gate.callback(None)
        self.assertEqual((await answer).count(b"200 OK"), 2)

    async def test_whether_anybody_still_waits_for_the_answer(self) -> None:
        raw = await self.connect()
        raw.transport.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await self.until(lambda: self.waits)
        self.assertTrue(self.waits[0]())
        raw.transport.abortConnection()
        await self.until(lambda: not self.waits[0]())
        self.gate.callback(None)

    async def test_a_length_that_no_number_can_hold(self) -> None:
        for digits in (16, 5000):
            answer = await self.ask(
                b"POST /api/who HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * digits + b"\r\n\r\n"
            )
            self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:60])
        self.assertEqual(self.flushLoggedErrors(), [])

    async def test_a_head_without_end(self) -> None:
        for line in (b"X: " + b"x" * 20_000, b"\r\n".join([b"X: " + b"x" * 1000] * 20), b"x" * 30_000):
            answer = await self.ask(b"GET /api/who HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 431 "), answer[:60])

    async def test_damage_in_what_a_proxy_says(self) -> None:
        self.site.proxies = Proxies(["127.0.0.1"])
        self.assertIn(b'"host":"10.0.0.1"', await self.get("/api/who", "X-Forwarded-For: \xff, 10.0.0.1"))
        self.assertIn(b'"host":"127.0.0.1"', await self.get("/api/who", "X-Forwarded-For: \xff"))
        self.assertEqual(self.flushLoggedErrors(), [])

    async def test_a_form_is_only_bytes(self) -> None:
        for kind, data in (
            (b"multipart/form-data; boundary=b", b"--b\r\n" * 20_000),
            (b"application/x-www-form-urlencoded", b"a=1&" * 20_000),
        ):
            head = b"POST /api/who?q=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + kind
            answer = await self.ask(head + b"\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
            self.assertIn(b'{"arguments":["cQ=="],"bytes":%d}' % len(data), answer)

    async def test_methods_targets_and_hosts(self) -> None:
        self.assertIn(b"200 OK", await self.get("http://example.org:80/api/who"))
        self.assertIn(b"200 OK", await self.get("HTTP://x/api/who?a=b"))
        # An address without a path is that of the first page.
        self.assertIn(b"HTTP/1.1 404 ", await self.get("http://example.org?a=b"))
        head = await self.ask(b"HEAD /api/who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 200 OK") and head.endswith(b"\r\n\r\n"), head)
        self.assertEqual(self.asked[-1], "HEAD")
        wrong = await self.ask(b"PUT /api/who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(b"405", wrong)
        self.assertIn(b"Allow: GET, HEAD, POST", wrong)
        for hosts in (b"", b"Host: a\r\nHost: b\r\n"):
            answer = await self.ask(b"GET /api/who HTTP/1.1\r\n" + hosts + b"\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer[:60])
        self.assertIn(b"200 OK", await self.ask(b"GET /api/who HTTP/1.0\r\n\r\n"))

    async def test_a_weak_tag_is_as_good(self) -> None:
        tag = (await self.get("/file")).partition(b"ETag: ")[2].partition(b"\r\n")[0].decode()
        for known in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
            answer = await self.get("/file", f"If-None-Match: {known}")
            self.assertTrue(answer.startswith(b"HTTP/1.1 304 "), known)
        self.assertIn(b"200 OK", await self.get("/file", 'If-None-Match: "other"'))


class TimeoutTests(TestCase):
    def test_a_request_that_is_late_and_a_connection_that_is_idle_leave_nothing_behind(self) -> None:
        clock = Clock()
        factory = site(tree({}))
        factory.reactor = clock
        channel = cast(Any, factory.buildProtocol(None))
        channel.makeConnection(StringTransport())
        channel.dataReceived(b"GET / HTT")
        # Both have waited as long; the client does not take note of the end.
        clock.advance(REQUEST_TIME)
        self.assertEqual(len(clock.getDelayedCalls()), 1)
        channel.connectionLost(connectionDone)
        self.assertEqual(clock.getDelayedCalls(), [])


class MetricsPageTests(TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.made: list[int] = []
        self.context = memory_context(self.clock)

        def render() -> bytes:
            self.made.append(1)
            return b"%d" % len(self.made)

        self.patch(self.context.metrics, "render", render)
        self.page = MetricsPage(self.context, [ip_network("10.1.0.0/16")])

    async def asked_from(self, host: str, token: str = "") -> tuple[int, bytes]:
        request = DummyRequest([b"metrics"])
        request.getClientAddress = lambda: type("Address", (), {"host": host})  # type: ignore[method-assign]
        if token:
            request.requestHeaders.setRawHeaders(b"Authorization", [b"Bearer " + token.encode()])
        body = self.page.render_GET(cast(Request, request))
        return request.responseCode or 200, body if isinstance(body, bytes) else b"".join(request.written)

    async def test_it_is_made_at_most_once_a_second(self) -> None:
        self.assertEqual([(await self.asked_from("127.0.0.1"))[1] for _ in range(1000)], [b"1"] * 1000)
        self.clock.advance(FRESH)
        self.assertEqual((await self.asked_from("::1"))[1], b"2")

    async def test_it_is_for_this_machine_and_the_configured_networks(self) -> None:
        for host in ("127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", ""):
            self.assertEqual((await self.asked_from(host))[0], 200, host)
        for host in ("10.2.0.1", "192.0.2.1", "2001:db8::1", "nonsense"):
            self.assertEqual((await self.asked_from(host))[0], 404, host)

    async def test_operators_read_it_from_anywhere(self) -> None:
        for role, status in (("admin", 200), ("moderator", 200), ("player", 404)):
            account = await self.context.accounts.create(role + "1", "secret", role=role)
            token = await self.context.accounts.tokens.issue(account, LOGIN, 60.0)
            self.assertEqual((await self.asked_from("192.0.2.1", token))[0], status, role)
        self.assertEqual((await self.asked_from("192.0.2.1", "forged"))[0], 404)
