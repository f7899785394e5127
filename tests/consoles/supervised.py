"""A console with the tests' own program under it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred

from gameserver.consoles.commands import Patience
from gameserver.consoles.console import Console
from gameserver.consoles.dialects import Dialect, Rule, own_dialect
from gameserver.consoles.events import Event, Stopped
from gameserver.consoles.plan import Plan
from gameserver.consoles.restarts import Restarts

PROGRAM = Path(__file__).with_name("program.py")

QUICK = Patience(first=0.5, quiet=0.1, settle=0.3, longest=3.0, lines=50)

PATIENCE = 15.0

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


class Heard:
    """Keeps events and lets tests wait for one."""

    def __init__(self, reactor: Any) -> None:
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

    async def stopped(self, times: int = 1) -> None:
        await self.until(lambda: sum(isinstance(event, Stopped) for event in self.events) >= times)


def console(
    reactor: Any,
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
        patience=changes.pop("patience", QUICK),
        stop_within=changes.pop("stop_within", 5.0),
        term_within=changes.pop("term_within", 0.3),
        **changes,
    )
    return Console(reactor, plan, restarts or Restarts("never"), tell)
