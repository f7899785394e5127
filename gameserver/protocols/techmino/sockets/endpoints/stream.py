"""/stream: one round. Action 5 is the hot path of the whole protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import attrs
import msgspec
from twisted.internet.interfaces import IDelayedCall

from gameserver.edge.relay.relays import LOST
from gameserver.errors import GameError
from gameserver.protocols.techmino.elsewhere.away import Away
from gameserver.protocols.techmino.elsewhere.served import ServedEndpoint
from gameserver.protocols.techmino.identities import ACCESS, Identity
from gameserver.protocols.techmino.rooms.round import LINGER
from gameserver.protocols.techmino.shared import Client, Handlers, RoomClient, TechminoShared
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint, incomplete
from gameserver.protocols.techmino.sockets.messages import Chunk, Credentials, Die

NAME = "stream"


async def identify(shared: TechminoShared, asked: Credentials, _address: str) -> Identity:
    """Accept uid and accessToken, with the number of the stream (or of its room)."""
    rid = asked.srid or asked.rid
    if asked.uid is None or not asked.access_token or not rid:
        raise incomplete("uid, accessToken and rid (or srid)")
    identity = Identity(await shared.identities.by_token(asked.uid, asked.access_token, ACCESS))
    try:
        shared.lobby.round(rid, identity.account.id)
    except GameError:
        uid = identity.account.id
        node = None if shared.lobby.sits(uid) else await shared.elsewhere.find_seat(uid)
        if node is None:
            raise
        # Whoever has the seat says whether there is such a round.
        return attrs.evolve(identity, rid=rid, node=node)
    return attrs.evolve(identity, rid=rid)


class StreamHandlers:
    """Somebody in a round, or watching it."""

    #: Nothing of what a stream has shown has to be known elsewhere.
    carried = b""

    def __init__(self, client: RoomClient) -> None:
        account = client.identity.account
        self._client = client
        self._round = client.shared.lobby.round(client.identity.rid, account.id)
        self._seat = self._round.connect(account.id, account.name, client)

    def die(self, asked: Die) -> None:
        """4: dead."""
        self._round.die(self._seat, asked.data.score, asked.data.survival_time)

    def chunk(self, asked: Chunk) -> None:
        """5: some frames of play."""
        self._round.chunk(self._seat, asked.data.stream)

    def disconnected(self, *, for_good: bool) -> None:
        """Note the end of the connection."""
        self._round.disconnect(self._seat, self._client)


class StreamElsewhere:
    """Somebody in a round of another node."""

    carried = b""

    def __init__(self, client: RoomClient) -> None:
        self._client = client
        self._closing: IDelayedCall | None = None
        self._away = Away(client, self, client.identity.node, NAME, client.identity.rid)

    def passing(self, payload: bytes) -> Callable[[], None]:
        """Return what lets the other node do a request; nothing waits for it."""
        return partial(self._away.pass_on, payload)

    def back(self, _carried: bytes) -> None:
        """See ``Returning``: a stream is served by one node all the time."""

    def put_out(self, text: str) -> None:
        """See ``Returning``; as behind a round, the client may close the stream itself."""
        self._closing = self._client.shared.reactor.callLater(LINGER, self._close, text)

    def _close(self, text: str) -> None:
        self._closing = None
        self._client.close(LOST, text)

    def disconnected(self, *, for_good: bool) -> None:
        """Note the end of the connection."""
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        self._away.end(for_good=False)


def _connected(client: Client, _older: Handlers | None) -> StreamHandlers | StreamElsewhere:
    return StreamElsewhere(client) if client.identity.node else StreamHandlers(client)


def _elsewhere(
    handlers: StreamHandlers | StreamElsewhere, _request: msgspec.Struct, payload: bytes
) -> Callable[[], None] | None:
    return handlers.passing(payload) if isinstance(handlers, StreamElsewhere) else None


STREAM = Endpoint(
    NAME,
    identify,
    _connected,
    {Chunk: StreamHandlers.chunk, Die: StreamHandlers.die},
    elsewhere=_elsewhere,
)

#: For clients of other nodes.
STREAM_ELSEWHERE = ServedEndpoint(lambda client, _carried: StreamHandlers(client), lambda: STREAM, seats=False)
