"""A client of a protocol that speaks lines, on a blocking socket."""

from __future__ import annotations

import json
import socket
from typing import Any

from tests.integration.server import PATIENCE


class Lines:
    """A client of a protocol that speaks lines, over a plain socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._file = self._socket.makefile("rwb")

    def send(self, line: str | dict[str, Any]) -> None:
        text = line if isinstance(line, str) else json.dumps(line)
        self._file.write(text.encode() + b"\r\n")
        self._file.flush()

    def line(self) -> str:
        return self._file.readline().decode().rstrip("\r\n")

    def until(self, mark: str) -> list[str]:
        """Return the lines up to the first that has a text in it."""
        lines = [self.line()]
        while mark not in lines[-1]:
            if not lines[-1]:
                raise AssertionError(f"{mark!r} did not come: {lines}")
            lines.append(self.line())
        return lines

    def ended(self) -> bool:
        """Whether the server ends the connection; what still comes is skipped."""
        while self._file.readline():
            continue
        return True

    def close(self) -> None:
        self._file.close()
        self._socket.close()
