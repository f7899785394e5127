"""What a protocol sees of a WebSocket: the request to upgrade, and the connection that came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import attrs

from gameserver.net.websocket.wire import Wire


@attrs.frozen
class Upgrade:
    """A request to upgrade, completely received, its body too.

    ``path`` is the whole path, ``query`` the first value of each parameter, ``headers`` the first value of each
    header by its lower-case name, ``address`` the peer's host (empty if it has none), ``subprotocols`` what the
    client offers in its order of preference.
    """

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str
    subprotocols: tuple[str, ...] = ()


class Refusal(Exception):
    """No upgrade: an ordinary HTTP answer with this status and body, after which the connection is closed."""

    def __init__(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        super().__init__(f"{status} {body!r}")
        self.status = status
        self.body = body
        self.content_type = content_type


class Handler(Protocol):
    """One WebSocket as a protocol serves it. None of its methods may raise."""

    def opened(self, wire: Wire) -> None:
        """The handshake is done. Before this the client may have gone, and nothing more is heard."""

    def received(self, payload: bytes, binary: bool) -> None:
        """Take a whole message; a text is UTF-8 where the page asks for that."""

    def counted(self) -> bool:
        """Count a frame that is no whole message, and say whether its sender is within their limits."""

    def heard_all(self, answered: Callable[[], None]) -> None:
        """Nothing more will come: call ``answered`` when what has come is answered, now or later.

        The client's Close frame waits for that.
        """

    def too_slow(self) -> None:
        """Take note that the client does not read and is dropped; ``ended`` follows."""

    def ended(self) -> None:
        """The connection has ended, whatever the reason. Called once, after ``opened``."""


@attrs.frozen
class Accepted:
    """A protocol's yes: who speaks, headers for the answer (names are sent as written), the subprotocol chosen."""

    handler: Handler
    headers: Mapping[str, str] = attrs.field(factory=dict)
    subprotocol: str | None = None


#: A protocol's answer to a request, now or later. It may raise ``Refusal`` or ``GameError``. It must not hold
#: anything for the connection yet: the client may go away before ``opened``.
Connect = Callable[[Upgrade], Accepted | Awaitable[Accepted]]
