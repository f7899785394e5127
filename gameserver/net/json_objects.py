"""JSON objects out of a byte stream that need not have any other structure.

Objects may follow each other with or without newlines, several in a packet, one over many packets, cut anywhere,
even inside a character; they may be spread over lines. Only the frame is found here: whether an object is correct
JSON is for the decoder to say. No byte is looked at twice, however the stream is cut (those of a list twice; newlines
are counted beside that).
"""

from __future__ import annotations

import enum
import re

from gameserver.net.inbox import Queue

_QUOTE, _COLON, _COMMA, _OPEN, _CLOSE, _LIST, _LIST_END = b'":,{}[]'
_NEWLINE, _BACKSLASH = b"\n\\"

_MARK = b"\xef\xbb\xbf"

_BLANK = re.compile(rb"[ \t\r\n\x00]*+")
_UNTIL_OBJECT_OR_LINE = re.compile(rb"[^{\n]*+")

#: The rest of a string: to its end (group 1, with a colon or comma behind it), a raw newline, or the packet's end.
_STRING = rb'(?:[^"\\\n]++|\\[^\n])*+("[ \t\r\n]*+[:,]?+)?+'
_REST_OF_STRING = re.compile(_STRING)
#: A string, a bracket, or a run of anything else: every byte belongs to exactly one token.
_TOKEN = re.compile(rb'"' + _STRING + rb'|[{}\[\]]|[^"{}\[\]]++')

#: An object without another bracket in it, whole in one packet: nearly every message is one.
_FLAT = re.compile(rb'\{(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+")*+\}')


class Damage(enum.Enum):
    """Why a part of the stream was thrown away."""

    GARBAGE = "something that begins no object"
    NEWLINE_IN_STRING = "a raw newline inside a string"
    CUT_OFF = "an object that ends in the middle"
    TOO_LONG = "an object longer than the limit"
    TOO_DEEP = "an object nested deeper than the limit"


class _State(enum.Enum):
    BETWEEN = enum.auto()
    SKIPPING = enum.auto()
    INSIDE = enum.auto()
    STRING = enum.auto()


class JsonObjects:
    """An incremental scanner. Memory is bounded by ``longest`` (bytes of one object) and ``deepest`` (nesting).

    After damage it goes on at the next newline, inside brackets that nobody has closed too; with a peer that has
    never sent a newline between objects (``lines`` is false) at the next ``{``, because there may never be a newline.
    An object that is too long or too deep is followed to its end without being kept. A BOM at the start and NUL
    bytes between objects are skipped.
    """

    __slots__ = (
        "_before",
        "_damaged",
        "_escaped",
        "_from",
        "_held",
        "_last",
        "_lists",
        "_longest",
        "_nesting",
        "_nesting_limit",
        "_newlines",
        "_refused",
        "_spread",
        "_start",
        "_state",
        "_thrown",
        "_too_deep",
        "lines",
    )

    def __init__(self, longest: int, deepest: int) -> None:
        self._longest = longest
        self._nesting_limit = deepest
        #: Whether a newline has ever come between objects: this peer sends lines.
        self.lines = False
        self._start: bytes | None = b""
        self._state = _State.BETWEEN
        # The object that has begun: its bytes of earlier packets, its offset in this one, what is open in it.
        self._held = bytearray()
        self._from = 0
        self._nesting = bytearray()
        self._too_deep = 0
        self._refused: Damage | None = None
        # The newlines in its bytes of earlier packets, and whether its sender is known to write one over many lines.
        self._newlines = 0
        self._spread = False
        # The last byte of it that means something, whether a backslash ended the packet, the stream's last byte.
        self._before = 0
        self._escaped = False
        self._last = 0
        # One piece of damage is told once; very long damage again every ``longest`` bytes.
        self._damaged = False
        self._thrown = 0
        # Whether a list that begins now may still end in this packet.
        self._lists = True

    @property
    def pending(self) -> bool:
        """Whether half an object, or damage without an end, waits for more."""
        return self._state is not _State.BETWEEN

    def forget(self) -> None:
        """Throw half an object away: what comes next begins afresh."""
        self._state = _State.BETWEEN
        self._escaped = False
        self._held.clear()

    def scan(self, data: bytes) -> list[bytes | Damage]:
        """Return what these bytes have completed: objects as they came, and damage, in order."""
        if self._start is not None:
            data = self._without_mark(data)
        found: list[bytes | Damage] = []
        if not data:
            return found
        if not self.lines:
            self._damaged = False
        position, end = 0, len(data)
        self._from = 0
        self._lists = True
        while position < end:
            state = self._state
            if state is _State.BETWEEN:
                position = self._between(data, position, found)
            elif state is _State.INSIDE:
                position = self._inside(data, position, found)
            elif state is _State.STRING:
                position = self._string(data, position, found)
            else:
                position = self._skip(data, position, found)
        if self._state in (_State.INSIDE, _State.STRING):
            self._hold(data, found)
        self._last = data[-1]
        return found

    def _without_mark(self, data: bytes) -> bytes:
        data = (self._start or b"") + data
        if len(data) < len(_MARK) and _MARK.startswith(data):
            self._start = data
            return b""
        self._start = None
        return data.removeprefix(_MARK)

    def _between(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        end = _end(_BLANK, data, position)
        if (self._damaged or not self.lines) and data.find(b"\n", position, end) >= 0:
            self.lines = True
            self._damaged = False
        if end < len(data):
            if data[end] == _OPEN:
                flat = _FLAT.match(data, end)
                if flat is not None and flat.end() - end <= self._longest:
                    found.append(flat.group())
                    self._damaged = False
                    self._from = flat.end()
                    return self._from
                self._begin(end)
                return end + 1
            self._tell(Damage.GARBAGE, 0, found)
            if data[end] == _LIST and not self.lines and (behind := self._behind_list(data, end)):
                return behind
            self._state = _State.SKIPPING
        return end

    def _behind_list(self, data: bytes, position: int) -> int:
        """Return where a list ends that begins here, so that no object in it is taken for a message.

        0 if it does not end in this packet: then it is damage like any other, and no other list of the packet is
        looked at, so that no byte is looked at more than twice.
        """
        depth = 0
        for token in _TOKEN.finditer(data, position) if self._lists else ():
            first = data[token.start()]
            if first in (_OPEN, _LIST):
                depth += 1
            elif first in (_CLOSE, _LIST_END):
                depth -= 1
                if not depth:
                    return token.end()
            elif first == _QUOTE and token.end(1) < 0:
                break
        self._lists = False
        return 0

    def _begin(self, position: int) -> None:
        self._state = _State.INSIDE
        self._from = position
        self._held.clear()
        self._nesting[:] = b"{"
        self._too_deep = 0
        self._refused = None
        self._newlines = 0
        self._spread = False
        self._before = _OPEN

    def _inside(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        before = self._before
        for token in _TOKEN.finditer(data, position):
            start, end = token.span()
            first = data[start]
            if first == _QUOTE:
                if token.end(1) < 0:
                    return self._string_stopped(data, end, found)
                before = data[end - 1]
            elif first == _CLOSE:
                before = 0
                if self._close():
                    return self._complete(data, end, found)
            elif first == _OPEN:
                if self._misplaced(data, start, before):
                    return self._cut_off(data, start, found)
                self._open(first)
                before = first
            elif first == _LIST:
                self._open(first)
                before = first
            elif first == _LIST_END:
                before = 0
                if self._close():
                    return self._complete(data, end, found)
            else:
                run = data[start:end].rstrip()
                if run:
                    before = run[-1]
        self._before = before
        return len(data)

    def _open(self, bracket: int) -> None:
        if len(self._nesting) < self._nesting_limit:
            self._nesting.append(bracket)
        else:
            self._too_deep += 1
            self._refused = Damage.TOO_DEEP

    def _close(self) -> bool:
        """Close the innermost bracket, whichever it is; return whether it was the object's own."""
        if self._too_deep:
            self._too_deep -= 1
        else:
            self._nesting.pop()
        return not self._nesting

    def _misplaced(self, data: bytes, position: int, before: int) -> bool:
        """Say whether a ``{`` inside an object can't belong to it: the object before was cut off."""
        if before == _COLON:
            # Correct JSON, but what begins a line here is far more likely the next message than a value.
            return self._at_line_start(data, position)
        if before in (_COMMA, _LIST):
            if not self._too_deep and self._nesting[-1] != _LIST:
                return True
            return self._at_line_start(data, position) and not self._written_over_lines(data, position)
        return True

    def _at_line_start(self, data: bytes, position: int) -> bool:
        return (data[position - 1] if position else self._last) == _NEWLINE

    def _written_over_lines(self, data: bytes, position: int) -> bool:
        """Say whether the object had an earlier newline than the one right before ``position``.

        Who puts every item on a line of its own has broken lines before the first item of a list, too. Who has not
        sends an object a line, and this one was cut off inside the list. No object is counted through twice.
        """
        if not self._spread:
            self._spread = self._newlines + data.count(b"\n", self._from, position) > 1
        return self._spread

    def _cut_off(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        self._tell(Damage.CUT_OFF, position - self._from, found)
        if self.lines and (data[position - 1] if position else self._last) != _NEWLINE:
            self._state = _State.SKIPPING
            return position
        self._begin(position)
        return position + 1

    def _complete(self, data: bytes, end: int, found: list[bytes | Damage]) -> int:
        self._state = _State.BETWEEN
        held = self._held
        if self._refused is None and len(held) + end - self._from > self._longest:
            self._refused = Damage.TOO_LONG
        if self._refused is not None:
            self._tell(self._refused, end - self._from, found)
        elif held:
            found.append(bytes(held) + data[self._from : end])
            self._damaged = False
        else:
            found.append(data[self._from : end])
            self._damaged = False
        if held:
            held.clear()
        # Nothing of this packet belongs to an object any more.
        self._from = end
        return end

    def _string(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        if self._escaped:
            self._escaped = False
            if data[position] == _NEWLINE:
                return self._string_stopped(data, position, found)
            position += 1
        rest = _REST_OF_STRING.match(data, position)
        end = rest.end() if rest else position
        if rest is None or rest.end(1) < 0:
            return self._string_stopped(data, end, found)
        self._state = _State.INSIDE
        self._before = data[end - 1]
        return end

    def _string_stopped(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        """Find out why a string stopped without its quote: the packet ended, or a raw newline."""
        end = len(data)
        if position == end or (data[position] == _BACKSLASH and position + 1 == end):
            self._escaped = position < end
            self._state = _State.STRING
            return end
        self._tell(Damage.NEWLINE_IN_STRING, position - self._from, found)
        self._held.clear()
        self._damaged = False
        self._state = _State.BETWEEN
        return position + (1 if data[position] == _NEWLINE else 2)

    def _skip(self, data: bytes, position: int, found: list[bytes | Damage]) -> int:
        if self.lines:
            end = data.find(b"\n", position)
            if end < 0:
                end = len(data)
        else:
            end = _end(_UNTIL_OBJECT_OR_LINE, data, position)
        self._tell(Damage.GARBAGE, end - position, found)
        if end < len(data):
            self._state = _State.BETWEEN
        return end

    def _hold(self, data: bytes, found: list[bytes | Damage]) -> None:
        """Keep what belongs to an object that is not complete yet."""
        size = len(data) - self._from
        if not self._spread:
            self._newlines += data.count(b"\n", self._from)
        if self._refused is None and len(self._held) + size > self._longest:
            self._refused = Damage.TOO_LONG
            self._held.clear()
        if self._refused is None:
            self._held += data[self._from :]
            return
        self._thrown += size
        if self._thrown > self._longest:
            self._thrown = 0
            found.append(self._refused)

    def _tell(self, damage: Damage, size: int, found: list[bytes | Damage]) -> None:
        if self._damaged:
            self._thrown += size
            if self._thrown <= self._longest:
                return
        self._damaged = True
        self._thrown = 0
        found.append(damage)


def _end(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    match = pattern.match(data, position)
    return match.end() if match else position


class ObjectFraming(Queue[bytes | Damage]):
    """The objects of a stream, one by one: a ``Framing``. ``scanner`` knows what kind of client this is."""

    __slots__ = ("scanner",)

    def __init__(self, longest: int, deepest: int) -> None:
        super().__init__()
        self.scanner = JsonObjects(longest, deepest)

    def feed(self, data: bytes) -> None:
        """Take in what the client has sent."""
        for item in self.scanner.scan(data):
            self.put(item)

    def end(self) -> None:
        """Half an object will never be whole."""
        self.scanner.forget()

    def forget(self) -> None:
        """Throw everything away."""
        super().forget()
        self.scanner.forget()
