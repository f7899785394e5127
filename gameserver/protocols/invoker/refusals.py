"""What the documents call a refusal: the words of chapter 7.2, of the HTTP pages and of the operators' interface.

The rest of the server has codes of its own (``gameserver.errors.Code``); only here are they translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from gameserver.edge.http.json_resource import JsonResource
from gameserver.errors import Code, GameError


class Word(NamedTuple):
    """A word of the document's table of errors, and the finer one for ``details.reason``; empty if there is none."""

    code: str
    reason: str = ""


#: What is no error of the document's, or of no finer kind.
INVALID_PARAMS = Word("INVALID_PARAMS")
UNAUTHORIZED = Word("UNAUTHORIZED")
INTERNAL_ERROR = Word("INTERNAL_ERROR")

#: The document's word for our code (7.2, and 5.1 for keno).
WORDS: Mapping[Code, Word] = {
    Code.NOT_LOGGED_IN: UNAUTHORIZED,
    Code.BAD_GAME_TOKEN: Word("INVALID_TOKEN"),
    Code.GAME_TOKEN_EXPIRED: Word("INVALID_TOKEN", "TOKEN_EXPIRED"),
    Code.TOO_FAST: Word("RATE_LIMITED"),
    Code.BAD_PARAMETERS: INVALID_PARAMS,
    Code.ALREADY_LOGGED_IN: INVALID_PARAMS,
    Code.UNKNOWN_CURRENCY: INVALID_PARAMS,
    Code.BALANCE_TOO_LARGE: INVALID_PARAMS,
    Code.MALFORMED: Word("INVALID_PARAMS", "INVALID_REQUEST"),
    Code.BAD_ID: Word("INVALID_PARAMS", "INVALID_ID"),
    Code.BAD_AMOUNT: Word("INVALID_PARAMS", "INVALID_AMOUNT"),
    Code.OTHER_CURRENCY: Word("INVALID_PARAMS", "INVALID_CURRENCY"),
    Code.OTHER_GAME: Word("INVALID_PARAMS", "UNSUPPORTED_GAME"),
    Code.NO_GAME_ID: Word("INVALID_PARAMS", "MISSING_GAME_ID"),
    Code.BAD_LIMIT: Word("INVALID_PARAMS", "INVALID_LIMIT"),
    Code.BAD_EVENT_TYPE: Word("INVALID_PARAMS", "INVALID_EVENT_TYPE"),
    Code.BAD_FILTER: Word("INVALID_PARAMS", "GAME_NOT_FOUND"),
    Code.NO_SUBSCRIPTION: Word("INVALID_PARAMS", "SUBSCRIPTION_NOT_FOUND"),
    Code.NO_BET_PARAMETERS: Word("INVALID_PARAMS", "INVALID_GAME_PARAMS"),
    Code.BAD_TARGET: Word("INVALID_PARAMS", "INVALID_TARGET"),
    Code.BAD_SIDE: Word("INVALID_PARAMS", "INVALID_CONDITION"),
    Code.BAD_GRID_TYPE: Word("INVALID_PARAMS", "INVALID_GRID_TYPE"),
    Code.BAD_MINES_COUNT: Word("INVALID_PARAMS", "INVALID_MINES_COUNT"),
    Code.BAD_TILE: Word("INVALID_PARAMS", "INVALID_TILE_INDEX"),
    Code.TILE_OPEN: Word("INVALID_PARAMS", "TILE_ALREADY_REVEALED"),
    Code.BAD_NUMBERS: Word("INVALID_PARAMS", "INVALID_NUMBERS"),
    Code.BAD_DIFFICULTY: Word("INVALID_PARAMS", "INVALID_DIFFICULTY"),
    Code.BAD_SEED_LENGTH: Word("INVALID_PARAMS", "INVALID_LENGTH"),
    Code.BAD_ACTION: Word("INVALID_PARAMS", "INVALID_ACTION"),
    Code.NO_HAND: Word("INVALID_PARAMS", "HAND_NOT_FOUND"),
    Code.BAD_NUMBER_COUNT: Word("INVALID_NUMBER_COUNT", "INVALID_NUMBER_COUNT"),
    Code.BAD_NUMBER_RANGE: Word("INVALID_NUMBER_RANGE", "INVALID_NUMBER_RANGE"),
    Code.DUPLICATE_NUMBERS: Word("DUPLICATE_NUMBERS", "DUPLICATE_NUMBERS"),
    Code.BAD_CLIENT_SEED: Word("INVALID_CLIENT_SEED", "INVALID_CLIENT_SEED"),
    Code.BAD_SERVER_SEED: Word("INVALID_SEED", "INVALID_SEED"),
    Code.BAD_NONCE: Word("INVALID_NONCE", "INVALID_NONCE"),
    Code.INSUFFICIENT_BALANCE: Word("INSUFFICIENT_BALANCE"),
    Code.BET_TOO_LOW: Word("BET_LIMIT_EXCEEDED", "BET_AMOUNT_TOO_LOW"),
    Code.BET_TOO_HIGH: Word("BET_LIMIT_EXCEEDED", "BET_AMOUNT_TOO_HIGH"),
    Code.REPEATED_ID: Word("DUPLICATE_BET"),
    Code.UNKNOWN_GAME: Word("GAME_NOT_FOUND"),
    Code.NO_ROUND: Word("GAME_NOT_FOUND"),
    Code.ROUND_OPEN: Word("GAME_ALREADY_ACTIVE", "ACTIVE_SESSION_EXISTS"),
    Code.ROUND_OVER: Word("INVALID_GAME_STATE", "GAME_FINISHED"),
    Code.NO_TILE_OPEN: Word("INVALID_GAME_STATE", "NO_TILES_REVEALED"),
    Code.ACTION_NOT_ALLOWED: Word("INVALID_GAME_STATE", "ACTION_NOT_ALLOWED"),
    Code.CANNOT_DOUBLE: Word("INVALID_GAME_STATE", "CANNOT_DOUBLE"),
    Code.CANNOT_SPLIT: Word("INVALID_GAME_STATE", "CANNOT_SPLIT"),
    Code.ALREADY_SPLIT: Word("INVALID_GAME_STATE", "ALREADY_SPLIT"),
    Code.CANNOT_INSURE: Word("INVALID_GAME_STATE", "CANNOT_INSURE"),
}

#: What may refuse a request of a connection beside the games and the books.
_ERRORS: Mapping[Code, Word] = {
    **WORDS,
    Code.BANNED: UNAUTHORIZED,
    Code.BUSY: INTERNAL_ERROR,
    Code.INTERNAL: INTERNAL_ERROR,
}

#: What operators are told, and the status of the answer.
OPERATORS: Mapping[Code, tuple[str, int]] = {
    Code.NO_SIGNATURE: ("MISSING_SIGNATURE", 401),
    Code.BAD_SIGNATURE: ("INVALID_SIGNATURE", 401),
    Code.REQUEST_EXPIRED: ("EXPIRED_REQUEST", 408),
    Code.MISSING_PARAMETER: ("MISSING_PARAMETER", 400),
    Code.BAD_PARAMETERS: ("INVALID_PARAMETER", 400),
    Code.UNKNOWN_CURRENCY: ("INVALID_PARAMETER", 400),
    Code.UNKNOWN_GAME: ("GAME_NOT_FOUND", 404),
    Code.METHOD: ("INVALID_PARAMETER", 405),
    Code.INTERNAL: ("DATABASE_ERROR", 500),
}

#: What operators are told when nothing is wrong with their request.
OPERATORS_OTHERWISE = ("NETWORK_ERROR", 503)


def error_payload(error: GameError, i: object) -> dict[str, object]:
    """Return the payload of the ERROR that answers the request ``i`` (7.1)."""
    word = _ERRORS.get(error.code, INVALID_PARAMS)
    details = {"reason": word.reason, **error.details} if word.reason else error.details
    return {
        "code": word.code,
        "message": error.text,
        "details": msgspec.json.encode(details).decode(),
        "requestId": i,
    }


def login_error(error: GameError) -> dict[str, str]:
    """Return the ``error`` of a LOGIN that has failed (2.1)."""
    return {"code": WORDS.get(error.code, UNAUTHORIZED).code, "message": error.text}


class DocumentedResource(JsonResource):
    """A page below ``/v1``: the document's words where it has one, our codes for everything else."""

    def refusal(self, error: GameError) -> tuple[int, object]:
        """See ``JsonResource``. An expired token is called by its finer word here."""
        status, body = super().refusal(error)
        word = WORDS.get(error.code)
        if word is None:
            return status, body
        shown = word.reason if error.code is Code.GAME_TOKEN_EXPIRED else word.code
        return status, {"code": shown, "text": error.text}


class OperatorResource(JsonResource):
    """A page below ``/api/provider``."""

    UNKNOWN_METHOD = "This path takes POST."

    def refusal(self, error: GameError) -> tuple[int, object]:
        """See ``JsonResource``."""
        word, status = OPERATORS.get(error.code, OPERATORS_OTHERWISE)
        return status, {"success": False, "error": {"code": word, "message": error.text}}
