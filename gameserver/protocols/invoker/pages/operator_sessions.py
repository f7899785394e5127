"""``POST /api/provider/v1/sessions``: an operator asks for a token for one of their own players.

The request carries the operator's key as ``X-API-KEY`` and, as ``X-SIGNATURE``, the HMAC-SHA256 of the raw body in
hexadecimal, keyed by their secret. A signature is good once within the replay window, and a body that names its own
``timestamp`` (milliseconds since 1970) only within the window around it. A new session of the same player and game
ends the older one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.web.server import Request

from gameserver.edge.http.json_resource import BODY_LIMIT
from gameserver.errors import Code, GameError
from gameserver.net.http import header
from gameserver.protocols.invoker.books import OpenedBooks
from gameserver.protocols.invoker.refusals import OperatorResource
from gameserver.reactor import wall

#: Longest text of an operator's own, in characters.
LONGEST = 128


@attrs.frozen
class OperatorKey:
    """An operator, and what they sign with."""

    name: str
    key: str
    secret: str


class OperatorSession(msgspec.Struct):
    """The body. ``session_params`` (language, return_url) are for the game's page and mean nothing here."""

    player_id: str | None = None
    game_id: str | None = None
    currency: str | None = None
    operator_id: str | None = None
    session_params: dict[str, Any] | None = None
    timestamp: int | None = None


class OperatorPages:
    """Makes the resource. ``replaced`` is told of sessions that a new one has ended: player, and their names."""

    def __init__(
        self,
        operators: Mapping[str, OperatorKey],
        window: int,
        books: OpenedBooks,
        clock: IReactorTime,
        replaced: Callable[[int, list[str]], None],
    ) -> None:
        self._operators = operators
        self._window_ms = window * 1000
        self._tokens = books.identities.tokens
        self._players = books.players
        self._clock = clock
        self._replaced = replaced

    def resources(self) -> dict[str, OperatorResource]:
        """Return the resource by its path."""
        return {"api/provider/v1/sessions": OperatorResource(POST=self._open_session)}

    async def _open_session(self, request: Request) -> object:
        content = request.content
        raw = content.read(BODY_LIMIT + 1) if content is not None else b""
        operator, signature = self._signed(request, raw)
        asked = _parsed(raw)
        now = wall(self._clock)
        await self._check_fresh(signature, asked.timestamp, int(now * 1000))
        player_id, game, currency, operator_id = _required(asked)
        player = await self._players.ensure_player(operator.name, player_id, player_id)
        token, claims = self._tokens.issue(player, game, currency, now, operator_id)
        ended = await self._players.open_session(claims.session_id, player.id, game, claims.exp * 1000)
        self._replaced(player.id, ended)
        data = {"token": token, "expires_at": claims.exp * 1000, "expires_in": claims.exp - claims.iat}
        return {"success": True, "data": data}

    def _signed(self, request: Request, raw: bytes) -> tuple[OperatorKey, str]:
        """Return whose request it is and its signature. Raises ``GameError``."""
        key, signature = header(request, b"X-API-KEY"), header(request, b"X-SIGNATURE").lower()
        if not key or not signature:
            raise GameError(Code.NO_SIGNATURE, "X-API-KEY and X-SIGNATURE are needed.")
        operator = self._operators.get(key)
        # An unknown key takes as long as a wrong signature.
        secret = operator.secret if operator is not None else "nobody"
        expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        fits = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
        if operator is None or not fits or len(raw) > BODY_LIMIT:
            raise GameError(Code.BAD_SIGNATURE, "The signature does not fit the body.")
        return operator, signature

    async def _check_fresh(self, signature: str, timestamp: int | None, now_ms: int) -> None:
        if timestamp is not None and abs(now_ms - timestamp) > self._window_ms:
            raise GameError(Code.REQUEST_EXPIRED, "The request is too old, or too new.")
        if await self._players.note_signature(signature, now_ms, self._window_ms):
            raise GameError(Code.REQUEST_EXPIRED, "The same request has come before.")


def _parsed(raw: bytes) -> OperatorSession:
    try:
        return msgspec.json.decode(raw, type=OperatorSession)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise GameError(Code.BAD_PARAMETERS, f"The body does not fit: {error}") from None


def _required(asked: OperatorSession) -> tuple[str, str, str, str]:
    values = {
        "player_id": asked.player_id,
        "game_id": asked.game_id,
        "currency": asked.currency,
        "operator_id": asked.operator_id,
    }
    for name, value in values.items():
        if not value:
            raise GameError(Code.MISSING_PARAMETER, f"{name} is required")
        if len(value) > LONGEST or not value.isprintable():
            raise GameError(Code.BAD_PARAMETERS, f"{name} has at most {LONGEST} printable characters")
    return (values["player_id"] or "", values["game_id"] or "", values["currency"] or "", values["operator_id"] or "")
