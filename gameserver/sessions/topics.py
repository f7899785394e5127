"""Telling many: an event is encoded once per encoder and the same bytes go to every receiver.

Few receivers are served at once. Thousands are served in slices, a slice a reactor turn, so that nobody else
waits for them; events of one topic never overtake each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from twisted.internet.interfaces import IReactorTime

from gameserver.sessions.session import Encoder, Session

#: Receivers served within one reactor turn; at about 5 microseconds each this stays far below 10 ms.
SLICE = 500


class Topics:
    """Named topics of sessions."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._members: dict[str, dict[int, Session]] = {}
        self._waiting: deque[tuple[str, object, Iterator[Session], dict[Encoder, bytes | None]]] = deque()
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
        receivers = list(members.values())
        if exclude is not None:
            receivers = [session for session in receivers if not exclude(session)]
        encoded: dict[Encoder, bytes | None] = {}
        rest = iter(receivers)
        if not self._waiting and len(receivers) <= SLICE:
            self._serve(event, rest, encoded)
            return
        self._waiting.append((topic, event, rest, encoded))
        if len(self._waiting) == 1:
            self._clock.callLater(0, self._turn)

    def _turn(self) -> None:
        _, event, rest, encoded = self._waiting[0]
        if self._serve(event, rest, encoded):
            self._waiting.popleft()
        if self._waiting:
            self._clock.callLater(0, self._turn)

    @staticmethod
    def _serve(event: object, receivers: Iterator[Session], encoded: dict[Encoder, bytes | None]) -> bool:
        """Serve one slice; return whether everybody has been served."""
        kind = type(event)
        for count, session in enumerate(receivers, 1):
            encoder = session.encoders.get(kind)
            if encoder is not None and session.open:
                if encoder not in encoded:
                    encoded[encoder] = encoder(event)
                payload = encoded[encoder]
                if payload is not None:
                    session.sink.deliver(payload)
            if count == SLICE:
                return False
        return True
