"""The stores of a server for one command, beside the server that may be running on the same directory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

from twisted.internet import task
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure

from gameserver.app.data_directory import DataDirectory
from gameserver.app.services import build_services
from gameserver.config import Config
from gameserver.edge.context import Context
from gameserver.reactor import IGameReactor

T = TypeVar("T")


class LocalInstallation:
    """See ``edge.part.Installation``."""

    def __init__(self, config: Config, makes: bool = False) -> None:
        self.config = config
        #: Whether the command may make a data directory that is not there: one that reads would read of nothing.
        self._makes = makes

    def with_context(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """See ``Installation``."""
        from twisted.internet import reactor

        if not self._makes:
            DataDirectory.existing(Path(self.config.data_dir))
        services = build_services(self.config, cast("IGameReactor", reactor))
        results: list[T | Failure] = []

        async def go() -> None:
            services.database.start()
            services.passwords.start()
            try:
                results.append(await work(services.context))
            except Exception:
                results.append(Failure())
            finally:
                services.passwords.stop()
                services.database.stop()

        def main(_reactor: object) -> Deferred[None]:
            return ensureDeferred(go())

        try:
            task.react(main)
        except SystemExit as end:
            if end.code:
                raise
        result = results[0]
        if isinstance(result, Failure):
            result.raiseException()
        return result
