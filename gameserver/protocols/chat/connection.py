"""One connection of the chat: objects out of its bytes, in order to the handlers.

The same class serves TCP, TLS and a transport in memory. What comes behind a login waits until its password has
been checked. Of bad input only repetition ends a connection.
"""

from __future__ import annotations

from collections.abc import Awaitable

from gameserver.edge.stream import StreamConnection
from gameserver.errors import Code, GameError
from gameserver.net.json_objects import Damage, ObjectFraming
from gameserver.protocols.chat import encoders
from gameserver.protocols.chat.handlers import HANDLERS, KINDS, refusal
from gameserver.protocols.chat.messages import Message, Undecodable, Unknown, decode
from gameserver.protocols.chat.pacing import PacedOutbox
from gameserver.protocols.chat.shared import ChatShared
from gameserver.sessions.events import ServerNotice

_NOTHING = Unknown()


class ChatConnection(StreamConnection[bytes | Damage, ChatShared]):
    """A connection. ``greeted`` says whether a login has ever succeeded on it."""

    NOT_HTTP = "This port speaks JSON chat, one object a line, not HTTP."

    #: Objects that may wait behind a login before reading stops.
    WAITING = 16

    def __init__(self, shared: ChatShared) -> None:
        self._objects = ObjectFraming(shared.config.object_bytes, shared.config.depth)
        super().__init__(shared, self._objects)
        self.greeted = False
        self._paced: PacedOutbox | None = None
        self._in_hand: Message = _NOTHING
        self._garbage = 0

    def opening(self) -> None:
        """Leave a gap after every object until the client has turned out to read lines."""
        shared = self.shared
        self._paced = PacedOutbox(self.outbox, shared.gaps, shared.limits.outbox_bytes)
        self.deliver = self._paced.write
        self.answers_go_through(self._paced)

    def not_admitted(self, error: GameError) -> None:
        """There is nothing else to say no with before a login."""
        self.deliver(encoders.LOGIN_REFUSED)
        self.leave_soon()

    def received(self, data: bytes) -> None:
        """Take in bytes; half an object has its time."""
        objects, halves = self._objects, self.shared.halves
        objects.feed(data)
        if self._paced is not None and objects.scanner.lines:
            self._paced.release()
            self._paced = None
            self.deliver = self.outbox.write
            self.answers_go_through(self.outbox)
        found = len(objects) > 0
        self.hear()
        if objects.scanner.pending and not self.leaving:
            if found or self not in halves:
                halves.start(self)
        else:
            halves.stop(self)

    def half_object_is_late(self) -> None:
        """Throw half an object away, so that it can't spoil the next one."""
        self._objects.end()
        self._objects.put(Damage.CUT_OFF)
        self.hear()

    def handle(self, item: bytes | Damage) -> Awaitable[None] | None:
        """See ``Connection``."""
        message = self._decode(item)
        if message is None:
            return None
        return self.measured(KINDS[type(message)], HANDLERS[type(message)], self, message)

    def over_limit(self, item: bytes | Damage) -> Awaitable[None] | None:
        """See ``Connection``; a refusal depends on what is refused."""
        return None if self._decode(item) is None and self.leaving else super().over_limit(item)

    def _decode(self, item: bytes | Damage) -> Message | None:
        """Return a message, ``None`` for garbage; too much of it in a row ends the connection."""
        try:
            message = None if isinstance(item, Damage) else decode(item)
        except Undecodable:
            message = None
        self._in_hand = message or _NOTHING
        if message is not None:
            self._garbage = 0
            return message
        self.shared.metrics.error(self.shared.protocol, Code.UNDECODABLE)
        self._garbage += 1
        if self._garbage >= self.shared.config.garbage:
            self.log.info("chat session {id}: repeated garbage", id=self.number)
            self.leave()
        return None

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        answer = refusal(self, self._in_hand, error.text)
        if answer is not None:
            self.deliver(answer)

    def goodbye(self, code: str, text: str) -> None:
        """Say why in the room's voice to who has logged in."""
        if self.greeted and code != "too_fast":
            self.deliver(encoders.announced(ServerNotice(text)))

    def gone(self) -> None:
        """See ``Connection``; what waits for its gap leaves at once."""
        if self._paced is not None:
            self._paced.release()
