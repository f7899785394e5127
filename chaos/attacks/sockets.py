"""What attackers hold in their hands: plain sockets, very many at once, and WebSockets on them."""

from __future__ import annotations

import base64
import contextlib
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable

import attrs

from chaos.attacks.attacker import Report, Target

#: Seconds that a client which waits for an answer waits.
PATIENCE = 30.0

#: Bytes that are read, and given to the system, at once.
PIECE = 1 << 16


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    """Return a connection from an address, whose calls wait for ``PATIENCE``."""
    made = socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def until(connection: socket.socket, end: bytes) -> bytes:
    """Read up to bytes that end an answer. Raises ``ConnectionError`` when the connection ends before."""
    data = bytearray()
    while end not in data:
        piece = connection.recv(PIECE)
        if not piece:
            raise ConnectionError(f"ended after {bytes(data[-200:])!r}")
        data += piece
    return bytes(data)


def _head(connection: socket.socket) -> bytes:
    """Read the head of an answer, and none of the frames behind it."""
    data = bytearray()
    while not data.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            raise ConnectionError("ended before the handshake was answered")
        data += piece
    return bytes(data)


def upgrade(path: str, headers: str = "", body: bytes = b"") -> bytes:
    """Return a request for a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}{length}\r\n"
    )
    return head.encode() + body


def websocket(port: int, path: str, headers: str = "", body: bytes = b"") -> socket.socket:
    """Return a connection that has become a WebSocket. Raises ``ConnectionError`` when that is refused."""
    made = connect(port)
    made.sendall(upgrade(path, headers, body))
    answer = _head(made)
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        made.close()
        raise ConnectionError(answer[:200].decode("latin-1"))
    return made


def frame(payload: bytes, opcode: int = 1, final: bool = True) -> bytes:
    """Return a frame of a client, masked with zeros."""
    first, size = opcode | (0x80 if final else 0), len(payload)
    if size < 126:
        head = struct.pack(">BB", first, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", first, 0x80 | 127, size)
    return head + bytes(4) + payload


@attrs.define(eq=False)
class _Line:
    """One connection of a flood, and how far it is."""

    socket: socket.socket
    payload: memoryview
    sent: int = 0
    tail: bytes = b""


@attrs.define
class Flood:
    """Many connections that send the same thing again and again, as fast as it is taken.

    ``make`` returns a new connection, ready to send. With ``reads`` they read all that they are told; ``marks`` are
    bytes to be counted in that, by the word they are counted as. With ``again`` a connection that has ended is made
    anew. ``repeats`` ends each connection after so many payloads.
    """

    target: Target
    make: Callable[[], socket.socket]
    payload: bytes
    connections: int = 1
    reads: bool = True
    again: bool = True
    marks: dict[str, bytes] = attrs.Factory(dict)
    repeats: int = 0
    #: Seconds between two payloads of a connection; 0: none.
    pause: float = 0.0
    report: Report = attrs.Factory(Report)

    def run(self) -> Report:
        """Flood until the time is over, and return what was counted."""
        selector = selectors.DefaultSelector()
        opened: set[_Line] = set()
        resting: list[tuple[float, _Line]] = []
        counts = self.report.counts
        writing = selectors.EVENT_WRITE | (selectors.EVENT_READ if self.reads else 0)

        def begin() -> None:
            try:
                made = self.make()
            except OSError:
                counts["not let in"] += 1
                return
            made.setblocking(False)
            line = _Line(made, memoryview(self.payload))
            opened.add(line)
            selector.register(made, writing, line)
            counts["connections"] += 1

        def end(line: _Line, word: str) -> None:
            counts[word] += 1
            opened.discard(line)
            with contextlib.suppress(KeyError):
                selector.unregister(line.socket)
            line.socket.close()

        self.target.begin()
        while self.target.left > 0:
            if len(opened) < self.connections and (self.again or counts["connections"] < self.connections):
                begin()
                if not opened:
                    time.sleep(0.01)
            while resting and resting[0][0] <= time.monotonic():
                _, line = resting.pop(0)
                if line in opened:
                    selector.modify(line.socket, writing, line)
            for key, events in selector.select(0.05):
                line = key.data
                try:
                    if events & selectors.EVENT_READ and not self._read(line):
                        end(line, "ended by the server")
                        continue
                    if events & selectors.EVENT_WRITE:
                        line.sent += line.socket.send(line.payload[line.sent : line.sent + PIECE])
                except BlockingIOError:
                    continue
                except OSError:
                    end(line, "ended by the server")
                    continue
                if line.sent == len(line.payload):
                    line.sent = 0
                    counts["sent"] += 1
                    if self.repeats:
                        end(line, "left")
                    elif self.pause:
                        waiting = selectors.EVENT_READ if self.reads else 0
                        if waiting:
                            selector.modify(line.socket, waiting, line)
                        resting.append((time.monotonic() + self.pause, line))
        for line in list(opened):
            end(line, "left at the end")
        selector.close()
        return self.report

    def _read(self, line: _Line) -> bool:
        data = line.socket.recv(PIECE)
        self.report.counts["bytes read"] += len(data)
        if self.marks and data:
            longest = max(map(len, self.marks.values())) - 1
            found = line.tail + data
            for word, mark in self.marks.items():
                self.report.counts[word] += found.count(mark) - line.tail.count(mark)
            line.tail = found[-longest:]
        return bool(data)


def hold(target: Target, make: Callable[[], socket.socket], wanted: int) -> list[socket.socket]:
    """Make as many connections as are let in, keep them without a word until the time is over, and return them."""
    held: list[socket.socket] = []
    with contextlib.suppress(OSError):
        while len(held) < wanted and target.left > 0:
            held.append(make())
    time.sleep(max(0.0, target.left))
    return held
