"""Lines out of a telnet stream: options refused, corrections by backspace carried out, CR LF, LF and CR NUL alike.

Lines are taken out one by one (``next``), because one of them may say that raw bytes follow.
"""

from __future__ import annotations

import enum
import re

_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
_ERASE_LINE, _ERASE_CHARACTER = 248, 247

_END = re.compile(rb"\r?\n|\r\x00")
_EDITED = re.compile("[\x08\x15\x7f]")

#: What ends an upload.
_UPLOAD_END = re.compile(rb"EOT(?:\r\n|\n|\r\x00)")


class Damage(enum.Enum):
    """Why there is no line."""

    TOO_LONG = "longer than the limit"


class TelnetLines:
    """``longest`` is the limit of a line in bytes."""

    __slots__ = ("_buffer", "_longest", "_searched", "_skipping", "_upload", "answers")

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._buffer = bytearray()
        self._searched = 0
        self._skipping = False
        self._upload: int | None = None
        #: Telnet's own answers, to be sent at once.
        self.answers = bytearray()

    def __len__(self) -> int:
        """Bytes that wait."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take in what the client has sent."""
        self._buffer += data

    def expect_upload(self, longest: int) -> None:
        """Let ``next`` return raw bytes once: everything up to ``EOT`` at the end of a line."""
        self._upload = longest
        self._searched = 0

    def next(self) -> str | bytes | Damage | None:
        """Return the next line without its end, the bytes of an upload, or ``None`` if none is complete."""
        if self._upload is not None:
            return self._next_upload(self._upload)
        end = self._find_end()
        if end is None:
            if len(self._buffer) > self._longest:
                self._buffer.clear()
                self._searched = 0
                self._skipping = True
            return None
        line = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        self._searched = 0
        if self._skipping or len(line) > self._longest:
            self._skipping = False
            return Damage.TOO_LONG
        return _corrected(line.decode("utf-8", "replace"))

    def _find_end(self) -> re.Match[bytes] | None:
        # One byte back: the CR of a CR LF may have come in the packet before.
        begin = max(0, self._searched - 1)
        end = _END.search(self._buffer, begin)
        if _IAC in self._buffer[: end.start() if end else len(self._buffer)]:
            self._obey()
            end = _END.search(self._buffer)
        if end is None:
            self._searched = len(self._buffer)
        return end

    def _obey(self) -> None:
        """Take telnet's commands out of the first line."""
        buffer = self._buffer
        at = 0
        while at < len(buffer) and buffer[at] != 0x0A:
            if buffer[at] != _IAC:
                at += 1
                continue
            length = self._command(at)
            if length is None:
                return
            del buffer[at : at + length]

    def _command(self, at: int) -> int | None:
        """Carry out the command at a place; return its length, ``None`` if it is not complete."""
        buffer = self._buffer
        if at + 1 >= len(buffer):
            return None
        code = buffer[at + 1]
        if code in (_DO, _DONT, _WILL, _WONT):
            if at + 2 >= len(buffer):
                return None
            if code == _DO:
                self.answers += bytes((_IAC, _WONT, buffer[at + 2]))
            elif code == _WILL:
                self.answers += bytes((_IAC, _DONT, buffer[at + 2]))
            return 3
        if code == _SB:
            end = buffer.find(bytes((_IAC, _SE)), at)
            if end >= 0:
                return end + 2 - at
            return None if len(buffer) - at < 1024 else len(buffer) - at
        if code in (_ERASE_CHARACTER, _ERASE_LINE):
            buffer[at : at + 2] = b"\x08" if code == _ERASE_CHARACTER else b"\x15"
            return 0
        return 2

    def _next_upload(self, longest: int) -> bytes | Damage | None:
        begin = max(0, self._searched - 8)
        while (end := _UPLOAD_END.search(self._buffer, begin)) is not None:
            data, begin = bytes(self._buffer[: end.start()]), end.end()
            if not self._skipping and not complete_upload(data):
                continue
            del self._buffer[:begin]
            self._upload, self._searched = None, 0
            return Damage.TOO_LONG if self._skipping_ended(data, longest) else data
        if len(self._buffer) > longest:
            # The rest is read to its end and thrown away; the last bytes may be the beginning of the end mark.
            del self._buffer[: len(self._buffer) - 8]
            self._skipping = True
        self._searched = len(self._buffer)
        return None

    def _skipping_ended(self, data: bytes, longest: int) -> bool:
        was, self._skipping = self._skipping, False
        return was or len(data) > longest


def complete_upload(data: bytes) -> bool:
    """Say whether ``EOT`` after these bytes is the end mark: a text's last line is over, a zip file has its end."""
    if data.startswith(b"PK"):
        end = data.rfind(b"PK\x05\x06")
        return end >= 0 and len(data) >= end + 22 + int.from_bytes(data[end + 20 : end + 22], "little")
    return not data or data.endswith((b"\n", b"\r\x00"))


def _corrected(line: str) -> str:
    """Carry out backspace, delete and erase line (Ctrl-U)."""
    if not _EDITED.search(line):
        return line
    kept: list[str] = []
    for character in line:
        if character == "\x15":
            kept.clear()
        elif character in "\x08\x7f":
            if kept:
                kept.pop()
        else:
            kept.append(character)
    return "".join(kept)
