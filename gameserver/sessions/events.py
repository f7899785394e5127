"""What is told to many: events of the community, turned into bytes by each protocol's own encoder.

They are plain tagged structs, so that they can also travel between the nodes of a cluster.
"""

from __future__ import annotations

import msgspec

from gameserver.sessions.players import Player


class PlayerOnline(msgspec.Struct, frozen=True, tag="online"):
    """A player is there who was not; told once, however many protocols they came in by."""

    player: Player


class PlayerOffline(msgspec.Struct, frozen=True, tag="offline"):
    """A player's last session has ended; told once."""

    player: Player


class RoomMessage(msgspec.Struct, frozen=True, tag="room"):
    """Somebody said something in a room."""

    room: str
    speaker: Player
    text: str
    at_ms: int


class TeamMessage(msgspec.Struct, frozen=True, tag="team"):
    """Somebody said something to all members of a team."""

    team: str
    speaker: Player
    text: str


class DirectMessage(msgspec.Struct, frozen=True, tag="direct"):
    """Somebody said something to one other player."""

    sender: Player
    recipient: str
    text: str


class ServerNotice(msgspec.Struct, frozen=True, tag="notice"):
    """The server itself says something: an operator's announcement, a restart."""

    text: str


Event = PlayerOnline | PlayerOffline | RoomMessage | TeamMessage | DirectMessage | ServerNotice
