"""A Techmino client for tests: the real client's requests and frames to the byte, answers as objects."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from gameserver.testing.clients import TIMEOUT

#: The real client masks everything with the same key.
MASK = b"\x01\x0e\x05\x0e"

CLOSE, PING, PONG = 8, 9, 10

_HEAD = (
    "GET /tech/socket/v1/{path} HTTP/1.1\r\n"
    "Host: 127.0.0.1:10026\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "{extra}"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n"
    "\r\n"
)


def request(endpoint: str, body: dict[str, Any] | bytes | None) -> list[bytes]:
    """Return the request of the real client as it writes it: the head, then the body (``None``: an empty one)."""
    data = body if isinstance(body, bytes) else compact(body) if body is not None else b""
    extra = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
    return [_HEAD.format(path=endpoint, extra=extra).encode(), data]


def browser_request(path: str) -> list[bytes]:
    """Return the request of a browser: it has no body, ``path`` may have a query."""
    return [_HEAD.format(path=path, extra="Origin: http://127.0.0.1:8080\r\nUser-Agent: Mozilla/5.0\r\n").encode()]


def compact(message: object) -> bytes:
    """Return a message as the client writes JSON."""
    return json.dumps(message, separators=(",", ":")).encode()


def frame(payload: bytes, opcode: int = 2) -> list[bytes]:
    """Return a frame as the real client writes it: kind and length, longer length, key, payload."""
    size = len(payload)
    parts = [bytes((0x80 | opcode, 0x80 | min(size, 126)))]
    if 126 <= size < 65536:
        parts.append(size.to_bytes(2, "big"))
    elif size >= 65536:
        parts = [bytes((0x80 | opcode, 0xFF)), size.to_bytes(8, "big")]
    whole = (MASK * (size // 4 + 1))[:size]
    hidden = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(size, "big")
    return [*parts, MASK, hidden]


class Answers:
    """Cuts what the server sends into the head of the HTTP answer and messages.

    ``messages`` are objects; ``closed`` is the code of a Close frame, 1005 for one without, ``reason`` what it
    says.
    """

    def __init__(self, pong: Callable[[bytes], None]) -> None:
        self._pong = pong
        self._data = b""
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.messages: deque[dict[str, Any]] = deque()
        self.closed: int | None = None
        self.reason = b""

    def feed(self, data: bytes) -> None:
        """Take in bytes."""
        self._data += data
        if not self.status and not self._head():
            return
        if self.status != 101:
            self.body, self._data = self.body + self._data, b""
            return
        position = 0
        while (end := self._frame(position)) is not None:
            position = end
        self._data = self._data[position:]

    def _head(self) -> bool:
        head, blank, rest = self._data.partition(b"\r\n\r\n")
        if not blank:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        self._data = rest
        return True

    def _frame(self, start: int) -> int | None:
        data = self._data
        if len(data) < start + 2:
            return None
        size, begin = data[start + 1], start + 2
        if size > 125:
            wide = 2 if size == 126 else 8
            size, begin = int.from_bytes(data[begin : begin + wide], "big"), begin + wide
        if len(data) < begin + size:
            return None
        payload, opcode = data[begin : begin + size], data[start] & 15
        assert data[start] & 0x80 and not data[start + 1] & 0x80, "server frames are whole and not masked"
        if opcode == PING:
            self._pong(payload)
        elif opcode == CLOSE:
            self.closed = int.from_bytes(payload[:2], "big") if payload else 1005
            self.reason = payload[2:]
        elif opcode != PONG:
            self.messages.append(json.loads(payload))
        return begin + size


class TechminoClient(Protocol):
    """A connection over a socket. ``cut`` says how bytes are cut; each piece leaves in a reactor turn of its own."""

    def __init__(self, reactor: Any, cut: Callable[[list[bytes]], list[bytes]] = lambda pieces: pieces) -> None:
        self._reactor = reactor
        self._cut = cut
        self._pieces: deque[bytes] = deque()
        self._waiting: Deferred[None] | None = None
        self.answers = Answers(lambda payload: self.write(frame(payload, PONG)))
        #: Called with every message instead of keeping it, if set.
        self.heard: Callable[[dict[str, Any]], None] | None = None
        self.lost: Deferred[None] = Deferred()
        self.gone = False

    def connectionMade(self) -> None:
        """Write at once, like the real client."""
        transport: Any = self.transport
        transport.setTcpNoDelay(True)

    def write(self, pieces: list[bytes]) -> None:
        """Send bytes."""
        idle = not self._pieces
        self._pieces += [piece for piece in self._cut(pieces) if piece]
        if idle and self._pieces:
            self._write_one()

    def _write_one(self) -> None:
        transport: Any = self.transport
        transport.write(self._pieces[0])
        if len(self._pieces) > 1:
            self._reactor.callLater(0, self._next_piece)
        else:
            self._pieces.popleft()

    def _next_piece(self) -> None:
        self._pieces.popleft()
        if self.gone:
            self._pieces.clear()
        else:
            self._write_one()

    def send(self, action: int, **data: Any) -> None:
        """Send a request, with ``data`` if there is any."""
        message: dict[str, Any] = {"action": action}
        if data:
            message["data"] = data
        self.write(frame(compact(message)))

    def dataReceived(self, data: bytes) -> None:
        """Take in bytes."""
        answers = self.answers
        answers.feed(data)
        if self.heard is not None:
            while answers.messages:
                self.heard(answers.messages.popleft())
        if answers.messages or (answers.status and answers.status != 101):
            self._wake()

    async def next(self) -> dict[str, Any]:
        """Return the next message. Fails when none comes for some seconds, or ever again."""
        while not self.answers.messages:
            if self.gone:
                raise ConnectionDone(f"{self.answers.status} {self.answers.body!r}")
            self._waiting = Deferred()
            self._waiting.addTimeout(TIMEOUT, self._reactor)
            await self._waiting
        return self.answers.messages.popleft()

    async def until(self, kind: str, action: int | None) -> dict[str, Any]:
        """Return the next message of a type and action; what comes before it is passed over."""
        while True:
            message = await self.next()
            if (message["type"], message.get("action")) == (kind, action):
                return message

    async def ended(self) -> None:
        """Wait for the end of the connection."""
        if not self.gone:
            self.lost.addTimeout(TIMEOUT, self._reactor)
            await self.lost

    def close(self) -> None:
        """Say goodbye as the real client does: an empty Close frame."""
        self.write(frame(b"", CLOSE))

    def drop(self) -> None:
        """End the connection without a word."""
        transport: Any = self.transport
        transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell those who wait."""
        self.gone = True
        self._wake()
        if not self.lost.called:
            self.lost.callback(None)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            waiting.callback(None)
