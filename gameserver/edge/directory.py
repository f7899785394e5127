"""What the nodes of a cluster have: games, people in games, consoles, whatever a protocol wants to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

#: What the directory has of every node: that it is there, by its name.
NODE = "node"

#: Is told what this node has from now on, or, with ``None``, has no more.
Changed = Callable[[str, str, bytes | None], None]


class Directory:
    """By kind and key, with a value in the form of who has put it there.

    ``changed`` passes on what is put here; the composition root puts it in if there are other nodes, and keeps what
    those have with ``learn`` and ``forget``.
    """

    def __init__(self) -> None:
        self.changed: Changed | None = None
        self.here: dict[str, dict[str, bytes]] = {}
        #: By kind, key and node.
        self._elsewhere: dict[str, dict[str, dict[str, bytes]]] = {}

    @property
    def shared(self) -> bool:
        """Whether there are other nodes; if not, nothing needs to be put here."""
        return self.changed is not None

    def put(self, kind: str, key: str, value: bytes = b"") -> None:
        """Let something of this node be found, or its value be another one."""
        if self.changed is not None:
            self.here.setdefault(kind, {})[key] = value
            self.changed(kind, key, value)

    def remove(self, kind: str, key: str) -> None:
        """Let something of this node be found no more. A second time changes nothing."""
        if self.changed is not None and self.here.get(kind, {}).pop(key, None) is not None:
            self.changed(kind, key, None)

    def elsewhere(self, kind: str) -> Iterator[tuple[str, str, bytes]]:
        """Return key, node and value of everything of a kind that others have, each key once."""
        for key, places in self._elsewhere.get(kind, {}).items():
            node, value = next(iter(places.items()))
            yield key, node, value

    def find(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """Return the node that has something, and its value; ``None`` if no other one has."""
        places = self._elsewhere.get(kind, {}).get(key)
        return next(iter(places.items())) if places else None

    def learn(self, node: str, kind: str, key: str, value: bytes | None) -> None:
        """Note what another node has, or has no more."""
        keys = self._elsewhere.setdefault(kind, {})
        places = keys.setdefault(key, {})
        if value is not None:
            places[node] = value
            return
        places.pop(node, None)
        if not places:
            del keys[key]

    def of(self, node: str) -> list[tuple[str, str]]:
        """Return kind and key of everything that another node has."""
        return [
            (kind, key) for kind, keys in self._elsewhere.items() for key, places in keys.items() if node in places
        ]

    def forget(self, node: str) -> None:
        """Note that another node has nothing any more."""
        for kind, key in self.of(node):
            self.learn(node, kind, key, None)
