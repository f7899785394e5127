"""One run of a program behind its supervisor: bytes in, bytes out, orders to end it, word of its end."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from twisted.internet.error import ProcessTerminated
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.consoles.leftovers import MARK, end_marked, kill_group
from gameserver.reactor import IGameReactor

SUPERVISOR = Path(__file__).with_name("supervisor.py")

_ORDERS, _REPORTS = 3, 4
_STDIN, _STDOUT, _STDERR = 0, 1, 2

#: The signals by which a program can be asked to end, as orders to its supervisor.
SIGNALS = {"INT": b"I", "TERM": b"t", "HUP": b"H", "QUIT": b"Q"}

#: The status of a supervisor that could not start its program.
_NOT_STARTED = 127

#: Seconds that what is left of a killed supervisor's program may hold its pipes when everything found is ended.
_LET_GO_WITHIN = 1.0

#: Bytes of a report line that are kept.
_REPORT_LIMIT = 4096


class Listener(Protocol):
    """Who is told about a run. None of these may raise; what does is logged."""

    def started(self) -> None:
        """The program runs."""

    def output(self, data: bytes) -> None:
        """The program has written to its standard output."""

    def complained(self, data: bytes) -> None:
        """The program has written to its standard error."""

    def lost(self) -> None:
        """The supervisor was killed; what it has left is being ended, and ``ended`` follows."""

    def ended(self, status: int | None, reason: str) -> None:
        """Nothing of the program is left. ``status`` is its exit status if it has one; called once."""


class Run(ProcessProtocol):
    """The supervisor and its program as one process. ``pid`` is the program's, 0 before it runs.

    ``mark`` is in the environment of everything that comes of the program.
    """

    _log = Logger()

    def __init__(self, reactor: IGameReactor, listener: Listener) -> None:
        self._reactor = reactor
        self._listener = listener
        self._lost = False
        #: Why the supervisor has ended, while what it has left is still being ended.
        self._waiting: Failure | None = None
        self._clearing = False
        self._timer: IDelayedCall | None = None
        self.mark = secrets.token_hex(16)
        self._reported = b""
        self._status: int | None = None
        self._reason = ""
        self._full = False
        self._over = False
        self.pid = 0

    def write(self, data: bytes) -> bool:
        """Type bytes into the console; return False, having typed nothing, when it does not read what it has."""
        if self._over or self._full or _STDIN not in self._transport.pipes:
            return False
        self._transport.writeToChild(_STDIN, data)
        return True

    def signal(self, name: str) -> None:
        """Send one of ``SIGNALS`` to the program's group, once."""
        self._order(SIGNALS[name])

    def terminate(self) -> None:
        """Send SIGTERM to the program's group."""
        self._order(b"T")

    def kill(self) -> None:
        """Send SIGKILL to everything of the program."""
        self._order(b"K")

    def pause(self) -> None:
        """Read no more output for now; the program waits when its pipe is full."""
        if not self._over:
            self._transport.pauseProducing()

    def resume(self) -> None:
        """Read output again."""
        if not self._over:
            self._transport.resumeProducing()

    def abandon(self) -> None:
        """Let go of everything at once: the supervisor takes that for the end of the server and ends the program."""
        if not self._over:
            self._transport.loseConnection()
            if _ORDERS in self._transport.pipes:
                self._transport.closeChildFD(_ORDERS)

    @property
    def _transport(self) -> Any:
        return self.transport

    def _order(self, order: bytes) -> None:
        if not self._over and _ORDERS in self._transport.pipes:
            self._transport.writeToChild(_ORDERS, order)

    def connectionMade(self) -> None:
        """Learn from the pipe to the program when it is full."""
        self._transport.pipes[_STDIN].registerProducer(self, streaming=True)

    def pauseProducing(self) -> None:
        """Note that the program does not read."""
        self._full = True

    def resumeProducing(self) -> None:
        """Note that the program has read."""
        self._full = False

    def stopProducing(self) -> None:
        """Note that nothing will be read any more."""
        self._full = True

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Tell the listener, or read a report."""
        try:
            if childFD == _STDOUT:
                self._listener.output(data)
            elif childFD == _STDERR:
                self._listener.complained(data)
            else:
                self._report(data)
        except Exception:
            self._log.failure("output of process {pid}", pid=self.pid)

    def _report(self, data: bytes) -> None:
        *lines, self._reported = (self._reported + data).split(b"\n")
        self._reported = self._reported[:_REPORT_LIMIT]
        for line in lines:
            word, _, value = line.decode("utf-8", "replace").partition(" ")
            if word == "started":
                self.pid = int(value)
                if self._lost:
                    kill_group(self.pid)
                else:
                    self._listener.started()
            elif word == "failed":
                self._reason = value
            elif word == "exited":
                self._status, self._reason = int(value), f"exit status {value}"
            elif word == "killed":
                self._reason = f"killed by {_signal_name(int(value))}"

    def processExited(self, reason: Failure) -> None:
        """End what a killed supervisor has left. It may hold the pipes, so that ``processEnded`` would never come."""
        error = reason.value
        if not isinstance(error, ProcessTerminated) or error.exitCode == _NOT_STARTED:
            return
        self._lost = self._clearing = True
        if self.pid:
            kill_group(self.pid)
        clearing = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), end_marked, self.mark)
        clearing.addBoth(self._cleared)
        try:
            self._listener.lost()
        except Exception:
            self._log.failure("loss of process {pid}", pid=self.pid)

    def _cleared(self, ended: object) -> None:
        self._clearing = False
        if ended is not True:
            self._log.error("process {pid}: something of it cannot be ended: {why}", pid=self.pid, why=ended)
        if self._waiting is not None:
            self._finish(self._waiting)
        else:
            self._timer = self._reactor.callLater(_LET_GO_WITHIN, self.abandon)

    def processEnded(self, reason: Failure) -> None:
        """Tell the listener that nothing is left."""
        if self._clearing:
            self._waiting = reason
        else:
            self._finish(reason)

    def _finish(self, reason: Failure) -> None:
        if self._over:
            return
        self._over = True
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        if not self._reason:
            self._reason = f"its supervisor ended: {reason.getErrorMessage()}"
        try:
            self._listener.ended(self._status, self._reason)
        except Exception:
            self._log.failure("end of process {pid}", pid=self.pid)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def spawn(
    reactor: IGameReactor,
    command: tuple[str, ...],
    directory: str,
    environment: Mapping[str, str],
    listener: Listener,
) -> Run:
    """Start a program; the listener hears whether it could be started. Raises ``OSError`` without a supervisor."""
    made = Run(reactor, listener)
    arguments = [sys.executable, "-I", "-S", str(SUPERVISOR), directory, *command]
    channels = {_STDIN: "w", _STDOUT: "r", _STDERR: "r", _ORDERS: "w", _REPORTS: "r"}
    environment = {**environment, MARK: made.mark}
    reactor.spawnProcess(made, sys.executable, arguments, env=environment, childFDs=channels)
    return made


def environment_for(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a program: this process's, without our settings, and what it is given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GAMESERVER__")}
    return kept | dict(own)
