"""A WebSocket client on a blocking socket, for tests against a real process."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from typing import Any

from tests.integration.server import PATIENCE


class WebSocket:
    """Connects on construction; raises ``ConnectionError`` when it is refused or has ended.

    ``TimeoutError`` when nothing has come for ``patience`` seconds.
    """

    def __init__(self, port: int, path: str, body: object = None, patience: float = PATIENCE) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), patience)
        # Before anything fails, so that it can be closed then.
        self._stream = self._socket.makefile("rb")
        try:
            self._upgrade(path, body)
        except BaseException:
            self.close()
            raise

    def _upgrade(self, path: str, body: object) -> None:
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        )
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        self._socket.sendall(head.encode() + b"\r\n" + content)
        status = self._stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(status.decode("latin-1"))
        while self._stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, message: dict[str, Any]) -> None:
        self.say(json.dumps(message))

    def say(self, *texts: str) -> None:
        """Send messages, all of them in one write."""
        self._socket.sendall(b"".join(_frame(text.encode()) for text in texts))

    def receive(self) -> bytes:
        """Return the next message; control frames are passed over."""
        while True:
            first, size = self._read(2)
            if size == 126:
                (size,) = struct.unpack(">H", self._read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._read(8))
            payload = self._read(size)
            if first & 0x0F in (1, 2):
                return payload

    def next(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.receive())
        return found

    def until(self, **keys: object) -> dict[str, Any]:
        """Return the next message in which these keys have these values."""
        while True:
            message = self.next()
            if all(message.get(key) == value for key, value in keys.items()):
                return message

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionError("the connection has ended")
        return data

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


def _frame(payload: bytes) -> bytes:
    size = len(payload)
    head = struct.pack(">BB", 0x81, 0x80 | size) if size < 126 else struct.pack(">BBH", 0x81, 0xFE, size)
    return head + b"\0\0\0\0" + payload
