"""What clients of generation 3 send over the WebSocket: a number under ``action``, and ``data`` of a kind for each.

Binary and text frames carry the same JSON. Unknown keys are ignored. An empty table of the client's language is a
list: where nothing is asked for, anything may stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from gameserver.errors import Code, GameError

#: Players a room has at most, whatever its creator wants: the largest room of the client's own menu.
LARGEST = 99

#: Rooms of one answer at most.
PAGE = 100

PlayerId = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Request(msgspec.Struct, frozen=True):
    """What every message has; ``data`` is looked at when it is known what is asked."""

    action: Annotated[int, msgspec.Meta(ge=0, le=10**6)]
    data: msgspec.Raw = msgspec.Raw(b"null")


class End(msgspec.Struct, frozen=True):
    """1201: why somebody plays no more: ``lose``, or ``desync`` when another's stream does not fit."""

    reason: Literal["lose", "desync"]


class NewRole(msgspec.Struct, frozen=True, rename="camel"):
    """1204: who becomes the host."""

    player_id: PlayerId
    role: Literal["Admin"]


class Line(msgspec.Struct, frozen=True):
    """1300: what is said."""

    message: str


class Info(msgspec.Struct, frozen=True):
    """How a room is shown in the list; ``version`` is that of its rules."""

    name: str
    type: str
    version: str
    description: str = ""


class NewRoom(msgspec.Struct, frozen=True):
    """1301: a room. ``data`` are its rules, opaque, with numbers like ``1e+99``."""

    capacity: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    info: Info
    data: msgspec.Raw
    password: str = ""


class Joining(msgspec.Struct, frozen=True, rename="camel"):
    """1306: a room to go into."""

    room_id: str
    password: str = ""


class Target(msgspec.Struct, frozen=True, rename="camel"):
    """1307: who is put out."""

    player_id: PlayerId


class Page(msgspec.Struct, frozen=True, rename="camel"):
    """1309: which rooms of the list."""

    page_index: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0
    page_size: Annotated[int, msgspec.Meta(ge=1, le=PAGE)] = 26


class NewPassword(msgspec.Struct, frozen=True):
    """1310: what newcomers must know; empty: nothing."""

    password: str


Group = Annotated[int, msgspec.Meta(ge=0, le=6)]

Type = Literal["Gamer", "Spectator"]

requests = msgspec.json.Decoder(Request)


def reader(kind: Any) -> Callable[[msgspec.Raw], Any]:
    """Return what reads ``data`` as a kind. It raises ``GameError`` ``wrong_fields``."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)

    def read(data: msgspec.Raw) -> Any:
        try:
            return decoder.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise GameError(Code.WRONG_FIELDS, f"Wrong format: {error}") from None

    return read


def anything(_data: msgspec.Raw) -> None:
    """Read nothing, for what needs no ``data``."""


_object = reader(dict[str, Any])


def rules(data: msgspec.Raw) -> bytes:
    """Return a room's rules as they came, once they have been read: everybody who joins is sent them.

    Raises ``GameError`` ``wrong_fields`` for what is no JSON object, or has a number that no client could read.
    """
    _object(data)
    return bytes(data)
