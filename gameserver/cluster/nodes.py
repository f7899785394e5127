"""What one process knows of the others: which there are, and who is online there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from gameserver.cluster.messages import Present
from gameserver.cluster.pages import Hearing
from gameserver.sessions.players import Player

Slot = tuple[str, str]


def slot_of(present: Present) -> Slot:
    """Return the community and the name without case."""
    return present.namespace, present.player.key


@attrs.define
class Node:
    """Another process: the number of its last change we know of, when it was last heard of, who is there."""

    number: int
    heard: float
    present: dict[Slot, Present] = attrs.field(factory=dict)
    #: How far its roster has been heard.
    roster: Hearing[Slot] = attrs.field(factory=Hearing)


class Nodes:
    """The other processes by name, and everybody there by community and name."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._where: dict[Slot, dict[str, Player]] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, name: str) -> Node | None:
        """Return a node that is known."""
        return self._nodes.get(name)

    def add(self, name: str, number: int, now: float) -> Node:
        """Note a node that was not known."""
        node = self._nodes[name] = Node(number, now)
        return node

    def remove(self, name: str) -> None:
        """Forget a node at which nobody is known to be."""
        del self._nodes[name]

    def silent(self, since: float) -> list[str]:
        """Return the nodes that have not been heard of since a time."""
        return [name for name, node in self._nodes.items() if node.heard < since]

    def put(self, name: str, present: Present) -> None:
        """Note that a player is at a node."""
        slot = slot_of(present)
        self._nodes[name].present[slot] = present
        self._where.setdefault(slot, {})[name] = present.player

    def take(self, name: str, slot: Slot) -> Present | None:
        """Note that a player is not at a node any more; return what was known of them."""
        present = self._nodes[name].present.pop(slot, None)
        places = self._where.get(slot)
        if places is not None:
            places.pop(name, None)
            if not places:
                del self._where[slot]
        return present

    def find(self, slot: Slot) -> Player | None:
        """Return a player who is somewhere else."""
        places = self._where.get(slot)
        return next(iter(places.values())) if places else None

    def places(self, namespace: str, key: str) -> tuple[str, ...]:
        """Return the nodes at which a player is."""
        return tuple(self._where.get((namespace, key), ()))

    def anywhere(self, key: str) -> set[str]:
        """Return the nodes at which a player is, whatever the community."""
        return {name for (_, known), places in self._where.items() if known == key for name in places}

    def players(self, namespace: str) -> Iterator[Player]:
        """Return everybody of a community who is somewhere else, each once."""
        return (next(iter(places.values())) for (where, _), places in self._where.items() if where == namespace)

    def slots(self, name: str) -> Iterable[Slot]:
        """Return who is at a node."""
        return tuple(self._nodes[name].present)
