"""What each request of generation 3 does: which state is somebody in, one call on the lobby, and the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.elsewhere.away import Away
from gameserver.protocols.techmino.generation3.encoders import message, refusal
from gameserver.protocols.techmino.generation3.messages import (
    End,
    Group,
    Joining,
    Line,
    NewPassword,
    NewRole,
    NewRoom,
    Page,
    Target,
    Type,
    anything,
    reader,
    rules,
)
from gameserver.protocols.techmino.generation3.room_encoders import (
    Generation3RoomEncoders,
    Generation3StreamEncoders,
    listed,
)
from gameserver.protocols.techmino.rooms.room import Generation, Member
from gameserver.protocols.techmino.rooms.settings import RoomSettings, Timing
from gameserver.protocols.techmino.shared import RoomClient

#: The name of the WebSocket among the endpoints.
ENDPOINT = "ws"

#: Actions that are known by name here.
CONFIG, PIECE, CREATE, JOIN, DISSOLVE = 1200, 1206, 1301, 1306, 1311

#: Times of a round. A client hears nothing of its room for half a second after it has come in, and shows the end of a
#: round 2.6 seconds late: a start within that would be lost.
TIMING = Timing(watch_delay=3.0, connect_timeout=1.0, start_delay=0.0, end_delay=0.0)

#: 0.17.7 to 0.17.21.
GENERATION_3 = Generation(
    "Techmino 0.17.7 to 0.17.21",
    Generation3RoomEncoders(),
    Generation3StreamEncoders(),
    lambda _config: TIMING,
    watch_from_the_middle=True,
    keep_watching=True,
    capacity_of_players=True,
)


class Handlers:
    """Somebody who plays. Their seat goes with their connection."""

    def __init__(self, client: RoomClient) -> None:
        self._client = client
        self._shared = client.shared
        self._lobby = client.shared.lobby
        account = client.identity.account
        self._player = account.player
        self._uid = account.id
        self._config: str | None = None
        #: Where their room is, if it is at another node.
        self._away: Away | None = None

    def elsewhere(self, action: int, data: Any, payload: bytes) -> Callable[[], Awaitable[None] | None] | None:
        """Return what lets the node do a request that has their room, or the one they go into.

        Raises ``GameError``.
        """
        away = self._away
        if action in HERE:
            return None
        if away is not None:
            if action == PIECE:
                return partial(away.pass_on, payload)
            if action == CONFIG:
                self._lobby.check_config(data)
                self._config = data
            return partial(away.ask, payload)
        if action in (CREATE, JOIN):
            self._shared.elsewhere.check_free(self._uid, kept=False)
        node = self._shared.elsewhere.room(data.room_id) if action == JOIN else None
        if node is None:
            return None
        self._lobby.check_free(self._uid)
        self._configured()
        self._away = Away(self._client, self, node, ENDPOINT, data.room_id, payload)
        return self._away.answered

    @property
    def carried(self) -> bytes:
        """See ``Returning``: how they play."""
        return (self._config or "").encode()

    def carry(self, carried: bytes) -> None:
        """Take over how they play."""
        self._config = carried.decode()

    def back(self, _carried: bytes) -> None:
        """See ``Returning``."""
        self._away = None

    def put_out(self, text: str) -> None:
        """See ``Returning``; to the client the room is gone, and a refusal is shown as it stands."""
        self._away = None
        self._client.deliver(message(DISSOLVE))
        self._client.deliver(refusal(DISSOLVE, text))

    @property
    def _member(self) -> Member:
        """Where they sit. Raises ``GameError`` ``no_seat``."""
        member = self._lobby.member(self._uid)
        if member.line is not self._client:
            raise GameError(Code.NO_SEAT, "You are in no room")
        return member

    def _between_rounds(self) -> Member:
        """Return where they sit while no round is played. Raises ``GameError`` ``no_seat`` or ``seated``."""
        member = self._member
        if member.room.round is not None:
            raise GameError(Code.SEATED, "A round is being played")
        return member

    def disconnected(self, *, for_good: bool) -> None:
        """Leave the room."""
        if self._away is not None:
            self._away.end(for_good=True)
            self._away = None
        self._lobby.lost(self._uid, self._client, for_good=True)

    def count(self, _data: None) -> None:
        """1000: how many are online with this generation and in the rooms of the others."""
        self._client.deliver(message(1000, self._shared.count(ENDPOINT) + self._shared.count("play")))

    def configure(self, config: str) -> None:
        """1200: how somebody plays. The room is told, themselves included; who is in none hears it alone."""
        self._lobby.check_config(config)
        self._config = config
        try:
            member = self._member
        except GameError:
            self._client.deliver(message(1200, config))
            return
        member.room.configure(member, config)
        told = member.room.generation.room.configured(member)
        if told is not None:
            self._client.deliver(told)

    def finish(self, end: End) -> None:
        """1201: plays no more. Watchers say it when they see a stream that does not fit; that is nobody's end."""
        seat = self._member.seat
        if seat is None or seat.watch or seat.final:
            return
        round_ = self._member.room.round
        if round_ is not None:
            round_.die(seat, 0, 0, end.reason)

    def set_group(self, group: int) -> None:
        """1202: a team."""
        member = self._between_rounds()
        member.room.set_group(member, group)

    def set_ready(self, ready: bool) -> None:
        """1203: ready, or not."""
        member = self._between_rounds()
        if member.watching:
            raise GameError(Code.WATCHING, "You are watching")
        member.room.set_ready(member, ready=ready)

    def make_host(self, wanted: NewRole) -> None:
        """1204: somebody else becomes the host."""
        member = self._member
        member.room.hand_over(member, wanted.player_id)

    def piece(self, stream: str) -> None:
        """1206: some frames of play. The hot path of the protocol."""
        member = self._member
        seat, round_ = member.seat, member.room.round
        if seat is None or round_ is None:
            raise GameError(Code.NOT_PLAYING, "No round is being played")
        round_.chunk(seat, stream)

    def set_type(self, wanted: str) -> None:
        """1207: play or watch. Whoever is ready must take that back first."""
        member, watching = self._between_rounds(), wanted == "Spectator"
        if member.ready and watching != member.watching:
            raise GameError(Code.SEATED, "You are ready")
        member.room.set_watching(member, watching=watching)

    def say(self, line: Line) -> None:
        """1300: say something to everybody in the room, oneself included."""
        member, limit = self._member, self._shared.config.message_length
        if len(line.message) > limit:
            raise GameError(Code.TOO_LONG, f"A message has at most {limit} characters")
        if self._shared.rooms.muted(self._player):
            raise GameError(Code.MUTED, "You may not speak at the moment")
        member.room.say(member, line.message, self._shared.now_ms)

    def create(self, wanted: NewRoom) -> None:
        """1301: make a room and go in; the room answers."""
        info = wanted.info
        settings = RoomSettings(
            name=info.name,
            capacity=wanted.capacity,
            kind=info.type,
            password=wanted.password,
            version=info.version,
            description=info.description,
            data=rules(wanted.data),
        )
        self._lobby.create(self._uid, self._player.name, self._configured(), self._client, GENERATION_3, settings)

    def join(self, wanted: Joining) -> None:
        """1306: go into a room; the room answers. The standing rooms are those of the other clients' buttons."""
        if wanted.room_id not in self._lobby.rooms:
            raise GameError(Code.NO_ROOM, "Room not found")
        self._lobby.join(
            self._uid,
            self._player.name,
            self._configured(),
            self._client,
            wanted.room_id,
            wanted.password,
            (GENERATION_3,),
        )

    def _configured(self) -> str:
        """Return how they play. Raises ``GameError`` ``no_seat`` for who has not said it."""
        if self._config is None:
            raise GameError(Code.NO_SEAT, "Say first how you play")
        return self._config

    def kick(self, target: Target) -> None:
        """1307: put somebody out."""
        self._lobby.kick(self._member, target.player_id)

    def leave_room(self, _data: None) -> None:
        """1308: leave the room."""
        self._lobby.leave(self._member)
        self._client.deliver(message(1308, {"playerId": self._uid}))

    def list_rooms(self, page: Page) -> None:
        """1309: the rooms of every generation; the client goes only into those of its own version."""
        begin = page.page_index * page.page_size
        rooms = self._shared.listed()[begin : begin + page.page_size]
        self._client.deliver(message(1309, [listed(room) for room in rooms]))

    def set_password(self, wanted: NewPassword) -> None:
        """1310: another password."""
        self._lobby.set_password(self._member, wanted.password)

    def dissolve(self, _data: None) -> None:
        """1311: end the room."""
        self._lobby.dissolve(self._member)


#: What the node does to which the client is connected, wherever the room is.
HERE = frozenset({1000, 1309})

#: By action: what refusals call it, what reads its ``data``, and the function that serves it.
REQUESTS: dict[int, tuple[str, Callable[[Any], Any], Callable[[Handlers, Any], None]]] = {
    1000: ("PlayerCount", anything, Handlers.count),
    CONFIG: ("PlayerConfig", reader(str), Handlers.configure),
    1201: ("PlayerFinish", reader(End), Handlers.finish),
    1202: ("PlayerGroup", reader(Group), Handlers.set_group),
    1203: ("PlayerReady", reader(bool), Handlers.set_ready),
    1204: ("PlayerRole", reader(NewRole), Handlers.make_host),
    PIECE: ("PlayerStream", reader(str), Handlers.piece),
    1207: ("PlayerType", reader(Type), Handlers.set_type),
    1300: ("RoomChat", reader(Line), Handlers.say),
    CREATE: ("RoomCreate", reader(NewRoom), Handlers.create),
    JOIN: ("RoomJoin", reader(Joining), Handlers.join),
    1307: ("RoomKick", reader(Target), Handlers.kick),
    1308: ("RoomLeave", anything, Handlers.leave_room),
    1309: ("RoomList", reader(Page), Handlers.list_rooms),
    1310: ("RoomPassword", reader(NewPassword), Handlers.set_password),
    DISSOLVE: ("RoomRemove", anything, Handlers.dissolve),
}
