"""Lines of text out of a byte stream: for protocols with a line a message and nothing else in between."""

from __future__ import annotations

import enum
from collections.abc import Iterator


class Damage(enum.Enum):
    """Why there is no line."""

    TOO_LONG = "longer than the limit"


class Lines:
    """Lines without their ends (LF or CR LF), as UTF-8; a ``Source``. ``longest`` is the limit of one in bytes.

    A longer one is read to its end without being kept, and is ``Damage.TOO_LONG``.
    """

    __slots__ = ("_buffer", "_longest", "_searched", "_skipping")

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._buffer = bytearray()
        self._searched = 0
        self._skipping = False

    def __len__(self) -> int:
        """Bytes that wait."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take in what the client has sent."""
        self._buffer += data

    def end(self) -> None:
        """Take what is left for a whole line: the client sends nothing more."""
        if self._buffer and not self._buffer.endswith(b"\n"):
            self._buffer += b"\n"

    def forget(self) -> None:
        """Throw everything away."""
        self._buffer.clear()
        self._searched = 0
        self._skipping = False

    def next(self) -> str | Damage | None:
        """Return the next line; bytes that are not UTF-8 become U+FFFD."""
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            if len(self._buffer) > self._longest:
                self._buffer.clear()
                self._skipping = True
            self._searched = len(self._buffer)
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        if self._skipping or len(line) > self._longest:
            self._skipping = False
            return Damage.TOO_LONG
        return line.removesuffix(b"\r").decode("utf-8", "replace")


def cut(text: str, longest: int) -> Iterator[str]:
    """Return a text, which may be long and have lines of its own, as lines of at most so many bytes.

    Empty lines are left out, and so is NUL, which ends a line for many clients.
    """
    for line in text.replace("\0", "").splitlines():
        rest = line.encode("utf-8", "replace")
        while rest:
            piece = rest[:longest].decode("utf-8", "ignore")
            rest = rest[len(piece.encode()) :]
            yield piece
