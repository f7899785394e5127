"""The server seed of a player and the game of their token: what is in use, what has been revealed, a new one.

``GET /v1/seeds/current``, ``GET /v1/seeds/history``, ``POST /v1/seeds/rotate``, ``POST /v1/seeds/generate-client``.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from twisted.web.server import Request

from gameserver.edge.http.json_resource import argument, body
from gameserver.errors import Code, GameError
from gameserver.games.fair.seeds import new_client_seed
from gameserver.protocols.invoker.refusals import DocumentedResource
from gameserver.wallet.books import Books
from gameserver.wallet.identities import Identity
from gameserver.wallet.ledger import Ledger
from gameserver.wallet.rows import SeedRow
from gameserver.wallet.store import LedgerStore

Authorize = Callable[[Request], Awaitable[Identity]]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /v1/seeds/rotate``; it may be left out."""


class Length(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /v1/seeds/generate-client``: bytes, two characters each."""

    length: int = 16


class SeedPages:
    """Makes the resources."""

    def __init__(self, authorize: Authorize, ledger: Ledger, store: LedgerStore) -> None:
        self._authorize = authorize
        self._ledger = ledger
        self._store = store

    def resources(self) -> dict[str, DocumentedResource]:
        """Return the resources by path."""
        return {
            "v1/seeds/current": DocumentedResource(GET=self._current),
            "v1/seeds/history": DocumentedResource(GET=self._history),
            "v1/seeds/rotate": DocumentedResource(POST=self._rotate),
            "v1/seeds/generate-client": DocumentedResource(POST=self._generate),
        }

    async def _current(self, request: Request) -> object:
        player, game = _owner(await self._authorize(request))
        return shown_seed(await self._ledger.submit(lambda books: books.seed(player, game)))

    async def _history(self, request: Request) -> object:
        player, game = _owner(await self._authorize(request))
        limit, offset = _number(request, "limit", 20), _number(request, "offset", 0)
        if not 1 <= limit <= 100:
            raise GameError(Code.BAD_PARAMETERS, "limit is 1 to 100.")
        seeds, total = await self._store.revealed_seeds(player, game, limit, offset)
        return {"seeds": [shown_seed(seed) for seed in seeds], "total": total, "limit": limit, "offset": offset}

    async def _rotate(self, request: Request) -> object:
        player, game = _owner(await self._authorize(request))
        _body(request, Nothing)

        def rotate(books: Books) -> tuple[SeedRow, SeedRow]:
            if books.open_round(player, game) is not None:
                # Its outcome would be known.
                raise GameError(Code.ROUND_OPEN, "The seed is needed until the open round is over.")
            return books.rotate(player, game)

        old, new = await self._ledger.submit(rotate)
        return {"oldSeed": shown_seed(old), "newSeed": shown_seed(new)}

    async def _generate(self, request: Request) -> object:
        await self._authorize(request)
        length = _body(request, Length).length
        if not 4 <= length <= 128:
            raise GameError(Code.BAD_PARAMETERS, "length is 4 to 128 bytes.")
        return {"clientSeed": new_client_seed(secrets.token_bytes(length))}


def _owner(identity: Identity) -> tuple[int, str]:
    return identity.row.id, identity.claims.game_id


def _body(request: Request, kind: type[Any]) -> Any:
    content = request.content
    if content is not None and not content.read(1):
        return kind()
    if content is not None:
        content.seek(0)
    return body(request, kind)


def _number(request: Request, name: str, default: int) -> int:
    text = argument(request, name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise GameError(Code.BAD_PARAMETERS, f"{name} is a whole number.")
    return int(text)


def shown_seed(seed: SeedRow) -> dict[str, Any]:
    """Return a seed as it may be seen: its value only when it has been replaced."""
    found: dict[str, Any] = {
        "seedId": str(seed.id),
        "seedHash": seed.hash,
        "nonce": seed.nonce,
        "totalBets": seed.bets,
        "isActive": seed.revealed_ms is None,
        "createdAt": seed.created_ms,
    }
    if seed.revealed_ms is not None:
        found |= {"seedValue": seed.value, "revealedAt": seed.revealed_ms}
    return found
