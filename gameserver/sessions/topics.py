"""Telling many: an event is encoded once per encoder and the same bytes go to every receiver.

Few receivers are served at once. Thousands are served in slices, a slice a reactor turn, so that nobody else waits
for them. A slice is one of receivers, not of an event: each gets everything that waits for them by then, so that it
leaves in one write. For one receiver no event ever overtakes another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from twisted.internet.interfaces import IReactorTime

from gameserver.sessions.session import Encoder, Session

#: Receivers served within one reactor turn; at about 5 microseconds each this stays far below 10 ms.
SLICE = 500

#: Events delivered within one reactor turn, where many wait for each.
DELIVERIES = 4 * SLICE


class _Telling:
    """An event on its way: who is still to be told, and what the encoders have made of it."""

    __slots__ = ("_encoded", "event", "order", "receivers")

    def __init__(self, event: object, receivers: dict[int, Session]) -> None:
        self.event = event
        self.receivers = receivers
        self.order: Iterator[int] = iter(list(receivers))
        self._encoded: dict[Encoder, bytes | None] = {}

    def tell(self, session: Session) -> None:
        """Deliver it to one session, if its protocol has words for it."""
        encoder = session.encoders.get(type(self.event))
        if encoder is None or not session.open:
            return
        encoded = self._encoded
        if encoder in encoded:
            payload = encoded[encoder]
        else:
            # One that fails does so once, not for every receiver.
            encoded[encoder] = None
            payload = encoded[encoder] = encoder(self.event)
        if payload is not None:
            session.sink.deliver(payload)


class Topics:
    """Named topics of sessions."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._members: dict[str, dict[int, Session]] = {}
        #: Events for thousands, the oldest first.
        self._waiting: list[_Telling] = []
        #: Called with every event published here; the cluster's bridge listens.
        self.listeners: list[Callable[[str, object], None]] = []

    def subscribe(self, session: Session, topic: str) -> None:
        """Put an open session into a topic; a second time changes nothing."""
        if session.open:
            self._members.setdefault(topic, {})[session.id] = session
            session.topics.add(topic)

    def unsubscribe(self, session: Session, topic: str) -> None:
        """Take a session out of a topic."""
        session.topics.discard(topic)
        members = self._members.get(topic)
        if members is not None:
            members.pop(session.id, None)
            if not members:
                del self._members[topic]

    def leave_all(self, session: Session) -> None:
        """Take a session out of every topic it is in."""
        for topic in tuple(session.topics):
            self.unsubscribe(session, topic)

    def names(self) -> list[str]:
        """Return the topics that have somebody in them."""
        return list(self._members)

    def members(self, topic: str) -> list[Session]:
        """Return the sessions of a topic in the order they came."""
        return list(self._members.get(topic, {}).values())

    def publish(self, topic: str, event: object, exclude: Callable[[Session], bool] | None = None) -> None:
        """Tell everybody in a topic, except those ``exclude`` names, and the listeners."""
        self.publish_here(topic, event, exclude)
        for listener in self.listeners:
            listener(topic, event)

    def publish_here(self, topic: str, event: object, exclude: Callable[[Session], bool] | None = None) -> None:
        """Tell everybody in a topic of this process only."""
        members = self._members.get(topic)
        if not members:
            return
        if exclude is None:
            receivers = members.copy()
        else:
            receivers = {number: session for number, session in members.items() if not exclude(session)}
        telling = _Telling(event, receivers)
        if len(receivers) > SLICE:
            self._waiting.append(telling)
            if len(self._waiting) == 1:
                self._clock.callLater(0, self._turn)
            return
        for session in receivers.values():
            if self._waiting:
                # What thousands are still told came before this.
                self._catch_up(session)
            telling.tell(session)

    def _catch_up(self, session: Session) -> int:
        """Tell a session everything that waits for it; return how much that was."""
        count = 0
        for telling in self._waiting:
            if telling.receivers.pop(session.id, None) is not None:
                telling.tell(session)
                count += 1
        return count

    def _turn(self) -> None:
        try:
            self._serve()
        finally:
            if self._waiting:
                self._clock.callLater(0, self._turn)

    def _serve(self) -> None:
        """Serve one slice."""
        receivers = deliveries = 0
        while self._waiting:
            first = self._waiting[0]
            for number in first.order:
                session = first.receivers.get(number)
                if session is not None:
                    deliveries += self._catch_up(session)
                    receivers += 1
                    if receivers == SLICE or deliveries >= DELIVERIES:
                        return
            del self._waiting[0]
