"""The reactor as everything here wants it: an argument, never an import."""

from __future__ import annotations

import time
from collections.abc import Callable

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


def steady(reactor: IGameReactor) -> None:
    """Let the timers of a reactor run by the clock that nobody can set.

    Twisted's own go by the machine's: set back, by somebody or by NTP, nothing periodic would happen until it is as
    late again as it was, and set ahead, everybody would have been silent for too long. ``seconds()`` counts from what
    the machine's clock says now; for the time of day there is ``wall``.
    """
    began = time.time() - time.monotonic()
    # Twisted asks itself by this name, and has no other place for it.
    setattr(reactor, "seconds", lambda: began + time.monotonic())  # noqa: B010
    setattr(reactor, "wall", time.time)  # noqa: B010


def wall(clock: IReactorTime) -> float:
    """Return the seconds since 1970 as the machine's clock has them now, for what is kept, shown or compared later.

    How long something takes, and when it is due, is asked of ``clock.seconds()``. Of a clock that is not ``steady``,
    one of a test for example, both are the same.
    """
    now: Callable[[], float] = getattr(clock, "wall", clock.seconds)
    return now()
