"""What clients send: a typed message for each request of the document, and how bytes become one.

Binary and text frames carry the same JSON. Unknown keys are ignored, of a key that comes twice the last counts; two
different actions are damage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.decoding import decode

#: The client keeps numbers as doubles and prints 14 digits.
MOST = 10**14

Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class Request(msgspec.Struct, frozen=True, tag_field="action", rename="camel"):
    """What every request has: its number under ``action``."""


# /app


class VersionData(msgspec.Struct, frozen=True, rename="camel"):
    """Whether the lowest version and the notice are not wanted."""

    newest_only: bool = False


class GetVersion(Request, frozen=True, tag=0):
    """/app 0: which versions there are."""

    data: VersionData = VersionData()


class GetNotice(Request, frozen=True, tag=1):
    """/app 1: the notice."""


class RegisterData(msgspec.Struct, frozen=True):
    """Who wants an account."""

    username: str
    email: str
    password: str


class Register(Request, frozen=True, tag=2):
    """/app 2: make an account (of the later client; not in the document)."""

    data: RegisterData


class CountPlayers(Request, frozen=True, tag=3):
    """/app 3: how many players there are (of 0.14.7 and later; not in the document)."""


# /user


class GetAccessToken(Request, frozen=True, tag=0):
    """/user 0: a new accessToken; the older one ends."""


class InfoData(msgspec.Struct, frozen=True):
    """Whose information: one's own without ``uid``. ``hash`` is what the client has of the avatar."""

    uid: Count | msgspec.UnsetType = msgspec.UNSET
    hash: str | bool = False


class GetInfo(Request, frozen=True, tag=1):
    """/user 1: who somebody is."""

    data: InfoData = InfoData()


Section = Annotated[int, msgspec.Meta(ge=1, le=7)]


class SavedSection(msgspec.Struct, frozen=True):
    """One part of what a player keeps: 1 statistics, 2 ranks, 3 settings, 4 keys, 5 to 7 layouts. Opaque here."""

    section: Section
    data: str


class SaveData(msgspec.Struct, frozen=True):
    """What to keep."""

    sections: Annotated[list[SavedSection], msgspec.Meta(max_length=7)]


class Save(Request, frozen=True, tag=2):
    """/user 2: keep my data (of 0.15.3 and later; not in the document)."""

    data: SaveData


class LoadData(msgspec.Struct, frozen=True):
    """What is wanted."""

    sections: Annotated[list[Section], msgspec.Meta(max_length=7)]


class Load(Request, frozen=True, tag=3):
    """/user 3: give me my data (of 0.15.3 and later; not in the document)."""

    data: LoadData


# /chat


class ListChatRooms(Request, frozen=True, tag=0):
    """/chat 0: the rooms."""


class RoomData(msgspec.Struct, frozen=True):
    """Which chat room."""

    rid: str


class EnterChatRoom(Request, frozen=True, tag=1):
    """/chat 1: go into a room."""

    data: RoomData


class LeaveChatRoom(Request, frozen=True, tag=2):
    """/chat 2: leave a room."""

    data: RoomData


class ChatData(msgspec.Struct, frozen=True):
    """What is said where."""

    rid: str
    message: str


class SayInChatRoom(Request, frozen=True, tag=3):
    """/chat 3: say something in a room."""

    data: ChatData


# /play


class ListData(msgspec.Struct, frozen=True):
    """Which rooms. The document calls the type ``message``, the real server's filter is ``type``."""

    type: str = ""
    message: str = ""
    begin: Count = 0
    count: Count = 10


class ListRooms(Request, frozen=True, tag=0):
    """/play 0: the rooms."""

    data: ListData = ListData()


class RoomInfo(msgspec.Struct, frozen=True):
    """What a room is called, by clients from 0.15 on; only those of the same ``version`` come in."""

    name: str
    type: str
    version: str
    description: str = ""


class CreateData(msgspec.Struct, frozen=True, rename="camel"):
    """A new room. ``config`` is opaque: the document says Base64, the client sends JSON text.

    0.14.7 sends ``capacity`` and ``roomData`` instead of a type; those from 0.15 on ``roomInfo`` besides.
    """

    config: str
    type: str = "classic"
    name: str = ""
    password: str = ""
    capacity: Annotated[int, msgspec.Meta(ge=1)] | None = None
    room_info: RoomInfo | None = None
    room_data: msgspec.Raw = msgspec.Raw(b"{}")


class CreateRoom(Request, frozen=True, tag=1):
    """/play 1: make a room and go in."""

    data: CreateData


class JoinData(msgspec.Struct, frozen=True):
    """A room to go into."""

    rid: str
    config: str
    password: str | msgspec.UnsetType = msgspec.UNSET


class JoinRoom(Request, frozen=True, tag=2):
    """/play 2: go into a room."""

    data: JoinData


class LeaveRoom(Request, frozen=True, tag=3):
    """/play 3: leave the room."""


class SayData(msgspec.Struct, frozen=True):
    """What is said."""

    message: str


class Say(Request, frozen=True, tag=4):
    """/play 4: say something in the room."""

    data: SayData


class ConfigData(msgspec.Struct, frozen=True):
    """How somebody plays."""

    config: str


class SetConfig(Request, frozen=True, tag=5):
    """/play 5: play otherwise."""

    data: ConfigData


class ReadyData(msgspec.Struct, frozen=True):
    """Whether somebody is ready; clients from 0.15 on say it with ``mode``: 0 not, 1 to play, 2 to watch."""

    ready: bool | None = None
    mode: Annotated[int, msgspec.Meta(ge=0, le=2)] | None = None


class SetReady(Request, frozen=True, tag=6):
    """/play 6: be ready, or not."""

    data: ReadyData


# /stream


class DeathData(msgspec.Struct, frozen=True, rename="camel"):
    """How far somebody has come; ``survival_time`` in seconds. The real client sends zeros."""

    score: Count
    survival_time: Count


class Die(Request, frozen=True, tag=4):
    """/stream 4: I am dead."""

    data: DeathData


class ChunkData(msgspec.Struct, frozen=True):
    """Some frames of play, Base64 of delta-time and event varints; opaque here."""

    stream: str


class Chunk(Request, frozen=True, tag=5):
    """/stream 5: what I have done since the last time. The hot path of the protocol."""

    data: ChunkData


# Credentials


class Credentials(msgspec.Struct, frozen=True, rename="camel"):
    """Who somebody is: in the body of the request to upgrade, in its query, or in the first message."""

    uid: Count | None = None
    auth_token: str | None = None
    access_token: str | None = None
    email: str | None = None
    password: str | None = None
    rid: str | None = None
    srid: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether nothing is said of who is asking, so that the first message may."""
        return all(one is None for one in (self.uid, self.auth_token, self.access_token, self.email, self.password))


_credentials = msgspec.json.Decoder(Credentials)


def parsed(body: bytes) -> Credentials:
    """Return the credentials in a body or message. Raises ``GameError`` as ``decode``."""
    return decode(_credentials, body)


def from_query(query: Mapping[str, str]) -> Credentials:
    """Return the credentials in a query. Raises ``GameError`` ``wrong_fields``."""
    try:
        return msgspec.convert(dict(query), Credentials, strict=False)
    except msgspec.ValidationError as error:
        raise GameError(Code.WRONG_FIELDS, f"Wrong format: {error}") from None


def merged(first: Credentials, second: Credentials) -> Credentials:
    """Return both; what ``second`` has wins."""
    said = {name: value for name, value in msgspec.structs.asdict(second).items() if value is not None}
    return msgspec.structs.replace(first, **said)
