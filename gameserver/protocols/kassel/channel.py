"""The same lobby over a WebSocket, for browsers: one line a message, and one event a message."""

from __future__ import annotations

from collections import deque

from twisted.logger import Logger

from gameserver.errors import GameError
from gameserver.net.guard import Guard
from gameserver.net.websocket import Accepted, Refusal, Upgrade, Wire, frame
from gameserver.protocols.kassel.connection import Connection, Languages
from gameserver.protocols.kassel.events import Framing
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Damage, clean
from gameserver.protocols.kassel.telnet_connection import CLOGGED, LONGEST_LINE

#: The subprotocol browsers ask for.
SUBPROTOCOL = "kassel"

#: Messages that may wait behind a command that is being handled before reading stops.
WAITING = 64

#: One pair of languages for all browsers.
LANGUAGES = Languages(frame)


class LobbyChannel:
    """One browser. ``connection`` is there once it has been let in."""

    log = Logger()

    framing: Framing = staticmethod(frame)
    connection: Connection | None = None

    def __init__(self, shared: SeasonShared, address: str) -> None:
        self._shared = shared
        self._address = address
        self._guard = Guard(shared.name, self._refused, self._crashed, shared.metrics)
        self._waiting: deque[str | bytes | Damage] = deque()
        self._busy = False
        self._paused = False
        self._leaving = False
        #: The lines of an upload so far, ``None`` when there is none, and how many characters more it may have.
        self._upload: list[str] | None = None
        self._room = 0

    def opened(self, wire: Wire) -> None:
        """Let the browser in and speak first."""
        self._wire = wire
        self._shared.opened(self)
        self._guard.run(self._enter)

    def _enter(self) -> None:
        try:
            connection = Connection(self._shared, self, LANGUAGES, self._address)
        except GameError as error:
            self._shared.metrics.error(self._shared.name, error.code)
            self.write(frame(f"ERROR: {error.text}".encode()))
            self.close()
            return
        self.connection = connection
        self._guard.session_id = connection.session.id
        connection.greet()

    def received(self, payload: bytes, binary: bool) -> None:
        """Take a message: a line, or the bytes of an upload."""
        if not self._leaving:
            self._shared.silences.start(self)
            self._guard.run(self._receive, payload, binary)

    def _receive(self, payload: bytes, binary: bool) -> None:
        if binary:
            self._waiting.append(payload)
        elif len(payload) > LONGEST_LINE:
            self._waiting.append(Damage.TOO_LONG)
        else:
            text = payload.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            self._waiting.extend(text.rstrip("\n").split("\n"))
        self._pump()
        if len(self._waiting) >= WAITING and not self._paused and not self._leaving:
            self._paused = True
            self._wire.pauseProducing()

    def _pump(self) -> None:
        connection = self.connection
        while self._waiting and not self._busy and not self._leaving and connection is not None:
            item = self._gathered(self._waiting.popleft())
            if item is None:
                continue
            running = self._guard.run(connection.handle, item)
            if running is not None and not running.called:
                self._busy = True
                running.addCallback(self._go_on)
        if self._paused and not self._leaving and len(self._waiting) <= WAITING // 2:
            self._paused = False
            self._wire.resumeProducing()

    def _go_on(self, _result: object) -> None:
        self._busy = False
        self._guard.run(self._pump)

    def _gathered(self, item: str | bytes | Damage) -> str | bytes | Damage | None:
        """Put the lines of an upload together; everything else passes."""
        if self._upload is None:
            if isinstance(item, bytes):
                item = item.decode("utf-8", "replace")
            return clean(item) if isinstance(item, str) else item
        lines = self._upload
        if isinstance(item, str) and item.strip() != "EOT":
            self._room -= len(item) + 1
            if self._room >= 0:
                lines.append(item)
            else:
                # The rest is read to its end and thrown away.
                lines.clear()
            return None
        self._upload = None
        if isinstance(item, bytes):
            return item if len(item) <= self._room else Damage.TOO_LONG
        if isinstance(item, Damage) or self._room < 0:
            return Damage.TOO_LONG
        return "\n".join([*lines, ""]).encode()

    def ended(self) -> None:
        """Forget the connection; a seat in a game is kept for a while."""
        self._leaving = True
        self._waiting.clear()
        self._shared.closed(self)
        if self.connection is not None:
            self._guard.run(self.connection.ended)

    def _refused(self, error: GameError) -> None:
        if self.connection is not None:
            self.connection.refused(error)

    def _crashed(self) -> None:
        if self.connection is not None:
            self.connection.crashed()

    def write(self, data: bytes) -> None:
        """Send messages that are framed already."""
        self._wire.write(data)

    def write_raw(self, data: bytes) -> None:
        """Send the bytes of a file as one binary message."""
        self._wire.send(data, True)

    def expect_upload(self, longest: int) -> None:
        """Take what comes next for a file: one binary message, or lines up to ``EOT``."""
        self._upload, self._room = [], longest

    @property
    def backlog(self) -> bool:
        """Whether the browser has sent more than what is being handled."""
        return bool(self._waiting)

    @property
    def clogged(self) -> bool:
        """Whether the browser is behind with reading."""
        return self._wire.waiting > CLOGGED

    def close(self) -> None:
        """Send what waits and end the connection."""
        self._leaving = True
        self._wire.close()

    def silent(self) -> None:
        """See ``protocol.Connection``."""
        if self.connection is not None:
            self.connection.silent()
        else:
            self.close()

    def rest_is_late(self) -> None:
        """See ``protocol.Connection``; the state machine asks for its own."""


def accept(shared: SeasonShared, upgrade: Upgrade) -> Accepted:
    """Answer a request to upgrade. Raises ``Refusal`` for another path and another subprotocol."""
    if upgrade.path.rstrip("/") != f"/kassel/{shared.season.name}":
        raise Refusal(404, b'{"code":"not_found","text":"There is nothing here."}')
    offered = upgrade.subprotocols
    if offered and SUBPROTOCOL not in offered:
        raise Refusal(400, b'{"code":"subprotocol","text":"The subprotocol here is kassel."}')
    return Accepted(LobbyChannel(shared, upgrade.address), {}, SUBPROTOCOL if offered else None)
