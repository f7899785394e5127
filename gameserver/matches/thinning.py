"""Sparing a slow reader what is out of date before he would read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gameserver.games.entity import Change, Entity
from gameserver.matches.batch import Item


class Thinner:
    """Holds back changes marked ``lossy`` and folds them: what was and what is, nothing in between.

    Its memory is bounded by the number of objects, however long somebody does not read. With ``exact`` it folds every
    change of an attribute, those of these objects excepted.
    """

    def __init__(self, exact: frozenset[Entity] | None = None) -> None:
        self._exact = exact
        #: By object and property: the first old value and the last new one; for collections by element too.
        self._owed: dict[tuple[Entity, str, Any], Change] = {}

    def __bool__(self) -> bool:
        return bool(self._owed)

    def thin(self, items: Iterable[Item]) -> list[Item]:
        """Return what has to be told now; the rest is owed."""
        told: list[Item] = []
        for item in items:
            if isinstance(item, Change) and not item.snapshot and (item.lossy or self._folds(item)):
                self._owe(item)
            else:
                told.append(item)
        return told

    def _folds(self, change: Change) -> bool:
        if self._exact is None or change.source in self._exact:
            return False
        return not (isinstance(change.old, Entity) or isinstance(change.new, Entity))

    def settle(self) -> list[Item]:
        """Return what is owed, removals before additions, and owe nothing any more."""
        owed, self._owed = list(self._owed.values()), {}
        # One event of a reference or a collection never carries both values.
        removals = [change for change in owed if change.new is None]
        return [*removals, *(change for change in owed if change.new is not None)]

    def _owe(self, change: Change) -> None:
        if isinstance(change.old, Entity) or isinstance(change.new, Entity):
            self._owe_link(change)
            return
        key = (change.source, change.prop, None)
        before = self._owed.pop(key, None)
        old = change.old if before is None else before.old
        if old != change.new:
            self._owed[key] = Change(change.source, change.prop, old, change.new, False, True, change.audience)

    def _owe_link(self, change: Change) -> None:
        """Fold a link made or undone: the opposite of what is owed for the same two objects cancels it."""
        other = change.new if change.new is not None else change.old
        key = (change.source, change.prop, other)
        before = self._owed.pop(key, None)
        if before is None or (before.new is None) == (change.new is None):
            self._owed[key] = change
