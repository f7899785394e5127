"""placeholder"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gameserver.errors import GameError
from gameserver.protocols.invoker.messages import Malformed, Message


def decode_binary(payload: bytes) -> Message:
    raise Malformed("", GameError("INVALID_PARAMS", "x"))


def encode_binary(i: str, t: str, payload: Mapping[str, Any]) -> bytes:
    raise NotImplementedError
