"""Whole WebSockets over a relay: the front passes messages on, the protocol's own channel serves them at the owner.

This is for protocols whose front can know nothing of what is said, because the owner has the key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gameserver.edge.channel import Channel
from gameserver.edge.relay.relays import LOST, Relay, Served
from gameserver.edge.shared import Shared
from gameserver.errors import GameError
from gameserver.net.outbox import Outbox
from gameserver.net.websocket.upgrade import Handler
from gameserver.net.websocket.wire import Wire

#: Messages that may come for a channel that wants none for now.
MOST_HELD = 256

#: The close code of RFC 6455's registry for who may come back at once.
COME_BACK = 1012

#: What a client sends: bytes, and whether they came as a binary message.
Received = tuple[bytes, bool]


class RelayedChannel(Channel[Received, Shared]):
    """The front's end of a client whom ``service`` of a node serves, see ``Relays.open``."""

    def __init__(self, shared: Shared, address: str, node: str, service: str, opening: bytes) -> None:
        super().__init__(shared, address)
        self._node = node
        self._service = service
        self._opening = opening
        self._relay: Relay | None = None
        #: What the owner has closed with.
        self._code = 0

    def admitted(self) -> None:
        """Let the other node serve the client. Raises ``GameError`` ``busy``."""
        # What comes from an address the owner counts, for all nodes. Here only this connection is held back.
        self._network = ""
        self._relay = self.shared.context.relays.open(self._node, self._service, self._opening, self)

    def not_admitted(self, error: GameError) -> None:
        """Say why in the Close frame: the words of the protocol are the owner's."""
        self.leave(error.code, error.text)

    def refused(self, error: GameError) -> None:
        """See ``not_admitted``."""
        self.leave(error.code, error.text)

    def received(self, payload: bytes, binary: bool) -> None:
        """See ``Handler``."""
        self.take((payload, binary))

    def handle(self, item: Received) -> Awaitable[None] | None:
        """Pass a message on."""
        payload, binary = item
        if self._relay is not None:
            self._relay.ask(bytes((binary,)) + payload)
        return None

    def over_limit(self, item: Received) -> Awaitable[None] | None:
        """Let the owner refuse it, in the words of the protocol; who goes on and on is put out here."""
        return None if self.abused() else self.handle(item)

    def gone(self) -> None:
        """See ``Connection``."""
        if self._relay is not None:
            self._relay.end()

    def told(self, payload: bytes) -> None:
        """See ``Fronted``."""
        self.deliver(payload)

    def noted(self, message: bytes) -> None:
        """See ``Fronted``; there is nothing to know."""

    def ended(self, code: str = "", text: str = "") -> None:
        """See ``Fronted``, and without a code ``Handler``."""
        if not code:
            super().ended()
            return
        if code.isdecimal():
            self._code = int(code)
        elif code == LOST:
            self._code = COME_BACK
        self.leave(code, text)

    def _end_transport(self, code: str, text: str) -> None:
        if self._code and self.wire is not None:
            self.wire.close(self._code, text)
        else:
            super()._end_transport(code, text)


class _Transport:
    """What an outbox writes to, as far as it needs a transport."""

    def __init__(self, served: Served, pause: Callable[[bool], None], close: Callable[[], None]) -> None:
        self.write = served.tell
        self.loseConnection = self.abortConnection = close
        self._pause = pause

    def registerProducer(self, _producer: object, _streaming: bool) -> None:
        """Never ask it to pause: the front has an outbox of its own, and a link its limit."""

    def unregisterProducer(self) -> None:
        """See ``registerProducer``."""

    def pauseProducing(self) -> None:
        self._pause(True)

    def resumeProducing(self) -> None:
        self._pause(False)

    def stopProducing(self) -> None:
        self.loseConnection()


class ServedChannel:
    """A ``Guest``: a client of another node at one of this node's channels, which is opened at once."""

    def __init__(self, shared: Shared, served: Served, channel: Handler) -> None:
        self._served = served
        self._channel = channel
        self._clock = shared.reactor
        self._paused = False
        self._held = 0
        self._over = False
        transport = _Transport(served, self._pause, self._close)
        limits = shared.limits
        outbox = Outbox(transport, shared.reactor, limits.outbox_bytes, channel.too_slow, limits.reading_seconds)
        self._wire = Wire(outbox, transport, self)  # type: ignore[arg-type]
        channel.opened(self._wire)
        served.entered()

    def _pause(self, paused: bool) -> None:
        self._paused, self._held = paused, 0

    def asked(self, message: bytes) -> None:
        """See ``Guest``."""
        if self._over:
            return
        if self._paused:
            self._held += 1
            if self._held > MOST_HELD:
                self._wire.close(1013, "Too much at once.")
                return
        self._channel.received(message[1:], message[:1] == b"\x01")

    def say_goodbye(self, code: int, reason: str) -> None:
        """See ``Closing``: the front does it."""
        self._wire.hand_over()
        self._served.end(str(code), reason)
        self._close()

    def _close(self) -> None:
        # Not before what closes it has returned.
        self._clock.callLater(0, self.gone)

    def gone(self) -> None:
        """See ``Guest``."""
        if not self._over:
            self._over = True
            self._served.end("1000")
            self._channel.ended()
            self._wire.end()
