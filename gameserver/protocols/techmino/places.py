"""Each player's connection to each endpoint: one at all nodes together, and the latest stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import msgspec
from twisted.logger import Logger

from gameserver.sessions.peers import Peers

#: The subject on which the nodes tell each other of new connections.
TOPIC = "techmino-places"

#: What the older of two connections is told.
REPLACED = "You have connected again from somewhere else."


class Taken(msgspec.Struct, frozen=True, array_like=True):
    """A player has connected to an endpoint at a node. The stamps of all nodes put connections in one order."""

    endpoint: str
    uid: int
    stamp: int
    node: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Taken).decode


class Replaceable(Protocol):
    """A connection, as far as another one takes its place."""

    def close(self, code: str, text: str) -> None:
        """End the connection, saying why."""


C = TypeVar("C", bound=Replaceable)


class Places(Generic[C]):
    """Those of this node. ``now_ms`` is the time, which is only where the stamps begin."""

    _log = Logger()

    def __init__(self, peers: Peers, node: str, now_ms: Callable[[], int]) -> None:
        self._peers = peers
        self._node = node
        self._now_ms = now_ms
        self._stamp = 0
        self._clients: defaultdict[str, dict[int, tuple[int, C]]] = defaultdict(dict)
        peers.subscribe(TOPIC, self._taken_elsewhere)

    def get(self, endpoint: str, uid: int) -> C | None:
        """Return the connection of a player to an endpoint."""
        found = self._clients[endpoint].get(uid)
        return None if found is None else found[1]

    def count(self, endpoint: str) -> int:
        """Return how many players are connected to an endpoint."""
        return len(self._clients[endpoint])

    def take(self, endpoint: str, uid: int, client: C) -> None:
        """Make a connection the one of its player to an endpoint; an older one at another node ends."""
        self._stamp = max(self._stamp + 1, self._now_ms())
        self._clients[endpoint][uid] = self._stamp, client
        self._peers.publish(TOPIC, _encode(Taken(endpoint, uid, self._stamp, self._node)))

    def give_up(self, endpoint: str, uid: int, client: C) -> None:
        """Forget a connection that ends, unless another one has its place by now."""
        if self.get(endpoint, uid) is client:
            del self._clients[endpoint][uid]

    def _taken_elsewhere(self, payload: bytes) -> None:
        try:
            taken = _decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        self._stamp = max(self._stamp, taken.stamp)
        found = self._clients[taken.endpoint].get(taken.uid)
        if found is not None and (found[0], self._node) < (taken.stamp, taken.node):
            found[1].close("replaced", REPLACED)
