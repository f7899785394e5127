"""A season over a WebSocket, for browsers: one line a message, and one event a message."""

from __future__ import annotations

from collections import deque

from gameserver.edge.channel import Channel
from gameserver.net.lines import Damage
from gameserver.net.websocket import Accepted, Refusal, Upgrade, frame
from gameserver.protocols.kassel.connection import LONGEST_LINE, KasselConnection
from gameserver.protocols.kassel.encoders import Frame, Languages
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Input, clean

#: The subprotocol browsers ask for.
SUBPROTOCOL = "kassel"


class BrowserLines:
    """The lines of a browser's messages; a ``Source``. Those of an upload are gathered."""

    def __init__(self) -> None:
        self._waiting: deque[Input] = deque()
        #: The lines of an upload so far, ``None`` when there is none, and how many characters more it may have.
        self._upload: list[str] | None = None
        self._room = 0

    def __len__(self) -> int:
        """Lines that wait."""
        return len(self._waiting)

    def feed(self, payload: bytes, *, binary: bool) -> None:
        """Take in a message: lines, or the bytes of an upload."""
        if binary:
            self._waiting.append(payload)
        elif len(payload) > LONGEST_LINE:
            self._waiting.append(Damage.TOO_LONG)
        else:
            text = payload.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            self._waiting.extend(text.rstrip("\n").split("\n"))

    def expect_upload(self, longest: int) -> None:
        """Let ``next`` return an upload once: one binary message, or lines up to ``EOT``."""
        self._upload, self._room = [], longest

    def next(self) -> Input | None:
        """See ``Source``."""
        while self._waiting:
            item = self._waiting.popleft()
            if self._upload is not None:
                whole = self._gathered(self._upload, item)
                if whole is not None:
                    self._upload = None
                    return whole
            elif isinstance(item, Damage):
                return item
            else:
                return clean(item if isinstance(item, str) else item.decode("utf-8", "replace"))
        return None

    def _gathered(self, lines: list[str], item: Input) -> bytes | Damage | None:
        """Return the upload that this item ends, ``None`` if it goes on."""
        if isinstance(item, str) and item.strip() != "EOT":
            self._room -= len(item) + 1
            if self._room >= 0:
                lines.append(item)
            else:
                # The rest is read to its end and thrown away.
                lines.clear()
            return None
        if isinstance(item, bytes):
            return item if len(item) <= self._room else Damage.TOO_LONG
        if isinstance(item, Damage) or self._room < 0:
            return Damage.TOO_LONG
        return "\n".join([*lines, ""]).encode()


class KasselChannel(Channel[Input, SeasonShared], KasselConnection):
    """One browser."""

    frame: Frame = staticmethod(frame)
    languages = Languages(frame)
    source: BrowserLines

    def __init__(self, shared: SeasonShared, address: str) -> None:
        self.source = BrowserLines()
        super().__init__(shared, address, self.source)

    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Handler``."""
        if not self.leaving:
            self.something_came()
            self.source.feed(payload, binary=binary)
            self.hear()

    def send_file(self, data: bytes) -> None:
        """See ``KasselConnection``; one binary message."""
        self.write(frame(data, True))


def accept(shared: SeasonShared, upgrade: Upgrade) -> Accepted:
    """Answer a request to upgrade. Raises ``Refusal`` for another path and another subprotocol."""
    if upgrade.path.rstrip("/") != f"/kassel/{shared.season.name}":
        raise Refusal(404, b'{"code":"not_found","text":"There is nothing here."}')
    offered = upgrade.subprotocols
    if offered and SUBPROTOCOL not in offered:
        raise Refusal(400, b'{"code":"subprotocol","text":"The subprotocol here is kassel."}')
    return Accepted(KasselChannel(shared, upgrade.address), {}, SUBPROTOCOL if offered else None)
