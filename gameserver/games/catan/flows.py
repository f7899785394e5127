"""Runs courses of events: who is asked what now, and what goes on when the answer is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gameserver.games.catan.questions import Flow, Parallel, Question
from gameserver.games.entity import Audience
from gameserver.games.rng import Chance


class _Task:
    """One course of events and where its result goes."""

    __slots__ = ("flow", "missing", "parent", "place", "results")

    def __init__(self, flow: Flow[Any], parent: _Task | None, place: int) -> None:
        self.flow = flow
        self.parent = parent
        self.place = place
        self.results: list[Any] = []
        self.missing = 0


class Flows:
    """At most one course of events runs, which may fork; every seat has at most one open question."""

    def __init__(self, chance: Chance, say: Callable[[Audience, str], None], gone: Callable[[int], bool]) -> None:
        self._chance = chance
        self._say = say
        self._gone = gone
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
        self._root = _Task(flow, None, 0)
        self._go(self._root, None)

    def answer(self, seat: int, value: Any) -> None:
        """Go on with an answer that the question of that seat has accepted."""
        _, task = self._open.pop(seat)
        self._go(task, value)

    def abandon(self, seat: int) -> None:
        """Answer for somebody who has left."""
        found = self._open.pop(seat, None)
        if found is not None:
            question, task = found
            self._go(task, question.fallback(self._chance))

    def drop(self) -> None:
        """Break off everything: the game is over."""
        self._open.clear()
        self._root = None

    def _go(self, task: _Task, value: Any) -> None:
        while True:
            try:
                wanted = task.flow.send(value)
            except StopIteration as end:
                self._finish(task, end.value)
                return
            if isinstance(wanted, Parallel):
                if not wanted.flows:
                    value = []
                    continue
                task.missing = len(wanted.flows)
                task.results = [None] * task.missing
                for place, flow in enumerate(wanted.flows):
                    self._go(_Task(flow, task, place), None)
                return
            if self._gone(wanted.seat):
                value = wanted.fallback(self._chance)
                continue
            self._open[wanted.seat] = (wanted, task)
            for line in wanted.lines:
                self._say(wanted.seat, line)
            return

    def _finish(self, task: _Task, result: Any) -> None:
        parent = task.parent
        if parent is None:
            self._root = None
            return
        parent.results[task.place] = result
        parent.missing -= 1
        if not parent.missing:
            self._go(parent, parent.results)
