"""A client of the games on a blocking socket, for tests against a real process."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import urllib.request
from typing import Any


def post(port: int, path: str, body: Any, **headers: str) -> Any:
    """Send JSON over HTTP and return the answer."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", data, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


class BlockingClient:
    """Connects on construction; raises ``OSError`` when the connection ends."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /v1/ws?token={token} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._stream = self._socket.makefile("rb")
        status = self._stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(status.decode("latin-1"))
        while self._stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, message: dict[str, Any]) -> None:
        payload = json.dumps(message).encode()
        size = len(payload)
        head = struct.pack(">BB", 0x81, 0x80 | size) if size < 126 else struct.pack(">BBH", 0x81, 0xFE, size)
        self._socket.sendall(head + b"\0\0\0\0" + payload)

    def receive(self) -> bytes:
        """Return the next message."""
        while True:
            first, size = self._read(2)
            if size == 126:
                (size,) = struct.unpack(">H", self._read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._read(8))
            payload = self._read(size)
            if first & 0x0F in (1, 2):
                return payload

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionError("the connection has ended")
        return data

    def ask(self, i: str, t: str, p: dict[str, Any]) -> bytes:
        """Send a request and return the bytes of its answer."""
        self.send({"i": i, "t": t, "p": p})
        while True:
            payload = self.receive()
            if json.loads(payload)["i"] == i:
                return payload

    def close(self) -> None:
        self._stream.close()
        self._socket.close()
