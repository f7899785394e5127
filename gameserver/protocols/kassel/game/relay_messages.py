"""What the node of a player and the owner of their match tell each other; see ``edge.relay``."""

from __future__ import annotations

import msgspec

from gameserver.sessions.players import Player

#: The name of the service.
SERVICE = "kassel"

#: Commands after which a client's next one waits until they are done.
AWAITED = frozenset({"MESSAGE", "LEAVE_GAME"})


class Opening(msgspec.Struct, frozen=True):
    """Who joins which game of which season, and how events are framed for them: a key of ``encoders.FRAMES``.

    ``beating``: the client takes part in the heartbeat.
    """

    season: str
    game: str
    frame: str
    player: Player
    members: list[str]
    color: str | None
    visitor: bool
    beating: bool = False


class Act(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """A command."""

    action: str
    arguments: dict[str, str]


class Say(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """A sentence of the server for the client, in its place among the events."""

    text: str


class Clogged(msgspec.Struct, frozen=True, tag=3, array_like=True):
    """Whether the client is behind with reading now."""

    clogged: bool


Asked = Act | Say | Clogged


class Welcomed(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """The dump is out."""


class Done(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """A command of ``AWAITED`` has been carried out, or refused."""


class Colored(msgspec.Struct, frozen=True, tag=3, array_like=True):
    """The colour that the client has chosen."""

    color: str | None


Noted = Welcomed | Done | Colored

encode = msgspec.msgpack.Encoder().encode
decode_opening = msgspec.msgpack.Decoder(Opening).decode
decode_asked = msgspec.msgpack.Decoder(Asked).decode
decode_noted = msgspec.msgpack.Decoder(Noted).decode
