"""/play: rooms of players. A room refuses with a ``GameError``, which becomes a Warn on the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.elsewhere.away import Away
from gameserver.protocols.techmino.elsewhere.served import ServedEndpoint
from gameserver.protocols.techmino.identities import ACCESS, Identity
from gameserver.protocols.techmino.rooms.room import Generation, Member
from gameserver.protocols.techmino.rooms.settings import RoomSettings
from gameserver.protocols.techmino.shared import Client, Handlers, RoomClient, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint, incomplete
from gameserver.protocols.techmino.sockets.generations import GENERATION_0148, GENERATION_1, GENERATION_2
from gameserver.protocols.techmino.sockets.messages import (
    CreateData,
    CreateRoom,
    Credentials,
    JoinRoom,
    LeaveRoom,
    ListRooms,
    Say,
    SetConfig,
    SetReady,
)
from gameserver.protocols.techmino.sockets.room_list import listed

NAME = "play"

#: What a client may be of which nothing is known yet.
GENERATIONS = (GENERATION_1, GENERATION_0148, GENERATION_2)

#: Members of a room that clients from 0.15 on can tell apart: they put a ``sid`` into eight bits.
SIDS = 256

#: How the version of 0.14.8 begins.
BETWEEN = "V0.14"

#: How the versions begin of the releases that make rooms with one, and never read again after a Close frame.
STOP_READING = (BETWEEN, "V0.15.0", "V0.15.1", "V0.15.2")


async def identify(shared: TechminoShared, asked: Credentials, _address: str) -> Identity:
    """Accept uid and accessToken."""
    if asked.uid is None or not asked.access_token:
        raise incomplete("uid and accessToken")
    return Identity(await shared.identities.by_token(asked.uid, asked.access_token, ACCESS))


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What a connection has shown so far: the names of what its client may be, and as in ``PlayHandlers``."""

    generations: tuple[str, ...]
    version: str
    named_password: bool


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shown).decode


class PlayHandlers:
    """Somebody who plays. Their place in a room is theirs, not their connection's."""

    def __init__(self, client: RoomClient) -> None:
        account = client.identity.account
        self._client = client
        self._shared = client.shared
        self._lobby = client.shared.lobby
        self._player = account.player
        self._uid = account.id
        #: What the client may be, and the version of its rules, as far as it has shown it on this connection.
        self._generations: tuple[Generation, ...] = GENERATIONS
        self._version = ""
        self._named_password = False
        #: Where their room is, if it is at another node.
        self._away: Away | None = None

    def connect(self) -> None:
        """Say Connect, with the place that is kept for them, here or at another node."""
        kept = self._lobby.come_back(self._uid, self._client)
        there = self._shared.elsewhere.seat(self._uid) if kept is None else None
        place = {}
        if kept is not None:
            place = {"rid": kept.room.rid, "sid": kept.sid}
        elif there is not None:
            node, seat = there
            with suppress(GameError):
                self._away = Away(self._client, self, node, NAME, seat.rid, returned=True)
                place = {"rid": seat.rid, "sid": seat.sid}
        self._client.deliver(encoders.message("Connect", action=0, **({"data": place} if place else {})))

    def elsewhere(self, request: msgspec.Struct, payload: bytes) -> Callable[[], Awaitable[None]] | None:
        """Return what lets the node do a request that has their room, or the one they go into.

        Raises ``GameError``.
        """
        away = self._away
        if isinstance(request, ListRooms):
            return None
        if away is not None:
            goes = isinstance(request, CreateRoom) or (isinstance(request, JoinRoom) and request.data.rid != away.rid)
            if not (goes and away.returned):
                return partial(away.ask, payload)
            # A client that has come back does not know of its seat.
            away.end(for_good=True)
            self._away = None
        if isinstance(request, CreateRoom | JoinRoom):
            self._shared.elsewhere.check_free(self._uid, kept=True)
        if not isinstance(request, JoinRoom):
            return None
        node = self._shared.elsewhere.room_to_enter(request.data.rid)
        if node is None:
            return None
        self._lobby.check_free(self._uid)
        self._lobby.give_up_old(self._uid)
        self._away = Away(self._client, self, node, NAME, request.data.rid, payload)
        return self._away.answered

    @property
    def carried(self) -> bytes:
        """See ``Returning``."""
        names = tuple(generation.name for generation in self._generations)
        return _encode(Shown(names, self._version, self._named_password))

    def carry(self, carried: bytes) -> None:
        """Take over what a connection has shown at another node."""
        shown = _decode(carried)
        self._generations = tuple(one for one in GENERATIONS if one.name in shown.generations)
        self._version, self._named_password = shown.version, shown.named_password

    def back(self, carried: bytes) -> None:
        """See ``Returning``."""
        self._away = None
        self.carry(carried)

    def put_out(self, text: str) -> None:
        """See ``Returning``; the clients leave the room's screen with Self 3."""
        self._away = None
        self._client.deliver(encoders.reply(3, data={}))
        self._client.deliver(encoders.warn(text))

    @property
    def _member(self) -> Member:
        """The player's place; they know of it from now on. Raises ``GameError`` ``no_seat``."""
        member = self._lobby.member(self._uid)
        member.returned = False
        return member

    def list_rooms(self, asked: ListRooms) -> None:
        """0: the rooms."""
        wanted = asked.data
        kind = (wanted.type or wanted.message).casefold()
        rooms = [room for room in self._shared.listed() if not kind or room.kind.casefold() == kind]
        entries = [listed(room) for room in rooms[wanted.begin : wanted.begin + wanted.count]]
        self._client.deliver(encoders.reply(0, roomList=entries))

    def create(self, asked: CreateRoom) -> None:
        """1: make a room and go in; answered as 2."""
        wanted = asked.data
        settings = self._settings(wanted)
        if wanted.room_info is None:
            generation = GENERATION_1
        else:
            generation = GENERATION_0148 if settings.version.startswith(BETWEEN) else GENERATION_2
        self._lobby.create(self._uid, self._player.name, wanted.config, self._client, generation, settings)
        self._generations, self._version = (generation,), settings.version
        if settings.version and not settings.version.startswith(STOP_READING):
            self._client.goes_on_after_close_frames()

    def _settings(self, wanted: CreateData) -> RoomSettings:
        """Return what kind of room is wanted. Raises ``GameError``."""
        data = bytes(wanted.room_data)
        if not data.startswith(b"{"):
            raise GameError(Code.WRONG_FIELDS, "Wrong format: roomData is an object")
        info, password = wanted.room_info, wanted.password
        if info is None:
            kind, capacity = self._type(wanted.type)
            name = wanted.name or f"{kind} room"
            if wanted.capacity is not None:
                capacity = min(wanted.capacity, SIDS)
            return RoomSettings(name, capacity, kind, password, data=data)
        capacity = wanted.capacity or 0
        if not 1 <= capacity <= SIDS:
            raise GameError(Code.WRONG_FIELDS, f"Wrong format: a room has a capacity of 1 to {SIDS}")
        return RoomSettings(info.name, capacity, info.type, password, info.version, info.description, data)

    def _type(self, name: str) -> tuple[str, int]:
        """Return a type of rooms as the configuration writes it, and its capacity. Raises ``GameError``."""
        for kind, capacity in self._shared.config.room_types.items():
            if kind.casefold() == name.casefold():
                return kind, capacity
        raise GameError(Code.NO_TYPE, "Type not found")

    def join(self, asked: JoinRoom) -> None:
        """2: go into a room."""
        wanted = asked.data
        self._named_password = wanted.password is not msgspec.UNSET
        self._lobby.join(
            self._uid,
            self._player.name,
            wanted.config,
            self._client,
            wanted.rid,
            wanted.password or "",
            self._generations,
            self._version,
        )

    def leave_room(self, _asked: LeaveRoom) -> None:
        """3: leave the room. ``data`` must be there, and without ``uid``, or the client crashes."""
        member = self._member
        self._client.deliver(encoders.reply(3, data={}))
        self._lobby.leave(member)

    def say(self, asked: Say) -> None:
        """4: say something to everybody in the room, oneself included."""
        member, text = self._member, asked.data.message
        limit = self._shared.config.message_length
        if len(text) > limit:
            raise GameError(Code.TOO_LONG, f"A message has at most {limit} characters")
        if self._shared.rooms.muted(self._player):
            raise GameError(Code.MUTED, "You may not speak at the moment")
        member.room.say(member, text, self._shared.now_ms)

    def set_config(self, asked: SetConfig) -> None:
        """5: play otherwise; the others are told."""
        self._lobby.check_config(asked.data.config)
        member = self._member
        member.room.configure(member, asked.data.config)

    def set_ready(self, asked: SetReady) -> None:
        """6: be ready, or not, or watch; everybody is told.

        This is where a client first shows which generation it is of. In a room of the other one it is put out again:
        the pieces of the others would mean nothing to it.
        """
        member, mode = self._member, asked.data.mode
        if mode is None and asked.data.ready is None:
            raise GameError(Code.WRONG_FIELDS, "Wrong format: ready or mode needed")
        generation = GENERATION_1 if mode is None else GENERATION_2
        if mode is not None and self._named_password:
            # Releases 0.15.0 to 0.15.3 never name one.
            self._client.goes_on_after_close_frames()
        room = member.room
        if room.generation not in (generation, GENERATION_0148):
            self._generations, self._version = (generation, GENERATION_0148), ""
            self._lobby.leave(member)
            self._client.deliver(encoders.reply(3, data={}))
            room.check_fits(self._generations, "")
        watching = mode == 2
        ready = mode == 1 if mode is not None else bool(asked.data.ready)
        if watching != member.watching:
            room.set_watching(member, watching=watching, ready=ready)
        else:
            room.set_ready(member, ready=ready)

    def disconnected(self, *, for_good: bool) -> None:
        """Note the end of the connection."""
        if self._away is not None:
            self._away.end(for_good=for_good)
            self._away = None
        self._lobby.lost(self._uid, self._client, for_good=for_good)


def _connected(client: Client, _older: Handlers | None) -> PlayHandlers:
    handlers = PlayHandlers(client)
    handlers.connect()
    return handlers


def _served(client: RoomClient, carried: bytes) -> PlayHandlers:
    """Return the handlers of a client of another node; a place that is kept for them is theirs again."""
    handlers = PlayHandlers(client)
    handlers.carry(carried)
    client.shared.lobby.come_back(client.identity.account.id, client)
    return handlers


PLAY = Endpoint(
    NAME,
    identify,
    _connected,
    {
        ListRooms: PlayHandlers.list_rooms,
        CreateRoom: PlayHandlers.create,
        JoinRoom: PlayHandlers.join,
        LeaveRoom: PlayHandlers.leave_room,
        Say: PlayHandlers.say,
        SetConfig: PlayHandlers.set_config,
        SetReady: PlayHandlers.set_ready,
    },
    elsewhere=PlayHandlers.elsewhere,
)

#: For clients of other nodes.
PLAY_ELSEWHERE = ServedEndpoint(_served, lambda: PLAY, seats=True)
