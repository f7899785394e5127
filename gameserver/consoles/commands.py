"""Commands typed into a console, one at a time, and the output that belongs to each.

A console does not say where the output of a command ends. It is over when nothing has come for a while; a program
that goes on and on is cut at a number of lines, one that says nothing is waited for only so long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.errors import Code, GameError

#: Characters of one command's output that are kept.
OUTPUT = 256 * 1024


@attrs.frozen
class AnswerTimes:
    """How a command's output is collected; seconds, lines, commands.

    ``first`` is for the first sign of life, ``quiet`` for silence after it, ``longest`` for everything. ``settle`` is
    the silence after the program's start that the first command waits for, so that the words of the start are not
    taken for its output; ``longest`` limits that too.
    """

    first: float = 2.0
    quiet: float = 0.3
    settle: float = 1.0
    longest: float = 10.0
    lines: int = 200
    waiting: int = 256


@attrs.define(eq=False)
class _Command:
    text: str
    answer: Deferred[str]
    output: list[str] = attrs.field(factory=list)
    size: int = 0
    answered: bool = False


class CommandQueue:
    """One console's commands.

    ``write`` types a line; ``rest`` returns what stands in the console without a newline, once. Every command that
    was taken is answered exactly once, in the order they came, also when the program dies.
    """

    def __init__(
        self, clock: IReactorTime, times: AnswerTimes, write: Callable[[str], None], rest: Callable[[], str]
    ) -> None:
        self._clock = clock
        self._times = times
        self._write = write
        self._rest = rest
        self._waiting: deque[_Command] = deque()
        self._current: _Command | None = None
        self._timer: IDelayedCall | None = None
        self._settling = True
        self._begun = clock.seconds()

    def __len__(self) -> int:
        return len(self._waiting) + (self._current is not None)

    def submit(self, text: str) -> Deferred[str]:
        """Take a command; fires with its output, lines joined by newlines. Raises ``GameError`` ``busy``."""
        if len(self) >= self._times.waiting:
            raise GameError(Code.BUSY, "Too many commands are waiting; try again in a moment.")
        command = _Command(text, Deferred())
        self._waiting.append(command)
        self._next()
        return command.answer

    def line(self, text: str, *, prompted: bool = False) -> None:
        """Take a line of output; without a command in flight it belongs to none.

        ``prompted``: it stood behind a prompt. There some consoles repeat the command.
        """
        command = self._current
        if command is not None and not command.answered:
            self._take(command, text, prompted=prompted)
        self.stirred()

    def _take(self, command: _Command, text: str, *, prompted: bool) -> None:
        if prompted and text == command.text and not command.output:
            return
        command.output.append(text)
        command.size += len(text)
        if len(command.output) >= self._times.lines or command.size >= OUTPUT:
            self._answer(command)

    def stirred(self) -> None:
        """Note that the program has written something; the silence begins anew."""
        if self._settling:
            self._wait(self._times.settle)
        elif self._current is not None:
            self._wait(self._times.quiet)

    def program_started(self) -> None:
        """Note that the program runs; commands are typed when it has settled."""
        self._begun = self._clock.seconds()
        self._wait(self._times.settle)

    def program_ended(self) -> None:
        """Answer everything with what there is: the program has died."""
        self._stop_timer()
        if self._current is not None and not self._current.answered:
            self._take_rest(self._current)
        commands = [*([self._current] if self._current is not None else []), *self._waiting]
        self._current = None
        self._waiting.clear()
        for command in commands:
            self._answer(command)

    def _next(self) -> None:
        if self._current is None and self._waiting and not self._settling:
            self._current = command = self._waiting.popleft()
            self._begun = self._clock.seconds()
            self._wait(self._times.first)
            self._write(command.text)

    def _wait(self, seconds: float) -> None:
        left = self._begun + self._times.longest - self._clock.seconds()
        self._stop_timer()
        self._timer = self._clock.callLater(max(0.0, min(seconds, left)), self._over)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _over(self) -> None:
        self._settling = False
        command, self._current = self._current, None
        if command is not None and not command.answered:
            self._take_rest(command)
            self._answer(command)
        self._next()

    def _take_rest(self, command: _Command) -> None:
        rest = self._rest()
        if rest:
            command.output.append(rest)

    @staticmethod
    def _answer(command: _Command) -> None:
        if not command.answered:
            command.answered = True
            command.answer.callback("\n".join(command.output))
