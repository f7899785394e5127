"""From a request to upgrade to a connection, or to the refusal its client understands.

Real clients send the credentials as a JSON body with ``Content-Length``; they understand a refusal only as an HTTP
answer. A client without a body (a browser) is let in and told Error and a close code, as the document has it.
"""

from __future__ import annotations

from collections.abc import Mapping

from twisted.logger import Logger

from gameserver.edge.channel import POLICY
from gameserver.errors import Code, GameError
from gameserver.net.websocket import Accepted, Refusal, Upgrade
from gameserver.protocols.techmino.refused_channel import RefusedChannel
from gameserver.protocols.techmino.shared import TECHMINO, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.channel import CLOSE_CODES, TechminoChannel
from gameserver.protocols.techmino.sockets.endpoints import ENDPOINTS, STREAM
from gameserver.protocols.techmino.sockets.messages import from_query, merged, parsed

_log = Logger()

#: HTTP statuses of refusals; 403 for everything else.
_STATUS = {
    Code.WRONG_FORMAT: 400,
    Code.WRONG_FIELDS: 400,
    Code.TOKEN_EXPIRED: 401,
    Code.NO_ACCOUNT: 404,
    Code.NO_ROOM: 404,
    Code.TOO_FAST: 429,
    Code.TOO_MANY_CONNECTIONS: 429,
    Code.BUSY: 503,
}


class Connecting:
    """Answers requests to upgrade."""

    def __init__(self, shared: TechminoShared) -> None:
        self._shared = shared

    async def connect(self, upgrade: Upgrade) -> Accepted:
        """Return the connection. Raises ``Refusal``."""
        with_body = bool(upgrade.body) or "content-length" in upgrade.headers
        try:
            return await self._connect(upgrade, with_body=with_body)
        except GameError as error:
            self._shared.metrics.error(TECHMINO, error.code)
            status, code, reason = _STATUS.get(error.code, 403), error.code, error.text
        except Refusal:
            raise
        except Exception:
            _log.failure("techmino: {path}", path=upgrade.path)
            self._shared.metrics.error(TECHMINO, Code.INTERNAL)
            status, code, reason = 500, Code.INTERNAL, "Internal server error"
        if with_body:
            raise Refusal(status, encoders.error_body(reason))
        return Accepted(RefusedChannel(encoders.error(reason), CLOSE_CODES.get(code, POLICY), reason))

    async def _connect(self, upgrade: Upgrade, *, with_body: bool) -> Accepted:
        shared = self._shared
        endpoint = ENDPOINTS.get(upgrade.path.rstrip("/").rpartition("/")[2])
        if endpoint is None:
            raise Refusal(404, encoders.error_body("There is no such endpoint"))
        if shared.stopping:
            raise Refusal(503, encoders.error_body("The server is stopping"))
        shared.sessions.check_banned(upgrade.address)
        asked = from_query(upgrade.query)
        if upgrade.body:
            asked = merged(asked, parsed(upgrade.body))
        identity = None
        if with_body or not asked.anonymous:
            identity = await endpoint.recognise(shared, asked, upgrade.address)
        real = _real(upgrade.headers)
        channel = TechminoChannel(
            shared,
            endpoint,
            upgrade.address,
            identity,
            asked,
            # A stream is read anew in each round.
            close_frames=endpoint is STREAM or not real,
            real=real,
        )
        # Real clients connect only if there is a ``content-length`` in lower case; others can stumble over it.
        return Accepted(channel, {"content-length": "0"} if real else {})


def _real(headers: Mapping[str, str]) -> bool:
    """Say whether a request has the form of the real client's."""
    return "content-length" in headers and "origin" not in headers and "user-agent" not in headers
