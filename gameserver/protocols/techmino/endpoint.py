"""What the five endpoints have in common: who may come in, which requests there are, what becomes of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino import encoders
from gameserver.protocols.techmino.logins import Identity
from gameserver.protocols.techmino.messages import Credentials

if TYPE_CHECKING:
    from gameserver.protocols.techmino.channel import TechminoChannel
    from gameserver.protocols.techmino.shared import TechminoShared

#: Does what a request asks for; raises ``GameError``.
Handler = Callable[[Any, Any], Awaitable[None] | None]


class Client(Protocol):
    """One connection as its endpoint sees it. Made when it is known who it is, which also says Connect."""

    def leave(self, for_good: bool) -> None:
        """Note the end of the connection; ``for_good``: the player may not come back to his place."""


class Endpoint:
    """One of the five. ``identify`` is ``None`` where nobody needs to say who he is.

    ``enter`` makes the client of a new connection and gets the older one of the same player, which it replaces.
    """

    def __init__(
        self,
        name: str,
        identify: Callable[[TechminoShared, Credentials, str], Awaitable[Identity]] | None,
        enter: Callable[[TechminoChannel, Identity | None, Client | None], Client],
        handlers: Mapping[type[msgspec.Struct], Handler],
        session_encoders: Mapping[type, Callable[[Any], bytes | None]] = encoders.NO_ENCODERS,
    ) -> None:
        self.name = name
        self.identify = identify
        self.enter = enter
        self.handlers = handlers
        self.encoders = session_encoders
        kinds: Any = reduce(or_, handlers)
        self.decoder: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(kinds)


def given(*fields: object) -> bool:
    """Say whether all of some fields are there and none is empty."""
    return all(field is not None and field != "" for field in fields)


def incomplete(needed: str) -> GameError:
    """Return the error for a request that does not say who is asking."""
    return GameError(Code.WRONG_FIELDS, f"Wrong format: {needed} needed")
