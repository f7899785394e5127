"""All rooms of all generations and who sits where: at most one room a player."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence

from twisted.internet.defer import DeferredList
from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.matches.techmino_rounds import RoundRecord
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.rooms.room import Generation, Member, Room
from gameserver.protocols.techmino.rooms.round import Player, Round
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.rooms.settings import RoomSettings
from gameserver.sessions.session import Sink

#: Characters of a room's version or type, and of its description, as clients can show them.
WORD = 64
DESCRIPTION = 256

#: Those in one room, watchers included, where only players are counted.
CROWD = 1024

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
        self.rooms: dict[str, Room] = {}
        self.rounds: dict[str, Round] = {}
        self._members: dict[int, Member] = {}
        #: Are told of who has come in, of who has left, and of a room that lists show otherwise now or no more.
        self.entered: list[Callable[[Member], None]] = []
        self.left: list[Callable[[Member], None]] = []
        self.changed: list[Callable[[Room], None]] = []

    def listed(self) -> list[Listing]:
        """Return the rooms, the newest first."""
        return [room.listing for room in reversed(self.rooms.values())]

    def member(self, uid: int) -> Member:
        """Return where somebody sits. Raises ``GameError`` ``no_seat``."""
        member = self._members.get(uid)
        if member is None:
            raise GameError(Code.NO_SEAT, "Room not subscribed")
        return member

    def sits(self, uid: int, line: Sink | None = None) -> bool:
        """Say whether somebody sits in a room here; with this connection, if one is given."""
        member = self._members.get(uid)
        return member is not None and line in (None, member.line)

    def create(
        self, uid: int, username: str, config: str, line: Sink, generation: Generation, settings: RoomSettings
    ) -> Member:
        """Make a room with somebody in it. Raises ``GameError`` ``too_long``, ``seated`` or ``too_many_rooms``."""
        self._check_settings(settings)
        self.check_config(config)
        self.check_free(uid)
        return self._create(uid, username, config, line, generation, settings, secrets.token_hex(16).upper())

    def _create(
        self,
        uid: int,
        username: str,
        config: str,
        line: Sink,
        generation: Generation,
        settings: RoomSettings,
        rid: str,
    ) -> Member:
        if len(self.rooms) >= self._config.rooms:
            raise GameError(Code.TOO_MANY_ROOMS, "Too many rooms")
        self.give_up_old(uid)
        room = self.rooms[rid] = Room(
            self._clock, rid, generation, settings, generation.timing(self._config), self._begin, self._room_changed
        )
        return self._enter(room, uid, username, config, line)

    def _enter(self, room: Room, uid: int, username: str, config: str, line: Sink) -> Member:
        member = self._members[uid] = room.enter(uid, username, config, line)
        for told in self.entered:
            told(member)
        return member

    def _room_changed(self, room: Room) -> None:
        for told in self.changed:
            told(room)

    def _check_settings(self, settings: RoomSettings) -> None:
        config = self._config
        if len(settings.name) > config.room_name_length:
            raise GameError(Code.TOO_LONG, f"A room name has at most {config.room_name_length} characters")
        self._check_password(settings.password)
        if max(len(settings.version), len(settings.kind)) > WORD:
            raise GameError(Code.TOO_LONG, f"A version or type has at most {WORD} characters")
        if len(settings.description) > DESCRIPTION:
            raise GameError(Code.TOO_LONG, f"A room's description has at most {DESCRIPTION} characters")
        if len(settings.data) > config.room_data_bytes:
            raise GameError(Code.TOO_LONG, f"A room's rules have at most {config.room_data_bytes} bytes")

    def _check_password(self, password: str) -> None:
        limit = self._config.room_password_length
        if len(password) > limit:
            raise GameError(Code.TOO_LONG, f"A room password has at most {limit} characters")

    def set_password(self, member: Member, password: str) -> None:
        """Let the host change the password. Raises ``GameError`` ``too_long``, ``forbidden``."""
        self._check_password(password)
        member.room.set_password(member, password)

    def join(
        self,
        uid: int,
        username: str,
        config: str,
        line: Sink,
        rid: str,
        password: str,
        generations: Sequence[Generation],
        version: str = "",
    ) -> Member:
        """Let somebody into a room; their client is of one of some generations, and of a version if that is known.

        Who asks for a standing room that is empty makes it, and it is of the first of their generations then.

        Raises ``GameError`` ``no_room``, ``bad_password``, ``seated``, ``room_full``, ``other_version``. Somebody who
        has come back with a new connection may ask for their own room again, and is told all about it.
        """
        self.check_config(config)
        own = self._members.get(uid)
        if own is not None and own.returned and own.room.rid == rid:
            own.returned = False
            own.room.enter_again(own, config, line)
            return own
        room = self.rooms.get(rid)
        if room is None:
            capacity = self._config.standing_rooms.get(rid)
            if capacity is None:
                raise GameError(Code.NO_ROOM, "Room not found")
            self.check_free(uid)
            settings = RoomSettings(rid, capacity, rid, version=version)
            return self._create(uid, username, config, line, generations[0], settings, rid)
        self.check_free(uid)
        room.check_fits(generations, version)
        if room.password and password != room.password:
            raise GameError(Code.BAD_PASSWORD, "Password is incorrect")
        if room.full and not room.generation.capacity_of_players:
            raise GameError(Code.ROOM_FULL, "Room is full")
        if len(room.members) >= CROWD:
            raise GameError(Code.ROOM_FULL, "Room is full")
        self.give_up_old(uid)
        return self._enter(room, uid, username, config, line)

    def check_config(self, config: str) -> None:
        """Raise ``GameError`` ``too_long`` for a configuration that is too large to be passed around."""
        limit = self._config.config_bytes
        if len(config) > limit or len(config.encode()) > limit:
            raise GameError(Code.TOO_LONG, f"A config has at most {limit} bytes")

    def check_free(self, uid: int) -> None:
        """Raise ``GameError`` ``seated`` for who sits in a room and knows of it."""
        own = self._members.get(uid)
        if own is not None and not own.returned:
            raise GameError(Code.SEATED, "Can only subscribe one room")

    def give_up_old(self, uid: int) -> None:
        """Leave the room of an earlier connection: the client that has come back does not know of it."""
        own = self._members.get(uid)
        if own is not None:
            self.leave(own)

    def leave(self, member: Member, *, told: bool = True) -> None:
        """Let somebody out and tell the others, unless they know it; the room goes with the last one."""
        if member.missing is not None:
            member.missing.cancel()
            member.missing = None
        room = member.room
        del self._members[member.uid]
        room.leave(member, told=told)
        if not room.members:
            room.stop_clocks()
            del self.rooms[room.rid]
        for heard in self.left:
            heard(member)

    def kick(self, member: Member, uid: int) -> None:
        """Let the host put somebody out. Raises ``GameError`` ``forbidden``, ``no_seat``."""
        room = member.room
        room.check_host(member)
        other = room.other(uid)
        room.tell(room.generation.room.kicked(other, member))
        self.leave(other, told=False)

    def dissolve(self, member: Member) -> None:
        """Let the host end the room; a round in it ends with its result. Raises ``GameError`` ``forbidden``."""
        room = member.room
        room.check_host(member)
        room.tell(room.generation.room.dissolved())
        members = list(room.members.values())
        for one in members:
            # They all go together, and nobody is told of anybody's leaving.
            one.line = None
        for one in members:
            self.leave(one)

    def come_back(self, uid: int, line: Sink) -> Member | None:
        """Give somebody with a new connection the place that is kept for them, if there is one.

        Where a round has no connections of its own, a place goes with the connection and is kept for nobody.
        """
        member = self._members.get(uid)
        if member is not None and not member.room.generation.stream.apart:
            return None
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
        players = {member.uid: Player(member.username, member.group) for member in room.playing}
        settings = room.settings
        named, rules = (settings.name, settings.kind), settings.data.decode()
        head = RoundRecord(0, rid, *named, self._seed(), 0, 0, (), version=settings.version, rules=rules)

        def finished(result: list[Seat]) -> None:
            del self.rounds[rid]
            room.finished(result)

        generation = room.generation
        timing = generation.timing(self._config)
        begun = Round(self._clock, self._config, generation.stream, timing, head, players, self._keep, finished)
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
