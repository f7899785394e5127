"""A chat client on a blocking socket, for tests that talk to a server process."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

from tests.integration.server import PATIENCE


class ChatSocket:
    """One connection; lines out, lines in."""

    def __init__(self, port: int, tls: bool = False) -> None:
        self.raw = socket.create_connection(("127.0.0.1", port), PATIENCE)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.raw = context.wrap_socket(self.raw)
        self._rest = b""

    def send(self, **keys: object) -> None:
        """Send one object as a line."""
        self.raw.sendall(json.dumps(keys).encode() + b"\n")

    def receive(self) -> dict[str, Any]:
        """Return the next object; an empty one at the end of the connection."""
        while b"\n" not in self._rest:
            data = self.raw.recv(65536)
            if not data:
                return {}
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def receive_command(self, command: str) -> dict[str, Any]:
        """Return the next object with a command; what comes before it is passed over."""
        while True:
            found = self.receive()
            if not found or found["Command"] == command:
                return found

    def log_in(self, name: str, password: str = "") -> dict[str, Any]:
        """Log in and return the answer."""
        self.send(Command="01", Name=name, Password=password)
        return self.receive()

    def silent(self, seconds: float = 0.3) -> bool:
        """Say whether nothing comes for a while, neither an object nor the end."""
        self.raw.settimeout(seconds)
        try:
            self.raw.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return not self._rest
        else:
            return False
        finally:
            self.raw.settimeout(PATIENCE)

    def close(self) -> None:
        """End the connection."""
        self.raw.close()
