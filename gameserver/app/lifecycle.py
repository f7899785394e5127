"""Starting and stopping in order, each within its time."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from twisted.application.service import MultiService
from twisted.internet.defer import Deferred, DeferredList, ensureDeferred
from twisted.internet.task import deferLater
from twisted.logger import ILogObserver, Logger

from gameserver.app.draining import Draining
from gameserver.app.lifeline import Lifeline
from gameserver.app.listening import Ports, PortTaken, refuse_to_start
from gameserver.app.logs import log_with
from gameserver.app.services import PARTS_SHARE
from gameserver.config import Config
from gameserver.edge.part import RunningPart
from gameserver.net.endpoints import Listener
from gameserver.net.tls import Certificates
from gameserver.reactor import IGameReactor
from gameserver.sessions.addresses import Proxies

#: The line that says every protocol listens; others wait for it.
READY = "gameserver ready"

#: The key of the ports that stay open until the end.
SITE = "web.endpoints"


class GameServer(MultiService):
    """The whole server. ``state`` is ``starting``, ``ok``, ``draining`` or ``stopping``."""

    log = Logger()

    def __init__(
        self,
        config: Config,
        reactor: IGameReactor,
        observer: ILogObserver,
        parts: Sequence[RunningPart],
        open_stores: Callable[[], None],
        close_stores: Callable[[], Awaitable[None]],
        reload: Callable[[Sequence[Certificates]], None],
        draining: Draining,
        proxies: Proxies,
        lifeline: Lifeline | None = None,
    ) -> None:
        super().__init__()
        self.state = "starting"
        self._config = config
        self._reactor = reactor
        self._observer = observer
        self._parts = parts
        #: Those that are open, from the binding on.
        self.listeners: list[Listener] = []
        self._open_stores = open_stores
        self._close_stores = close_stores
        self._reload = reload
        self._draining = draining
        self._lifeline = lifeline
        self._ports = Ports(reactor, proxies, shared=lifeline is not None)
        self._starting: Deferred[None] | None = None

    def setServiceParent(self, parent: Any) -> None:
        """Give the application our log before twistd chooses one of its own."""
        log_with(parent, self._observer)
        super().setServiceParent(parent)

    def privilegedStartService(self) -> None:
        """Bind every port. A port that cannot be had ends the process with one line and status 1."""
        try:
            self.listeners = self._ports.open([one for part in self._parts for one in part.listeners])
        except PortTaken as error:
            refuse_to_start(error)
        super().privilegedStartService()

    def startService(self) -> None:
        """Start stores and protocols, then let people in."""
        super().startService()
        self._reactor.callWhenRunning(self._begin)

    def handle_signals(self) -> None:
        """Stop on SIGINT and SIGTERM with status 0, load certificates on SIGHUP. For a process that is all ours.

        A second one of them ends the draining.

        Twisted's own handlers would end an orderly stop with the signal's status.
        """

        def stop(_number: int, _frame: object) -> None:
            self._reactor.callFromThread(self.stop_soon if self.state == "draining" else self.drain)

        def hangup(_number: int, _frame: object) -> None:
            self._reactor.callFromThread(self._reload, self._ports.certificates)

        # At a terminal it comes to all processes at once; who started the workers passes it on to them.
        interrupted = stop if self._lifeline is None else signal.SIG_IGN

        def take_over() -> None:
            signal.signal(signal.SIGINT, interrupted)
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGHUP, hangup)

        self._reactor.callWhenRunning(take_over)

    def drain(self) -> None:
        """Begin to end: let nobody in, wait until everybody has left or ``drain.seconds`` are over, then stop.

        The site answers until then, so that who watches it learns of it. A second time changes nothing.
        """
        if self.state != "ok" or not self._draining.seconds:
            if self.state != "draining":
                self.stop_soon()
            return
        self.state = "draining"
        self.log.info("gameserver lets nobody in any more and stops in {seconds} s", seconds=self._draining.seconds)
        self._ports.close(keep=SITE)
        self._draining.begin(self.stop_soon)

    def stop_soon(self) -> None:
        """Begin an orderly stop; a second time changes nothing."""
        if self.state != "stopping":
            self.state = "stopping"
            self._reactor.stop()

    def _begin(self) -> None:
        if self._lifeline is not None:
            self._lifeline.hold(self._reactor, self.stop_soon)
        self._open_stores()
        self._starting = ensureDeferred(self._start())
        self._starting.addErrback(self._failed)

    async def _start(self) -> None:
        for part in self._parts:
            await part.start()
        if self.state != "starting":
            return
        self._ports.accept()
        self.state = "ok"
        for reason in self._ports.left_out:
            self.log.warn("left out: {reason}", reason=reason)
        for listener in self.listeners:
            self.log.info(
                "{key} listens on {endpoint}  {hint}",
                key=listener.key,
                endpoint=listener.endpoint,
                hint=listener.hint,
            )
        if self._lifeline is None:
            self.log.info(READY)
        else:
            self.log.info("worker {number} takes people in", number=self._lifeline.number)
            self._lifeline.ready()

    def _failed(self, failure: Any) -> None:
        self.log.failure("the server could not start", failure)
        # A stop of the reactor is an orderly end to twistd; this one must not look like one.
        self._reactor.addSystemEventTrigger("after", "shutdown", os._exit, 1)
        self._reactor.stop()

    def stopService(self) -> Deferred[None]:
        """Stop listening, let the protocols say goodbye, finish the stores, all within the configured deadline."""
        self.state = "stopping"
        self._draining.end()
        stopping = ensureDeferred(self._stop())
        stopping.addErrback(lambda failure: self.log.failure("the server did not stop cleanly", failure))
        return stopping

    async def _stop(self) -> None:
        self.log.info("gameserver stops")
        await self._ports.close()
        goodbyes = DeferredList([ensureDeferred(_wait(part.stop)) for part in self._parts], consumeErrors=True)
        await self._at_most(goodbyes, self._config.stop_deadline * PARTS_SHARE)
        # One turn more, so that what the protocols wrote last leaves before the process does.
        await deferLater(self._reactor, 0.05)
        await self._at_most(ensureDeferred(_wait(self._close_stores)), self._config.stop_deadline * (1 - PARTS_SHARE))
        await super().stopService()
        self.log.info("gameserver stopped")

    async def _at_most(self, work: Deferred[Any], seconds: float) -> None:
        work.addTimeout(seconds, self._reactor)
        try:
            results = await work
        except Exception:
            self.log.failure("something took longer than its time to stop")
            return
        for result in results if isinstance(results, list) else ():
            if not result[0]:
                self.log.failure("a part did not stop cleanly", result[1])


async def _wait(work: Callable[[], Awaitable[None]]) -> None:
    await work()
