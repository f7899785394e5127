"""A client of the games on a blocking socket, for tests against a real process."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.integration.web_socket import WebSocket


def post(port: int, path: str, body: Any, **headers: str) -> Any:
    """Send JSON over HTTP and return the answer."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", data, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


class BlockingClient(WebSocket):
    """Connects on construction; raises ``OSError`` when the connection ends."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, f"/v1/ws?token={token}")

    def ask(self, i: str, t: str, p: dict[str, Any]) -> bytes:
        """Send a request and return the bytes of its answer."""
        self.send({"i": i, "t": t, "p": p})
        while True:
            payload = self.receive()
            if json.loads(payload)["i"] == i:
                return payload
