"""A program's output cut into lines: never longer than a limit, whatever comes."""

from __future__ import annotations

import attrs


@attrs.frozen
class Line:
    """One line without its end.

    ``whole`` is false for the beginning of a line that was longer than the limit; its rest is dropped. ``shown`` is
    how many of the bytes somebody has seen already while the line was not complete.
    """

    raw: bytes
    whole: bool = True
    shown: int = 0


class Lines:
    """Collects bytes; empty lines are left out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending = bytearray()
        self._shown = 0
        self._skipping = False

    def feed(self, data: bytes) -> list[Line]:
        """Return the lines that end in ``data``."""
        found: list[Line] = []
        *ends, rest = data.split(b"\n")
        for end in ends:
            if self._skipping:
                self._skipping = False
                continue
            if self._pending:
                end = bytes(self._pending) + end
                self._pending.clear()
            shown, self._shown = self._shown, 0
            end = end.removesuffix(b"\r")
            if len(end) > self._limit:
                found.append(Line(end[: self._limit], whole=False, shown=shown))
            elif end:
                found.append(Line(end, shown=shown))
        if not self._skipping:
            self._pending += rest
            if len(self._pending) > self._limit:
                found.append(Line(bytes(self._pending[: self._limit]), whole=False, shown=self._shown))
                self._pending.clear()
                self._shown = 0
                self._skipping = True
        return found

    @property
    def pending(self) -> bytes:
        """What has come of a line that has no end yet, and has not been shown."""
        return bytes(self._pending[self._shown :])

    def show(self) -> bytes:
        """Return ``pending`` and take it as seen."""
        pending = self.pending
        self._shown = len(self._pending)
        return pending

    def end(self) -> list[Line]:
        """Return the last line, which no newline has ended."""
        rest, shown = bytes(self._pending).removesuffix(b"\r"), self._shown
        self._pending.clear()
        self._shown = 0
        return [Line(rest, shown=shown)] if rest else []
