"""What the server sends: one compact object a line, with the documented keys and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gameserver.sessions.events import DirectMessage, PlayerOffline, PlayerOnline, RoomMessage, ServerNotice
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoder

#: Who speaks when the server itself has something to say; nobody is shown by this name (appendix 1).
SERVER = "admin"

#: 11 when a login has failed.
LOGIN_REFUSED = b'{"Command":"11","Flag":0,"Friends":[]}\n'

#: 12 when a registration has succeeded.
REGISTERED = b'{"Command":"12","Flag":1}\n'

#: 14 as a receipt. The document's key ``Comment`` is a slip for ``Command``: both are there, for both readings.
NOT_SENT = b'{"Command":"14","Comment":"14","Flag":0}\n'
SENT = b'{"Command":"14","Comment":"14","Flag":1}\n'

#: 14 as a heartbeat.
HEARTBEAT = b'{"Command":"14"}\n'

_json = msgspec.json.Encoder()


class Heartbeat:
    """The event that asks every client to prove that it can still be written to."""


def line(message: Mapping[str, object]) -> bytes:
    """Return a message as one line. Half a surrogate pair, which UTF-8 cannot carry, becomes a question mark."""
    try:
        return _json.encode(message) + b"\n"
    except UnicodeEncodeError:
        return _json.encode(_sendable(message)) + b"\n"


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {key: _sendable(item) for key, item in value.items()}
    return [_sendable(item) for item in value] if isinstance(value, (list, tuple)) else value


def logged_in(online: Iterable[Player]) -> bytes:
    """11 when a login has succeeded: who is online, the newcomer included, as ``[name, guest]``."""
    friends = [(player.shown, int(player.guest)) for player in online]
    return line({"Command": "11", "Flag": 1, "Friends": friends})


def not_registered(reason: str) -> bytes:
    """12 when a registration has failed."""
    return line({"Command": "12", "Flag": 0, "Message": reason})


def came(event: PlayerOnline) -> bytes:
    """30: somebody has come."""
    player = event.player
    return line({"Command": "30", "LogOnUserName": player.shown, "IsUserGuest": int(player.guest)})


def went(event: PlayerOffline) -> bytes:
    """31: somebody has gone."""
    return line({"Command": "31", "LogOutUserName": event.player.shown})


def told(event: DirectMessage) -> bytes:
    """13: somebody says something to this user; ``FriendName`` is who says it."""
    return line({"Command": "13", "FriendName": event.sender.shown, "Message": event.text})


def said(event: RoomMessage) -> bytes:
    """32: somebody says something to everybody."""
    return line({"Command": "32", "Speaker": event.speaker.shown, "Message": event.text})


def announced(event: ServerNotice) -> bytes:
    """32 from the server itself."""
    return line({"Command": "32", "Speaker": SERVER, "Message": event.text})


def beat(_event: Heartbeat) -> bytes:
    """14: the heartbeat."""
    return HEARTBEAT


#: One mapping for every connection of the protocol, so that an event is encoded once for all of them.
ENCODERS: Mapping[type[Any], Encoder] = {
    PlayerOnline: came,
    PlayerOffline: went,
    DirectMessage: told,
    RoomMessage: said,
    ServerNotice: announced,
    Heartbeat: beat,
}
