"""The reactor as everything here wants it: an argument, never an import."""

from __future__ import annotations

from twisted.internet.interfaces import (
    IReactorCore,
    IReactorProcess,
    IReactorSocket,
    IReactorSSL,
    IReactorTCP,
    IReactorThreads,
    IReactorTime,
)


class IGameReactor(
    IReactorCore, IReactorTime, IReactorThreads, IReactorTCP, IReactorSSL, IReactorSocket, IReactorProcess
):
    """What the server needs of a reactor. Twisted's default reactors on Unix are all of it.

    What only needs the time asks for ``IReactorTime``, so that a ``task.Clock`` will do.
    """
