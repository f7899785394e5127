"""A supervised console program: start, stop, restart, commands, what is said to its players, its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.consoles import process
from gameserver.consoles.commands import CommandQueue
from gameserver.consoles.events import Event, Left, Started, Stopped
from gameserver.consoles.output_reader import OutputReader
from gameserver.consoles.plan import Plan, Restarts
from gameserver.consoles.stdin_writer import StdinWriter
from gameserver.consoles.usage import Usage, usage
from gameserver.errors import Code, GameError
from gameserver.reactor import IGameReactor

#: Seconds a program may take to be executed; it is not about its own way of starting.
START_WITHIN = 10.0

#: Seconds after SIGKILL until the run is given up for lost.
KILL_WITHIN = 2.0


class Console:
    """One console. ``tell`` hears every event; ``state`` is what the site shows.

    ``stopped``, ``starting``, ``running``, ``stopping``, ``waiting`` (for the next restart). ``ending`` is why it
    ended the last time.
    """

    _log = Logger()

    def __init__(self, reactor: IGameReactor, plan: Plan, restarts: Restarts, tell: Callable[[Event], None]) -> None:
        self._reactor = reactor
        self._restarts = restarts
        self._tell = tell
        self._run: process.Run | None = None
        self._reader: OutputReader | None = None
        self._writer: StdinWriter | None = None
        self._commands: CommandQueue | None = None
        self._starting: Deferred[None] | None = None
        self._ended: list[Deferred[None]] = []
        self._timer: IDelayedCall | None = None
        self._since = 0.0
        self._wanted = False
        #: The seconds up to SIGTERM and from there to SIGKILL, once the whole server has begun to stop.
        self._closing: tuple[float, float] | None = None
        self.plan = plan
        self.name = plan.name
        self.state = "stopped"
        self.ending = ""
        self.tail: deque[str] = deque(maxlen=plan.tail_lines)

    @property
    def players(self) -> list[str]:
        """Who is in the game, as far as the output tells."""
        return list(self._reader.roster) if self._reader is not None else []

    @property
    def ready(self) -> bool:
        """Whether the running program has said that it can be typed to, or is not waited for any longer."""
        return self._commands is not None and self.state == "running" and self._commands.ready

    @property
    def usage(self) -> Usage:
        """What the program uses now."""
        return usage(self._run.pid) if self._run is not None and self._run.pid else Usage()

    async def start_program(self) -> str:
        """Start the program; return a sentence when it runs.

        Raises ``GameError`` ``already_running``, ``stopping``, ``start_failed``.
        """
        if self._closing is not None:
            raise GameError(Code.STOPPING, "The gameserver is stopping; nothing is started any more.")
        if self.state in ("running", "starting"):
            raise GameError(Code.ALREADY_RUNNING, "The server is running already.")
        if self.state == "stopping":
            raise GameError(Code.STOPPING, "The server is still stopping; start it when it has stopped.")
        self._cancel_timer()
        self._restarts.forget()
        await self._launch()
        return "The server is started."

    async def stop_program(self) -> str:
        """Begin to stop the program; return a sentence at once. The event comes when it has ended.

        Raises ``GameError`` ``not_running``, ``stopping``, ``starting``.
        """
        if self.state == "waiting":
            self._cancel_timer()
            self.state = "stopped"
            return "The server will not be started again."
        if self.state == "stopped":
            raise GameError(Code.NOT_RUNNING, "The server is stopped already.")
        if self.state == "stopping":
            # It may be ending by itself, to be started again.
            self._wanted = False
            raise GameError(Code.STOPPING, "The server is stopping already.")
        if self.state == "starting":
            raise GameError(Code.STARTING, "The server is just being started; try again in a moment.")
        self._begin_stop(self.plan.stop_within, self.plan.term_within)
        return "The server is stopping."

    def run_command(self, command: str) -> Deferred[str]:
        """Type a command; fires with its output, once, whatever happens.

        Raises ``GameError`` ``not_running``, ``bad_command``, ``busy``; fails with ``busy`` when its turn has come
        and the program does not read.
        """
        self._check_running()
        line = self._encoded(command)
        if len(line) > self.plan.dialect.line_bytes:
            raise GameError(Code.BAD_COMMAND, f"A command has at most {self.plan.dialect.line_bytes} bytes.")
        assert self._commands is not None
        answer = self._commands.submit(command)
        if command.strip() == self.plan.stop_command:
            self._wanted = False
        return answer

    def say(self, text: str) -> None:
        """Show a text to the players. Raises ``GameError`` ``not_running`` or ``busy``."""
        self._check_running()
        assert self._commands is not None
        if text:
            dialect = self.plan.dialect
            if dialect.say is None:
                raise GameError(Code.FORBIDDEN, "This server's program has no command that shows a text to players.")
            self._commands.show(dialect.say(text, self.plan.encoding), echoed=dialect.echoed)

    async def end_for_good(self, within: float) -> None:
        """End the program, within so many seconds, and start none any more: the whole server ends."""
        self._closing = (within * 0.6, within * 0.2)
        self._cancel_timer()
        self._wanted = False
        if self.state == "waiting":
            self.state = "stopped"
        if self._run is None:
            return
        ended: Deferred[None] = Deferred()
        self._ended.append(ended)
        if self.state == "running":
            self._begin_stop(*self._closing)
        else:
            self._timer = self._reactor.callLater(self._closing[0], self._force, self._closing[1])
        await ended

    def _check_running(self) -> None:
        if self.state != "running":
            raise GameError(Code.NOT_RUNNING, f"The server is not running: it is {self.state}.")
        if not self.plan.dialect.reads:
            raise GameError(Code.FORBIDDEN, "This server's program takes no commands.")

    def _encoded(self, command: str) -> bytes:
        try:
            return command.encode(self.plan.encoding)
        except UnicodeError:
            text = f"The console's encoding, {self.plan.encoding}, lacks a character of it."
            raise GameError(Code.BAD_COMMAND, text) from None

    async def _launch(self) -> None:
        plan = self.plan
        self.state = "starting"
        self._wanted = True
        starting: Deferred[None] = Deferred()
        self._starting = starting
        self._commands = commands = CommandQueue(self._reactor, plan.times, self._type, self._rest, self._late)
        self._reader = OutputReader(
            self._reactor, plan, self.tail, self._tell, commands.line, commands.stirred, commands.program_ready
        )
        try:
            environment = process.environment_for(plan.environment)
            self._run = run = process.spawn(self._reactor, plan.command, plan.directory, environment, self)
        except (OSError, ValueError) as error:
            # No process left, or a NUL in the configuration.
            self.state = "stopped"
            self._starting = None
            raise GameError(Code.START_FAILED, f"The server cannot be started: {error}.") from None
        self._writer = StdinWriter(self._reactor, run.write, plan.dialect.pace)
        self._timer = self._reactor.callLater(START_WITHIN, run.abandon)
        await starting

    def _type(self, lines: Sequence[str]) -> float:
        encoded = [line.encode(self.plan.encoding, "replace") for line in lines]
        if self._writer is None or not self._writer.type(encoded):
            self._log.warn("{name}: does not read its console", name=self.name)
            raise GameError(Code.BUSY, "The server does not read its console at the moment.")
        return self._writer.delay

    def _late(self) -> None:
        seconds = self.plan.times.ready
        self._log.warn("{name}: has not said within {seconds} s that it is ready", name=self.name, seconds=seconds)

    def _rest(self) -> str:
        return self._reader.rest() if self._reader is not None else ""

    def _begin_stop(self, within: float, term_within: float) -> None:
        assert self._writer is not None
        self._cancel_timer()
        self.state = "stopping"
        self._wanted = False
        self._writer.forget()
        if self.plan.stop_signal:
            assert self._run is not None
            self._run.signal(self.plan.stop_signal)
        else:
            self._writer.type([self._encoded(self.plan.stop_command)])
        self._timer = self._reactor.callLater(within, self._force, term_within)

    def _force(self, term_within: float) -> None:
        assert self._run is not None
        self._log.warn("{name}: does not stop by itself", name=self.name)
        self.state = "stopping"
        self._run.terminate()
        self._timer = self._reactor.callLater(term_within, self._kill)

    def _kill(self) -> None:
        assert self._run is not None
        self._run.kill()
        self._timer = self._reactor.callLater(KILL_WITHIN, self._run.abandon)

    def _cancel_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def started(self) -> None:
        """Note that the program runs; called by the run."""
        self._cancel_timer()
        self.state = "running"
        self._since = self._reactor.seconds()
        self._log.info("{name}: started, process {pid}", name=self.name, pid=self._run.pid if self._run else 0)
        self._tell(Started())
        if self._reader is not None and self._run is not None and self._commands is not None:
            self._commands.program_started()
            self._reader.begin_telling(self._run)
        starting, self._starting = self._starting, None
        if self._closing is not None:
            # The whole server has begun to stop in the meantime.
            self._begin_stop(*self._closing)
        if starting is not None:
            starting.callback(None)

    def output(self, data: bytes) -> None:
        """Take in output; called by the run."""
        if self._reader is not None:
            self._reader.hear(data)

    def complained(self, data: bytes) -> None:
        """Take in what came on standard error; called by the run."""
        if self._reader is not None:
            self._reader.hear_error(data)

    def lost(self) -> None:
        """Note that the supervisor has been killed, and that the program is being ended; called by the run."""
        if self.state == "running":
            self.state = "stopping"

    def ended(self, status: int | None, reason: str) -> None:
        """Note that nothing of the program is left; called by the run."""
        self._cancel_timer()
        reader, commands, starting, waiting = self._reader, self._commands, self._starting, self._ended
        if self._writer is not None:
            self._writer.stop_typing()
        self._run = self._reader = self._commands = self._writer = self._starting = None
        self._ended = []
        self.state, self.ending = "stopped", reason
        self._log.info("{name}: ended, {reason}", name=self.name, reason=reason)
        if reader is not None and commands is not None:
            reader.tell_the_rest()
            commands.program_ended()
            for name in list(reader.roster):
                self._tell(Left(name))
        # The listeners that are told from here on may start the program anew at once.
        if starting is not None:
            starting.errback(GameError(Code.START_FAILED, f"The server cannot be started: {reason}."))
        else:
            if self._wanted:
                self._restart(clean=status == 0, lasted=self._reactor.seconds() - self._since)
            self._tell(Stopped())
        for deferred in waiting:
            deferred.callback(None)

    def _restart(self, *, clean: bool, lasted: float) -> None:
        seconds = self._restarts.after(clean=clean, lasted=lasted)
        if seconds is None:
            self._log.warn("{name}: is not started again", name=self.name)
            return
        self.state = "waiting"
        self._log.info("{name}: is started again in {seconds} s", name=self.name, seconds=seconds)
        self._timer = self._reactor.callLater(seconds, self._start_again)

    def _start_again(self) -> None:
        self._timer = None

        def failed(failure: Failure) -> None:
            failure.trap(GameError)
            self._log.warn("{name}: {error}", name=self.name, error=str(failure.value))
            if self._wanted:
                self._restart(clean=False, lasted=0.0)

        Deferred.fromCoroutine(self._launch()).addErrback(failed)
