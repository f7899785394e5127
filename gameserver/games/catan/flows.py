"""Runs courses of events: who is asked what now, and what goes on when the answer is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gameserver.games.catan.questions import Flow, Parallel, Question
from gameserver.games.entity import Audience


class _Task:
    """One course of events, and the one that waits for its end."""

    __slots__ = ("flow", "missing", "parent")

    def __init__(self, flow: Flow[Any], parent: _Task | None) -> None:
        self.flow = flow
        self.parent = parent
        #: How many courses this one waits for.
        self.missing = 0


class Flows:
    """At most one course of events runs, which may fork; every seat has at most one open question."""

    def __init__(self, say: Callable[[Audience, str], None]) -> None:
        self._say = say
        self._open: dict[int, tuple[Question, _Task]] = {}
        self._root: _Task | None = None

    @property
    def active(self) -> bool:
        """Whether something waits for an answer."""
        return self._root is not None

    def question(self, seat: int) -> Question | None:
        """Return what a seat has to answer, if anything."""
        found = self._open.get(seat)
        return found[0] if found else None

    def waiting(self) -> list[int]:
        """Return the seats that have something to answer."""
        return list(self._open)

    def start(self, flow: Flow[None]) -> None:
        """Begin a course of events and run it up to its first questions, or to its end."""
        self._root = _Task(flow, None)
        self._go(self._root, None)

    def answer(self, seat: int, value: Any) -> None:
        """Go on with an answer that the question of that seat has accepted."""
        _, task = self._open.pop(seat)
        self._go(task, value)

    def abandon(self, seat: int) -> None:
        """Go on after somebody has left: without his answer, and without him in the questions to others."""
        left = self._open.pop(seat, None)
        for other, (question, task) in list(self._open.items()):
            if question.prune():
                if question.empty:
                    del self._open[other]
                    self._go(task, None)
                else:
                    self._ask(question)
        if left is not None:
            self._go(left[1], None)

    def drop(self) -> None:
        """Break off everything: the game is over."""
        self._open.clear()
        self._root = None

    def _ask(self, question: Question) -> None:
        for line in question.lines:
            self._say(question.seat, line)

    def _go(self, task: _Task, value: Any) -> None:
        while True:
            try:
                wanted = task.flow.send(value)
            except StopIteration:
                self._finish(task)
                return
            value = None
            if isinstance(wanted, Parallel):
                if not wanted.flows:
                    continue
                task.missing = len(wanted.flows)
                for flow in wanted.flows:
                    self._go(_Task(flow, task), None)
                return
            if wanted.player.gone or wanted.empty:
                continue
            self._open[wanted.seat] = (wanted, task)
            self._ask(wanted)
            return

    def _finish(self, task: _Task) -> None:
        parent = task.parent
        if parent is None:
            self._root = None
            return
        parent.missing -= 1
        if not parent.missing:
            self._go(parent, None)
