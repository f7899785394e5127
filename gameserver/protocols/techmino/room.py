"""A room of players: who is in, what was said, who is ready, and the round they begin together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import attrs
import msgspec
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.protocols.techmino import encoders
from gameserver.protocols.techmino.round import Round
from gameserver.protocols.techmino.seat import Seat
from gameserver.sessions.session import Sink

#: How many messages a room remembers for those who come later.
HISTORY = 10


@attrs.define(eq=False, slots=True)
class Member:
    """Somebody in a room. ``sid`` is their number there, ``config`` how they play: opaque to the server.

    ``line`` is ``None`` while their connection is lost. ``returned`` says that a new connection has taken over the
    place and has not yet said whether it still wants it.
    """

    room: Room
    sid: int
    uid: int
    username: str
    config: str
    line: Sink | None
    ready: bool = False
    returned: bool = False
    missing: IDelayedCall | None = None

    @property
    def shown(self) -> dict[str, object]:
        """The member as others see them (/play 2)."""
        return {
            "sid": self.sid,
            "uid": self.uid,
            "username": self.username,
            "config": self.config,
            "ready": self.ready,
        }


class Room:
    """One room of /play. ``begin`` makes the round of those who are in."""

    def __init__(
        self,
        clock: IReactorTime,
        rid: str,
        name: str,
        kind: str,
        capacity: int,
        password: str,
        watch_delay: float,
        begin: Callable[[Room], Round],
    ) -> None:
        self._clock = clock
        self.rid = rid
        self.name = name
        self.kind = kind
        self.capacity = capacity
        self.password = password
        self._watch_delay = watch_delay
        self._begin = begin
        self.members: dict[int, Member] = {}
        self.history: deque[dict[str, object]] = deque(maxlen=HISTORY)
        self.round: Round | None = None
        self._watch: IDelayedCall | None = None

    @property
    def listed(self) -> dict[str, object]:
        """The room as an entry of the list (/play 0)."""
        return {
            "rid": self.rid,
            "name": self.name,
            "type": self.kind,
            "private": bool(self.password),
            "start": self.round is not None,
            "count": len(self.members),
            "capacity": self.capacity,
        }

    def welcome(self, member: Member) -> bytes:
        """Return what a member is told on coming in (/play 2).

        ``players`` must have the newcomer too. ``rid``, ``start`` and ``srid`` (the stream of the round that is
        being played, to watch it) are additions.
        """
        data: dict[str, object] = {
            "sid": member.sid,
            "ready": member.ready,
            "histories": list(self.history),
            "players": [other.shown for other in self.members.values()],
            "rid": self.rid,
            "start": self.round is not None,
        }
        if self.round is not None:
            data["srid"] = self.round.rid
        return encoders.reply(2, data=data)

    def tell(self, frame: bytes, but: Member | None = None) -> None:
        """Tell everybody but one."""
        for member in self.members.values():
            if member is not but and member.line is not None:
                member.line.deliver(frame)

    def enter(self, uid: int, username: str, config: str, line: Sink) -> Member:
        """Let somebody in and tell them and the others; the caller has checked that there is room."""
        taken = {member.sid for member in self.members.values()}
        sid = next(number for number in range(len(taken) + 1) if number not in taken)
        member = self.members[uid] = Member(self, sid, uid, username, config, line)
        line.deliver(self.welcome(member))
        self.tell(encoders.broadcast(2, member.shown), member)
        self._cancel_watch()
        return member

    def enter_again(self, member: Member, config: str, line: Sink) -> None:
        """Tell somebody who has come back with a new connection about the room they are still in.

        If they play otherwise now, the others see them leave and come: a change of the configuration (5) before
        their first round would crash clients of release 0.14.5, which send none themselves. In a round it does not.
        """
        changed = not _same_config(config, member.config)
        member.config = config
        line.deliver(self.welcome(member))
        if not changed:
            return
        if self.round is not None:
            self.configure(member, config)
            return
        self.tell(self._left(member), member)
        self.tell(encoders.broadcast(2, member.shown), member)

    def leave(self, member: Member) -> None:
        """Let somebody out and tell the others."""
        del self.members[member.uid]
        if self.round is not None:
            self.round.give_up(member.uid)
        self.tell(self._left(member))
        self._check_ready()

    @staticmethod
    def _left(member: Member) -> bytes:
        """Return what the others are told of a leaver; the client finds them by ``sid`` only."""
        return encoders.broadcast(3, {"sid": member.sid, "uid": member.uid, "username": member.username})

    def say(self, member: Member, text: str, at_ms: int) -> None:
        """Tell everybody what a member says, the member too, and remember it."""
        said: dict[str, object] = {
            "uid": member.uid,
            "username": member.username,
            "time": encoders.moment(at_ms),
            "message": text,
        }
        self.history.append(said)
        self.tell(encoders.broadcast(4, said))

    def configure(self, member: Member, config: str) -> None:
        """Change how a member plays and tell the others."""
        member.config = config
        self.tell(encoders.broadcast(5, {"uid": member.uid, "config": config}), member)

    def set_ready(self, member: Member, *, ready: bool) -> None:
        """Change whether a member is ready and tell everybody, the member too: their client waits for it."""
        member.ready = ready
        self.tell(encoders.broadcast(6, {"uid": member.uid, "ready": ready}))
        self._check_ready()

    def _check_ready(self) -> None:
        ready = bool(self.members) and all(member.ready for member in self.members.values())
        if not ready:
            self._cancel_watch()
        elif self.round is None and self._watch is None:
            self.tell(encoders.server(7))
            self._watch = self._clock.callLater(self._watch_delay, self._start)

    def _cancel_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _start(self) -> None:
        """Begin a round; the ready flags go back without a word, as the client does it itself."""
        self._watch = None
        for member in self.members.values():
            member.ready = False
        self.round = self._begin(self)
        self.tell(encoders.server(8, {"rid": self.round.rid}))

    def finished(self, result: list[Seat]) -> None:
        """Tell the result of the round (/play 9)."""
        self.round = None
        self.tell(encoders.server(9, {"start": False, "result": [seat.shown() for seat in result]}))
        self._check_ready()

    def stop_clocks(self) -> None:
        """Let no time run any more."""
        self._cancel_watch()
        for member in self.members.values():
            if member.missing is not None:
                member.missing.cancel()
                member.missing = None


def _same_config(one: str, other: str) -> bool:
    """Say whether two configurations mean the same: the client writes its keys in another order at every start."""
    if one == other:
        return True
    try:
        return bool(msgspec.json.decode(one) == msgspec.json.decode(other))
    except (msgspec.DecodeError, RecursionError):
        return False
