"""Gives memory that nobody needs any more back to the system.

The C library keeps what has been freed for the next time. After a rush (hundreds of uploads, readers who did not
read) that can be more than the whole server needs, and would stay so until the next rush.
"""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from twisted.internet.threads import deferToThreadPool

from gameserver.edge.part import PeriodicTask
from gameserver.reactor import IGameReactor

#: Seconds between two looks, and bytes by which the process has to have grown since it was smallest.
LOOK, GROWN = 5.0, 8 << 20

#: Bytes for which it was worth while, and the most looks that are left out when it was not: what has grown is in use.
WORTH, RESTS = 1 << 20, 5

InThread = Callable[[Callable[[], object]], Awaitable[object]]

_STATM = Path("/proc/self/statm")

#: ``M_ARENA_MAX`` of glibc's <malloc.h>.
_ARENAS_AT_MOST = -8


def resident() -> int:
    """Return the bytes of this process that are in memory. Raises ``OSError`` where the system does not tell."""
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def trimmer() -> Callable[[], object] | None:
    """Return what gives freed memory back, ``None`` where the C library has nothing for it (it is glibc's).

    Threads that are started from now on allocate where all others do. By itself each would have a heap of its own,
    whose end is never given back: 19 MiB for each thread that has ever hashed a password.
    """
    try:
        library = ctypes.CDLL(None)
        trim = library.malloc_trim
        library.mallopt(_ARENAS_AT_MOST, 1)
    except (OSError, AttributeError, TypeError):
        return None
    return lambda: trim(0)


class Lasting:
    """Takes out of the garbage collector's sight what has outlived a full collection.

    A full collection looks at every object there is: 300,000 of a server that has started, 60 more for each
    connection, and everybody waits meanwhile for 60 to 200 ms. So it looks at what is new since the last one, and at
    everything only when what was put aside has become ``GROWTH`` times as much. (What nobody refers to any more is
    freed at once, whether it was put aside or not; the collector is there for what refers to itself.)
    """

    #: How full the three generations become before they are looked at. By Python's own measure, 700, 10 and 10, what
    #: a rush of clients makes is looked at in full several times a second.
    FILLED = (5000, 10, 100)

    #: By what factor, and by how many objects at least, what is put aside grows before all of it is looked at.
    GROWTH, LEAST = 2, 100_000

    def __init__(self, later: Callable[[Callable[[], object]], object]) -> None:
        """``later`` calls a function in the reactor's thread: the collector runs in whichever thread fills it."""
        self._later = later
        self._looked_at = 0
        self._before = gc.get_threshold()

    def start(self) -> None:
        """Put aside what there is, and what outlives each full collection from now on."""
        self._look_at_everything()
        gc.callbacks.append(self._collected)
        self._before = gc.get_threshold()
        gc.set_threshold(*self.FILLED)

    def stop(self) -> None:
        """Leave the collector to itself again."""
        gc.callbacks.remove(self._collected)
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _look_at_everything(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._looked_at = gc.get_freeze_count()

    def _collected(self, phase: str, info: dict[str, int]) -> None:
        if phase != "stop" or info["generation"] != 2:
            return
        gc.freeze()
        if gc.get_freeze_count() > max(self.GROWTH * self._looked_at, self._looked_at + self.LEAST):
            # Not here: the collector does not run inside itself. And once, however often it is full until then.
            self._looked_at = gc.get_freeze_count()
            self._later(self._look_at_everything)


class Memory:
    """Looks whether the process has grown, and lets ``trim`` give back what it can, in a thread: it takes a while.

    ``measure`` returns the bytes that are in memory, ``in_thread`` calls a function in a thread.
    """

    def __init__(self, trim: Callable[[], object], measure: Callable[[], int], in_thread: InThread) -> None:
        self._trim = trim
        self._measure = measure
        self._in_thread = in_thread
        self._least = measure()
        self._rest = self._rests = 0

    async def look(self) -> None:
        """Give memory back if there may be some; the next time, where no descriptor is left to look with."""
        with suppress(OSError):
            await self._look()

    async def _look(self) -> None:
        now = self._measure()
        self._least = min(now, self._least)
        if now <= self._least + GROWN:
            self._rest = self._rests = 0
            return
        if self._rest:
            self._rest -= 1
            return
        await self._in_thread(self._trim)
        worth = now - self._measure() >= WORTH
        self._rests = 0 if worth else min(RESTS, 2 * self._rests + 1)
        self._rest = self._rests


def memory_tasks(reactor: IGameReactor) -> list[PeriodicTask]:
    """Return what has to be done again and again; nothing on systems where it cannot be."""
    trim = trimmer()
    if trim is None or not _STATM.exists():
        return []

    def in_thread(work: Callable[[], object]) -> Awaitable[object]:
        return deferToThreadPool(reactor, reactor.getThreadPool(), work)

    return [PeriodicTask(LOOK, Memory(trim, resident, in_thread).look)]
