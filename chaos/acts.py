"""The mixed load: people who act over and over, and keep account of everything the server has confirmed to them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import psutil

from gameserver.errors import Unavailable
from tests.integration.server import PATIENCE, Server

#: What everybody is told while the database cannot be used: nothing has happened then, or nobody knows.
LATER = Unavailable("").text

#: What everybody is told when the server stops in order; then the connection ends.
STOPPING = "The server is stopping."

#: What stands in the way of a load: limits that hold people of one address back. Attacks have the usual ones.
SETTINGS = (
    "accounts.registrations_per_address=1000000",
    "limits.logins_per_address=1000000",
    "limits.logins=1000000",
    "limits.login_failures=1000000",
    "limits.messages_per_second=5000",
    "limits.burst=20000",
    "web.requests_per_second=10000",
    "web.burst=100000",
    "invoker.usd.play_money=1000000.00",
    # Those who play come back within seconds, or after a fault that lasts.
    "kassel.grace=3600",
)

#: The endpoints that the load uses.
DOORS = ("web.endpoints", "chat.tcp", "kassel.ss14", "kassel.ss12", "techmino.endpoints", "invoker.endpoints")

#: Seconds after which somebody who has lost the connection tries again.
AGAIN = 0.05


class Stop(Protocol):
    """Whether it is time to stop; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Say so."""

    def wait(self, timeout: float) -> bool:
        """Sleep, at most so long, and say so."""


class Actor:
    """Somebody who does one kind of act, and counts it when the server has confirmed it.

    ``confirmed`` is how many. ``lost`` and ``wrong`` have a line for each that was found so, ``cuts`` one for each
    connection that ended before it was to. ``pace`` are the seconds between two acts.
    """

    def __init__(self, chance: random.Random, pace: float) -> None:
        self.chance = chance
        self.pace = pace
        self.confirmed = 0
        self.cuts: list[str] = []
        self.lost: list[str] = []
        self.wrong: list[str] = []

    @property
    def name(self) -> str:
        """What they do, in a word."""
        return type(self).__name__.lower()

    def prepare(self, server: Server) -> None:
        """Make, once and before any fault, what the acts need."""

    def act(self, server: Server, stop: Stop) -> None:
        """Act until it is time to stop. Raises ``OSError`` when the connection ends or is refused."""
        raise NotImplementedError

    def recount(self, server: Server) -> None:
        """Look whether everything confirmed is there. Nobody acts meanwhile, and no fault is under way."""


class Load:
    """Actors who act at the same time, each in a thread."""

    def __init__(self, server: Server, actors: Sequence[Actor]) -> None:
        self.server = server
        self.actors = actors
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def prepare(self) -> None:
        """Let everybody make what they need."""
        for actor in self.actors:
            actor.prepare(self.server)

    def start(self) -> None:
        """Let everybody act."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=self._run, args=(actor,), daemon=True, name=actor.name) for actor in self.actors
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, actor: Actor) -> None:
        while not self._stop.is_set():
            try:
                actor.act(self.server, self._stop)
            except OSError as error:
                actor.cuts.append(f"{actor.name}: {error}"[:200])
                self._stop.wait(AGAIN)
            except Exception as error:
                actor.wrong.append(f"{type(error).__name__}: {error}"[:300])
                self._stop.wait(AGAIN)

    @property
    def confirmed(self) -> int:
        """How many acts the server has confirmed."""
        return sum(actor.confirmed for actor in self.actors)

    @property
    def cuts(self) -> list[str]:
        """A line for each connection that has ended before it was to."""
        return [line for actor in self.actors for line in actor.cuts]

    def wait(self, acts: int, patience: float = PATIENCE, *, each: int = 0) -> None:
        """Wait until so many acts more are confirmed, and of everybody ``each``.

        Raises ``AssertionError`` when they are not, or the server ends.
        """
        enough, deadline = self.confirmed + acts, time.monotonic() + patience
        enough_each = [actor.confirmed + each for actor in self.actors]
        while self.confirmed < enough or any(
            actor.confirmed < least for actor, least in zip(self.actors, enough_each, strict=True)
        ):
            if not self.server.running:
                raise AssertionError("the server has ended by itself")
            if time.monotonic() > deadline:
                done = {actor.name: actor.confirmed for actor in self.actors}
                found = "; ".join((self.lost + self.wrong + self.cuts)[-3:])
                raise AssertionError(
                    f"{acts} acts were not confirmed within {patience:.0f} s; so far {done}; {found}"
                )
            time.sleep(0.005)

    def stop(self) -> None:
        """Let everybody finish what they are at. Raises ``AssertionError`` when somebody does not."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            if thread.is_alive():
                raise AssertionError(f"{thread.name} still waits for an answer after {PATIENCE} s")
        self._threads = []

    def recount(self) -> None:
        """Let everybody look whether what was confirmed is there."""
        for actor in self.actors:
            try:
                actor.recount(self.server)
            except Exception as error:
                actor.wrong.append(f"while recounting: {type(error).__name__}: {error}"[:300])

    @property
    def lost(self) -> list[str]:
        """A line for each act that was confirmed and is not there."""
        return [f"{actor.name}: {line}" for actor in self.actors for line in actor.lost]

    @property
    def wrong(self) -> list[str]:
        """A line for each that is there but different."""
        return [f"{actor.name}: {line}" for actor in self.actors for line in actor.wrong]


def resident(server: Server) -> int:
    """Return the server's resident memory in bytes."""
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)


def failures(lines: Sequence[str], injected: str = "") -> list[str]:
    """Return a line for each failure in a server's log, but not for those in which the injected one is named.

    A failure is a traceback: lines that are indented further than its first, then one that names the exception.
    """
    found: list[str] = []
    number = 0
    while number < len(lines):
        before, mark, _ = lines[number].partition("Traceback (most recent call last)")
        number += 1
        if not mark:
            continue
        while number < len(lines) and lines[number].startswith(f"{before} "):
            number += 1
        told = lines[number].strip() if number < len(lines) else "the log ends"
        if not injected or injected not in told:
            found.append(f"in the log: {told}"[:300])
    return found


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for something. Raises ``AssertionError`` when it does not come."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {patience:.0f} s")
        time.sleep(0.01)
