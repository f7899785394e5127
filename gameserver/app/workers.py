"""Several processes behind the same ports, started, watched and stopped by one that serves nobody itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any

import attrs
from twisted.application.service import Service
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.app.lifecycle import READY
from gameserver.app.lifeline import HELD, SAID, WORD
from gameserver.app.listening import PortTaken, refuse_to_start, reserve
from gameserver.app.logs import Written, log_with
from gameserver.app.reload import Read, read_again
from gameserver.app.services import certificates_of, lock_directory, open_directory
from gameserver.config import Config
from gameserver.config.endpoints import endpoint_keys
from gameserver.errors import StartError
from gameserver.net.endpoints import EndpointText, on_port
from gameserver.reactor import IGameReactor

#: Seconds until a worker that has died is started again: the first time, and at most; each time they double.
PAUSE, LONGEST_PAUSE = 1.0, 60.0

#: A worker that has served so long begins with the first pause again.
SETTLED = 60.0

#: Seconds that a worker has to end beyond what it may take for it.
LATE = 5.0

#: ``twistd -n gameserver`` with the Python that runs this process.
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()", "--pidfile=", "-n")


def check_workers(config: Config) -> None:
    """Raise ``StartError`` for a configuration with which there can be no second process."""
    if not config.storage.url.startswith("postgresql") or not config.cluster.redis:
        raise StartError("--workers needs PostgreSQL (storage.url) and Redis (cluster.redis)")
    for key, texts in endpoint_keys(config).items():
        for text in texts:
            if not EndpointText.parse(text).shareable:
                raise StartError(f"{key} = {text}: --workers needs tcp: or ssl: endpoints, which processes can share")


class _Process(ProcessProtocol):
    """A running worker, as Twisted tells of it."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._said = b""

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Hear that it is ready; called by Twisted."""
        self._said = (self._said + data)[: len(WORD)]
        if self._said == WORD:
            self._worker.ready()

    def processEnded(self, reason: Failure) -> None:
        """Hear that it has ended; called by Twisted."""
        self._worker.ended(getattr(reason.value, "exitCode", None), getattr(reason.value, "signal", None))


@attrs.define(eq=False)
class Worker:
    """One of the processes: whether it serves, and what becomes of it when it ends."""

    number: int
    group: Workers
    process: Any = None
    serving: bool = False
    over: bool = False
    _began: float = 0.0
    _pause: float = PAUSE
    _timer: Any = None

    def start(self) -> None:
        """Start it."""
        self._timer = None
        self._began = self.group.reactor.seconds()
        command = [*self.group.command, f"--worker={self.number}"]
        pipes: dict[int, int | str] = {HELD: "w", 1: 1, 2: 2, SAID: "r"}
        reactor: Any = self.group.reactor
        self.process = reactor.spawnProcess(_Process(self), command[0], command, None, childFDs=pipes)

    def ready(self) -> None:
        """Note that it takes people in."""
        self.serving = True
        self.group.one_ready()

    def ended(self, status: int | None, number: int | None) -> None:
        """Start it again, unless it was to end."""
        self.process, self.serving = None, False
        if status == 0 or self.group.stopping:
            # In order: everybody is to end, or an operator has drained this one.
            self.over = True
        elif not self.group.served:
            self.over = True
            self.group.failed()
        else:
            ran = self.group.reactor.seconds() - self._began
            pause = PAUSE if ran >= SETTLED else self._pause
            self._pause = min(2 * pause, LONGEST_PAUSE)
            Workers.log.error(
                "worker {number} has ended ({how}); it is started again in {pause} s",
                number=self.number,
                how=f"signal {number}" if number else f"status {status}",
                pause=pause,
            )
            self._timer = self.group.reactor.callLater(pause, self.start)
        self.group.one_ended()

    def tell(self, number: int) -> None:
        """Send it a signal."""
        if self.process is not None:
            try:
                self.process.signalProcess(number)
            except ProcessExitedAlready:
                # We are told of it in a moment.
                return

    def stop(self) -> None:
        """Ask it to end."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.process is None:
            self.over = True
        else:
            self.tell(signal.SIGTERM)


class Workers(Service):
    """``count`` workers with the arguments of this process, on the ports of its configuration."""

    log = Logger()

    def __init__(
        self,
        config: Config,
        reactor: IGameReactor,
        observer: Written,
        arguments: Sequence[str],
        count: int,
        read: Read,
    ) -> None:
        check_workers(config)
        self._lock = lock_directory(config)
        # Here, so that not each of them makes one.
        certificates_of(config, open_directory(config))
        self.reactor = reactor
        self._config = config
        self._drain_seconds = config.drain.seconds
        self._observer = observer
        self._read = read
        self._arguments = list(arguments)
        self.command: list[str] = []
        #: Sockets that keep the ports until the end, also while no worker listens there; the endpoints by their keys.
        self._reserved: list[socket.socket] = []
        self._endpoints: dict[str, list[str]] = {}
        self._workers = [Worker(number, self) for number in range(1, count + 1)]
        self.stopping = False
        #: Whether all have served at the same time; until then one that ends is an error of the start.
        self.served = False
        self._all_over: Deferred[None] | None = None

    def setServiceParent(self, parent: Any) -> None:
        """Give the application our log before twistd chooses one of its own."""
        log_with(parent, self._observer)
        super().setServiceParent(parent)

    def privilegedStartService(self) -> None:
        """Take every port for the workers. One that cannot be had ends the process with one line and status 1."""
        try:
            self._reserve()
        except PortTaken as error:
            refuse_to_start(error)
        # A port that was 0 is the same one for all of them.
        settings = [f"--set={key}={json.dumps(texts)}" for key, texts in self._endpoints.items()]
        self.command = [*TWISTD, *self._arguments, *settings]
        super().privilegedStartService()

    def _reserve(self) -> None:
        for key, texts in endpoint_keys(self._config).items():
            self._endpoints[key] = []
            for text in texts:
                try:
                    self._reserved.append(reserve(key, text))
                except PortTaken as error:
                    if not EndpointText.parse(text).optional:
                        raise
                    self.log.warn("left out: {reason}", reason=error)
                    continue
                self._endpoints[key].append(on_port(text, self._reserved[-1].getsockname()[1]))

    def startService(self) -> None:
        """Start the workers."""
        super().startService()
        self.reactor.callWhenRunning(self._begin)

    def _begin(self) -> None:
        for worker in self._workers:
            worker.start()

    def handle_signals(self) -> None:
        """Stop on SIGINT and SIGTERM, a second time without waiting for anybody; pass SIGHUP on."""

        def stop(_number: int, _frame: object) -> None:
            self.reactor.callFromThread(self.stop_soon)

        def hangup(_number: int, _frame: object) -> None:
            self.reactor.callFromThread(self._reload)

        def take_over() -> None:
            signal.signal(signal.SIGINT, stop)
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGHUP, hangup)

        self.reactor.callWhenRunning(take_over)

    def _reload(self) -> None:
        """Take over what concerns us, and let the workers do it, each for itself."""
        config = read_again(self._read, self.log)
        if config is not None:
            self._observer.configure(config.log)
            # We wait for those who drain.
            self._drain_seconds = config.drain.seconds
        self._tell_all(signal.SIGHUP)

    def _tell_all(self, number: int) -> None:
        for worker in self._workers:
            worker.tell(number)

    def one_ready(self) -> None:
        """Note that a worker takes people in."""
        if not self.served and all(worker.serving for worker in self._workers):
            self.served = True
            for key, texts in self._endpoints.items():
                for text in texts:
                    self.log.info("{key} listens on {endpoint}", key=key, endpoint=text)
            self.log.info("{count} workers take people in", count=len(self._workers))
            self.log.info(READY)

    def one_ended(self) -> None:
        """Note that a worker has ended."""
        if not all(worker.over for worker in self._workers):
            return
        if self._all_over is None:
            # All of them have been drained, or could not start.
            if not self.stopping:
                self.stop_soon()
        elif not self._all_over.called:
            self._all_over.callback(None)

    def failed(self) -> None:
        """End with status 1: a worker could not start, and has said why."""
        if not self.stopping:
            # A stop of the reactor is an orderly end to twistd; this one must not look like one.
            self.reactor.addSystemEventTrigger("after", "shutdown", os._exit, 1)
            self.stop_soon()

    def stop_soon(self) -> None:
        """Ask all workers to end; a second time they wait for nobody."""
        if not self.stopping:
            self.stopping = True
            self.reactor.stop()
        else:
            self._tell_all(signal.SIGTERM)

    def stopService(self) -> Deferred[None]:
        """Wait until all have ended; who takes too long is killed."""
        self.stopping = True
        for worker in self._workers:
            worker.stop()
        self._all_over = Deferred() if not all(worker.over for worker in self._workers) else succeed(None)
        longest = self._drain_seconds + self._config.stop_deadline + LATE
        timer: Any = self.reactor.callLater(longest, self._tell_all, signal.SIGKILL)

        def ended(_: object) -> None:
            if timer.active():
                timer.cancel()
            for made in self._reserved:
                made.close()
            self._lock.close()
            self.log.info("gameserver stopped")

        return self._all_over.addCallback(ended)
