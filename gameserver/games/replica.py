"""A copy of a game's objects, rebuilt from the events a client receives and from nothing else."""

from __future__ import annotations

from collections.abc import Collection


class Replica:
    """Objects by id, each a dictionary from property to text, ``None``, or (to-many) a list of ids.

    ``collections`` are the to-many properties: the events alone do not tell a collection from a reference.
    Additions that are told twice count once.
    """

    def __init__(self, collections: Collection[str]) -> None:
        self._collections = frozenset(collections)
        self.objects: dict[str, dict[str, str | None]] = {}
        self._many: dict[tuple[str, str], dict[str, None]] = {}

    def apply(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event: ``@src``, ``@prop``, ``@ov``, ``@nv``, with ``None`` for a key that is left out."""
        values = self.objects.setdefault(source, {})
        if prop in self._collections:
            items = self._many.setdefault((source, prop), {})
            if old is not None:
                items.pop(old, None)
            if new is not None:
                items[new] = None
        else:
            values[prop] = new

    def one(self, source: str | None, prop: str) -> str | None:
        """Return a plain value or the id of a referenced object; ``None`` if there is none or nobody said so."""
        return self.objects.get(source or "", {}).get(prop)

    def many(self, source: str | None, prop: str) -> list[str]:
        """Return the ids in a collection, in the order of adding."""
        return list(self._many.get((source or "", prop), ()))

    def of_class(self, name: str) -> list[str]:
        """Return the ids of all objects of a class, in the order in which they became known."""
        return [source for source in self.objects if source.startswith(name + "@")]
