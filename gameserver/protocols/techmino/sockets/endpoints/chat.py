"""/chat: the chat rooms of the configuration. ``global`` is the public room of the whole community.

A room refuses with a ``GameError``, which becomes a Warn on the wire.
"""

from __future__ import annotations

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.chat_rooms import ChatRoomChange
from gameserver.protocols.techmino.identities import ACCESS, AUTH, Identity
from gameserver.protocols.techmino.shared import Client, Handlers, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint, incomplete
from gameserver.protocols.techmino.sockets.messages import (
    Credentials,
    EnterChatRoom,
    LeaveChatRoom,
    ListChatRooms,
    SayInChatRoom,
)
from gameserver.rooms.room import Room


async def identify(shared: TechminoShared, asked: Credentials, _address: str) -> Identity:
    """Accept uid with accessToken, or with authToken, which gets a new accessToken."""
    if asked.uid is not None and asked.access_token:
        return Identity(await shared.identities.by_token(asked.uid, asked.access_token, ACCESS))
    if asked.uid is not None and asked.auth_token:
        account = await shared.identities.by_token(asked.uid, asked.auth_token, AUTH)
        token = await shared.identities.new_token(account, ACCESS)
        return Identity(account, {"uid": account.id, "accessToken": token})
    raise incomplete("uid and accessToken, or uid and authToken")


class ChatHandlers:
    """Somebody who talks."""

    def __init__(self, client: Client, older: Handlers | None) -> None:
        self._client = client
        self._session = client.session
        self._shared = client.shared
        self._chat = client.shared.chat
        self._player = client.identity.account.player
        self._rooms: dict[str, Room] = {}
        client.deliver(encoders.message("Connect", **client.identity.told))
        if isinstance(older, ChatHandlers):
            # The new connection goes on where the older one was; nobody is told, for nobody comes or goes.
            self._rooms, older._rooms = older._rooms, {}
            for room in self._rooms.values():
                room.leave(older._session)
                room.enter(self._session)

    def list_rooms(self, _asked: ListChatRooms) -> None:
        """0: the rooms, with everybody who is in by whatever protocol."""
        rooms = [
            {"rid": rid, "count": self._chat.count(rid), "capacity": capacity}
            for rid, capacity in self._chat.capacities.items()
        ]
        self._client.deliver(encoders.reply(0, roomList=rooms))

    def enter_room(self, asked: EnterChatRoom) -> None:
        """1: go into a room; the asker gets its last messages, the others are told who has come."""
        rid = asked.data.rid
        room = self._chat.room(rid)
        if rid in self._rooms:
            raise GameError(Code.SEATED, "Room subscribed already")
        # Another protocol may have made the room without a limit.
        if self._chat.count(rid) >= self._chat.capacities[rid]:
            raise GameError(Code.ROOM_FULL, "Room is full")
        room.enter(self._session)
        self._rooms[rid] = room
        histories = [encoders.line(said) for said in room.history]
        self._client.deliver(encoders.reply(1, rid=rid, data={"histories": histories}))
        self._tell_others(1, rid)

    def leave_room(self, asked: LeaveChatRoom) -> None:
        """2: leave a room."""
        rid = asked.data.rid
        room = self._entered(rid)
        del self._rooms[rid]
        room.leave(self._session)
        self._client.deliver(encoders.reply(2, rid=rid))
        self._tell_others(2, rid)

    def say(self, asked: SayInChatRoom) -> None:
        """3: say something to everybody in the room, oneself included."""
        self._entered(asked.data.rid)
        text = asked.data.message
        limit = self._shared.config.message_length
        if len(text) > limit:
            raise GameError(Code.TOO_LONG, f"A message has at most {limit} characters")
        self._shared.rooms.say(self._shared.namespace, self._player, text, asked.data.rid)

    def _entered(self, rid: str) -> Room:
        self._chat.room(rid)
        room = self._rooms.get(rid)
        if room is None:
            raise GameError(Code.NO_SEAT, "Room not subscribed")
        return room

    def _tell_others(self, action: int, rid: str) -> None:
        self._chat.changed(ChatRoomChange(action, rid, self._player), self._session)

    def disconnected(self, *, for_good: bool) -> None:
        """Leave every room."""
        rooms, self._rooms = self._rooms, {}
        for rid, room in rooms.items():
            room.leave(self._session)
            self._tell_others(2, rid)


CHAT = Endpoint(
    "chat",
    identify,
    ChatHandlers,
    {
        ListChatRooms: ChatHandlers.list_rooms,
        EnterChatRoom: ChatHandlers.enter_room,
        LeaveChatRoom: ChatHandlers.leave_room,
        SayInChatRoom: ChatHandlers.say,
    },
    encoders.CHAT_ENCODERS,
)
