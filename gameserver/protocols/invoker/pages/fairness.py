"""``POST /v1/fairness/{dice,mines,keno,blackjack}/verify``: seeds and nonce in, the outcome with every step out.

An error is answered with 400 and ``{"code", "text"}``: ``INVALID_SEED``, ``INVALID_CLIENT_SEED``, ``INVALID_NONCE``,
``INVALID_PARAMS`` or a code of keno.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from twisted.web.server import Request

from gameserver.edge.http.json_resource import body
from gameserver.errors import Code, GameError
from gameserver.games.fair.verify import verify_dice, verify_keno, verify_mines
from gameserver.games.fair.verify_blackjack import verify_blackjack
from gameserver.protocols.invoker.refusals import DocumentedResource

#: Asked before a verification; raises ``GameError`` (``bad_token``) when the request may not.
Authorize = Callable[[Request], Awaitable[object]]


class _Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The seeds of any game; whether they fit is checked by the rules, so that the error is theirs."""

    server_seed: object = None
    client_seed: object = None
    nonce: object = None


class _Dice(_Body, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    target: object = None
    condition: object = None


class _Mines(_Body, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    mines_count: object = None
    grid_type: object = "5x5"


class _Keno(_Body, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    selected_numbers: object = None
    difficulty: object = None


class _Blackjack(_Body, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    actions: object = ()


Kind = TypeVar("Kind", bound=_Body)


def _dice(request: Request) -> object:
    asked = _read(request, _Dice)
    return verify_dice(asked.server_seed, asked.client_seed, asked.nonce, asked.target, asked.condition)


def _mines(request: Request) -> object:
    asked = _read(request, _Mines)
    return verify_mines(asked.server_seed, asked.client_seed, asked.nonce, asked.mines_count, asked.grid_type)


def _keno(request: Request) -> object:
    asked = _read(request, _Keno)
    return verify_keno(asked.server_seed, asked.client_seed, asked.nonce, asked.selected_numbers, asked.difficulty)


def _blackjack(request: Request) -> object:
    asked = _read(request, _Blackjack)
    return verify_blackjack(asked.server_seed, asked.client_seed, asked.nonce, asked.actions)


def _read(request: Request, kind: type[Kind]) -> Kind:
    try:
        return body(request, kind)
    except GameError as error:
        if error.code != Code.BAD_REQUEST:
            raise
        raise GameError(Code.BAD_PARAMETERS, error.text) from None


_VERIFIERS: dict[str, Callable[[Request], object]] = {
    "dice": _dice,
    "mines": _mines,
    "keno": _keno,
    "blackjack": _blackjack,
}


def fairness_pages(authorize: Authorize | None = None) -> dict[str, DocumentedResource]:
    """Return the resources by path, ``v1/fairness/dice/verify`` …; everybody may ask when nothing authorizes."""
    return {f"v1/fairness/{game}/verify": _page(verifier, authorize) for game, verifier in _VERIFIERS.items()}


def _page(verifier: Callable[[Request], object], authorize: Authorize | None) -> DocumentedResource:
    async def post(request: Request) -> object:
        if authorize is not None:
            await authorize(request)
        return verifier(request)

    return DocumentedResource(POST=post)
