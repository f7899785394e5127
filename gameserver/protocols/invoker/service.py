"""The games as the composition root sees them."""

from __future__ import annotations

import msgspec
from twisted.web.resource import IResource

from gameserver.errors import GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade, websocket_resource
from gameserver.protocols.invoker.channel import InvokerChannel
from gameserver.protocols.invoker.credits import Credits
from gameserver.protocols.invoker.forms import FORMS, JSON
from gameserver.protocols.invoker.idle import settle_idle
from gameserver.protocols.invoker.refusals import login_error
from gameserver.protocols.invoker.shared import INVOKER, InvokerShared

GREETING = "This is the WebSocket of the provably fair games (Invoker); see /v1/ws in the documentation."

#: Longest message in bytes. The longest sensible one has a client seed of 256 characters; up to here nonsense is
#: answered with an error, above it the connection ends with 1009.
MESSAGE_LIMIT = 1 << 18

#: Subprotocols by which a client may say in which form it wants the pushes before its first message.
_SUBPROTOCOLS = {f"invoker.{form.name}": form for form in FORMS}


class InvokerService:
    """The protocol: one resource for ``/v1/ws``, and what has to be done again and again."""

    def __init__(self, shared: InvokerShared, outbox_bytes: int) -> None:
        self._shared = shared
        self._outbox_bytes = outbox_bytes
        self._credits = Credits(shared)

    def resource(self) -> IResource:
        """Return what answers at ``/v1/ws``."""
        shared = self._shared

        def dropped() -> None:
            shared.metrics.dropped.labels(INVOKER).inc()

        return websocket_resource(
            shared.reactor,
            self.connect,
            greeting=GREETING,
            message_limit=MESSAGE_LIMIT,
            utf8=False,
            outbox_bytes=self._outbox_bytes,
            dropped=dropped,
        )

    async def connect(self, upgrade: Upgrade) -> Accepted:
        """Let a client in: with a token in the address at once, else it has to log in. 401 for a bad token."""
        chosen = next((name for name in upgrade.subprotocols if name in _SUBPROTOCOLS), None)
        form = _SUBPROTOCOLS[chosen] if chosen is not None else JSON
        identity = None
        token = upgrade.query.get("token")
        if token is not None:
            try:
                identity = await self._shared.identities.check(token)
            except GameError as error:
                raise _refused(error) from None
        return Accepted(InvokerChannel(self._shared, upgrade.address, identity, form), subprotocol=chosen)

    async def start(self) -> None:
        """Nothing has to be loaded: the database is the truth."""

    async def stop(self) -> None:
        """Answer what has been asked, say goodbye to every client, and wait for the books."""
        await self._shared.ledger.idle()
        for connection in list(self._shared.connections):
            connection.close("shutdown", "The server is stopping.")
        await self._shared.all_gone()
        await self._shared.ledger.idle()

    async def settle_idle(self) -> int:
        """Settle rounds that have been left alone; return how many."""
        return await settle_idle(self._shared)

    async def tell_credits(self) -> int:
        """Tell players of play money they have been given by somebody else; return of how many gifts."""
        return await self._credits.tell()

    async def forget_requests(self) -> int:
        """Forget requests that may be repeated no longer; return how many."""
        return await self._shared.store.forget_requests(self._shared.now_ms - self._shared.remembered_ms)

    async def refresh_tokens(self) -> int:
        """Push a new token to every connection whose own ends soon; return how many."""
        shared = self._shared
        limit = shared.reactor.seconds() + shared.config.refresh_seconds
        count = 0
        for connection in list(shared.connections):
            identity = connection.identity
            if identity is not None and identity.claims.exp <= limit:
                token, connection.identity = shared.identities.renew(identity)
                payload = {
                    "token": token,
                    "expiresIn": shared.identities.tokens.lifetime,
                    "expiresAt": connection.identity.claims.exp * 1000,
                }
                connection.push("TOKEN_REFRESH", payload)
                count += 1
        return count


def _refused(error: GameError) -> Refusal:
    return Refusal(401, msgspec.json.encode(login_error(error)))
