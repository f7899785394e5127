"""What two nodes tell each other of a player whose connection is at the one and whose seat at the other."""

from __future__ import annotations

import msgspec

from gameserver.sessions.players import Player

#: The name of the service for relays.
SERVICE = "techmino"


class Opening(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who has connected to an endpoint at the front.

    ``rid`` is the stream they have asked for, at /stream. ``carried`` is what their connection has shown so far, in
    the endpoint's own form. ``first`` is their first request, a payload as it came; empty if there is none yet.
    """

    endpoint: str
    player: Player
    rid: str
    carried: bytes
    first: bytes


class Request(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """A payload as it came from the client. ``awaited``: the next one waits until this one is done."""

    payload: bytes
    awaited: bool


class Left(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """The client has gone and does not come back to its place."""


Asked = Request | Left


class Done(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """An awaited request is done; ``seated``: they have a seat at the owner now. ``carried`` as in ``Opening``."""

    seated: bool
    carried: bytes


class Unseated(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """They have lost their seat by what others did."""

    carried: bytes


class GoesOnAfterCloseFrames(msgspec.Struct, frozen=True, tag=3, array_like=True):
    """The client has shown that it is of a release that reads Close frames."""


Noted = Done | Unseated | GoesOnAfterCloseFrames

encode = msgspec.msgpack.Encoder().encode
decode_opening = msgspec.msgpack.Decoder(Opening).decode
decode_asked = msgspec.msgpack.Decoder(Asked).decode
decode_noted = msgspec.msgpack.Decoder(Noted).decode
