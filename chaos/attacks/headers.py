"""What stands before a request's body: digits, names, lines without end, chunks, requests that never get on."""

from __future__ import annotations

import json
import random

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.requests import ASKED, MARKS, everywhere, request
from chaos.attacks.sockets import Flood, connect, upgrade


def _odd_heads(rng: random.Random) -> list[bytes]:
    line = b"GET / HTTP/1.1\r\nHost: x\r\n"
    return [
        line + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        line + b"Content-Length: -1\r\n\r\n",
        line + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        line + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        line + b"X-Forwarded-For: \xff, 10.0.0.1\r\n\r\n",
        line + b"X-Forwarded-For: " + b"10.0.0.1," * 1500 + b"\r\n\r\n",
        line + b"Authorization: Bearer " + rng.randbytes(3000).replace(b"\n", b"").replace(b"\r", b"") + b"\r\n\r\n",
        line + b"Cookie: " + b"a=b;" * 3000 + b"\r\n\r\n",
        line + b"Range: bytes=" + b"0-1," * 3000 + b"\r\n\r\n",
        line + b"If-None-Match: " + b'W/"x",' * 2000 + b"\r\n\r\n",
        line + b"Accept: " + b"*/*;q=0.1," * 1500 + b"\r\n\r\n",
        b"GET /" + b"a/" * 7000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?" + b"a=1&" * 3500 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%" + b"%2f%00%ff" * 1500 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\0" * 16000 + b"\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
        line + b"".join(b"X-%d: y\r\n" % number for number in range(400)) + b"\r\n",
        line
        + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
        upgrade("/v1/ws?token=" + "A" * 12000),
        upgrade("/v1/ws?token=" + "A" * 4000 + "." + "B" * 4000 + "." + "C" * 2000),
        upgrade("/kassel/ss14", "Sec-WebSocket-Protocol: " + "a," * 6000 + "\r\n"),
        upgrade("/tech/socket/v1/app", "Sec-WebSocket-Extensions: " + "permessage-deflate; a=b," * 500 + "\r\n"),
        upgrade("/", "Origin: " + "http://" + "a." * 6000 + "\r\n"),
    ]


def odd(target: Target) -> Report:
    """Send heads that something might stumble over, each on a connection of its own, to every port."""
    heads = _odd_heads(target.rng)
    rng = target.rng
    ports = list(ASKED)

    def make() -> object:
        made = connect(target.ports[rng.choice(ports)])
        made.sendall(rng.choice(heads))
        return made

    report = Flood(target, make, b"\r\n\r\n", 50, marks=MARKS, pause=0.2).run()  # type: ignore[arg-type]
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def many(target: Target) -> Report:
    """Send requests with as many header lines as are taken, hundreds of them in a write."""
    lines = "".join(f"X-{number}: y\r\n" for number in range(480))
    return Flood(target, everywhere(target), request("/nothing", lines) * 50, 50, marks=MARKS).run()


def endless(target: Target) -> Report:
    """Send a head that never ends, in short lines, and in one line."""
    short = Flood(target, everywhere(target), b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 10000, 50)
    return short.run()


def forwarded(target: Target) -> Report:
    """Come by a proxy that is believed, with a claim of one's own in front of what the proxy says, and guess."""
    rng = target.rng
    body = json.dumps({"name": "annette", "password": "wrong1"}).encode()
    claims = (
        b"127.0.0.1",
        b"\xff",
        b"unknown",
        b"[::1]:80",
        b"::ffff:127.0.0.1",
        b"a" * 4000,
        b"1.2.3.4," * 500,
        b"",
    )

    def asked() -> bytes:
        head = rng.choice((b"POST /api/login", b"POST /v1/sessions", b"GET /api/status", b"GET /v1/ws?token=x"))
        by = b"X-Forwarded-For: %b, 198.51.100.%d\r\nX-Forwarded-Proto: https\r\n" % (
            rng.choice(claims),
            rng.randrange(3),
        )
        return b"%b HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n%b" % (head, by, len(body), body)

    payload = b"".join(asked() for _ in range(300))
    report = Flood(target, everywhere(target), payload, 60, marks=MARKS).run()
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def slow(target: Target) -> Report:
    """Hold as many requests open as one address may have connections, a byte now and then."""
    return Flood(target, everywhere(target), b"GET / HTTP/1.1\r\nHost: ", 590, pause=1.0, again=False).run()


def chunks(target: Target) -> Report:
    """Send bodies in chunks of one byte."""
    head = b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    payload = head + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n"
    return Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 40, marks=MARKS).run()


def extensions(target: Target) -> Report:
    """The same with long extensions of the chunks, and with trailers without end."""
    head = b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    payload = head + (b"1;" + b"a=b;" * 200 + b"\r\nx\r\n") * 100 + b"0\r\n" + b"a: b\r\n" * 20_000
    return Flood(target, everywhere(target), payload, 40, marks=MARKS).run()


def slow_bodies(target: Target) -> Report:
    """Announce a body of a megabyte on every connection there may be, send most of it, and wait."""
    head = b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
    payload = head + bytes(1_000_000)
    flood = Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 590, again=False, pause=60.0)
    return flood.run()


ATTACKS = (
    Attack("headers-odd", "heads of requests that something might stumble over", odd),
    Attack(
        "headers-forwarded",
        "requests by a proxy that is believed, with addresses made up",
        forwarded,
        settings=('web.proxies=["127.0.0.1"]',),
    ),
    Attack("headers-many", "480 header lines in each of many requests", many),
    Attack("headers-endless", "heads that never end", endless),
    Attack("http-slow", "590 requests that never get on", slow),
    Attack("http-chunks", "bodies in chunks of one byte", chunks),
    Attack("http-extensions", "chunks with long extensions, trailers without end", extensions),
    Attack("http-slow-bodies", "590 bodies of a megabyte that never end", slow_bodies, seconds=8.0),
)
