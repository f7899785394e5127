"""What the processes of a cluster tell each other. Every process has a name (``node``) that is never used again."""

from __future__ import annotations

import msgspec

from gameserver.sessions.events import DirectMessage, RoomMessage, ServerNotice, TeamMessage
from gameserver.sessions.players import Player


class Present(msgspec.Struct, frozen=True):
    """A player who is online at a node since a time (milliseconds since 1970)."""

    namespace: str
    player: Player
    since_ms: int


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """Tell me who is with you. ``to`` names one node; empty: everybody."""

    node: str
    to: str = ""


class Roster(msgspec.Struct, frozen=True, tag="roster"):
    """Everybody who is with a node, after its change ``number``: the page ``page`` of it, see ``cluster.pages``."""

    node: str
    number: int
    present: list[Present]
    page: int = 0
    last: bool = True


class Came(msgspec.Struct, frozen=True, tag="came"):
    """A player has logged in at a node: its change ``number``. ``replaces``: as the only one at that protocol.

    ``stamp`` puts the logins of all nodes in one order: it is greater than that of every login its node knew of.
    """

    node: str
    number: int
    present: Present
    protocol: str
    replaces: bool
    stamp: int


class Went(msgspec.Struct, frozen=True, tag="went"):
    """A player's last session at a node has ended: its change ``number``."""

    node: str
    number: int
    namespace: str
    key: str


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """A node is there, and its last change had this number."""

    node: str
    number: int


class Bye(msgspec.Struct, frozen=True, tag="bye"):
    """A node ends, and with it everybody's sessions there."""

    node: str


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A message of a community to many."""

    node: str
    namespace: str
    message: RoomMessage | TeamMessage


class Told(msgspec.Struct, frozen=True, tag="told"):
    """A message to one player who is with the node ``to``, which answers to how many sessions it was shown."""

    node: str
    to: str
    question: int
    namespace: str
    message: DirectMessage


class Kicked(msgspec.Struct, frozen=True, tag="kicked"):
    """The sessions of a player at the node ``to`` end; it answers how many those were."""

    node: str
    to: str
    question: int
    key: str
    text: str


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The answer to a question of the node ``to``."""

    node: str
    to: str
    question: int
    count: int


class Echo(msgspec.Struct, frozen=True, tag="echo"):
    """A node's word to itself: what was told before it has come when it comes back."""

    node: str
    question: int


class Announced(msgspec.Struct, frozen=True, tag="announced"):
    """A notice on a topic."""

    node: str
    topic: str
    notice: ServerNotice


class Published(msgspec.Struct, frozen=True, tag="published"):
    """Something of one subject, in a form that those know whom it concerns."""

    node: str
    topic: str
    payload: bytes


Message = Hello | Roster | Came | Went | Alive | Bye | Said | Told | Kicked | Answer | Echo | Announced | Published
