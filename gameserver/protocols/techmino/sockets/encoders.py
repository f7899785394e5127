"""What the server sends: compact JSON in text frames, each made once however many receive it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from gameserver.errors import Code, GameError
from gameserver.net.websocket import frame
from gameserver.protocols.techmino.chat_rooms import ChatRoomChange
from gameserver.rooms.room import PUBLIC
from gameserver.sessions.events import DirectMessage, RoomMessage, ServerNotice
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoder

#: The speaker of what the server itself says; nobody has this name.
SERVER = "admin"

_json = msgspec.json.Encoder()


def message(kind: str, /, **keys: object) -> bytes:
    """Return the frame of a message of a type (``Self``, ``Broadcast``, ``Server``, ``Connect``)."""
    return frame(_json.encode({"type": kind, **keys}))


def reply(action: int, **keys: object) -> bytes:
    """Return an answer to the asker alone."""
    return message("Self", action=action, **keys)


def broadcast(action: int, data: Mapping[str, object], **keys: object) -> bytes:
    """Return what a room is told of one of its members."""
    return message("Broadcast", action=action, **keys, data=data)


def server(action: int, data: Mapping[str, object] | None = None) -> bytes:
    """Return what the server itself tells a room."""
    return message("Server", action=action) if data is None else message("Server", action=action, data=data)


def warn(reason: str) -> bytes:
    """Return the refusal of a message; the connection stays."""
    return message("Warn", reason=reason)


def refusal(refused: GameError) -> bytes:
    """Return the refusal of a message in the words of this protocol."""
    return error(refused.text) if refused.code == Code.NO_ACCOUNT else warn(refused.text)


def error_body(reason: str) -> bytes:
    """Return the refusal of a request to upgrade, as the body of an HTTP answer."""
    return _json.encode({"type": "Error", "reason": reason})


def error(reason: str) -> bytes:
    """Return an error that is more than a refused message."""
    return frame(error_body(reason))


def moment(at_ms: int) -> str:
    """Return a time (milliseconds since 1970) as the document writes it, in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def uid_of(player: Player) -> int:
    """Return a player's number; guests of other protocols have none and get 0."""
    return player.account or 0


def line(said: RoomMessage) -> dict[str, object]:
    """Return something that was said in a chat room as ``data`` and as an entry of ``histories``."""
    return {
        "uid": uid_of(said.speaker),
        "username": said.speaker.shown,
        "time": moment(said.at_ms),
        "message": said.text,
    }


def changed(event: ChatRoomChange) -> bytes:
    """/chat broadcasts 1 and 2."""
    data = {"uid": uid_of(event.player), "username": event.player.shown}
    return broadcast(event.action, data, rid=event.room)


def said(event: RoomMessage) -> bytes:
    """/chat broadcast 3."""
    return broadcast(3, line(event), rid=event.room)


def _spoken_now(uid: int, username: str, text: str) -> dict[str, object]:
    return {"uid": uid, "username": username, "time": moment(int(time.time() * 1000)), "message": text}


def told(event: DirectMessage) -> bytes:
    """Our addition: what somebody at another protocol says to this player alone."""
    return message("Private", action=3, data=_spoken_now(uid_of(event.sender), event.sender.shown, event.text))


def announced(event: ServerNotice) -> bytes:
    """/chat broadcast 3 from the server itself, with every key of the document: as if said in the public room."""
    return broadcast(3, _spoken_now(0, SERVER, event.text), rid=PUBLIC)


#: What a connection to /chat understands; the other endpoints are told by their own rooms.
CHAT_ENCODERS: Mapping[type, Encoder] = {
    ChatRoomChange: changed,
    RoomMessage: said,
    DirectMessage: told,
    ServerNotice: announced,
}
