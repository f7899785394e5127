"""A room of players: who is in, what was said, who is ready, and the round they begin together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import attrs
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.rooms.round import Round
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.rooms.settings import RoomSettings, Said, Timing, same_config
from gameserver.protocols.techmino.rooms.stream_encoders import StreamEncoders
from gameserver.reactor import wall
from gameserver.sessions.session import Sink

#: How many messages a room remembers for those who come later.
HISTORY = 10


@attrs.define(eq=False, slots=True)
class Member:
    """Somebody in a room. ``sid`` is their number there, ``config`` how they play: opaque to the server.

    ``ready`` is for the next round; whoever is ``watching`` takes no part and nobody waits for them. ``group`` is
    their team, 0 for nobody's. ``line`` is ``None`` while their connection is lost. ``returned`` says that a new
    connection has taken over the place and has not yet said whether it still wants it.
    """

    room: Room
    sid: int
    uid: int
    username: str
    config: str
    line: Sink | None
    ready: bool = False
    watching: bool = False
    group: int = 0
    returned: bool = False
    missing: IDelayedCall | None = None

    @property
    def seat(self) -> Seat | None:
        """Their seat in the round that is being played."""
        return self.room.round.seat(self.uid) if self.room.round is not None else None


class RoomEncoders(Protocol):
    """One function an event of a room; each returns a frame, or ``None`` where the generation has no message for it.

    Everybody in the room is told, unless it says otherwise.
    """

    def welcome(self, room: Room, member: Member) -> bytes | None:
        """Tell a newcomer alone all about the room; they are among its members already."""

    def entered(self, member: Member) -> bytes | None:
        """Tell the others of a newcomer."""

    def left(self, member: Member) -> bytes | None:
        """Tell the others, who are still there, that somebody has gone."""

    def said(self, said: Said) -> bytes | None:
        """Tell what was said."""

    def configured(self, member: Member) -> bytes | None:
        """Tell the others how somebody plays now."""

    def ready_changed(self, member: Member) -> bytes | None:
        """Tell whether somebody is ready now."""

    def watching_changed(self, member: Member) -> bytes | None:
        """Tell whether somebody watches now."""

    def group_changed(self, member: Member) -> bytes | None:
        """Tell which team somebody is in now."""

    def host_changed(self, host: Member, former: Member | None) -> bytes | None:
        """Tell who the host is now; ``former`` is the last one, ``None`` when they are gone."""

    def kicked(self, member: Member, by: Member) -> bytes | None:
        """Tell that somebody is put out; they are still there, and nobody is told again when they have gone."""

    def password_changed(self, member: Member) -> bytes | None:
        """Tell who has changed the password."""

    def dissolved(self) -> bytes | None:
        """Tell that the room is no more."""

    def all_ready(self) -> bytes | None:
        """Tell that a round begins after ``Timing.watch_delay`` if nobody changes their mind."""

    def round_begins(self, begun: Round) -> bytes | None:
        """Tell that a round is there to be connected to."""

    def round_ended(self, result: Sequence[Seat]) -> bytes | None:
        """Tell the result, the first first; empty if nobody ever came."""


@attrs.frozen
class Generation:
    """What a generation of clients must bring to have rooms: its encoders, its times, and what is its own way.

    ``name`` is for people, and tells one generation from another. ``watch_from_the_middle``: who comes into a room in
    which a round is played watches; else they wait for the next one. ``keep_watching``: who watches goes on with that
    after a round. ``ready_between``: who makes themselves ready during a round is ready when it ends.
    ``capacity_of_players``: only those who play are counted, and who comes into a full room watches.
    """

    name: str
    room: RoomEncoders = attrs.field(eq=False)
    stream: StreamEncoders = attrs.field(eq=False)
    timing: Callable[[Techmino], Timing] = attrs.field(eq=False)
    watch_from_the_middle: bool = attrs.field(default=False, eq=False)
    keep_watching: bool = attrs.field(default=False, eq=False)
    ready_between: bool = attrs.field(default=False, eq=False)
    capacity_of_players: bool = attrs.field(default=False, eq=False)


class Room:
    """One room. ``begin`` makes the round of those who are in and do not watch, ``changed`` is told that lists show
    the room otherwise now.

    Members are told in the words of the room's ``generation``, each message made once. The ``host`` is the eldest
    member; in a generation without hosts nobody hears of it.
    """

    def __init__(
        self,
        clock: IReactorTime,
        rid: str,
        generation: Generation,
        settings: RoomSettings,
        timing: Timing,
        begin: Callable[[Room], Round],
        changed: Callable[[Room], None],
    ) -> None:
        self._clock = clock
        self.rid = rid
        self.generation = generation
        self.settings = settings
        self.password = settings.password
        self._timing = timing
        self._begin = begin
        self._when_changed = changed
        self._opened_ms = int(wall(clock) * 1000)
        self._listing: Listing | None = None
        self.members: dict[int, Member] = {}
        self.host: Member | None = None
        self.history: deque[Said] = deque(maxlen=HISTORY)
        self.round: Round | None = None
        self._watch: IDelayedCall | None = None

    @property
    def playing(self) -> list[Member]:
        """Those who do not watch."""
        return [member for member in self.members.values() if not member.watching]

    @property
    def full(self) -> bool:
        """Whether nobody else can come in to play."""
        taken = len(self.playing) if self.generation.capacity_of_players else len(self.members)
        return taken >= self.settings.capacity

    @property
    def listing(self) -> Listing:
        """The room as lists show it now."""
        if self._listing is None:
            settings, playing, begun = self.settings, len(self.playing), self.round
            self._listing = Listing(
                rid=self.rid,
                name=settings.name,
                kind=settings.kind,
                version=settings.version,
                description=settings.description,
                generation=self.generation.name,
                capacity=settings.capacity,
                private=bool(self.password),
                full=self.full,
                counting_down=self._watch is not None,
                playing=playing,
                watching=len(self.members) - playing,
                seed=None if begun is None else begun.seed,
                opened_ms=self._opened_ms,
            )
        return self._listing

    def _changed(self) -> None:
        self._listing = None
        self._when_changed(self)

    def check_fits(self, generations: Collection[Generation], version: str) -> None:
        """Raise ``GameError`` unless a client can play here.

        It is of one of the ``generations``; its ``version`` is empty where it is not known.
        """
        wanted = self.settings.version
        if self.generation in generations and (not version or version == wanted):
            return
        of = f"{self.generation.name}, version {wanted}" if wanted else self.generation.name
        raise GameError(Code.OTHER_VERSION, f"This room is for {of}; your Techmino plays by other rules")

    def tell(self, frame: bytes | None, but: Member | None = None) -> None:
        """Tell everybody but one."""
        if frame is None:
            return
        if self.round is not None and not self.generation.stream.apart:
            # Over the same connections: what somebody has played comes before the news that they have gone.
            self.round.send_waiting()
        for member in self.members.values():
            if member is not but and member.line is not None:
                member.line.deliver(frame)

    def _welcome(self, member: Member, line: Sink) -> None:
        frame = self.generation.room.welcome(self, member)
        if frame is not None:
            line.deliver(frame)

    def enter(self, uid: int, username: str, config: str, line: Sink) -> Member:
        """Let somebody in and tell them and the others; the caller has checked that there is room."""
        taken = {member.sid for member in self.members.values()}
        sid = next(number for number in range(len(taken) + 1) if number not in taken)
        from_the_middle = self.round is not None and self.generation.watch_from_the_middle
        watching = from_the_middle or (self.generation.capacity_of_players and self.full)
        member = self.members[uid] = Member(self, sid, uid, username, config, line, watching=watching)
        if self.host is None:
            self.host = member
        self._changed()
        self._welcome(member, line)
        self.tell(self.generation.room.entered(member), member)
        if self.round is not None and not self.generation.stream.apart:
            self.round.connect(uid, username, line)
        # Nobody is dragged into a round in the moment they come.
        self._cancel_watch()
        self._check_ready()
        return member

    def enter_again(self, member: Member, config: str, line: Sink) -> None:
        """Tell somebody who has come back with a new connection about the room they are still in.

        If they play otherwise now, the others see them leave and come: a change of the configuration before
        their first round would crash clients of release 0.14.5, which send none themselves. In a round it does not.
        """
        changed = not same_config(config, member.config)
        member.config = config
        self._welcome(member, line)
        if not changed:
            return
        if self.round is not None:
            self.configure(member, config)
            return
        self.tell(self.generation.room.left(member), member)
        self.tell(self.generation.room.entered(member), member)

    def leave(self, member: Member, *, told: bool = True) -> None:
        """Let somebody out and tell the others, unless they know it."""
        del self.members[member.uid]
        self._changed()
        if self.round is not None:
            self.round.give_up(member.uid)
        if member is self.host:
            self.host = None
            for eldest in self.members.values():
                self._make_host(eldest)
                break
        if told:
            self.tell(self.generation.room.left(member))
        self._check_ready()

    def _make_host(self, member: Member) -> None:
        former, self.host = self.host, member
        self.tell(self.generation.room.host_changed(member, former))

    def check_host(self, member: Member) -> None:
        """Raise ``GameError`` ``forbidden`` for anybody but the host."""
        if member is not self.host:
            raise GameError(Code.FORBIDDEN, "Only the host of the room may do that")

    def other(self, uid: int) -> Member:
        """Return a member by number. Raises ``GameError`` ``no_seat``."""
        found = self.members.get(uid)
        if found is None:
            raise GameError(Code.NO_SEAT, "This player is not in the room")
        return found

    def hand_over(self, member: Member, uid: int) -> None:
        """Make somebody else the host. Raises ``GameError`` ``forbidden``, ``no_seat``."""
        self.check_host(member)
        other = self.other(uid)
        if other is not member:
            self._make_host(other)

    def set_password(self, member: Member, password: str) -> None:
        """Change what newcomers must know; empty: nothing. Raises ``GameError`` ``forbidden``."""
        self.check_host(member)
        self.password = password
        self._changed()
        self.tell(self.generation.room.password_changed(member))

    def say(self, member: Member, text: str, at_ms: int) -> None:
        """Tell everybody what a member says, the member too, and remember it."""
        said = Said(member.uid, member.username, at_ms, text)
        self.history.append(said)
        self.tell(self.generation.room.said(said))

    def configure(self, member: Member, config: str) -> None:
        """Change how a member plays and tell the others."""
        member.config = config
        self.tell(self.generation.room.configured(member), member)

    def set_group(self, member: Member, group: int) -> None:
        """Put a member into a team and tell everybody; in a round that is being played they stay where they were."""
        member.group = group
        self.tell(self.generation.room.group_changed(member))

    def set_ready(self, member: Member, *, ready: bool) -> None:
        """Change whether a member is ready and tell everybody, the member too: their client waits for it."""
        member.ready = ready
        self.tell(self.generation.room.ready_changed(member))
        self._check_ready()

    def set_watching(self, member: Member, *, watching: bool, ready: bool = False) -> None:
        """Let a member watch, or play again, and tell everybody; without a change they stay as ready as they are.

        Raises ``GameError`` ``room_full`` when there is no place to play.
        """
        if member.watching and not watching and self.generation.capacity_of_players and self.full:
            raise GameError(Code.ROOM_FULL, "Room is full")
        if member.watching != watching:
            member.watching, member.ready = watching, ready
            self._changed()
            self._cancel_watch()
        self.tell(self.generation.room.watching_changed(member))
        self._check_ready()

    def _check_ready(self) -> None:
        playing = self.playing
        if not playing or not all(member.ready for member in playing):
            self._cancel_watch()
        elif self.round is None and self._watch is None:
            self.tell(self.generation.room.all_ready())
            self._watch = self._clock.callLater(self._timing.watch_delay, self._start)
            self._changed()

    def _cancel_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
            self._changed()

    def _start(self) -> None:
        """Begin a round; the ready flags go back without a word, as the client does it itself."""
        self._watch = None
        for member in self.members.values():
            member.ready = False
        begun = self.round = self._begin(self)
        self._changed()
        self.tell(self.generation.room.round_begins(begun))
        if not self.generation.stream.apart:
            # Those who play come last: with them it starts, and all must have their boards then.
            for member in sorted(self.members.values(), key=lambda member: not member.watching):
                if member.line is not None:
                    begun.connect(member.uid, member.username, member.line)

    def finished(self, result: list[Seat]) -> None:
        """Tell the result of the round; everybody starts anew, before they hear of it."""
        self.round = None
        for member in self.members.values():
            member.ready = member.ready and self.generation.ready_between
            member.watching = member.watching and self.generation.keep_watching
        self._changed()
        self.tell(self.generation.room.round_ended(result))
        self._check_ready()

    def stop_clocks(self) -> None:
        """Let no time run any more."""
        self._cancel_watch()
        for member in self.members.values():
            if member.missing is not None:
                member.missing.cancel()
                member.missing = None
