"""A player at a Kassel lobby on a socket of their own, and what they have been shown of a game."""

from __future__ import annotations

import json
import socket
from typing import Any

from gameserver.games.api import Command
from gameserver.games.carcassonne.kind import KIND
from gameserver.games.reader import Reader
from tests.integration.server import PATIENCE

#: What the events of a game have shown: from an object's property to the values it has.
Picture = dict[tuple[str, str], frozenset[str]]


class Refused(Exception):
    """An ``ERROR`` of the lobby."""


class Player:
    """Reads when told to, so that one thread can play for several."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._rest = b""
        self._lines: list[str] = []
        self._playing = False
        self.name = ""
        self.reader: Reader = KIND.reader("")
        self.picture: Picture = {}
        #: The last thing the server has said in the game, until somebody takes it.
        self.word = ""
        self.over = False
        try:
            self._line()
        except BaseException:
            self.socket.close()
            raise

    def hear(self) -> None:
        """Read what has come. Raises ``ConnectionError`` at the end."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server has ended the connection")
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        self._lines += [line.decode() for line in lines]

    def _line(self) -> str:
        while not self._lines:
            self.hear()
        return self._lines.pop(0)

    def ask(self, command: str) -> list[str]:
        """Return the data lines of an answer. Raises ``Refused``."""
        self.socket.sendall(command.encode() + b"\r\n")
        lines: list[str] = []
        while (line := self._line()) != "OK":
            if line.startswith("ERROR: "):
                raise Refused(line)
            if not line.startswith("MSG FROM "):
                lines.append(line)
        return lines

    def log_in(self, name: str, password: str) -> None:
        """Log in. Raises ``Refused``."""
        self.ask(f"LOGIN {name} {password}")
        self.name = name

    def join(self, game: str) -> None:
        """Join, and read the dump. Raises ``Refused``."""
        count = int(self.ask(f"JOIN GAME {game}")[0].split()[1])
        self.reader, self.picture, self.word, self.over = KIND.reader(self.name), {}, "", False
        for _ in range(count):
            self._event(json.loads(self._line()))

    def take(self) -> None:
        """Take in the events that have been read, up to a word of the server's."""
        while self._lines and not self.word:
            self._event(json.loads(self._line()))

    def _event(self, found: dict[str, str]) -> None:
        source, prop, old, new = found["@src"], found["@prop"], found.get("@ov"), found.get("@nv")
        self.reader.hear(source, prop, old, new)
        if source == "SERVER":
            self.word = new or ""
            return
        if prop == "running" and source.startswith(KIND.root):
            self.over = (old, new) == ("true", "false")
        values = self.picture.get((source, prop), frozenset()) if prop in KIND.collections else frozenset[str]()
        values = values - {old} if old is not None else values
        self.picture[source, prop] = values | {new} if new is not None else values

    @property
    def running(self) -> bool:
        """Whether the game has started and is not over, as far as was shown."""
        return any(
            prop == "running" and source.startswith(KIND.root) and "true" in values
            for (source, prop), values in self.picture.items()
        )

    def ask_again(self) -> None:
        """Let the reader decide once more what to do."""
        self.reader.hear("SERVER", "USER_MESSAGE", None, "OK - again")

    def order(self, command: Command) -> None:
        """Send a command of the game."""
        message: dict[str, Any] = {"@action": command.action}
        if command.arguments:
            message["properties"] = {"entry": [{"key": k, "value": v} for k, v in command.arguments.items()]}
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def leave(self) -> None:
        """Leave the game, up to the lobby's first answer."""
        self.order(Command("LEAVE_GAME"))
        self.socket.sendall(b"NOOP\r\n")
        while self._line() != "OK":
            continue

    def close(self) -> None:
        """End the connection."""
        self.socket.close()


def differences(before: Picture, after: Picture) -> list[str]:
    """Return what of two pictures differs, a few at most; a property without a value is as good as none."""
    differing = [
        f"{source}.{prop} {sorted(before.get((source, prop), ()))} -> {sorted(after.get((source, prop), ()))}"
        for source, prop in sorted(before.keys() | after.keys())
        if before.get((source, prop), frozenset()) != after.get((source, prop), frozenset())
    ]
    return differing[:5]
