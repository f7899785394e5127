"""A connection over a WebSocket."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from twisted.web.resource import Resource

from gameserver.edge.connection import Connection
from gameserver.edge.shared import Shared
from gameserver.errors import Code, GameError
from gameserver.net.inbox import Queue, Source
from gameserver.net.origins import Origins
from gameserver.net.websocket import Accepted, Upgrade, Wire, websocket_resource
from gameserver.net.websocket.upgrade import Connect

I = TypeVar("I")  # noqa: E741
S = TypeVar("S", bound=Shared)

#: Close codes of RFC 6455 and its registry, by why the server ends a connection; a policy for everything else.
POLICY = 1008
CLOSE_CODES: Mapping[str, int] = {
    "": 1000,
    "shutdown": 1001,
    "internal": 1011,
    "busy": 1013,
    "too_many_connections": 1013,
}


#: For a path that has no key of its own.
EVERY_PAGE = Origins()


class Channel(Connection[I, S]):
    """One client: a ``Handler`` of its WebSocket.

    A protocol makes one when it accepts a request to upgrade, and gives ``received``, which most often puts what has
    come into the inbox (``take``). ``source`` is for a protocol whose messages hold several items.
    """

    CLOSE_CODES = CLOSE_CODES

    def __init__(self, shared: S, address: str, source: Source[I] | None = None) -> None:
        super().__init__(shared, address)
        self._queue: Queue[I] = Queue()
        self._source: Source[I] = self._queue if source is None else source
        self.wire: Wire | None = None

    def opened(self, wire: Wire) -> None:
        """See ``Handler``."""
        self.wire = wire
        self._open(self._source, wire, wire, wire.write)

    @abstractmethod
    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Handler``."""

    def take(self, item: I) -> None:
        """Put an item into the inbox."""
        if not self.leaving:
            self._queue.put(item)
            self.hear()

    def counted(self) -> bool:
        """See ``Handler``; who sends far too many of them is put out, as with messages."""
        if self.leaving:
            return False
        if self.within_limit():
            return True
        self.abused()
        return False

    def heard_all(self, answered: Callable[[], None]) -> None:
        """See ``Handler``."""
        if self._inbox is None or self.leaving:
            answered()
        else:
            self._inbox.end(answered)

    def ended(self) -> None:
        """See ``Handler``."""
        self._ended()
        self._queue.forget()
        self.wire = None

    @property
    def unread(self) -> int:
        """See ``Connection``."""
        return self.wire.waiting if self.wire is not None else 0

    def _end_transport(self, code: str, text: str) -> None:
        if self.wire is not None:
            self.wire.close(self.CLOSE_CODES.get(code, POLICY), text)


def websocket_page(
    shared: Shared,
    connect: Connect,
    *,
    greeting: str,
    page: str = "",
    message_limit: int = 1 << 20,
    utf8: bool = True,
    ping_interval: float = 30.0,
    origins: Origins = EVERY_PAGE,
) -> Resource:
    """Return the resource of a path that is a WebSocket, with the limits of all connections.

    Pages of other ``origins`` are refused with 403 before ``connect`` is asked. For the rest see
    ``net.websocket.websocket_resource``.
    """

    def from_allowed_page(upgrade: Upgrade) -> Accepted | Awaitable[Accepted]:
        if not origins.allow(upgrade.headers):
            shared.metrics.error(shared.protocol, Code.FORBIDDEN)
            raise GameError(Code.FORBIDDEN, "Pages of this origin may not connect here.")
        return connect(upgrade)

    return websocket_resource(
        shared.reactor,
        from_allowed_page,
        greeting=greeting,
        page=page,
        message_limit=message_limit,
        utf8=utf8,
        ping_interval=ping_interval,
        outbox_bytes=shared.limits.outbox_bytes,
        reading_seconds=shared.limits.reading_seconds,
    )
