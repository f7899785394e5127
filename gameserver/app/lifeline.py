"""What ties a worker to the process that started it: two pipes, one of which ends when the other process does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import ITransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure

from gameserver.reactor import IGameReactor

#: The worker's end of the pipe that is never written to, and of the one by which it says that it is ready.
HELD, SAID = 0, 3

#: What it says.
WORD = b"ready\n"


class _Ends(Protocol):
    def __init__(self, lost: Callable[[], None]) -> None:
        self._lost = lost

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End with who has started us; called by Twisted."""
        self._lost()


class Lifeline:
    """The worker's end; ``number`` is its own among the workers, from 1."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._transport: ITransport | None = None

    def hold(self, reactor: IGameReactor, lost: Callable[[], None]) -> None:
        """Call ``lost`` when the process that has started this one ends, whatever has ended it."""
        # A type checker sees the class of another system.
        connect: Any = StandardIO
        self._transport = connect(_Ends(lost), HELD, SAID, reactor)

    def ready(self) -> None:
        """Say that people are taken in."""
        if self._transport is not None:
            self._transport.write(WORD)
