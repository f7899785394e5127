"""What the five endpoints have in common: who may come in, which requests there are, which function serves each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.decoding import decode
from gameserver.protocols.techmino.identities import Identity
from gameserver.protocols.techmino.shared import NO_ENCODERS, Client, Handlers, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.messages import Credentials
from gameserver.sessions.session import Encoders

#: Does what a request asks for, given the handlers of its connection; raises ``GameError``.
Handler = Callable[[Any, Any], Awaitable[None] | None]

#: Finds out who is asking, from the credentials and the address; raises ``GameError``.
Identify = Callable[[TechminoShared, Credentials, str], Awaitable[Identity]]


#: Given handlers, a request and its payload, returns what lets another node do it; ``None`` if it is to be done here.
#: Raises ``GameError``.
Elsewhere = Callable[[Any, Any, bytes], Callable[[], Awaitable[None] | None] | None]


class Endpoint:
    """One of the five. ``identify`` is ``None`` where nobody needs to say who they are.

    ``make`` returns the handlers of a connection when it is known whose it is, and says Connect. It also gets the
    handlers of the older connection of the same player, which the new one replaces. ``elsewhere`` is for endpoints
    whose clients may have their seat at another node.
    """

    def __init__(
        self,
        name: str,
        identify: Identify | None,
        make: Callable[[Client, Handlers | None], Handlers],
        requests: Mapping[type[msgspec.Struct], Handler],
        session_encoders: Encoders = NO_ENCODERS,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.name = name
        self.identify = identify
        self.make = make
        self.encoders = session_encoders
        self.elsewhere = elsewhere
        #: What the metrics call each request, and the function that serves it.
        self.table = {kind: (f"{name}.{kind.__name__}", handler) for kind, handler in requests.items()}
        kinds: Any = reduce(or_, requests)
        self._decoder: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(kinds)

    def read(self, payload: bytes) -> tuple[str, Handler, msgspec.Struct]:
        """Return the request in a payload, what the metrics call it, and the function that serves it.

        Raises ``GameError`` as ``messages.decode``.
        """
        request = decode(self._decoder, payload)
        kind, handler = self.table[type(request)]
        return kind, handler, request

    def refusal(self, error: GameError) -> bytes:
        """Return how a request is refused."""
        return encoders.refusal(error)

    async def recognise(self, shared: TechminoShared, asked: Credentials, address: str) -> Identity | None:
        """Return who is asking, within the time a client waits; ``None`` where nobody needs to say it.

        Raises ``GameError``.
        """
        if self.identify is None:
            return None
        identity = await shared.identities.in_time(self.identify(shared, asked, address))
        shared.sessions.check_name(shared.namespace, identity.account.player)
        return identity


def incomplete(needed: str) -> GameError:
    """Return the error for a request that does not say who is asking."""
    return GameError(Code.WRONG_FIELDS, f"Wrong format: {needed} needed")
