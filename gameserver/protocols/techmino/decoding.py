"""From a payload to a message, for all generations."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from gameserver.errors import Code, GameError

T = TypeVar("T")


def decode(decoder: msgspec.json.Decoder[T], payload: bytes) -> T:
    """Return the message in a payload.

    Raises ``GameError`` with what is wrong: ``wrong_format`` for what is no JSON, ``wrong_fields`` for what is, but
    of other fields or types.
    """
    try:
        if not payload.isascii():
            # msgspec looks only at the texts it is asked for.
            payload.decode()
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise GameError(Code.WRONG_FIELDS, f"Wrong format: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GameError(Code.WRONG_FORMAT, f"Wrong format: {error}") from None
