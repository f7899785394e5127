"""The reactor as everything here wants it: an argument, never an import."""

from __future__ import annotations

from twisted.internet.interfaces import (
    IReactorCore,
    IReactorFromThreads,
    IReactorProcess,
    IReactorSocket,
    IReactorSSL,
    IReactorTCP,
    IReactorTime,
)


class IGameReactor(
    IReactorCore, IReactorTime, IReactorFromThreads, IReactorTCP, IReactorSSL, IReactorSocket, IReactorProcess
):
    """What the server needs of a reactor. Twisted's default reactors on Unix are all of it.

    What only needs the time asks for ``IReactorTime``, so that a ``task.Clock`` will do.
    """
