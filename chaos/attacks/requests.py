"""HTTP: requests without number at every port, answers that nobody reads, requests that never get on."""

from __future__ import annotations

import socket
from collections.abc import Callable

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.sockets import Flood, connect

#: Every port that speaks HTTP, and what is asked there: pages, files, what is made anew each time, what is not there.
ASKED = {
    "web.endpoints": (
        "/metrics",
        "/",
        "/healthz",
        "/api/status",
        "/api/seasons",
        "/api/matches?season=ss14&state=over",
        "/static/app.js",
        "/nothing",
    ),
    "techmino.endpoints": ("/nothing", "/techmino/replays"),
    "invoker.endpoints": ("/nothing", "/v1/seeds/current", "/v1/ws"),
    "kwo.endpoints": ("/", "/nothing"),
}

MARKS = {"answers 200": b"HTTP/1.1 200", "answers 429": b"HTTP/1.1 429", "answers 500": b"HTTP/1.1 500"}


def request(path: str, headers: str = "") -> bytes:
    """Return a request without a body."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def everywhere(target: Target) -> Callable[[], socket.socket]:
    """Return what connects to one port that speaks HTTP after the other."""
    ports = list(ASKED)
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return connect(target.ports[ports[turn[0] % len(ports)]])

    return make


def _flooded(target: Target, *, reads: bool, connections: int) -> Report:
    everything = b"".join(request(path) for paths in ASKED.values() for path in paths) * 20
    return Flood(target, everywhere(target), everything, connections, reads=reads, marks=MARKS).run()


def pipelined(target: Target) -> Report:
    """Ask for everything at every port, hundreds of requests in a write."""
    report = _flooded(target, reads=True, connections=100)
    report.expect(report.counts["answers 429"] > 0, "nobody was told to come again later")
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def pipelined_unread(target: Target) -> Report:
    """The same, and never read an answer."""
    return _flooded(target, reads=False, connections=200)


def metrics(target: Target) -> Report:
    """Ask for the metrics, which are made anew each time and long, 1,700 times in a write."""
    payload = request("/metrics") * 1700
    return Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 8, marks=MARKS).run()


def metrics_unread(target: Target) -> Report:
    """The same, and never read them."""
    payload = request("/metrics") * 1700
    return Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 50, reads=False).run()


def one_each(target: Target) -> Report:
    """Make a connection for each request, as programs do that keep none, and go."""
    payload = request("/api/status", "Connection: close\r\n")
    return Flood(target, everywhere(target), payload, 50, marks=MARKS).run()


ATTACKS = (
    Attack("http-pipelined", "every page of every port, hundreds of requests in a write", pipelined),
    Attack("http-pipelined-unread", "the same by 200 clients that never read", pipelined_unread),
    Attack("http-metrics", "1,700 requests for the metrics in a write", metrics),
    Attack("http-metrics-unread", "the same by 50 clients that never read", metrics_unread),
    Attack("http-one-each", "a connection for each request", one_each),
)
