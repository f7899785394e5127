"""Passwords: argon2id in threads of their own, so that a login storm never stops the reactor."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from gameserver.accounts.fair_queue import FairQueue

T = TypeVar("T")

#: How far the threads stand behind the reactor when both want the processor (added to the nice value).
NICENESS = 10

_SHA1_HEX = re.compile(r"[0-9A-Fa-f]{40}")


def is_digest(password: str) -> bool:
    """Say whether a text is the SHA-1 hex of a password rather than a password as it was typed."""
    return _SHA1_HEX.fullmatch(password) is not None


def canonical(password: str) -> str:
    """Return the form that is hashed: the SHA-1 hex of a password, or the text itself if it is one already.

    Course clients of the Kassel server send either form; both must open the same account.
    """
    if is_digest(password):
        return password.lower()
    return hashlib.sha1(password.encode("utf-8", "surrogatepass")).hexdigest()


class Passwords:
    """Hashes and checks passwords: 19 MiB, two passes, one lane (about 22 ms); a bounded number may wait,
    and addresses take turns.
    """

    def __init__(self, reactor: IReactorFromThreads, threads: int = 2, queue: int = 64) -> None:
        self._reactor = reactor
        self._queue = FairQueue(threads, queue)
        self._argon = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._pool = ThreadPool(minthreads=0, maxthreads=threads, name="passwords")
        #: Checked when there is no such account, so that both answers take the same time.
        self._nobody = self._argon.hash("nobody")

    def start(self) -> None:
        """Start the threads."""
        self._pool.start()

    def stop(self) -> None:
        """End the threads when what waits is done. Blocks until then."""
        self._pool.stop()

    @property
    def waiting(self) -> int:
        """How many passwords wait or are being worked on."""
        return len(self._queue)

    def hash(self, password: str, address: str = "") -> Deferred[str]:
        """Fire with the text to keep; ``address`` is whose turn it is. Raises or fails with ``busy``."""
        return self._run(address, lambda: self.hash_here(password))

    def hash_here(self, password: str) -> str:
        """Hash in the calling thread; for the command line."""
        return self._argon.hash(canonical(password))

    def matches(self, kept: str | None, password: str, address: str = "") -> Deferred[bool]:
        """Fire with whether a password fits what is kept; ``None`` takes as long and never fits."""

        def check() -> bool:
            try:
                return self._argon.verify(kept or self._nobody, canonical(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

        return self._run(address, check)

    def outdated(self, kept: str) -> bool:
        """Say whether a kept hash was made with other parameters and should be made anew."""
        return self._argon.check_needs_rehash(kept)

    def _run(self, address: str, function: Callable[[], T]) -> Deferred[T]:
        def step_back_and_work() -> T:
            _step_back()
            return function()

        return self._queue.add(address, lambda: deferToThreadPool(self._reactor, self._pool, step_back_and_work))


_thread = threading.local()


def _step_back() -> None:
    """Let the reactor's thread go before this one; on Linux priorities are a thread's own."""
    if sys.platform == "linux" and not getattr(_thread, "behind", False):
        _thread.behind = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
