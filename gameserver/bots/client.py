"""A client of the Kassel lobby: commands and their answers, then events and JSON commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from gameserver.games.api import Command

#: Events as they come: source, property, old value, new value.
Listener = Callable[[str, str, "str | None", "str | None"], None]


class Refused(Exception):
    """The server's ERROR line, without the word."""


class KasselClient(LineReceiver):
    """One connection. ``greeting`` fires with the first line, ``lost`` when the connection has ended."""

    MAX_LENGTH = 1 << 20

    def __init__(self) -> None:
        self.greeting: Deferred[str] = Deferred()
        self.lost: Deferred[None] = Deferred()
        self.nickname = ""
        #: Called with every event of the game.
        self.listener: Listener = lambda *_: None
        #: Chat lines pushed in the lobby.
        self.pushed: list[str] = []
        #: Events the server announced for the join, ``None`` where it does not.
        self.announced: int | None = None
        self._greeted = False
        self._joining = False
        self._playing = False
        self._answer: list[str] = []
        self._waiting: Deferred[list[str]] | None = None

    async def ask(self, command: str) -> list[str]:
        """Send a lobby command and return its data lines. Raises ``Refused``."""
        waiting = self._waiting = Deferred()
        self._answer = []
        self.sendLine(command.encode())
        return await waiting

    async def log_in(self, name: str, password: str) -> None:
        """Log in; without a name as a new test player. Raises ``Refused``."""
        if not name:
            words = (await self.ask("CREATE TESTPLAYER"))[0].split()
            name, password = words[2].partition("=")[2], words[3].partition("=")[2]
        lines = await self.ask(f"LOGIN {name} {password}")
        self.nickname = lines[0].split()[1].partition("=")[2]

    async def join(self, game: str, visitor: bool = False) -> None:
        """Join a game; from then on every line is an event for ``listener``. Raises ``Refused``."""
        self._joining = True
        try:
            lines = await self.ask(f"JOIN GAME {game} -visitor {'true' if visitor else 'false'}")
        finally:
            self._joining = False
        self.announced = int(lines[0].split()[1]) if lines else None

    def order(self, command: Command) -> None:
        """Send a JSON command."""
        message: dict[str, Any] = {"@action": command.action}
        entries = [{"key": key, "value": value} for key, value in command.arguments.items()]
        if entries:
            message["properties"] = {"entry": entries[0] if len(entries) == 1 else entries}
        self.sendLine(json.dumps(message, ensure_ascii=False).encode())

    def hang_up(self) -> None:
        """End the connection."""
        if self.transport is not None:
            self.transport.loseConnection()

    def lineReceived(self, line: bytes) -> None:
        """Take a line."""
        text = line.decode("utf-8", "replace")
        if self._playing:
            event = json.loads(text)
            self.listener(event["@src"], event["@prop"], event.get("@ov"), event.get("@nv"))
        elif not self._greeted:
            self._greeted = True
            self.greeting.callback(text)
        elif text.startswith("MSG FROM "):
            self.pushed.append(text)
        else:
            self._take_answer(text)

    def _take_answer(self, text: str) -> None:
        if text != "OK" and not text.startswith("ERROR: "):
            self._answer.append(text)
            return
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        if text != "OK":
            waiting.errback(Failure(Refused(text.removeprefix("ERROR: "))))
            return
        self._playing = self._joining
        waiting.callback(self._answer)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell those who wait."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.errback(Failure(ConnectionDone("the server has ended the connection")))
        if not self._greeted:
            self._greeted = True
            self.greeting.errback(Failure(ConnectionDone("the server has not greeted")))
        if not self.lost.called:
            self.lost.callback(None)
