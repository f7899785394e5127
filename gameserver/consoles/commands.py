"""Everything that is typed into a console, one thing at a time, and the output that belongs to each command.

A console does not say where the output of a command ends. It is over when nothing has come for a while; a program
that goes on and on is cut at a number of lines, one that says nothing is waited for only so long. What is typed to be
shown to the players stands in the same queue: what the program prints for it is no command's output.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.errors import Code, GameError

#: Characters of one command's output that are kept.
OUTPUT = 256 * 1024


@attrs.frozen
class AnswerTimes:
    """How a command's output is collected; seconds, lines, commands.

    ``first`` is for the first sign of life, ``quiet`` for silence after it, ``longest`` for everything. ``ready`` is
    how long the program's own word that it is ready is waited for; 0: it has none. ``settle`` is the silence after
    that word, or after the start, that the first command waits for, so that the words of the start are not taken for
    its output; ``longest`` limits that too.
    """

    first: float = 2.0
    quiet: float = 0.3
    settle: float = 1.0
    longest: float = 10.0
    lines: int = 200
    waiting: int = 256
    ready: float = 0.0


@attrs.define(eq=False)
class _Typed:
    """Something to be typed; ``answer`` is a command's, a text for the players has none."""

    lines: Sequence[str]
    first: float
    answer: Deferred[str] | None
    output: list[str] = attrs.field(factory=list)
    size: int = 0

    @property
    def asks(self) -> bool:
        """Whether it is a command that has not been answered."""
        return self.answer is not None and not self.answer.called

    def reply(self) -> None:
        """Answer a command with what there is, once."""
        if self.answer is not None and not self.answer.called:
            self.answer.callback("\n".join(self.output))

    def fail(self, error: GameError) -> None:
        """Answer a command with the reason why it could not be typed."""
        if self.answer is not None and not self.answer.called:
            self.answer.errback(error)


class CommandQueue:
    """One console's commands and texts.

    ``write`` types lines, returns the seconds until they are in the console, and raises ``GameError`` when the
    program does not read; ``rest`` returns what stands in the console without a newline, once; ``late`` is told when
    the program's word that it is ready has not come in time. Every command that was taken is answered exactly once,
    in the order they came, also when the program dies.
    """

    def __init__(
        self,
        clock: IReactorTime,
        times: AnswerTimes,
        write: Callable[[Sequence[str]], float],
        rest: Callable[[], str],
        late: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._times = times
        self._write = write
        self._rest = rest
        self._late = late
        self._waiting: deque[_Typed] = deque()
        self._current: _Typed | None = None
        self._timer: IDelayedCall | None = None
        self._settling = True
        self._begun = clock.seconds()
        #: Whether the program has said that it is ready, or is not waited for any longer.
        self.ready = not times.ready

    def __len__(self) -> int:
        return len(self._waiting) + (self._current is not None)

    def submit(self, text: str) -> Deferred[str]:
        """Take a command; fires with its output, lines joined by newlines. Raises ``GameError`` ``busy``.

        Fails with ``busy`` when its turn has come and the program does not read.
        """
        self._check_room()
        answer: Deferred[str] = Deferred()
        self._waiting.append(_Typed([text], self._times.first, answer))
        self._next()
        return answer

    def show(self, lines: Sequence[str], *, echoed: bool) -> None:
        """Take a text for the players, as the lines that show it. Raises ``GameError`` ``busy``.

        ``echoed``: the program prints it, too, and the next command waits for that. Behind another text it waits for
        nothing.
        """
        self._check_room()
        text = _Typed(lines, self._times.first if echoed else self._times.quiet, None)
        if self._current is not None and self._current.answer is None and not self._waiting:
            self._type(text)
        else:
            self._waiting.append(text)
            self._next()

    def _check_room(self) -> None:
        if len(self) >= self._times.waiting:
            raise GameError(Code.BUSY, "Too many commands are waiting; try again in a moment.")

    def line(self, text: str, *, prompted: bool = False) -> None:
        """Take a line of output; without a command in flight it belongs to none.

        ``prompted``: it stood behind a prompt. There some consoles repeat the command.
        """
        command = self._current
        if command is not None and command.asks:
            self._take(command, text, prompted=prompted)
        self.stirred()

    def _take(self, command: _Typed, text: str, *, prompted: bool) -> None:
        if prompted and text == command.lines[0] and not command.output:
            return
        command.output.append(text)
        command.size += len(text)
        if len(command.output) >= self._times.lines or command.size >= OUTPUT:
            command.reply()

    def stirred(self) -> None:
        """Note that the program has written something; the silence begins anew."""
        if not self.ready:
            return
        if self._settling:
            self._wait(self._times.settle)
        elif self._current is not None:
            self._wait(self._times.quiet)

    def program_started(self) -> None:
        """Note that the program runs; it is typed to when it is ready and has settled."""
        if self.ready:
            self._settle()
        else:
            self._timer = self._clock.callLater(self._times.ready, self._not_ready_in_time)

    def program_ready(self) -> None:
        """Note that the program has said that it is ready; a second time changes nothing."""
        if not self.ready:
            self.ready = True
            self._settle()

    def _not_ready_in_time(self) -> None:
        self._late()
        self.program_ready()

    def _settle(self) -> None:
        self._begun = self._clock.seconds()
        self._wait(self._times.settle)

    def program_ended(self) -> None:
        """Answer everything with what there is: the program has died."""
        self._stop_timer()
        if self._current is not None and self._current.asks:
            self._take_rest(self._current)
        commands = [*([self._current] if self._current is not None else []), *self._waiting]
        self._current = None
        self._waiting.clear()
        for command in commands:
            command.reply()

    def _next(self) -> None:
        while self._current is None and self._waiting and not self._settling:
            typed = self._waiting.popleft()
            try:
                self._type(typed)
            except GameError as error:
                typed.fail(error)

    def _type(self, typed: _Typed) -> None:
        delay = self._write(typed.lines)
        self._current = typed
        self._begun = self._clock.seconds() + delay
        self._wait(typed.first + delay)

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
        typed, self._current = self._current, None
        if typed is not None and typed.asks:
            self._take_rest(typed)
            typed.reply()
        elif typed is not None and typed.answer is None:
            # What stands there without a newline is the text's; the next command must not be given it.
            self._rest()
        self._next()

    def _take_rest(self, command: _Typed) -> None:
        rest = self._rest()
        if rest:
            command.output.append(rest)
