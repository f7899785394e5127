"""A client of a Kassel season, on a blocking socket."""

from __future__ import annotations

import json
import socket
from typing import Any

from tests.integration.server import PATIENCE


class Player:
    """A client of a season, on a blocking socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._file = self._socket.makefile("rb")
        self.line()

    def line(self) -> str:
        """Return the next line."""
        line: bytes = self._file.readline()
        assert line.endswith(b"\r\n"), line
        return line[:-2].decode()

    def ask(self, command: str) -> list[str]:
        """Send a lobby command and return the lines up to its OK or ERROR."""
        self._socket.sendall(command.encode() + b"\r\n")
        lines = [self.line()]
        while lines[-1] != "OK" and not lines[-1].startswith("ERROR: "):
            lines.append(self.line())
        return lines

    def join(self, game: str) -> list[dict[str, str]]:
        """Join a game of SS14 and return its dump."""
        count = int(self.ask(f"JOIN GAME {game}")[0].split()[1])
        return [json.loads(self.line()) for _ in range(count)]

    def order(self, action: str, **arguments: str) -> None:
        """Send a command in a game; its answer is not waited for."""
        entries = [{"key": key, "value": value} for key, value in arguments.items()]
        command: dict[str, Any] = {"@action": action}
        if entries:
            command["properties"] = {"entry": entries}
        self._socket.sendall(json.dumps(command).encode() + b"\n")

    def until(self, prop: str, new: str) -> list[dict[str, str]]:
        """Read events up to one with that property and value."""
        events: list[dict[str, str]] = []
        while not events or (events[-1]["@prop"], events[-1].get("@nv")) != (prop, new):
            events.append(json.loads(self.line()))
        return events

    def ended(self) -> list[str]:
        """Return the lines that still come until the server ends the connection."""
        return [line.decode().rstrip("\r\n") for line in self._file]

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()
