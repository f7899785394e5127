"""From a request to upgrade to the connection of a player of generation 3, or to a refusal that is shown to them."""

from __future__ import annotations

import msgspec

from gameserver.edge.channel import POLICY
from gameserver.errors import Code, GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade
from gameserver.protocols.techmino.generation3.channel import Generation3Channel
from gameserver.protocols.techmino.generation3.encoders import close_reason
from gameserver.protocols.techmino.generation3.refusals import BAD_ACCESS_TOKEN, NUMBERS
from gameserver.protocols.techmino.generation3.tokens import Tokens
from gameserver.protocols.techmino.identities import Identity
from gameserver.protocols.techmino.refused_channel import RefusedChannel
from gameserver.protocols.techmino.shared import TECHMINO, TechminoShared

#: What the player reads whose token is not good here.
NOT_VALID = "Your ticket is not valid here."

#: Where the releases 0.17.7 to 0.17.19 look for their server. They read a refusal over HTTP; those after them wait
#: for ever behind one, and read the reason of a Close frame.
OLDER_NAME, OLDER_PORT = "cafuuchino1.", ":10026"


class Connecting:
    """Answers requests to upgrade."""

    def __init__(self, shared: TechminoShared, tokens: Tokens) -> None:
        self._shared = shared
        self._tokens = tokens

    async def connect(self, upgrade: Upgrade) -> Accepted:
        """Return the connection. Raises ``Refusal``."""
        headers = upgrade.headers
        try:
            channel = await self._connect(headers.get("x-access-token", ""), upgrade.address)
        except GameError as error:
            self._shared.metrics.error(TECHMINO, error.code)
            return self._refused(error, headers.get("host", ""))
        # The releases up to 0.17.19 connect only if there is a ``content-length`` in lower case.
        real = "user-agent" not in headers and "origin" not in headers
        return Accepted(channel, {"content-length": "0"} if real else {})

    async def _connect(self, token: str, address: str) -> Generation3Channel:
        shared = self._shared
        if shared.stopping:
            raise GameError(Code.BUSY, "The server is stopping.")
        shared.sessions.check_banned(address)
        account, _ = await shared.identities.in_time(self._tokens.owner(token))
        shared.sessions.check_name(shared.namespace, account.player)
        return Generation3Channel(shared, address, Identity(account))

    @staticmethod
    def _refused(error: GameError, host: str) -> Accepted:
        bad = error.code in (Code.BAD_TOKEN, Code.TOKEN_EXPIRED)
        text = NOT_VALID if bad else error.text
        if not (host.startswith(OLDER_NAME) or host.endswith(OLDER_PORT)):
            return Accepted(RefusedChannel(b"", POLICY, close_reason(text)), {"content-length": "0"})
        number = NUMBERS.get(error.code, 403)
        body = {"code": number, "message": BAD_ACCESS_TOKEN if bad else text, "reason": text}
        raise Refusal(number, msgspec.json.encode(body))
