"""A season over a WebSocket, for browsers: one line a message, and one event a message."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from gameserver.edge.channel import CLOSE_CODES, Channel
from gameserver.errors import GameError
from gameserver.matches.wire import SERVER, event
from gameserver.net.lines import Damage
from gameserver.net.websocket import Accepted, Refusal, Upgrade, frame
from gameserver.protocols.kassel.connection import LONGEST_LINE, KasselConnection
from gameserver.protocols.kassel.encoders import WEBSOCKET, Frame, Languages
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Input, IsCommand, clean

#: The subprotocol browsers ask for.
SUBPROTOCOL = "kassel"

#: The subprotocol of a browser that takes part in the heartbeat.
BEATING = "kassel.beat"


class BrowserLines:
    """The lines of a browser's messages; a ``Source``. Those of an upload are gathered."""

    def __init__(self) -> None:
        self._waiting: deque[Input] = deque()
        #: The lines of an upload so far, ``None`` when there is none, and how many characters more it may have.
        self._upload: list[str] | None = None
        self._room = 0
        #: Says which line may come instead of an upload, as long as nothing of the upload has come.
        self._instead: IsCommand | None = None

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

    def expect_upload(self, longest: int, instead: IsCommand | None = None) -> None:
        """Let ``next`` return an upload once: one binary message, or lines up to ``EOT``.

        ``instead`` says which line is none of the upload, if it comes first and nothing has come behind it yet.
        """
        self._upload, self._room, self._instead = [], longest, instead

    def forget_upload(self) -> None:
        """Wait for no upload any more, and throw away what has come of it."""
        self._waiting.clear()
        self._upload = self._instead = None

    def next(self) -> Input | None:
        """See ``Source``."""
        while self._waiting:
            item = self._waiting.popleft()
            if self._instead is not None and not (isinstance(item, str) and not item.strip()):
                instead, self._instead = self._instead, None
                if isinstance(item, str) and not self._waiting and instead(clean(item)):
                    self._upload = None
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
    frame_name = WEBSOCKET
    languages = Languages(frame)
    source: BrowserLines

    #: Codes of our own (RFC 6455, 7.4.2) tell a browser whether to come back by itself.
    CLOSE_CODES: Mapping[str, int] = {
        **CLOSE_CODES,
        "moved": 1012,
        "replaced": 4000,
        "kicked": 4001,
        "banned": 4002,
        "silent": 4003,
        "closed": 4004,
    }

    def __init__(self, shared: SeasonShared, address: str, *, beating: bool = False) -> None:
        self.source = BrowserLines()
        super().__init__(shared, address, self.source)
        self.beating = beating

    def opening(self) -> None:
        """See ``Connection``; the heartbeat begins."""
        super().opening()
        self._beat_later()

    def gone(self) -> None:
        """See ``Connection``."""
        self.shared.beats.stop(self)
        self.shared.unanswered.stop(self)
        super().gone()

    def sentence(self, error: GameError) -> str:
        """See ``KasselConnection``. Pages have texts of their own for what is refused, in their readers' language."""
        return f"[{error.code}] {error.text}" if self.beating else error.text

    def _beat_later(self) -> None:
        if self.beating:
            self.shared.unanswered.stop(self)
            self.shared.beats.start(self)

    def beat(self) -> None:
        """Ask for a sign of life."""
        # Past what is held back: it is no part of an answer.
        self.write(frame(event(self.shared.now_ms, SERVER, "BEAT", "")))
        self.shared.unanswered.start(self)

    def nobody_answers(self) -> None:
        """End a connection that has given no sign of life: to the others its person is away from now on."""
        self.log.info("kassel session {id}: no heartbeat", id=self.number)
        self.close("silent", "Nothing was heard of you.")

    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Handler``."""
        if not self.leaving:
            self._beat_later()
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
    chosen = next((name for name in offered if name in (BEATING, SUBPROTOCOL)), None)
    if offered and chosen is None:
        raise Refusal(400, b'{"code":"subprotocol","text":"The subprotocol here is kassel."}')
    return Accepted(KasselChannel(shared, upgrade.address, beating=chosen == BEATING), {}, chosen)
