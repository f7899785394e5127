"""/stream: one round. Action 5 is the hot path of the whole protocol."""

from __future__ import annotations

import attrs

from gameserver.protocols.techmino.channel import TechminoChannel
from gameserver.protocols.techmino.endpoint import Client, Endpoint, given, incomplete
from gameserver.protocols.techmino.logins import ACCESS, Identity
from gameserver.protocols.techmino.messages import Chunk, Credentials, Die
from gameserver.protocols.techmino.shared import TechminoShared


async def identify(shared: TechminoShared, asked: Credentials, _address: str) -> Identity:
    """Accept uid and accessToken, with the number of the stream (or of its room)."""
    if not given(asked.uid, asked.access_token, asked.rid):
        raise incomplete("uid, accessToken and rid")
    identity = Identity(await shared.logins.by_token(asked, ACCESS))
    rid = asked.rid or ""
    shared.lobby.round(rid, identity.account.id)
    return attrs.evolve(identity, rid=rid)


class StreamClient:
    """Somebody in a round, or watching it."""

    def __init__(self, channel: TechminoChannel, identity: Identity | None, _older: Client | None) -> None:
        assert identity is not None
        account = identity.account
        self._channel = channel
        self._round = channel.shared.lobby.round(identity.rid, account.id)
        self._seat = self._round.connect(account.id, account.name, channel)

    def die(self, asked: Die) -> None:
        """4: dead."""
        self._round.die(self._seat, asked.data.score, asked.data.survival_time)

    def chunk(self, asked: Chunk) -> None:
        """5: some frames of play."""
        self._round.chunk(self._seat, asked.data.stream)

    def leave(self, for_good: bool) -> None:
        """Note the end of the connection."""
        self._round.disconnect(self._seat, self._channel)


STREAM = Endpoint("stream", identify, StreamClient, {Chunk: StreamClient.chunk, Die: StreamClient.die})
