"""A console with the tests' own program under it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.console import Console
from gameserver.consoles.dialects import Dialect, Rule, own_dialect
from gameserver.consoles.events import Event, Stopped
from gameserver.consoles.plan import Plan, Restarts
from gameserver.reactor import IGameReactor

PROGRAM = Path(__file__).with_name("program.py")

#: A command ends soon after its output. One that prints nothing is waited for long: it could be a busy machine.
QUICK = AnswerTimes(first=20.0, quiet=0.1, settle=0.1, longest=40.0, lines=50)

#: Seconds a test waits for something that must come.
PATIENCE = 60.0

OWN = attrs.evolve(
    own_dialect("say {text}", "> "),
    rules=(
        Rule.of("join", r"(?P<sender>\w+) came"),
        Rule.of("left", r"(?P<sender>\w+) went"),
        Rule.of("chat", r"<(?P<sender>\w+)> (?P<text>.*)"),
    ),
)


def command(*options: str) -> tuple[str, ...]:
    """Return how the program is run."""
    return (sys.executable, "-I", "-S", str(PROGRAM), *options)


def gone(pid: int) -> bool:
    """Say whether a process has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return True
    return state == b"Z"


async def ready(reactor: IGameReactor, console: Console) -> None:
    """Wait until the program of a running console has said that it reads."""
    await printed(reactor, console, "ready")


async def printed(reactor: IGameReactor, console: Console, line: str) -> None:
    """Wait until a line is in a console's log."""
    deadline = time.monotonic() + PATIENCE
    while line not in console.tail:
        if time.monotonic() > deadline:
            raise AssertionError(f"{line!r} is not in {list(console.tail)}, {console.state}, {console.ending}")
        await deferLater(reactor, 0.01)


class Heard:
    """Keeps events and lets tests wait for one."""

    def __init__(self, reactor: IGameReactor) -> None:
        self._reactor = reactor
        self.events: list[Event] = []
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        for fits, deferred in list(self._waiting):
            if fits() and not deferred.called:
                deferred.callback(None)

    async def until(self, fits: Callable[[], bool]) -> None:
        if fits():
            return
        deferred: Deferred[None] = Deferred()
        deferred.addTimeout(PATIENCE, self._reactor)
        self._waiting.append((fits, deferred))
        await deferred

    async def until_true(self, fits: Callable[[], bool]) -> None:
        """Wait for something that no event tells."""
        deadline = time.monotonic() + PATIENCE
        while not fits():
            if time.monotonic() > deadline:
                raise AssertionError(f"it does not come; heard {self.events}")
            await deferLater(self._reactor, 0.01)

    async def stopped(self, times: int = 1) -> None:
        await self.until(lambda: sum(isinstance(event, Stopped) for event in self.events) >= times)


def console(
    reactor: IGameReactor,
    tell: Callable[[Event], None],
    *options: str,
    dialect: Dialect = OWN,
    restarts: Restarts | None = None,
    **changes: Any,
) -> Console:
    """Return a console that has not been started."""
    plan = Plan(
        "test",
        changes.pop("command", command(*options)),
        dialect,
        times=changes.pop("times", QUICK),
        stop_within=changes.pop("stop_within", 60.0),
        term_within=changes.pop("term_within", 30.0),
        **changes,
    )
    return Console(reactor, plan, restarts or Restarts("never"), tell)
