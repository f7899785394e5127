"""The time before an end in which nobody new comes in and those who are there may leave."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall

from gameserver.rooms.rooms import Rooms
from gameserver.sessions.events import ServerNotice
from gameserver.sessions.manager import COMMUNITY, SessionManager

#: Seconds between two looks whether anybody is still there.
LOOKS = 0.25

#: Seconds until a proxy knows that it is to send nobody any more. Who is on the way already is let in.
KNOWN = 2.0


class Draining:
    """Lets a process run empty, for ``seconds`` at most. ``under_way`` is as in ``RunningPart``."""

    def __init__(
        self,
        clock: IReactorTime,
        sessions: SessionManager,
        rooms: Rooms,
        seconds: float,
        under_way: Callable[[], bool] = lambda: False,
    ) -> None:
        self._clock = clock
        self._sessions = sessions
        self._rooms = rooms
        self.seconds = seconds
        self._under_way = under_way
        self._until = self._known = 0.0
        self._empty: Callable[[], None] = lambda: None
        self._looks = LoopingCall(self._look)
        self._looks.clock = clock

    def begin(self, empty: Callable[[], None]) -> None:
        """Let nobody in any more and tell those of this process; ``empty`` is called once, when it is time to end."""
        self._until = self._clock.seconds() + self.seconds
        self._known = self._clock.seconds() + min(KNOWN, self.seconds / 2)
        self._empty = empty
        notice = ServerNotice(f"The server stops in {self.seconds:.0f} seconds; please come again.")
        # The other processes go on, and their people need not know.
        self._sessions.topics.publish_here(self._rooms.room(COMMUNITY).topic, notice)
        self._looks.start(LOOKS)

    def _look(self) -> None:
        now = self._clock.seconds()
        self._sessions.draining = now >= self._known
        empty = self._sessions.draining and not len(self._sessions) and not self._under_way()
        if empty or now >= self._until:
            self._looks.stop()
            self._empty()

    def end(self) -> None:
        """Look no more: the process ends."""
        if self._looks.running:
            self._looks.stop()
