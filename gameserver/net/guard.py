"""One wrapper around everything a protocol does for a client: no exception ever reaches Twisted unhandled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.errors import GameError
from gameserver.net.nobody import nobody


class ErrorCount(Protocol):
    """Is told every error by protocol and code."""

    def error(self, protocol: str, code: str) -> None:
        """Note one."""


class Guard:
    """Runs a protocol's callbacks.

    ``refused`` answers a ``GameError`` in the protocol's own words; ``crashed`` does what the protocol has for an
    internal error, after the traceback has been logged with the session's number.
    """

    __slots__ = ("_crashed", "_errors", "_protocol", "_refused", "session_id")

    _log = Logger()

    def __init__(
        self,
        protocol: str,
        refused: Callable[[GameError], None],
        crashed: Callable[[], None],
        errors: ErrorCount | None = None,
        session_id: int = 0,
    ) -> None:
        self._protocol = protocol
        self._refused = refused
        self._crashed = crashed
        self._errors = errors
        self.session_id = session_id

    def run(self, function: Callable[..., Awaitable[Any] | None], *arguments: Any) -> Deferred[None] | None:
        """Call a function; if it is asynchronous return a Deferred that fires, never fails, when it is done."""
        try:
            result = function(*arguments)
        except Exception:
            self._failed(Failure())
            return None
        if result is None:
            return None
        if isinstance(result, Deferred):
            return result.addErrback(self._failed)
        return ensureDeferred(_await(result)).addErrback(self._failed)

    def end(self) -> None:
        """Answer nothing any more: the connection has ended. What still fails is logged all the same."""
        self._refused = self._crashed = nobody

    def _failed(self, failure: Failure) -> None:
        error = failure.value
        if isinstance(error, CancelledError):
            return
        try:
            if isinstance(error, GameError):
                self._count(error.code)
                self._refused(error)
            else:
                self._count("internal")
                self._log.failure(
                    "session {session} at {protocol}",
                    failure,
                    session=self.session_id,
                    protocol=self._protocol,
                    code="internal",
                )
                self._crashed()
        except Exception:
            self._log.failure(
                "session {session} at {protocol}: no answer to an error",
                session=self.session_id,
                protocol=self._protocol,
            )

    def _count(self, code: str) -> None:
        if self._errors is not None:
            self._errors.error(self._protocol, code)


async def _await(work: Awaitable[Any]) -> None:
    await work
