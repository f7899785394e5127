"""Lines out of a telnet stream: options refused, corrections by backspace carried out, every line end alike.

A line ends with CR LF, LF, CR NUL or a bare CR: many clients take each of them for one, and what somebody says must
not become two of their lines. Lines are taken out one by one (``next``), because one of them may say that raw bytes
follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gameserver.matches.zip_files import is_whole
from gameserver.net.lines import Damage
from gameserver.net.nobody import nobody

#: What comes in, on a line of telnet or as a message of a browser: a line, the bytes of an upload, or why neither.
Input = str | bytes | Damage

_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
#: Erase line and erase character, and the characters that do the same.
_ERASING = {248: b"\x15", 247: b"\x08"}
_LONGEST_SUBNEGOTIATION = 1024

_END = re.compile(rb"\r?\n|\r\x00|\r(?=[^\n\x00])")
#: What a line end or a telnet command begins with.
_SPECIAL = re.compile(rb"[\xff\r\n]")
#: What a line may not keep: corrections are carried out, other control characters left out. A tab is a blank.
CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")

#: What ends an upload.
_UPLOAD_END = re.compile(rb"EOT(?:\r\n|\n|\r\x00)")


#: Says whether a line is a command.
IsCommand = Callable[[str], bool]


class TelnetLines:
    """A ``Framing``. ``longest`` is the limit of a line in bytes, ``answer`` sends telnet's own answers."""

    __slots__ = (
        "_answer",
        "_answers",
        "_buffer",
        "_enough",
        "_instead",
        "_longest",
        "_searched",
        "_skipping",
        "_upload",
        "more_follows",
    )

    def __init__(self, longest: int, answer: Callable[[bytes], None]) -> None:
        self._longest = longest
        self._answer = answer
        self._answers = bytearray()
        self._buffer = bytearray()
        self._searched = 0
        self._skipping = False
        self._upload: int | None = None
        self._enough = False
        #: Says which line may come instead of an upload, as long as nothing of the upload has come.
        self._instead: IsCommand | None = None
        #: Whether more has come already than what has been fed.
        self.more_follows = False

    def __len__(self) -> int:
        """Bytes that wait."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take in what the client has sent."""
        self._buffer += data

    def end(self) -> None:
        """Take what is left for a whole line, or for a whole upload: the client sends nothing more."""
        if self._buffer and not self._buffer.endswith(b"\n"):
            self._buffer += b"\n"
        self._enough = True

    def expect_upload(self, longest: int, instead: IsCommand | None = None) -> None:
        """Let ``next`` return raw bytes once: everything up to ``EOT`` at the end of a line.

        ``instead`` says which line is none of the upload, if it comes first and nothing has come behind it yet.
        """
        self._upload, self._instead = longest, instead
        self._searched = 0

    def forget(self) -> None:
        """Throw everything away, and answer nothing any more."""
        self._answer = nobody
        self.forget_upload()

    def forget_upload(self) -> None:
        """Wait for no upload any more, and throw away what has come of it."""
        self._buffer.clear()
        self._upload, self._instead, self._searched = None, None, 0
        self._skipping = self._enough = False

    @property
    def upload_may_be_over(self) -> bool:
        """Whether an upload ends with ``EOT``, though a zip file is not whole or the last line has no end."""
        return self._upload is not None and self._buffer.endswith((b"EOT\n", b"EOT\r\n", b"EOT\r\x00"))

    def end_upload(self) -> None:
        """Take the ``EOT`` that everything ends with for the end mark: nothing has followed it."""
        self._enough = True

    def next(self) -> Input | None:
        """Return the next line without its end, the bytes of an upload, or ``None`` if none is complete."""
        if self._instead is not None and self._has_line():
            instead, self._instead = self._instead, None
            if not self.more_follows and _is_alone(self._buffer) and instead(_text_of(self._buffer)):
                self._upload = None
        if self._upload is not None:
            return self._next_upload(self._upload)
        line = self._next_line()
        if self._answers:
            self._answer(bytes(self._answers))
            self._answers.clear()
        return line

    def _has_line(self) -> bool:
        """Say whether a line has come that is not blank; those before it are thrown away."""
        while self._buffer and self._buffer[0] in b"\r\n\x00":
            del self._buffer[0]
        return _END.search(self._buffer) is not None

    def _next_line(self) -> str | Damage | None:
        found = self._find_end()
        if found is None:
            if len(self._buffer) > self._longest:
                self._buffer.clear()
                self._searched = 0
                self._skipping = True
            return None
        end, after = found
        line = bytes(self._buffer[:end])
        del self._buffer[:after]
        self._searched = 0
        if self._skipping or len(line) > self._longest:
            self._skipping = False
            return Damage.TOO_LONG
        return clean(line.decode("utf-8", "replace"))

    def _find_end(self) -> tuple[int, int] | None:
        """Return where the first line ends and the next begins; telnet's commands up to there are carried out."""
        buffer = self._buffer
        kept: list[bytes] = []
        # One byte back: the CR of a CR LF may have come in the packet before.
        begin = done = at = max(0, self._searched - 1)
        end = None
        while (special := _SPECIAL.search(buffer, at)) is not None:
            at = special.start()
            if buffer[at] != _IAC:
                end = _END.match(buffer, at)
                if end is not None:
                    break
                # A CR whose LF or NUL may still come.
                at += 1
                continue
            command = self._command(at)
            if command is None:
                break
            length, instead = command
            kept += (bytes(buffer[done:at]), instead)
            at = done = at + length
        searched = len(buffer) if special is None else special.start()
        shorter = 0
        if kept:
            text = b"".join(kept)
            shorter = done - begin - len(text)
            buffer[begin:done] = text
        if end is not None:
            return end.start() - shorter, end.end() - shorter
        self._searched = searched - shorter
        return None

    def _command(self, at: int) -> tuple[int, bytes] | None:
        """Return the length of the command at a place and what stands for it; ``None`` if it is not complete."""
        buffer = self._buffer
        if at + 1 >= len(buffer):
            return None
        code = buffer[at + 1]
        if code in (_DO, _DONT, _WILL, _WONT):
            if at + 2 >= len(buffer):
                return None
            if code == _DO:
                self._answers += bytes((_IAC, _WONT, buffer[at + 2]))
            elif code == _WILL:
                self._answers += bytes((_IAC, _DONT, buffer[at + 2]))
            return 3, b""
        if code == _SB:
            end = buffer.find(bytes((_IAC, _SE)), at, at + _LONGEST_SUBNEGOTIATION)
            if end >= 0:
                return end + 2 - at, b""
            rest = len(buffer) - at
            return None if rest < _LONGEST_SUBNEGOTIATION else (rest, b"")
        return 2, _ERASING.get(code, b"")

    def _next_upload(self, longest: int) -> bytes | Damage | None:
        begin = max(0, self._searched - 8)
        while (end := _UPLOAD_END.search(self._buffer, begin)) is not None:
            size, begin = end.start(), end.end()
            enough = self._skipping or (self._enough and begin == len(self._buffer))
            if not (enough or complete_upload(self._buffer, size)):
                continue
            data = bytes(self._buffer[:size])
            del self._buffer[:begin]
            self._upload, self._searched, self._enough = None, 0, False
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


def _is_alone(data: bytearray) -> bool:
    """Say whether the first line is all there is."""
    end = _END.search(data)
    return end is not None and end.end() == len(data)


def _text_of(line: bytearray) -> str:
    return clean(line.decode("utf-8", "replace").rstrip("\r\n\x00"))


def complete_upload(data: bytes | bytearray, size: int) -> bool:
    """Say whether ``EOT`` after so many bytes is the end mark: a text's last line is over, a zip file has its end.

    Asked for every ``EOT`` of a file, so only the last bytes before it are looked at.
    """
    if data.startswith(b"PK"):
        return is_whole(data, size)
    return not size or data.endswith((b"\n", b"\r\x00"), max(0, size - 2), size)


def clean(line: str) -> str:
    """Carry out backspace, delete and erase line (Ctrl-U); other control characters would only reach other people.

    A byte order mark, which some editors and shells begin with, goes too.
    """
    line = line.removeprefix("\ufeff")
    if not CONTROLS.search(line):
        return line
    kept: list[str] = []
    for character in line:
        if character == "\x15":
            kept.clear()
        elif character in "\x08\x7f":
            if kept:
                kept.pop()
        elif not CONTROLS.match(character):
            kept.append(character)
    return "".join(kept)
