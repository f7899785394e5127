"""/stream: one round. Action 5 is the hot path of the whole protocol."""

from __future__ import annotations

import attrs

from gameserver.protocols.techmino.identities import ACCESS, Identity
from gameserver.protocols.techmino.shared import Client, Handlers, TechminoShared
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint, incomplete
from gameserver.protocols.techmino.sockets.messages import Chunk, Credentials, Die


async def identify(shared: TechminoShared, asked: Credentials, _address: str) -> Identity:
    """Accept uid and accessToken, with the number of the stream (or of its room)."""
    rid = asked.srid or asked.rid
    if asked.uid is None or not asked.access_token or not rid:
        raise incomplete("uid, accessToken and rid (or srid)")
    identity = Identity(await shared.identities.by_token(asked.uid, asked.access_token, ACCESS))
    shared.lobby.round(rid, identity.account.id)
    return attrs.evolve(identity, rid=rid)


class StreamHandlers:
    """Somebody in a round, or watching it."""

    def __init__(self, client: Client, _older: Handlers | None) -> None:
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


STREAM = Endpoint("stream", identify, StreamHandlers, {Chunk: StreamHandlers.chunk, Die: StreamHandlers.die})
