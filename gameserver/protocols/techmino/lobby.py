"""All rooms of /play and who sits where: at most one room a player."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from twisted.internet.defer import DeferredList
from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.matches.techmino_rounds import RoundRecord
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.messages import CreateData, JoinData, ListData
from gameserver.protocols.techmino.room import Member, Room
from gameserver.protocols.techmino.round import Round
from gameserver.protocols.techmino.seat import Seat
from gameserver.sessions.session import Sink

#: Seeds are below this, as the official server's were.
SEEDS = 100_000_000


class Lobby:
    """Makes, finds and forgets rooms and rounds. ``keep`` makes a round durable."""

    def __init__(
        self,
        clock: IReactorTime,
        config: Techmino,
        keep: Callable[[RoundRecord], Awaitable[object]],
        seed: Callable[[], int] = lambda: secrets.randbelow(SEEDS),
    ) -> None:
        self._clock = clock
        self._config = config
        self._keep = keep
        self._seed = seed
        self._types = {name.casefold(): (name, capacity) for name, capacity in config.room_types.items()}
        self.rooms: dict[str, Room] = {}
        self.rounds: dict[str, Round] = {}
        self._members: dict[int, Member] = {}

    def listed(self, wanted: ListData) -> list[dict[str, object]]:
        """Return the rooms of a type from the one numbered ``begin`` on."""
        kind = (wanted.type or wanted.message).casefold()
        rooms = [room for room in self.rooms.values() if not kind or room.kind.casefold() == kind]
        return [room.listed for room in rooms[wanted.begin : wanted.begin + wanted.count]]

    def member(self, uid: int) -> Member:
        """Return where somebody sits. Raises ``GameError`` ``no_seat``."""
        member = self._members.get(uid)
        if member is None:
            raise GameError(Code.NO_SEAT, "Room not subscribed")
        return member

    def create(self, uid: int, username: str, wanted: CreateData, line: Sink) -> Member:
        """Make a room with somebody in it.

        Raises ``GameError`` ``no_type``, ``too_long``, ``seated`` or ``too_many_rooms``.
        """
        found = self._types.get(wanted.type.casefold())
        if found is None:
            raise GameError(Code.NO_TYPE, "Type not found")
        kind, capacity = found
        config = self._config
        if len(wanted.name) > config.room_name_length:
            raise GameError(Code.TOO_LONG, f"A room name has at most {config.room_name_length} characters")
        if len(wanted.password) > config.room_password_length:
            raise GameError(Code.TOO_LONG, f"A room password has at most {config.room_password_length} characters")
        self.check_config(wanted.config)
        self._check_free(uid)
        if len(self.rooms) >= config.rooms:
            raise GameError(Code.TOO_MANY_ROOMS, "Too many rooms")
        self._give_up_old(uid)
        name = wanted.name or f"{kind} room"
        rid = secrets.token_hex(16).upper()
        room = Room(self._clock, rid, name, kind, capacity, wanted.password, config.watch_delay, self._begin)
        self.rooms[rid] = room
        member = self._members[uid] = room.enter(uid, username, wanted.config, line)
        return member

    def join(self, uid: int, username: str, wanted: JoinData, line: Sink) -> Member:
        """Let somebody into a room. Raises ``GameError`` ``no_room``, ``bad_password``, ``seated``, ``room_full``.

        Somebody who has come back with a new connection may ask for their own room again, and is told all about it.
        """
        self.check_config(wanted.config)
        own = self._members.get(uid)
        if own is not None and own.returned and own.room.rid == wanted.rid:
            own.returned = False
            own.room.enter_again(own, wanted.config, line)
            return own
        room = self.rooms.get(wanted.rid)
        if room is None:
            raise GameError(Code.NO_ROOM, "Room not found")
        self._check_free(uid)
        if room.password and wanted.password != room.password:
            raise GameError(Code.BAD_PASSWORD, "Password is incorrect")
        if len(room.members) >= room.capacity:
            raise GameError(Code.ROOM_FULL, "Room is full")
        self._give_up_old(uid)
        member = self._members[uid] = room.enter(uid, username, wanted.config, line)
        return member

    def check_config(self, config: str) -> None:
        """Raise ``GameError`` ``too_long`` for a configuration that is too large to be passed around."""
        limit = self._config.config_bytes
        if len(config) > limit or len(config.encode()) > limit:
            raise GameError(Code.TOO_LONG, f"A config has at most {limit} bytes")

    def _check_free(self, uid: int) -> None:
        own = self._members.get(uid)
        if own is not None and not own.returned:
            raise GameError(Code.SEATED, "Can only subscribe one room")

    def _give_up_old(self, uid: int) -> None:
        """Leave the room of an earlier connection: the client that has come back does not know of it."""
        own = self._members.get(uid)
        if own is not None:
            self.leave(own)

    def leave(self, member: Member) -> None:
        """Let somebody out; the room goes with the last one."""
        if member.missing is not None:
            member.missing.cancel()
            member.missing = None
        room = member.room
        del self._members[member.uid]
        room.leave(member)
        if not room.members:
            room.stop_clocks()
            del self.rooms[room.rid]

    def come_back(self, uid: int, line: Sink) -> Member | None:
        """Give somebody with a new connection the place that is kept for them, if there is one."""
        member = self._members.get(uid)
        if member is not None:
            if member.missing is not None:
                member.missing.cancel()
                member.missing = None
            member.line = line
            member.returned = True
        return member

    def lost(self, uid: int, line: Sink, *, for_good: bool) -> None:
        """Note a lost connection: the place is kept for a moment, but no round begins with somebody who is not there.

        ``for_good`` gives the place up at once.
        """
        member = self._members.get(uid)
        if member is None or member.line is not line:
            return
        member.line = None
        if for_good:
            self.leave(member)
            return
        if member.ready:
            member.room.set_ready(member, ready=False)

        def gone() -> None:
            member.missing = None
            self.leave(member)

        member.missing = self._clock.callLater(self._config.grace, gone)

    def _begin(self, room: Room) -> Round:
        rid = secrets.token_hex(16).upper()
        players = {member.uid: member.username for member in room.members.values()}

        def finished(result: list[Seat]) -> None:
            del self.rounds[rid]
            room.finished(result)

        begun = Round(
            self._clock, self._config, rid, room.name, room.kind, self._seed(), players, self._keep, finished
        )
        self.rounds[rid] = begun
        return begun

    def round(self, rid: str, uid: int) -> Round:
        """Return the round of a stream, by its own number or by its room's, for somebody who is in the room.

        Raises ``GameError`` ``no_room``, ``no_seat``.
        """
        room = self.rooms.get(rid)
        found = self.rounds.get(rid) if room is None else room.round
        if found is None:
            raise GameError(Code.NO_ROOM, "Room not found")
        member = self._members.get(uid)
        if member is None or member.room.round is not found:
            raise GameError(Code.NO_SEAT, "Room not subscribed")
        return found

    async def end_all_rounds(self) -> None:
        """End every round with its result and forget everybody: those who go together are not told of each other."""
        while self.rounds:
            # Meanwhile others may begin one.
            await DeferredList([begun.end_now() for begun in tuple(self.rounds.values())])
        for room in self.rooms.values():
            room.stop_clocks()
        self.rooms.clear()
        self._members.clear()
