"""What a room is made of: its settings, the times of its rounds, what was said."""

from __future__ import annotations

import attrs
import msgspec


@attrs.frozen
class RoomSettings:
    """A new room: ``capacity`` people, ``version`` of the clients that fit, ``data`` the rules as a JSON object.

    ``kind`` is the type by its creator's own word, ``description`` for people, and both may be empty like
    ``version``. ``data`` is opaque: its numbers come back to the digit as they were given.
    """

    name: str
    capacity: int
    kind: str = ""
    password: str = ""
    version: str = ""
    description: str = ""
    data: bytes = b"{}"


@attrs.frozen
class Timing:
    """Seconds: between all being ready and the round; that a round waits for its players' streams; between all
    being there and the start; between the last death and the result.
    """

    watch_delay: float
    connect_timeout: float
    start_delay: float
    end_delay: float


@attrs.frozen
class Said:
    """Something that was said in a room, at milliseconds since 1970."""

    uid: int
    username: str
    at_ms: int
    text: str


def same_config(one: str, other: str) -> bool:
    """Say whether two configurations mean the same: the client writes its keys in another order at every start."""
    if one == other:
        return True
    try:
        return bool(msgspec.json.decode(one) == msgspec.json.decode(other))
    except (msgspec.DecodeError, RecursionError):
        return False
