"""From a program's bytes to events and to the output of commands, a slice at a time.

A program that writes without end must not keep the server from everything else: its lines are read in slices, and
while slices wait nothing more is taken from its pipe.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.consoles.events import Joined, Left, Printed, Said
from gameserver.consoles.line_reader import LineReader
from gameserver.consoles.lines import Line, Lines
from gameserver.consoles.plan import Plan

#: Lines read within one reactor turn, the seconds it may take, and the least pause in seconds between two slices.
SLICE = 100
SLICE_TIME = 0.003
PAUSE = 0.002

#: Characters of a line that are kept for the log tail.
TAIL_WIDTH = 500


class Source(Protocol):
    """Where the bytes come from."""

    def pause(self) -> None:
        """Send no more for now."""

    def resume(self) -> None:
        """Send again."""


class LineOfOutput(Protocol):
    """Is told a line that is no event; ``prompted``: it stood behind a prompt."""

    def __call__(self, text: str, *, prompted: bool) -> None:
        """Take the line."""


class OutputReader:
    """Listens to one run of a program.

    ``tell`` hears the events, ``output`` every line that is none and whether it stood behind a prompt, ``stirred``
    that something has come without a newline, ``ready`` that the program has said that it can be typed to, on
    whichever of its two outputs. Nothing is told before ``begin_telling``, nor after ``tell_the_rest``.
    """

    def __init__(
        self,
        clock: IReactorTime,
        plan: Plan,
        tail: deque[str],
        tell: Callable[[Joined | Left | Said | Printed], None],
        output: LineOfOutput,
        stirred: Callable[[], None],
        ready: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._plan = plan
        self._tail = tail
        self._tell = tell
        self._output = output
        self._stirred = stirred
        self._ready = ready
        self._unready = plan.dialect.tells_ready
        self._lines = Lines(plan.line_bytes)
        self._errors = Lines(plan.line_bytes)
        self._waiting: deque[Line] = deque()
        self._source: Source | None = None
        self._timer: IDelayedCall | None = None
        self._reader = LineReader(plan.dialect, plan.encoding)
        self.roster = self._reader.roster

    def begin_telling(self, source: Source) -> None:
        """Begin to tell."""
        self._source = source
        self._drain()

    def hear(self, data: bytes) -> None:
        """Take in what the program has written."""
        self._waiting += self._lines.feed(data)
        if self._source is not None and self._timer is None:
            self._drain()
        if self._lines.pending and not self._waiting:
            self._stirred()

    def hear_error(self, data: bytes) -> None:
        """Take in what the program has written to its standard error: it is for the tail, unless merged."""
        lines = self._errors.feed(data)
        if self._plan.merge:
            self._waiting += lines
            if self._source is not None and self._timer is None:
                self._drain()
            return
        # What is ready is not looked at any more: complaints without end must cost next to nothing.
        for line in lines if self._unready else lines[-self._plan.tail_lines :]:
            text = self._reader.clean(line.raw)
            self._keep(text)
            if self._unready and line.whole and self._plan.dialect.read(text).ready:
                self._note_ready()

    def rest(self) -> str:
        """Return what stands in the console without a newline, without prompts; once."""
        return self._reader.clean(self._lines.show()).strip()

    def tell_the_rest(self) -> None:
        """Tell what is left, then nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._source is not None:
            self._waiting += [*self._lines.end(), *self._errors.end()]
            for line in list(self._waiting)[-10 * SLICE :]:
                self._read(line)
        self._waiting.clear()
        self._source = None

    def _drain(self) -> None:
        self._timer = None
        begun = time.perf_counter()
        spent = 0.0
        for _ in range(min(SLICE, len(self._waiting))):
            self._read(self._waiting.popleft())
            spent = time.perf_counter() - begun
            if spent > SLICE_TIME:
                break
        source = self._source
        if source is None:
            return
        if self._waiting:
            source.pause()
            # Telling an event to many takes longer than reading a line: a program gets a third of the time.
            self._timer = self._clock.callLater(max(PAUSE, 2 * spent), self._drain)
        else:
            source.resume()

    def _read(self, line: Line) -> None:
        heard = self._reader.read(line)
        if heard is None:
            return
        self._keep(heard.text)
        if heard.ready:
            self._note_ready()
        if heard.event is not None:
            self._tell(heard.event)
        elif heard.output is not None:
            self._output(heard.output, prompted=heard.prompted)

    def _note_ready(self) -> None:
        self._unready = False
        self._ready()

    def _keep(self, text: str) -> None:
        if text:
            self._tail.append(text[:TAIL_WIDTH])
